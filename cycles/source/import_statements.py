"""The text of an import statement in; the modules that it names and the names that it takes, out."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass

from cycles.source.blocks import Blocks
from cycles.source.names import absolute_name, package_of
from cycles.source.values import ModuleFile

_COMMENT_OR_JOIN = re.compile(r"#[^\n]*|\\\n|\n|\r")
_PLAIN = re.compile(r"[\w., *]+")
_FROM = re.compile(r"(?:lazy\s+)?from(?P<module>[\s.\w]*?)(?<!\w)import(?!\w)(?P<names>.*)", re.DOTALL)
_IMPORT = re.compile(r"(?:lazy\s+)?import(?!\w)(?P<names>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """One item of an import statement: the module that it names, the name that it takes of it ("" for none).

    `bound` is the name that the statement binds, "*" for a star.
    """

    module: str
    name: str
    bound: str


def read_statement(text: str, importer: str, *, is_package: bool) -> tuple[Named, ...]:
    """Read the statement that `text` begins with, up to a semicolon or the end of its logical line.

    Relative modules become absolute; what climbs above the top-level package is left out.

    >>> read_statement("from .b import (c as d,)  # why", "a.x", is_package=False)
    (Named(module='a.b', name='c', bound='d'),)
    """
    code = text if _PLAIN.fullmatch(text) else _COMMENT_OR_JOIN.sub(" ", _first_statement(text))
    if not code.isascii():
        # Python knows identifiers by their normal form (PEP 3131).
        code = unicodedata.normalize("NFKC", code)
    if found := _FROM.match(code):
        module = absolute_name("".join(found["module"].split()), package_of(importer, is_package=is_package))
        if module is None:
            return ()
        return tuple(Named(module, name, bound) for name, bound in _items(found["names"]))
    if found := _IMPORT.match(code):
        return tuple(
            Named(name, "", name.partition(".")[0] if bound == name else bound)
            for name, bound in _items(found["names"])
        )
    return ()


def resolve(named: Named, modules: Container[str]) -> str | None:
    """The known module that an item imports, as grimp sees it: the submodule, else the nearest package."""
    submodule = f"{named.module}.{named.name}"
    if named.name and submodule in modules:
        return submodule
    module = named.module
    while module and module not in modules:
        module = module.rpartition(".")[0]
    return module or None


def items_on_line(
    blocks: Blocks, line_number: int, module: ModuleFile, modules: Container[str]
) -> dict[str, list[Named]]:
    """The items of the import statements that begin on a line, by the known module that each imports.

    What names a module that is not known stands under that name, too.
    """
    items: dict[str, list[Named]] = defaultdict(list)
    for text in blocks.statements(line_number):
        for item in read_statement(text, module.name, is_package=module.is_package):
            imported = resolve(item, modules)
            if imported is not None:
                items[imported].append(item)
            if imported != item.module and item.module not in modules:
                items[item.module].append(item)
    return items


def _first_statement(text: str) -> str:
    """Cut the text behind its first statement; import statements hold no strings, so a lexer is not needed."""
    depth = position = 0
    for found in re.finditer(r"#[^\n]*|\\\n|[()\n;]", text):
        position = found.start()
        if found[0] == "(":
            depth += 1
        elif found[0] == ")":
            depth -= 1
        elif (found[0] == "\n" and not depth) or found[0] == ";":
            return text[:position]
    return text


def _items(names: str) -> list[tuple[str, str]]:
    """The (name, bound name) of a comma-separated list with `as`."""
    items = []
    for item in names.replace("(", " ").replace(")", " ").split(","):
        words = item.split()
        if "as" in words:
            items.append(("".join(words[:-2]), words[-1]))
        elif words:
            name = "".join(words)
            items.append((name, name))
    return items
