"""Small packages whose imports take effect in ways that are hard to follow, by kinds that can be combined.

`RUNS` are pieces of code that call a function while a module is imported, `RESTS` pieces that only look as if they
did, `BINDS` pieces that give their module a name. In each, `F` stands for the function, `X` for the name, and `N` for
a number that makes other names unique.
"""

from collections.abc import Iterator
from itertools import count
from random import Random

Files = dict[str, str]

RUNS = {
    "call": "F()",
    "lambda": "(lambda: F())()",
    "lambda by name": "lN = lambda: F()\nlN()",
    "default": "def dN(value=F()): return value",
    "annotation": "def dN(value: F() = None): return value",
    "variable annotation": "vN: F() = 1",
    "decorator": "def dN(made):\n    made()\n    return made\n@dN\ndef eN(): F()",
    "decorator that is called": "def dN(*given):\n    def inner(made):\n        F()\n        return made\n    return inner\n@dN(1)\ndef eN(): pass",
    "decorator class": "class dN:\n    def __init__(self, made): F()\n@dN\ndef eN(): pass",
    "class decorator": "def dN(made):\n    F()\n    return made\n@dN\nclass eN: pass",
    "class body": "class cN:\n    value = F()",
    "class body in a function": "def dN():\n    class cN:\n        value = F()\ndN()",
    "init": "class cN:\n    def __init__(self): F()\ncN()",
    "inherited init": "class bN:\n    def __init__(self): F()\nclass cN(bN): pass\ncN()",
    "super init": "class bN:\n    def __init__(self): F()\nclass cN(bN):\n    def __init__(self): super().__init__()\ncN()",
    "super with names": "class bN:\n    def __init__(self): F()\nclass cN(bN):\n    def __init__(self): super(cN, self).__init__()\ncN()",
    "new": "class cN:\n    def __new__(cls):\n        F()\n        return super().__new__(cls)\ncN()",
    "init subclass": "class bN:\n    def __init_subclass__(cls, **given): F()\nclass cN(bN): pass",
    "set name": "class sN:\n    def __set_name__(self, owner, name): F()\nclass cN:\n    field = sN()",
    "metaclass new": "class mN(type):\n    def __new__(cls, *given):\n        F()\n        return super().__new__(cls, *given)\nclass cN(metaclass=mN): pass",
    "metaclass init": "class mN(type):\n    def __init__(cls, *given): F()\nclass cN(metaclass=mN): pass",
    "metaclass call": "class mN(type):\n    def __call__(cls): F()\nclass cN(metaclass=mN): pass\ncN()",
    "metaclass prepare": "class mN(type):\n    @classmethod\n    def __prepare__(cls, *given):\n        F()\n        return {}\nclass cN(metaclass=mN): pass",
    "method of an instance": "class cN:\n    def go(self): F()\ncN().go()",
    "method by a name": "class cN:\n    def go(self): F()\noN = cN()\noN.go()",
    "method through self": "class cN:\n    def __init__(self): self.go()\n    def go(self): F()\ncN()",
    "chained methods": "class cN:\n    def one(self): return self\n    def two(self): F()\ncN().one().two()",
    "class method": "class cN:\n    @classmethod\n    def go(cls): F()\ncN.go()",
    "static method": "class cN:\n    @staticmethod\n    def go(): F()\ncN.go()",
    "property": "class cN:\n    @property\n    def go(self): return F()\ncN().go",
    "cached property": "from functools import cached_property\nclass cN:\n    @cached_property\n    def go(self): return F()\ncN().go",
    "descriptor": "class sN:\n    def __get__(self, instance, owner): F()\nclass cN:\n    field = sN()\ncN.field",
    "setter": "class cN:\n    @property\n    def go(self): return 1\n    @go.setter\n    def go(self, value): F()\ncN().go = 1",
    "setattr hook": "class cN:\n    def __setattr__(self, name, value): F()\ncN().field = 1",
    "getattr hook": "class cN:\n    def __getattr__(self, name): F()\ncN().whatever",
    "getattribute hook": "class cN:\n    def __getattribute__(self, name): F()\ncN().whatever",
    "call hook": "class cN:\n    def __call__(self): F()\ncN()()",
    "item": "class cN:\n    def __getitem__(self, key): F()\ncN()[0]",
    "item of a class": "class cN:\n    def __class_getitem__(cls, key): F()\ncN[int]",
    "set item": "class cN:\n    def __setitem__(self, key, value): F()\ncN()[0] = 1",
    "contains": "class cN:\n    def __contains__(self, key): return F()\n1 in cN()",
    "iteration": "class cN:\n    def __iter__(self):\n        F()\n        return iter(())\nfor _ in cN(): pass",
    "unpacking": "class cN:\n    def __iter__(self):\n        F()\n        return iter((1, 2))\nlN, rN = cN()",
    "starred argument": "class cN:\n    def __iter__(self):\n        F()\n        return iter(())\nprint(*cN(), end='')",
    "length": "class cN:\n    def __len__(self):\n        F()\n        return 0\nlen(cN())",
    "truth": "class cN:\n    def __bool__(self):\n        F()\n        return True\nif cN(): pass",
    "comparison": "class cN:\n    def __lt__(self, other): return F()\ncN() < 1",
    "equality": "class cN:\n    def __eq__(self, other): return F()\ncN() == 1",
    "addition": "class cN:\n    def __add__(self, other): return F()\ncN() + 1",
    "addition from the right": "class cN:\n    def __radd__(self, other): return F()\n1 + cN()",
    "in-place addition": "class cN:\n    def __iadd__(self, other): return F()\noN = cN()\noN += 1",
    "negation": "class cN:\n    def __neg__(self): return F()\n-cN()",
    "hash": "class cN:\n    def __hash__(self):\n        F()\n        return 1\n{cN(): 1}",
    "text": "class cN:\n    def __str__(self):\n        F()\n        return ''\nstr(cN())",
    "f-string": "class cN:\n    def __str__(self):\n        F()\n        return ''\ntN = f'{cN()}'",
    "format": "class cN:\n    def __format__(self, how):\n        F()\n        return ''\n'{}'.format(cN())",
    "percent": "class cN:\n    def __str__(self):\n        F()\n        return ''\n'%s' % cN()",
    "with": "class cN:\n    def __enter__(self): F()\n    def __exit__(self, *error): pass\nwith cN(): pass",
    "with, on leaving": "class cN:\n    def __enter__(self): pass\n    def __exit__(self, *error): F()\nwith cN(): pass",
    "context manager": "from contextlib import contextmanager\n@contextmanager\ndef cN():\n    F()\n    yield\nwith cN(): pass",
    "exit stack": "from contextlib import ExitStack\nwith ExitStack() as sN:\n    sN.callback(F)",
    "list comprehension": "[F() for _ in (1,)]",
    "dict comprehension": "{_: F() for _ in (1,)}",
    "generator that is used up": "list(F() for _ in (1,))",
    "generator function": "def gN():\n    F()\n    yield 1\nlist(gN())",
    "next": "def gN():\n    F()\n    yield 1\nnext(gN())",
    "yield from": "def gN():\n    F()\n    yield 1\ndef hN():\n    yield from gN()\nfor _ in hN(): pass",
    "any": "any(F() for _ in (1,))",
    "map": "list(map(lambda _: F(), [1]))",
    "filter": "list(filter(lambda _: F(), [1]))",
    "sorted by key": "sorted([1], key=lambda _: F())",
    "max by key": "max([1, 2], key=lambda _: F() or 1)",
    "reduce": "from functools import reduce\nreduce(lambda a, b: F(), [1, 2])",
    "partial": "from functools import partial\npartial(F)()",
    "cache": "from functools import cache\n@cache\ndef dN(): return F()\ndN()",
    "lru_cache": "import functools\n@functools.lru_cache(maxsize=1)\ndef dN(): return F()\ndN()",
    "wraps": "import functools\ndef dN(made):\n    @functools.wraps(made)\n    def inner(*given): return made(*given)\n    return inner\n@dN\ndef eN(): F()\neN()",
    "single dispatch": "from functools import singledispatch\n@singledispatch\ndef dN(value): F()\ndN(1)",
    "table": "tN = {'go': F}\ntN['go']()",
    "table in a loop": "tN = {'go': F}\nfor kN, vN in tN.items(): vN()",
    "list of functions": "tN = [F]\nfor vN in tN: vN()",
    "list that is filled": "tN = []\ntN.append(F)\nfor vN in tN: vN()",
    "decorator that fills a list": "tN = []\ndef dN(made):\n    tN.append(made)\n    return made\n@dN\ndef eN(): F()\nfor vN in tN: vN()",
    "by another name": "nN = F\nnN()",
    "by a conditional": "(F if True else None)()",
    "by or": "(None or F)()",
    "by a walrus": "(wN := F)()",
    "in an assertion": "assert F() is None",
    "in a conditional": "vN = F() if True else 1",
    "in a loop": "for _ in range(1): F()",
    "in while": "while True:\n    F()\n    break",
    "in try": "try:\n    F()\nfinally:\n    pass",
    "in else": "try:\n    pass\nexcept ValueError:\n    pass\nelse:\n    F()",
    "in finally": "try:\n    pass\nfinally:\n    F()",
    "in match": "match 1:\n    case int(): F()",
    "match arguments": "class cN:\n    __match_args__ = ('go',)\n    @property\n    def go(self): return F()\nmatch cN():\n    case cN(1): pass\n    case _: pass",
    "returned function": "def dN(): return F\ndN()()",
    "closure": "def dN():\n    def inner(): F()\n    return inner\ndN()()",
    "nested": "def dN():\n    def inner(): F()\n    inner()\ndN()",
    "argument": "def dN(made): made()\ndN(F)",
    "keyword argument": "def dN(*, made): made()\ndN(made=F)",
    "starred arguments": "def dN(made): made()\ndN(*[F])",
    "default that is a function": "def dN(made=F): made()\ndN()",
    "attribute of an instance": "class cN: pass\noN = cN()\noN.go = F\noN.go()",
    "attribute of a class": "class cN: pass\ncN.go = staticmethod(F)\ncN.go()",
    "getattr": "class cN:\n    def go(self): F()\ngetattr(cN(), 'go')()",
    "globals": "globals()['F']()",
    "vars": "vars()['F']()",
    "eval": "eval('F()')",
    "exec": "exec('F()')",
    "method caller": "import operator\nclass cN:\n    def go(self): F()\noperator.methodcaller('go')(cN())",
    "coroutine": "import asyncio\nasync def gN(): F()\nasyncio.run(gN())",
    "send": "async def gN(): F()\ntry:\n    gN().send(None)\nexcept StopIteration:\n    pass",
    "dataclass factory": "from dataclasses import dataclass, field\n@dataclass\nclass cN:\n    value: object = field(default_factory=F)\ncN()",
    "post init": "from dataclasses import dataclass\n@dataclass\nclass cN:\n    value: int = 1\n    def __post_init__(self): F()\ncN()",
    "enum init": "import enum\nclass cN(enum.Enum):\n    ONE = 1\n    def __init__(self, value): F()",
    "enum next value": "import enum\nclass cN(enum.Enum):\n    @staticmethod\n    def _generate_next_value_(*given): return F() or 1\n    ONE = enum.auto()",
    "instance check": "class mN(type):\n    def __instancecheck__(cls, instance): return F() or True\nclass cN(metaclass=mN): pass\nisinstance(1, cN)",
    "subclass hook": "import abc\nclass cN(abc.ABC):\n    @classmethod\n    def __subclasshook__(cls, other):\n        F()\n        return NotImplemented\nissubclass(int, cN)",
    "named tuple with a method": "from typing import NamedTuple\nclass cN(NamedTuple):\n    value: int = 1\n    def go(self): F()\ncN().go()",
    "recursion": "def dN(left):\n    if left: dN(left - 1)\n    else: F()\ndN(3)",
    "mutual recursion": "def dN(left):\n    if left: eN(left - 1)\n    else: F()\ndef eN(left): dN(left)\ndN(2)",
    "raised and caught": "def dN(): raise ValueError\ntry:\n    dN()\nexcept ValueError:\n    F()",
    "deleted": "class cN:\n    def __del__(self): pass\n    def close(self): F()\noN = cN()\noN.close()\ndel oN",
    "by the class of a number": "if isinstance(int('1'), type(int('2'))): F()",
    "by the class of a sum": "if isinstance(len('a') + 1, int): F()",
    "by the class of one of two": "import os\nvN = 1 if os.environ.get('HOME') else 2\nif isinstance(vN, int): F()",
    "by the name of a parameter": "import inspect\ndef dN(made): pass\nif 'made' in inspect.signature(dN).parameters: F()",
    "by the kind of a parameter": "import inspect\ndef dN(*rest): pass\nif [p for p in inspect.signature(dN).parameters.values() if p.kind == p.VAR_POSITIONAL]: F()",
    "by the default of a parameter": "import inspect\nclass cN:\n    def __init__(self, made=1): pass\nfor pN in inspect.signature(cN).parameters.values():\n    if pN.default is not pN.empty: F()",
    "by a default of pop": "if {}.pop('key', 1): F()",
    "by what all branches leave": "import os\ndef dN():\n    if os.environ.get('HOME'): return F\n    elif os.environ.get('USER'): return F\n    else: raise OSError\ndN()()",
    "own cached property": "from functools import cached_property\nclass pN(cached_property):\n    def __init__(self, made): super().__init__(made)\n    def __get__(self, instance, owner=None): return super().__get__(instance, owner)\nclass cN:\n    @pN\n    def go(self): return F()\ncN().go",
    "names of the module": "def eN(): F()\nfor kN, vN in list(globals().items()):\n    if kN == 'eN': vN()",
    "values of the module": "def eN(): F()\n[vN() for vN in list(globals().values()) if vN is eN]",
    "own list": "class cN(list):\n    def __init__(self, made): super().__init__(made)\ncN(F() for _ in (1,))",
    "times": "for vN in [F] * 1: vN()",
}

RESTS = {
    "never called": "def dN(): F()",
    "lambda": "lN = lambda: F()",
    "generator that nobody asks": "gN = (F() for _ in (1,))",
    "generator function that nobody asks": "def gN():\n    F()\n    yield 1\ngN()",
    "coroutine that nobody awaits": "async def gN(): F()\ncN = gN()\ncN.close()",
    "partial": "from functools import partial\npN = partial(F)",
    "table": "tN = {'go': F}\nsorted(tN)",
    "list": "tN = [F]\nlen(tN)",
    "method": "class cN:\n    def go(self): F()\ncN()",
    "property": "class cN:\n    @property\n    def go(self): return F()\ncN().__class__",
    "branch": "if False: F()",
    "conditional": "vN = F() if False else 1",
    "and": "False and F()",
    "empty loop": "for _ in (): F()",
    "empty comprehension": "[F() for _ in ()]",
    "map that nobody asks": "mN = map(lambda _: F(), [1])",
    "registered at exit": "import contextlib\nsN = contextlib.ExitStack()\nsN.callback(F)\nsN.pop_all()",
    "decorator that returns": "def dN(made): return made\n@dN\ndef eN(): F()",
    "decorator that wraps": "def dN(made):\n    def inner(): return made()\n    return inner\n@dN\ndef eN(): F()",
    "cached": "from functools import cache\n@cache\ndef eN(): F()",
    "handler": "try:\n    pass\nexcept ValueError:\n    F()",
    "match": "match 1:\n    case 2: F()",
    "dataclass": "from dataclasses import dataclass, field\n@dataclass\nclass cN:\n    value: object = field(default_factory=F)",
    "abstract": "import abc\nclass cN(abc.ABC):\n    @abc.abstractmethod\n    def go(self): F()",
    "enum method": "import enum\nclass cN(enum.Enum):\n    ONE = 1\n    def go(self): F()",
    "text": "tN = 'F()'",
    "annotation as text": "def dN(value: 'F()' = None): return value",
    "by the class of a number": "if isinstance(int('1'), str): F()",
    "by the class of a float": "if isinstance(float('1') + 1, int): F()",
    "by the name of a parameter": "import inspect\ndef dN(made): pass\nif inspect.signature(dN).parameters.get('self', None) is not None: F()",
    "by the kind of a parameter": "import inspect\ndef dN(only, /): pass\nif [p for p in inspect.signature(dN).parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD]: F()",
    "by a default of pop": "if {'key': 0}.pop('key', 1): F()",
    "kept by an own dict": "class cN(dict):\n    def __setitem__(self, key, value): super().__setitem__(key, value)\ncN()['key'] = F",
    "kept by an own tuple": "class cN(tuple): pass\ncN((F,))",
    "what no branch leaves": "import os\ndef dN():\n    if os.environ.get('HOME'): return\n    else: return\n    F()\ndN()",
}

BINDS = {
    "assignment": "X = 1",
    "annotated": "X: int = 1",
    "function": "def X(): pass",
    "class": "class X: pass",
    "import": "import os as X",
    "from import": "from os import path as X",
    "tuple": "X, yN = 1, 2",
    "starred": "yN, *X = 1, 2",
    "chained": "X = yN = 1",
    "augmented": "X = 1\nX += 1",
    "walrus": "print((X := 1), end='')",
    "walrus in a comprehension": "[X := one for one in (1,)]",
    "loop": "for X in (1,): pass",
    "with": "import contextlib\nwith contextlib.nullcontext(1) as X: pass",
    "match": "match 1:\n    case X: pass",
    "match part": "match (1, 2):\n    case (X, _): pass",
    "try": "try:\n    X = 1\nexcept ValueError:\n    pass",
    "handler": "try:\n    raise ValueError\nexcept ValueError:\n    X = 1",
    "finally": "try:\n    pass\nfinally:\n    X = 1",
    "branch": "if True: X = 1",
    "while": "while True:\n    X = 1\n    break",
    "global": "def dN():\n    global X\n    X = 1\ndN()",
    "global in a method": "class cN:\n    def go(self):\n        global X\n        X = 1\ncN().go()",
    "global in a lambda's function": "def dN():\n    global X\n    X = 1\n(lambda: dN())()",
    "global by a decorator": "def dN(made):\n    global X\n    X = made\n    return made\n@dN\ndef eN(): pass",
    "global by with": "class cN:\n    def __enter__(self):\n        global X\n        X = 1\n    def __exit__(self, *error): pass\nwith cN(): pass",
    "global by a hook": "class bN:\n    def __init_subclass__(cls):\n        global X\n        X = cls\nclass cN(bN): pass",
    "global by a property": "class cN:\n    @property\n    def go(self):\n        global X\n        X = 1\ncN().go",
    "global by map": "def dN(value):\n    global X\n    X = value\nlist(map(dN, [1]))",
    "global by a table": "def dN():\n    global X\n    X = 1\ntN = {'go': dN}\ntN['go']()",
    "globals": "globals()['X'] = 1",
    "globals update": "globals().update(X=1)",
    "globals update of a table": "globals().update({'X': 1})",
    "globals in a function": "def dN(name): globals()[name] = 1\ndN('X')",
    "globals in a loop": "for nN in ('X',): globals()[nN] = 1",
    "setdefault": "globals().setdefault('X', 1)",
    "vars": "vars()['X'] = 1",
    "locals": "locals()['X'] = 1",
    "sys.modules": "import sys\nsys.modules[__name__].X = 1",
    "setattr on sys.modules": "import sys\nsetattr(sys.modules[__name__], 'X', 1)",
    "module by a name": "import sys\nmN = sys.modules[__name__]\nmN.X = 1",
    "dict of the module": "import sys\nsys.modules[__name__].__dict__['X'] = 1",
    "import_module of itself": "import importlib\nsetattr(importlib.import_module(__name__), 'X', 1)",
    "exec": "exec('X = 1')",
    "frame": "import sys\ndef dN(): sys._getframe(1).f_globals['X'] = 1\ndN()",
    "helper with globals": "def dN(space): space['X'] = 1\ndN(globals())",
    "class in a loop": "for nN in ('X',):\n    globals()[nN] = type(nN, (), {})",
    "enum exported": "import enum\n@enum.global_enum\nclass cN(enum.Enum):\n    X = 1",
    "module getattr": "def __getattr__(name):\n    if name == 'X': return 1\n    raise AttributeError(name)",
    "globals handed on": "def bN(space, name): space[name] = 1\nbN(globals(), 'X')",
    "globals of the caller": "import inspect\ndef bN(): inspect.currentframe().f_back.f_globals['X'] = 1\nbN()",
    "module of the caller": "import inspect\ndef bN(): return inspect.getmodule(inspect.currentframe().f_back)\nsetattr(bN(), 'X', 1)",
    "globals by a class": "class cN:\n    def __init__(self, space): self.space = space\n    def add(self, name): self.space[name] = self\ncN(globals()).add('X')",
}


def run_package(package: str, kinds: tuple[str, ...], *, deferred: str = "from {}.b import late") -> Files:
    """Return a package in which importing `b` first runs an import inside a function, by a chain of `RUNS` kinds.

    The last kind runs the function of `a` that imports from the half-imported `b`.
    """
    calls = ["go"]
    lines = [f"from {package}.a import go"]
    for number, kind in enumerate(reversed(kinds)):
        text = _filled(RUNS[kind], number, function=calls[-1])
        if number == len(kinds) - 1:
            lines.append(text)
        else:
            lines += [f"def step{number}():", *(f"    {line}" for line in text.splitlines())]
            calls.append(f"step{number}")
    return {
        "__init__.py": "",
        "a.py": f"def go():\n    {deferred.format(package)}\n",
        "b.py": "\n".join([*lines, "late = 1", ""]),
    }


def rest_package(package: str, kind: str) -> Files:
    """Return a package in which no import inside a function runs."""
    text = _filled(RESTS[kind], 0, function="go")
    return {
        "__init__.py": "",
        "a.py": f"def go():\n    from {package}.b import late\n",
        "b.py": f"from {package}.a import go\n{text}\nlate = 1\n",
    }


def bind_package(package: str, kind: str, *, bound_first: bool) -> Files:
    """Return a package in which `b` takes the name X from `a`, which binds it before or after it imports `b`."""
    text = _filled(BINDS[kind], 0, name="X")
    body = f"{text}\nimport {package}.b\n" if bound_first else f"import {package}.b\n{text}\n"
    return {"__init__.py": "", "a.py": body, "b.py": f"from {package}.a import X\n"}


def all_kinds(top: str) -> Iterator[tuple[str, Files]]:
    """Every kind alone, each in a package of its own below `top`, called k0, k1 and so on; with what it is."""
    numbers = count()
    for kind in RUNS:
        yield f"run {kind}", run_package(f"{top}.k{next(numbers)}", (kind,))
    for kind in RESTS:
        yield f"rest {kind}", rest_package(f"{top}.k{next(numbers)}", kind)
    for kind in BINDS:
        yield f"bind {kind}", bind_package(f"{top}.k{next(numbers)}", kind, bound_first=True)
        yield f"bind late {kind}", bind_package(f"{top}.k{next(numbers)}", kind, bound_first=False)


def mixed(top: str, random: Random, size: int) -> Iterator[tuple[str, Files]]:
    """Chains of two or three kinds, drawn at random, likewise."""
    # Names that a function's body does not share with its module cannot be looked up there.
    inner = [kind for kind in RUNS if kind not in ("globals", "vars", "eval", "exec")]
    for number in range(size):
        kinds = (random.choice(list(RUNS)), *(random.choice(inner) for _ in range(random.choice((1, 2)))))
        yield f"run {' > '.join(kinds)}", run_package(f"{top}.k{number}", kinds)


def _filled(template: str, number: int, *, function: str = "", name: str = "") -> str:
    """Return a piece with its letters replaced; they stand alone, or after a small letter for `N`."""
    return _replaced(_replaced(_replaced(template, "F", function), "X", name), "N", str(number))


def _replaced(text: str, letter: str, by: str) -> str:
    if not by:
        return text
    found = []
    for at, character in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        alone = not (after.isalnum() or after == "_")
        if letter == "N":
            alone = alone and before.islower() and not text[at - 2 : at - 1].isalnum()
        else:
            alone = alone and not (before.isalnum() or before in ("_", "."))
        if letter == "X" and before == ".":
            alone = not (after.isalnum() or after == "_")
        found.append(by if character == letter and alone else character)
    return "".join(found)
