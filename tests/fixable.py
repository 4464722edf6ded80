"""Small packages with an import cycle, in which one module uses what it takes of the other in ways of all kinds."""

import random

Files = dict[str, bytes]

IN_FUNCTIONS = (
    "def f{n}():\n    return {e}",
    'def f{n}():\n    """Doc."""\n\n    # why\n    return {e}',
    "def f{n}(): return {e}",
    'def f{n}(): "doc"; return {e}',
    "async def f{n}(\n    x=1,\n):\n    return {e}",
    "class C{n}:\n    def m(self):\n        def g():\n            return {e}\n        return g()",
    "class C{n}:\n\tx = 1\n\n\t@staticmethod\n\tdef m(x=1): return {e}",
    "def f{n}():\n    class K:\n        y = {e}\n    return K",
    "def f{n}():\n    return [({e}, x) for x in (1,)]",
    "def f{n}():\n    return lambda: {e}",
    "def f{n}():\n    yield {e}",
    "def f{n}():\n    return f'{{{e}}}'",
    "@functools.cache\ndef f{n}():\n    return {e}",
    "def f{n}():\n    @functools.wraps({e})\n    def g(): ...\n    return g",
    "def f{n}():\n    import json\n    return {e}",
    "def f{n}():\n    global G{n}\n    G{n} = {e}",
    "def f{n}(x):\n    match x:\n        case {e}(): return 1",
    "def f{n}(x): \\\n  return {e}",
    "def f{n}(x):\n    return typing.cast('{e}', x)",
    "T{n} = {{'k': 1}}\ndef f{n}(): return T{n}, {e}",
    "if __name__ == '__main__':\n    {e}",
)
IN_ANNOTATIONS = (
    "def f{n}(x: {e}) -> 'list[{e}]': ...",
    "def f{n}(x: {e} | None = None, *y: 'int'): ...",
    "def f{n}(x: typing.Literal['a', \"b\"], y: {e}, z: dict['str', {e}]): ...",
    "x{n}: {e}",
    "x{n}: '{e}' = None",
    "class C{n}:\n    y: {e}",
    "def f{n}():\n    y: {e} = 1\n    return y",
    "def f{n}(\n    x: dict[str,\n        {e}],  # c\n): ...",
    "class C{n}:\n    def m(self, x: {e}) -> {e}: return {e}",
    "@dataclasses.dataclass\nclass C{n}:\n    y: '{e}'",
    "if TYPE_CHECKING:\n    A{n} = {e}",
)
IN_BODY = (
    "class C{n}({e}): ...",
    "def f{n}(x={e}): ...",
    "@{e}.deco\ndef f{n}(): ...",
    "x{n} = {e}",
    "class C{n}:\n    y = {e}",
    "x{n} = lambda: {e}",
    "T{n} = {{'k': {e}}}",
    "def f{n}(): return {e}\nx{n} = f{n}()",
    "X{n} = typing.TypeVar('X{n}', bound='{e}')",
    "del {b}",
    "{b} = 1",
    "def f{n}():\n    {b} = 1\n    return {b}",
    "def f{n}():\n    global {b}\n    return {b}",
    "def f{n}():\n    class K:\n        {b} = {b}\n    return K",
)
NAMES = ("B", "D", "_e", "é")


def _spelled(choose: random.Random, package: str) -> tuple[str, list[tuple[str, str]]]:
    """Statements that take something of `b`, and each thing as an expression with the name that is bound."""
    wanted = choose.sample(NAMES, choose.choice([1, 1, 2, 3]))
    pairs = [(name, name if choose.random() < 0.8 else f"{name}_") for name in wanted]
    shown = [name if name == bound else f"{name} as {bound}" for name, bound in pairs]
    module = choose.choice([".b", f"{package}.b", ".", f"{package}"])
    taken = [(bound, bound) for _, bound in pairs]
    through = choose.choice([f"import {package}.b as b", "from . import b", f"import {package} as b"])
    shape = choose.choice(
        [
            (f"from {module} import {', '.join(shown)}", taken),
            (f"from {module} import ({', '.join(shown)})  # why", taken),
            (f"from {module} import (  # all\n{''.join(f'    {one},  # {one}{chr(10)}' for one in shown)})", taken),
            (f"from {module} import ({shown[0]},\n    {', '.join(shown[1:])})" if shown[1:] else "import re", taken),
            (f"from {module} import \\\n  {f', {chr(92)}{chr(10)}  '.join(shown)}", taken),
            (f"import os; from {module} import {', '.join(shown)}", taken),
            (f"from {module} import {', '.join(shown)}; import os", taken),
            ("; ".join(f"from {module} import {one}" for one in shown), taken),
            ("\n".join(f"from {module} import {one}" for one in shown), taken),
            (through, [(f"b.{name}", "b") for name in wanted]),
            (f"import {package}.b", [(f"{package}.b.{name}", package.partition(".")[0]) for name in wanted]),
        ]
    )
    return shape if shape[0] != "import re" else (f"from {module} import {', '.join(shown)}", taken)


def package(choose: random.Random, name: str) -> Files:
    """The files of a package, by path."""
    statement, taken = _spelled(choose, name)
    uses = []
    for number, (expression, bound) in enumerate(taken):
        for more in range(choose.choice([0, 1, 1, 2])):
            ways = choose.choices([IN_FUNCTIONS, IN_ANNOTATIONS, IN_BODY], [6, 4, 1])[0]
            uses.append(choose.choice(ways).format(n=f"{number}{more}", e=expression, b=bound))
    choose.shuffle(uses)
    head = ['"""Doc."""'] * choose.choice([0, 1]) + ["from __future__ import annotations"] * choose.choice([0, 0, 1])
    types = choose.choice(
        [
            "import typing\nfrom typing import TYPE_CHECKING",
            "import typing\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import re  # types",
            "import typing\nTYPE_CHECKING = typing.TYPE_CHECKING",
            "import typing\nTYPE_CHECKING = False",
        ]
    )
    lines = [*head, "import functools, dataclasses", types, statement, *uses, "done = 1"]
    if choose.random() < 0.2:
        lines.insert(len(head) + 2, "\x0c")
    text = choose.choice(["\n", "\n\n", "\n\n\n"]).join(lines) + choose.choice(["\n", ""])
    if not text.startswith('"'):
        text = choose.choice(["", "", "# a comment\n"]) + text
    data = text.replace("\n", choose.choice(["\n", "\n", "\r\n"])).encode()
    data = choose.choice([b"", b"", b"\xef\xbb\xbf"]) + data
    return {
        f"{name.replace('.', '/')}/__init__.py": (
            f"from {name}.leaf import _B as B, D\nfrom {name}.b import _e, é\nimport {name}.a\n"
        ).encode(),
        f"{name.replace('.', '/')}/leaf.py": b"class _B(Exception):\n    def deco(self): return 1\nclass D(_B): ...\n",
        f"{name.replace('.', '/')}/a.py": data,
        f"{name.replace('.', '/')}/b.py": (
            f"from {name}.leaf import _B as B, D\nclass _e(B): ...\nclass é(B): ...\nimport {name}.a\n"
        ).encode(),
    }
