"""`cycles check --by`: cycles between groups of modules, before and now, beside networkx and clingo."""

import json
import subprocess
from collections.abc import Collection, Iterable
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import program, write_files
from cycles.api import analyze
from cycles.check.baseline import compare_with_baseline, read_baseline, updated_baseline
from cycles.check.compare import check, compare
from cycles.enums import GraphName, Outcome
from cycles.model import Analysis
from git_history import History
from groups_oracle import EVERY, Pair, Statement, edges, files_of, grouped, knots, statements, words
from solver import fewest

quick = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def analysed(folder: Path, found: Iterable[Statement], graph: GraphName, by: str) -> Analysis:
    write_files(folder, files_of(found))
    return analyze("p", folders=[folder], graph=graph, by=words(by))


def cyclic(dependencies: Iterable[Pair]) -> set[str]:
    return set(chain.from_iterable(knots(dependencies)))


def fewest_cuts(dependencies: dict[Pair, set[Pair]]) -> int:
    inside = [
        {pair: causes for pair, causes in dependencies.items() if set(pair) <= set(groups)}
        for groups in knots(dependencies)
    ]
    return sum(fewest(one) or 0 for one in inside)


def without(dependencies: dict[Pair, set[Pair]], cuts: Collection[Pair]) -> list[Pair]:
    return [pair for pair, causes in dependencies.items() if not causes <= set(cuts)]


@EVERY
@quick
@given(before=statements(), now=statements(), graph=st.sampled_from(GraphName))
def test_what_became_of_groups_is_what_the_oracle_says(by, before, now, graph, tmp_path_factory):
    was, made = (grouped(by, edges(found, graph)) for found in (before, now))
    cuts = fewest_cuts(was), fewest_cuts(made)
    folders = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("now")
    analyses = [analysed(*one, graph, by) for one in zip(folders, (before, now), strict=True)]
    [change] = compare(*analyses, graphs=[graph], renamed={}).graphs

    newly, freed = cyclic(made) - cyclic(was), cyclic(was) - cyclic(made)
    worse, better = newly or cuts[1] > cuts[0], freed or cuts[1] < cuts[0]
    assert change.outcome == (Outcome.WORSE if worse else Outcome.BETTER if better else Outcome.SAME)
    assert (set(change.newly), set(change.freed), change.deleted) == (newly, freed, ())
    assert (change.before.modules, change.now.modules) == (tuple(sorted(cyclic(was))), tuple(sorted(cyclic(made))))
    assert (change.before.cuts.size, change.now.cuts.size) == cuts
    errors = {(one.importer, one.imported) for one in change.findings if one.is_error}
    assert bool(errors) == (change.outcome is Outcome.WORSE)
    left = dict.fromkeys(without(made, errors), frozenset())
    assert cyclic(left) <= cyclic(was)
    for one in change.findings:
        ring = [*zip(one.cycle, (*one.cycle[1:], one.cycle[0]), strict=True)]
        assert set(ring) <= made.keys()
        assert (one.importer, one.imported) in made[ring[0]]


@EVERY
@quick
@given(found=statements(), more=statements(), graph=st.sampled_from(GraphName))
def test_a_baseline_accepts_the_groups_of_now_and_no_more(by, found, more, graph, tmp_path_factory):
    made, further = (grouped(by, edges(one, graph)) for one in (found, [*found, *more]))
    analysis = analysed(tmp_path_factory.mktemp("now"), found, graph, by)
    text = updated_baseline("", "baseline.txt", analysis, [graph])
    same = compare_with_baseline(read_baseline(text, "baseline.txt"), "baseline.txt", analysis, [graph])
    later = analysed(tmp_path_factory.mktemp("later"), [*found, *more], graph, by)
    change = compare_with_baseline(read_baseline(text, "baseline.txt"), "baseline.txt", later, [graph])

    assert (same.outcome, same.stale, same.findings) == (Outcome.SAME, (), ())
    assert updated_baseline(text, "baseline.txt", analysis, [graph]) == text
    newly = cyclic(further) - cyclic(made)
    assert set(change.graphs[0].newly) == newly
    assert (change.outcome is Outcome.WORSE) == bool(newly or fewest_cuts(further) > fewest_cuts(made))


@quick
@given(before=statements(), now=statements(), graph=st.sampled_from(GraphName))
def test_groups_of_one_module_each_are_judged_as_modules(before, now, graph, tmp_path_factory):
    folders = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("now")
    for folder, found in zip(folders, (before, now), strict=True):
        write_files(folder, files_of(found))
    plain, single = ([analyze("p", folders=[one], by=by) for one in folders] for by in ((), "package:99"))

    assert compare(*single, graphs=[graph]).graphs == compare(*plain, graphs=[graph]).graphs
    assert check(single[1], [graph]).graphs == check(plain[1], [graph]).graphs


@pytest.fixture
def history(tmp_path) -> History:
    """Orders import billing."""
    history = History(tmp_path)
    history.commit(
        {
            "shop/__init__.py": "",
            "shop/orders/__init__.py": "",
            "shop/orders/cart.py": "from shop.billing.tax import rate\nprint(rate)\n",
            "shop/orders/lines.py": "LINES = []\nNUMBER = len(LINES)\n",
            "shop/billing/__init__.py": "",
            "shop/billing/tax.py": "rate = 1\n",
            "shop/billing/bill.py": "total = 0\n",
        }
    )
    return history


def run_in(history: History, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program("cycles"), *arguments]
    return subprocess.run(command, cwd=history.folder, capture_output=True, text=True, check=False)


def checked(history: History, *arguments: str) -> tuple[int, str]:
    done = run_in(history, "check", "shop", "--since", "HEAD", "--by", "package", *arguments)
    return done.returncode, done.stdout


def test_a_package_that_newly_depends_on_another_in_a_cycle_is_named_by_the_added_import(history):
    history.write({"shop/billing/bill.py": "from shop.orders.lines import LINES\ntotal = len(LINES)\n"})

    commit = history.git("rev-parse", "--short=10", "HEAD")
    assert checked(history) == (
        1,
        f"""\
shop   by package · 7 modules
  compared with where this branch left HEAD ({commit})
  2 groups are newly on an import cycle: shop.billing and shop.orders; before 0
  groups and 0 cuts, now 2 and 1

New import cycle
  shop/billing/bill.py:1  from shop.orders.lines import LINES
    closes billing → orders → billing
    instead: move code: LINES is used in the module's body (line 2)

what became of the components
  a new component of 2 groups (shop.billing and shop.orders)

next  cycles why shop shop.billing shop.orders --by package
      cycles cuts shop --by package
""",
    )
    assert run_in(history, "check", "shop", "--since", "HEAD").returncode == 0


def test_a_module_that_moves_to_another_package_can_close_a_cycle_there(history):
    history.write({"shop/billing/cart.py": (history.folder / "shop/orders/cart.py").read_text()})
    history.write({"shop/orders/cart.py": None, "shop/orders/lines.py": "from shop.billing.cart import rate\n"})
    history.write({"shop/billing/tax.py": "from shop.orders.lines import NUMBER\nrate = NUMBER\n"})
    code, text = checked(history, "--format", "json")

    assert code == 1
    found = json.loads(text)
    assert found["by"] == ["package"]
    assert found["renamed"] == [{"before": "shop.orders.cart", "now": "shop.billing.cart"}]
    assert found["changes"][0]["newly"] == ["shop.billing", "shop.orders"]


def test_a_package_with_another_name_is_the_same_group(history):
    history.commit({"shop/billing/bill.py": "from shop.orders.lines import LINES\ntotal = len(LINES)\n"})
    history.write(
        {
            "shop/money/__init__.py": "",
            "shop/money/tax.py": "rate = 1\n",
            "shop/money/bill.py": (history.folder / "shop/billing/bill.py").read_text(),
            "shop/billing/__init__.py": None,
            "shop/billing/tax.py": None,
            "shop/billing/bill.py": None,
            "shop/orders/cart.py": "from shop.money.tax import rate\nprint(rate)\n",
        }
    )
    code, text = checked(history)

    assert code == 0
    assert "2 groups and 1 cut, as before" in text


def test_a_new_package_with_a_part_of_another_continues_that(tmp_path):
    body = "def total(prices):\n    result = sum(prices)\n    return round(result, 2)\n"
    history = History(tmp_path)
    history.commit(
        {
            "shop/__init__.py": "",
            "shop/a/__init__.py": "",
            "shop/a/x.py": f"from shop.b.y import Y\n{body}",
            "shop/b/__init__.py": "",
            "shop/b/y.py": "from shop.a import x\nclass Y: pass\n",
        }
    )
    history.write(
        {
            "shop/c/__init__.py": "",
            "shop/c/z.py": f"from shop.b.y import Y\n{body}",
            "shop/a/x.py": "from shop.c.z import total\nprint(total)\n",
        }
    )
    code, text = checked(history)

    assert code == 0, text
    assert "before 2 groups and 1 cut, now 3 and 1" in text


def test_lines_of_a_baseline_are_about_one_way_to_group_modules(history):
    history.write({"shop/billing/bill.py": "from shop.orders.lines import LINES\ntotal = len(LINES)\n"})
    update = run_in(history, "check", "shop", "--by", "package", "--baseline", "cycles.txt", "--update")
    with_names = [
        *("check", "shop", "--by", "shop.orders=one", "--by", "shop.billing=two", "--baseline", "cycles.txt"),
        "--update",
        "--allow-growth",
    ]

    assert update.returncode == 0
    assert run_in(history, *with_names).returncode == 0
    assert (history.folder / "cycles.txt").read_text().splitlines()[3:] == [
        "import-time by groups: shop.billing.bill -> shop.orders.lines",
        "import-time by package: shop.orders.cart -> shop.billing.tax",
    ]
    assert run_in(history, "check", "shop", "--baseline", "cycles.txt").returncode == 0
    assert run_in(history, "check", "shop", "--by", "siblings", "--baseline", "cycles.txt").returncode == 1


def test_services_are_told_of_groups(history):
    history.write({"shop/billing/bill.py": "from shop.orders.lines import LINES\ntotal = len(LINES)\n"})
    _, comment = checked(history, "--format", "markdown")
    _, sarif = checked(history, "--format", "sarif")

    assert comment.startswith("<!-- cycles check: shop by package -->\n")
    assert "2 groups are newly on an import cycle" in comment
    [run] = json.loads(sarif)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["group-cycle/import-time"]
    alone = run_in(history, "scc", "shop", "--by", "package", "--check", "--format", "sarif")
    assert alone.returncode == 1
    assert json.loads(alone.stdout)["runs"][0]["results"][0]["ruleId"] == "group-cycle/import-time"
