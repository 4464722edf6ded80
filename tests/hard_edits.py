"""Packages whose text is hard to edit: what becomes of the import of `p.leaf` in `p.m`, and what must stay so."""

from dataclasses import dataclass, field

LEAF = "import p.m as m\n\nHOME = m\n\n\nclass Name:\n    kind = 1\n\n    class Error(Exception):\n        pass\n\n\nclass Other:\n    kind = 2\n"
F = "import p.m as m\nr = repr(m.f())"
SUB = "import p.m as m\nimport p.leaf\nr = repr((p.leaf.Sub().go(), m.use()))"
TAKES = "from p.m import Base\n\n\nclass Sub(Base):\n    pass\n"
MADE, REFUSED, MOVED = "made", "refused", "moved"


@dataclass(frozen=True)
class Case:
    """The text of `p.m`, what is expected of its fix, and code that makes a text `r` of what the package does."""

    text: str | bytes
    outcome: str
    result: str
    probe: str = F
    more: dict[str, str | bytes] = field(default_factory=dict)
    moves: bool = False


CASES = {
    "async method decorated docstring CRLF": Case(
        'import asyncio\r\nimport functools\r\n\r\nfrom p.leaf import Name\r\n\r\n\r\ndef deco(f):\r\n    @functools.wraps(f)\r\n    async def g(*a):\r\n        return await f(*a)\r\n\r\n    return g\r\n\r\n\r\nclass C:\r\n    @deco\r\n    async def f(self):\r\n        """Doc."""\r\n        return Name.kind\r\n\r\n\r\ndef f():\r\n    return asyncio.run(C().f())\r\n',
        MADE,
        "1",
    ),
    "three on one line": Case(
        "import os, p.leaf as leaf; x = 1\n\n\ndef f():\n    return leaf.Name.kind, os.sep, x\n", MADE, "(1, '/', 1)"
    ),
    "three on one line from": Case(
        "import os; from p.leaf import Name as N, Other; x = 1\n\n\ndef f():\n    return N.kind, os.sep, x, Other.kind\n",
        MADE,
        "(1, '/', 1, 2)",
    ),
    "inside if version": Case(
        "import sys\n\nif sys.version_info >= (3, 8):\n    from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
    ),
    "inside try with fallback": Case(
        "try:\n    from p.leaf import Name\nexcept ImportError:\n    Name = None\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
    ),
    "inside with suppress": Case(
        "import contextlib\n\nwith contextlib.suppress(ImportError):\n    from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
    ),
    "backslashes": Case(
        "import os\nfrom p.leaf import Name, \\\n    Other\n\n\ndef f():\n    return Name.kind, os.sep\n\n\ndef g():\n    return Other.kind\n",
        MADE,
        "(1, '/')",
    ),
    "backslash after def colon": Case("from p.leaf import Name\n\n\ndef f(): \\\n    return Name.kind\n", MADE, "1"),
    "brackets with comments": Case(
        "from __future__ import annotations\n\nfrom p.leaf import (\n    # for f\n    Name,  # the name\n    # for g\n    Other,  # the other\n)\n\n\ndef f():\n    return Name.kind\n\n\ndef g(x: Other):\n    return x\n",
        MADE,
        "1",
    ),
    "one line TYPE_CHECKING": Case(
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nfrom p.leaf import Name\n\nif TYPE_CHECKING: import os\n\n\ndef f(x: Name = 1, y: os = 2):\n    return x\n",
        MADE,
        "1",
    ),
    "else of TYPE_CHECKING": Case(
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nfrom p.leaf import Name\n\nif TYPE_CHECKING:\n    from os import PathLike\nelse:\n    PathLike = object\n\n\ndef f(x: Name = 1, y: PathLike = PathLike):\n    return x, y\n",
        MADE,
        "(1, <class 'object'>)",
    ),
    "import in else of TYPE_CHECKING": Case(
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from os import PathLike as Name\nelse:\n    from p.leaf import Name\n\n\ndef f(x: Name = 1):\n    return Name.kind\n",
        REFUSED,
        "1",
    ),
    "only statement": Case("from p.leaf import Name\n", MADE, "", probe="import p.m\nr = ''"),
    "only statement used by test": Case(
        "from p.leaf import Name as Name\n",
        REFUSED,
        "1",
        probe="import p.m as m\nr = repr(m.Name.kind)",
        more={"tests/test_m.py": "from p.m import Name\n\n\ndef test():\n    assert Name.kind\n"},
    ),
    "after future": Case(
        "from __future__ import annotations\nfrom p.leaf import Name\ndef f(x: Name = 1): return Name.kind, x\n",
        MADE,
        "(1, 1)",
    ),
    "class body": Case(
        "class C:\n    from p.leaf import Name\n\n    def g(self):\n        return self.Name.kind\n\n\ndef f():\n    return C().g()\n",
        REFUSED,
        "1",
    ),
    "class body used in it": Case(
        "class C:\n    from p.leaf import Name\n\n    x = Name.kind\n\n\ndef f():\n    return C.x\n", REFUSED, "1"
    ),
    "same name twice": Case(
        "import p.leaf\nfrom p.leaf import Name\nfrom p.leaf import Name  # again\n\n\ndef f():\n    return Name.kind, p.leaf.Other.kind\n",
        REFUSED,
        "(1, 2)",
    ),
    "rebound later": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n\n\nclass K:\n    kind = 7\n\n\nname = K\nName = name\n",
        REFUSED,
        "7",
    ),
    "global and set": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n\n\ndef g():\n    global Name\n    Name = 3\n",
        REFUSED,
        "1",
    ),
    "global read": Case("from p.leaf import Name\n\n\ndef f():\n    global Name\n    return Name.kind\n", REFUSED, "1"),
    "del later": Case("from p.leaf import Name\n\nx = 1\n\n\ndef f():\n    return x\n\n\ndel Name\n", REFUSED, "1"),
    "del in function": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n\n\ndef g():\n    global Name\n    del Name\n",
        REFUSED,
        "1",
    ),
    "walrus in function": Case(
        "from p.leaf import Name\n\n\ndef f():\n    if n := Name.kind:\n        return n\n    return 0\n", MADE, "1"
    ),
    "walrus rebinds": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name\n\n\nx = (Name := 3)\n", REFUSED, "3"
    ),
    "walrus in comprehension": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return [x for x in (1, 2) if (y := Name.kind) and y]\n",
        MADE,
        "[1, 2]",
    ),
    "match": Case(
        "from p.leaf import Name\n\n\ndef f():\n    match Name():\n        case Name(kind=1):\n            return 1\n        case _:\n            return 2\n",
        MADE,
        "1",
    ),
    "match at module level": Case(
        "from p.leaf import Name\n\nmatch 1:\n    case Name():\n        x = 1\n    case _:\n        x = 2\n\n\ndef f():\n    return x\n",
        REFUSED,
        "2",
    ),
    "in all": Case(
        "from p.leaf import Name\n\n__all__ = ['Name', 'f']\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "(1, 1)",
        probe="from p.m import *\nr = repr((f(), Name.kind))",
    ),
    "doctest": Case(
        'from p.leaf import Name\n\n\ndef f():\n    """Say it.\n\n    >>> Name.kind\n    1\n    """\n    return Name.kind\n',
        REFUSED,
        "0",
        probe="import doctest, p.m\nr = repr(doctest.testmod(p.m).failed)",
    ),
    "doctest in module": Case(
        '"""Say it.\n\n>>> Name.kind\n1\n"""\n\nfrom p.leaf import Name\n\n\ndef f():\n    return Name.kind\n',
        REFUSED,
        "0",
        probe="import doctest, p.m\nr = repr(doctest.testmod(p.m).failed)",
    ),
    "doctest that imports it": Case(
        'from p.leaf import Name\n\n\ndef f():\n    """Say it.\n\n    >>> from p.leaf import Name\n    >>> Name.kind\n    1\n    """\n    return Name.kind\n',
        MADE,
        "0",
        probe="import doctest, p.m\nr = repr(doctest.testmod(p.m).failed)",
    ),
    "doctest that a conftest gives the name": Case(
        'from p.leaf import Name\n\n\ndef f():\n    """Say it.\n\n    >>> Name.kind\n    1\n    """\n    return Name.kind\n',
        MADE,
        "0",
        probe="import doctest, p.m, p.leaf\nr = repr(doctest.testmod(p.m, extraglobs={'Name': p.leaf.Name}).failed)",
        more={"conftest.py": "def give(doctest_namespace):\n    doctest_namespace['Name'] = p.leaf.Name\n"},
    ),
    "no newline at end": Case("from p.leaf import Name\n\n\ndef f(): return Name.kind", MADE, "1"),
    "BOM and typed": Case(b"\xef\xbb\xbffrom p.leaf import Name\n\n\ndef f(x: 'Name' = 1):\n    return x\n", MADE, "1"),
    "tabs and one-line def": Case(
        "from p.leaf import Name\n\n\nclass C:\n\tdef f(self): return Name.kind\n\n\ndef f():\n\treturn C().f()\n",
        MADE,
        "1",
    ),
    "latin-1 name": Case(
        b"# -*- coding: latin-1 -*-\nfrom p.leaf import Nam\xe9\n\n\ndef f():\n    return Nam\xe9.kind  # caf\xe9\n",
        MADE,
        "1",
        more={"p/leaf.py": "import p.m as m\n\nHOME = m\n\n\nclass Namé:\n    kind = 1\n"},
    ),
    "form feed": Case(
        "import os\nfrom p.leaf import Name\n\x0c\n\ndef f():\n    return Name.kind, os.sep\n", MADE, "(1, '/')"
    ),
    "star": Case("from p.leaf import *\n\n\ndef f():\n    return Name.kind\n", REFUSED, "1"),
    "overloads": Case(
        "from typing import overload\n\nfrom p.leaf import Name\n\n\n@overload\ndef g(x: Name) -> int: ...\n@overload\ndef g(x: int) -> Name: ...\ndef g(x):\n    return x\n\n\ndef f():\n    return g(1)\n",
        MADE,
        "1",
    ),
    "default of inner function": Case(
        "from p.leaf import Name\n\n\ndef f():\n    def g(x=Name.kind):\n        return x\n\n    return g()\n",
        MADE,
        "1",
    ),
    "async generator": Case(
        "import asyncio\n\nfrom p.leaf import Name\n\n\nasync def g():\n    async for x in h():\n        yield x, Name.kind\n\n\nasync def h():\n    yield 1\n\n\nasync def run():\n    return [x async for x in g()]\n\n\ndef f():\n    return asyncio.run(run())\n",
        MADE,
        "[(1, 1)]",
    ),
    "except clause": Case(
        "from p.leaf import Name\n\n\ndef f():\n    try:\n        raise Name.Error\n    except Name.Error:\n        return 1\n",
        MADE,
        "1",
    ),
    "local annotation": Case("from p.leaf import Name\n\n\ndef f():\n    x: Name = 1\n    return x\n", MADE, "1"),
    "named tuple field": Case(
        "from typing import NamedTuple\n\nfrom p.leaf import Name\n\n\nclass T(NamedTuple):\n    a: Name\n    b: int = 1\n\n\ndef f():\n    return T(1)\n",
        MADE,
        "T(a=1, b=1)",
    ),
    "get_type_hints": Case(
        "import typing\n\nfrom p.leaf import Name\n\n\ndef g(x: 'Name'):\n    return x\n\n\ndef f():\n    return typing.get_type_hints(g)['x'].kind\n",
        REFUSED,
        "1",
    ),
    "docstring on import line": Case(
        '"""Doc."""; from p.leaf import Name\n\n\ndef f(x: "Name" = 1):\n    return Name.kind, x\n', REFUSED, "(1, 1)"
    ),
    "plain import next to another": Case(
        "import p.leaf\nimport p.other\n\nx = p.other.x\n\n\ndef f():\n    return p.leaf.Name.kind, x\n",
        MADE,
        "(1, 1)",
        more={"p/other.py": "x = 1\n"},
    ),
    "plain import, others take it as attribute": Case(
        "import p.leaf\n\n\ndef f():\n    return p.leaf.Name.kind\n",
        REFUSED,
        "1",
        probe="import p.user\nr = repr(p.user.g())",
        more={"p/user.py": "import p\nimport p.m\n\n\ndef g():\n    return p.leaf.Name.kind\n"},
    ),
    "module attribute taken elsewhere": Case(
        "import p.leaf as leaf\n\n\ndef f():\n    return leaf.Name.kind\n",
        REFUSED,
        "1",
        probe="import p.user\nr = repr(p.user.g())",
        more={"p/user.py": "from p import m\n\n\ndef g():\n    return m.leaf.Name.kind\n"},
    ),
    "global statement first": Case(
        "from p.leaf import Name\n\nG = 0\n\n\ndef f():\n    global G\n    G = Name.kind\n    return G\n", MADE, "1"
    ),
    "nonlocal first": Case(
        "from p.leaf import Name\n\n\ndef f():\n    x = 0\n\n    def g():\n        nonlocal x\n        x = Name.kind\n\n    g()\n    return x\n",
        MADE,
        "1",
    ),
    "fmt off region": Case(
        "import os\n\n# fmt: off\nfrom p.leaf import Name\n# fmt: on\n\n\ndef f():\n    return Name.kind, os.sep\n",
        MADE,
        "(1, '/')",
    ),
    "functions under if": Case(
        "import os\n\nfrom p.leaf import Name\n\nif os.sep == '/':\n\n    def f():\n        return Name.kind\n\nelse:\n\n    def f():\n        return Name\n",
        MADE,
        "1",
    ),
    "method of the same name": Case(
        "from p.leaf import Name\n\n\nclass C:\n    def Name(self):\n        return Name.kind\n\n\ndef f():\n    return C().Name()\n",
        MADE,
        "1",
    ),
    "parameter of the same name": Case(
        "from p.leaf import Name\n\n\ndef g(Name):\n    return Name\n\n\ndef f():\n    return g(1), Name.kind\n",
        MADE,
        "(1, 1)",
    ),
    "comprehension variable": Case(
        "from p.leaf import Name\n\nx = [Name for Name in (1, 2)]\n\n\ndef f():\n    return Name.kind, x\n",
        MADE,
        "(1, [1, 2])",
    ),
    "eval": Case("from p.leaf import Name\n\n\ndef f():\n    return eval('Name.kind')\n", REFUSED, "1"),
    "globals subscript": Case(
        "from p.leaf import Name  # noqa: F401\n\n\ndef f():\n    return globals()['Name'].kind\n", REFUSED, "1"
    ),
    "getattr of own module": Case(
        "import sys\n\nfrom p.leaf import Name  # noqa: F401\n\n\ndef f():\n    return sys.modules[__name__].Name.kind\n",
        REFUSED,
        "1",
    ),
    "getattr of own module by string": Case(
        "import sys\n\nfrom p.leaf import Name  # noqa: F401\n\n\ndef f():\n    return getattr(sys.modules[__name__], 'Name').kind\n",
        REFUSED,
        "1",
    ),
    "script entry point": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
        probe="import importlib.metadata as i\nr = repr(i.EntryPoint('run','p.m:Name','console_scripts').load().kind)",
        more={"pyproject.toml": "[project]\nname='p'\nversion='1'\n[project.scripts]\nrun='p.m:Name'\n"},
    ),
    "entry point in setup.cfg": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
        probe="import importlib.metadata as i\nr = repr(i.EntryPoint('run','p.m:Name','console_scripts').load().kind)",
        more={"setup.cfg": "[options.entry_points]\nconsole_scripts =\n    run = p.m:Name\n"},
    ),
    "dotted text in the package": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
        probe="import p.load\nr = repr(p.load.load().kind)",
        more={
            "p/load.py": "import importlib\n\nWHERE = 'p.m.Name'\n\n\ndef load():\n    module, _, name = WHERE.rpartition('.')\n    return getattr(importlib.import_module(module), name)\n"
        },
    ),
    "dotted text with colon": Case(
        "from p.leaf import Name\n\n\ndef f():\n    return Name.kind\n",
        REFUSED,
        "1",
        probe="import p.load\nr = repr(p.load.load().kind)",
        more={
            "p/load.py": "import importlib.metadata as i\n\n\ndef load():\n    return i.EntryPoint('run', 'p.m:Name', 'x').load()\n"
        },
    ),
    "lambda default": Case(
        "from p.leaf import Name\n\n\ndef f(make=lambda: Name.kind):\n    return make()\n", MADE, "1"
    ),
    "decorated nested with import first": Case(
        "import functools\n\nfrom p.leaf import Name\n\n\ndef f():\n    import os\n\n    @functools.cache\n    def g():\n        return Name.kind, os.sep\n\n    return g()\n",
        MADE,
        "(1, '/')",
    ),
    "multi-line signature one-line body": Case(
        "from p.leaf import Name\n\n\ndef f(\n    a=1,\n): return Name.kind\n", MADE, "1"
    ),
    "f-string first is no docstring": Case(
        "from p.leaf import Name\n\n\ndef f():\n    f'''{1}'''\n    return Name.kind\n", MADE, "1"
    ),
    "typed next to comment types": Case(
        "from typing import Optional\n\nfrom p.leaf import Name\n\n\ndef f(x=None):\n    # type: (Optional[Name]) -> int\n    return 1\n",
        MADE,
        "1",
    ),
    "package next to its module": Case(
        "import p\nimport p.util\n\n\ndef f():\n    return p.FLAG, p.util.x\n",
        MADE,
        "(1, 1)",
        more={"p/__init__.py": "FLAG = 1\n\nfrom p import m\n\nUSED = m\n", "p/util.py": "x = 1\n"},
    ),
    "package and its module both go": Case(
        "import p\nimport p.util\n\n\ndef f():\n    return p.FLAG, p.util.x, g()\n\n\ndef g():\n    return p.FLAG\n",
        MADE,
        "(1, 1, 1)",
        more={
            "p/__init__.py": "FLAG = 1\n\nfrom p import m\n\nUSED = m\n",
            "p/util.py": "from p import m\n\nUSED = m\nx = 1\n",
        },
    ),
    "stars hand a name on, and a module chooses it": Case(
        "from p import Name\n\nKIND = Name.kind\n\n\ndef f():\n    return KIND\n",
        MADE,
        "3",
        more={
            "p/__init__.py": "from p.chosen import *\nfrom p.m import *\n",
            "p/leaf.py": "class Name:\n    kind = 3\n",
            "p/chosen.py": "try:\n    from p_fast import Name\nexcept ImportError:\n    from p.leaf import Name\n\n__all__ = ['Name']\n",
        },
    ),
    "a package takes a name from its module, and stars that nobody can follow from others": Case(
        "from p import Name\n\nKIND = Name.kind\n\n\ndef f():\n    return KIND\n",
        MADE,
        "3",
        more={
            "p/__init__.py": "from p.leaf import Name\nfrom p.m import *\nfrom p.words import *\n",
            "p/leaf.py": "class Name:\n    kind = 3\n",
            "p/words.py": "from os.path import *\n",
        },
    ),
    "moved: plain": Case(
        "class Base:\n    def go(self):\n        return 1\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: decorated with comment": Case(
        "import functools\n\n\n# What all share.\n@functools.total_ordering\nclass Base:  # the base\n    __slots__ = ('x',)\n\n    def __lt__(self, other):\n        return True\n\n    def go(self):\n        return 1\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: overloads": Case(
        "from typing import overload\n\n\nclass Base:\n    @overload\n    def go(self) -> int: ...\n    @overload\n    def go(self, x: int) -> int: ...\n    def go(self, x: int = 1) -> int:\n        return x\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: helpers and constants": Case(
        "import os\n\nLIMIT = 3\n_WORDS = {'a': LIMIT}\n\n\ndef _helper():\n    return _WORDS['a'], os.sep\n\n\nclass Base:\n    def go(self):\n        return _helper()\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "((3, '/'), (3, '/'))",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: helpers needed at import": Case(
        "_N = 2\n\n\ndef _twice(x):\n    return x * _N\n\n\nclass Base:\n    size = _twice(4)\n\n    def go(self):\n        return self.size\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(8, 8)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: uses module logger": Case(
        "import logging\n\nlog = logging.getLogger(__name__)\n\n\nclass Base:\n    def go(self):\n        log.debug('x')\n        return log.disabled\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(False, False)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: zero-argument super": Case(
        "class Root:\n    def go(self):\n        return 1\n\n\nclass Base(Root):\n    def go(self):\n        return super().go() + 1\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(2, 2)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: dataclass future": Case(
        "from __future__ import annotations\n\nfrom dataclasses import dataclass, field\n\n\n@dataclass\nclass Base:\n    x: int = 1\n    y: list[str] = field(default_factory=list)\n\n    def go(self):\n        return self\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "[]",
        probe="import p.m as m; import p.leaf\nr = repr(p.leaf.Sub().go().y)",
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: CRLF tabs": Case(
        "class Base:\r\n\tdef go(self):\r\n\t\treturn 1\r\n\r\n\r\n\r\nfrom p.leaf import Sub\r\n\r\nMADE = Sub()\r\n\r\n\r\ndef use():\r\n\treturn MADE.go()\r\n",
        MOVED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": "from p.m import Base\r\n\r\n\r\nclass Sub(Base):\r\n    pass\r\n"},
        moves=True,
    ),
    "moved: latin-1": Case(
        b"# -*- coding: latin-1 -*-\nclass Base:\n    # caf\xe9\n    def go(self):\n        return '\xe9'\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "('é', 'é')",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: name is patched later": Case(
        "class Base:\n    def go(self):\n        return 1\n\n\nBase.extra = 5\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(5, 1)",
        probe="import p.m as m; import p.leaf\nr = repr((p.leaf.Sub().extra, m.use()))",
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: string annotation of sibling": Case(
        "class Other:\n    pass\n\n\nclass Base:\n    def go(self, x: 'Other | None' = None) -> 'Other | int':\n        return 1\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        MOVED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: sibling type hints resolved": Case(
        "import typing\n\n\nclass Other:\n    pass\n\n\nclass Base:\n    x: 'Other'\n\n    def go(self):\n        return len(typing.get_type_hints(type(self)))\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        REFUSED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: global counter": Case(
        "COUNT = 0\n\n\nclass Base:\n    def go(self):\n        global COUNT\n        COUNT += 1\n        return COUNT\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        REFUSED,
        "1",
        probe="import p.m as m; m.use()\nr = repr(m.COUNT)",
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: no final newline": Case(
        "class Base:\n    def go(self):\n        return 1\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()",
        MOVED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": "from p.m import Base\n\n\nclass Sub(Base):\n    pass"},
        moves=True,
    ),
    "moved: doctest of moved": Case(
        'class Base:\n    """Go.\n\n    >>> helper()\n    2\n    """\n\n    def go(self):\n        return 1\n\n\ndef helper():\n    return 2\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n',
        REFUSED,
        "0",
        probe="import doctest, p.m, p.leaf\nr = repr(doctest.testmod(p.m).failed + doctest.testmod(p.leaf).failed)",
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: lambda and walrus constants": Case(
        "A = (B := 3) + 1\nKEY = lambda x: x + A\n\n\nclass Base:\n    go = staticmethod(lambda: KEY(B))\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        REFUSED,
        "(7, 7)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: base under if": Case(
        "import sys\n\nif sys.version_info >= (3, 8):\n\n    class Base:\n        def go(self):\n            return 1\n\nelse:\n\n    class Base:\n        def go(self):\n            return 2\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        REFUSED,
        "(1, 1)",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
    "moved: two classes on semicolons": Case(
        "X = 1; Y = 2\nclass Base:\n    y = Y\n\n    def go(self):\n        return X, self.y\n\n\n\nfrom p.leaf import Sub\n\nMADE = Sub()\n\n\ndef use():\n    return MADE.go()\n",
        REFUSED,
        "((1, 2), (1, 2))",
        probe=SUB,
        more={"p/leaf.py": TAKES},
        moves=True,
    ),
}
