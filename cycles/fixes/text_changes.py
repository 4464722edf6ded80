"""The text of a module by lines and columns, and changes to it."""

import ast
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from cycles.errors import CyclesError

Position = tuple[int, int]
"""A line, from 1, and a column, from 0 and in characters."""

_NOTHING_MORE = re.compile(r"\s*;?\s*(?:#.*)?")


class Change(NamedTuple):
    """Text that gives way to another, from one position to the next."""

    start: Position
    end: Position
    text: str


class Refusal(StrEnum):
    """Why a fix is not made by edits."""

    NO_MOVE = "it takes more than to move imports"
    NOT_FOUND = "the statement was not found in the syntax tree"
    UNREAD = "the file cannot be followed"
    LAYOUT = "the text is laid out so that it cannot be edited safely"
    STRING = "a string names what is to be called otherwise"
    ANNOTATION = "an annotation cannot be put in quotes"
    TYPE_CHECKING = "the module gives the name TYPE_CHECKING another meaning"
    ENCODING = "the encoding of the file cannot write the edit"


class RefusedError(CyclesError):
    """A fix that is not made: why, and where (no path: in the module at hand)."""

    def __init__(self, reason: Refusal, line_number: int = 1, path: str = "") -> None:
        """The arguments are those of the class."""
        super().__init__(f"{path}:{line_number}: {reason}; make this cut by hand")
        self.reason = reason
        self.line_number = line_number
        self.path = path


class Page:
    """The lines of a text, and where the nodes of its syntax tree are in them."""

    def __init__(self, text: str) -> None:
        """`text` has line feeds only."""
        self.lines = text.split("\n")

    def at(self, line_number: int, offset: int) -> Position:
        """The position of a byte of a line: so the parser counts columns."""
        line = self.lines[line_number - 1]
        return line_number, offset if line.isascii() else len(line.encode()[:offset].decode("utf-8", "replace"))

    def start(self, node: ast.expr | ast.stmt | ast.alias) -> Position:
        """Where a node begins."""
        return self.at(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.alias) -> Position:
        """Where a node ends."""
        return self.at(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def before(self, position: Position) -> str:
        """The text of the line up to a position."""
        return self.lines[position[0] - 1][: position[1]]

    def after(self, position: Position) -> str:
        """The text of the line from a position on."""
        return self.lines[position[0] - 1][position[1] :]

    def between(self, start: Position, end: Position) -> str:
        """The text from one position to another."""
        if start[0] == end[0]:
            return self.lines[start[0] - 1][start[1] : end[1]]
        return "\n".join([self.after(start), *self.lines[start[0] : end[0] - 1], self.before(end)])

    def begins_line(self, position: Position) -> bool:
        """Whether what stands at a position begins a line, which is not joined to the one before."""
        line_number, _ = position
        return not self.before(position).strip() and not (
            line_number > 1 and self.lines[line_number - 2].endswith("\\")
        )

    def whole_lines(self, start: Position, end: Position) -> Change | None:
        """The removal of the lines that hold nothing but what is between two positions, and a comment behind it."""
        if not self.begins_line(start) or not _NOTHING_MORE.fullmatch(self.after(end)):
            return None
        return Change((start[0], 0), self.line_after(end[0]), "")

    def without_blank_lines(self, gone: Change) -> Change:
        """Let blank lines before whole lines that go go with them, as many as follow: no larger gap is left.

        A form feed parts sections, and stays: then it is the blank lines that follow which go.
        """
        (line_number, column), (end, end_column), text = gone
        if column or end_column or text:
            return gone
        count = min(_blank(reversed(self.lines[: line_number - 1])), _blank(self.lines[end - 1 :]))
        if any("\f" in line for line in self.lines[line_number - 1 - count : line_number - 1]):
            # The text ends behind a line feed, in a last line that is empty and cannot go.
            return Change(gone.start, (min(end + count, len(self.lines)), 0), "")
        return Change((line_number - count, 0), gone.end, "")

    def after_line(self, line_number: int, text: str) -> Change:
        """Put whole lines after one, also where that is the last and has no end."""
        position = self.line_after(line_number)
        if position[0] == line_number:
            return Change(position, position, f"\n{text}".removesuffix("\n"))
        return Change(position, position, text)

    def with_changes(self, changes: Iterable[Change]) -> str:
        """Return the text with changes made, which do not overlap."""
        made: list[str] = []
        at: Position = (1, 0)
        for change in sorted(changes, key=lambda change: change[:2]):
            made += [self.between(at, change.start), change.text]
            at = change.end
        return "".join([*made, self.between(at, (len(self.lines), len(self.lines[-1])))])

    def line_after(self, line_number: int) -> Position:
        """Where the next line begins, or the last one ends."""
        return (
            (line_number + 1, 0) if line_number < len(self.lines) else (line_number, len(self.lines[line_number - 1]))
        )


def _blank(lines: Iterable[str]) -> int:
    """How many lines are blank before one is not."""
    return sum(1 for _ in takewhile(lambda line: not line.strip(), lines))


def share_line(block: Sequence[ast.stmt], place: int) -> bool:
    """Whether a semicolon joins a statement to the next one of its block."""
    return 0 <= place < len(block) - 1 and block[place].end_lineno == block[place + 1].lineno
