"""Where a module's text names things: uses of some names, functions, and the block of each import statement."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from cycles.source.import_statements import ImportNode

Function = ast.FunctionDef | ast.AsyncFunctionDef


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
    """The uses of some names by line and column, functions by line, and of each import its block and the place there.

    Two imports on one line are told apart by their columns.
    """

    uses: dict[str, dict[tuple[int, int], Spot]] = field(default_factory=lambda: defaultdict(dict))
    functions: dict[int, Function] = field(default_factory=dict)
    blocks: dict[tuple[int, int], tuple[list[ast.stmt], int]] = field(default_factory=dict)


def spots_in(tree: ast.Module, names: Collection[str]) -> Spots:
    """Find the uses of some names, all functions and all import statements; whose the names are is not asked.

    A list of open nodes stands for recursion.
    """
    found = Spots()
    waiting: list[tuple[ast.AST, ast.expr | None, bool]] = [(tree, None, False)]
    while waiting:
        node, annotation, in_string = waiting.pop()
        node, chain = _chain(node)
        if isinstance(node, ast.Name):
            if node.id in names:
                found.uses[node.id][node.lineno, node.col_offset] = Spot(node, chain, annotation, in_string)
            continue
        if isinstance(node, Function):
            found.functions[node.lineno] = node
        for block in _blocks(node):
            for at, one in enumerate(block):
                if isinstance(one, ImportNode):
                    found.blocks[one.lineno, one.col_offset] = block, at
        own = (getattr(node, "annotation", None), getattr(node, "returns", None))
        in_string = in_string or isinstance(node, ast.JoinedStr)
        for child in ast.iter_child_nodes(node):
            is_annotation = isinstance(child, ast.expr) and child in own
            waiting.append((child, child if is_annotation and isinstance(child, ast.expr) else annotation, in_string))
    return found


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
