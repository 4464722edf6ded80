"""Imports of modules that have no source: compiled ones, and ones that are made when a project is built.

grimp leaves such a statement out where it takes names from the module (`from pkg.sub._compiled import x`). Importing it
still runs the packages on the way.
"""

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator

from cycles.source.import_statements import Named, read_statement
from cycles.source.module import SourceFile
from cycles.source.names import absolute_name, package_of
from cycles.source.text import declares_encoding
from cycles.source.values import Mention
from cycles.words import Form

# Two patterns that begin with letters, which `re` finds five times faster than one that begins with a choice.
_FROM = re.compile(rb"from\b([^#;:()=,\x27\x22]{1,300}?)\bimport\b")
_IMPORT = re.compile(rb"import\b((?:[\w.\x80-\xff \t\f,]|\\\r?\n?){1,300})")
_DOTTED = re.compile(rb"[\w\x80-\xff]+(?:[\s\\]*\.[\s\\]*[\w\x80-\xff]+)+")
_BLANK = re.compile(rb"[\s\\]+")
_KEYWORD = re.compile(r"\b(?:from|import)\b")
_QUOTES_IN_COMMENT = re.compile(rb"#[^\n]*(?:\x27\x27\x27|\x22\x22\x22)")


def imports_of_missing_modules(file: SourceFile, known: Container[str], tops: Collection[str]) -> Iterator[Mention]:
    """Return the imports of modules inside the packages `tops` that are neither `known` nor attributes of such modules.

    `imported` of each is the module that the statement names. The lines are looked at one by one only where a quick
    search finds such a name. Raises UnreadableError.
    """
    package = package_of(file.module.name, is_package=file.module.is_package)
    data = file.data
    if declares_encoding(data):
        data = file.text.encode("utf-8", "surrogatepass")
    suspects = [found for found in _FROM.finditer(data) if _is_suspect(found[1], package, known, tops)]
    suspects += (found for found in _IMPORT.finditer(data) if _names_suspect(found[1], known, tops))
    suspects.sort(key=lambda found: found.start())
    seen: set[tuple[str, int]] = set()
    line_number, at = 1, 0
    for suspect in suspects:
        line_number += data.count(b"\n", at, suspect.start())
        at = suspect.start()
        # A carriage return alone ends a line for Python, and a cookie may make lines of others: then all are looked at.
        for number in _lines(file, data, at, line_number):
            for text in file.blocks.statements(number):
                form = Form.LAZY if text.startswith("lazy") else Form.PLAIN
                for item in read_statement(text, file.module.name, is_package=file.module.is_package):
                    place = (item.module, number)
                    if place not in seen and _is_missing(item, known, tops):
                        seen.add(place)
                        yield Mention(file.module.name, item.module, number, form)


def _lines(file: SourceFile, data: bytes, at: int, line_number: int) -> Iterator[int]:
    """The lines on which the statement at a place of a file may begin; none where it is no code."""
    if b"\r" in data or declares_encoding(data):
        for number, line in enumerate(file.blocks.lines, 1):
            if _KEYWORD.search(line) and _KEYWORD.search(file.blocks.masked_line(number)):
                yield number
    elif _is_surely_code(data[:at]) or _KEYWORD.search(file.blocks.masked_line(line_number)):
        yield line_number


def _is_surely_code(before: bytes) -> bool:
    """Whether what follows a piece of a file is in no text and no comment: most imports, without a lexer's run."""
    line = before[before.rfind(b"\n") + 1 :]
    double, single = before.count(b'"' * 3), before.count(b"'" * 3)
    balanced = not (double and single) and (double + single) % 2 == 0
    return balanced and not line.strip() and not _QUOTES_IN_COMMENT.search(before)


def _is_suspect(taken_from: bytes, package: str, known: Container[str], tops: Collection[str]) -> bool:
    """Whether the module that a statement takes names from is not known, as far as its name alone tells."""
    (name,) = _names([_BLANK.sub(b"", taken_from)])
    module = absolute_name(name, package)
    return module is not None and _lies_in(module, tops) and module not in known


def _names_suspect(imported: bytes, known: Container[str], tops: Collection[str]) -> bool:
    """Whether one of the modules behind an `import` is not known."""
    dotted = (_BLANK.sub(b"", name) for name in _DOTTED.findall(imported)) if b"." in imported else ()
    return any(_is_missing(Named(name, "", ""), known, tops) for name in _names(dotted))


def _names(found: Iterable[bytes]) -> Iterator[str]:
    # Python knows identifiers by their normal form (PEP 3131).
    return (unicodedata.normalize("NFKC", name.decode("utf-8", "replace")) for name in found)


def _is_missing(item: Named, known: Container[str], tops: Collection[str]) -> bool:
    """Whether grimp sees no known module in an item: it looks at what is named and one level up, no further."""
    names = (item.module, f"{item.module}.{item.name}" if item.name else item.module.rpartition(".")[0])
    return _lies_in(item.module, tops) and not any(name in known for name in names)


def _lies_in(module: str, tops: Collection[str]) -> bool:
    """Whether importing a module may run a package on the way: a top-level name alone runs none."""
    top, dot, _ = module.partition(".")
    return bool(dot) and top in tops
