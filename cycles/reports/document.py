"""An Analysis in; JSON out. The models here are the promise that JSON keeps; `json_schema` publishes it."""

import json
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from cycles import __version__
from cycles.model import Analysis, Component, CutBound, Dependency, Hold
from cycles.source.values import Import, Skipped
from cycles.words import GraphName, Kind, Tag

_Kept = TypeVar("_Kept")


class Document(BaseModel):
    """What all documents share: nothing unknown, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True)


class SkippedDocument(Document):
    """A file or folder that could not be read; `line_number` is null where no line is to blame."""

    path: str
    line_number: int | None
    reason: str


class ImportDocument(Document):
    """One import statement, as far as it names one module: `imported` is that module."""

    importer: str
    imported: str
    path: str
    line_number: int
    line_contents: str
    kind: Kind
    tags: list[Tag]
    names: list[str]


class DependencyDocument(Document):
    """All imports that make one module depend on another; `implied`: none of them names `imported`."""

    importer: str
    imported: str
    implied: bool
    imports: list[ImportDocument]


class HoldDocument(Document):
    """Imports without which a component falls apart: all of one kind, or all that run one package."""

    imports: int
    kind: Kind | None
    package: str | None


class CutBoundDocument(Document):
    """How many cuts are enough, and how many are needed at least."""

    size: int
    lower_bound: int
    proven: bool


class ComponentDocument(Document):
    """A strongly connected component; `inside` of its modules lie in the package that was asked for.

    `eager_modules` of its modules stay in cycles with eager imports alone; `held_by` holds the others.
    `shortest_cycle_proven` is false where the component is so large that a shorter one may have been missed.
    """

    number: int
    modules: list[str]
    inside: int
    shortest_cycle: list[str]
    shortest_cycle_proven: bool
    eager_modules: int
    held_by: list[HoldDocument]
    cuts: CutBoundDocument | None
    dependencies: list[DependencyDocument]


class GraphDocument(Document):
    """How cyclic one graph is; `cuts` is null unless `--cuts` asks for it."""

    components: int
    modules: int
    largest: int
    cuts: CutBoundDocument | None


class HeadDocument(Document):
    """What every JSON result begins with."""

    schema_: Literal["cycles/1"] = Field(default="cycles/1", alias="schema")
    version: str
    package: str
    roots: list[str]
    complete: bool
    skipped: list[SkippedDocument]
    modules: int
    imports: int
    self_imports: list[ImportDocument]
    graphs: dict[GraphName, GraphDocument]
    graph: GraphName


class AnalysisDocument(HeadDocument):
    """What `cycles scc PACKAGE --format json` prints."""

    components: list[ComponentDocument]


def as_json(analysis: Analysis, *, number: int | None = None) -> str:
    """The analysis as JSON in ASCII, with all components or only `number`; ends in a newline."""
    chosen = analysis.chosen(number)
    document = AnalysisDocument(**dict(head(analysis)), components=[_component(component) for component in chosen])
    return document.model_dump_json(indent=2, ensure_ascii=True) + "\n"


def head(analysis: Analysis) -> HeadDocument:
    """The facts of an analysis that every result repeats."""
    return HeadDocument(
        version=__version__,
        package=analysis.package,
        roots=list(analysis.roots),
        complete=analysis.complete,
        skipped=[_skipped(skipped) for skipped in analysis.skipped],
        modules=analysis.modules,
        imports=analysis.imports,
        self_imports=[import_document(statement) for statement in analysis.self_imports],
        graphs={
            summary.name: GraphDocument(
                components=summary.components,
                modules=summary.modules,
                largest=summary.largest,
                cuts=_bound(summary.cuts),
            )
            for summary in analysis.summaries
        },
        graph=analysis.graph_name,
    )


def json_schema() -> str:
    """The JSON Schema of what `as_json` gives (draft 2020-12)."""
    return as_schema(TypeAdapter(AnalysisDocument))


def as_schema(document: TypeAdapter[_Kept]) -> str:
    """The JSON Schema of any document."""
    return json.dumps(document.json_schema(mode="serialization"), indent=2) + "\n"


def _component(component: Component) -> ComponentDocument:
    return ComponentDocument(
        number=component.number,
        modules=list(component.modules),
        inside=component.inside,
        shortest_cycle=list(component.shortest_cycle),
        shortest_cycle_proven=component.is_shortest,
        eager_modules=component.eager_modules,
        cuts=_bound(component.cuts),
        held_by=[_hold(hold) for hold in component.held_by],
        dependencies=[dependency_document(dependency) for dependency in component.dependencies],
    )


def dependency_document(dependency: Dependency) -> DependencyDocument:
    """A dependency with all of its imports."""
    return DependencyDocument(
        importer=dependency.importer,
        imported=dependency.imported,
        implied=dependency.implied,
        imports=[import_document(statement) for statement in dependency.imports],
    )


def import_document(statement: Import) -> ImportDocument:
    """An import, field by field."""
    return ImportDocument(
        importer=statement.importer,
        imported=statement.imported,
        path=statement.path,
        line_number=statement.line_number,
        line_contents=statement.line_contents,
        kind=statement.kind,
        tags=list(statement.tags),
        names=list(statement.names),
    )


def _bound(bound: CutBound | None) -> CutBoundDocument | None:
    if bound is None:
        return None
    return CutBoundDocument(size=bound.size, lower_bound=bound.lower_bound, proven=bound.size == bound.lower_bound)


def _hold(hold: Hold) -> HoldDocument:
    return HoldDocument(imports=hold.imports, kind=hold.kind, package=hold.package)


def _skipped(skipped: Skipped) -> SkippedDocument:
    return SkippedDocument(path=skipped.path, line_number=skipped.line_number, reason=skipped.reason)
