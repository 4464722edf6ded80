"""Match cuts by module expressions, spelled as import-linter spells them."""

from collections.abc import Sequence

from cycles.source.names import module_expression

Pair = tuple[str, str]
"""Importer and imported: the names of a cut or a dependency, or expressions that match them."""


def matching(cuts: Sequence[Pair], pattern: Pair) -> frozenset[int]:
    """Return the numbers of the cuts that a pair of module expressions matches.

    In an expression `*` stands for one part of a name, `**`
    for one or more. Raises CyclesError where one is neither a name nor such an expression.
    """
    importer, imported = map(module_expression, pattern)
    return frozenset(
        number for number, cut in enumerate(cuts) if importer.fullmatch(cut[0]) and imported.fullmatch(cut[1])
    )
