"""The motivating case, against a real interpreter: two graphs over the same modules, and a preload that hides the crash."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import golden
from cycles.api import analyze
from cycles.enums import GraphName, Kind
from cycles.model import HoldingImports

FOLDER = golden.SAMPLES / "agent_core"


def component(graph: GraphName):
    (found,) = analyze("ee.hogai", folders=[FOLDER], graph=graph).components
    return found


def first_import(module: str, after: str = "sys") -> str:
    """The last line that a fresh interpreter complains with when it imports a module first, "" for success."""
    command = [sys.executable, "-B", "-c", f"import {after}; import {module}"]
    finished = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    return finished.stderr.strip().rpartition("\n")[2]


@pytest.fixture(scope="module")
def modules() -> tuple[str, ...]:
    return component(GraphName.IMPORT_TIME).modules


def test_only_function_level_imports_close_the_component_of_all():
    found = component(GraphName.ALL)

    assert (len(found.modules), found.eager_modules) == (18, 0)
    assert found.held_by == (HoldingImports(imports=4, kind=Kind.DEFERRED, package=None),)


def test_packages_that_run_on_the_way_close_a_larger_one_at_import_time():
    found = component(GraphName.IMPORT_TIME)

    assert (len(found.modules), found.eager_modules) == (37, 0)
    assert {hold.package for hold in found.held_by} == {"ee.hogai.assistant", "ee.hogai.chat_agent", "ee.hogai.tools"}


def test_nearly_every_module_of_it_crashes_as_the_first_import(modules):
    with ThreadPoolExecutor(max_workers=4) as executor:
        errors = dict(zip(modules, executor.map(first_import, modules), strict=True))

    assert [module for module, error in errors.items() if not error] == [
        "ee.hogai.assistant",
        "ee.hogai.assistant.main",
    ]
    assert all("partially initialized module" in error for error in errors.values() if error)


def test_a_preload_elsewhere_hides_it(modules):
    with ThreadPoolExecutor(max_workers=4) as executor:
        errors = set(executor.map(lambda module: first_import(module, after="posthog.temporal.ai"), modules))

    assert errors == {""}
