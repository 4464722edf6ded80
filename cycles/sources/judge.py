"""Mentions in; how each takes effect, out: its kind and tags."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter

from cycles.model import Judged, Mention, ModuleFile
from cycles.sources.blocks import Blocks
from cycles.sources.conditions import typing_names
from cycles.sources.dynamic import clauses_around_call
from cycles.sources.kinds import kind_and_tags
from cycles.sources.lazy import used_on_import
from cycles.sources.module import SourceCache
from cycles.sources.statements import Named, items_on_line
from cycles.sources.walk import Doubtful
from cycles.texts import UnreadableError
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
            blocks = file.blocks
        except UnreadableError:
            judged += (Judged(*mention, Kind.UNKNOWN, ()) for mention in found)
        else:
            judged += _judge_module(blocks, file.module, found, sources.modules, compiled, packages)
    return tuple(judged)


def _judge_module(
    blocks: Blocks,
    module: ModuleFile,
    mentions: Iterable[Mention],
    modules: Mapping[str, ModuleFile],
    compiled: Collection[str],
    packages: Collection[str],
) -> Iterator[Judged]:
    aliases = typing_names(blocks.text)
    seen: dict[tuple[int, Form], tuple[Kind, tuple[Tag, ...]]] = {}
    for mention in mentions:
        place = (mention.line_number, mention.form)
        if mention.form is Form.DYNAMIC:
            kind, tags = _judge_call(blocks, mention, module, modules, aliases)
        else:
            if place not in seen:
                seen[place] = _judge_line(blocks, mention, aliases)
            kind, tags = seen[place]
            if kind is Kind.LAZY or mention.imported in packages:
                items = items_on_line(blocks, mention.line_number, module, modules).get(mention.imported, ())
                if items and all(_is_compiled(item, compiled) for item in items):
                    tags = (*tags, Tag.EXTENSION)
                if kind is Kind.LAZY and (used := _is_used(blocks, items, aliases)) is not False:
                    kind = Kind.EAGER if used else Kind.UNKNOWN
                    tags = (*tags, Tag.LAZY)
        yield Judged(*mention, kind, tags)


def _judge_line(blocks: Blocks, mention: Mention, aliases: frozenset[str]) -> tuple[Kind, tuple[Tag, ...]]:
    try:
        clauses = blocks.around_line(mention.line_number)
    except Doubtful:
        return Kind.UNKNOWN, ()
    return kind_and_tags(clauses, aliases, lazy=mention.form is Form.LAZY)


def _judge_call(
    blocks: Blocks, mention: Mention, module: ModuleFile, modules: Mapping[str, ModuleFile], aliases: frozenset[str]
) -> tuple[Kind, tuple[Tag, ...]]:
    try:
        clauses = clauses_around_call(blocks, mention.line_number, mention.imported, module, modules)
    except Doubtful:
        return Kind.UNKNOWN, (Tag.DYNAMIC,)
    kind, tags = kind_and_tags(clauses, aliases, lazy=False)
    return kind, (*tags, Tag.DYNAMIC)


def _is_used(blocks: Blocks, items: Iterable[Named], aliases: frozenset[str]) -> bool | None:
    """Whether the module's body uses a name that a lazy import binds; None where that cannot be told."""
    try:
        return any(used_on_import(blocks, item.bound, aliases) for item in items)
    except Doubtful:
        return None


def _is_compiled(item: Named, compiled: Collection[str]) -> bool:
    """Whether an item imports a compiled module, which grimp counts as its package."""
    return f"{item.module}.{item.name}" in compiled if item.name else item.module in compiled
