"""The text of a module in; the compound statements that enclose a place in it, out.

No parse: the line that encloses an indented one is the nearest line above it with less
indentation. Physical lines answer that nearly always; where a string or a line join may deceive,
the lexer's logical lines do. Both are walked by the same code.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from cycles.sources.lexical import mask

_HEADER = re.compile(
    r"(?:async\s+)?(?P<keyword>def|class|if|elif|else|try|except|finally|with|for|while|match|case)(?!\w)"
)
_PLAIN_HEADER = re.compile(r"[^'\"#\\\n]*:")
_STATEMENT = re.compile(r"(?:lazy\s+)?(?:import|from)(?=[\s.(\\])")
_HEADER_LENGTHS = (1, 2, 4, 8, 16, 32)
_FIRST = ("if", "for", "while", "try")
_LATER = ("elif", "else", "except", "finally")
_PLACE = re.compile(r"(?<![\w.])(?:lazy\s+)?(?:import|from)(?![\w])")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a compound statement: its keyword, and its header without the colon.

    `earlier` holds the headers of the clauses before it in the same statement, in order, and
    `handlers` those of all `except` clauses when the statement is a `try`.
    """

    keyword: str
    header: str
    earlier: tuple[str, ...]
    handlers: tuple[str, ...]


class Doubtful(Exception):  # noqa: N818  no error: the lexer will know
    """The lines alone do not say what encloses a statement."""


class Blocks:
    """What encloses each place of one text; remembers what it has found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._quick = _Walk(self.lines, self.lines, exact=False)
        self._exact: _Walk | None = None
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
            try:
                return self._quick.enclosing(index)
            except Doubtful:
                pass
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
        return [self.text[start + found.start() : stop] for found in _PLACE.finditer(self.masked_line(line_number))]

    def _statement_end(self, index: int) -> int:
        """The line behind an import statement that may go on: import statements hold no strings."""
        for end in range(index + 1, len(self.lines) + 1):
            line = self.lines[end - 1].partition("#")[0].rstrip()
            if ")" in line or not (line.endswith("\\") or "(" in "".join(self.lines[index:end])):
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

    def _lexed(self) -> "_Walk":
        if self._exact is None:
            self._masked = mask(self.text)
            code = self._masked.split("\n")
            self._row_starts = _starts(code)
            raw = [self.text[start : start + len(row)] for start, row in zip(self._row_starts, code, strict=True)]
            self._exact = _Walk(code, raw, exact=True)
        return self._exact


def _starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def header_end(row: str) -> int | None:
    """Where the colon of a compound statement's header stands in a masked logical line, or None."""
    if not _HEADER.match(row.lstrip()):
        return None
    depth = lambdas = 0
    for found in re.finditer(r"[(\[{]|[)\]}]|:(?!=)|\blambda\b", row):
        match found[0]:
            case "(" | "[" | "{":
                depth += 1
            case ")" | "]" | "}":
                depth -= 1
            case "lambda" if not depth:
                lambdas += 1
            case ":" if not depth and lambdas:
                lambdas -= 1
            case ":" if not depth:
                return found.start()
    return None


@lru_cache(maxsize=4096)
def _header(text: str) -> str | None:
    """The header that a text begins with, without its colon, or None where it begins with none."""
    text = text.strip()
    if _PLAIN_HEADER.fullmatch(text) and all(
        text.count(left) == text.count(right) for left, right in ("()", "[]", "{}")
    ):
        return text[:-1] if _HEADER.match(text) else None
    end = header_end(mask(text).partition("\n")[0])
    return None if end is None else text[:end].strip()


class _Walk:
    """A walk over lines of code; `exact` says that they are logical lines without strings and comments."""

    def __init__(self, code: list[str], raw: list[str], *, exact: bool) -> None:
        self.code = code
        self.raw = raw
        self.exact = exact
        self._parents: dict[int, int] = {}
        self._walked: dict[str, tuple[int, int]] = {}
        self._clauses: dict[int, Clause] = {}

    def enclosing(self, index: int) -> tuple[Clause, ...]:
        """The clauses around a line, innermost first; raises Doubtful."""
        chain: list[int] = []
        while _indentation(self.code[index]):
            if index not in self._parents:
                self._parents[index] = self._parent(index)
            index = self._parents[index]
            chain.append(index)
        return tuple(self.clause(header) for header in chain)

    def clause(self, index: int) -> Clause:
        """The clause whose header begins on a line."""
        if index not in self._clauses:
            keyword = self._keyword(index)
            first, earlier = self._earlier(index) if keyword in _LATER else (index, ())
            handlers = self._handlers(first) if self._keyword(first) == "try" else ()
            self._clauses[index] = Clause(keyword, self._header_of(index), earlier, handlers)
        return self._clauses[index]

    def _parent(self, index: int) -> int:
        """The header of the block that a line stands in."""
        indentation = _indentation(self.code[index])
        width = len(indentation)
        code = self.code
        walked_from, walked_to = self._walked.get(indentation, (-1, -1))
        at = index - 1
        while at >= 0:
            if at == walked_from:
                at = walked_to
            if code[at][:width].strip() and not (line := code[at].lstrip()).startswith("#"):
                outer = code[at][: len(code[at]) - len(line)]
                if not indentation.startswith(outer):
                    raise Doubtful
                head = self._head(at, outer) if line[0] in ")]}" else at
                self._walked[indentation] = (index, at)
                self._check(head, index)
                return head
            at -= 1
        raise Doubtful

    def _head(self, closing: int, indentation: str) -> int:
        """The first line of the header that ends on a line that begins with a closing bracket."""
        for at in range(closing - 1, -1, -1):
            line = self.code[at].lstrip()
            if line and line[0] not in "#)]}" and len(self.code[at]) - len(line) <= len(indentation):
                return at
        raise Doubtful

    def _check(self, head: int, index: int) -> None:
        """Raise Doubtful unless a header begins at `head`, and code stands there as surely as at `index`."""
        if not _HEADER.match(self.code[head].lstrip()):
            raise Doubtful
        if self.exact:
            return
        if head and self.code[head - 1].endswith("\\"):
            raise Doubtful
        self._header_of(head, index)
        self._check_strings(head, index)

    def _check_strings(self, start: int, stop: int) -> None:
        """Raise Doubtful where a line would not be code, were the line at `start` code: a string reaches it."""
        if self.exact:
            return
        between = "\n".join(self.code[start:stop])
        double, single = between.count('"""'), between.count("'''")
        if (double and single) or (double + single) % 2:
            line = self.code[stop].strip() if stop < len(self.code) else ""
            if not mask(f"{between}\n{line}").endswith(f"\n{mask(line)}"):
                raise Doubtful

    def _header_of(self, index: int, stop: int | None = None) -> str:
        if self.exact:
            end = header_end(self.code[index])
            return self.raw[index][:end].strip()
        for length in _HEADER_LENGTHS:
            end = index + length
            if found := _header("\n".join(self.code[index:end])):
                return found
            if end >= (stop or len(self.code)):
                break
        raise Doubtful

    def _keyword(self, index: int) -> str:
        found = _HEADER.match(self.code[index].lstrip())
        if found is None:
            raise Doubtful
        return found["keyword"]

    def _earlier(self, index: int) -> tuple[int, tuple[str, ...]]:
        """Where the statement of an `elif`, `else`, `except` or `finally` begins, and the headers from there."""
        indentation = _indentation(self.code[index])
        headers: list[str] = []
        for at in range(index - 1, -1, -1):
            line = self.code[at].lstrip()
            if not line or line[0] in "#)]}" or len(self.code[at]) - len(line) > len(indentation):
                continue
            if _indentation(self.code[at]) != indentation or self._keyword(at) not in _FIRST + _LATER:
                break
            headers.append(self._header_of(at))
            if self._keyword(at) in _FIRST:
                self._check_strings(at, index)
                return at, tuple(reversed(headers))
        raise Doubtful

    def _handlers(self, first: int) -> tuple[str, ...]:
        """The headers of the `except` clauses of the `try` that begins on a line."""
        width = len(_indentation(self.code[first]))
        headers: list[str] = []
        at = first + 1
        while at < len(self.code):
            line = self.code[at].lstrip()
            if line and line[0] not in "#)]}" and len(self.code[at]) - len(line) <= width:
                found = _HEADER.match(line)
                if not found or found["keyword"] not in _LATER or len(self.code[at]) - len(line) < width:
                    break
                if found["keyword"] == "except":
                    headers.append(self._header_of(at))
                if found["keyword"] == "finally":
                    break
            at += 1
        self._check_strings(first, at)
        return tuple(headers)


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
