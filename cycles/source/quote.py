"""Judged imports in; the same imports with path, source line and names, out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter

from cycles.source.blocks import Blocks
from cycles.source.import_statements import Named, items_on_line
from cycles.source.module import SourceCache
from cycles.source.text import UnreadableError
from cycles.source.values import Import, Judged, ModuleFile
from cycles.words import Form


def describe_judged(judged: Collection[Judged], sources: SourceCache, paths: Mapping[str, str]) -> tuple[Import, ...]:
    """Quote imports from the source of their importers; their order is kept.

    The imports of one importer stand together. A file that can no longer be read gives imports
    without source and names, never fewer imports.
    """
    described: list[Import] = []
    for importer, group in groupby(judged, key=attrgetter("importer")):
        found = tuple(group)
        file = sources.file(importer)
        try:
            blocks = file.blocks
        except UnreadableError:
            described += (_import(statement, paths[importer], "", ()) for statement in found)
        else:
            described += _describe_module(blocks, file.module, found, sources.modules, paths[importer])
    return tuple(described)


def _describe_module(
    blocks: Blocks,
    module: ModuleFile,
    judged: Iterable[Judged],
    modules: Mapping[str, ModuleFile],
    path: str,
) -> Iterator[Import]:
    seen: dict[int, Mapping[str, list[Named]]] = {}
    for statement in judged:
        line_number = statement.line_number
        items: Mapping[str, list[Named]] = {}
        if statement.form is not Form.DYNAMIC:
            if line_number not in seen:
                seen[line_number] = items_on_line(blocks, line_number, module, modules)
            items = seen[line_number]
        names = dict.fromkeys(item.name for item in items.get(statement.imported, ()) if item.name)
        yield _import(statement, path, blocks.lines[line_number - 1].strip(), tuple(names))


def _import(statement: Judged, path: str, line_contents: str, names: tuple[str, ...]) -> Import:
    return Import(
        importer=statement.importer,
        imported=statement.imported,
        path=path,
        line_number=statement.line_number,
        line_contents=line_contents,
        kind=statement.kind,
        tags=statement.tags,
        names=names,
    )
