"""Predictions of the first import, each beside what real interpreters do."""

import importlib.machinery
import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import write_files
from cycles.enums import Verdict
from cycles.simulate.simulate_first_imports import Prediction
from cycles.source import read_sources as sources
from cycles.source.find_packages import locate
from cycles.source.import_values import ModuleFile
from packages import package
from predictions import predict

TRUTH = Path(__file__).with_name("import_truth.py")
SAMPLES = Path(__file__).parents[1] / "sample_projects"
# All of them hold under 3.11, 3.12 and 3.13, whichever hypothesis picks.
SEEDS = range(500, 650)
SEEDS_OF_QUESTIONS = range(500, 540)
NOT_MODELLED = (
    "NameError",
    "UnboundLocalError",
    "TypeError",
    "KeyError",
    "RecursionError",
    "AttributeError: 'function'",
)


def module_files(folder: Path) -> tuple[ModuleFile, ...]:
    """Every module below a folder."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        found.append(ModuleFile(".".join(parts[:-1] if is_package else parts), str(path), is_package, str(folder)))
    return tuple(found)


def predicted(folder: Path, **options) -> dict[str, Prediction]:
    files = module_files(folder)
    names = [module.name for module in files]
    return dict(zip(names, predict(files, names, project=str(folder), **options), strict=True))


def real(folders: Sequence[Path]) -> list[dict[str, dict]]:
    """What becomes of every module below each folder, in an interpreter of its own."""
    asked = [(str(folder), [module.name for module in module_files(folder)]) for folder in folders]
    finished = subprocess.run(
        [sys.executable, TRUTH], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(finished.stdout)


def as_outcome(prediction: Prediction) -> dict:
    entry = prediction.entry
    return {
        "verdict": entry.verdict,
        "error": entry.error,
        "path": entry.path,
        "line_number": entry.line_number,
        "chain": [[link.importer, link.imported, link.path, link.line_number] for link in entry.chain],
    }


def outcomes(folder: Path) -> dict[str, dict]:
    return {name: as_outcome(prediction) for name, prediction in predicted(folder).items()}


PACKAGES: Mapping[str, Mapping[str, str]] = {
    "a computed import": {
        "a": "import importlib\nfor n in ['b']: importlib.import_module('p.' + n)\nX = 1",
        "b": "from p.a import X",
    },
    "a function handed to another": {
        "a": "import sys, types\nm = sys.modules[__name__]\ntypes.FunctionType.__call__(lambda m: setattr(m, 'X', 1), m)\nimport p.b",
        "b": "from p.a import X",
    },
    "a function counts": {"a": "n = 0\ndef f():\n    global n\n    n += 1\nf()\nif n:\n    import p.b\nX = 1", "b": "from p.a import X"},
    "names set on a module by a class of it": {
        "a": "import sys\nsys.modules[__name__].__class__ = type('M', (type(sys),), {'X': 1})\nimport p.b",
        "b": "from p.a import X",
    },
    "a name is asked for before it is bound": {"a": "from p.b import Y\nX = 1", "b": "from p.a import X\nY = 1"},
    "a name is bound in time": {"a": "X = 1\nfrom p.b import Y", "b": "from p.a import X\nY = 1"},
    "every way to bind": {
        "a": "def f(): 1\nclass C: 1\nv: int = 1\nfor i in (1,): 1\nwith open('/dev/null') as w: 1\n(n := 1)\n"
        "import sys as s\nmatch 1:\n    case m: 1\nt, (u, *o) = 1, (2, 3)\nimport p.b\nlate = 1",
        "b": "from p.a import f, C, v, i, w, n, s, m, t, u, o\nfrom p.a import late",
    },
    "a name is deleted": {"a": "X = 1\ndel X\nimport p.b", "b": "from p.a import X"},
    "an annotation binds nothing": {"a": "X: int\nimport p.b", "b": "from p.a import X"},
    "an attribute of a module that runs": {"a": "import p.b\nX = 1", "b": "import p.a as a\nprint(\n    a.X)"},
    "a submodule that is not bound yet": {"a": "import p.b\nX = 1", "b": "import p.a\np.a.X"},
    "a base class, over two lines": {"a": "import p.b\nX = int", "b": "from p import a\nclass C(a\n    .X): pass"},
    "a decorator": {"a": "import p.b\nX = str", "b": "from p import a\n@a.X\ndef f(): pass"},
    "a default": {"a": "import p.b\nX = int", "b": "from p import a\ndef f(x=a.X): pass"},
    "an annotation": {"a": "import p.b\nX = int", "b": "from p import a\ndef f(x: a.X): pass"},
    "an annotation that waits": {
        "a": "import p.b\nX = int",
        "b": "from __future__ import annotations\nfrom p import a\ndef f(x: a.X): pass\ny: a.X = 1",
    },
    "a body that waits": {"a": "import p.b\nX = int", "b": "from p import a\ndef f(): return a.X\ng = lambda: a.X"},
    "a function called": {"a": "import p.b\nX = int", "b": "from p import a\ndef f(): return a.X\nf()"},
    "functions called, three deep": {
        "a": "import p.b\nX = 1",
        "b": "from p.c import f\nf()",
        "c": "from p.d import g\ndef f(): g()",
        "d": "def g(): h()\ndef h():\n    from p.a import X",
    },
    "a class made": {"a": "import p.b\nX = 1", "b": "class C:\n    def __init__(self): self.m()\n    def m(self):\n        from p.a import X\nC()"},
    "a method called": {"a": "import p.b\nX = 1", "b": "class C:\n    def m(self):\n        from p.a import X\nC().m()"},
    "a decorator of the package": {"a": "import p.b\nX = 1", "b": "def d(f):\n    from p.a import X\n@d\ndef g(): pass"},
    "an argument decides": {
        "a": "import p.b\nX = 1",
        "b": "def f(now=False, how=None):\n    if now:\n        from p.a import X\n    if how is not None:\n        from p.a import Y\nf()\nf(now=True)",
    },
    "a class body": {"a": "import p.b\nX = 1", "b": "class C:\n    from p.a import X"},
    "a star takes what there is": {"a": "X = 1\nfrom p.b import *\nY = 1", "b": "from p.a import *\nX\nfrom p.a import Y"},
    "a star and __all__": {"a": "__all__ = ['X', 'Y']\nX = 1\nimport p.b\nY = 1", "b": "from p.a import *"},
    "a star imports the submodules that __all__ names": {
        "__init__": "__all__ = ['a'] + ['b']\n__all__ += ['c']\n__all__.append('d')",
        "a": "from p import *", "b": "", "c": "from p import a", "d": "from p.a import X",
    },
    "a package takes its module's place": {"__init__": "from p.a import a", "a": "def a(): 1", "b": "import p.a as c\nc()"},
    "import as asks for each part": {"a": "import p.b as b\nX = 1", "b": "import p.a as a\nimport p.a as c\nc.X"},
    "import as of what replaced a module": {"__init__": "from p.a import X as b", "a": "X = 1", "b": "", "c": "import p.b as z\nz"},
    "a failed module runs again": {
        "a": "try:\n    import p.b\nexcept ImportError:\n    pass\nX = 1\nimport p.b",
        "b": "from p.a import X",
    },
    "what a failed package imported stays": {
        "__init__": "", "q/__init__": "import p.q.r\nfrom p.a import Z", "q/r": "R = 1",
        "a": "try:\n    import p.q\nexcept ImportError: pass\nimport p.q.r\nfrom p.q import r\nZ = 1\nimport p.q\np.q.r",
    },
    "handlers by class": {
        "a": "try:\n    import p.b\nexcept AttributeError:\n    pass\nexcept (KeyError, ModuleNotFoundError): pass\nX = 1",
        "b": "from p.a import X",
    },
    "finally, else, and raise again": {
        "a": "try:\n    import p.c\nexcept ImportError: pass\nelse:\n    try:\n        import p.b\n    except ImportError as e:\n        F = 1\n        raise\n    finally:\n        G = 1\nX = 1",
        "b": "from p.a import X",
        "c": "",
    },
    "suppress": {"a": "from contextlib import suppress\nwith suppress(ImportError):\n    import p.b\nX = 1", "b": "from p.a import X"},
    "never at run time": {
        "a": "import typing as t, sys\nfrom typing import TYPE_CHECKING as TC\nif TC or t.TYPE_CHECKING:\n    from p.b import Y\nif sys.version_info < (3,) or not sys.version_info[0] >= 3 or sys.version_info.major == 2:\n    from p.b import Y\nif __name__ == '__main__': from p.b import Y\nX = 1",
        "b": "from p.a import X, nope",
    },
    "elif": {"a": "import sys\nif False: pass\nelif sys.version_info[:2] >= (3, 8): from p.b import Y\nelse: pass\nX = 1", "b": "from p.a import X"},
    "module __getattr__": {
        "a": "def __getattr__(name):\n    if name in ('X', 'Z'):\n        return 1\n    raise AttributeError(f'no {name}')\nimport p.b",
        "b": "from p.a import X\nfrom p import a\na.Z",
    },
    "module __getattr__ that has not got it": {
        "a": "def __getattr__(name):\n    if name == 'X':\n        return 1\n    raise AttributeError(name)\nimport p.b",
        "b": "from p.a import Y",
    },
    "module __getattr__ that asks itself without end": {
        "a": "def __getattr__(name):\n    from p.a import Y\n    return Y\nimport p.b\nX = 1",
        "b": "try:\n    from p.a import Y\nexcept RecursionError:\n    from p.c import Z",
        "c": "import p.b\nfrom p.b import Z",
    },
    "module __getattr__ that gives no function": {
        "a": "def __getattr__(name):\n    if name == 'Y': return 1\n    raise AttributeError(name)\nimport p.b\nX = 1",
        "b": "import p.a as a\ntry:\n    a.Y()\nexcept TypeError:\n    from p.a import X",
    },
    "a number is called": {"a": "import p.b\nX = 1", "b": "n = 1\ntry:\n    n()\nexcept TypeError:\n    from p.a import X"},
    "a number is inherited from": {
        "a": "import p.b\nX = 1",
        "b": "n = 1\ntry:\n    class C(n): pass\nexcept TypeError:\n    from p.a import X",
    },
    "a case names what is matched": {
        "a": "import p.b\nX = 1",
        "b": "match 1:\n    case n: pass\ntry:\n    @n\n    def f(): pass\nexcept TypeError:\n    from p.a import X",
    },
    "import_module": {"a": "import importlib\nb = importlib.import_module('.b', __package__)\nX = 1", "b": "m = __import__('p.a').a\nm.X"},
    "sys.modules of itself": {"a": "import sys\nthis = sys.modules[__name__]\nthis.X = 1\nsetattr(this, 'Y', 2)\nimport p.b", "b": "from p.a import X, Y"},
    "a name set from outside": {"a": "import p.b\nfrom p.c import Y", "b": "import p.a as a\na.X = 1\nfrom p.a import X", "c": "from p.a import X\nY = 1"},
    "a module that is not there": {"a": "import p.nope", "b": "from p.a import x", "c": "import p.a.nope", "d": "from p import nope"},
    "a file that is no Python": {"a": "import p.b", "b": "def :"},
    "too many dots": {"a": "from ... import x", "__init__": ""},
    "a namespace package": {"q/a": "from p.q import b\nX = 1", "q/b": "from p.q.a import X"},
    "raised on purpose": {"a": "raise ImportError('not here')", "b": "try:\n    import p.a\nexcept ImportError: X = 1\nfrom p.b import X"},
    "a loop over literals": {"a": "for name in ('x', 'y'):\n    import p.b\nX = 1", "b": "from p.a import X"},
    "both arms": {"a": "Y = 1 if __name__ == '__main__' else __import__('p.b')\nX = 1", "b": "from p.a import X"},
    "a comprehension of its own names": {"a": "import p.b\nX = 1", "b": "from p import a\n[a.X for a in ()]\n[0 for _ in [a.X]]"},
}  # fmt: skip


@pytest.mark.posix
def test_small_packages_fail_exactly_as_in_a_real_interpreter(tmp_path):
    folders = []
    for number, files in enumerate(PACKAGES.values()):
        given = files if any("/" in name for name in files) and "__init__" not in files else {"__init__": "", **files}
        folders.append(
            write_files(tmp_path / str(number), {f"p/{name}.py": text + "\n" for name, text in given.items()})
        )

    simulated = {title: outcomes(folder) for title, folder in zip(PACKAGES, folders, strict=True)}

    assert simulated == dict(zip(PACKAGES, real(folders), strict=True))


@pytest.mark.posix
def test_cpythons_own_circular_imports_fail_exactly_as_they_do(tmp_path):
    found = importlib.util.find_spec("test") and importlib.util.find_spec("test.test_import.data.circular_imports")
    if not found:
        pytest.skip("this Python comes without its tests")
    [data] = found.submodule_search_locations
    folder = tmp_path / "test" / "test_import" / "data" / "circular_imports"
    for path in Path(data).rglob("*.py"):
        write_files(folder, {str(path.relative_to(data)): path.read_text()})

    simulated = outcomes(tmp_path)

    expected = subprocess.run(
        [sys.executable, TRUTH],
        input=json.dumps([[str(Path(data).parents[2]), sorted(simulated)]]),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    [truth] = json.loads(expected.stdout)
    assert {name: (found["verdict"], found["error"], found["line_number"]) for name, found in simulated.items()} == {
        name: (found["verdict"], found["error"], found["line_number"]) for name, found in truth.items()
    }
    assert {found["verdict"] for found in simulated.values()} == {"ok", "crash"}


@settings(
    max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.sampled_from(SEEDS))
@pytest.mark.posix
def test_generated_packages_fail_exactly_as_in_a_real_interpreter(tmp_path_factory, seed):
    """No false crash, no missed one; the error, its line and the chain are the same: 4 times 80 packages."""
    base = tmp_path_factory.mktemp("generated")
    choose = random.Random(seed).choice
    folders = [write_files(base / str(number), package(choose)) for number in range(80)]

    for folder, truth in zip(folders, real(folders), strict=True):
        for name, simulated in outcomes(folder).items():
            if (truth[name]["error"] or "").startswith(NOT_MODELLED):
                assert simulated["verdict"] != "crash", (folder, name)
            else:
                assert simulated == truth[name], (folder, name)


@settings(
    max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.sampled_from(SEEDS_OF_QUESTIONS))
@pytest.mark.posix
def test_where_conditions_are_unknown_no_importable_module_is_accused(tmp_path_factory, seed):
    base = tmp_path_factory.mktemp("generated")
    choose = random.Random(seed).choice
    folders = [write_files(base / str(number), package(choose, open_questions=True)) for number in range(50)]

    for folder, truth in zip(folders, real(folders), strict=True):
        for name, simulated in outcomes(folder).items():
            if truth[name]["verdict"] == "ok":
                assert simulated["verdict"] in {"ok", "unknown"}, (folder, name)
            elif truth[name]["verdict"] == "crash" and simulated["verdict"] == "crash":
                assert simulated == truth[name], (folder, name)


@pytest.mark.parametrize(
    ("package", "folder", "roots", "crashes"), [("shop", "shop", (), 7), ("ee.hogai", "agent_core", ("posthog",), 46)]
)
@pytest.mark.posix
def test_the_crashes_of_the_samples_are_those_of_a_real_interpreter(package, folder, roots, crashes):
    reading = sources.read(locate(package, roots=roots, folders=[SAMPLES / folder]))
    names = sorted(reading.modules)

    found = predict(tuple(reading.modules.values()), names, project=str(SAMPLES / folder))

    [truth] = real([SAMPLES / folder])
    assert {name: as_outcome(prediction) for name, prediction in zip(names, found, strict=True)} == {
        name: truth[name] for name in names
    }
    assert sum(prediction.entry.verdict is Verdict.CRASH for prediction in found) == crashes


UNKNOWN = {
    "sys.modules": "import sys\nsys.modules[__name__] = type('M', (), {'X': 1})\nimport p.b",
    "sys.modules.update": "import sys\nfrom elsewhere import made\nsys.modules.update({__name__: made})\nimport p.b",
    "a star from elsewhere": "from stat import *\nimport p.b",
    "__getattr__ that cannot be read": "__getattr__ = print\nimport p.b",
    "recreate_module": "from elsewhere import recreate_module\nrecreate_module(__name__, by_module={})\nimport p.b",
    "__import__ of anything": "__import__(input(), globals(), locals())\nimport p.b",
    "a context manager that may swallow": "from elsewhere import trying\nwith trying():\n    import p.b",
    "a handler that cannot be known": "from elsewhere import Trouble\ntry:\n    import p.b\nexcept Trouble: pass",
    "a condition": "import os\nif os.environ.get('X'):\n    import p.b",
    "a short cut": "import os\nos.environ.get('X') and __import__('p.b')",
    "a conditional expression": "import os\n__import__('p.b') if os.environ else 1",
    "an optional import": "try:\n    import no_such_thing\nexcept ImportError: pass\nelse:\n    import p.b",
    "a function left early": "import os\ndef f():\n    if os.environ.get('X'): return\n    import p.b\nf()",
    "bound in one of two ways": "import os\nif os.environ: X = 1\nelse: pass\nimport p.b",
    "bound or deleted": "import os\nX = 1\nif os.environ: del X\nimport p.b",
    "bound by what may fail": "try:\n    from no_such_thing import X\nexcept ImportError:\n    pass\nimport p.b",
    "a match": "import os\nmatch os.name:\n    case 'x': import p.b\n    case [*rest] if rest: pass\n    case {'a': 1, **more}: pass\n    case int.real: pass",
}  # fmt: skip


@pytest.mark.parametrize("title", UNKNOWN)
def test_what_cannot_be_known_is_not_called_a_crash(tmp_path, title):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": UNKNOWN[title], "p/b.py": "from p.a import X"})

    entry = predicted(tmp_path)["p.a"].entry

    assert entry.verdict is Verdict.UNKNOWN
    assert entry.reason
    assert (entry.error, entry.path, entry.line_number, entry.chain) == (None, None, None, ())


def test_a_lazy_loader_imports_the_submodules_it_lists(tmp_path):
    """What CPython says where the library is installed: an exact case, but the tests do without it."""
    lazy = "import lazy_loader as lazy\n__getattr__, __dir__, __all__ = lazy.attach(__name__, ['X'])\nimport p.b"
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": lazy, "p/b.py": "from p.a import X"})

    entry = predicted(tmp_path)["p.a"].entry

    assert (entry.verdict, entry.reason) == (
        Verdict.OTHER,
        "no file provides p.a.X",
    )


OK = {
    "globals()": "globals()['X'] = 1\nimport p.b",
    "vars()": "vars()['X'] = 1\nimport p.b",
    "exec": "exec('X = 1')\nimport p.b",
    "setattr": "import sys\nfor n in 'X': setattr(sys.modules[__name__], n, 1)\nimport p.b",
    "a function of its own": "def fill(): globals()['X'] = 1\nfill()\nimport p.b",
    "a loop that is left": "import os\ndef f():\n    for x in os.environ: break\n    else: raise ValueError\nf()\nX = 1\nimport p.b",
    "a proxy": "class K: pass\nclass P:\n    __class__ = property(lambda self: K)\ndef f():\n    if not isinstance(P(), K): raise ValueError\nf()\nX = 1\nimport p.b",
    "a class is none of its instances": "class K: pass\ndef f():\n    if isinstance(K, K): raise ValueError\nf()\nX = 1\nimport p.b",
    "the text of a function": "def g():\n    from p.c import Z\ndef f(): g.__doc__.replace('a', 'b')\ng.__doc__ = 'a'\nf()\nX = 1\nimport p.b",
    "an optional import beside": "try:\n    import no_such_thing\nexcept ImportError:\n    no_such_thing = None\nX = 1\nimport p.b",
    "bound in both of two ways": "import os\nif os.environ: X = 1\nelse: X = 2\nimport p.b",
    "bound by what may fail, or else": "try:\n    from no_such_thing import X\nexcept ImportError:\n    X = None\nimport p.b",
    "deleted and bound": "import os\nX = 1\nif os.environ: del X\nX = 1\nimport p.b",
    "bound by a function": "def f():\n    global X\n    X = 1\nf()\nimport p.b",
    "a loop": "for X in range(3): pass\nimport p.b",
    "compiled": "from p.fast import X\nimport p.b",
    "replaced in sys.modules": "import sys\nsys.modules['p.b'] = sys\nimport p.b",
}  # fmt: skip


@pytest.mark.parametrize("title", OK)
def test_what_may_well_be_there_is_taken_to_be_there(tmp_path, title):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": OK[title], "p/b.py": "from p.a import X"})

    entry = predicted(tmp_path, compiled=["p.fast"])["p.a"].entry

    assert (entry.verdict, entry.reason) == (Verdict.OK, None)


def test_a_preload_masks_a_crash(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\nX = 1", "p/b.py": "from p.a import X"})
    files = module_files(tmp_path)

    alone = predict(files, ["p.b", "p.a"], project=str(tmp_path))
    after = predict(files, ["p.b", "p.a"], project=str(tmp_path), after=["p.b"])

    assert [found.entry.verdict for found in alone] == [Verdict.OK, Verdict.CRASH]
    assert [found.ran for found in alone] == [("p", "p.a", "p.b"), ("p", "p.a", "p.b")]
    assert [found.entry.verdict for found in after] == [Verdict.OK, Verdict.OK]


def test_a_preload_that_fails_leaves_everything_unknown(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\nX = 1", "p/b.py": "from p.a import X"})

    found = predicted(tmp_path, after=["p.a"])

    assert found["p"].entry.verdict is Verdict.UNKNOWN
    assert found["p"].entry.reason == (
        "p.a is to be imported before, and fails itself: ImportError: cannot import name 'X' from "
        "partially initialized module 'p.a' (most likely due to a circular import)"
    )


def test_a_bare_package_hides_no_crash(tmp_path):
    write_files(
        tmp_path,
        {
            "p/__init__.py": "import p.b\nfrom p.b import Y",
            "p/a.py": "from p import Y\nimport p.b\nX = 1",
            "p/b.py": "from p.a import X\nY = 1",
        },
    )

    hidden, shown = predicted(tmp_path), predicted(tmp_path, bare=["p"])

    assert hidden["p.b"].entry.verdict is Verdict.CRASH
    assert [shown[name].entry.verdict for name in ("p", "p.a", "p.b")] == [Verdict.OK, Verdict.CRASH, Verdict.OK]


def test_entries_without_a_text_are_unknown_or_fail_as_in_python(tmp_path):
    write_files(tmp_path, {"p/__init__.py": b"\xff\xfe", "p/a.py": "", "q.py": "x = " + "(" * 300 + ")" * 300})

    found = predict(
        module_files(tmp_path), ["p.a", "p.fast", "nope", "q", "p.none"], project=str(tmp_path), compiled=["p.fast"]
    )

    assert [prediction.entry.verdict for prediction in found] == [
        Verdict.OTHER,
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
        Verdict.OTHER,
        Verdict.UNKNOWN,
    ]
    assert found[0].entry.error == f"SyntaxError: {_refusal_of_python(tmp_path / 'p' / '__init__.py')}"


def _refusal_of_python(path):
    with pytest.raises(SyntaxError) as caught:
        importlib.machinery.SourceFileLoader("p", str(path)).get_code("p")
    return caught.value.msg


def test_syntax_of_another_python_is_unknown(tmp_path):
    write_files(tmp_path, {"q.py": "def :"})

    found = predicted(tmp_path, version=(3, 99))

    assert found["q"].entry.verdict is Verdict.UNKNOWN


def test_long_chains_and_deep_texts_are_followed_without_recursion(tmp_path):
    length = 3000
    files = {f"p/m{number}.py": f"from p.m{number + 1} import X\nX = 1" for number in range(length)}
    deep = "import p.deep as d\n" + " + ".join(["d"] * 900) + "\nif 0: pass\n" + "elif d: pass\n" * 900
    write_files(tmp_path, {"p/__init__.py": "", "p/deep.py": deep, **files, f"p/m{length}.py": "from p.m0 import X"})

    found = {
        prediction.entry.module: prediction.entry
        for prediction in predict(module_files(tmp_path), ["p.m0", "p.deep"], project=str(tmp_path))
    }

    assert (found["p.m0"].verdict, found["p.m0"].path, len(found["p.m0"].chain)) == ("crash", f"p/m{length}.py", length)
    assert found["p.deep"].verdict is Verdict.OK


def test_calls_without_end_are_given_up(tmp_path):
    text = "".join(
        f"def f{number}():\n    f{number + 1}()\n    f{number + 1}()\n    import p\n" for number in range(30)
    )
    write_files(tmp_path, {"p/__init__.py": f"{text}def f30(): f0()\nf0()", "q/__init__.py": "def g(): g()\ng()"})

    found = {name: prediction.entry for name, prediction in predicted(tmp_path).items()}

    assert found["p"].verdict is Verdict.UNKNOWN
    assert (found["q"].verdict, found["q"].reason) == ("other", "it raises RecursionError, and no cycle is to blame")


def test_a_lazy_import_runs_where_its_name_is_used():
    """There is no Python 3.15 to ask: this is what PEP 810 says."""
    reading = sources.read(locate("lazy_import", roots=(), folders=[SAMPLES / "lazy_import"]))
    files, project = tuple(reading.modules.values()), str(SAMPLES / "lazy_import")
    names = ["lazy_import.console", "lazy_import.emoji", "lazy_import.markup", "lazy_import.themes"]

    then = [found.entry for found in predict(files, names, project=project, version=(3, 15))]
    before = [found.entry for found in predict(files, names, project=project)]

    assert [entry.verdict for entry in then] == ["ok", "ok", "ok", "crash"]
    assert (then[3].path, then[3].line_number) == ("lazy_import/console.py", 6)
    if sys.version_info < (3, 15):
        assert [entry.error for entry in before] == ["SyntaxError: invalid syntax"] * 4


def test_a_lazy_import_that_nobody_uses_does_not_run(tmp_path):
    uses = "def f(x=b): return c\ng = lambda y=d: e\n"
    lazies = "lazy import p.a as a, p.b as b\nlazy from p import c, d\nlazy import p.e\n"
    write_files(tmp_path, {"p/__init__.py": "", "p/x.py": lazies + uses, **{f"p/{name}.py": "" for name in "abcde"}})

    found = predicted(tmp_path, version=(3, 15))

    assert found["p.x"].ran == ("p", "p.b", "p.d", "p.x")


@pytest.mark.parametrize(
    "text",
    [
        "return",
        "yield 1",
        "await x",
        "break",
        "nonlocal x",
        "def f(a, a): pass",
        "__debug__ = 1",
        "def f():\n    from p import *",
        "from __future__ import braces",
        "class C:\n    return 1",
        "async with x: pass",
        "x = [y := 1 for y in ()]",
        "def f():\n    global a\n    nonlocal a",
    ],
)
def test_what_the_compiler_refuses_fails_as_in_python(tmp_path, text):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": f"import p\n{text}\n"})

    found = predicted(tmp_path)["p.a"].entry

    with pytest.raises(SyntaxError) as caught:
        importlib.machinery.SourceFileLoader("p.a", str(tmp_path / "p" / "a.py")).get_code("p.a")
    assert (found.verdict, found.error) == (Verdict.OTHER, f"SyntaxError: {caught.value.msg}")
    assert (found.path, found.line_number) == ("p/a.py", caught.value.lineno)


WHY = {
    "no name": (
        {"p/a.py": "from p.b import X\n", "p/b.py": ""},
        "nothing in p.b provides X, and there is no module p.b.X",
    ),
    "no attribute": (
        {"p/a.py": "import p\np.nowhere\n"},
        "nothing in p provides nowhere, and there is no module p.nowhere",
    ),
    "not yet": (
        {"p/a.py": "import p\np.b\n", "p/b.py": ""},
        "p.b is not imported by then: whether p has it depends on the order of imports",
    ),
    "no module": ({"p/a.py": "import p.b\n"}, "no file provides p.b"),
    "no Python": ({"p/a.py": "if\n"}, "the file is not valid Python"),
    "taken back": (
        {"p/a.py": "from p.b import X\n", "p/b.py": "X = 1\ndel X\n"},
        "it raises ImportError, and no cycle is to blame",
    ),
}


@pytest.mark.parametrize(("files", "reason"), WHY.values(), ids=WHY)
def test_a_failure_that_is_no_cycle_comes_with_its_reason(tmp_path, files, reason):
    write_files(tmp_path, {"p/__init__.py": "", **files})

    entry = predicted(tmp_path)["p.a"].entry

    assert (entry.verdict, entry.reason) == (Verdict.OTHER, reason)
