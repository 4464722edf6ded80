"""Groups of modules: which cycles there are between them, and the fewest imports to cut, by oracles of their own."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import golden
from conftest import program, write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility, GraphName
from cycles.errors import CyclesError
from cycles.group_cycles import against_layers, plan_groups, why_groups
from cycles.group_moves import GroupMove, moves_between
from cycles.model import Analysis, CutRequest
from groups_oracle import (
    EVERY,
    Model,
    Pair,
    Statement,
    definitions,
    edges,
    files_of,
    grouped,
    knots,
    statements,
    statements_between,
    texts_of,
    words,
)
from solver import fewest


def analysed(folder: Path, found: Iterable[Statement], graph: GraphName, by: str) -> Analysis:
    shutil.rmtree(folder / "p", ignore_errors=True)
    write_files(folder, files_of(found))
    return analyze("p", folders=[folder], graph=graph, by=words(by), count_cuts=True)


quick = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EVERY
@quick
@given(found=statements(), graph=st.sampled_from(GraphName))
def test_components_and_causes_are_those_of_a_quotient_graph(by, found, graph, tmp_path):
    expected = grouped(by, edges(found, graph))
    analysis = analysed(tmp_path, found, graph, by)

    assert [component.modules for component in analysis.components] == knots(expected)
    for component in analysis.components:
        inside = {pair: causes for pair, causes in expected.items() if set(pair) <= set(component.modules)}
        assert {
            (edge.importer, edge.imported): {(one.importer, one.imported) for one in edge.imports}
            for edge in component.dependencies
        } == inside


@EVERY
@quick
@given(found=statements(), graph=st.sampled_from(GraphName))
def test_the_plan_is_as_small_as_clingo_finds_and_leaves_no_cycle_when_its_statements_are_deleted(
    by, found, graph, tmp_path
):
    made = grouped(by, edges(found, graph))
    analysis = analysed(tmp_path, found, graph, by)
    plans = plan_groups(analysis, analysis.components)
    cuts = {pair for made_plan in plans for pair in made_plan.plan.cut_set.cuts}

    assert all(made_plan.plan.cut_set.proven for made_plan in plans)
    assert len(cuts) == fewest(made)
    assert sum(bound.size for component in analysis.components if (bound := component.cuts)) == len(cuts)
    assert [made_plan.plan.steps[-1].modules_left for made_plan in plans] == [0] * len(plans)
    left = [one for one in found if one[:2] not in cuts]
    assert analysed(tmp_path, left, graph, by).components == ()
    for made_plan in plans:
        rank = {name: number for number, layer in enumerate(made_plan.layers) for name in layer}
        assert sorted(rank) == list(made_plan.plan.component.modules)
        for ends, causes in made.items():
            if set(ends) <= rank.keys() and not causes <= cuts:
                assert rank[ends[0]] < rank[ends[1]]


@quick
@given(found=statements(), graph=st.sampled_from(GraphName))
def test_groups_of_one_module_each_are_the_modules(found, graph, tmp_path):
    write_files(tmp_path, files_of(found))
    plain = analyze("p", folders=[tmp_path], graph=graph, count_cuts=True)
    single = analyze("p", folders=[tmp_path], graph=graph, by="package:99", count_cuts=True)

    assert single.summaries == plain.summaries
    assert single.components == plain.components
    cuts = [plan.cut_set for plan in plan_all(plain.components)]
    assert [plan.plan.cut_set for plan in plan_groups(single, single.components)] == cuts


@quick
@given(found=statements(), graph=st.sampled_from(GraphName), order=st.permutations(["p.a", "p.b", "p.c"]))
def test_with_layers_the_cuts_are_the_imports_that_lead_up(found, graph, order, tmp_path):
    against = against_layers(analysed(tmp_path, found, graph, "package"), order)
    up = {
        ends: causes
        for ends, causes in grouped("package", edges(found, graph)).items()
        if set(ends) <= set(order) and order.index(ends[0]) > order.index(ends[1])
    }

    assert {(edge.importer, edge.imported) for edge in against.dependencies} == set(up)
    assert {(cut.importer, cut.imported) for cut in against.cuts} == set().union(*up.values())


def example(tmp_path: Path, graph: GraphName = GraphName.IMPORT_TIME) -> Analysis:
    """`p.a` and `p.b` need each other: three imports there, one back."""
    found = [
        ("p.a.x", "p.b.x", "body"),
        ("p.a.x", "p.b.y", "body"),
        ("p.a.sub.y", "p.b.x", "body"),
        ("p.b.y", "p.a.sub.z", "body"),
        ("p.b.y", "p.c", "function"),
    ]
    return analysed(tmp_path, found, graph, "package")


def test_a_direction_that_is_kept_makes_the_other_one_the_cut(tmp_path):
    analysis = example(tmp_path)
    (usual,) = plan_groups(analysis, analysis.components)
    (kept,) = plan_groups(analysis, analysis.components, CutRequest(keep=[("p.b", "p.a")]))

    assert usual.plan.cut_set.cuts == (("p.b.y", "p.a.sub.z"),)
    assert usual.layers == (("p.a",), ("p.b",))
    assert kept.plan.cut_set.cuts == (("p.a.sub.y", "p.b.x"), ("p.a.x", "p.b.x"), ("p.a.x", "p.b.y"))
    assert kept.layers == (("p.b",), ("p.a",))


def test_the_cost_of_each_direction_is_told(tmp_path):
    analysis = example(tmp_path)
    (plan,) = plan_groups(analysis, analysis.components)

    assert [(pair.one, pair.other, pair.imports, pair.back) for pair in plan.pairs] == [("p.b", "p.a", 1, 3)]


def test_a_dependency_and_a_chain_between_groups_are_explained(tmp_path):
    analysis = example(tmp_path, GraphName.RUNTIME)
    there = why_groups(analysis, "p.a", "p.b")
    chain = why_groups(analysis, "p.a", "p.c")

    assert len(there.cuts) == 3
    assert there.shortest_cycle == ("p.a", "p.b")
    assert [(edge.importer, edge.imported) for edge in chain.dependencies] == [("p.a", "p.b"), ("p.b", "p.c")]


def test_a_name_taken_from_elsewhere_in_the_same_group_is_no_cut(tmp_path):
    """`p.b.y` could take Name of `p.a.x` rather than of `p.a`: that leaves the dependency of the groups as it is."""
    files = files_of([("p.a", "p.a.x", "body"), ("p.a.x", "p.b.x", "body")])
    files["p/b/y.py"] = "from p.a import Name\nclass Other(Name): pass\n"
    files["p/a/__init__.py"] = "from p.a.x import Name\n"
    write_files(tmp_path, files)
    modules = analyze("p", folders=[tmp_path], by="package")
    (plan,) = plan_groups(modules, modules.components, CutRequest(keep=[("p.a", "p.b")]))

    assert [(cut.importer, cut.imported, cut.fix.leaves) for cut in plan.plan.cuts] == [("p.b.y", "p.a", ())]


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("packages", "not a way to group"),
        ("package:0", "not a way to group"),
        (("siblings", "package"), "not a way to group"),
        (("p.a=low", "package"), "not a way to group"),
        ("p.nothing=low", "no module is inside"),
        ("p.a=", "has no name"),
    ],
)
def test_what_asks_for_no_groups_is_refused(by, message, tmp_path):
    write_files(tmp_path, files_of([]))
    with pytest.raises(CyclesError, match=message):
        analyze("p", folders=[tmp_path], by=by)


RUN_ON_IMPORT = {
    "in its own module": {"p/a/x.py": "from p.b.y import N\ndef f(): return N\nX = f()\n"},
    "in another module of the group": {
        "p/a/x.py": "from p.b.y import N\ndef f(): return N\n",
        "p/a/z.py": "from p.a.x import f\nX = f()\n",
    },
}


@pytest.mark.parametrize("files", RUN_ON_IMPORT.values(), ids=RUN_ON_IMPORT)
def test_an_import_is_not_deferred_into_a_function_that_runs_while_the_groups_are_imported(files, tmp_path):
    write_files(tmp_path, {**files_of([]), **files, "p/b/y.py": "from p.a import sub\nN = 1\n"})
    analysis = analyze("p", folders=[tmp_path], by="package")
    (plan,) = plan_groups(analysis, analysis.components, CutRequest(keep=[("p.b", "p.a")]))
    (few,) = plan_groups(analysis, analysis.components, CutRequest(keep=[("p.b", "p.a")]), most_bytes=200)
    (none,) = plan_groups(analysis, analysis.components, CutRequest(keep=[("p.b", "p.a")]), most_bytes=0)

    assert [cut.fix.feasibility for cut in plan.plan.cuts] == [Feasibility.STRUCTURAL]
    # Where not all is followed, that is said.
    for unsure in (few, none):
        (cut,) = unsure.plan.cuts
        assert cut.fix.feasibility is Feasibility.STRUCTURAL or cut.fix.doubt


def test_several_packages_are_groups_by_themselves(tmp_path):
    write_files(
        tmp_path,
        {
            "one/__init__.py": "",
            "one/a.py": "import two.b\n",
            "two/__init__.py": "",
            "two/b.py": "import one.c\n",
            "one/c.py": "",
        },
    )
    (component,) = analyze(["one", "two"], folders=[tmp_path], by="package").components

    assert component.modules == ("one", "two")


def test_modules_are_acyclic_and_packages_are_not():
    sample = golden.SAMPLES / "cyclic_packages"
    plain = analyze("cyclic_packages", folders=[sample])
    (component,) = analyze("cyclic_packages", folders=[sample], by="package").components

    assert plain.components == ()
    assert component.modules == ("cyclic_packages.billing", "cyclic_packages.people")


def run(*arguments: str, folder: Path) -> str:
    finished = subprocess.run(
        [program("cycles"), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_commands_tell_of_groups(tmp_path):
    example(tmp_path)

    assert "b → a 1 import, a → b 3" in run("scc", "p", "--by", "package", folder=tmp_path)
    cuts = run("cuts", "p", "--by", "package", folder=tmp_path)
    assert "2 groups import each other; cutting 1 import leaves no cycle (proven" in cuts
    assert "layers then: a above b" in cuts
    assert "p/b/y.py:2" in cuts
    layers = run("cuts", "p", "--by", "package", "--layers", "b", "a", "--all", folder=tmp_path)
    assert "b above a: 3 imports lead up" in layers
    assert "3 imports to cut; 1 import back" in run("why", "p", "p.a", "p.b", "--by", "package", folder=tmp_path)


def test_json_tells_of_groups(tmp_path):
    example(tmp_path)
    scc = json.loads(run("scc", "p", "--by", "package", "--format", "json", folder=tmp_path))
    cuts = json.loads(run("cuts", "p", "--by", "package", "--format", "json", folder=tmp_path))
    layers = json.loads(run("cuts", "p", "--by", "package", "--layers", "b", "a", "--format", "json", folder=tmp_path))

    assert scc["by"] == ["package"]
    assert scc["components"][0]["pairs"] == [{"one": "p.b", "other": "p.a", "imports": 1, "back": 3}]
    assert [step["between"] for step in cuts["components"][0]["plan"]] == [[["p.b", "p.a"]]]
    assert cuts["components"][0]["layers"] == [["p.a"], ["p.b"]]
    assert len(layers["cuts"]) == 3


def test_groups_of_the_configuration(tmp_path):
    example(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.cycles.groups]\nhigh = ["p.a"]\nlow = "p.b"\n')

    assert "low → high 1 import, high → low 3" in run("scc", "p", "--by", "groups", folder=tmp_path)


@pytest.mark.parametrize(
    ("by", "graph"),
    [
        (["package"], GraphName.ALL),
        (["package:2"], GraphName.RUNTIME),
        (["siblings"], GraphName.IMPORT_TIME),
        (["p.a=high", "p.b=low"], GraphName.IMPORT_TIME),
    ],
)
def test_a_contract_is_kept_as_it_is_written_and_broken_by_one_more_import_back(by, graph, tmp_path):
    example(tmp_path)
    options = [part for word in by for part in ("--by", word)]
    run("contract", "p", *options, "--graph", graph, "--write", "--config", "setup.cfg", folder=tmp_path)
    lint = [program("lint-imports"), "--no-cache"]
    kept = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Contracts: 1 kept, 0 broken" in kept.stdout, kept.stdout + kept.stderr

    with (tmp_path / "p" / "b" / "x.py").open("a") as file:
        file.write("from p.a.sub.y import Name as Another\n")
    broken = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "groups of modules import each other in a cycle" in broken.stdout
    assert "p/b/x.py:2" in broken.stdout


@pytest.mark.parametrize("file", ["setup.cfg", "pyproject.toml"])
def test_siblings_as_they_are_written_are_locked_by_a_contract_type_of_import_linter_itself(file, tmp_path):
    example(tmp_path)
    command = ("contract", "p", "--by", "siblings", "--graph", "all", "--write", "--config", file)
    run(*command, folder=tmp_path)
    text = (tmp_path / file).read_text()
    run(*command, folder=tmp_path)
    lint = [program("lint-imports"), "--no-cache", "--config", file]
    kept = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "acyclic_modules" not in text
    assert (tmp_path / file).read_text() == text
    assert "Contracts: 1 kept, 0 broken" in kept.stdout, kept.stdout + kept.stderr
    with (tmp_path / "p" / "b" / "x.py").open("a") as added:
        added.write("from p.a.sub.y import Name as Another\n")
    broken = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (broken.returncode, "Contracts: 0 kept, 1 broken" in broken.stdout) == (1, True)


def in_group(found: Iterable[Statement], module: str, name: str) -> list[Statement]:
    """The statements once a module has another name."""
    return [(*(name if one == module else one for one in pair), place) for *pair, place in found]


@pytest.mark.parametrize("by", ["package", "siblings", "names"])
@quick
@given(found=statements(), graph=st.sampled_from(GraphName))
def test_a_module_in_another_group_spares_as_many_cuts_as_is_said(by, found, graph, tmp_path):
    analysis = analysed(tmp_path, found, graph, by)
    plans = plan_groups(analysis, analysis.components)
    told = list(zip(plans, moves_between(analysis, plans), strict=True))

    needed = sum(cuts_needed(by, edges(found, graph)))
    for plan, moves in told:
        for move in moves:
            made = edges(in_group(found, move.module, move.name), graph)
            if by == "names":
                renamed = {move.module: move.group}
                left = cuts_needed(by, made, renamed)
            else:
                left = cuts_needed(by, made)
            assert (move.cuts, needed - sum(left)) == (len(plan.plan.cut_set.cuts), move.cuts - move.cuts_left)
            assert move.cuts_left < move.cuts


@pytest.mark.parametrize("by", ["package", "siblings", "names"])
@quick
@given(model=definitions(), graph=st.sampled_from(GraphName))
def test_a_definition_in_a_module_of_another_group_spares_as_many_cuts_as_is_said(by, model, graph, tmp_path):
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    write_files(tmp_path, texts_of(model))
    analysis = analyze("p", folders=[tmp_path], graph=graph, by=words(by))
    plans = plan_groups(analysis, analysis.components)
    told = [move for moves in moves_between(analysis, plans, definitions=True) for move in moves if move.definition]

    needed = sum(cuts_needed(by, edges(statements_between(model), graph)))
    for move in told:
        left = cuts_needed(by, edges(statements_between(moved(model, move)), graph))
        assert needed - sum(left) == move.cuts - move.cuts_left > 0


def moved(model: Model, move: GroupMove) -> Model:
    """The model with one definition in another module, at its end or at that of what uses it."""
    homes, uses = model
    number = int(move.definition.removeprefix("D"))
    assert homes[number] == move.module
    return tuple(move.name if place == number else home for place, home in enumerate(homes)), uses


def cuts_needed(by: str, made: dict[Pair, set[Pair]], moved: dict[str, str] | None = None) -> list[int]:
    dependencies = grouped(by, made, moved or {})
    return [
        fewest({pair: causes for pair, causes in dependencies.items() if set(pair) <= set(groups)}) or 0
        for groups in knots(dependencies)
    ]


def test_a_module_that_two_packages_share_is_said_to_belong_to_the_other(tmp_path):
    write_files(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/money/__init__.py": "",
            "shop/money/vat.py": "from shop.billing import tax\nX = tax.RATE\n",
            "shop/money/price.py": "from shop.billing import tax\nX = tax.RATE\n",
            "shop/billing/__init__.py": "",
            "shop/billing/tax.py": "RATE = 1\n",
            "shop/billing/bill.py": "from shop.money import vat\nfrom shop.money import price\nX = vat.X + price.X\n",
        },
    )
    done = subprocess.run(
        [program("cycles"), "cuts", "shop", "--by", "package"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    said = [line for line in done.stdout.splitlines() if "or: " in line]
    assert said == [
        "  or: moving billing.tax to money spares all of them",
        "  or: moving money.price to billing spares 1 of 2",
        "  or: moving money.vat to billing spares 1 of 2",
    ]


def test_definitions_that_would_be_better_off_in_another_group_are_named_where_asked_for(tmp_path):
    write_files(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/money/__init__.py": "",
            "shop/money/price.py": (
                "from shop.billing.bill import RATE, Bill\nfrom shop.billing import tax\n"
                "PRICE = RATE\ndef of(bill: Bill): return tax.TAX\n"
            ),
            "shop/billing/__init__.py": "",
            "shop/billing/tax.py": "TAX = 1\n",
            "shop/billing/bill.py": (
                "from shop.money import price\nfrom shop.money.vat import VAT\nRATE = 1\n"
                "class Bill: vat = VAT\ndef total(): return price.PRICE\ndef add(): return price.of(total())\n"
            ),
            "shop/money/vat.py": "VAT = 1\n",
            "shop/billing/more.py": "from shop.money import price\nMORE = price.PRICE\n",
        },
    )
    plain = run("cuts", "shop", "--by", "package", folder=tmp_path)
    told = run("cuts", "shop", "--by", "package", "--moves", folder=tmp_path)
    as_json = json.loads(run("cuts", "shop", "--by", "package", "--moves", "--format", "json", folder=tmp_path))

    assert " of billing" not in plain
    assert "  or: moving of of money.price to billing.tax spares 1 of 2" in told
    moves = as_json["components"][0]["moves"]
    assert {"module": "shop.money.price", "definition": "of", "group": "shop.billing", "name": "shop.billing.tax"} in [
        {key: move[key] for key in ("module", "definition", "group", "name")} for move in moves
    ]


def test_groups_that_only_packages_join_by_their_own_modules_are_counted_and_need_reexports_cut(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a/__init__.py": "import p.a.x\n", "p/a/x.py": ""})
    groups = ("p.a.x=one", "p.a=two", "p=one")
    options = [part for word in groups for part in ("--by", word)]

    assert "cutting 1 import leaves no cycle" in run("scc", "p", *options, folder=tmp_path)
    assert "cutting 1 import leaves no cycle" in run("cuts", "p", *options, "--allow-reexports", folder=tmp_path)
    refused = subprocess.run(
        [program("cycles"), "cuts", "p", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "cycles: the cycle one -> two -> one cannot be broken: what a package imports of its own modules is kept; "
        "add --allow-reexports\n"
    )
    run("check", "p", *options, "--baseline", "accepted.txt", "--update", folder=tmp_path)
    assert "import-time by groups: p.a -> p.a.x" in (tmp_path / "accepted.txt").read_text()
    run("check", "p", *options, "--baseline", "accepted.txt", folder=tmp_path)
