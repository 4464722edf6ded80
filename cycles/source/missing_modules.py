"""Imports of modules that have no source: compiled ones, and ones that are made when a project is built.

grimp leaves such a statement out where it takes names from the module (`from pkg.sub._compiled import x`). Importing it
still runs the packages on the way.
"""

import re
from collections.abc import Collection, Container, Iterator

from cycles.source.import_statements import Named, read_statement
from cycles.source.module import SourceFile
from cycles.source.names import absolute_name, package_of
from cycles.source.values import Mention
from cycles.words import Form

_DOTTED = re.compile(rb"from[ \t]+([.\w]+)[ \t]+import\b|\bimport[ \t]+(\w+(?:\.\w+)+)")
_KEYWORD = re.compile(r"\b(?:from|import)\b")


def imports_of_missing_modules(file: SourceFile, known: Container[str], tops: Collection[str]) -> Iterator[Mention]:
    """Return the imports of modules inside the packages `tops` that are neither `known` nor attributes of such modules.

    `imported` of each is the module that the statement names. The lines are looked at one by one only where a quick
    search finds such a name. Raises UnreadableError.
    """
    package = package_of(file.module.name, is_package=file.module.is_package)
    suspects = {found.groups() for found in _DOTTED.finditer(file.data)}
    if not any(_is_suspect(taken_from, imported, package, known, tops) for taken_from, imported in suspects):
        return
    blocks = file.blocks
    seen: set[tuple[str, int]] = set()
    for line_number, line in enumerate(blocks.lines, 1):
        # Not every "from" is code: it may stand in a text.
        if not _KEYWORD.search(line) or not _KEYWORD.search(blocks.masked_line(line_number)):
            continue
        for text in blocks.statements(line_number):
            form = Form.LAZY if text.startswith("lazy") else Form.PLAIN
            for item in read_statement(text, file.module.name, is_package=file.module.is_package):
                place = (item.module, line_number)
                if place not in seen and _is_missing(item, known, tops):
                    seen.add(place)
                    yield Mention(file.module.name, item.module, line_number, form)


def _is_suspect(
    taken_from: bytes | None, imported: bytes | None, package: str, known: Container[str], tops: Collection[str]
) -> bool:
    """Whether a module that a statement may name is not known, as far as the name alone tells."""
    if imported:
        return _is_missing(Named(imported.decode("utf-8", "replace"), "", ""), known, tops)
    module = absolute_name((taken_from or b"").decode("utf-8", "replace"), package)
    return module is not None and _lies_in(module, tops) and module not in known


def _is_missing(item: Named, known: Container[str], tops: Collection[str]) -> bool:
    """Whether grimp sees no known module in an item: it looks at what is named and one level up, no further."""
    names = (item.module, f"{item.module}.{item.name}" if item.name else item.module.rpartition(".")[0])
    return _lies_in(item.module, tops) and not any(name in known for name in names)


def _lies_in(module: str, tops: Collection[str]) -> bool:
    return module.partition(".")[0] in tops
