"""Python source in; the same text with strings, comments and line joins blanked, out.

A lexer is enough to tell where a statement stands, does not recurse, and does not care which Python
version the text was written for: f-strings nest as in PEP 701, t-strings (PEP 750) are strings.
"""

import re

_ANYWHERE = r"""
      (?P<comment>\#[^\n]*)
    | (?P<prefix>\b[rRbBuUfFtT]{1,2})?(?P<quote>\"\"\"|\'\'\'|"|')
    | (?P<open>[(\[{])
    | (?P<join>\\\n)"""
# What can matter depends on what is open; looking for no more than that halves the work.
_TOP_LEVEL = re.compile(_ANYWHERE, re.VERBOSE)
_IN_BRACKETS = re.compile(_ANYWHERE + r"| (?P<close>[)\]}]) | (?P<newline>\n)", re.VERBOSE)
_IN_FIELD = re.compile(_ANYWHERE + r"| (?P<close>[)\]}]) | (?P<newline>\n) | (?P<colon>:)", re.VERBOSE)
_STRING_END = {
    '"': re.compile(r'[^"\\\n]*(?:\\(?:\r\n|.)[^"\\\n]*)*"?', re.DOTALL),
    "'": re.compile(r"[^'\\\n]*(?:\\(?:\r\n|.)[^'\\\n]*)*'?", re.DOTALL),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:""")?', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:''')?", re.DOTALL),
}
_FIELD = re.compile(r"\{\{|\}\}|\\[^{}]|(?P<field>\{)|(?P<end>\"\"\"|'''|[\"'\n}])", re.DOTALL)

BLANK = "`"
"""What stands for a character of a string: no word, no space, and in no Python 3 program."""


def mask(text: str) -> str:
    r"""Blank what is not code: the result has the same length, and a newline only where a logical line ends.

    Comments, and newlines inside brackets, inside strings or after a backslash become spaces, strings
    become backticks; what stands in the braces of an f-string stays.

    >>> mask("x = f('a',  # b\n  'c')\ny = 1").split("\n")
    ['x = f(```,        ```)', 'y = 1']
    """
    return _Lexer(text).masked()


def in_lambda(before: str) -> bool:
    """Whether the body of a lambda is still open at the end of a piece of masked code."""
    open_lambdas: list[tuple[int, bool]] = []
    depth = 0
    for found in re.finditer(r"[(\[{]|[)\]}]|,|:|(?<!\w)lambda(?!\w)", before):
        match found[0]:
            case "(" | "[" | "{":
                depth += 1
            case ")" | "]" | "}":
                depth -= 1
                while open_lambdas and open_lambdas[-1][0] > depth:
                    open_lambdas.pop()
            case "lambda":
                open_lambdas.append((depth, False))
            case ":" if open_lambdas and open_lambdas[-1] == (depth, False):
                open_lambdas[-1] = (depth, True)
            case "," if open_lambdas and open_lambdas[-1] == (depth, True):
                open_lambdas.pop()
    return any(in_body for _, in_body in open_lambdas)


class _Lexer:
    """One run over a text; what is open at a place is a bracket depth and a stack of f-string fields."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown = list(text)
        self.depth = 0
        self.fields: list[tuple[str, int]] = []
        """The quote of each f-string whose field is open, and the bracket depth outside of it."""

    def masked(self) -> str:
        position = 0
        while token := self._token().search(self.text, position):
            position = self._after(token)
        return "".join(self.shown)

    def _token(self) -> re.Pattern[str]:
        if self.fields:
            return _IN_FIELD
        return _IN_BRACKETS if self.depth else _TOP_LEVEL

    def _after(self, token: re.Match[str]) -> int:
        """Blank a token; returns where the next one may begin."""
        start, end = token.span()
        match token.lastgroup:
            case "quote":
                return self._string(start, end, token["quote"], token["prefix"] or "")
            case "open":
                self.depth += 1
            case "close" if self.depth:
                self.depth -= 1
            case "close" if self.fields and token[0] == "}":
                quote, self.depth = self.fields.pop()
                return self._literal(end, quote)
            case "colon" if self.fields and not self.depth:
                return self._format(end)
            case "comment" | "join" | "newline":
                self._blank(start, end, " ")
        return end

    def _blank(self, start: int, end: int, character: str) -> None:
        self.shown[start:end] = character * (end - start)

    def _string(self, start: int, opened: int, quote: str, prefix: str) -> int:
        if set(prefix.lower()) & {"f", "t"}:
            self._blank(start, opened, BLANK)
            return self._literal(opened, quote)
        ended = _STRING_END[quote].match(self.text, opened)
        end = ended.end() if ended else opened
        self._blank(start, end, BLANK)
        return end

    def _literal(self, start: int, quote: str) -> int:
        """Blank the literal part of an f-string; stop behind its end, or inside its next field."""
        for found in _FIELD.finditer(self.text, start):
            ending = found["end"]
            if found["field"]:
                self.fields.append((quote, self.depth))
                self.depth = 0
                end = found.end()
            elif ending and ending.startswith(quote):
                end = found.start() + len(quote)
            elif ending == "\n" and len(quote) == 1:
                end = found.start()
            else:
                continue
            self._blank(start, end, BLANK)
            return end
        self._blank(start, len(self.text), BLANK)
        return len(self.text)

    def _format(self, position: int) -> int:
        """The place behind the literal part of a format specification: at its `}`, or at a nested field."""
        found = re.compile(r"[{}\n]").search(self.text, position)
        return found.start() if found else len(self.text)
