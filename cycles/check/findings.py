"""What `cycles check` finds out: frozen values, sorted; and files of findings that are accepted, one a line."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cycles.enums import Event, GraphName, Outcome, Presence
from cycles.errors import CyclesError
from cycles.model import Analysis, CutBound, CutFix, FirstImport
from cycles.source.import_values import Import, Paired, Skipped

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")


@dataclass(frozen=True, slots=True)
class EntryLines:
    """A file divided into its header, each entry with the comments directly above it, and what follows the last.

    The header is what is above the last empty line before the first entry.
    """

    header: str
    entries: Mapping[str, str]
    trailer: str

    def updated(self, gone: Collection[str], new: Collection[str], head: str) -> str:
        """Return the text without some entries and with new ones, sorted; what stays keeps its comments.

        Where it was empty, or would be, the `head` comes first.
        """
        kept = {entry: block for entry, block in self.entries.items() if entry not in gone}
        kept |= {entry: f"{entry}\n" for entry in new if entry not in kept}
        written = self.header + "".join(kept[entry] for entry in sorted(kept)) + self.trailer
        was_empty = not (self.entries or self.header.strip() or self.trailer.strip())
        return head + written if was_empty or not written.strip() else written


@dataclass(frozen=True, slots=True)
class Standing:
    """How cyclic one graph is at one time.

    Attributes:
        modules: those on cycles, sorted.
        components: the modules of each component, largest first; empty where only a baseline is known.
        cuts: how many cuts leave no cycle, and how many are needed at least.
    """

    modules: tuple[str, ...]
    components: tuple[tuple[str, ...], ...]
    cuts: CutBound


@dataclass(frozen=True, slots=True)
class Finding(Paired):
    """Something that a person can undo: an import that closes a cycle.

    Attributes:
        graph: where it closes one.
        importer: its module.
        imported: the module that it names.
        imports: its statements, by line; the first one is the place to look at.
        cycle: the shortest cycle that it closes, from the importer on; the first module is not repeated at the end.
        links: for each module of the cycle, the statement that makes it import the next one.
        fix: how it could be made differently; None where that was not looked at.
        component: the name of the component that it lies in: its most imported module.
        modules: how many modules the component has.
        cuts: how many cuts the component needs.
        added: whether the change added it.
        is_error: whether it makes the change worse; else it is a note.
    """

    graph: GraphName
    imports: tuple[Import, ...]
    cycle: tuple[str, ...]
    links: tuple[Import, ...]
    fix: CutFix | None
    component: str
    modules: int
    cuts: CutBound
    added: bool
    is_error: bool


@dataclass(frozen=True, slots=True)
class ComponentEvent:
    """What became of a component: its modules before, by their names then, and now. Of several, all that are linked."""

    event: Event
    before: tuple[tuple[str, ...], ...]
    now: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ChangedDependency(Paired):
    """A dependency on a cycle before or now, and what became of it.

    Attributes:
        importer: by its name now; of what is gone, by that of then.
        imported: likewise.
        implied: whether only imports make it that run a package on the way.
        presence: whether an import makes it now that did not before, or the other way round.
        imports: what makes it, or made it.
    """

    implied: bool
    presence: Presence
    imports: tuple[Import, ...]


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What a change does to one graph.

    Attributes:
        before: None where there is nothing to compare with.
        outcome: `worse` where a module is newly on a cycle or more cuts are proven to be needed; without anything to
            compare with, where there is a cycle.
        newly: the modules that are newly on a cycle.
        freed: the modules that were on a cycle, are there still, and are on none now.
        deleted: the modules that were on a cycle and are gone, by their names then.
        findings: the imports to blame, errors first, then by path and line.
        events: what became of the components.
        difference: the dependencies on cycles before or now, where somebody asked for them, sorted.
    """

    graph: GraphName
    before: Standing | None
    now: Standing
    outcome: Outcome
    newly: tuple[str, ...]
    freed: tuple[str, ...]
    deleted: tuple[str, ...]
    findings: tuple[Finding, ...]
    events: tuple[ComponentEvent, ...]
    difference: tuple[ChangedDependency, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What the packages are compared with.

    Attributes:
        kind: "nothing", "revision" or "baseline".
        name: the revision or the file, as it was given; "" for nothing.
        commit: the commit that was read; "" where none was.
        is_merge_base: whether that is where HEAD left the revision, not the revision itself.
        missing: paths of submodules and large files whose contents in that commit are not here.
    """

    kind: str
    name: str = ""
    commit: str = ""
    is_merge_base: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the import cycles of some packages.

    Attributes:
        analysis: the packages now.
        before: what they are compared with.
        graphs: each graph that was asked for.
        renamed: modules that have another name now: (before, now), sorted.
        unread: files that an import can reach, that are new or changed, and that could not be read.
        stale: lines of the baseline that nothing needs any more.
        strict: whether an added import on a cycle that makes nothing worse is an error too.
        crashes: first imports that crash by way of an import that was added, as predicted; where that was looked at.
        written: whether the baseline was written just now, so that it accepts all there is.
    """

    analysis: Analysis
    before: Before
    graphs: tuple[GraphChange, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    unread: tuple[Skipped, ...] = ()
    stale: tuple[str, ...] = ()
    strict: bool = False
    crashes: tuple[FirstImport, ...] = ()
    written: bool = False

    @property
    def outcome(self) -> Outcome:
        """The worst that became of any graph; where none is worse, whether one is better."""
        found = [change.outcome for change in self.graphs]
        return next((one for one in (Outcome.WORSE, Outcome.BETTER) if one in found), Outcome.SAME)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all graphs, in order."""
        return tuple(finding for change in self.graphs for finding in change.findings)

    @property
    def passed(self) -> bool:
        """Whether nothing is worse, and in a strict check no added import is on a cycle."""
        return self.outcome is not Outcome.WORSE and not any(finding.is_error for finding in self.findings)


def divided(text: str, path: str, is_entry: Callable[[str], bool], complaint: str) -> EntryLines:
    """Divide a file of accepted findings.

    Raises CyclesError, which names the line and ends with the complaint, where one is no entry.
    """
    header, waiting = "", ""
    entries: dict[str, str] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if _CONFLICT.match(line):
            raise CyclesError(f"{path}:{number}: a conflict marker of git; settle the conflict first")
        entry = line.partition("#")[0].strip()
        if entry and not is_entry(entry):
            raise CyclesError(f'{path}:{number}: "{entry}" {complaint}')
        waiting += f"{line}\n"
        if entry:
            entries.setdefault(entry, waiting)
            waiting = ""
        elif not line.strip() and not entries:
            header, waiting = header + waiting, ""
    return EntryLines(header, entries, waiting)
