"""A module without the bodies of its functions, and what stands in these, by lines and indentation alone.

Most modules are asked one thing only: whether what they take from another module is used while they are imported.
Parsing the bodies of functions, which are four fifths of most files, is not worth that.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from cycles.source.code import code_of

_HEADER = re.compile(r"([ \t]*)(async[ \t]+def|def|class)[ \t]+(\w+)")
_MARK = re.compile(r"[()\[\]{}:]")
_OPENERS = ("class", "def", "async")
_OPENING, _CLOSING = "([{", ")]}"


class Around(NamedTuple):
    """What stands around a line: functions and classes from the outermost, and whether one is a function.

    `is_import`: it belongs to an import statement at the top of the module.
    """

    names: tuple[str, ...]
    in_function: bool
    is_import: bool


def surroundings(lines: Sequence[str]) -> list[Around]:
    """Return what stands around each line of a text, by indentation: where strings mislead, it is no function.

    >>> surroundings(["class C:", "    def f(self):", "        return 1"])[2]
    Around(names=('C', 'f'), in_function=True, is_import=False)
    """
    found: list[Around] = []
    opened: list[tuple[int, Around]] = []
    """The indentation of each function and class that is open, and what stands around the lines in it."""
    outside = current = Around((), in_function=False, is_import=False)
    importing = Around((), in_function=False, is_import=True)
    for line in lines:
        bare = line.lstrip()
        if bare and bare[0] not in "#)]}":
            indent = len(line) - len(bare)
            while opened and opened[-1][0] >= indent:
                opened.pop()
            if opened:
                current = opened[-1][1]
            elif not indent or not current.is_import:
                current = importing if bare.startswith(("from ", "import ")) and not indent else outside
            if bare.startswith(_OPENERS) and (header := _HEADER.match(line)):
                in_function = current.in_function or header[2] != "class"
                inner = Around((*current.names, header[3]), in_function, is_import=False)
                opened.append((indent, inner))
        found.append(current)
    return found


def outline_of(text: str) -> str:
    """Return a source text without the bodies of its functions, by its lines; what is left stays where it is."""
    lines, blanked = text.split("\n"), code_of(text).split("\n")
    shown: list[str] = []
    at, size = 0, len(blanked)
    while at < size:
        header = _HEADER.match(blanked[at])
        last, column = _end_of_header(blanked, at, header.end()) if header else (at, -1)
        shown += lines[at : last + 1]
        at = last + 1
        if not header or header[2] == "class" or column < 0 or blanked[last][column:].strip():
            continue
        shown[-1] = f"{lines[last][:column]} pass"
        indent = _indent(header[1])
        while at < size and (not blanked[at].strip() or _indent(blanked[at]) > indent):
            shown.append("")
            at += 1
    return "\n".join(shown)


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip(" "))


def _end_of_header(lines: list[str], at: int, column: int) -> tuple[int, int]:
    """The line of the colon that ends the header of a function or class, and the column behind it; -1 for none."""
    depth = 0
    while at < len(lines):
        for mark in _MARK.finditer(lines[at], column):
            if mark[0] in _OPENING:
                depth += 1
            elif mark[0] in _CLOSING:
                depth -= 1
            elif not depth:
                return at, mark.end()
        at, column = at + 1, 0
        if not depth:
            break
    return at - 1, -1
