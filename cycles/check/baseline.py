"""The baseline of `cycles check`: a file with the import cycles that are accepted, read, compared and written.

One line a cut, and one a module that is on a cycle but at no end of a cut; sorted, without numbers, so that two
branches that each make a cut merge.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cycles.check.closing_imports import Blame
from cycles.check.compare import judge, standing, unread
from cycles.check.component_ancestry import Origins
from cycles.check.findings import Before, Change, EntryLines, GraphChange, Standing, divided
from cycles.cuts import fewest_cuts
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.grouping import Grouping, NamedGroups
from cycles.make_analysis import BareComponent, bare_components, bounds_of
from cycles.model import Analysis, CutBound
from cycles.source.module_names import Pair

_VERSION = 1
_NAME = r"[^\s\x00-\x1f\x7f]+"
_GRAPH = r"(?P<graph>(?:import-time|runtime|all)(?: by (?:package(?::\d{1,3})?|siblings|groups))?)"
"""A graph, and how its modules are grouped."""
_HEADER = re.compile(r"# cycles baseline (\d{1,9})\b")
_LINE = re.compile(
    rf"{_GRAPH}: "
    rf"(?:unproven|(?P<importer>{_NAME})(?: -> (?P<imported>{_NAME})(?: \(runs (?P<runs>{_NAME}?)\))?)?)"
)
_HEAD = """\
# cycles baseline {version}: import cycles that are accepted. Written by `cycles check --update`.
# "graph: importer -> imported" is an import to cut, "graph: module" a module on a cycle besides. Comments stay.

"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a baseline accepts of one graph.

    Attributes:
        cuts: imports that together close all cycles.
        modules: the modules on cycles.
        proven: whether it was proven that no fewer cuts are enough.
    """

    cuts: frozenset[Pair] = frozenset()
    modules: frozenset[str] = frozenset()
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a baseline accepts; `lines` are what the file says, with its comments."""

    lines: EntryLines

    def accepted(self, graph: str, by: Grouping | None = None) -> Accepted:
        """What it accepts of a graph, and of the groups of its modules, by the name that its lines give it."""
        found = [match for entry in self.lines.entries if (match := _LINE.fullmatch(entry)) and match["graph"] == graph]
        modules = {match["importer"] for match in found if match["importer"] and not match["imported"]}
        for match in found:
            if match["imported"]:
                modules |= _ends(match["importer"], match["imported"], match["runs"], by)
        return Accepted(
            cuts=frozenset((match["importer"], match["imported"]) for match in found if match["imported"]),
            modules=frozenset(modules),
            proven=all(match["importer"] for match in found),
        )


def read_baseline(text: str, path: str) -> Baseline:
    """Return what a baseline accepts; raises CyclesError, which names the line, where it is none."""
    header = _HEADER.search(text.partition("\n")[0])
    if header and int(header[1]) > _VERSION:
        raise CyclesError(f"{path} was written by a newer cycles (format {header[1]}); update cycles")
    lines = divided(
        text,
        path,
        lambda entry: bool(_LINE.fullmatch(entry)),
        "is not a line of a baseline; repair it, or remove the file and write it with --update",
    )
    return Baseline(lines)


def _ends(importer: str, imported: str, ran: str | None, by: Grouping | None) -> set[str]:
    """Return the modules on cycles, or the groups, that a line with a cut tells of.

    An import that only runs a package on the way closes the cycle of that package, not of the module that it names.
    """
    ends = (by and by.ends(importer, ran or imported)) or (importer, imported)
    return {ends[0]} if ran else {*ends}


def _label(graph: GraphName, by: Grouping | None) -> str:
    """Return the name of a graph in the lines of a baseline, with how its modules are grouped."""
    if by is None:
        return graph
    return f"{graph} by {'groups' if isinstance(by, NamedGroups) else by.words[0]}"


def compare_with_baseline(
    baseline: Baseline, path: str, analysis: Analysis, graphs: Sequence[GraphName], *, strict: bool = False
) -> Change:
    """Say what is worse than a baseline, and which of its lines nothing needs any more.

    A baseline does not have the imports that were there: those are named without which nothing would be worse, and of
    none it is said that the change added it.
    """
    changes: list[GraphChange] = []
    stale: list[str] = []
    renamed: dict[str, str] = {}
    for graph in graphs:
        bare = bare_components(analysis, graph)
        bounds = bounds_of(bare)
        now, accepted = standing(bare, bounds), baseline.accepted(_label(graph, analysis.by), analysis.by)
        same = _renamed(accepted, analysis, now)
        renamed |= same
        origins = Origins({module: (same.get(module, module),) for module in now.modules})
        was = _standing(accepted)
        new_cuts = _new_cuts(bare, accepted, same)
        grown = [number for number, cuts in enumerate(new_cuts) if cuts]
        blame = Blame(analysis, graph, bare, bounds, frozenset().union(*new_cuts), lambda _: False, lambda _: ())
        there = _nodes(analysis) | set(same.values())
        change = judge(
            blame,
            was,
            now,
            origins,
            grown=grown,
            freed=accepted.modules & there - set(same.values()),
            deleted=sorted(accepted.modules - there),
            strict=strict,
        )
        changes.append(replace(change, findings=tuple(replace(found, added=False) for found in change.findings)))
        stale += _stale(baseline, _label(graph, analysis.by), bare, same)
    gone = tuple(sorted((old, name) for name, old in renamed.items()))
    unreadable = unread(analysis)
    return Change(analysis, Before("baseline", path), tuple(changes), gone, unreadable, tuple(stale), strict)


def updated_baseline(text: str, path: str, analysis: Analysis, graphs: Sequence[GraphName]) -> str:
    """Return a baseline that accepts the cycles that there are now; what stays keeps its comments.

    Of the smallest sets of cuts it has one that keeps most of its lines. Other graphs stay as they are.
    Raises CyclesError where the old text is no baseline.
    """
    baseline = read_baseline(text, path)
    now: set[str] = set()
    labels = {graph: _label(graph, analysis.by) for graph in graphs}
    for graph, label in labels.items():
        now.update(_lines_of(label, bare_components(analysis, graph), baseline.accepted(label).cuts, analysis.by))
    gone = [
        entry for entry in baseline.lines.entries if entry.startswith(tuple(f"{name}:" for name in labels.values()))
    ]
    return baseline.lines.updated(set(gone) - now, now, _HEAD.format(version=_VERSION))


def _nodes(analysis: Analysis) -> set[str]:
    """Return what the nodes of the graphs can be: modules, or groups of these."""
    names = [file.name for file in analysis.files]
    return set(names if analysis.by is None else analysis.by.groups(names))


def _lines_of(
    graph: str, bare: Sequence[BareComponent], accepted: Collection[Pair], by: Grouping | None
) -> Iterator[str]:
    """Yield the lines for a graph that has these components."""
    for one, bound, cuts in zip(bare, bounds_of(bare), fewest_cuts(bare, accepted), strict=True):
        ends: set[str] = set()
        for importer, imported in cuts:
            linked = sorted((tail, head) for tail, head, made in one.made if made.pair == (importer, imported))
            # What such an import runs is on the cycle, not what it names.
            named = imported in one.modules if by is None else by.ends(importer, imported) in linked
            ran = None if named else linked[0][1]
            ends |= _ends(importer, imported, ran, by)
            yield f"{graph}: {importer} -> {imported}{f' (runs {ran})' if ran else ''}"
        yield from (f"{graph}: {module}" for module in one.modules if module not in ends)
        if bound.size != bound.lower_bound:
            yield f"{graph}: unproven"


def _standing(accepted: Accepted) -> Standing:
    size = len(accepted.cuts)
    return Standing(tuple(sorted(accepted.modules)), (), CutBound(size, size if accepted.proven else 0))


def _new_cuts(bare: Sequence[BareComponent], accepted: Accepted, renamed: Mapping[str, str]) -> list[frozenset[Pair]]:
    """Return for each component the cuts that it needs and that the baseline does not have."""
    pairs = {pair for one in bare for pair in one.pairs()}
    known = {pair for pair in pairs if (renamed.get(pair[0], pair[0]), renamed.get(pair[1], pair[1])) in accepted.cuts}
    return [frozenset(set(cuts) - known) for cuts in fewest_cuts(bare, known)]


def _renamed(accepted: Accepted, analysis: Analysis, now: Standing) -> dict[str, str]:
    """Return modules of now that take the place of ones that are gone (now: before).

    A baseline has no texts. So a module is taken for a renamed one where it has the last part of the name of one that
    is gone, or lies in the same package: those first whose names are most alike, and each only once.
    """
    there = _nodes(analysis) | set(analysis.compiled)
    gone: dict[tuple[int, str], list[str]] = defaultdict(list)
    for old in sorted(accepted.modules - there):
        for end in (0, 2):
            gone[end, old.rpartition(".")[end]].append(old)
    new = [module for module in now.modules if module not in accepted.modules]
    pairs = {(name, old) for name in new for end in (0, 2) for old in gone.get((end, name.rpartition(".")[end]), ())}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name, old in sorted(pairs, key=lambda pair: (_unlike(*pair), pair)):
        if name not in found and old not in taken:
            found[name] = old
            taken.add(old)
    return found


def _unlike(name: str, old: str) -> tuple[int, int]:
    """How different two names are: in the number of their parts, then in the parts themselves."""
    parts, olds = name.split("."), old.split(".")
    return abs(len(parts) - len(olds)), sum(part != other for part, other in zip(parts, olds, strict=False))


def _stale(baseline: Baseline, graph: str, bare: Sequence[BareComponent], renamed: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that nothing needs: cuts of imports on no cycle, and modules on none."""
    modules = {renamed.get(module, module) for one in bare for module in one.modules}
    pairs = {
        (renamed.get(made.importer, made.importer), renamed.get(made.imported, made.imported))
        for one in bare
        for _, _, made in one.made
    }
    for entry in baseline.lines.entries:
        found = _LINE.fullmatch(entry)
        if found and found["graph"] == graph and found["importer"]:
            pair = (found["importer"], found["imported"])
            if (pair not in pairs) if found["imported"] else (found["importer"] not in modules):
                yield entry
