"""Write what importing an application loads, and plans to load less, as JSON."""

from collections.abc import Sequence
from typing import ClassVar

from cycles.model import FirstImport
from cycles.report.json_values import Document, FixDocument, HeadDocument, Taken, as_json, head_of
from cycles.report.startup_baseline import StartupCheck
from cycles.source.import_values import FunctionPlace
from cycles.startup.measurement_values import MeasuredStartup, Verification
from cycles.startup.startup_values import (
    Chain,
    DistributionRow,
    Entry,
    LoadEdge,
    Named,
    Obstacle,
    PaidModule,
    StartupPlan,
    StartupReport,
    Statement,
)


class MeasuredDocument(
    Document,
    of=MeasuredStartup,
    names="runs total modules distributions own_modules standard_library unforeseen not_loaded failure",
):
    """What ENTRY costs, in nanoseconds of processor time and kilobytes: `total` of the run that took least."""


class StillDocument(Document):
    """A distribution that is loaded with the edits of the plan too, and the module whose import loads it."""

    distribution: str
    importer: str


class VerifiedDocument(
    Document,
    of=Verification,
    names="before after predicted foreseen saved noise shown holds gone still modules_gone edited untouched "
    "skipped failure",
):
    """What became of ENTRY with the edits of the first plan; `shown`: the times differ by more than `noise`."""

    taken: ClassVar[Taken] = {
        "foreseen": lambda found: round(found.foreseen, 4),
        "saved": lambda found: round(found.saved, 4),
        "noise": lambda found: round(found.noise, 4),
        "still": lambda found: tuple(StillDocument(*pair) for pair in found.still),
    }

    still: tuple[StillDocument, ...]


class StartupCheckDocument(Document, of=StartupCheck, names="passed new accepted possible stale"):
    """What `--check` says, as names of distributions."""

    taken: ClassVar[Taken] = {"new": "new.name", "possible": "possible.name"}

    new: tuple[str, ...]
    possible: tuple[str, ...]


Place = tuple[str, int]


class NamedDocument(Document, of=Named, names="module text line_number call"):
    """A module that a line of Django's settings names by a text, and what is called of it."""


class EntryDocument(Document, of=Entry, names="kind text module attribute named"):
    """What is started; `named` are the modules that a line of Django's settings names."""

    named: tuple[NamedDocument, ...]


class StatementDocument(
    Document,
    of=Statement,
    names="importer imports path line_number line_contents kind function own",
):
    """One import statement that runs: `own` where it stands in the project; `function` where it stands in one."""


class LinkDocument(Document):
    """One load of a chain; `path` and `line_number` are null where ENTRY itself, or no statement, is to blame."""

    importer: str
    imported: str
    path: str | None
    line_number: int | None


class LoadedDocument(Document, of=PaidModule, names="name own distribution size certain"):
    """A module that is loaded; `size` is that of its file in bytes; `distribution` is "" for the project's own."""


class DistributionDocument(
    Document,
    of=DistributionRow,
    names="name installed certain modules size importers held_by behind statements easy chain",
):
    """A distribution that is loaded; `behind` others where it is loaded only with these.

    `statements` is how few statements of the project would have to go so that it is not; null where none suffice. They
    are `easy` where it seems enough to move them.
    """

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


class ObstacleDocument(Document, of=Obstacle, names="distribution third_party statements chain"):
    """Why a distribution stays; `third_party` is the distribution that loads it, "" where the project does."""

    statements: tuple[InTheWayDocument, ...]
    chain: tuple[LinkDocument, ...]


class StartupPlanDocument(
    Document,
    of=StartupPlan,
    names="without goal possible proven lower_bound steps proof gone gone_modules gone_size obstacles replay",
):
    """How to load ENTRY `without` some distributions; `proof` are chains of which no two share a statement."""

    taken: ClassVar[Taken] = {"proven": lambda plan: plan.possible and len(plan.steps) == plan.lower_bound}

    proven: bool
    steps: tuple[StartupStepDocument, ...]
    proof: tuple[tuple[LinkDocument, ...], ...]
    obstacles: tuple[ObstacleDocument, ...]


class StartupDocument(
    HeadDocument,
    of=StartupReport,
    names="entry followed failure own_modules loaded loads distributions unfollowed plans measured verified check",
):
    """What `cycles startup ENTRY --format json` prints: `followed` is false where a budget ended the search."""

    taken: ClassVar[Taken] = {"followed": lambda found: not found.cut_off, "loaded": "modules"}

    entry: EntryDocument
    followed: bool
    loaded: tuple[LoadedDocument, ...]
    loads: tuple[LinkDocument, ...]
    distributions: tuple[DistributionDocument, ...]
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
