"""`cycles check` on histories that are made at random, beside networkx, clingo and `ast`.

The generator knows what became of each module; the oracle says how cyclic the packages are before and now.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from cycles.api import analyze
from cycles.check import compare as comparing
from cycles.check import compare_revision
from cycles.check.baseline import compare_with_baseline, read_baseline, updated_baseline
from cycles.check.compare_revision import Revision, compare_with_revision
from cycles.check.findings import Change, GraphChange
from cycles.enums import GraphName, Outcome
from cycles.make_analysis import Question
from cycles.model import Analysis
from cycles_oracle import Packages, read
from git_history import ENVIRONMENT, History
from inside import scan_here
from moving_package import MovingPackage

_HISTORIES = 200
_STEPS = 2
_AT_ONCE = 20


@pytest.fixture(autouse=True)
def _scan_here():
    with scan_here():
        yield


@dataclass(frozen=True)
class Expected:
    """What the oracle says of one graph."""

    outcome: Outcome
    newly: tuple[str, ...]
    freed: tuple[str, ...]
    deleted: tuple[str, ...]
    cuts: tuple[int, int]


def expected(
    before: Packages, now: Packages, graph: str, origins: Mapping[str, set[str]], same: Mapping[str, str]
) -> Expected:
    was = {module for modules in before.cyclic(graph, "p") for module in modules}
    cyclic = {module for modules in now.cyclic(graph, "p") for module in modules}
    newly = {name for name in cyclic if not origins[name] & was}
    cuts = (before.cuts(graph, "p"), now.cuts(graph, "p"))
    # A module that took in another one continues it where it is on a cycle of any graph.
    anywhere = {name for one in GraphName for modules in now.cyclic(one, "p") for name in modules}
    continued = {
        old: {name for name in origins if old in origins[name] and (name in anywhere or same[name] == old)}
        for old in was
    }
    # Where nothing of several heirs is cyclic, the module of the same or the new name is freed.
    freed = {
        name
        for old, heirs in continued.items()
        if heirs & now.modules and not heirs & cyclic
        for name in ([old] if old in heirs else sorted(heirs))
    }
    deleted = {old for old, heirs in continued.items() if not heirs & now.modules}
    worse = bool(newly) or cuts[1] > cuts[0]
    better = bool(freed or deleted or cuts[1] < cuts[0])
    outcome = Outcome.WORSE if worse else Outcome.BETTER if better else Outcome.SAME
    return Expected(outcome, tuple(sorted(newly)), tuple(sorted(freed)), tuple(sorted(deleted)), cuts)


def found(change: GraphChange) -> Expected:
    assert change.before is not None
    assert change.before.cuts.proven
    assert change.now.cuts.proven
    cuts = (change.before.cuts.size, change.now.cuts.size)
    return Expected(change.outcome, change.newly, change.freed, change.deleted, cuts)


class Walk:
    """A repository that follows a moving package."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.package = MovingPackage(Random(seed))
        self.history = History(folder / "repository")
        self.folder = self.history.folder
        self.copy = folder / "copy"
        self.written: dict[str, str] = {}
        self.write()
        self.history.commit()

    def write(self) -> None:
        """Write the package as it is now."""
        files = self.package.files()
        gone = dict.fromkeys(self.written.keys() - files.keys())
        self.history.write({**gone, **{name: text for name, text in files.items() if self.written.get(name) != text}})
        self.written = files

    def texts(self) -> dict[str, str]:
        """The text of each module."""
        return {name: self.written[self.package.path(name)] for name in self.package.modules}

    def now(self, *roots: str) -> Analysis:
        roots = [root for root in roots if (self.folder / root).is_dir()]
        return analyze("p", folders=[self.folder], roots=roots)

    def since_head(self, now: Analysis) -> Change:
        question = Question(["p"], [self.folder])
        return compare_with_revision(
            question, now, Revision("HEAD", merge_base=False), list(GraphName), environment=ENVIRONMENT
        )


@pytest.fixture
def then(monkeypatch) -> list[Analysis]:
    """The analyses of commits that checks make."""
    made: list[Analysis] = []

    def compare(before, now, **options):
        made.append(before)
        return comparing.compare(before, now, **options)

    monkeypatch.setattr(compare_revision, "compare", compare)
    return made


def mentions(analysis: Analysis) -> tuple:
    return analysis.mentions, {name.name: name.is_package for name in analysis.files}, analysis.closing


def walks(first: int, folder: Path, number: int = _AT_ONCE) -> Iterator[tuple[str, Walk]]:
    for seed in range(first, first + number):
        walk = Walk(folder / str(seed), seed)
        for step in range(_STEPS):
            yield f"history {seed}, step {step}", walk


@pytest.mark.parametrize("first", range(0, _HISTORIES, _AT_ONCE))
def test_verdicts_are_those_of_the_oracle(tmp_path, then, first):
    for place, walk in walks(first, tmp_path):
        before, before_with_q = read(walk.folder, "p"), read(walk.folder, "p", "q")
        was, was_with_q, texts = walk.now(), walk.now("q"), walk.texts()
        done = walk.package.step()
        where = f"{place}: {'; '.join(done)}"
        walk.write()
        now, origins = read(walk.folder, "p"), walk.package.origins
        analysis = walk.now()
        was = was_with_q if "q" in analysis.packages else was
        was_cyclic = {module for graph in GraphName for modules in before.cyclic(graph, "p") for module in modules}
        same = {name: walk.package.same_as(name) for name in origins}
        heirs = {name: {same[name]} - {""} | (olds & was_cyclic) for name, olds in origins.items()}
        touched = {name for name, text in walk.texts().items() if text not in {texts[old] for old in origins[name]}}

        before = before_with_q if "q" in analysis.packages else before

        change = walk.since_head(analysis)

        assert ("q" in analysis.packages) == ("q" in now.modules)
        assert mentions(then.pop()) == mentions(was), where
        for one in change.graphs:
            wanted = expected(before, now, one.graph, origins, same)
            assert found(one) == wanted, f"{where} ({one.graph})"
            said = {(finding.importer, finding.imported) for finding in one.findings if finding.added}
            assert said == added(before, now, one.graph, heirs, touched), f"{where} ({one.graph})"
            # An import that stood there is only called an error where it means something else now.
            stood = {(found.importer, found.imported) for found in one.findings if found.is_error} - said
            moved = {name for name, olds in origins.items() if olds != {name}}
            assert {pair for pair in stood if pair[0] not in {*touched, *moved}} <= began(
                before, now, one.graph, heirs
            ), where
            assert any(finding.is_error for finding in one.findings) == (one.outcome is Outcome.WORSE), where
        check_blame(walk, change, where)
        check_baseline(was, analysis, before, now, where)
        walk.history.commit()


def added(
    before: Packages, now: Packages, graph: str, origins: Mapping[str, set[str]], touched: Collection[str]
) -> set[tuple[str, str]]:
    """The imports in touched files that lie on a cycle now and that no module which theirs continue made before."""
    return {pair for pair in began(before, now, graph, origins) if pair[0] in touched}


def began(before: Packages, now: Packages, graph: str, origins: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """The imports that lie on a cycle now and that no module which theirs continue made before, in any file."""
    had = {(one.importer, one.imported) for one in before.of(graph)}
    components = now.cyclic(graph, "p")
    inside = {
        cause
        for (importer, imported), causes in now.causes(graph).items()
        for cause in causes
        if any(importer in modules and imported in modules for modules in components)
    }
    return {
        (importer, imported)
        for importer, imported in inside
        if not any((old, new) in had for old in origins[importer] for new in origins.get(imported) or {imported})
    }


def check_blame(walk: Walk, change: Change, where: str) -> None:
    """Without the imports that are called an error, nothing is worse."""
    for one in change.graphs:
        if one.outcome is not Outcome.WORSE:
            continue
        named = [found for finding in one.findings if finding.is_error for found in finding.imports]
        texts = {found.path: (walk.folder / found.path).read_text().split("\n") for found in named}
        for found_import in named:
            line = texts[found_import.path][found_import.line_number - 1]
            indent = line[: len(line) - len(line.lstrip())]
            texts[found_import.path][found_import.line_number - 1] = f"{indent}pass"
        walk.history.write({path: "\n".join(lines) for path, lines in texts.items()})

        again = walk.since_head(walk.now())

        outcome = next(found.outcome for found in again.graphs if found.graph is one.graph)
        walk.history.write({path: walk.written[path] for path in texts})
        assert outcome is not Outcome.WORSE, f"{where} ({one.graph}): {[(f.importer, f.imported) for f in named]}"


def check_baseline(was: Analysis, analysis: Analysis, before: Packages, now: Packages, where: str) -> None:
    """A baseline has the modules on cycles and as many cuts as are needed; it is judged by names alone."""
    text = updated_baseline("", "f", was, list(GraphName))

    change = compare_with_baseline(read_baseline(text, "f"), "f", analysis, list(GraphName))

    for one in change.graphs:
        was_cyclic = {module for modules in before.cyclic(one.graph, "p") for module in modules}
        cyclic = {module for modules in now.cyclic(one.graph, "p") for module in modules}
        assert one.before is not None
        assert one.before.modules == tuple(sorted(was_cyclic)), where
        cuts = (before.cuts(one.graph, "p"), now.cuts(one.graph, "p"))
        assert (one.before.cuts.size, one.now.cuts.size) == cuts, where
        if was_cyclic <= now.modules:
            # No name is gone, so none is taken for another one.
            assert one.newly == tuple(sorted(cyclic - was_cyclic)), where
            assert (one.outcome is Outcome.WORSE) == (bool(one.newly) or cuts[1] > cuts[0]), where
        assert any(finding.is_error for finding in one.findings) == (one.outcome is Outcome.WORSE), where
    written = updated_baseline(text, "f", analysis, list(GraphName))
    again = compare_with_baseline(read_baseline(written, "f"), "f", analysis, list(GraphName))
    assert (again.outcome, again.stale, again.findings) == (Outcome.SAME, (), ()), where
    assert updated_baseline(written, "f", analysis, list(GraphName)) == written, where


@pytest.mark.parametrize("first", range(1000, 1000 + _HISTORIES // 4, _AT_ONCE // 2))
def test_a_change_that_only_renames_or_reformats_is_never_worse(tmp_path, first):
    for where, walk in walks(first, tmp_path, _AT_ONCE // 2):
        text = updated_baseline("", "f", walk.now(), list(GraphName))
        done = walk.package.rename_or_reformat()
        walk.write()
        now = walk.now()

        change = walk.since_head(now)
        by_names = compare_with_baseline(read_baseline(text, "f"), "f", now, list(GraphName))

        assert change.outcome is not Outcome.WORSE, (where, done)
        # By names alone nobody can tell a module from another one that has its name now.
        if walk.package.before.isdisjoint(walk.package.renamed):
            assert by_names.outcome is not Outcome.WORSE, (where, done)
        assert not [one for one in change.findings if one.added], (where, done)
        walk.history.commit()
