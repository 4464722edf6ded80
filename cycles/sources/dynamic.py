"""Module files in; the modules that literal `import_module("…")` and `__import__("…")` calls name, out."""

import re
from collections.abc import Container, Iterator, Sequence

from cycles.model import Mention, ModuleFile
from cycles.sources.blocks import Blocks
from cycles.sources.lexical import BLANK, in_lambda
from cycles.sources.walk import Clause
from cycles.texts import read_text
from cycles.words import Form

_FUNCTIONS = ("import_module", "__import__")
_ARGUMENTS = re.compile(
    r"""\s*\(\s*(?:name\s*=\s*)?[rRuU]?(?P<quote>["'])(?P<name>[.\w]+)(?P=quote)(?=\s*[,)])(?P<rest>[^()\n]*)""",
)
_PACKAGE = re.compile(
    r"""^\s*,\s*(?:package\s*=\s*)?(?:["'](?P<literal>[\w.]+)["']|(?P<own>__package__|__name__))\s*,?\s*$"""
)


def find_dynamic(modules: Sequence[ModuleFile], known: Container[str]) -> list[Mention]:
    """Find the literal dynamic imports of modules in `known`; files that cannot be read are left to the scan."""
    functions = [function.encode() for function in _FUNCTIONS]
    found: list[Mention] = []
    for module in modules:
        try:
            with open(module.path, "rb") as file:
                data = file.read()
            if not any(function in data for function in functions):
                continue
            blocks = Blocks(read_text(module.path))
        except (OSError, UnicodeError, SyntaxError):
            continue
        found += (
            Mention(module.name, imported, blocks.line_number(offset), Form.DYNAMIC)
            for offset, imported in _calls(blocks, module, known)
        )
    return found


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
        own = module.name if module.is_package or package["own"] == "__name__" else module.name.rpartition(".")[0]
        parts = (package["literal"] or own).split(".")
        level = len(name) - len(name.lstrip("."))
        if level > len(parts):
            return None
        name = ".".join([*parts[: len(parts) - level + 1], name.lstrip(".")]).rstrip(".")
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None
