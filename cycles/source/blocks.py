"""The text of a module in; the compound statements that enclose a place in it, out.

No parse: the line that encloses an indented one is the nearest line above it with less
indentation. Physical lines answer that nearly always; where a string or a line join may deceive,
the lexer's logical lines do. Both are walked by the same code.
"""

import re
from bisect import bisect_right

from cycles.source.clauses import Clause, Doubtful, Walk, header_end
from cycles.source.tokens import mask

_STATEMENT = re.compile(r"(?:lazy\s+)?(?:import|from)(?=[\s.(\\])")
_INDENTATION = re.compile(r"^[ \t\f]*[\t\f][ \t\f]*", re.MULTILINE)
_PLACE = re.compile(r"(?<![\w.])(?:lazy\s+)?(?:import|from)(?![\w])")


class Blocks:
    """What encloses each place of one text; remembers what it has found."""

    def __init__(self, text: str) -> None:
        """Offsets and columns are those of `self.text`; line numbers those of the text given."""
        self.text = text = _with_spaces(text)
        self.lines = text.split("\n")
        self._quick = Walk(self.lines, self.lines, exact=False)
        self._exact: Walk | None = None
        self._masked = ""
        self._row_starts: list[int] = []
        self._line_starts: list[int] = []

    def around_line(self, line_number: int) -> tuple[Clause, ...]:
        """The clauses around the import statement that begins on a line, innermost first."""
        index = line_number - 1
        line = self.lines[index]
        stripped = line.lstrip()
        if _STATEMENT.match(stripped) and not (index and self.lines[index - 1].endswith("\\")):
            if len(stripped) == len(line):
                return ()
            if self._exact is None:
                try:
                    return self._quick.enclosing(index)
                except Doubtful:
                    self._lexed()
        place = _PLACE.search(self.masked_line(line_number))
        return self.around(self.offset(line_number) + (place.start() if place else 0))

    def statements(self, line_number: int) -> list[str]:
        """The source from each import statement that begins on a line, up to the end of its logical line or more."""
        index = line_number - 1
        line = self.lines[index]
        stripped = line.lstrip()
        if _STATEMENT.match(stripped) and ";" not in line:
            end = index + 1
            if "(" in line or line.endswith("\\"):
                end = self._statement_end(index)
            return [stripped if end == index + 1 else "\n".join([stripped, *self.lines[index + 1 : end]])]
        start = self.offset(line_number)
        stop = self._row_starts[self.row(start) + 1] if self.row(start) + 1 < len(self._row_starts) else len(self.text)
        places = [start + found.start() for found in _PLACE.finditer(self.masked_line(line_number))]
        # Behind a semicolon another statement begins, and thousands may stand on one line.
        ends = [self.masked().find(";", place, stop) for place in places]
        return [self.text[place : stop if end < 0 else end] for place, end in zip(places, ends, strict=True)]

    def _statement_end(self, index: int) -> int:
        """The line behind an import statement that may go on: import statements hold no strings."""
        opened = False
        for end in range(index + 1, len(self.lines) + 1):
            opened = opened or "(" in self.lines[end - 1]
            line = self.lines[end - 1].partition("#")[0].rstrip()
            if ")" in line or not (line.endswith("\\") or opened):
                return end
        return len(self.lines)

    def around(self, offset: int) -> tuple[Clause, ...]:
        """The clauses around a character of the text, innermost first; exact, at the price of a lexer run."""
        row = self.row(offset)
        walk = self._lexed()
        end = header_end(walk.code[row])
        clauses = walk.enclosing(row)
        if end is not None and self._row_starts[row] + end < offset:
            return (walk.clause(row), *clauses)
        return clauses

    def masked(self) -> str:
        """The text as `mask` shows it."""
        self._lexed()
        return self._masked

    def masked_line(self, line_number: int) -> str:
        """One physical line as `mask` shows it."""
        start = self.offset(line_number)
        return self.masked()[start : start + len(self.lines[line_number - 1])]

    def row(self, offset: int) -> int:
        """Index of the logical line that holds a character."""
        self._lexed()
        return bisect_right(self._row_starts, offset) - 1

    def row_start(self, offset: int) -> int:
        """Where the logical line that holds a character begins."""
        return self._row_starts[self.row(offset)]

    def offset(self, line_number: int) -> int:
        """Where a physical line begins."""
        if not self._line_starts:
            self._line_starts = _starts(self.lines)
        return self._line_starts[line_number - 1]

    def line_number(self, offset: int) -> int:
        """The physical line that holds a character."""
        self.offset(1)
        return bisect_right(self._line_starts, offset)

    def _lexed(self) -> Walk:
        if self._exact is None:
            self._masked = mask(self.text)
            code = self._masked.split("\n")
            self._row_starts = _starts(code)
            raw = [self.text[start : start + len(row)] for start, row in zip(self._row_starts, code, strict=True)]
            self._exact = Walk(code, raw, exact=True)
        return self._exact


def _with_spaces(text: str) -> str:
    r"""Indent by spaces what is indented by tabs or form feeds, as deep as CPython takes it to be.

    A tab leads to the next multiple of eight, a form feed back to the margin ("Lexical analysis" in the Python
    reference, 2.1.8 and 2.1.9). So lines can be compared as texts.
    """
    if "\t" not in text and "\f" not in text:
        return text
    return _INDENTATION.sub(lambda found: " " * len(found[0].rpartition("\f")[2].expandtabs()), text)


def _starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return starts
