"""Write what `cycles check` found as JSON."""

from typing import ClassVar

from cycles.check.findings import Change, Finding, GraphChange, Standing
from cycles.report.fix_words import how_to_make
from cycles.report.json_values import CutBoundDocument, Document, FixDocument, HeadDocument, Taken, as_json, head_of


class StandingDocument(Document, of=Standing):
    """How cyclic a graph is at one time: the modules on cycles, its components, and the cuts that leave no cycle."""

    cuts: CutBoundDocument


class FindingDocument(
    Document,
    of=Finding,
    names="importer imported is_error added imports cycle links to_do fix component modules",
):
    """An import that closes a cycle; the first of `imports` is the place to look at.

    `cycle` is the shortest one that it closes, from the importer on, and `links` are the statements along it. `added`:
    the change added it; `is_error`: without it nothing would be worse. `to_do` and `fix` say how it could be made
    differently. `component` and `modules` are the name and the size of the component that it lies in.
    """

    taken: ClassVar[Taken] = {
        "to_do": lambda found: how_to_make(found.fix, found.imported, found.imports) if found.fix else None
    }

    to_do: str | None
    fix: FixDocument | None


class GraphChangeDocument(
    Document,
    of=GraphChange,
    names="graph outcome before now newly freed deleted findings events",
):
    """What a change does to one graph; `before` is null where there is nothing to compare with.

    `newly` are the modules that are newly on a cycle, `freed` those that are on none any more, `deleted` those that are
    gone. `events` say what became of the components.
    """

    before: StandingDocument | None
    now: StandingDocument
    findings: tuple[FindingDocument, ...]


class RenamedDocument(Document):
    """A module that has another name now."""

    before: str
    now: str


class CheckChangeDocument(
    HeadDocument,
    of=Change,
    names="by before outcome passed strict changes crashes renamed unread stale",
):
    """What `cycles check PACKAGE --format json` prints; `passed` goes with exit status 0.

    `by` says how modules are grouped, where they are: then "modules" are groups. `before` is what the packages are
    compared with; `crashes` are first imports that crash by way of an import that was added, as predicted; `stale` are
    lines of the baseline that nothing needs any more, and `unread` new or changed files that could not be read.
    """

    by: tuple[str, ...]
    changes: tuple[GraphChangeDocument, ...]
    renamed: tuple[RenamedDocument, ...]


def check_as_json(change: Change) -> str:
    """Return what became of cycles as JSON."""
    return as_json(
        CheckChangeDocument.of(
            change,
            **head_of(change.analysis, "check"),
            by=change.analysis.by.words if change.analysis.by else (),
            changes=change.graphs,
            renamed=tuple(RenamedDocument(*pair) for pair in change.renamed),
        )
    )
