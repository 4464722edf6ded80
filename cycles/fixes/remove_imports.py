"""Take import statements, or single names of them, out of a text: nothing else of it changes."""

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from cycles.fixes.text_changes import Change, Page, share_line
from cycles.source.import_statements import ImportNode

_COMMA = re.compile(r"\s*,")


def without_statements(
    page: Page, block: Sequence[ast.stmt], gone: Collection[int], *, whole: bool
) -> Iterator[Change]:
    """Take statements of a block out, by their places in it; `whole`: nothing need be left of the block."""
    going = sorted(gone)
    if len(going) == len(block) and not whole:
        first = block[going.pop(0)]
        yield Change(page.start(first), page.end(first), "pass")
    run: list[int] = []
    for place in going:
        if run and not (place == run[-1] + 1 and share_line(block, run[-1])):
            yield _without_run(page, block, run)
            run = []
        run.append(place)
    if run:
        yield _without_run(page, block, run)


def _without_run(page: Page, block: Sequence[ast.stmt], places: Sequence[int]) -> Change:
    """Take out statements that follow each other on one line."""
    first, last = places[0], places[-1]
    start, end = page.start(block[first]), page.end(block[last])
    if share_line(block, last):
        return Change(start, page.start(block[last + 1]), "")
    if share_line(block, first - 1):
        return Change(page.end(block[first - 1]), end, "")
    # What is joined to other lines by backslashes stays a statement.
    return page.whole_lines(start, end) or Change(start, end, "pass")


def without_names(page: Page, node: ImportNode, gone: Collection[int]) -> Iterator[Change]:
    """Take some, not all, of the names of a statement out, by their places in it, with the comments behind them."""
    names = node.names
    in_brackets = "(" in page.between(page.start(node), page.start(names[0]))
    run: list[int] = []
    # The place behind the last name follows no other: there the last run ends.
    for place in (*sorted(gone), len(names) + 1):
        if run and not (place == run[-1] + 1 and (not in_brackets or _on_one_line(names, run[-1]))):
            yield _without_names(page, names, run[0], run[-1], in_brackets=in_brackets)
            run = []
        run.append(place)


def _on_one_line(names: Sequence[ast.alias], place: int) -> bool:
    return place + 1 < len(names) and names[place].end_lineno == names[place + 1].lineno


def _without_names(page: Page, names: Sequence[ast.alias], first: int, last: int, *, in_brackets: bool) -> Change:
    """Take out names that follow each other; in brackets those on one line, with it where nothing else is there."""
    start, end = page.start(names[first]), page.end(names[last])
    if in_brackets:
        comma = _COMMA.match(page.after(end))
        behind = (end[0], end[1] + comma.end()) if comma else end
        if (comma or last == len(names) - 1) and (lines := page.whole_lines(start, behind)):
            return lines
        if comma:
            rest = page.after(behind)
            if rest.strip() and rest.lstrip()[0] not in "#)":
                return Change(start, (behind[0], behind[1] + len(rest) - len(rest.lstrip())), "")
            return Change((start[0], len(page.before(start).rstrip())), behind, "")
    if last + 1 < len(names):
        return Change(start, page.start(names[last + 1]), "")
    return Change(page.end(names[first - 1]), end, "")
