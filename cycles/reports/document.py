"""An Analysis in; JSON out. The models here are the promise that JSON keeps; `json_schema` publishes it."""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cycles import __version__
from cycles.model import Analysis, Component, Dependency, GraphName, Hold, Import, Kind, Skipped, Tag


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True)


class SkippedDocument(_Document):
    """A file or folder that could not be read; `line_number` is null where no line is to blame."""

    path: str
    line_number: int | None
    reason: str


class ImportDocument(_Document):
    """One import statement, as far as it names one module: `imported` is that module."""

    importer: str
    imported: str
    path: str
    line_number: int
    line_contents: str
    kind: Kind
    tags: list[Tag]
    names: list[str]


class DependencyDocument(_Document):
    """All imports that make one module depend on another; `implied`: none of them names `imported`."""

    importer: str
    imported: str
    implied: bool
    imports: list[ImportDocument]


class HoldDocument(_Document):
    """Imports without which a component falls apart: all of one kind, or all that run one package."""

    imports: int
    kind: Kind | None
    package: str | None


class ComponentDocument(_Document):
    """A strongly connected component; `inside` of its modules lie in the package that was asked for.

    `eager_modules` of its modules stay in cycles with eager imports alone; `held_by` holds the others.
    """

    number: int
    modules: list[str]
    inside: int
    shortest_cycle: list[str]
    eager_modules: int
    held_by: list[HoldDocument]
    dependencies: list[DependencyDocument]


class GraphDocument(_Document):
    """How cyclic one graph is."""

    components: int
    modules: int
    largest: int


class AnalysisDocument(_Document):
    """What `cycles scc PACKAGE --format json` prints."""

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
    components: list[ComponentDocument]


def as_json(analysis: Analysis, *, number: int | None = None) -> str:
    """The analysis as JSON in ASCII, with all components or only `number`; ends in a newline."""
    chosen = analysis.components if number is None else analysis.components[number - 1 : number]
    document = AnalysisDocument(
        version=__version__,
        package=analysis.package,
        roots=list(analysis.roots),
        complete=analysis.complete,
        skipped=[_skipped(skipped) for skipped in analysis.skipped],
        modules=analysis.modules,
        imports=analysis.imports,
        self_imports=[_import(statement) for statement in analysis.self_imports],
        graphs={
            summary.name: GraphDocument(components=summary.components, modules=summary.modules, largest=summary.largest)
            for summary in analysis.summaries
        },
        graph=analysis.graph,
        components=[_component(component) for component in chosen],
    )
    return document.model_dump_json(indent=2, ensure_ascii=True) + "\n"


def json_schema() -> str:
    """The JSON Schema of what `as_json` gives (draft 2020-12)."""
    return json.dumps(AnalysisDocument.model_json_schema(mode="serialization"), indent=2) + "\n"


def _component(component: Component) -> ComponentDocument:
    return ComponentDocument(
        number=component.number,
        modules=list(component.modules),
        inside=component.inside,
        shortest_cycle=list(component.shortest_cycle),
        eager_modules=component.eager_modules,
        held_by=[_hold(hold) for hold in component.held_by],
        dependencies=[_dependency(dependency) for dependency in component.dependencies],
    )


def _dependency(dependency: Dependency) -> DependencyDocument:
    return DependencyDocument(
        importer=dependency.importer,
        imported=dependency.imported,
        implied=dependency.implied,
        imports=[_import(statement) for statement in dependency.imports],
    )


def _import(statement: Import) -> ImportDocument:
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


def _hold(hold: Hold) -> HoldDocument:
    return HoldDocument(imports=hold.imports, kind=hold.kind, package=hold.package)


def _skipped(skipped: Skipped) -> SkippedDocument:
    return SkippedDocument(path=skipped.path, line_number=skipped.line_number, reason=skipped.reason)
