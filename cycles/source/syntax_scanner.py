"""The imports of a module file by CPython's own parser: what takes over where grimp's scanner cannot be used."""

import ast
from collections.abc import Container, Iterator

from cycles.source.import_statements import Named
from cycles.source.names import absolute_name, package_of
from cycles.source.text import UnreadableError, decode, parse, without_lazy


def imports_of(data: bytes, module: str, known: Container[str], *, is_package: bool) -> list[tuple[str, int, bool]]:
    """Return (imported, line number, whether lazy) of every import of a `known` module in the bytes of a source file.

    They are those that grimp's scanner finds. The line is the one on which the statement begins. What climbs above the
    top-level package is no import of anything. Raises UnreadableError.
    """
    text = decode(data)
    lazy: frozenset[int] = frozenset()
    try:
        # The bytes, as CPython itself: it allows a line join at the end of a file that ends in CR LF, for one.
        tree = parse(data)
    except UnreadableError:
        # PEP 810 is older in code than in this Python.
        text, lazy = without_lazy(text)
        if not lazy:
            raise
        tree = parse(text)
    found: dict[tuple[str, int, bool], None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for named in _items(node, module, is_package=is_package):
                imported = _as_grimp_sees_it(named, known)
                if imported is not None:
                    found[imported, node.lineno, node.lineno in lazy] = None
    return list(found)


def _items(node: ast.Import | ast.ImportFrom, module: str, *, is_package: bool) -> Iterator[Named]:
    if isinstance(node, ast.Import):
        yield from (Named(alias.name, "", alias.asname or alias.name) for alias in node.names)
        return
    base = absolute_name("." * node.level + (node.module or ""), package_of(module, is_package=is_package))
    if base is not None:
        yield from (Named(base, alias.name, alias.asname or alias.name) for alias in node.names)


def _as_grimp_sees_it(named: Named, known: Container[str]) -> str | None:
    """Return the module that is named, or the one directly above it; grimp looks no further up."""
    full = f"{named.module}.{named.name}" if named.name else named.module
    return next((name for name in (full, full.rpartition(".")[0]) if name and name in known), None)
