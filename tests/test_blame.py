"""Which failures of a first import an import cycle causes: what a real interpreter does, and what is said of it."""

import os
import sys
from pathlib import Path
from random import Random

import pytest

from conftest import write_files
from cycles.children.first_import_runs import probe
from cycles.children.run_python import Interpreter
from cycles.enums import Verdict
from cycles.model import FirstImport

pytestmark = pytest.mark.posix


def first_import(folder: Path, module: str, files: dict[str, str]) -> FirstImport:
    write_files(folder, {"p/__init__.py": "", **files})
    interpreter = Interpreter(sys.executable, str(folder), os.environ, str(folder), timeout=30.0)
    (entry,) = probe([module], interpreter, jobs=1)
    return entry


LAZY = """\
import sys, types, importlib
class Lazy(types.ModuleType):
    def __getattr__(self, name):
        if name == "Dag":
            try:
                return importlib.import_module("p.a").Dag
            except AttributeError as error:
                raise {raised}
        raise AttributeError(name)
lazy = Lazy(__name__)
lazy.__dict__.update(__path__=__path__, __spec__=__spec__, __file__=__file__)
sys.modules[__name__] = lazy
"""
TABLE = """\
import importlib
_TABLE = {"Dag": "p.a", "Task": "p.b"}
def __getattr__(name):
    if name in _TABLE:
        return getattr(importlib.import_module(_TABLE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
"""

# `p.a` is imported first. It imports `p.b`, and what that wants of `p.a` is not there yet.
CYCLES = {
    "a name": ("import p.b\nX = 1\n", "from p.a import X\n"),
    "a name, by a relative import": ("from . import b\nX = 1\n", "from .a import X\n"),
    "an attribute": ("import p.b\nX = 1\n", "import p.a\np.a.X\n"),
    "an attribute of an alias": ("import p.b\nX = 1\n", "import p.a as other\nprint(other.X)\n"),
    "an attribute by its name": ("import p.b\nX = 1\n", "import p.a as other\ngetattr(other, 'X')\n"),
    "what a function of it misses": ("def f():\n    return X\nimport p.b\nX = 1\n", "from p.a import f\nf()\n"),
    "what a method of it misses": (
        "class C:\n    def f(self):\n        return X\nimport p.b\nX = 1\n",
        "from p.a import C\nC().f()\n",
    ),
    "a key": ("T = {}\nimport p.b\nT['x'] = 1\n", "from p.a import T\nT['x']\n"),
    "a key that a function will add": (
        "T = {}\ndef register(x):\n    T[x] = 1\nimport p.b\nregister('x')\n",
        "from p.a import T\nT['x']\n",
    ),
    "a key that a function asks for": (
        "T = {}\ndef get(x):\n    return T[x]\nimport p.b\nT.update(x=1)\n",
        "from p.a import get\nget('x')\n",
    ),
    "an index": ("T = []\nimport p.b\nT.append(1)\n", "import p.a\np.a.T[0]\n"),
    "a call of None": ("f = None\nimport p.b\nf = print\n", "from p.a import f\nf()\n"),
    "an attribute of None": ("app = None\nimport p.b\napp = object()\n", "from p.a import app as it\nit.route\n"),
    "a base that is None": ("Base = None\nimport p.b\nBase = object\n", "from p.a import Base\nclass C(Base): pass\n"),
    "an assertion": ("READY = False\nimport p.b\nREADY = True\n", "from p.a import READY\nassert READY\n"),
    "a refusal": (
        "T = {}\ndef get(x):\n    if x not in T:\n        raise LookupError(x)\nimport p.b\nT['x'] = 1\n",
        "from p import a\na.get('x')\n",
    ),
    "too few values": ("T = ()\nimport p.b\nT = (1, 2)\n", "from p.a import T\nx, y = T\n"),
    "in a class body": ("import p.b\nX = 1\n", "import p.a\nclass C:\n    x = p.a.X\n"),
    "in a function of its own": ("import p.b\nX = 1\n", "import p.a\ndef f():\n    return p.a.X\nf()\n"),
    "raised from it": (
        "import p.b\nX = 1\n",
        "try:\n    from p.a import X\nexcept ImportError as e:\n    raise RuntimeError('no') from e\n",
    ),
    "raised from None": (
        "import p.b\nX = 1\n",
        "try:\n    from p.a import X\nexcept ImportError:\n    raise RuntimeError('no') from None\n",
    ),
    "given to a library": ("T = None\nimport p.b\nT = '1'\n", "import json\nfrom p.a import T\njson.loads(T)\n"),
    "a name that is bound last in a branch": (
        "import p.b\nif True:\n    try:\n        X = 1\n    except E: pass\n",
        "from p.a import X\n",
    ),
    "an exception that cannot be shown": (
        (
            "class E(Exception):\n    def __str__(self): raise SystemExit\n"
            "def get():\n    if not X:\n        raise E\nX = 0\nimport p.b\nX = 1\n"
        ),
        "from p.a import get\nget()\n",
    ),
    "an exception whose metaclass hides its name": (
        (
            "class M(type):\n    def __getattribute__(cls, name): raise KeyboardInterrupt\nclass E(Exception, metaclass=M): pass\n"
            "def get():\n    if not X:\n        raise E\nX = 0\nimport p.b\nX = 1\n"
        ),
        "from p.a import get\nget()\n",
    ),
    "an exception whose causes cannot be asked for": (
        (
            "class E(Exception):\n    @property\n    def __cause__(self): raise OSError\n"
            "def get():\n    if not X:\n        raise E\nX = 0\nimport p.b\nX = 1\n"
        ),
        "from p.a import get\nget()\n",
    ),
    "a name that its text does not show": ("import p.b\nglobals()['X'] = 1\n", "from p.a import X\n"),
    "a name from a star import": ("import p.b\nfrom os.path import *\n", "from p.a import join\n"),
}


@pytest.mark.parametrize("texts", CYCLES.values(), ids=CYCLES)
def test_what_a_module_under_way_has_yet_to_make_is_a_cycle_whatever_the_words(tmp_path, texts):
    found = first_import(tmp_path, "p.a", {"p/a.py": texts[0], "p/b.py": texts[1]})

    assert (found.verdict, found.missing) == (Verdict.CRASH, None), found.error


ROOTS = {
    "a table": TABLE,
    "a class": LAZY.format(raised="AttributeError(name) from error"),
    "a class that hides why": LAZY.format(raised="AttributeError(name) from None"),
    "a class with an error of its own": LAZY.format(raised="RuntimeError('could not import p.a') from error"),
    "a guard": "def __getattr__(name):\n"
    "    try:\n        from p.a import Dag\n    except ImportError:\n        raise AttributeError(name)\n    return Dag\n",
}


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS)
def test_a_lazy_root_does_not_hide_the_cycle_behind_it(tmp_path, root):
    files = {"p/__init__.py": root, "p/a.py": "import p.b\nclass Dag: pass\n", "p/b.py": "from p import Dag\n"}

    found = first_import(tmp_path, "p.a", files)

    assert (found.verdict, found.path, found.module) == (Verdict.CRASH, found.path, "p.a"), found.error


@pytest.mark.parametrize("root", [TABLE, ROOTS["a guard"]])
def test_a_name_that_a_lazy_root_does_not_know_is_no_cycle(tmp_path, root):
    files = {"p/__init__.py": root, "p/a.py": "import p.b\nclass Dag: pass\n", "p/b.py": "from p import Typo\n"}
    files = {**files, "p/a.py": "import p.b\nclass Dag: pass\n"} if root == TABLE else files

    found = first_import(tmp_path, "p.a", files)

    # The guard tries the same import whatever it is asked for: there the cycle is to blame.
    assert found.verdict is (Verdict.OTHER if root == TABLE else Verdict.CRASH), found.error


# Modules are being imported, and no cycle is to blame.
OTHERS = {
    "a missing dependency": ("import p.b\nX = 1\n", "import nowhere\n"),
    "a missing dependency, though there is a cycle": ("import p.b\nX = 1\n", "import p.a\nimport nowhere\n"),
    "a missing dependency that is reworded": (
        "import p.b\n",
        "import p.a\ntry:\n    import nowhere\nexcept ImportError as e:\n    raise RuntimeError('install it') from e\n",
    ),
    "a missing dependency of a function further up": (
        "def f():\n    import nowhere\nimport p.b\nX = 1\n",
        "from p.a import f\nf()\n",
    ),
    "a missing submodule": ("import p.b\n", "import p.a\nimport p.nowhere\n"),
    "a name that nobody provides": ("import p.b\nX = 1\n", "from p.a import Y\n"),
    "an attribute that nobody provides": ("import p.b\ndef f():\n    Y = 1\n", "from p import a\na.Y\n"),
    "a name of a module that is complete": ("import p.b\nX = 1\n", "from p.c import Y\n"),
    "an attribute of a library": ("import p.b\nX = 1\n", "import os, p.a\nos.nowhere\n"),
    "a name of its own": ("import p.b\nX = 1\n", "import p.a\nX\n"),
    "an exception": ("import p.b\nX = 1\n", "import p.a\nraise RuntimeError('settings are not configured')\n"),
    "a key of the environment": ("import p.b\nT = {}\n", "import os, p.a\nos.environ['NOWHERE_SET']\n"),
    "a key of something complete": ("T = {}\nimport p.b\nX = 1\n", "from p.a import T\nT['x']\n"),
    "a check that refuses": (
        "def check(x):\n    if x < 3:\n        raise ValueError(x)\nimport p.b\nX = 1\n",
        "from p.a import check\ncheck(1)\n",
    ),
    "a check of another module": ("import p.b\nX = 1\n", "import p.c\nimport p.a\np.c.check(1)\n"),
    "a syntax error": ("import p.b\nX = 1\n", "from p import a\nif\n"),
    "an exit": ("import p.b\nX = 1\n", "import p.a\nraise SystemExit(3)\n"),
    "a missing file": ("import p.b\nX = 1\n", "import p.a\nopen('nowhere')\n"),
    "a function that sets attributes": (
        "def f(x):\n    setattr(x, 'y', 1)\n    x['y']\nimport p.b\nX = 1\n",
        "from p.a import f\nclass C: pass\nf(C)\n",
    ),
    "a division": ("N = 0\nimport p.b\nX = 1\n", "from p import a\n1 / a.N\n"),
    "a text that somebody executes": ("import p.b\nX = 1\n", "import p.a\nexec('1 / 0', {})\n"),
    "what comes before the cycle": ("1 / 0\nimport p.b\n", "import p.a\n"),
    "words alone": ("import p.b\nX = 1\n", "raise ImportError('a circular import')\n"),
    "swallowed long before": (
        "import p.b\nX = 1\n",
        "try:\n    from p.a import X\nexcept ImportError:\n    X = None\nimport nowhere\n",
    ),
    "a name of its own that is another's elsewhere": (
        "cache = None\nimport p.b\ncache = {}\n",
        "import p.a\ncache = None\ncache.get\n",
    ),
    "a library beside the cycle in one statement": (
        "app = str\nimport p.b\napp.x = 1\n",
        "import os\nfrom p.a import app\napp(os.environ['NOWHERE_SET'])\n",
    ),
}


@pytest.mark.parametrize("texts", OTHERS.values(), ids=OTHERS)
def test_a_failure_that_asks_nothing_of_what_is_under_way_is_no_cycle(tmp_path, texts):
    files = {"p/a.py": texts[0], "p/b.py": texts[1], "p/c.py": "def check(x):\n    raise ValueError(x)\n"}

    found = first_import(tmp_path, "p.a", files)

    assert found.verdict is Verdict.OTHER, found.error


def test_a_submodule_that_its_package_has_loaded_is_complete_though_the_package_is_not(tmp_path):
    files = {
        "p/__init__.py": "import p.c\nimport p.a\nfrom p import c\n",
        "p/a.py": "import p\np.c.check(1)\n",
        "p/c.py": "def check(x):\n    raise ValueError(x)\n",
    }

    assert first_import(tmp_path, "p.a", files).verdict is Verdict.OTHER


def test_a_module_of_a_package_that_nobody_imported_yet_is_a_cycle_where_the_package_will_import_it(tmp_path):
    files = {"p/__init__.py": "import p.a\nfrom p.c import X\n", "p/a.py": "import p\np.c.X\n", "p/c.py": "X = 1\n"}

    assert first_import(tmp_path, "p.a", files).verdict is Verdict.CRASH


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"p/a.py": "import p.b\n", "p/b.py": "import nowhere.deep\n"}, "nowhere"),
        ({"p/a.py": "try:\n    import nowhere\nexcept ImportError:\n    raise ImportError('install it')\n"}, "nowhere"),
        ({"p/a.py": "from p import nowhere\n"}, None),
        ({"p/a.py": "import p.nowhere\n"}, "p.nowhere"),
    ],
)
def test_the_module_that_is_missing_is_named(tmp_path, files, missing):
    found = first_import(tmp_path, "p.a", files)

    assert (found.verdict, found.missing) == (Verdict.OTHER, missing)


def test_what_was_loaded_before_its_turn_is_told(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\nX = 1\n", "p/b.py": "from p.a import X\n"})
    interpreter = Interpreter(sys.executable, str(tmp_path), os.environ, str(tmp_path), setup="import p.b")

    found = probe(["p.a", "p.b", "p"], interpreter, jobs=1)

    assert [(entry.verdict, entry.loaded) for entry in found] == [(Verdict.OK, True)] * 3


MODULES = ("p.a", "p.b", "p.c.d", "p.c", "p.e")
PLAIN = (
    *("1 / 0", "raise RuntimeError('no')", "import nowhere", "{}['x']", "import os; os.nowhere", "nowhere", "int('x')"),
    *("from os import nowhere", "assert not 1", "raise SystemExit", "(lambda: None.x)()", "[][0]", "x, y = ()"),
)
# What a module makes first, and what it makes of that in the end.
MADE = {
    "V": ("", "V = 1"),
    "T": ("T = {}", "T['x'] = 1"),
    "L": ("L = []", "L.append(1)"),
    "F": ("F = None", "F = lambda: 1"),
    "G": ("def G():\n    return V + T['x']", ""),
    "H": ("class H:\n    def __init__(self):\n        self.x = L[0]", ""),
    "B": ("B = None", "class B: pass"),
    "R": ("S = set()\ndef R():\n    if 1 not in S:\n        raise LookupError(1)", "S.add(1)"),
}
USES = {
    "V": ("{} + 1", "print({})", "x = [{} for _ in 'a']"),
    "T": ("{}['x']", "x = {{**{}}}['x']", "sum(\n    {}[k]\n    for k in 'x'\n)"),
    "L": ("{}[0]", "x, = {}", "max({})"),
    "F": ("{}()", "x = {}() + 1", "assert {}()"),
    "G": ("{}()", "x = list(map(lambda _: {}(), 'a'))", "def x(g={}):\n    return g()\nx()"),
    "H": ("{}()", "x = {}().x"),
    "B": ("class x({}): pass", "class x({}):\n    y = 1"),
    "R": ("{}()", "try:\n    {}()\nexcept OSError:\n    pass"),
}


def program(random: Random) -> dict[str, str]:
    """A package in which whatever fails does so because of a cycle, unless it is on a line that says PLAIN."""
    files = {"p/__init__.py": ""}
    for module in MODULES:
        parts = [f"{made} " if made else "" for made, _ in MADE.values()]
        others = [name for name in MODULES if name != module]
        for other in random.sample(others, random.choice((0, 1, 1, 2))):
            name, (parent, _, last) = random.choice(list(MADE)), other.rpartition(".")
            taken, used = random.choice(
                (
                    (f"from {other} import {name} as taken", "taken"),
                    (f"from {parent} import {last} as other", f"other.{name}"),
                    (f"import {other} as other", f"other.{name}"),
                )
            )
            place = random.randrange(len(parts) + 1)
            parts[place:place] = [taken, random.choice(USES[name]).format(used)]
        parts += [ends for _, ends in MADE.values()]
        if random.random() < 0.25:
            parts.insert(random.randrange(len(parts) + 1), f"{random.choice(PLAIN)}  # PLAIN")
        path = f"{module.replace('.', '/')}{'/__init__' if module == 'p.c' else ''}.py"
        files[path] = "\n".join(part.rstrip() for part in parts if part) + "\n"
    return files


@pytest.mark.parametrize("seed", range(24))
def test_in_generated_packages_only_what_is_plain_fails_otherwise(tmp_path, seed):
    files = program(Random(seed))
    write_files(tmp_path, files)
    interpreter = Interpreter(sys.executable, str(tmp_path), os.environ, str(tmp_path), timeout=30.0)

    for found in probe(MODULES, interpreter, jobs=2):
        if found.verdict is not Verdict.OK:
            line = files[found.path].split("\n")[found.line_number - 1] if found.path in files else "# PLAIN"
            assert (found.verdict is Verdict.OTHER) == ("# PLAIN" in line), (found, files)
