"""Lines of code in; the clauses of compound statements around one of them, out."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from cycles.source.tokens import mask

_HEADER = re.compile(
    r"(?:async\s+)?(?P<keyword>def|class|if|elif|else|try|except|finally|with|for|while|match|case)(?!\w)"
)
_PLAIN_HEADER = re.compile(r"[^'\"#\\\n]*:")
_HEADER_LENGTHS = (1, 2, 4, 8, 16, 32)
_QUOTES_IN_COMMENT = re.compile(r"#[^\n]*(?:'''|\"\"\")")
_NEAR = 60
_FIRST = ("if", "for", "while", "try")
_LATER = ("elif", "else", "except", "finally")


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One clause of a compound statement: its keyword, and its header without the colon.

    `previous` is the clause before it in the same statement and `first` the one that the statement
    begins with, None where it is this one. `handlers` holds the headers of all `except` clauses when
    the statement is a `try`. The clauses of a statement share all this, so that a long one costs no more
    than its length; they are the same only if they are one object.
    """

    keyword: str
    header: str
    previous: "Clause | None" = None
    first: "Clause | None" = None
    handlers: tuple[str, ...] = ()


class Doubtful(Exception):  # noqa: N818  no error: the lexer will know
    """The lines alone do not say what encloses a statement."""


class Walk:
    """A walk over lines of code; `exact` says that they are logical lines without strings and comments."""

    def __init__(self, code: list[str], raw: list[str], *, exact: bool) -> None:
        self.code = code
        self.raw = raw
        self.exact = exact
        self._parents: dict[int, int] = {}
        self._walks: dict[str, list[tuple[int, int, int]]] = {}
        """By indentation, sorted: lines without a less indented one between them, the first of them the end of a
        header, and where that begins."""
        self._sure: set[int] = set()
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
        unknown: list[int] = []
        while index not in self._clauses:
            unknown.append(index)
            if self._keyword(index) not in _LATER:
                break
            index = self._previous(index)
        for at in reversed(unknown):
            previous = self._clauses[index] if index != at else None
            keyword = self._keyword(at)
            if previous is None:
                handlers = self._handlers(at) if keyword == "try" else ()
                self._clauses[at] = Clause(keyword, self._header_of(at), handlers=handlers)
            else:
                first = previous.first or previous
                self._clauses[at] = Clause(keyword, self._header_of(at), previous, first, first.handlers)
            index = at
        return self._clauses[index]

    def _parent(self, index: int) -> int:
        """The header of the block that a line stands in."""
        indentation = _indentation(self.code[index])
        code = self.code
        walks = self._walks.setdefault(indentation, [])
        number = bisect_left(walks, (index,)) - 1
        if number >= 0 and index <= walks[number][1]:
            return walks[number][2]
        known = walks[number][1] if number >= 0 else -1
        for at in range(index - 1, known, -1):
            # A line that is not indented as deep, and neither blank nor a comment.
            if not code[at].startswith(indentation) and (line := code[at].lstrip()) and line[0] != "#":
                outer = code[at][: len(code[at]) - len(line)]
                if not indentation.startswith(outer):
                    raise Doubtful
                head = self._head(at, outer) if line[0] in ")]}" else at
                walks.insert(number + 1, (at, index, head))
                self._check(head, index)
                return head
        if number < 0:
            raise Doubtful
        # No line ends the block between this one and one that is known to stand in it.
        walks[number] = (walks[number][0], index, walks[number][2])
        return walks[number][2]

    def _head(self, closing: int, indentation: str) -> int:
        """The first line of the header that ends on a line that begins with a closing bracket."""
        for at in range(closing - 1, max(closing - _NEAR, -1), -1):
            line = self.code[at].lstrip()
            if line and line[0] not in "#)]}" and len(self.code[at]) - len(line) <= len(indentation):
                if "\n" in mask("\n".join(self.code[at : closing + 1])):
                    break
                return at
        raise Doubtful

    def _check(self, head: int, index: int) -> None:
        """Raise Doubtful unless a header begins at `head`, and code stands there as surely as at `index`."""
        if head in self._sure:
            return
        if not _HEADER.match(self.code[head].lstrip()):
            raise Doubtful
        self._sure.add(head)
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
        if _QUOTES_IN_COMMENT.search(between):
            raise Doubtful
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

    def _previous(self, index: int) -> int:
        """Where the clause before an `elif`, `else`, `except` or `finally` begins."""
        indentation = _indentation(self.code[index])
        for at in range(index - 1, -1, -1):
            line = self.code[at].lstrip()
            if not line or line[0] in "#)]}" or len(self.code[at]) - len(line) > len(indentation):
                continue
            if _indentation(self.code[at]) != indentation or self._keyword(at) not in _FIRST + _LATER:
                break
            self._check_strings(at, index)
            return at
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


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
