"""Make functions of lambdas of a module's body: a lambda holds no statement, so nothing can be imported in it."""

import ast
import re
from collections.abc import Iterable
from dataclasses import replace

from cycles.fixes.insert_imports import Comments, Taken, into_function, statement_start, unit_of, written
from cycles.fixes.name_occurrences import Spots
from cycles.fixes.text_changes import Change, Page, Refusal, RefusedError
from cycles.source.file_text import UnreadableError, parse
from cycles.source.import_values import FunctionPlace
from cycles.source.tree_nodes import nodes_in

_PARTS = re.compile(r"lambda\b(?P<arguments>[^:#\n]*):(?P<body>.*)", re.DOTALL)
_BEFORE_DEF = 2
"""Blank lines around a function of a module, as PEP 8, Black and Ruff have them."""


def import_inside(
    page: Page,
    tree: ast.Module,
    spots: Spots,
    deferred: Iterable[tuple[FunctionPlace, list[Taken]]],
    comments: Comments | None = None,
) -> list[Change]:
    """Import at the beginning of functions, and in functions that take the place of lambdas.

    `comments` are those on what is imported: they stand in each function.
    """
    made: list[Change] = []
    taken_names = {node.id for node in nodes_in(tree) if isinstance(node, ast.Name)} if spots.lambdas else set()
    for place, taken in deferred:
        if place.lambda_at is None:
            told = replace(comments, above=dict(comments.above)) if comments else None
            made.append(into_function(page, tree, spots.functions[place.line_number], taken, told))
            continue
        name = base = f"_with_{re.sub('[^a-z0-9]+', '_', _bound(taken[0]).lower()).strip('_')}"
        number = 1
        while name in taken_names:
            number += 1
            name = f"{base}_{number}"
        taken_names.add(name)
        function, call = _as_function(page, tree, spots.lambdas[place.lambda_at], name, taken)
        if any(one.start == function.start for one in made):
            function = function._replace(text=function.text.lstrip("\n"))
        made += [function, call]
    return made


def _bound(taken: Taken) -> str:
    return taken[1].rpartition(" as ")[2]


def _stands_alone(body: str) -> bool:
    """Whether brackets hold the lines of an expression together."""
    try:
        return len(parse(body).body) == 1
    except UnreadableError:
        return False


def _as_function(
    page: Page, tree: ast.Module, node: ast.Lambda, name: str, taken: list[Taken]
) -> tuple[Change, Change]:
    """A function in place of a lambda, before the statement of the module that holds that."""
    start, end = page.start(node), page.end(node)
    parts = _PARTS.fullmatch(page.between(start, end))
    holder = next(one for one in reversed(tree.body) if statement_start(page, one) <= start)
    above, column = statement_start(page, holder)
    if parts is None or not page.begins_line((above, column)):
        raise RefusedError(Refusal.LAYOUT, node.lineno)
    while above > 1 and page.lines[above - 2].startswith("#"):
        above -= 1
    body, unit = parts["body"].strip(), unit_of(page, tree)
    if not _stands_alone(body):
        body = f"(\n{body}\n)"
    imports = "".join(f"{unit}{line}\n" for line in written(taken, unit))
    blank = 0
    while above - blank > 1 and not page.lines[above - blank - 2].strip():
        blank += 1
    gap = "\n" * (_BEFORE_DEF - min(blank, _BEFORE_DEF) if above - blank > 1 else 0)
    function = f"{gap}def {name}({parts['arguments'].strip()}):\n{imports}\n{unit}return {body}\n\n\n"
    return Change((above, 0), (above, 0), function), Change(start, end, name)
