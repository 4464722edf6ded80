"""Fixes that are promised where libraries have functions and classes in their hands, kind by kind.

What is safe was said by interpreters in which all of these libraries are installed; those that are installed here say
it again, of the very edits that are promised.
"""

import importlib.util
import re

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import RefusedError, apply_to_bytes, edits_of
from cycles.model import CutRequest
from forked import Job, outcomes
from library_kinds import DEFERRABLE, FUTURE, LATER, PLAIN, TYPE_ONLY, UNSAFE

ORDER = "from {p}.forms import ready\nclass Order:\n    number = 0\n    def __call__(self): return 1\n"
KINDS = {f"type {name}": text for name, text in TYPE_ONLY.items()} | {f"go {name}": t for name, t in DEFERRABLE.items()}
MOST_REFUSED = 0.1


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The folder, and for each kind its package, and the promised edits made: None where nothing is promised."""
    folder, files, packages = tmp_path_factory.mktemp("libraries"), {"libs/__init__.py": ""}, {}
    for number, (name, text) in enumerate(KINDS.items()):
        package = packages[name] = f"libs.k{number}"
        path = package.replace(".", "/")
        head = FUTURE if name.startswith("type ") and name.removeprefix("type ") not in PLAIN else ""
        body = text.format(p=package)
        files[f"{path}/__init__.py"] = ""
        files[f"{path}/forms.py"] = f"{head}from {package}.order import Order\n{body}ready = 1\n"
        files[f"{path}/order.py"] = ORDER.format(p=package)
    write_files(folder, files)
    analysis = analyze("libs", folders=[folder])
    modules = sources_of(analysis.origin).modules
    cuts = [
        cut for plan in plan_all(analysis.components, CutRequest(allow_reexports=True)) for cut in plan.ranking.cuts
    ]
    fixes = {cut.importer: cut.fix for cut in cuts if cut.imported.endswith(".order")}
    made = {}
    for name, package in packages.items():
        data = files[f"{package.replace('.', '/')}/forms.py"].encode()
        try:
            fix = fixes[f"{package}.forms"]
            made[name] = apply_to_bytes(data, edits_of([fix], modules, folder)) if fix.is_easy else None
        except RefusedError:
            made[name] = None
    return folder, packages, made


def test_nothing_is_promised_that_breaks_an_import_or_a_first_use(edited):
    _, _, made = edited

    assert [name for name in KINDS if made[name] is not None and name in UNSAFE | LATER] == []


def test_few_fixes_are_refused_that_are_safe(edited):
    _, _, made = edited
    safe = [name for name in KINDS if name not in UNSAFE | LATER]

    refused = [name for name in safe if made[name] is None]

    assert len(refused) <= MOST_REFUSED * len(safe), refused


@pytest.mark.posix
def test_all_modules_can_be_imported_after_each_promised_fix(edited):
    folder, packages, made = edited
    promised = [name for name, data in made.items() if data is not None and _is_installed(KINDS[name])]
    jobs = [
        Job([folder], [f"{packages[name]}.{module}"], {str(folder / packages[name].replace(".", "/") / "forms.py"): made[name]})
        for name in promised
        for module in ("forms", "order")
    ]  # fmt: skip

    said = [error for error, _ in outcomes(jobs, preload=["pydantic", "typer", "attrs", "pytest", "hypothesis"])]

    asked = [name for name in promised for _ in range(2)]
    assert [(name, error) for name, error in zip(asked, said, strict=True) if error] == []
    assert len(promised) > len(KINDS) // 3


def _is_installed(text: str) -> bool:
    tops = set(re.findall(r"^(?:import|from) ([a-z_]+)|, (cattrs|fastapi)$", text, re.MULTILINE))
    return all(importlib.util.find_spec(top) is not None for pair in tops for top in pair if top)
