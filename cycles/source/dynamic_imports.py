"""The modules that literal `import_module("…")` and `__import__("…")` calls name."""

import re
from collections.abc import Container, Iterator
from contextlib import suppress

from cycles.source.blocks import Blocks
from cycles.source.clauses import Clause
from cycles.source.missing_modules import imports_of_missing_modules
from cycles.source.module import SourceCache
from cycles.source.names import absolute_name, package_of
from cycles.source.text import UnreadableError, declares_encoding
from cycles.source.tokens import BLANK, in_lambda
from cycles.source.values import Mention, ModuleFile
from cycles.words import Form

_FUNCTIONS = ("import_module", "__import__")
_ARGUMENTS = re.compile(
    r"""\s*\(\s*(?:name\s*=\s*)?[rRuU]?(?P<quote>["'])(?P<name>[.\w]+)(?P=quote)(?=\s*[,)])(?P<rest>[^()\n]*)""",
)
_PACKAGE = re.compile(
    r"""^\s*,\s*(?:package\s*=\s*)?(?:["'](?P<literal>[\w.]+)["']|(?P<own>__package__|__name__))\s*,?\s*$"""
)


def find_dynamic(sources: SourceCache, known: Container[str]) -> tuple[list[Mention], dict[str, UnreadableError]]:
    """Find the imports that grimp does not see: literal dynamic ones of `known` modules, and those of missing modules.

    Returns also, by name, the modules whose declared encoding does not fit: grimp, which decodes as browsers do, reads
    some files that Python refuses. Other files that cannot be read are left to the scan.
    """
    functions = [function.encode() for function in _FUNCTIONS]
    tops = {name.partition(".")[0] for name in sources.modules}
    found: list[Mention] = []
    undecodable: dict[str, UnreadableError] = {}
    for name, module in sources.modules.items():
        file = sources.file(name)
        try:
            data = file.data
        except UnreadableError:
            continue
        if b"\0" in data:
            # Python refuses it anywhere, grimp only in code.
            line_number = data.count(b"\n", 0, data.index(b"\0")) + 1
            undecodable[name] = UnreadableError("a NUL character", line_number)
            continue
        with suppress(UnreadableError):
            found += imports_of_missing_modules(file, known, tops)
        wanted = any(function in data for function in functions)
        if not wanted and not declares_encoding(data):
            continue
        try:
            blocks = file.blocks
        except UnreadableError as error:
            undecodable[name] = error
            continue
        if wanted:
            found += (
                Mention(module.name, imported, blocks.line_number(offset), Form.DYNAMIC)
                for offset, imported in _calls(blocks, module, known)
            )
    return found, undecodable


def first_calls(blocks: Blocks, module: ModuleFile, known: Container[str]) -> dict[tuple[int, str], int]:
    """Where the first call on each line stands that names each module, by line number and module."""
    found: dict[tuple[int, str], int] = {}
    for offset, imported in _calls(blocks, module, known):
        found.setdefault((blocks.line_number(offset), imported), offset)
    return found


def clauses_around_call(blocks: Blocks, offset: int) -> tuple[Clause, ...]:
    """The clauses around a call; a lambda counts as a function."""
    clauses = blocks.around(offset)
    start = blocks.row_start(offset)
    # Thousands of calls may stand in one logical line: only where there is a lambda is it read again for each.
    if blocks.masked().find("lambda", start, offset) >= 0 and in_lambda(blocks.masked()[start:offset]):
        return (Clause("def", "lambda"), *clauses)
    return clauses


def _calls(blocks: Blocks, module: ModuleFile, known: Container[str]) -> Iterator[tuple[int, str]]:
    """Offset and imported module of each call that stands in code; the lexer runs only where one may be."""
    text = blocks.text
    for function in _FUNCTIONS:
        at = text.find(function)
        while at >= 0:
            call = _ARGUMENTS.match(text, at + len(function))
            whole = not (at and (text[at - 1].isalnum() or text[at - 1] == "_"))
            imported = _imported(call["name"], call["rest"], module, known) if call and whole else None
            if imported and blocks.masked()[at] not in f" {BLANK}":
                yield at, imported
            at = text.find(function, at + 1)


def _imported(name: str, rest: str, module: ModuleFile, known: Container[str]) -> str | None:
    if name.startswith("."):
        package = _PACKAGE.match(rest)
        if package is None:
            return None
        own = module.name if package["own"] == "__name__" else package_of(module.name, is_package=module.is_package)
        absolute = absolute_name(name, package["literal"] or own)
        if absolute is None:
            return None
        name = absolute
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None
