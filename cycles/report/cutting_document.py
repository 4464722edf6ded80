"""How to take components apart in; JSON out, in the same style as `document`."""

from pydantic import TypeAdapter

from cycles.model import Analysis, Cut, Cutting, CycleCount, Hoist, How, Reason
from cycles.report.document import (
    DependencyDocument,
    Document,
    HeadDocument,
    ImportDocument,
    as_schema,
    dependency_document,
    head,
    import_document,
)
from cycles.words import Feasibility


class CycleCountDocument(Document):
    """How many cycles; of which kind says `measure`, and a lower bound of all where not `exact`."""

    count: int
    exact: bool
    measure: str


class HowDocument(Document):
    """How a cut can be made, and what shows it; `leaves` and the two after it only where it is `rewirable`."""

    feasibility: Feasibility
    path: str
    line_number: int
    detail: str
    leaves: list[str]
    leaves_inside: bool
    largest_left: int | None


class CutDocument(Document):
    """What one module imports of another, and what cutting it alone does; `removes` are pairs of modules.

    `frees` and `largest_left` are null where a component is so large that finding out takes too long.
    """

    importer: str
    imported: str
    cycles: int
    frees: int | None
    largest_left: int | None
    removes: list[tuple[str, str]]
    reexport: bool
    how: HowDocument | None
    imports: list[ImportDocument]


class CutSetDocument(Document):
    """The smallest cut set: its pairs of importer and imported, and the proof; `forced` of them were asked for.

    With `cheapest` it is the cheapest one: none costs less than `least_cost`.
    """

    size: int
    forced: int
    lower_bound: int
    proven: bool
    cost: int
    cheapest: bool
    least_cost: int | None
    cuts: list[tuple[str, str]]
    certificate: list[list[str]]


class StepDocument(Document):
    """A cut of the plan, and what is then left in cycles."""

    importer: str
    imported: str
    modules_left: int
    largest_left: int


class HoistDocument(Document):
    """A deferred import that could stand at the top of its module; `already`: without any cut."""

    importer: str
    imported: str
    path: str
    line_number: int
    already: bool


class CuttingDocument(HeadDocument):
    """What `cycles cuts PACKAGE N --format json` prints; without N, a list of these.

    `hoists` is null unless `--hoist` asks for it; it holds what all components listed set free together.
    """

    component: int
    cycles: CycleCountDocument
    dependencies: list[DependencyDocument]
    cuts: list[CutDocument]
    cut_set: CutSetDocument
    plan: list[StepDocument]
    hoists: list[HoistDocument] | None


class ReasonDocument(HeadDocument):
    """What `cycles why PACKAGE IMPORTER IMPORTED --format json` prints."""

    component: int
    dependency: DependencyDocument
    cycles: CycleCountDocument
    shortest_cycle: list[str]
    cuts: list[CutDocument]


def cuttings_as_json(
    analysis: Analysis, cuttings: tuple[Cutting, ...], hoists: tuple[Hoist, ...] | None = None, *, single: bool
) -> str:
    """One object for a `single` component, else a list; ASCII, ends in a newline."""
    documents = [_cutting(analysis, cutting, hoists) for cutting in cuttings]
    if single:
        return documents[0].model_dump_json(indent=2, ensure_ascii=True) + "\n"
    data = TypeAdapter(list[CuttingDocument]).dump_json(documents, indent=2, ensure_ascii=True)
    return data.decode("ascii") + "\n"


def reason_as_json(analysis: Analysis, reason: Reason) -> str:
    """One dependency as JSON in ASCII; ends in a newline."""
    document = ReasonDocument(
        **dict(head(analysis)),
        component=reason.component.number,
        dependency=dependency_document(reason.dependency),
        cycles=_count(reason.cycles),
        shortest_cycle=list(reason.shortest_cycle),
        cuts=[_cut(cut) for cut in reason.cuts],
    )
    return document.model_dump_json(indent=2, ensure_ascii=True) + "\n"


def cuttings_schema() -> str:
    """The JSON Schema of what `cycles cuts` gives, with a component number or without."""
    return as_schema(TypeAdapter[CuttingDocument | list[CuttingDocument]](CuttingDocument | list[CuttingDocument]))


def reason_schema() -> str:
    """The JSON Schema of what `cycles why` gives."""
    return as_schema(TypeAdapter(ReasonDocument))


def _cutting(analysis: Analysis, cutting: Cutting, hoists: tuple[Hoist, ...] | None) -> CuttingDocument:
    return CuttingDocument(
        **dict(head(analysis)),
        component=cutting.component.number,
        cycles=_count(cutting.ranking.cycles),
        dependencies=[dependency_document(dependency) for dependency in cutting.component.dependencies],
        cuts=[_cut(cut) for cut in cutting.ranking.cuts],
        cut_set=CutSetDocument(
            size=len(cutting.cut_set.cuts),
            forced=cutting.cut_set.forced,
            lower_bound=cutting.cut_set.lower_bound,
            proven=cutting.cut_set.proven,
            cost=cutting.cut_set.cost,
            cheapest=cutting.cut_set.cheapest,
            least_cost=cutting.cut_set.least_cost,
            cuts=list(cutting.cut_set.cuts),
            certificate=[list(cycle) for cycle in cutting.cut_set.certificate],
        ),
        plan=[
            StepDocument(
                importer=step.importer,
                imported=step.imported,
                modules_left=step.modules_left,
                largest_left=step.largest_left,
            )
            for step in cutting.plan
        ],
        hoists=None if hoists is None else [_hoist(hoist) for hoist in hoists],
    )


def _hoist(hoist: Hoist) -> HoistDocument:
    return HoistDocument(
        importer=hoist.importer,
        imported=hoist.imported,
        path=hoist.path,
        line_number=hoist.line_number,
        already=hoist.already,
    )


def _count(cycles: CycleCount) -> CycleCountDocument:
    return CycleCountDocument(count=cycles.count, exact=cycles.exact, measure=cycles.measure)


def _cut(cut: Cut) -> CutDocument:
    return CutDocument(
        importer=cut.importer,
        imported=cut.imported,
        cycles=cut.cycles,
        frees=cut.frees,
        largest_left=cut.largest_left,
        removes=list(cut.removes),
        reexport=cut.reexport,
        how=_how(cut.how),
        imports=[import_document(statement) for statement in cut.imports],
    )


def _how(how: How | None) -> HowDocument | None:
    if how is None:
        return None
    return HowDocument(
        feasibility=how.feasibility,
        path=how.path,
        line_number=how.line_number,
        detail=how.detail,
        leaves=list(how.leaves),
        leaves_inside=how.leaves_inside,
        largest_left=how.largest_left,
    )
