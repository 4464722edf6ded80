"""Contracts of real packages: rehearsed; and cut in a copy, step by step, from drive to lock, by the command line."""

import ast
import itertools
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
import golden
from conftest import program
from cycles.api import analyze
from cycles.contracts.config_file import read
from cycles.contracts.contract_text import Contract, as_toml, head
from cycles.enums import GraphName, Tag
from cycles.model import Analysis
from pinned import Entry, entries
from rehearsal import rehearse

# Not click and rich: import-linter has them loaded, and looks at its own copies.
SHORT_PLANS = {
    "airflow": "import-time",
    "celery": "all",
    "dask": "import-time",
    "jinja2": "all",
    "openai": "import-time",
    "werkzeug": "runtime",
    "xarray": "import-time",
    "pandas": "import-time",
}
MUTANTS = 13


@pytest.mark.real
@pytest.mark.parametrize(
    "entry", [entry for entry in entries() if entry.package in SHORT_PLANS], ids=lambda entry: entry.package
)
def test_a_plan_cut_step_by_step_ends_in_a_lock(entry: Entry, tmp_path: Path):
    package, graph = entry.package, GraphName(SHORT_PLANS[entry.package])
    shutil.copytree(entry.folder / package, tmp_path / package)
    config = tmp_path / "pyproject.toml"
    config.write_text(f'[tool.importlinter]\nroot_packages = ["{package}"]\n', encoding="utf-8")
    files = {module.name: module for module in analyze(package, folders=[tmp_path]).files}

    left = _written(tmp_path, package, graph)
    sizes = [len(left)]
    while left:
        assert _kept(tmp_path)
        importer, imported = left[0]
        _cut(Path(files[importer].path), importer, imported, files)
        assert not _kept(tmp_path)
        left = _written(tmp_path, package, graph)
        sizes.append(len(left))

    assert sizes == list(range(sizes[0], -1, -1))
    assert "ignore_imports" not in config.read_text(encoding="utf-8")
    assert _kept(tmp_path)
    assert _mutants_agree(tmp_path, package, graph, {name: Path(file.path) for name, file in files.items()})


REHEARSED = [
    *SHORT_PLANS.items(),
    *itertools.product(["airflow", "aiohttp", "rich", "scrapy", "trio", "twisted"], ["all", "runtime", "import-time"]),
]
LINTED_CUTS = 20


@pytest.mark.real
@pytest.mark.parametrize(("package", "graph"), sorted({*REHEARSED}))
def test_a_contract_breaks_for_new_imports_that_close_a_cycle_and_for_no_other(tmp_path, package, graph):
    (entry,) = (entry for entry in entries() if entry.package == package)
    analysis = analyze(package, folders=[entry.folder], graph=GraphName(graph))
    contract = golden.contract_of(analysis)
    wanted = _spread(range(len(contract.plan)), LINTED_CUTS)
    variants = [
        # Ids must be unique within a file.
        as_toml(replace(contract, plan=contract.plan[:cut] + contract.plan[cut + 1 :])).replace(
            f'"{contract.id}"', f'"{contract.id}-without-{cut}"'
        )
        for cut in wanted
    ]
    config = tmp_path / "contracts.toml"
    config.write_text(head(contract, toml=True) + as_toml(contract) + "".join(variants), encoding="utf-8")

    found = rehearse(analysis, contract)
    linted = subprocess.run(
        [program("lint-imports"), "--no-cache", "--config", str(config)],
        cwd=entry.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.passed
    assert f"Contracts: 1 kept, {len(wanted)} broken." in linted.stdout


def _spread(numbers: Sequence[int], most: int) -> list[int]:
    """Some of the numbers, evenly spread."""
    return [numbers[index * len(numbers) // most] for index in range(most)] if len(numbers) > most else list(numbers)


def _written(folder: Path, package: str, graph: GraphName) -> tuple[tuple[str, str], ...]:
    """Let `--write` update the contract; what it excepts then."""
    command = [program("cycles"), "contract", package, "--graph", graph, "--write"]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return read(folder / "pyproject.toml").own(Contract((package,), graph)).excepted


def _kept(folder: Path) -> bool:
    finished = subprocess.run(
        [program("lint-imports"), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert re.search(r"KEPT|BROKEN|No matches for ignored import", finished.stdout), finished.stdout
    return finished.returncode == 0


def _mutants_agree(folder: Path, package: str, graph: GraphName, files: dict[str, Path]) -> bool:
    """Whether lint-imports breaks the lock for just those new imports that close a cycle."""
    draw = random.Random(package)
    importable = [name for name in sorted(files) if all(part.isidentifier() for part in name.split("."))]
    for _ in range(MUTANTS):
        importer, imported = draw.sample(importable, 2)
        before = files[importer].read_bytes()
        files[importer].write_bytes(before + f"\nimport {imported}\n".encode())
        if _kept(folder) is not _acyclic(analyze(package, folders=[folder], graph=graph)):
            return False
        files[importer].write_bytes(before)
    return True


def _acyclic(analysis: Analysis) -> bool:
    """By networkx, without the dynamic imports, which import-linter does not see."""
    drawn = nx.DiGraph(
        (dependency.importer, dependency.imported)
        for component in analysis.components
        for dependency in component.dependencies
        if any(Tag.DYNAMIC not in statement.tags for statement in dependency.imports)
    )
    return nx.is_directed_acyclic_graph(drawn)


def _cut(path: Path, importer: str, imported: str, modules: dict[str, object]) -> None:
    """Take all that names one module out of the import statements of a file."""
    text = path.read_bytes()
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:index])) for index in range(len(lines) + 1)]
    is_package = path.name == "__init__.py"
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        kept = [alias for alias in node.names if _named(node, alias, importer, is_package, modules) != imported]
        if len(kept) < len(node.names):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            node.names = kept
            text = text[:start] + (ast.unparse(node).encode() if kept else b"pass") + text[end:]
    ast.parse(text)
    path.write_bytes(text)


def _named(node, alias, importer: str, is_package, modules) -> str:
    """The module that one item of a statement imports."""
    if isinstance(node, ast.Import):
        found = alias.name
    else:
        parts = importer.split(".")
        kept = len(parts) - node.level + (1 if is_package else 0)
        base = ".".join([*(parts[:kept] if node.level else []), *([node.module] if node.module else [])])
        found = f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules else base
    while found and found not in modules:
        found = found.rpartition(".")[0]
    return found
