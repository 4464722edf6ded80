"""Module expressions in, the cuts that they match out."""

import re
from collections.abc import Sequence
from functools import cache

from cycles.errors import CyclesError

Pair = tuple[str, str]


def matching(cuts: Sequence[Pair], pattern: Pair) -> frozenset[int]:
    """The numbers of the cuts (importer, imported) that a pair of module expressions matches.

    Expressions are spelled as import-linter spells them: `*` stands for one part of a name, `**`
    for one or more. Raises CyclesError where one is neither a name nor such an expression.
    """
    importer, imported = map(_compiled, pattern)
    return frozenset(
        number for number, cut in enumerate(cuts) if importer.fullmatch(cut[0]) and imported.fullmatch(cut[1])
    )


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    parts = expression.split(".")
    if not all(part in ("*", "**") or (part and "*" not in part) for part in parts):
        message = f'"{expression}" is no module expression; * stands for one whole part of a name, ** for one or more'
        raise CyclesError(message)
    spelled = {"*": r"[^.]+", "**": r".+"}
    return re.compile(r"\.".join(spelled.get(part) or re.escape(part) for part in parts))
