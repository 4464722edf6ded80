"""The compound statements around the statements of a module, by its lines or by its syntax tree.

The lines are the fast path: what encloses an indented line begins on the nearest line above it with less indentation.
Judging all imports of a megabyte takes 5 ms of processor time by lines and 150 by the tree. Where strings may deceive,
they are blanked first; where the lines leave a doubt all the same (in 16 files of the corpus), the tree knows.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from cycles.source.code_without_strings import code_of

_HEADER = re.compile(
    r"(?:async\s+)?(?P<keyword>def|class|if|elif|else|try|except|finally|with|for|while|match|case)(?!\w)"
)
_STATEMENT = re.compile(r"(?:lazy\s+)?(?:import|from)(?=[\s.(\\])")
_KEYWORD = re.compile(r"\b(?:from|import)\b")
_QUOTES_IN_COMMENT = re.compile(r"#[^\n]*(?:'''|\"\"\")")
_INDENTATION = re.compile(r"^[ \t\f]*[\t\f][ \t\f]*", re.MULTILINE)
_IMPORT_ERROR = re.compile(r"(?<!\w)(?:ImportError|ModuleNotFoundError|Exception|BaseException)(?!\w)")
_LONGEST_HEADER = 60
"""Lines of a header that are looked at: longer ones are left to the tree, so that long brackets cost no more twice."""
_FIRST = ("if", "for", "while", "try")
_LATER = ("elif", "else", "except", "finally")


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One clause of a compound statement: its keyword, and its header without the colon.

    `outer` is the clause around it, `previous` the one before it in the same statement; None where there is none.
    `catches` says that the statement is a `try` that catches an import that fails, None that it is no `try` with
    handlers. All statements in a clause share it, so that a long module costs no more than its length.
    """

    keyword: str
    header: str = ""
    outer: "Clause | None" = None
    previous: "Clause | None" = None
    catches: bool | None = None


class Doubtful(Exception):  # noqa: N818  no error: the tree will know
    """The lines alone do not say what a statement is, or what encloses it."""


class Lines:
    """The lines of a text, and what they tell of it."""

    def __init__(self, text: str) -> None:
        """Nothing is looked at yet."""
        self._text = _with_spaces(text)
        self.lines = self._text.split("\n")
        # The lines in which headers are looked for: as they are, until that is in doubt; then without strings.
        self._code = self.lines
        self._parents: dict[int, int] = {}
        self._walks: dict[str, list[tuple[int, int, int]]] = {}
        """By indentation, sorted: lines without a less indented one between them, the first of them the end of a
        header, and where that begins."""
        self._clauses: dict[int, Clause] = {}

    def holds_import(self, line_number: int) -> bool:
        """Return whether a line may hold an import statement outside strings and comments."""
        self._blank_strings()
        return _KEYWORD.search(self._code[line_number - 1]) is not None

    def clause_around(self, line_number: int) -> Clause | None:
        """The clause around the import statement that begins on a line, None at module level; raises Doubtful."""
        index = line_number - 1
        line = self.lines[index]
        stripped = line.lstrip()
        if not _STATEMENT.match(stripped) or (index and self.lines[index - 1].endswith("\\")):
            raise Doubtful
        if len(stripped) == len(line):
            return None
        try:
            return self._enclosing(index)
        except Doubtful:
            if self._code is not self.lines:
                raise
        self._blank_strings()
        return self._enclosing(index)

    def statement(self, line_number: int) -> str:
        """The text from a line on which an import statement begins to the end of that statement.

        Import statements hold no strings, so that a bracket or a line join tells whether it goes on.
        """
        index = line_number - 1
        first = self.lines[index].lstrip()
        opened = "(" in first
        if not opened and not first.endswith("\\"):
            return first
        for end in range(index + 1, len(self.lines) + 1):
            opened = opened or "(" in self.lines[end - 1]
            line = self.lines[end - 1].partition("#")[0].rstrip()
            if ")" in line or not (line.endswith("\\") or opened):
                break
        return "\n".join([first, *self.lines[index + 1 : end]])

    def _blank_strings(self) -> None:
        if self._code is self.lines:
            self._code = code_of(self._text).split("\n")
            for found in (self._parents, self._walks, self._clauses):
                found.clear()

    def _check_strings(self, start: int, stop: int) -> None:
        """Raise Doubtful where a line may be in a string, although the one at `stop` is code."""
        if self._code is self.lines:
            between = "\n".join(self.lines[start:stop])
            double, single = between.count('"' * 3), between.count("'" * 3)
            if (double and single) or (double + single) % 2 or _QUOTES_IN_COMMENT.search(between):
                raise Doubtful

    def _enclosing(self, index: int) -> Clause | None:
        headers: list[int] = []
        while _indentation(self._code[index]):
            if index not in self._parents:
                self._parents[index] = self._parent(index)
            index = self._parents[index]
            headers.append(index)
            if index in self._clauses:
                break
        clause: Clause | None = None
        for header in reversed(headers):
            clause = self._clauses.get(header) or self._clause(header, clause)
        return clause

    def _clause(self, index: int, outer: Clause | None) -> Clause:
        """The clause whose header begins on a line."""
        headers = [index]
        while self._keyword(headers[-1]) in _LATER and headers[-1] not in self._clauses:
            headers.append(self._previous(headers[-1]))
        previous: Clause | None = None
        for at in reversed(headers):
            if at not in self._clauses:
                keyword = self._keyword(at)
                catches = previous.catches if previous else self._catches(at) if keyword == "try" else None
                self._clauses[at] = Clause(keyword, self._header_of(at), outer, previous, catches)
            previous = self._clauses[at]
        return self._clauses[index]

    def _parent(self, index: int) -> int:
        """Return the header of the block around a line."""
        code = self._code
        indentation = _indentation(code[index])
        walks = self._walks.setdefault(indentation, [])
        number = bisect_left(walks, (index,)) - 1
        if number >= 0 and index <= walks[number][1]:
            return walks[number][2]
        known = walks[number][1] if number >= 0 else -1
        for at in range(index - 1, known, -1):
            if not code[at].startswith(indentation) and (line := code[at].lstrip()) and line[0] != "#":
                if not indentation.startswith(code[at][: len(code[at]) - len(line)]):
                    raise Doubtful
                head = self._head(at) if line[0] in ")]}" else at
                if head and code[head - 1].endswith("\\"):
                    raise Doubtful
                self._header_of(head)
                self._check_strings(head, index)
                walks.insert(number + 1, (at, index, head))
                return head
        if number < 0:
            raise Doubtful
        # No line ends the block between this one and one that is known to be in it.
        walks[number] = (walks[number][0], index, walks[number][2])
        return walks[number][2]

    def _head(self, closing: int) -> int:
        """The line on which the brackets open that a line closes."""
        depth = 0
        for at in range(closing, max(closing - _LONGEST_HEADER, -1), -1):
            depth += _opened(_bare(self._code[at]))
            if not depth:
                return at
        raise Doubtful

    def _header_of(self, index: int) -> str:
        """The header that begins on a line, without its colon."""
        depth = 0
        if _HEADER.match(self._code[index].lstrip()):
            for at in range(index, min(index + _LONGEST_HEADER, len(self._code))):
                line = _bare(self._code[at]).rstrip()
                depth += _opened(line)
                if depth < 0 or (not depth and not line.endswith((":", "\\"))):
                    break
                if not depth and line.endswith(":"):
                    last = self.lines[at][: len(line) - 1]
                    return "\n".join([*self.lines[index:at], last] if at > index else [last]).strip()
        raise Doubtful

    def _keyword(self, index: int) -> str:
        found = _HEADER.match(self._code[index].lstrip())
        if found is None:
            raise Doubtful
        return found["keyword"]

    def _previous(self, index: int) -> int:
        """Where the clause before an `elif`, `else`, `except` or `finally` begins."""
        indentation = _indentation(self._code[index])
        for at in range(index - 1, -1, -1):
            line = self._code[at].lstrip()
            if not line or line[0] in "#)]}" or len(self._code[at]) - len(line) > len(indentation):
                continue
            if _indentation(self._code[at]) != indentation or self._keyword(at) not in _FIRST + _LATER:
                break
            self._check_strings(at, index)
            return at
        raise Doubtful

    def _catches(self, first: int) -> bool | None:
        """Whether the `try` that begins on a line catches an import that fails."""
        width = len(_indentation(self._code[first]))
        found: bool | None = None
        at = first
        for at in range(first + 1, len(self._code)):
            line = self._code[at].lstrip()
            if line and line[0] not in "#)]}" and len(self._code[at]) - len(line) <= width:
                keyword = _HEADER.match(line)
                if not keyword or keyword["keyword"] not in _LATER or len(self._code[at]) - len(line) < width:
                    break
                if keyword["keyword"] == "except":
                    found = handles_import_error(self._header_of(at)) or bool(found)
        self._check_strings(first, at)
        return found


def placed(tree: ast.Module) -> Iterator[tuple[ast.stmt, Clause | None]]:
    """Every statement of a module with the clause around it; what an `elif` holds comes in one with its `if`."""
    waiting: list[tuple[list[ast.stmt], Clause | None, Clause | None]] = [(tree.body, None, None)]
    while waiting:
        body, outer, before = waiting.pop()
        for node in body:
            yield node, outer
            waiting += _blocks(node, outer, before)


_Block = tuple[list[ast.stmt], Clause | None, Clause | None]


def _blocks(  # noqa: C901  one case for each compound statement
    node: ast.stmt, outer: Clause | None, before: Clause | None
) -> Iterator[_Block]:
    """Return the blocks of a compound statement, the clause of each, and the `if` whose `elif` it may hold."""
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            clause = Clause("elif" if before else "if", f"if {ast.unparse(test)}", outer, before)
            yield body, clause, None
            if len(orelse) == 1 and isinstance(orelse[0], ast.If):
                yield orelse, outer, clause
            else:
                yield orelse, Clause("else", "else", outer, clause), None
        case ast.Try() | ast.TryStar():
            headers = [f"except {ast.unparse(one.type)}" if one.type else "except" for one in node.handlers]
            catches = any(map(handles_import_error, headers)) if headers else None
            first = Clause("try", "try", outer, None, catches)
            yield node.body, first, None
            for handler, header in zip(node.handlers, headers, strict=True):
                yield handler.body, Clause("except", header, outer, first, catches), None
            yield node.orelse, Clause("else", "else", outer, first, catches), None
            yield node.finalbody, Clause("finally", "finally", outer, first, catches), None
        case ast.For() | ast.AsyncFor() | ast.While():
            first = Clause("for", "for", outer)
            yield node.body, first, None
            yield node.orelse, Clause("else", "else", outer, first), None
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            yield body, Clause("with", f"with {', '.join(map(ast.unparse, items))}", outer), None
        case ast.Match(cases=cases):
            for case in cases:
                yield case.body, Clause("case", "case", outer), None
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            yield body, Clause("def", "def", outer), None
        case ast.ClassDef(body=body):
            yield body, Clause("class", "class", outer), None


def handles_import_error(header: str) -> bool:
    """Whether an `except` clause, or a `suppress`, catches an import that fails."""
    return header == "except" or _IMPORT_ERROR.search(header) is not None


def _bare(line: str) -> str:
    """A line without strings and comments."""
    return code_of(line) if '"' in line or "'" in line or "#" in line else line


def _opened(code: str) -> int:
    """How many more brackets a line opens than it closes."""
    count = code.count
    return count("(") + count("[") + count("{") - count(")") - count("]") - count("}")


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _with_spaces(text: str) -> str:
    r"""Indent by spaces what is indented by tabs or form feeds, as deep as CPython takes it to be.

    A tab leads to the next multiple of eight, a form feed back to the margin ("Lexical analysis" in the Python
    reference, 2.1.8 and 2.1.9). So lines can be compared as texts.
    """
    if "\t" not in text and "\f" not in text:
        return text
    return _INDENTATION.sub(lambda found: " " * len(found[0].rpartition("\f")[2].expandtabs()), text)
