"""Nodes of syntax trees, compared with those that `ast.walk` finds, in the modules of this project."""

import ast
from pathlib import Path

import pytest

from cycles.source.tree_nodes import children_of, nodes_in, statements_in

MODULES = sorted(Path(__file__).parents[1].glob("cycles/**/*.py"))[::7]
BLANK = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
EVERY_STATEMENT = """
async def f(a=1, *b: int, c, **d) -> int:
    global g
    async for i in a: pass
    else: await b
    async with c as e, d: return
@d
class C(B, metaclass=M):
    def method(self):
        nonlocal_ = lambda x, y=2: (yield)
        def inner():
            nonlocal nonlocal_
            del nonlocal_
    while a:
        break
    else:
        raise E from e
match a:
    case [1, *rest] | {"k": v, **others} if (n := v): x[1:2] += 1
    case P(q, r=s) as t: assert f"{t!r:>{width}}", "no"
    case _: x: int = {**a, "b": not c, **{d for d in e if f}}
try: import a.b, c as d
except E as error: from . import x
else: a < b <= c is not d
finally: [*a, -b, c and d]
"""


def texts():
    return [EVERY_STATEMENT, *(path.read_text(encoding="utf-8") for path in MODULES)]


@pytest.mark.parametrize("text", texts())
def test_nodes_are_those_that_ast_walks_over_but_contexts_and_operators(text):
    tree = ast.parse(text)

    found = list(nodes_in(tree))

    assert len(found) == len(set(found))
    assert set(found) == {node for node in ast.walk(tree) if not isinstance(node, BLANK)}
    for node in found:
        assert children_of(node) == [one for one in ast.iter_child_nodes(node) if not isinstance(one, BLANK)]


@pytest.mark.parametrize("text", texts())
def test_statements_are_those_that_ast_walks_over_the_outer_ones_first(text):
    tree = ast.parse(text)
    every = {node for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case)}
    inner = {one for node in every if isinstance(node, OWN_SCOPE) for one in ast.walk(node) if one is not node} & every

    found = list(statements_in(tree.body))

    places = {node: place for place, node in enumerate(found)}
    assert len(found) == len(places)
    assert places.keys() == every
    assert all(places[node] < places[one] for node in found for one in children_of(node) if one in places)
    assert set(statements_in(tree.body, functions=False)) == every - inner
