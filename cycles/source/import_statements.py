"""What import statements name: modules, the names taken of them, and the names that they bind."""

import ast
import re
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache

from cycles.source.file_text import UnreadableError, decode, parse, parse_with_lazy, without_lazy
from cycles.source.import_values import ModuleFile
from cycles.source.module_names import absolute_name, package_of
from cycles.source.tree_nodes import statements_in

ImportNode = ast.Import | ast.ImportFrom
_PLAIN = re.compile(r"[\w\s.,*()]+")


@dataclass(frozen=True, slots=True)
class Named:
    """One item of an import statement: the module that it names, the name that it takes of it ("" for none).

    `bound` is the name that the statement binds, "*" for a star.
    """

    module: str
    name: str
    bound: str


@lru_cache(maxsize=4096)
def import_nodes(text: str) -> tuple[ImportNode, ...]:
    """The import statements that begin on the first line of a text; none where it cannot be parsed by itself."""
    text, _ = without_lazy(text)
    try:
        # Plain statements cannot give cause to warnings, which it takes half of the time to silence.
        tree = ast.parse(text) if _PLAIN.fullmatch(text) else parse(text)
    except (UnreadableError, SyntaxError):
        return ()
    # Behind an import statement, a line holds no compound one that could hold more.
    found = tree.body if tree.body and isinstance(tree.body[0], ImportNode) else statements_in(tree.body)
    return tuple(node for node in found if isinstance(node, ImportNode) and node.lineno == 1)


def named_by(node: ImportNode, importer: str, *, is_package: bool) -> tuple[Named, ...]:
    """The items of a statement; relative modules become absolute, what climbs above the top-level package is left out.

    >>> named_by(*import_nodes("from .b import (c as d,)  # why"), "a.x", is_package=False)
    (Named(module='a.b', name='c', bound='d'),)
    """
    if isinstance(node, ast.Import):
        return tuple(Named(alias.name, "", bound_name(node, alias)) for alias in node.names)
    module = absolute_name("." * node.level + (node.module or ""), package_of(importer, is_package=is_package))
    if module is None:
        return ()
    return tuple(Named(module, alias.name, bound_name(node, alias)) for alias in node.names)


def bound_name(node: ImportNode, alias: ast.alias) -> str:
    """The name that one part of an import statement binds."""
    return alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)


def bound_names(node: ImportNode) -> frozenset[str]:
    """The names that an import statement binds."""
    return frozenset(bound_name(node, alias) for alias in node.names)


def futures_of(tree: ast.Module) -> tuple[str, ...]:
    """Return what a module imports of `__future__`."""
    return tuple(
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    )


def resolve(named: Named, modules: Container[str]) -> str | None:
    """The known module that an item imports, as grimp sees it: the submodule, else the nearest package."""
    submodule = f"{named.module}.{named.name}"
    if named.name and submodule in modules:
        return submodule
    return nearest_known(named.module, modules)


def nearest_known(name: str, modules: Container[str]) -> str | None:
    """A module or, where it is not known, the nearest package around it that is; None where there is none."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def items_by_module(nodes: Iterable[ImportNode], module: ModuleFile, modules: Container[str]) -> dict[str, list[Named]]:
    """Return the items of import statements by the known module that each imports.

    What names a module that is not known stands under that name, too.
    """
    items: dict[str, list[Named]] = defaultdict(list)
    for node in nodes:
        for item in named_by(node, module.name, is_package=module.is_package):
            imported = resolve(item, modules)
            if imported is not None:
                items[imported].append(item)
            if imported != item.module and item.module not in modules:
                items[item.module].append(item)
    return items


def imports_of(
    data: bytes | str, module: str, known: Container[str], *, is_package: bool
) -> list[tuple[str, int, bool]]:
    """Return (imported, line number, whether lazy) of every import of a `known` module in a source file.

    They are those that grimp's scanner finds. The line is the one on which the statement begins. What climbs above the
    top-level package is no import of anything. Raises UnreadableError.
    """
    # Bytes are parsed as by CPython itself: it allows a line join at the end of a file in CR LF, for one.
    tree, lazy = parse_with_lazy(data) if isinstance(data, str) else parse_with_lazy(decode(data), data)
    found: dict[tuple[str, int, bool], None] = {}
    for node in statements_in(tree.body):
        if isinstance(node, ImportNode):
            for named in named_by(node, module, is_package=is_package):
                imported = _as_grimp_sees_it(named, known)
                if imported is not None:
                    found[imported, node.lineno, node.lineno in lazy] = None
    return list(found)


def _as_grimp_sees_it(named: Named, known: Container[str]) -> str | None:
    """Return the module that is named, or the one directly above it; grimp looks no further up."""
    full = f"{named.module}.{named.name}" if named.name else named.module
    return next((name for name in (full, full.rpartition(".")[0]) if name and name in known), None)
