"""Which names a module gets from code that is handed all of its names: the oracle is running it."""

import ast

import pytest

from cycles.fixes.names_by_globals import names_bound

HELPERS = """
def looks(names, more=()):
    for name, value in names.items():
        print(name, len(names), "x" in names, names["__name__"], f"{set(names)}", names.get("y"))
    again(more, names)
    return [name for name in names], {**names}, dict(**names), "%(__name__)s" % names
def again(more, names): looks(names) if more else ()
def sets(names):
    def inner():
        return names
    names["one"] = names["two"] = 1
    del names["two"]
def writes(names): names.update(three=3)
def hands(names): sorted([], key=names)
def keeps(names): hands.kept = names
def stores(names, name): names[name] = 1
@str
def decorated(names): ...
"""


def found(text):
    """What is found of a text behind the helpers, each function looked up by its name."""
    tree = ast.parse(HELPERS + text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return names_bound(tree, "m", lambda _module, name, _before: ("m", functions[name]) if name in functions else None)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("looks(globals())", set()),
        ("looks(vars(), more=1)", set()),
        ("sets(globals())", None),
        ("x = [name for name in locals() if name in globals()]", set()),
        ("for name in dict(globals()): pass", set()),
        ("globals()['four'] = 1", {"four"}),
    ],
)
def test_what_only_looks_binds_nothing(text, bound):
    assert found(text) == (bound if bound is None else frozenset(bound))
    spelled = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    names = {"__name__": "m"}
    exec(HELPERS, names)  # noqa: S102  the helpers above
    before = set(names)
    exec(text, names)  # noqa: S102  the lines above
    assert bound is None or set(names) - before - spelled == bound


@pytest.mark.parametrize(
    "text",
    [
        "writes(globals())",
        "hands(globals())",
        "keeps(globals())",
        "stores(globals(), 'x')",
        "decorated(globals())",
        "unknown(globals())",
        "looks(*[], globals())",
        "looks(names=globals())",
        "x = globals()",
        "globals().update(x=1)",
        "globals()[x] = 1",
        "import sys\nsys.modules[__name__].x = 1",
        "exec('x = 1')",
        "looks.also(globals())",
    ],
)
def test_what_may_bind_any_name_is_told(text):
    assert found(text) is None
