"""The contract type, and the contracts of the samples, under import-linter itself."""

import itertools
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import grimp
import networkx as nx
import pytest
from grimp import ImportGraph
from importlinter.domain.contract import InvalidContractOptions
from importlinter.domain.helpers import MissingImport

import golden
from conftest import program, write_files
from cycles.api import analyze
from cycles.contracts.acyclic import AcyclicModulesContract
from cycles.contracts.contract_text import Contract, as_toml, head
from cycles.contracts.generate import with_plan
from cycles.contracts.linter import seen_by_linter
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import Analysis, PlanStep
from cycles.source.module_files import Listing, find_files
from cycles.source.module_names import inside
from cycles.source.root_packages import Root
from inside import known_folders, linter_here
from rehearsal import Judge, rehearse


def head_of(roots: list[str]) -> str:
    """What import-linter needs above all contracts on root packages."""
    return head(Contract(tuple(roots), GraphName.ALL), toml=True)


def graph(*edges: str) -> ImportGraph:
    """A graph without source: `a -> b`."""
    drawn = ImportGraph()
    for edge in edges:
        importer, _, imported = edge.partition(" -> ")
        drawn.add_import(importer=f"p.{importer}", imported=f"p.{imported}")
    drawn.add_module("p")
    return drawn


def check(drawn: ImportGraph, *ignored: str, **options: object):
    contract = AcyclicModulesContract(
        name="c",
        session_options={"root_packages": ["p"]},
        contract_options={"packages": ["p"], "ignore_imports": list(ignored), **options},
    )
    return contract.check(drawn, verbose=False)


def lint(folder: Path, config: str = "lint.toml", *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command line, wide enough not to wrap."""
    return subprocess.run(
        [program("lint-imports"), "--no-cache", "--no-logo", "--config", config, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"COLUMNS": "300", "PATH": "/usr/bin:/bin"},
        check=False,
    )


def configured(folder: Path, root: str = "p", **fields: str) -> Path:
    """A folder with a configuration of one contract of the type."""
    lines = "".join(f"{key} = {value}\n" for key, value in fields.items())
    text = f'{head_of([root])}\n[[tool.importlinter.contracts]]\nname = "c"\ntype = "acyclic_modules"\n{lines}'
    return write_files(folder, {"lint.toml": text})


def test_a_graph_without_cycles_is_kept():
    assert check(graph("a -> b", "b -> c", "a -> c")).kept


def test_a_self_import_is_no_cycle():
    assert check(graph("a -> a", "a -> b")).kept


@pytest.mark.parametrize("edges", [("a -> b", "b -> a"), ("a -> b", "b -> c", "c -> a"), ("a.b -> a", "a -> a.b")])
def test_a_cycle_breaks_it(edges):
    assert not check(graph(*edges)).kept


def test_it_speaks_only_of_modules_inside_its_packages():
    drawn = graph("a.x -> b.x", "b.x -> a.x", "a -> b")

    assert check(drawn, packages=["p.a"]).kept
    assert not check(drawn, packages=["p.a", "p.b"]).kept


def test_an_exception_that_breaks_all_cycles_keeps_it():
    found = check(graph("a -> b", "b -> a"), "p.b -> p.a")

    assert (found.kept, found.ignored_import_count) == (True, 1)


def test_an_exception_that_matches_nothing_is_an_error_or_a_warning_or_nothing():
    drawn = graph("a -> b")
    with pytest.raises(MissingImport, match=re.escape("No matches for ignored import p.b -> p.a.")):
        check(drawn, "p.b -> p.a")

    warned = check(drawn, "p.b -> p.a", unmatched_ignore_imports_alerting="warn")
    silent = check(drawn, "p.b -> p.a", unmatched_ignore_imports_alerting="none")

    assert (warned.kept, warned.warnings) == (True, ["No matches for ignored import p.b -> p.a."])
    assert (silent.kept, silent.warnings) == (True, [])


def test_an_exception_that_no_cycle_needs_is_an_error_or_a_warning_or_nothing():
    drawn = graph("a -> b", "b -> a", "b -> c")
    exceptions = ("p.b -> p.a", "p.b -> p.c")

    found = check(drawn, *exceptions)
    warned = check(drawn, *exceptions, redundant_ignore_imports_alerting="warn")
    silent = check(drawn, *exceptions, redundant_ignore_imports_alerting="none")

    assert (found.kept, found.metadata["redundant"]) == (False, ["p.b -> p.c"])
    assert (warned.kept, warned.warnings) == (True, ["Ignored import p.b -> p.c closes no cycle any more."])
    assert (silent.kept, silent.warnings) == (True, [])


def test_a_pattern_is_needed_while_any_of_its_imports_is():
    drawn = graph("a -> b", "b -> a", "b -> c")

    assert check(drawn, "p.b -> p.*").kept
    assert check(drawn, "p.b -> p.*", "p.a -> p.b").metadata["redundant"] == ["p.a -> p.b", "p.b -> p.*"]


def test_the_graph_stays_as_it_was():
    drawn = graph("a -> b", "b -> a")
    check(drawn, "p.b -> p.a")

    assert drawn.count_imports() == 2


def test_an_unknown_graph_is_refused():
    with pytest.raises(InvalidContractOptions):
        check(graph(), graph="everything")


FILES = {
    "p/__init__.py": "",
    "p/a/__init__.py": "import p.a.x\n",
    "p/a/x.py": "import p.b\n",
    "p/a/leaf.py": "",
    "p/b.py": "def f():\n    import p.a.x\n",
    "p/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.d\n",
    "p/d.py": "import p.c\n",
}


@pytest.mark.parametrize(("name", "found"), [("all", "BROKEN"), ("runtime", "BROKEN"), ("import-time", "KEPT")])
def test_each_graph_holds_other_imports(tmp_path, name, found):
    configured(write_files(tmp_path, FILES), packages='["p.a", "p.b"]', graph=f'"{name}"')

    assert f"c {found}" in lint(tmp_path).stdout


@pytest.mark.parametrize(("name", "found"), [("all", "BROKEN"), ("runtime", "KEPT"), ("import-time", "KEPT")])
def test_a_typing_import_is_only_in_all(tmp_path, name, found):
    configured(write_files(tmp_path, FILES), packages='["p"]', graph=f'"{name}"')
    write_files(tmp_path, {"p/b.py": ""})

    assert f"c {found}" in lint(tmp_path).stdout


def test_imports_left_out_by_the_configuration_do_not_count(tmp_path):
    configured(write_files(tmp_path, {**FILES, "p/b.py": ""}), packages='["p"]')
    path = tmp_path / "lint.toml"
    path.write_text(path.read_text().replace("contract_types", "exclude_type_checking_imports = true\ncontract_types"))

    assert "c KEPT" in lint(tmp_path).stdout


def test_packages_that_run_on_the_way_close_cycles_at_import_time(tmp_path):
    write_files(tmp_path, {**FILES, "p/b.py": "import p.a.leaf\n"})
    configured(tmp_path, packages='["p.a", "p.b"]', graph='"import-time"')
    broken = lint(tmp_path).stdout
    configured(tmp_path, packages='["p.a", "p.b"]', graph='"import-time"', ignore_imports='["p.b -> p.a.leaf"]')

    assert "p/b.py:1  import p.a.leaf  (runs p.a)" in broken
    assert "c KEPT (1 ignored import)" in lint(tmp_path).stdout


def test_a_broken_contract_shows_the_shortest_cycle_and_what_closed_it(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/orders/__init__.py": "",
        "p/orders/a.py": "import p.users.a\n",
        "p/orders/b.py": "import p.users.b\n",
        "p/users/__init__.py": "",
        "p/users/a.py": "import p.users.b\n",
        "p/users/b.py": "from p.orders import b  # type: ignore[attr]\n",
    }
    configured(write_files(tmp_path, files), packages='["p"]', graph='"all"')
    lines = lint(tmp_path).stdout.splitlines()
    start = lines.index("2 modules import each other in a cycle (all):")

    assert [line.rstrip() for line in lines[start:] if line.strip()] == [
        "2 modules import each other in a cycle (all):",
        "    p.orders.b -> p.users.b",
        "        p/orders/b.py:1  import p.users.b",
        "    p.users.b -> p.orders.b   <- closes it",
        "        p/users/b.py:1  from p.orders import b  # type: ignore[attr]",
        "    most likely closed by the import marked: 1 dependency that way between the packages around it, 2 the other way",
        "    next  cycles why p p.users.b p.orders.b --graph all",
    ]


def test_redundant_exceptions_are_listed(tmp_path):
    configured(
        write_files(tmp_path, FILES),
        packages='["p.a", "p.b"]',
        graph='"import-time"',
        ignore_imports='["p.b -> p.a.x"]',
    )

    output = lint(tmp_path).stdout

    assert (
        "These ignored imports close no cycle any more; take them out of ignore_imports:\n\n    p.b -> p.a.x" in output
    )


def test_namespace_packages_and_several_roots(tmp_path):
    files = {"n/q/a.py": "import m.b\n", "m/__init__.py": "", "m/b.py": "def f():\n    import n.q.a\n"}
    text = head_of(["n", "m"]) + "".join(
        f'[[tool.importlinter.contracts]]\nname = "{name}"\ntype = "acyclic_modules"\npackages = ["n", "m"]\ngraph = "{name}"\n'
        for name in GraphName
    )
    write_files(tmp_path, {**files, "lint.toml": text})

    assert re.findall(r"^(\S+) (KEPT|BROKEN)", lint(tmp_path).stdout, re.MULTILINE) == [
        ("import-time", "KEPT"),
        ("runtime", "BROKEN"),
        ("all", "BROKEN"),
    ]


def analysis_of(sample: str, name: GraphName) -> Analysis:
    package, roots = golden.OTHER_ARGUMENTS.get(sample, (sample, ()))
    return analyze(package, folders=[golden.SAMPLES / sample], roots=roots, graph=name)


@contextmanager
def judge(analysis: Analysis, contract: Contract) -> Iterator[Judge]:
    """The contract type itself, on the graph that grimp builds, with one import more."""
    folders = {
        root: {module.folder for module in analysis.files if inside(module.name, root)} for root in contract.roots
    }
    with known_folders(folders):
        built = grimp.build_graph(*contract.roots, cache_dir=None)
        own = AcyclicModulesContract("c", {"root_packages": contract.roots}, contract.fields)

        def kept(importer: str, imported: str) -> bool | None:
            if built.direct_import_exists(importer=importer, imported=imported):
                return None
            built.add_import(importer=importer, imported=imported)
            found = own.check(built, verbose=False).kept
            built.remove_import(importer=importer, imported=imported)
            return found

        yield kept


@pytest.mark.parametrize("name", list(GraphName))
@pytest.mark.parametrize("sample", golden.samples())
def test_a_contract_breaks_for_every_new_import_that_closes_a_cycle_and_for_no_other(sample, name):
    analysis = analysis_of(sample, name)
    contract = golden.contract_of(analysis)

    in_memory = rehearse(analysis, contract)
    with judge(analysis, contract) as kept:
        by_contract_type = rehearse(analysis, contract, kept, pairs=200, sample=60)

    assert (in_memory.passed, by_contract_type.passed) == (True, True)
    assert in_memory.cuts[1] == len(contract.plan)


def test_a_rehearsal_finds_out_a_contract_that_excepts_too_little_or_too_much():
    analysis = analysis_of("shop", GraphName.ALL)
    contract = golden.contract_of(analysis)
    too_much = replace(contract, plan=(*contract.plan, PlanStep("shop.app", "shop.catalog", 0, 0)))

    assert rehearse(analysis, contract).passed
    assert not rehearse(analysis, replace(contract, plan=contract.plan[1:])).kept
    assert not rehearse(analysis, too_much).kept


@pytest.mark.parametrize("judged", [True, False])
def test_a_rehearsal_finds_out_who_judges_wrongly(judged):
    analysis = analysis_of("shop", GraphName.ALL)

    found = rehearse(analysis, golden.contract_of(analysis), lambda *_: judged)

    assert (found.closing, found.harmless) == (((0, 81), (161, 161)) if judged else ((81, 81), (0, 161)))


def test_a_package_that_import_linter_cannot_read_is_named():
    analysis = analysis_of("shop", GraphName.ALL)
    moved = replace(analysis, files=tuple(replace(module, folder="/nowhere") for module in analysis.files))

    with pytest.raises(CyclesError, match="import-linter cannot read shop: it knows no package shop"):
        seen_by_linter(moved, Contract(("shop",), GraphName.ALL))


def test_lint_imports_breaks_a_contract_for_each_cut_that_is_added_again(tmp_path):
    """All samples in one run, each contract once for every exception, which it lacks."""
    lines = {"tops": linked_samples(tmp_path), "blocks": []}
    for sample, name in itertools.product(golden.samples(), GraphName):
        contract = golden.contract_of(analysis_of(sample, name))
        for number in range(len(contract.plan)):
            without = replace(contract, plan=(*contract.plan[:number], *contract.plan[number + 1 :]))
            # Ids must be unique within a file.
            lines["blocks"].append(as_toml(without).replace(f'"{contract.id}"', f'"{contract.id}-{number}"'))
    write_files(tmp_path, {"lint.toml": head_of(lines["tops"]) + "".join(lines["blocks"])})

    assert len(lines["blocks"]) > 50
    assert f"Contracts: 0 kept, {len(lines['blocks'])} broken." in lint(tmp_path).stdout


def linked_samples(folder: Path) -> list[str]:
    """Link the packages of all samples into one folder; their names."""
    tops = set()
    for sample in golden.samples():
        for path in sorted((golden.SAMPLES / sample).iterdir()):
            if path.is_dir() and path.name != "expected":
                (folder / path.name).symlink_to(path)
                tops.add(path.name)
    return sorted(tops)


def test_lint_imports_keeps_the_contracts_of_all_samples(tmp_path):
    """All samples in one run: each package stands in its own sample's folder, linked into one."""
    blocks = [
        (golden.SAMPLES / sample / "expected" / f"contract-{name}.toml").read_text(encoding="utf-8")
        for sample, name in itertools.product(golden.samples(), GraphName)
    ]
    write_files(tmp_path, {"lint.toml": head_of(linked_samples(tmp_path)) + "".join(blocks)})

    assert f"Contracts: {len(blocks)} kept, 0 broken." in lint(tmp_path).stdout


def test_mutants_of_files_agree_with_verdicts_in_memory(tmp_path):
    """120 random packages, each with one import more than its contract was made for; one run of lint-imports."""
    draw = random.Random(7)
    packages = [f"m.p{number}" for number in range(120)]
    modules = {package: _random_package(draw, package, tmp_path) for package in packages}
    write_files(tmp_path, {"m/__init__.py": ""})
    before = {name: analyze("m", folders=[tmp_path], graph=name) for name in GraphName}
    with linter_here():
        seen = {name: seen_by_linter(before[name], Contract(("m",), name)) for name in GraphName}
    contracts = []
    for package in packages:
        name = draw.choice(list(GraphName))
        components = before[name].components
        contracts.append(with_plan(components, Contract((package,), name), None, seen[name]))
    for files in modules.values():
        importer, imported = draw.sample(sorted(files), 2)
        path = tmp_path / files[importer]
        path.write_text(f"{path.read_text()}import {imported}\n")
    after = {name: analyze("m", folders=[tmp_path], graph=name) for name in GraphName}
    text = head_of(["m"]) + "".join(map(as_toml, contracts))
    text = text.replace('graph = "', 'redundant_ignore_imports_alerting = "none"\ngraph = "')
    write_files(tmp_path, {"lint.toml": text})

    found = re.findall(r" (KEPT|BROKEN)(?: \(\d+ ignored imports?\))?$", lint(tmp_path).stdout, re.MULTILINE)

    assert found == ["BROKEN" if _still_cyclic(after[made.graph], made) else "KEPT" for made in contracts]
    assert min(found.count("KEPT"), found.count("BROKEN")) >= 20


def _random_package(draw: random.Random, top: str, folder: Path) -> dict[str, str]:
    """Write a package of three packages with two modules each, with imports of all kinds; the file of each module."""
    base = top.replace(".", "/")
    modules = {top: f"{base}/__init__.py"}
    for package in "abc":
        modules[f"{top}.{package}"] = f"{base}/{package}/__init__.py"
        modules |= {f"{top}.{package}.{leaf}": f"{base}/{package}/{leaf}.py" for leaf in "xy"}
    texts = dict.fromkeys(modules.values(), "from typing import TYPE_CHECKING\n")
    for _ in range(15):
        importer, imported = draw.sample(sorted(modules), 2)
        texts[modules[importer]] += draw.choice(
            ["import {}\n", "import {}\n", "def f():\n    import {}\n", "if TYPE_CHECKING:\n    import {}\n"]
        ).format(imported)
    write_files(folder, texts)
    return modules


def _still_cyclic(analysis: Analysis, contract: Contract) -> bool:
    """By networkx, over the dependencies that the analysis finds, without what the contract excepts."""
    drawn = nx.DiGraph()
    for component in analysis.components:
        for dependency in component.dependencies:
            named = {(statement.importer, statement.imported) for statement in dependency.imports}
            if inside(dependency.importer, contract.packages[0]) and named - set(contract.excepted):
                drawn.add_edge(dependency.importer, dependency.imported)
    return not nx.is_directed_acyclic_graph(drawn)


def test_files_of_known_modules_are_those_that_a_walk_over_all_folders_finds(tmp_path):
    write_files(
        tmp_path, dict.fromkeys(("p/__init__.py", "p/a.py", "p/b/__init__.py", "p/b.py", "p/b/_c.cpython.so"), "")
    )
    write_files(tmp_path, dict.fromkeys(("p/space/d.py", "p/locale/x/y.txt", "p/space/e/f.py", "p/.hidden/g.py"), ""))
    write_files(tmp_path, dict.fromkeys(("more/p/space/h.py", "more/p/a.py", "more/p/k/__init__.py"), ""))
    roots = [("p", [tmp_path / "p", tmp_path / "more" / "p"])]
    listing = Listing(tmp_path)
    for name, folders in roots:
        listing.add(Root(name, tuple(folders)))
    walked = listing.files()
    spaces = ("p.space", "p.space.e", "p.gone")

    found = find_files([*(module.name for module in walked.modules), *spaces], roots)

    assert (found.modules, found.compiled) == (walked.modules, walked.compiled)
    assert [module.name for module in found.modules] == [
        "p",
        "p.a",
        "p.b",
        "p.k",
        "p.space.d",
        "p.space.e.f",
        "p.space.h",
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"), [(">=3.11", ["KEPT", "KEPT", "BROKEN"]), (">=3.6", ["BROKEN", "BROKEN", "BROKEN"])]
)
def test_a_branch_that_no_supported_python_takes_closes_a_cycle_only_in_all(tmp_path, wanted, expected):
    old = "import sys\nif sys.version_info < (3, 8):\n    import p.b\n"
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": old, "p/b.py": "import p.a\n"})
    write_files(tmp_path, {"pyproject.toml": f'[project]\nname = "p"\nrequires-python = "{wanted}"\n'})
    found = []
    for name in GraphName:
        configured(tmp_path, packages='["p"]', graph=f'"{name}"')
        found += re.findall(r"c (KEPT|BROKEN)", lint(tmp_path).stdout)

    assert found == expected
    assert found == [
        "BROKEN" if analyze("p", folders=[tmp_path], graph=name).components else "KEPT" for name in GraphName
    ]


LIGHT = """
import sys
import importlinter, grimp
from importlinter.application import contract_utils, output
known = set(sys.modules)
for name in known:
    # import-linter itself has loaded rich.
    if name.partition(".")[0] in HEAVY:
        sys.modules[name] = None
sys.modules.update(dict.fromkeys(HEAVY))
import cycles.contracts.MODULE as module
new = {name.partition(".")[0] for name in set(sys.modules) - known - HEAVY}
print(sorted(new - sys.stdlib_module_names), module.CLASS.type_name)
"""


@pytest.mark.parametrize(
    ("module", "contract", "name"),
    [("acyclic", "AcyclicModulesContract", "acyclic_modules"), ("startup", "StartupContract", "startup")],
)
def test_a_contract_type_loads_nothing_but_grimp_import_linter_and_what_is_light(tmp_path, module, contract, name):
    heavy = {"typer", "click", "rich", "pydantic", "networkx", "graphviz", "highspy", "numpy", "packaging"}

    finished = subprocess.run(
        [
            sys.executable,
            "-c",
            LIGHT.replace("HEAVY", repr(heavy)).replace("MODULE", module).replace("CLASS", contract),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.stdout, finished.stderr) == (f"['cycles'] {name}\n", "")
