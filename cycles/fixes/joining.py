"""Join import statements of one module that stand side by side where an edit put one of them there."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from cycles.fixes.insertion import written
from cycles.fixes.module_text import Change, Page
from cycles.source.text import UnreadableError, parse_with_lazy


def joined(before: str, after: str) -> str:
    r"""Return a text with the new statements in it joined to those next to them that import from the same module.

    Nothing is joined in a text that had such statements before: there, that is how they are written.

    >>> joined("from p import a\n", "from p import a\nfrom p import b\n")
    'from p import a, b\n'
    """
    lines = set(before.split("\n"))
    try:
        if any(pairs_in(before)):
            return after
        pair = next((pair for pair in pairs_in(after) if any(text not in lines for _, text in pair)), None)
    except UnreadableError:
        return after
    if pair is None:
        return after
    page, ((first, _), (second, _)) = Page(after), pair
    (line,) = written(
        (f"from {'.' * one.level}{one.module or ''} import ", alias.name)
        for one in (first, second)
        for alias in one.names
    )
    return joined(before, page.with_changes([Change(page.start(first), page.end(second), line)]))


_Shown = tuple[ast.ImportFrom, str]


def pairs_in(text: str) -> Iterator[tuple[_Shown, _Shown]]:
    """Yield statements of a module, each a line, that follow each other and import from the same module."""
    lines = text.split("\n")
    for one, other in pairwise(parse_with_lazy(text)[0].body):
        if isinstance(one, ast.ImportFrom) and isinstance(other, ast.ImportFrom) and other.lineno == one.lineno + 1:
            shown = (lines[one.lineno - 1], lines[other.lineno - 1])
            if (one.module, one.level) == (other.module, other.level) and all(map(_is_plain, (one, other), shown)):
                yield (one, shown[0]), (other, shown[1])


def _is_plain(node: ast.ImportFrom, line: str) -> bool:
    """Whether a statement is all of its line, without comment, and takes names as they are called."""
    names = [alias.name for alias in node.names]
    is_whole = line == f"from {'.' * node.level}{node.module or ''} import {', '.join(names)}"
    return is_whole and "*" not in names and not any(alias.asname for alias in node.names)
