"""Fixes that are promised are safe, kind by kind: each promised edit is made, and a real interpreter imports the modules."""

import sys
from pathlib import Path

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility
from cycles.model import CutRequest
from trap_kinds import RESTS, RUNS, _filled
from trap_truth import truths

pytestmark = pytest.mark.posix
F = Feasibility
MOST_REFUSED = 0.1
TOPS = tuple(f"kinds{number}" for number in range(40))
"""Packages of their own, so that what is gone through and tried for each is not cut short."""

ORDER = "{imports}from {package}.forms import ready\nclass Order:\n    number = 0\n"
FUTURE = "from __future__ import annotations\n"
TOOLS = """import sys, typing
def checked(made):
    typing.get_type_hints(made)
    return made
cache = checked
class Protocol:
    def __init_subclass__(cls): typing.get_type_hints(cls)
def wrapping(made):
    def inner(*given): return made(*given)
    return inner
class Plain: pass
KEPT = []
def kept(made):
    KEPT.append(made)
    return made
def hints(name): return typing.get_type_hints(sys.modules[name])
"""
TYPES = {
    "decorator that evaluates": "from {p}.tools import checked\n@checked\ndef pay(order: Order): ...\n",
    "decorator with a quiet name": "from {p}.tools import cache\n@cache\ndef pay(order: Order): ...\n",
    "decorator in a class": "from {p}.tools import checked\nclass C:\n    @checked\n    def pay(self, order: Order): ...\n",
    "decorator in a function": "from {p}.tools import checked\ndef make():\n    @checked\n    def pay(order: Order): ...\nmake()\n",
    "base with a quiet name": "from {p}.tools import Protocol\nclass C(Protocol):\n    order: Order\n",
    "own base": "import typing\nclass B:\n    def __init_subclass__(cls): typing.get_type_hints(cls)\nclass C(B):\n    order: Order\n",
    "argument": "from {p}.tools import checked\ndef pay(order: Order): ...\nchecked(pay)\n",
    "class as an argument": "from {p}.tools import checked\nclass C:\n    order: Order\nchecked(C)\n",
    "method as an argument": "from {p}.tools import checked\nclass C:\n    def pay(self, order: Order): ...\nchecked(C.pay)\n",
    "list": "from {p}.tools import checked\ndef pay(order: Order): ...\nT = [pay]\n[checked(each) for each in T]\n",
    "dict": "from {p}.tools import checked\ndef pay(order: Order): ...\nT = {{'a': pay}}\nfor each in T.values(): checked(each)\n",
    "hints of the module": "from {p}.tools import hints\ncurrent: Order | None = None\nhints(__name__)\n",
    "single dispatch": "from functools import singledispatch\n@singledispatch\ndef show(x): ...\n@show.register\ndef _(x: Order): ...\n",
    "single dispatch by a call": "from functools import singledispatch\n@singledispatch\ndef show(x): ...\ndef other(x: Order): ...\nshow.register(other)\n",
    "metaclass": "import typing\nclass M(type):\n    def __init__(cls, *given): typing.get_type_hints(cls)\nclass C(metaclass=M):\n    order: Order\n",
    "set name": "import typing\nclass D:\n    def __set_name__(self, owner, name): typing.get_type_hints(owner)\nclass C:\n    order: Order\n    field = D()\n",
    "another name": "from {p}.tools import checked\ndef pay(order: Order): ...\nother = pay\nchecked(other)\n",
    "by a function that runs": "from {p}.tools import checked\ndef pay(order: Order): ...\ndef go(): checked(pay)\ngo()\n",
    "plain function": "def pay(order: Order): ...\n",
    "plain class": "class C:\n    order: Order\n",
    "method": "class C:\n    def pay(self, order: Order) -> Order: ...\n",
    "plain base": "from {p}.tools import Plain\nclass C(Plain):\n    order: Order\n",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass C:\n    order: Order\n",
    "dataclass with options": "import dataclasses as d\n@d.dataclass(frozen=True)\nclass C:\n    order: Order\n",
    "named tuple": "from typing import NamedTuple\nclass C(NamedTuple):\n    order: Order\n",
    "typed dict": "from typing import TypedDict\nclass C(TypedDict):\n    order: Order\n",
    "protocol": "from typing import Protocol\nclass C(Protocol):\n    def pay(self, order: Order): ...\n",
    "enum": "from enum import Enum\nclass C(Enum):\n    A = 1\n    def pay(self, order: Order): ...\n",
    "abstract class": "import abc\nclass C(abc.ABC):\n    @abc.abstractmethod\n    def pay(self, order: Order): ...\n",
    "overload": "from typing import overload\n@overload\ndef pay(x: int) -> Order: ...\n@overload\ndef pay(x: str) -> str: ...\ndef pay(x): ...\n",
    "cached": "from functools import cache\n@cache\ndef pay(order: Order): ...\n",
    "wrapped": "from {p}.tools import wrapping\n@wrapping\ndef pay(order: Order): ...\n",
    "kept": "from {p}.tools import kept\n@kept\ndef pay(order: Order): ...\n",
    "property": "class C:\n    @property\n    def pay(self) -> Order: ...\n    @pay.setter\n    def pay(self, order: Order): ...\n",
    "cast": "from typing import cast\ndef pay(x): return cast('Order', x)\n",
    "type variable": "from typing import TypeVar\nT = TypeVar('T', bound='Order')\n",
    "type alias": "from typing import TypeAlias\nOrders: TypeAlias = 'list[Order]'\n",
    "optional alias": "from typing import Optional\nOrders = Optional['Order']\n",
    "new type": "from typing import NewType\nN = NewType('N', 'Order')\n",
    "local variable": "def pay(x):\n    y: list[Order] = []\n    return y\n",
    "module variable": "current: Order | None = None\n",
    "generic": "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass C(Generic[T]):\n    order: Order\n",
    "exception": "class C(ValueError):\n    order: Order\n",
    "logger by name": "import logging\nlog = logging.getLogger(__name__)\ndef pay(order: Order): ...\n",
    "instance": "class C:\n    def pay(self, order: Order): ...\nc = C()\n",
    "class in a function that is evaluated": "import typing\ndef make():\n    class C:\n        order: Order\n    return C\ntyping.get_type_hints(make())\n",
    "class in a function": "def make():\n    class C:\n        order: Order\n    return C\nmake()\n",
    "methods by the names of a metaclass": "from {p}.tools import checked\nclass M(type):\n    def __init__(cls, name, bases, names):\n        for each in names.values():\n            if callable(each): checked(each)\nclass C(metaclass=M):\n    def pay(self, order: Order): ...\n",
    "methods by vars": "from {p}.tools import checked\nclass C:\n    def pay(self, order: Order): ...\nfor each in list(vars(C).values()):\n    if callable(each): checked(each)\n",
    "expression that is a text": "def pay(order: Order): ...\n'Order'\n",
}  # fmt: skip
if sys.version_info >= (3, 12):
    TYPES |= {
        "type parameter": "def pay[T: Order](order: list[T]) -> dict[str, T]: ...\n",
        "type parameter of a class": "class C[T: Order](dict[str, T]):\n    order: list[T]\n",
        "type parameter of the same name": "def pay[Order](order: Order) -> Order: ...\ndef other(order: 'Order'): ...\n",
        "type parameters that are asked for": "def pay[T: Order](order: T): ...\npay.__type_params__[0].__bound__\n",
        "type parameters of a class that are asked for": "class C[T: Order]: ...\nC.__parameters__[0].__bound__\n",
        "type parameters that a decorator asks for": "def bounds(made):\n    [each.__bound__ for each in made.__type_params__]\n    return made\n@bounds\ndef pay[T: Order](order: T): ...\n",
        "type parameters that a hook asks for": "class B:\n    def __init_subclass__(cls): [each.__bound__ for each in cls.__type_params__]\nclass C[T: Order](B): ...\n",
        "own type parameter": "class B:\n    def __init_subclass__(cls): ...\nclass C[T: Order](B):\n    def pay(self) -> list[T]: return T\n",
    }
ELSEWHERE = {
    "called elsewhere": ("def go(): return Order()\n", "from {p}.forms import go\ngo()\n", F.DEFERRABLE),
    "called through the module": ("def go(): return Order()\n", "from {p} import forms\nforms.go()\n", F.DEFERRABLE),
    "called by a function elsewhere": ("def go(): return Order()\n", "from {p}.forms import go\ndef do(): go()\ndo()\n", F.DEFERRABLE),
    "decorates elsewhere": ("def go(made):\n    Order()\n    return made\n", "from {p}.forms import go\n@go\ndef do(): ...\n", F.DEFERRABLE),
    "made elsewhere": ("class C:\n    def __init__(self): Order()\n", "from {p}.forms import C\nC()\n", F.DEFERRABLE),
    "method called elsewhere": ("class C:\n    def go(self): Order()\nc = C()\n", "from {p}.forms import c\nc.go()\n", F.DEFERRABLE),
    "derived from elsewhere": ("class C:\n    def __init_subclass__(cls): Order()\n", "from {p}.forms import C\nclass D(C): ...\n", F.DEFERRABLE),
    "descriptor elsewhere": ("class C:\n    def __set_name__(self, owner, name): Order()\n", "from {p}.forms import C\nclass D:\n    c = C()\n", F.DEFERRABLE),
    "only taken elsewhere": ("def go(): return Order()\n", "from {p}.forms import go\ndef do(): return go()\n", F.DEFERRABLE),
    "only annotates elsewhere": ("class C:\n    def go(self): return Order()\n", "from {p}.forms import C\ndef do(c: 'C'): ...\n", F.DEFERRABLE),
    "in a table elsewhere": ("def go(): return Order()\n", "from {p}.forms import go\nT = {{'a': go}}\n", F.DEFERRABLE),
    "hints elsewhere": ("class C:\n    order: 'Order'\n", "import typing\nfrom {p}.forms import C\ntyping.get_type_hints(C)\n", F.TYPE_ONLY),
    "an unknown call elsewhere": ("def pay(order: 'Order'): ...\n", "from {p}.tools import checked\nfrom {p}.forms import pay\nchecked(pay)\n", F.TYPE_ONLY),
    "quiet elsewhere": ("def pay(order: 'Order'): ...\n", "from {p}.forms import pay\ndef do(): pay(1)\n", F.TYPE_ONLY),
    "asked elsewhere": ("def __getattr__(name): return Order\n", "from {p}.forms import whatever\n", F.DEFERRABLE),
    "hints of a derived class elsewhere": ("class C:\n    order: 'Order'\n", "import typing\nfrom {p}.forms import C\nclass D(C): ...\ntyping.get_type_hints(D)\n", F.TYPE_ONLY),
    "kept and evaluated elsewhere": ("from {p}.tools import kept\n@kept\ndef pay(order: 'Order'): ...\n", "import typing, {p}.forms\nfrom {p}.tools import KEPT\n[typing.get_type_hints(each) for each in KEPT]\n", F.TYPE_ONLY),
}  # fmt: skip

GO = "def go(): return Order()\n"
METHOD = "    def go(self): return Order()\n"
MORE = {
    "metaclass calls a method": "class M(type):\n    def __init__(cls, *a): cls.go(cls)\nclass C(metaclass=M):\n" + METHOD,
    "metaclass of a base": "class M(type):\n    def __init__(cls, *a): cls.go(cls)\nclass B(metaclass=M):\n    def go(self): pass\nclass C(B):\n" + METHOD,
    "hook calls a method": "class B:\n    def __init_subclass__(cls): cls.go(None)\nclass C(B):\n" + METHOD,
    "hook of the base of a base": "class A:\n    def __init_subclass__(cls): cls.go(None)\nclass B(A):\n    def go(self): pass\nclass C(B):\n" + METHOD,
    "hook that nobody runs": "class B:\n    def __init_subclass__(cls): cls.go(None)\nclass C:\n" + METHOD,
    "template method": "class B:\n    def __init__(self): self.go()\nclass C(B):\n" + METHOD + "C()\n",
    "template method that nobody makes": "class B:\n    def __init__(self): self.go()\nclass C(B):\n" + METHOD,
    "two classes with one name of a method": "class A:\n    def go(self): pass\nclass C:\n" + METHOD + "A().go()\n",
    "registry that is run": GO + "class R:\n    def __init__(self): self.kept = []\n    def add(self, f): self.kept.append(f); return f\n    def run(self):\n        for f in self.kept: f()\nr = R()\nr.add(go)\nr.run()\n",
    "registry that is not run": GO + "class R:\n    def __init__(self): self.kept = []\n    def add(self, f): self.kept.append(f); return f\n    def run(self):\n        for f in self.kept: f()\nr = R()\nr.add(go)\n",
    "registry as a decorator that is run": "class R:\n    def __init__(self): self.kept = {{}}\n    def __call__(self, f): self.kept[f.__name__] = f; return f\nr = R()\n@r\ndef go(): return Order()\nr.kept['go']()\n",
    "registry as a decorator": "class R:\n    def __init__(self): self.kept = {{}}\n    def __call__(self, f): self.kept[f.__name__] = f; return f\nr = R()\n@r\ndef go(): return Order()\n",
    "decorator with options": "def d(f=None, **k):\n    if f is None: return lambda f: d(f, **k)\n    return f\n@d(x=1)\ndef go(): return Order()\n",
    "decorator with options that calls": "def d(f=None, **k):\n    if f is None: return lambda f: d(f, **k)\n    f()\n    return f\n@d(x=1)\ndef go(): return Order()\n",
    "decorator of a method that calls": "def d(f):\n    f(None)\n    return f\nclass C:\n    @d\n" + METHOD,
    "decorator of a class that makes one": "def d(c):\n    c().go()\n    return c\n@d\nclass C:\n" + METHOD,
    "decorator of a class that keeps it": "K = []\ndef d(c):\n    K.append(c)\n    return c\n@d\nclass C:\n" + METHOD,
    "decorators on each other": "def a(f): return f\ndef b(f):\n    f()\n    return f\n@a\n@b\n@a\ndef go(): return Order()\n",
    "decorated and called": "import functools\ndef d(f):\n    @functools.wraps(f)\n    def inner(*a): return f(*a)\n    return inner\n@d\ndef go(): return Order()\ngo()\n",
    "another one decorated and called": "import functools\ndef d(f):\n    @functools.wraps(f)\n    def inner(*a): return f(*a)\n    return inner\n@d\ndef go(): return Order()\n@d\ndef other(): pass\nother()\n",
    "decorator of a library and called": "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef go(): return Order()\ngo()\n",
    "partial that is kept": GO + "from functools import partial\nT = {{'a': partial(go)}}\n",
    "partial in a table that is called": GO + "from functools import partial\nT = {{'a': partial(go)}}\nT['a']()\n",
    "partial method": "from functools import partialmethod\nclass C:\n    def base(self, x): return self.go()\n" + METHOD + "    part = partialmethod(base, 1)\nC().part()\n",
    "attribute of a module": GO + "from {p} import tools\ntools.handler = go\n",
    "attribute of a module that is called": GO + "from {p} import tools\ntools.handler = go\ntools.handler()\n",
    "argument with a star": GO + "def call(*fs): [f() for f in fs]\ncall(go)\n",
    "keywords with stars": GO + "def call(**fs): [f() for f in fs.values()]\ncall(x=go)\n",
    "given on": GO + "def a(f): b(f)\ndef b(f): c(f)\ndef c(f): f()\na(go)\n",
    "given on and kept": GO + "K = []\ndef a(f): b(f)\ndef b(f): K.append(f)\na(go)\n",
    "returned from a table": GO + "T = {{'a': go}}\ndef get(n): return T.get(n)\nget('a')()\n",
    "asked for but not called": GO + "T = {{'a': go}}\ndef get(n): return T.get(n)\nf = get('a')\n",
    "set of functions": GO + "S = {{go}}\nfor f in S: f()\n",
    "nested table": GO + "T = {{'a': {{'b': [go]}}}}\nT['a']['b'][0]()\n",
    "tuple that is unpacked": GO + "a, b = 1, go\nb()\n",
    "zip": GO + "for a, f in zip([1], [go]): f()\n",
    "chain": GO + "import itertools\nfor f in itertools.chain([go]): f()\n",
    "star map": "import itertools\ndef go(a): return Order()\nlist(itertools.starmap(go, [(1,)]))\n",
    "sorted by a function": "def go(a): return Order().number\nsorted([2, 1], key=go)\n",
    "substituted by a function": "import re\ndef go(m): return str(Order())\nre.sub('a', go, 'a')\n",
    "default factory": "import collections\n" + GO + "d = collections.defaultdict(go)\n",
    "logger": GO + "import logging\nlogging.getLogger(__name__).debug(go)\n",
    "at exit": GO + "import atexit\natexit.register(go)\n",
    "weak reference": GO + "import weakref\nw = weakref.ref(go)\n",
    "weak reference that is called": GO + "import weakref\nw = weakref.ref(go)\nw()()\n",
    "thread that is not begun": GO + "import threading\nt = threading.Thread(target=go)\n",
    "new type": GO + "import types\nn = types.SimpleNamespace(go=go)\n",
    "new type that is called": GO + "import types\nn = types.SimpleNamespace(go=go)\nn.go()\n",
    "named tuple field": GO + "import collections\nN = collections.namedtuple('N', 'f')\nn = N(go)\nn.f()\n",
    "class attribute": GO + "class C:\n    handler = staticmethod(go)\nC.handler()\n",
    "class attribute that nobody asks": GO + "class C:\n    handler = staticmethod(go)\nC()\n",
    "inner class": "class A:\n    class B:\n        def go(self): return Order()\nA.B().go()\n",
    "class in a function": "def make():\n    class C:\n        def go(self): return Order()\n    return C\nmake()\n",
    "context manager of a class": "import contextlib\nclass C:\n    @contextlib.contextmanager\n    def go(self): yield Order()\nwith C().go(): pass\n",
    "operator of a subclass": "class A:\n    def __add__(self, o): return self.go()\nclass C(A):\n" + METHOD + "C() + 1\n",
    "operator that nobody uses": "class C:\n    def __add__(self, o): return self.go()\n" + METHOD + "C()\n",
    "property that is given to nobody": "class C:\n    @property\n    def go(self): return Order()\nc = C()\n",
    "walrus in a condition": GO + "if (f := go): pass\n",
    "walrus that is called": GO + "if (f := go): f()\n",
    "exception with a method": "class E(Exception):\n    def __init__(self): self.go()\n" + METHOD + "try:\n    raise E\nexcept E:\n    pass\n",
    "abstract method of a made class": "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def go(self): ...\n    def run(self): self.go()\nclass C(A):\n" + METHOD + "C().run()\n",
    "abstract method": "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def go(self): ...\n    def run(self): self.go()\nclass C(A):\n" + METHOD,
    "visitor by name": "class V:\n    def visit(self, n): return getattr(self, f'visit_{{n}}')()\n    def visit_a(self): return Order()\nV().visit('a')\n",
    "visitor that nobody asks": "class V:\n    def visit(self, n): return getattr(self, f'visit_{{n}}')()\n    def visit_a(self): return Order()\nv = V()\n",
    "by the name of the module": GO + "import sys\ngetattr(sys.modules[__name__], 'go')()\n",
    "async generator": "async def go(): yield Order()\nclass C:\n    run = go\n",
    "closure over a function": GO + "def make(f):\n    def inner(): return f()\n    return inner\nrun = make(go)\n",
    "closure that is called": GO + "def make(f):\n    def inner(): return f()\n    return inner\nmake(go)()\n",
    "names of a class body": "class C:\n    def go(): return Order()\n    locals()['go']()\n",
    "deleted attribute": "class C:\n    def __delattr__(self, n): Order()\nc = C()\ndel c.x\n",
    "deleted item": "class C:\n    def __delitem__(self, n): Order()\nc = C()\ndel c[0]\n",
    "keyword of a base": GO + "class A:\n    def __init_subclass__(cls, hook=None): hook()\nclass B(A, hook=go): pass\n",
    "operand of an operator": GO + "class S:\n    def __init__(self, f): self.f = f\n    def __or__(self, o): o.f()\nS(print) | S(go)\n",
    "appended by a decorator": "R = []\n@R.append\ndef go(): return Order()\nR[0]()\n",
    "called by its call": GO + "go.__call__()\n",
    "called by a function of operators": GO + "import operator\noperator.call(go)\n",
    "default of get": GO + "T = {{}}\nT.get('x', go)()\n",
    "asked whether it is there": "class C:\n    @property\n    def go(self): return Order()\nhasattr(C(), 'go')\n",
    "weak reference to an object": "import weakref\nclass C:\n    def go(self): return Order()\nc = C()\nweakref.ref(c)().go()\n",
}  # fmt: skip


def cases():
    """Each kind: what it is called, the body of `forms`, what another module does, and what would be promised."""
    for name, text in RUNS.items():
        yield f"run {name}", f"def go(): return Order()\n{_filled(text, 0, function='go')}\n", "", F.DEFERRABLE
    for name, text in RESTS.items():
        yield f"rest {name}", f"def go(): return Order()\n{_filled(text, 0, function='go')}\n", "", F.DEFERRABLE
    for name, text in TYPES.items():
        yield f"type {name}", text, "", F.TYPE_ONLY
    for name, text in MORE.items():
        yield name, text, "", F.DEFERRABLE
    for name, (text, other, promise) in ELSEWHERE.items():
        yield name, text, other, promise


def edited(text: str, package: str, promise: Feasibility) -> str:
    """The text of `forms` after the promised edit."""
    statement = f"from {package}.order import Order\n"
    rest = text.replace(statement, "")
    if promise is F.TYPE_ONLY:
        future, rest = (FUTURE, rest.removeprefix(FUTURE)) if rest.startswith(FUTURE) else ("", rest)
        return f"{future}from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {statement}{rest}"
    return "".join(f"{_deferred(line, statement.strip())}\n" for line in rest.splitlines())


def _deferred(line: str, statement: str) -> str:
    """A line of a function that uses the name, with the import before it."""
    head, _, tail = line.partition("): ")
    if line.lstrip().startswith("def ") and "Order" in tail:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        return f"{head}):\n{indent}{statement}; {tail}"
    return f"    {statement}; Order()" if line == "    Order()" else line


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """For each kind whether it was promised, and whether the edit is safe."""
    folder = tmp_path_factory.mktemp("kinds")
    files, after, names = {f"{top}/__init__.py": "" for top in TOPS}, {}, {}
    for number, (name, body, other, promise) in enumerate(cases()):
        package = f"{TOPS[number % len(TOPS)]}.k{number}"
        path = package.replace(".", "/")
        future = FUTURE if name.startswith("type ") else ""
        text = f"{future}from {package}.order import Order\n{body.format(p=package) if not name.startswith(('run', 'rest')) else body}ready = 1\n"
        imports = f"import {package}.other\n" if other else ""
        files |= {
            f"{path}/__init__.py": "",
            f"{path}/forms.py": text,
            f"{path}/order.py": ORDER.format(imports=imports, package=package),
            f"{path}/tools.py": TOOLS,
            f"{path}/other.py": other.format(p=package),
        }
        after[f"{path}/forms.py"] = edited(text, package, promise)
        names[package] = (name, promise)
    write_files(folder, files)
    found = {
        cut.importer: cut.fix
        for top in TOPS
        for plan in plan_all(analyze(top, folders=[folder]).components, CutRequest(allow_reexports=True))
        for cut in plan.ranking.cuts
        if cut.imported.endswith(".order")
    }
    made = tmp_path_factory.mktemp("made")
    write_files(made, files | after)
    modules = [(Path(made), f"{package}.{module}") for package in names for module in ("forms", "order")]
    said = truths(modules)
    safe = {package: said[2 * number] is None and said[2 * number + 1] is None for number, package in enumerate(names)}
    return {
        name: (fix.feasibility is promise and fix.is_promised, safe[package], fix)
        for package, (name, promise) in names.items()
        if (fix := found.get(f"{package}.forms"))
    }


def test_no_promise_is_broken(judged):
    broken = {name: fix for name, (promised, safe, fix) in judged.items() if promised and not safe}

    assert not broken, sorted(broken)
    assert len(judged) == len(list(cases()))


def test_few_safe_fixes_are_refused(judged):
    safe = {name: promised for name, (promised, is_safe, _) in judged.items() if is_safe}
    refused = sorted(name for name, promised in safe.items() if not promised)

    assert len(refused) <= MOST_REFUSED * len(safe), refused
