"""The documents that stand for values in JSON, what every result begins with, and how they are written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from inspect import get_annotations
from json.encoder import encode_basestring_ascii
from typing import ClassVar, Literal, Self, dataclass_transform, get_args

from cycles import __version__
from cycles.enums import Feasibility, GraphName
from cycles.model import Analysis, CutBound, CutFix, GraphSummary

_CONSTANTS = {None: "null", True: "true", False: "false"}


Taken = Mapping[str, str | Callable[..., object]]
"""By field, where it comes from: a path of attributes (of each of several values), or a function of the value."""


@dataclass_transform(frozen_default=True)
class Document:
    """What is written in place of a value of the model: its fields in the order of the JSON, and no others.

    Each class of documents is a frozen dataclass.

    A field has the value of the attribute of its name, unless `taken` says where it comes from. Where its type is
    another document, or several of these, values of the model become such.
    """

    __match_args__: ClassVar[tuple[str, ...]]
    # For the schemas: a document has no keys but those, and all of them, whether they have a default or not.
    __pydantic_config__: ClassVar = {"extra": "forbid", "json_schema_serialization_defaults_required": True}
    taken: ClassVar[Taken] = {}

    def __init_subclass__(cls, of: type | None = None, names: str = "") -> None:
        """Make it a dataclass; its fields are `names` of a class of the model, by default all that this has.

        What the body annotates besides has the type that is given there, else fields have those of the model.
        """
        if of is not None:
            known = {field.name: field.type for field in fields(of)}
            own = get_annotations(cls)
            order = names.split() or list(known)
            taken = {
                name: own.get(name) or known.get(name) or get_annotations(vars(of)[name].fget)["return"]
                for name in order
            }
            cls.__annotations__ = {**taken, **{name: hint for name, hint in own.items() if name not in taken}}
        # No method more than documents need: those of a command are all made before it writes one.
        dataclass(frozen=True, eq=False, repr=False)(cls)

    @classmethod
    def of(cls, source: object, **given: object) -> Self:
        """Return the document whose fields are those `given`, and else come from `source`."""
        return cls(
            **{
                name: _as_documents(given[name] if name in given else take(source), document)
                for name, take, document in _fields(cls)
            }
        )


_Field = tuple[str, Callable[[object], object], type[Document] | None]
"""Its name, what takes it from a value, and the document that it holds, if any."""
_known: dict[type[Document], tuple[_Field, ...]] = {}


def _fields(document: type[Document]) -> tuple[_Field, ...]:
    if document not in _known:
        ways = {name: document.taken.get(name, name) for name in document.__match_args__}
        inner = {field.name: next(_documents_in(field.type), None) for field in fields(document)}  # type: ignore[arg-type]  # it is a dataclass
        _known[document] = tuple(
            (name, _taking(way.split(".")) if isinstance(way, str) else way, inner[name]) for name, way in ways.items()
        )
    return _known[document]


def _taking(path: list[str]) -> Callable[[object], object]:
    def follow(value: object, place: int) -> object:
        if place == len(path) or (place and value is None):
            return value
        if place and isinstance(value, tuple):
            return tuple(follow(one, place) for one in value)
        return follow(getattr(value, path[place]), place + 1)

    return lambda value: follow(value, 0)


def _documents_in(hint: object) -> Iterator[type[Document]]:
    """Yield the documents that a type names, such as `tuple[FixDocument, ...] | None`."""
    if isinstance(hint, type) and issubclass(hint, Document):
        yield hint
    for inner in get_args(hint):
        yield from _documents_in(inner)


def _as_documents(value: object, document: type[Document] | None) -> object:
    """Return a value of the model, or several of them, as documents; what is none already."""
    if document is None or value is None or isinstance(value, Document):
        return value
    if isinstance(value, dict):
        return {key: _as_documents(one, document) for key, one in value.items()}
    return tuple(_as_documents(one, document) for one in value) if isinstance(value, tuple) else document.of(value)


class CutBoundDocument(Document, of=CutBound, names="size lower_bound proven"):
    """How many cuts are enough, and how many are needed at least."""


class GraphDocument(Document, of=GraphSummary, names="components modules largest cuts"):
    """How cyclic one graph is; `cuts` is null unless `--cuts` asks for it."""

    cuts: CutBoundDocument | None


class HeadDocument(
    Document,
    of=Analysis,
    names="schema command version package packages left_out graph complete skipped modules imports self_imports graphs",
):
    """What every JSON result begins with; `packages` are the top-level packages in the graph.

    `left_out` are first-party packages that are reached, but would have added too many modules.
    """

    schema: Literal["cycles/2"]
    command: str
    version: str
    graph: GraphName
    graphs: dict[GraphName, GraphDocument]


class OfComponentDocument(Document):
    """What something that is about a component begins with."""

    taken: ClassVar[Taken] = {name: f"component.{name}" for name in ("number", "name", "modules")}

    number: int
    name: str
    modules: tuple[str, ...]


class FixDocument(Document, of=CutFix, names="kind path line_number detail names leaves leads_to largest_left doubt"):
    """How a cut can be made: its `kind`, and what shows that at `path` and `line_number`.

    `names` says what becomes of every name that the statements take. `leaves` are the modules to import from instead;
    `leads_to` those that the importer depends on then, where they lead back to it unless other cuts are made too, and
    `largest_left` is the size of the largest component with this cut alone. `doubt` is what could break the fix and
    cannot be seen in the packages; null where it is promised.
    """

    taken: ClassVar[Taken] = {"kind": "feasibility"}

    kind: Feasibility


def as_json(document: object) -> str:
    """Write a document in ASCII alone, whatever the encoding of stdout; it ends in a newline."""
    return _written(document, "\n") + "\n"


def head_of(analysis: Analysis, command: str) -> dict[str, object]:
    """Return the fields that every result begins with."""
    graphs = {found.name: found for found in analysis.summaries}
    fixed = {"schema": "cycles/2", "command": command, "version": __version__}
    return vars(HeadDocument.of(analysis, **fixed, graphs=graphs, graph=analysis.graph_name))


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
