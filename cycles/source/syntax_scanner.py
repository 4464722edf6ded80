"""The imports of a module file by CPython's own parser: what takes over where grimp's scanner cannot be used."""

from collections.abc import Container

from cycles.source.import_statements import ImportNode, Named, named_by
from cycles.source.nodes import statements_in
from cycles.source.text import decode, parse_with_lazy


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
