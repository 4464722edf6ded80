"""The history of a small shop, commit by commit: what `cycles check` must say of each, and in which words.

The verdicts are written by hand. Each change is judged three times: alone, since the commit before, and by a baseline
that was written there.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cycles.api import analyze
from cycles.check.baseline import compare_with_baseline, read_baseline, updated_baseline
from cycles.check.compare import check
from cycles.check.compare_revision import Revision, compare_with_revision
from cycles.check.findings import Change
from cycles.enums import GraphName
from cycles.make_analysis import Question
from cycles.report.check import check_as_text
from cycles.report.terminal import TextStyle
from git_history import ENVIRONMENT, History

WORDS = Path(__file__).with_name("check_history.txt")
"""What is said of some commits; `python test_check_history.py` writes it, and its diff is read like code."""
SHOWN = {
    "begin": "alone since",
    "close a cycle": "alone since baseline",
    "reformat": "since",
    "defer the import": "since baseline",
    "a larger cycle around it": "since",
    "a further import in it that makes nothing worse": "since",
    "an import in it that needs one more cut": "since baseline",
    "rename a module": "since baseline",
    "rename the package": "since",
    "split a module that is on the cycle": "since baseline",
    "the new module joins the cycle": "alone since",
    "merge the components": "since",
    "split them again": "since",
    "delete a module of the second": "since baseline",
    "give it one that closes a cycle": "since",
    "vendor a package with a cycle": "since",
    "a cycle through main": "since",
    "fix the first cycle": "since baseline",
}


def body(name: str, lines: int = 12) -> str:
    """Lines that only one module has."""
    return "".join(f"{name.upper()}_{number} = {number}\n" for number in range(lines))


@dataclass(frozen=True)
class Step:
    """A commit, and what is to be said of it.

    `since` and `baseline` are the verdicts of import-time, runtime and all, in this order: W worse, S the same, B
    better; `alone` the modules on cycles and the cuts of each. `newly`, `freed`, `deleted` and `named` (the imports
    that are called an error) are those of `graph`, since the commit before.
    """

    what: str
    files: dict[str, str | None]
    alone: str
    since: str
    baseline: str = ""
    newly: str = ""
    freed: str = ""
    deleted: str = ""
    named: str = ""
    graph: str = "import-time"
    events: str = ""
    renamed: str = ""


orders, stock, users, prices = body("orders"), body("stock"), body("users"), body("prices")
GUARD = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
LATER = "def later():\n    "

STEPS = [
    Step("begin", {"shop/__init__.py": "", "shop/orders.py": f"from shop import users\n{orders}", "shop/users.py": users}, "0/0 0/0 0/0", "SSS"),
    Step("add a module", {"shop/stock.py": f"from shop import orders\n{stock}"}, "0/0 0/0 0/0", "SSS"),
    Step("close a cycle", {"shop/orders.py": f"from shop import users\nfrom shop import stock\n{orders}"}, "2/1 2/1 2/1", "WWW", newly="shop.orders shop.stock", named="shop.orders>shop.stock", events="new"),
    Step("move the import within the file", {"shop/orders.py": f"{orders}from shop import stock\nfrom shop import users\n"}, "2/1 2/1 2/1", "SSS"),
    Step("reformat", {"shop/orders.py": f'"""Orders."""\n\n\n{orders}\n\nfrom shop import (\n    stock,\n    users,\n)\n'}, "2/1 2/1 2/1", "SSS"),
    Step("defer the import", {"shop/orders.py": f"from shop import users\n{LATER}from shop import stock\n{orders}"}, "0/0 2/1 2/1", "BSS", freed="shop.orders shop.stock", events="gone"),
    Step("make it eager again", {"shop/orders.py": f"from shop import users, stock\n{orders}"}, "2/1 2/1 2/1", "WSS", newly="shop.orders shop.stock", named="shop.orders>shop.stock", events="new"),
    Step("only for types", {"shop/orders.py": f"from shop import users\n{GUARD}from shop import stock\n{orders}"}, "0/0 0/0 2/1", "BBS", freed="shop.orders shop.stock", events="gone"),
    Step("no longer only for types", {"shop/orders.py": f"from shop import users\nfrom shop.stock import STOCK_1\n{orders}"}, "2/1 2/1 2/1", "WWS", newly="shop.orders shop.stock", named="shop.orders>shop.stock", events="new"),
    Step("a larger cycle around it", {"shop/users.py": f"import shop.stock\n{users}"}, "3/1 3/1 3/1", "WWW", newly="shop.users", named="shop.users>shop.stock", events="grown"),
    Step("a further import in it that makes nothing worse", {"shop/orders.py": f"from shop import users\nfrom shop.stock import STOCK_1\nimport shop.stock\n{orders}"}, "3/1 3/1 3/1", "SSS"),
    Step("an import in it that needs one more cut", {"shop/users.py": f"import shop.stock\nimport shop.orders\n{users}"}, "3/2 3/2 3/2", "WWW", named="shop.users>shop.orders"),
    Step("revert it", {"shop/users.py": f"import shop.stock\n{users}"}, "3/1 3/1 3/1", "BBB"),
    Step("rename a module", {"shop/users.py": None, "shop/people.py": f"import shop.stock\n{users}", "shop/orders.py": f"from shop import people\nfrom shop.stock import STOCK_1\n{orders}"}, "3/1 3/1 3/1", "SSS", renamed="shop.users>shop.people"),
    Step("move a module into a package", {"shop/stock.py": None, "shop/store/__init__.py": "", "shop/store/stock.py": f"from shop import orders\n{stock}", "shop/people.py": f"import shop.store.stock\n{users}", "shop/orders.py": f"from shop import people\nfrom shop.store.stock import STOCK_1\n{orders}"}, "3/1 3/1 3/1", "SSS", renamed="shop.stock>shop.store.stock"),
    Step("the package imports its module", {"shop/store/__init__.py": "from shop.store.stock import STOCK_1\n"}, "4/1 4/1 3/1", "WWS", newly="shop.store", named="shop.store>shop.store.stock", events="grown"),
    Step("rename the package", {"shop/store/__init__.py": None, "shop/store/stock.py": None, "shop/depot/__init__.py": "from shop.depot.stock import STOCK_1\n", "shop/depot/stock.py": f"from shop import orders\n{stock}", "shop/people.py": f"import shop.depot.stock\n{users}", "shop/orders.py": f"from shop import people\nfrom shop.depot.stock import STOCK_1\n{orders}"}, "4/1 4/1 3/1", "SSS", renamed="shop.store>shop.depot shop.store.stock>shop.depot.stock"),
    Step("empty the package", {"shop/depot/__init__.py": ""}, "3/1 3/1 3/1", "BBS", freed="shop.depot", events="shrunk"),
    Step("split a module that is on the cycle", {"shop/orders.py": f"from shop import people\nfrom shop import lines\n{body('orders', 5)}", "shop/lines.py": f"from shop.depot.stock import STOCK_1\n{''.join(orders.splitlines(keepends=True)[5:])}"}, "4/1 4/1 4/1", "SSS", baseline="WWW"),
    Step("an unrelated new module", {"shop/prices.py": prices}, "4/1 4/1 4/1", "SSS"),
    Step("the new module joins the cycle", {"shop/prices.py": f"from shop import orders\n{prices}", "shop/people.py": f"import shop.depot.stock\nimport shop.prices\n{users}"}, "5/2 5/2 5/2", "WWW", newly="shop.prices", named="shop.people>shop.prices shop.prices>shop.orders", events="grown"),
    Step("cut it", {"shop/prices.py": prices}, "4/1 4/1 4/1", "BBB", freed="shop.prices", events="shrunk"),
    Step("merge two modules of the cycle", {"shop/lines.py": None, "shop/orders.py": f"from shop import people\nfrom shop.depot.stock import STOCK_1\n{orders}"}, "3/1 3/1 3/1", "SSS", baseline="BBB"),
    Step("a second component", {"shop/a.py": f"import shop.b\n{body('a')}", "shop/b.py": f"import shop.a\n{body('b')}"}, "5/2 5/2 5/2", "WWW", newly="shop.a shop.b", named="shop.a>shop.b shop.b>shop.a", events="new"),
    Step("merge the components", {"shop/a.py": f"import shop.b\nimport shop.orders\n{body('a')}", "shop/people.py": f"import shop.depot.stock\nimport shop.b\n{users}"}, "5/2 5/2 5/2", "SSS", events="merged"),
    Step("split them again", {"shop/a.py": f"import shop.b\n{body('a')}"}, "5/2 5/2 5/2", "SSS", events="split"),
    Step("delete a module of the second", {"shop/b.py": None, "shop/a.py": body("a"), "shop/people.py": f"import shop.depot.stock\n{users}"}, "3/1 3/1 3/1", "BBB", freed="shop.a", deleted="shop.b", events="gone"),
    Step("another one in its place", {"shop/b.py": body("other"), "shop/a.py": body("a")}, "3/1 3/1 3/1", "SSS"),
    Step("a folder without __init__", {"shop/parts/one.py": f"import shop.orders\n{body('one')}", "shop/orders.py": f"from shop import people\nfrom shop.depot.stock import STOCK_1\nimport shop.parts.two\n{orders}", "shop/parts/two.py": body("two")}, "3/1 3/1 3/1", "SSS"),
    Step("give it one that closes a cycle", {"shop/parts/__init__.py": "import shop.parts.one\n"}, "5/2 5/2 3/1", "WWS", newly="shop.parts shop.parts.one", named="shop.parts>shop.parts.one", events="grown"),
    Step("take it away", {"shop/parts/__init__.py": None}, "3/1 3/1 3/1", "BBS", freed="shop.parts.one", deleted="shop.parts", events="shrunk"),
    Step("vendor a package with a cycle", {"shop/vendored/__init__.py": "", "shop/vendored/x.py": "from . import y\n", "shop/vendored/y.py": "from . import x\n"}, "5/2 5/2 5/2", "WWW", newly="shop.vendored.x shop.vendored.y", named="shop.vendored.x>shop.vendored.y shop.vendored.y>shop.vendored.x", events="new"),
    Step("a newer one without", {"shop/vendored/y.py": "Y = 1\n"}, "3/1 3/1 3/1", "BBB", freed="shop.vendored.x shop.vendored.y", events="gone"),
    Step("delete it", {"shop/vendored/__init__.py": None, "shop/vendored/x.py": None, "shop/vendored/y.py": None}, "3/1 3/1 3/1", "SSS"),
    Step("a file in tests", {"tests/test_shop.py": "import shop.orders\n"}, "3/1 3/1 3/1", "SSS"),
    Step("other ends of lines", {"shop/people.py": f"import shop.depot.stock\n{users}".replace("\n", "\r\n")}, "3/1 3/1 3/1", "SSS"),
    Step("a cycle through main", {"shop/b.py": f"import shop.a\n{body('other')}", "shop/a.py": f"{body('a')}if __name__ == '__main__':\n    import shop.b\n"}, "3/1 5/2 5/2", "SWW", newly="shop.a shop.b", named="shop.a>shop.b shop.b>shop.a", graph="runtime", events="new"),
    Step("fix the first cycle", {"shop/depot/stock.py": stock}, "0/0 2/1 2/1", "BBB", freed="shop.depot.stock shop.orders shop.people", events="gone"),
    Step("fix the other one", {"shop/b.py": body("other")}, "0/0 0/0 0/0", "SBB", freed="shop.a shop.b", graph="runtime", events="gone"),
    Step("close one and open another", {"shop/b.py": f"import shop.a\n{body('other')}", "shop/a.py": f"import shop.b\n{body('a')}"}, "2/1 2/1 2/1", "WWW", newly="shop.a shop.b", named="shop.a>shop.b shop.b>shop.a", events="new"),
]  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A step, and what was said of it: alone, since the commit before, and by the baseline of that commit."""

    step: Step
    alone: Change
    since: Change
    baseline: Change


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> list[Judged]:
    return list(walked(tmp_path_factory.mktemp("history")))


def walked(folder: Path) -> Iterator[Judged]:
    """Make each commit, and judge it before it is made."""
    history, graphs, accepted = History(folder), list(GraphName), ""
    history.commit({"pyproject.toml": '[project]\nname = "shop"\n', "shop/__init__.py": ""})
    for step in STEPS:
        history.write(step.files)
        now = analyze("shop", folders=[folder])
        since = compare_with_revision(
            Question(["shop"], [folder]), now, Revision("main"), graphs, environment=ENVIRONMENT
        )
        baseline = compare_with_baseline(read_baseline(accepted, "accepted"), "accepted", now, graphs)
        yield Judged(step, check(now, graphs), since, baseline)
        accepted = updated_baseline(accepted, "accepted", now, graphs)
        history.commit(subject=step.what)


def letters(change: Change) -> str:
    return "".join(found.outcome[0].upper() for found in change.graphs)


def test_there_are_forty_commits():
    assert len(STEPS) == 40
    assert len({step.what for step in STEPS}) == 40


def test_each_commit_has_the_verdict_that_a_person_gives_it(judged):
    wrong = {}
    for one in judged:
        step = one.step
        graph = next(found for found in one.since.graphs if found.graph == step.graph)
        alone = " ".join(f"{len(found.now.modules)}/{found.now.cuts.size}" for found in one.alone.graphs)
        named = {f"{found.importer}>{found.imported}" for found in graph.findings if found.is_error}
        said = (
            alone,
            letters(one.since),
            letters(one.baseline),
            " ".join(graph.newly),
            " ".join(graph.freed),
            " ".join(graph.deleted),
            " ".join(sorted(named)),
            " ".join(event.event for event in graph.events),
            " ".join(f"{old}>{new}" for old, new in one.since.renamed),
        )
        wanted = (
            step.alone, step.since, step.baseline or step.since, step.newly, step.freed, step.deleted, step.named, step.events, step.renamed
        )  # fmt: skip
        assert letters(one.alone) == "".join("S" if part == "0/0" else "W" for part in alone.split())
        if said != wanted:
            wrong[step.what] = [pair for pair in zip(said, wanted, strict=True) if pair[0] != pair[1]]

    assert not wrong, "\n".join(f"{what}: {pairs}" for what, pairs in wrong.items())


def words(judged: list[Judged]) -> str:
    """What is said of some commits, each under its subject."""
    said = {one.step.what: one for one in judged}
    texts = []
    for what, kinds in SHOWN.items():
        for kind in kinds.split():
            change = {"alone": said[what].alone, "since": said[what].since, "baseline": said[what].baseline}[kind]
            texts.append(f"##### {what} ({kind})\n{check_as_text(change, TextStyle())}")
    return "\n".join(texts)


def test_it_is_said_in_these_words(judged):
    assert words(judged) == WORDS.read_text(encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        WORDS.write_text(words(list(walked(Path(made) / "history"))), encoding="utf-8")
