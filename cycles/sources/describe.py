"""The imports that matter in; the same imports with kind, tags, names and source line, out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from cycles.model import Import, Kind, Tag
from cycles.sources.blocks import Blocks, Doubtful
from cycles.sources.conditions import typing_names
from cycles.sources.dynamic import clauses_around_call
from cycles.sources.files import ModuleFile
from cycles.sources.kinds import kind_and_tags
from cycles.sources.lazy import used_on_import
from cycles.sources.mentions import Form, Mention
from cycles.sources.scan import read_text
from cycles.sources.statements import Named, read_statement, resolve

_Judgement = tuple[Kind, tuple[Tag, ...], dict[str, list[Named]]]


def describe(
    mentions: Iterable[Mention], modules: Mapping[str, ModuleFile], compiled: Collection[str], paths: Mapping[str, str]
) -> tuple[Import, ...]:
    """Read each importer's file once and judge its statements; the order of the mentions is kept.

    The mentions of one importer stand together. A file that can no longer be read gives imports of
    unknown kind, never fewer imports.
    """
    by_importer: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_importer[mention.importer].append(mention)
    described: list[Import] = []
    for importer, found in by_importer.items():
        module = modules[importer]
        try:
            text = read_text(module.path)
        except (OSError, UnicodeError, SyntaxError):
            described += (
                Import(importer, mention.imported, paths[importer], mention.line_number, "", Kind.UNKNOWN, (), ())
                for mention in found
            )
            continue
        described += _describe_module(text, module, found, modules, compiled, paths[importer])
    return tuple(described)


def _describe_module(
    text: str,
    module: ModuleFile,
    mentions: list[Mention],
    modules: Mapping[str, ModuleFile],
    compiled: Collection[str],
    path: str,
) -> Iterable[Import]:
    blocks = Blocks(text)
    aliases = typing_names(text)
    seen: dict[tuple[int, Form], _Judgement] = {}
    for mention in mentions:
        place = (mention.line_number, mention.form)
        if mention.form is Form.DYNAMIC:
            clauses = clauses_around_call(blocks, mention.line_number, mention.imported, module, modules)
            kind, tags = kind_and_tags(clauses, aliases, lazy=False)
            tags = (*tags, Tag.DYNAMIC)
            named: list[Named] = []
        else:
            if place not in seen:
                seen[place] = _judge_line(blocks, mention, module, modules, aliases)
            kind, tags, by_module = seen[place]
            named = by_module.get(mention.imported, [])
        if compiled and named and all(_is_compiled(item, compiled) for item in named):
            tags = (*tags, Tag.EXTENSION)
        if kind is Kind.LAZY and any(used_on_import(blocks, item.bound, aliases) for item in named):
            kind = Kind.EAGER
            tags = (*tags, Tag.LAZY)
        yield Import(
            importer=mention.importer,
            imported=mention.imported,
            path=path,
            line_number=mention.line_number,
            line_contents=blocks.lines[mention.line_number - 1].strip(),
            kind=kind,
            tags=tags,
            names=tuple(dict.fromkeys(item.name for item in named if item.name)),
        )


def _judge_line(
    blocks: Blocks,
    mention: Mention,
    module: ModuleFile,
    modules: Mapping[str, ModuleFile],
    aliases: frozenset[str],
) -> _Judgement:
    """Kind and tags of the import statements on a line, and their items by the module that each imports."""
    try:
        clauses = blocks.around_line(mention.line_number)
        kind, tags = kind_and_tags(clauses, aliases, lazy=mention.form is Form.LAZY)
    except Doubtful:
        kind, tags = Kind.UNKNOWN, ()
    items: dict[str, list[Named]] = defaultdict(list)
    for text in blocks.statements(mention.line_number):
        for item in read_statement(text, module.name, is_package=module.is_package):
            imported = resolve(item, modules)
            if imported is not None:
                items[imported].append(item)
    return kind, tags, items


def _is_compiled(item: Named, compiled: Collection[str]) -> bool:
    """Whether an item imports a compiled module, which grimp counts as its package."""
    return f"{item.module}.{item.name}" in compiled if item.name else item.module in compiled
