"""Mentions in; how each takes effect, out: its kind and tags."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from cycles.source.blocks import Blocks
from cycles.source.clauses import Doubtful
from cycles.source.dynamic_imports import clauses_around_call, first_calls
from cycles.source.import_statements import Named, items_on_line
from cycles.source.kinds import Judge
from cycles.source.lazy_imports import used_on_import
from cycles.source.module import SourceCache, SourceFile
from cycles.source.text import UnreadableError
from cycles.source.values import Judged, Mention
from cycles.words import Form, Kind, Tag


def judge_mentions(mentions: Iterable[Mention], sources: SourceCache, compiled: Collection[str]) -> tuple[Judged, ...]:
    """Judge imports by the source of their importers; their order is kept.

    The mentions of one importer stand together. A file that can no longer be read gives imports of
    unknown kind, never fewer imports.
    """
    packages = {name.rpartition(".")[0] for name in compiled}
    judged: list[Judged] = []
    for importer, group in groupby(mentions, key=attrgetter("importer")):
        found = tuple(group)
        file = sources.file(importer)
        try:
            file.blocks  # noqa: B018  it reads the file
        except UnreadableError:
            judged += (Judged(*mention, Kind.UNKNOWN, ()) for mention in found)
        else:
            judged += _judge_module(file, found, sources, compiled, packages)
    return tuple(judged)


def _judge_module(
    file: SourceFile,
    mentions: Iterable[Mention],
    sources: SourceCache,
    compiled: Collection[str],
    packages: Collection[str],
) -> Iterator[Judged]:
    blocks, module, modules = file.blocks, file.module, sources.modules
    judge = Judge(file.special_names, sources.versions)
    calls: dict[tuple[int, str], int] | None = None
    items_of: dict[int, dict[str, list[Named]]] = {}
    seen: dict[tuple[int, Form], tuple[Kind, tuple[Tag, ...]]] = {}
    for mention in mentions:
        place = (mention.line_number, mention.form)
        if mention.form is Form.DYNAMIC:
            if calls is None:
                calls = first_calls(blocks, module, modules)
            kind, tags = _judge_call(blocks, calls.get((mention.line_number, mention.imported)), judge)
        else:
            if place not in seen:
                seen[place] = _judge_line(blocks, mention, judge)
            kind, tags = seen[place]
            if kind is Kind.LAZY or mention.imported in packages or mention.imported in compiled:
                if mention.line_number not in items_of:
                    items_of[mention.line_number] = items_on_line(blocks, mention.line_number, module, modules)
                items = items_of[mention.line_number].get(mention.imported, ())
                if mention.imported in compiled or (items and all(_is_compiled(item, compiled) for item in items)):
                    tags = (*tags, Tag.EXTENSION)
                if kind is Kind.LAZY and (used := _is_used(blocks, items, judge)) is not False:
                    kind = Kind.EAGER if used else Kind.UNKNOWN
                    tags = (*tags, Tag.LAZY)
        yield Judged(*mention, kind, tags)


def _judge_line(blocks: Blocks, mention: Mention, judge: Judge) -> tuple[Kind, tuple[Tag, ...]]:
    try:
        clauses = blocks.around_line(mention.line_number)
    except Doubtful:
        return Kind.UNKNOWN, ()
    return judge.kind_and_tags(clauses, lazy=mention.form is Form.LAZY)


def _judge_call(blocks: Blocks, offset: int | None, judge: Judge) -> tuple[Kind, tuple[Tag, ...]]:
    try:
        clauses = () if offset is None else clauses_around_call(blocks, offset)
    except Doubtful:
        return Kind.UNKNOWN, (Tag.DYNAMIC,)
    kind, tags = judge.kind_and_tags(clauses, lazy=False)
    return kind, (*tags, Tag.DYNAMIC)


def _is_used(blocks: Blocks, items: Iterable[Named], judge: Judge) -> bool | None:
    """Whether the module's body uses a name that a lazy import binds; None where that cannot be told."""
    try:
        return any(used_on_import(blocks, item.bound, judge) for item in items)
    except Doubtful:
        return None


def _is_compiled(item: Named, compiled: Collection[str]) -> bool:
    """Whether an item imports a compiled module, which grimp counts as its package."""
    return f"{item.module}.{item.name}" in compiled if item.name else item.module in compiled
