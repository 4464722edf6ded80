"""Write what importing an application loads, and plans to load less, as JSON."""

from collections.abc import Sequence
from typing import ClassVar

from cycles.enums import Kind
from cycles.model import FirstImport
from cycles.report.json_documents import Document, FixDocument, HeadDocument, Taken, as_json, head_of
from cycles.report.startup_check import StartupCheck
from cycles.source.imports import FunctionPlace
from cycles.startup.findings import (
    Chain,
    EntryKind,
    Goal,
    LoadEdge,
    Obstacle,
    StartupPlan,
    StartupReplay,
    StartupReport,
    Unfollowed,
)
from cycles.startup.measurements import Cost, MeasuredDistribution, MeasuredModule, MeasuredStartup, Verification


class MeasuredDocument(Document):
    """What ENTRY costs, in nanoseconds of processor time and kilobytes: `total` of the run that took least."""

    runs: tuple[int, ...]
    total: Cost
    modules: int
    distributions: tuple[MeasuredDistribution, ...]
    own_modules: tuple[MeasuredModule, ...]
    standard_library: Cost
    unforeseen: tuple[str, ...]
    not_loaded: tuple[str, ...]
    failure: FirstImport | None


class StillDocument(Document):
    """A distribution that is loaded with the edits of the plan too, and the module whose import loads it."""

    distribution: str
    importer: str


class VerifiedDocument(Document):
    """What became of ENTRY with the edits of the first plan; `shown`: the times differ by more than `noise`."""

    taken: ClassVar[Taken] = {
        "foreseen": lambda found: round(found.foreseen, 4),
        "saved": lambda found: round(found.saved, 4),
        "noise": lambda found: round(found.noise, 4),
        "still": lambda found: tuple(StillDocument(*pair) for pair in found.still),
    }

    before: Cost
    after: Cost
    predicted: Cost
    foreseen: float
    saved: float
    noise: float
    shown: bool
    holds: bool
    gone: tuple[str, ...]
    still: tuple[StillDocument, ...]
    modules_gone: int
    edited: int
    untouched: tuple[str, ...]
    skipped: int
    failure: FirstImport | None


class StartupCheckDocument(Document):
    """What `--check` says, as names of distributions."""

    taken: ClassVar[Taken] = {"new": "new.name", "possible": "possible.name"}

    passed: bool
    new: tuple[str, ...]
    accepted: tuple[str, ...]
    possible: tuple[str, ...]
    stale: tuple[str, ...]


Place = tuple[str, int]


class NamedDocument(Document):
    """A module that a line of Django's settings names by a text, and what is called of it."""

    module: str
    text: str
    line_number: int
    call: str


class EntryDocument(Document):
    """What is started; `named` are the modules that a line of Django's settings names."""

    kind: EntryKind
    text: str
    module: str
    attribute: str
    named: tuple[NamedDocument, ...]


class StatementDocument(Document):
    """One import statement that runs: `own` where it stands in the project; `function` where it stands in one."""

    importer: str
    imports: tuple[str, ...]
    path: str
    line_number: int
    line_contents: str
    kind: Kind
    function: str | None
    own: bool


class LinkDocument(Document):
    """One load of a chain; `path` and `line_number` are null where ENTRY itself, or no statement, is to blame."""

    importer: str
    imported: str
    path: str | None
    line_number: int | None


class LoadedDocument(Document):
    """A module that is loaded; `size` is that of its file in bytes; `distribution` is "" for the project's own."""

    name: str
    own: bool
    distribution: str
    size: int
    certain: bool


class DistributionDocument(Document):
    """A distribution that is loaded; `behind` others where it is loaded only with these.

    `statements` is how few statements of the project would have to go so that it is not; null where none suffice. They
    are `easy` where it seems enough to move them.
    """

    name: str
    installed: bool
    certain: bool
    modules: int
    size: int
    importers: tuple[str, ...]
    held_by: tuple[str, ...]
    behind: tuple[str, ...]
    statements: int | None
    easy: bool
    chain: tuple[LinkDocument, ...]


class StartupStepDocument(Document):
    """A statement of a plan; `edited`: an edit of imports makes it; `component` is the import-time one around it."""

    taken: ClassVar[Taken] = {"edited": lambda step: bool(step.edits)}

    statement: StatementDocument
    fix: FixDocument | None
    edited: bool
    first_call: tuple[FunctionPlace, ...]
    component: int | None
    chain: tuple[LinkDocument, ...]


class InTheWayDocument(Document):
    """A statement that cannot be cut as the plan wants it; `unmasks` is how ENTRY would fail without it."""

    statement: StatementDocument
    fix: FixDocument | None
    unmasks: FirstImport | None


class ObstacleDocument(Document):
    """Why a distribution stays; `third_party` is the distribution that loads it, "" where the project does."""

    distribution: str
    third_party: str
    statements: tuple[InTheWayDocument, ...]
    chain: tuple[LinkDocument, ...]


class StartupPlanDocument(Document):
    """How to load ENTRY `without` some distributions; `proof` are chains of which no two share a statement."""

    taken: ClassVar[Taken] = {"proven": lambda plan: plan.possible and len(plan.steps) == plan.lower_bound}

    without: tuple[str, ...]
    goal: Goal
    possible: bool
    proven: bool
    lower_bound: int
    steps: tuple[StartupStepDocument, ...]
    proof: tuple[tuple[LinkDocument, ...], ...]
    gone: tuple[str, ...]
    gone_modules: int
    gone_size: int
    obstacles: tuple[ObstacleDocument, ...]
    replay: StartupReplay | None


class StartupDocument(HeadDocument):
    """What `cycles startup ENTRY --format json` prints: `followed` is false where a budget ended the search."""

    taken: ClassVar[Taken] = {"followed": lambda found: not found.cut_off, "loaded": "modules"}

    entry: EntryDocument
    followed: bool
    failure: FirstImport | None
    own_modules: int
    loaded: tuple[LoadedDocument, ...]
    loads: tuple[LinkDocument, ...]
    distributions: tuple[DistributionDocument, ...]
    unfollowed: tuple[Unfollowed, ...]
    plans: tuple[StartupPlanDocument, ...]
    measured: MeasuredDocument | None
    verified: VerifiedDocument | None
    check: StartupCheckDocument | None


def startup_as_json(
    found: StartupReport,
    plans: Sequence[StartupPlan],
    measured: MeasuredStartup | None = None,
    verified: Verification | None = None,
    check: StartupCheck | None = None,
) -> str:
    """Return what importing ENTRY loads, and the plans that were asked for, the best first.

    Behind that what was measured and verified, and what a baseline accepts; null where nobody asked.
    """
    head = {**head_of(found.analysis, "startup"), "complete": found.complete}
    return as_json(
        StartupDocument.of(
            found,
            **head,
            loads=tuple(
                _link(edge.importer, edge.imported, edge.statement, found)
                for edge in found.edges
                if _is_shown(edge, found)
            ),
            distributions=tuple(
                DistributionDocument.of(row, chain=_chain(row.chain, found)) for row in found.distributions
            ),
            plans=tuple(_plan(plan, found) for plan in plans),
            measured=measured,
            verified=verified,
            check=check,
        )
    )


def _is_shown(edge: LoadEdge, found: StartupReport) -> bool:
    """Whether a load is by the project: what other distributions load of themselves is thousands of lines."""
    statement = found.statements.get(edge.statement) if edge.statement else None
    return edge.statement is None or (statement is not None and statement.own)


def _link(importer: str, imported: str, place: Place | None, found: StartupReport) -> LinkDocument:
    statement = found.statements.get(place) if place else None
    path, line_number = (statement.path, statement.line_number) if statement else (None, None)
    return LinkDocument(importer, imported, path, line_number)


def _chain(chain: Chain, found: StartupReport) -> tuple[LinkDocument, ...]:
    pairs = zip(chain.modules, chain.modules[1:], strict=False)
    return tuple(
        _link(importer, imported, place, found)
        for (importer, imported), place in zip(pairs, chain.statements, strict=True)
    )


def _plan(plan: StartupPlan, found: StartupReport) -> StartupPlanDocument:
    return StartupPlanDocument.of(
        plan,
        steps=tuple(StartupStepDocument.of(step, chain=_chain(step.chain, found)) for step in plan.steps),
        proof=tuple(_chain(chain, found) for chain in plan.proof),
        obstacles=tuple(_obstacle(obstacle, found) for obstacle in plan.obstacles),
    )


def _obstacle(obstacle: Obstacle, found: StartupReport) -> ObstacleDocument:
    return ObstacleDocument.of(
        obstacle,
        statements=tuple(
            InTheWayDocument.of(None, statement=statement, fix=fix, unmasks=dict(obstacle.unmasks).get(number))
            for number, (statement, fix) in enumerate(obstacle.statements)
        ),
        chain=_chain(obstacle.chain, found),
    )
