"""Write what each command found as JSON.

The values of the model are written as they are. Only where the published JSON has other names, another order or more
than a value of the model, a document here says so.
"""

from collections.abc import Sequence
from typing import ClassVar

from cycles.api import edits_of_steps
from cycles.enums import Verdict
from cycles.fixes.definition_values import Move, MovePlan, MoveRule
from cycles.model import (
    Analysis,
    Component,
    Cut,
    CutPlan,
    CutSet,
    CycleBehind,
    CycleCount,
    Dependency,
    DependencyDetail,
    Edit,
    FirstImport,
    FirstImportReport,
    GeneratedContract,
    HoistableImport,
    ImportChain,
    ImportLink,
    PlanReplay,
    PlanStep,
)
from cycles.report.entries_verdicts import Agreement, EntriesCheck, agreement
from cycles.report.fix_words import what_to_do
from cycles.report.json_values import (
    CutBoundDocument,
    Document,
    FixDocument,
    HeadDocument,
    OfComponentDocument,
    Taken,
    as_json,
    head_of,
)
from cycles.source.import_values import Import


class ComponentDocument(
    Document,
    of=Component,
    names="number name modules inside shortest_cycle shortest_cycle_proven eager_modules held_by cuts dependencies",
):
    """A strongly connected component; `inside` of its modules lie in the package that was asked for.

    `name` is the module that most others of it import.
    `eager_modules` of its modules stay in cycles with eager imports alone; `held_by` holds the others.
    `shortest_cycle_proven` is false where the component is so large that a shorter one may have been missed.
    """

    taken: ClassVar[Taken] = {"shortest_cycle_proven": "is_shortest"}

    shortest_cycle_proven: bool
    cuts: CutBoundDocument | None


class SummaryDocument(Document):
    """How many of the entries have each verdict; `apart` are the package's other modules.

    `loaded` of the `ok` ones were loaded before their turn: nothing is known of them as first imports.
    """

    entries: int
    ok: int
    crash: int
    other: int
    unknown: int
    loaded: int
    apart: int


class SccDocument(HeadDocument):
    """What `cycles scc PACKAGE --format json` prints; `first_imports` is null unless `--entries` asks for it."""

    first_imports: SummaryDocument | None
    components: tuple[ComponentDocument, ...]


class StepDocument(
    Document,
    of=PlanStep,
    names="importer imported path line_number end_line_number names to_do fix edits imports modules_left largest_left",
):
    """A step of a plan: the statement to edit first, what to do there in words, and as edits of text.

    `names` are those that it takes. `edits` is empty where the cut is no mere edit of imports; columns count
    characters from 0, lines from 1. `modules_left` and `largest_left` are what is on cycles after the step.
    """

    path: str
    line_number: int
    end_line_number: int
    names: tuple[str, ...]
    to_do: str
    fix: FixDocument | None
    edits: tuple[Edit, ...]
    imports: tuple[Import, ...]


class CutDocument(Document, of=Cut, names="importer imported cycles frees largest_left removes reexport fix imports"):
    """What one module imports of another, and what cutting it alone does; `removes` are pairs of modules.

    `frees` and `largest_left` are null where a component is so large that finding out takes too long.
    """

    fix: FixDocument | None


class CutSetDocument(
    Document,
    of=CutSet,
    names="size forced lower_bound proven cost cheapest least_cost cuts certificate",
):
    """The smallest cut set: its pairs of importer and imported, and the proof; `forced` of them were asked for.

    With `cheapest` it is the cheapest one: none costs less than `least_cost`.
    """

    taken: ClassVar[Taken] = {"size": lambda found: len(found.cuts)}

    size: int


class ComponentPlanDocument(OfComponentDocument):
    """How to take one component apart: the plan, its proof, what became of it in memory, and every cut ranked."""

    cycles: CycleCount
    plan: tuple[StepDocument, ...]
    cut_set: CutSetDocument
    replay: PlanReplay | None
    cuts: tuple[CutDocument, ...]
    dependencies: tuple[Dependency, ...]


class CutsDocument(HeadDocument):
    """What `cycles cuts PACKAGE [N] --format json` prints.

    `hoists` is null unless `--hoist` asks for it; it holds what all components listed set free together.
    """

    components: tuple[ComponentPlanDocument, ...]
    hoists: tuple[HoistableImport, ...] | None


class MoveDocument(Document, of=Move, names="definitions source target path is_new lines text edits"):
    """Definitions that move first: from module `source` to `target`, a new one at `path` that then holds `text`.

    `edits` are what becomes of the source.
    """

    taken: ClassVar[Taken] = {"definitions": "definitions.name", "target": "target.name"}

    definitions: tuple[str, ...]
    target: str


class RefusedMoveDocument(Document):
    """A definition that would have to move, and the rule that forbids it."""

    taken: ClassVar[Taken] = {"definition": "definition.name"}

    definition: str
    rule: MoveRule
    line_number: int


class ComponentMovesDocument(Document):
    """The moves of a component of the package as it is; no fewer than `lower_bound` definitions end it."""

    number: int
    name: str
    moves: tuple[MoveDocument, ...]
    refused: tuple[RefusedMoveDocument, ...]
    lower_bound: int


class MovedCutsDocument(CutsDocument):
    """What `cycles cuts PACKAGE [N] --moves --format json` prints: `components` are as the moves leave them."""

    moves: tuple[ComponentMovesDocument, ...]


class WhyDocument(HeadDocument, of=DependencyDetail):
    """What `cycles why PACKAGE IMPORTER IMPORTED --format json` prints."""

    taken: ClassVar[Taken] = {"component": "component.number"}

    component: int
    cuts: tuple[CutDocument, ...]


class ChainDocument(HeadDocument, of=ImportChain, names="importer imported chain"):
    """What it prints where the importer does not import the other module on a cycle: how it leads there."""

    taken: ClassVar[Taken] = {"chain": "dependencies"}

    chain: tuple[Dependency, ...]


class TracebackDocument(HeadDocument):
    """What `cycles why - --format json` prints; `cheapest` is null where the cycle is in no component of the graph.

    Without frames in the traceback `links` is empty. `component` is the number of the one that the cycle is in, and
    `planned` what the plan of `cycles cuts` cuts of the cycle.
    """

    taken: ClassVar[Taken] = {"component": "plan.component.number"}

    error: str
    links: tuple[ImportLink, ...]
    cheapest: WhyDocument | None
    component: int | None
    planned: tuple[CutDocument, ...]


class ContractDocument(GeneratedContract, HeadDocument):
    """What `cycles contract PACKAGE [N] --format json` prints: the contract, and what became of it.

    It `covers` packages; `exceptions` are pairs of importer and imported, sorted, `plan` the same in the order of the
    plan. `state` is "shown" where `file` was not to be written, else "new", "rewritten" or "unchanged".
    """


class OutcomeDocument(Document, of=FirstImport, names="verdict error path line_number chain reason loaded missing"):
    """What becomes of a first import; `reason` says why it is unknown, or how it fails without an exception.

    `path` and `line_number` are where the error is raised, and `chain` the imports then under way, outermost first.
    What was `loaded` before its turn says nothing of a first import. `missing` is the module that was not found.
    """


class EntryDocument(FirstImport, Document):
    """A module as the first import of a fresh interpreter, as predicted; `run`, with `--run`, is the truth."""

    run: OutcomeDocument | None = None


class AgreementDocument(Document, of=Agreement, names="compared same unknown different untold"):
    """How far predictions hold, as verdict and place; `different`, `untold` and `unknown` are modules.

    `untold` are those that fail because a module from elsewhere is missing.
    """

    taken: ClassVar[Taken] = {
        "different": lambda found: tuple(said.module for said, _ in found.different),
        "untold": lambda found: tuple(said.module for said, _ in found.untold),
    }

    different: tuple[str, ...]
    untold: tuple[str, ...]


class CheckDocument(EntriesCheck, Document):
    """What `--check` says of the modules; `stale` ones need not be in the baseline any more."""


class EntriesDocument(
    HeadDocument,
    of=FirstImportReport,
    names="component named after bare summary run agreement check mask hidden entries",
):
    """What `cycles entries PACKAGE [N] --format json` prints.

    `entries` are all modules that were asked about: of the package, of component number `component`, or those `named`.
    `hidden` are modules that would crash if the `__init__` of the package and of those above it were empty.
    """

    taken: ClassVar[Taken] = {"hidden": "hidden.module"}

    summary: SummaryDocument
    run: SummaryDocument | None
    agreement: AgreementDocument | None
    check: CheckDocument | None
    hidden: tuple[str, ...]
    entries: tuple[EntryDocument, ...]


def scc_as_json(analysis: Analysis, *, number: int | None = None, entries: Sequence[FirstImport] | None = None) -> str:
    """Write an analysis with all of its components, or with only that `number`, and how many first imports crash."""
    head = head_of(analysis, "scc")
    first = None if entries is None else _summary(entries, 0)
    return as_json(SccDocument.of(analysis, **head, first_imports=first, components=analysis.chosen(number)))


def cuts_as_json(
    analysis: Analysis,
    plans: Sequence[CutPlan],
    hoists: tuple[HoistableImport, ...] | None = None,
    planned: Sequence[tuple[Component, MovePlan]] | None = None,
) -> str:
    """Write how to take components apart, in the order of the plans, after what is `planned` to move."""
    components = tuple(
        ComponentPlanDocument.of(
            plan,
            cycles=plan.ranking.cycles,
            plan=_steps(analysis, plan),
            cuts=plan.ranking.cuts,
            dependencies=plan.component.dependencies,
        )
        for plan in plans
    )
    head = head_of(analysis, "cuts")
    if planned is None:
        return as_json(CutsDocument.of(analysis, **head, components=components, hoists=hoists))
    moves = tuple(
        ComponentMovesDocument.of(plan, number=component.number, name=component.name) for component, plan in planned
    )
    return as_json(MovedCutsDocument.of(analysis, **head, components=components, hoists=hoists, moves=moves))


def why_as_json(analysis: Analysis, found: DependencyDetail | ImportChain | CycleBehind) -> str:
    """Write why one dependency matters, how one module leads to another, or the cycle behind a traceback."""
    head = head_of(analysis, "why")
    match found:
        case DependencyDetail():
            return as_json(WhyDocument.of(found, **head))
        case ImportChain():
            return as_json(ChainDocument.of(found, **head))
        case CycleBehind():
            cheapest = found.cheapest and WhyDocument.of(found.cheapest, **head)
            return as_json(TracebackDocument.of(found, **head, cheapest=cheapest))


def entries_as_json(analysis: Analysis, found: FirstImportReport, check: EntriesCheck | None = None) -> str:
    """Write which modules can be imported first."""
    truths = {entry.module: entry for entry in found.runs}
    return as_json(
        EntriesDocument.of(
            found,
            **head_of(analysis, "entries"),
            summary=_summary(found.entries, found.apart),
            run=_summary(found.runs, found.apart) if found.runs else None,
            agreement=agreement(found.entries, found.runs, analysis.packages) if found.runs else None,
            check=check,
            entries=tuple(EntryDocument.of(entry, run=truths.get(entry.module)) for entry in found.entries),
        )
    )


def contract_as_json(analysis: Analysis, contract: GeneratedContract) -> str:
    """Write a contract for import-linter, and what became of it."""
    return as_json(ContractDocument.of(contract, **head_of(analysis, "contract")))


def _steps(analysis: Analysis, plan: CutPlan) -> tuple[StepDocument, ...]:
    """Return the steps of a plan, each with all that it takes to make it."""
    return tuple(
        StepDocument.of(
            step,
            path=cut.imports[0].path,
            line_number=cut.imports[0].line_number,
            end_line_number=analysis.sources.file(cut.importer).last_line_of_import(cut.imports[0].line_number),
            names=tuple(dict.fromkeys(name for statement in cut.imports for name in statement.names)),
            to_do=what_to_do(cut),
            fix=cut.fix,
            edits=edits,
            imports=cut.imports,
        )
        for step, cut, edits in zip(plan.steps, plan.cuts, edits_of_steps(plan), strict=True)
    )


def _summary(entries: Sequence[FirstImport], apart: int) -> SummaryDocument:
    verdicts = [entry.verdict for entry in entries]
    numbers = {str(verdict): verdicts.count(verdict) for verdict in Verdict}
    loaded = sum(entry.loaded and entry.verdict is Verdict.OK for entry in entries)
    return SummaryDocument.of(None, entries=len(entries), loaded=loaded, apart=apart, **numbers)
