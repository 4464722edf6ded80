"""Where a module's text names things: uses of some names, functions, and the block of each import statement."""

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from cycles.source.import_statements import ImportNode
from cycles.source.tree_nodes import Function, children_of, first_line


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """One use of a name.

    `chain` are the attributes read of it, the innermost first; `annotation` is the whole one that holds it; `in_string`
    says that it stands in the braces of a string, where Python does not say for certain at which column.
    """

    node: ast.Name
    chain: tuple[ast.Attribute, ...]
    annotation: ast.expr | None
    in_string: bool


@dataclass(slots=True)
class Spots:
    """The uses of some names, functions, lambdas, and of each import its block and the place there.

    All are known by line and column, but for functions, which have a line of their own.
    """

    uses: dict[str, dict[tuple[int, int], Spot]] = field(default_factory=lambda: defaultdict(dict))
    functions: dict[int, Function] = field(default_factory=dict)
    lambdas: dict[tuple[int, int], ast.Lambda] = field(default_factory=dict)
    blocks: dict[tuple[int, int], tuple[list[ast.stmt], int]] = field(default_factory=dict)


def spots_in(tree: ast.Module, text: str, names: Collection[str]) -> Spots:
    """Find the uses of some names, and the functions and imports that hold them; whose the names are is not asked.

    A list of open nodes stands for recursion. Statements without any of the names in their text are passed over: they
    are most of a large module.
    """
    found = Spots()
    lines = _lines_with(text, names)
    waiting: list[tuple[ast.AST, ast.expr | None, bool]] = [(tree, None, False)]
    while waiting:
        node, annotation, in_string = waiting.pop()
        if isinstance(node, ast.stmt) and not _holds(node, lines):
            continue
        node, chain = _chain(node)
        if isinstance(node, ast.Name):
            if node.id in names:
                found.uses[node.id][node.lineno, node.col_offset] = Spot(node, chain, annotation, in_string)
            continue
        _note(node, found)
        own = (getattr(node, "annotation", None), getattr(node, "returns", None))
        in_string = in_string or isinstance(node, ast.JoinedStr)
        for child in children_of(node):
            is_annotation = isinstance(child, ast.expr) and child in own
            waiting.append((child, child if is_annotation and isinstance(child, ast.expr) else annotation, in_string))
    return found


def _note(node: ast.AST, found: Spots) -> None:
    if isinstance(node, Function):
        found.functions[node.lineno] = node
    elif isinstance(node, ast.Lambda):
        found.lambdas[node.lineno, node.col_offset] = node
    for block in _blocks(node):
        for at, one in enumerate(block):
            if isinstance(one, ImportNode):
                found.blocks[one.lineno, one.col_offset] = block, at


def _lines_with(text: str, names: Collection[str]) -> list[int]:
    """The numbers of the lines that may have one of the names.

    Python knows identifiers by their normal form: a line that is not ASCII may have any of them.
    """
    found = set[int]()
    if not text.isascii():
        found.update(number for number, line in enumerate(text.split("\n"), 1) if not line.isascii())
    for name in names:
        number, before, at = 1, 0, text.find(name)
        while at >= 0:
            number += text.count("\n", before, at)
            found.add(number)
            before, end = at, text.find("\n", at)
            at = text.find(name, end + 1) if end >= 0 else -1
    return sorted(found)


def _holds(node: ast.stmt, lines: Sequence[int]) -> bool:
    """Whether one of some lines, in order, is a line of a statement or of its decorators."""
    place = bisect_left(lines, first_line(node))
    return place < len(lines) and lines[place] <= (node.end_lineno or node.lineno)


def _chain(node: ast.AST) -> tuple[ast.AST, tuple[ast.Attribute, ...]]:
    chain: list[ast.Attribute] = []
    while isinstance(node, ast.Attribute):
        if isinstance(node.ctx, ast.Load):
            chain.append(node)
        node = node.value
    return node, tuple(reversed(chain))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block
