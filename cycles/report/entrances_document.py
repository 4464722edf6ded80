"""First imports in; JSON out, in the same style as `document`."""

from pydantic import TypeAdapter

from cycles.model import Analysis, Entrances, Entry
from cycles.report.document import Document, HeadDocument, as_schema, head
from cycles.words import Verdict


class LinkDocument(Document):
    """Where the importer stands when the imported module begins to run."""

    importer: str
    imported: str
    path: str
    line_number: int


class OutcomeDocument(Document):
    """What becomes of a first import; `reason` says why it is unknown, or how it fails without an exception.

    `path` and `line_number` are where the error is raised, and `chain` the imports then under way, outermost first.
    """

    verdict: Verdict
    error: str | None
    path: str | None
    line_number: int | None
    chain: list[LinkDocument]
    reason: str | None


class ModuleDocument(Document):
    """A module by its name."""

    module: str


class EntryDocument(OutcomeDocument, ModuleDocument):
    """A module as the first import of a fresh interpreter, as predicted; `run`, with `--run`, is the truth."""

    run: OutcomeDocument | None


class SummaryDocument(Document):
    """How many of the entries have each verdict; `apart` are the package's other modules."""

    entries: int
    ok: int
    crash: int
    other: int
    unknown: int
    apart: int


class MaskDocument(Document):
    """A module whose import beforehand makes `safe` of the crashing entries importable."""

    module: str
    safe: int


class EntrancesDocument(HeadDocument):
    """What `cycles entries PACKAGE [N] --format json` prints.

    `entries` reach an import-time component (number `component` where it is not null), or crash. `hidden` are
    modules that would crash if the `__init__` of the package and of those above it were empty.
    """

    component: int | None
    after: list[str]
    bare: list[str]
    summary: SummaryDocument
    run: SummaryDocument | None
    mask: MaskDocument | None
    hidden: list[str]
    entries: list[EntryDocument]


def entrances_as_json(analysis: Analysis, found: Entrances) -> str:
    """The entry points of a package as JSON in ASCII; ends in a newline."""
    truths = {entry.module: _outcome(entry) for entry in found.runs}
    document = EntrancesDocument(
        **dict(head(analysis)),
        component=found.component,
        after=list(found.after),
        bare=list(found.bare),
        summary=_summary(found.entries, found.apart),
        run=_summary(found.runs, found.apart) if found.runs else None,
        mask=MaskDocument(module=found.mask.module, safe=found.mask.safe) if found.mask else None,
        hidden=[entry.module for entry in found.hidden],
        entries=[
            EntryDocument(module=entry.module, run=truths.get(entry.module), **dict(_outcome(entry)))
            for entry in found.entries
        ],
    )
    return document.model_dump_json(indent=2, ensure_ascii=True) + "\n"


def entrances_schema() -> str:
    """The JSON Schema of what `cycles entries` gives."""
    return as_schema(TypeAdapter(EntrancesDocument))


def _outcome(entry: Entry) -> OutcomeDocument:
    return OutcomeDocument(
        verdict=entry.verdict,
        error=entry.error,
        path=entry.path,
        line_number=entry.line_number,
        chain=[
            LinkDocument(importer=link.importer, imported=link.imported, path=link.path, line_number=link.line_number)
            for link in entry.chain
        ],
        reason=entry.reason,
    )


def _summary(entries: tuple[Entry, ...], apart: int) -> SummaryDocument:
    ok, crash, other, unknown = (
        sum(entry.verdict is verdict for entry in entries)
        for verdict in (Verdict.OK, Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN)
    )
    return SummaryDocument(entries=len(entries), ok=ok, crash=crash, other=other, unknown=unknown, apart=apart)
