"""The documents that stand for values in JSON, what every result begins with, and how they are written."""

from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import ClassVar, Literal, Self

from cycles import __version__
from cycles.enums import Feasibility, GraphName
from cycles.model import Analysis, CutBound, CutFix, Doubt, NameFix
from cycles.source.imports import Import, Skipped

_CONSTANTS = {None: "null", True: "true", False: "false"}


class Document:
    """What is written in place of a value of the model: its fields in the order of the JSON, and no others."""

    __match_args__: ClassVar[tuple[str, ...]]
    # For the schemas: a document has no keys but those, and all of them, whether they have a default or not.
    __pydantic_config__: ClassVar = {"extra": "forbid", "json_schema_serialization_defaults_required": True}

    @classmethod
    def of(cls, source: object, **given: object) -> Self:
        """Return the document whose fields are those `given`, and else the attributes of `source` with their names."""
        return cls(**{name: given[name] if name in given else getattr(source, name) for name in cls.__match_args__})


@dataclass(frozen=True)
class CutBoundDocument(Document):
    """How many cuts are enough, and how many are needed at least."""

    size: int
    lower_bound: int
    proven: bool


@dataclass(frozen=True)
class GraphDocument(Document):
    """How cyclic one graph is; `cuts` is null unless `--cuts` asks for it."""

    components: int
    modules: int
    largest: int
    cuts: CutBoundDocument | None


@dataclass(frozen=True)
class HeadDocument(Document):
    """What every JSON result begins with; `packages` are the top-level packages in the graph.

    `left_out` are first-party packages that are reached, but would have added too many modules.
    """

    schema: Literal["cycles/2"]
    command: str
    version: str
    package: str
    packages: tuple[str, ...]
    left_out: tuple[str, ...]
    graph: GraphName
    complete: bool
    skipped: tuple[Skipped, ...]
    modules: int
    imports: int
    self_imports: tuple[Import, ...]
    graphs: dict[GraphName, GraphDocument]


@dataclass(frozen=True)
class FixDocument(Document):
    """How a cut can be made: its `kind`, and what shows that at `path` and `line_number`.

    `names` says what becomes of every name that the statements take. `leaves` are the modules to import from instead;
    `leads_to` those that the importer depends on then, where they lead back to it unless other cuts are made too, and
    `largest_left` is the size of the largest component with this cut alone. `doubt` is what could break the fix and
    cannot be seen in the packages; null where it is promised.
    """

    kind: Feasibility
    path: str
    line_number: int
    detail: str
    names: tuple[NameFix, ...]
    leaves: tuple[str, ...]
    leads_to: tuple[str, ...]
    largest_left: int | None
    doubt: Doubt | None


def as_json(document: object) -> str:
    """Write a document in ASCII alone, whatever the encoding of stdout; it ends in a newline."""
    return _written(document, "\n") + "\n"


def head_of(analysis: Analysis, command: str) -> dict[str, object]:
    """Return the fields that every result begins with."""
    graphs = {found.name: GraphDocument.of(found, cuts=bound_document(found.cuts)) for found in analysis.summaries}
    fixed = {"schema": "cycles/2", "command": command, "version": __version__}
    return vars(HeadDocument.of(analysis, **fixed, graphs=graphs, graph=analysis.graph_name))


def fix_document(fix: CutFix | None) -> FixDocument | None:
    """Return how a cut can be made as a document."""
    return None if fix is None else FixDocument.of(fix, kind=fix.feasibility)


def bound_document(cuts: CutBound | None) -> CutBoundDocument | None:
    """Return how many cuts are needed as a document; None where nobody asked."""
    return CutBoundDocument.of(cuts) if cuts else None


def _written(value: object, line: str) -> str:
    """Write a value as `json` does with an indent of two; `line` begins all of its lines but the first.

    `json` writes no dataclasses, and pydantic, which does, takes longer to load than many a run.
    """
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, int | float):
        return str(value)
    inner = f"{line}  "
    if isinstance(value, tuple | list):
        parts = [_written(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"
    if isinstance(value, dict):
        names, values = tuple(value), list(value.values())
    else:
        names = type(value).__match_args__  # type: ignore[attr-defined]  # it is a dataclass
        values = [getattr(value, name) for name in names]
    parts = [f"{key}{_written(item, inner)}" for key, item in zip(_keys(names), values, strict=True)]
    return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"


@lru_cache
def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{encode_basestring_ascii(name)}: " for name in names)
