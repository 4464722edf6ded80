"""Which tool sees which of the sample cycles: a table for RESULTS.md and the README."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pinned import PROJECT

BIN = Path(sys.executable).parent
CASES = {
    "three_cycle": "three modules; fails from one entry",
    "package_init": "`pkg/__init__` ↔ `pkg.core`; fails",
    "implied_init": "closed by an `__init__` that runs on the way; fails",
    "class_body": "an import in a class body; fails",
    "dynamic_import": 'closed by `import_module("…")`',
    "deferred_edge": "one import in a function",
    "typing_edge": "one import under `TYPE_CHECKING`",
}
ROOTS = {"implied_init": ["outer", "inner"]}


def table() -> Iterator[str]:
    """A row a case, a column a tool."""
    yield "| sample | what is in it | cycles | pylint R0401 | uncycle | acyclic_siblings |"
    yield "|---|---|---|---|---|---|"
    for case, content in CASES.items():
        roots = ROOTS.get(case, [case])
        found = (_cycles(case, roots), _pylint(case, roots), _uncycle(case, roots), _siblings(case, roots))
        yield f"| {case} | {content} | {' | '.join(found)} |"


def _run(case: str, *command: str) -> str:
    folder = PROJECT / "sample_projects" / case
    finished = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.stdout + finished.stderr


def _cycles(case: str, roots: list[str]) -> str:
    more = [argument for root in roots[1:] for argument in ("--root", root)]
    graphs = json.loads(_run(case, "cycles", "scc", roots[0], *more, "--format", "json"))["graphs"]
    return next((f"yes, {graph}" for graph, summary in graphs.items() if summary["components"]), "no")


def _pylint(case: str, roots: list[str]) -> str:
    return "yes" if "R0401" in _run(case, "pylint", "--disable=all", "--enable=cyclic-import", *roots) else "no"


def _uncycle(case: str, roots: list[str]) -> str:
    return "no" if _run(case, "uncycle", roots[0]).startswith("0 dependencies") else "yes"


def _siblings(case: str, roots: list[str]) -> str:
    lines = ["[importlinter]", "root_packages =", *(f"    {root}" for root in roots)]
    lines += ["[importlinter:contract:siblings]", "name = siblings", "type = acyclic_siblings", "ancestors ="]
    with tempfile.NamedTemporaryFile("w", suffix=".ini", encoding="utf-8") as file:
        file.write("\n".join([*lines, *(f"    {root}" for root in roots)]) + "\n")
        file.flush()
        return "yes" if "BROKEN" in _run(case, "lint-imports", "--no-cache", "--config", file.name) else "no"
