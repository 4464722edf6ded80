"""Which modules can be imported first: what is said of samples and small packages, beside a real interpreter."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import golden
from conftest import write_files
from cycles.api import analyze
from cycles.children.first_import_runs import probe
from cycles.children.run_python import Interpreter
from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import Analysis, FirstImport, FirstImportReport, ImportLink, Mask
from cycles.report.entries import entries_as_text
from cycles.report.entries_verdicts import EntriesCheck
from cycles.report.json_by_command import entries_as_json
from cycles.report.terminal import TextStyle
from cycles.simulate.first_import_report import entrances
from json_schemas import schemas

TWO = {
    "p/__init__.py": "",
    "p/a.py": "import p.b\nNAME = 1\n",
    "p/b.py": "from p.a import NAME\n",
    "p/c.py": "import p.a\n",
    "p/alone.py": "",
    "p/__main__.py": "import p.a\n",
}


def interpreter(analysis: Analysis, folder: Path) -> Interpreter:
    # What a sample imports from elsewhere lies next to it.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder / "vendor")}
    return Interpreter(sys.executable, str(folder), environment, analysis.project)


def truth(analysis: Analysis, folder: Path) -> Callable[[tuple[str, ...]], tuple[FirstImport, ...]]:
    return lambda modules: probe(modules, interpreter(analysis, folder), jobs=2)


def verdicts(found: FirstImportReport) -> dict[str, str]:
    return {entry.module: str(entry.verdict) for entry in found.entries}


FAILING = (
    "1 / 0",
    "[][0]",
    "{}['a']",
    "int('x')",
    "assert not [1]",
    "x = None\nx.foo",
    "y = x",
    "x = 1\ndel x\nx",
    "class A: pass\nA.y",
    "class A: pass\nA().y",
    "class A:\n    __slots__ = ('x',)\nA.y",
    "a, b = 1, 2, 3",
    "a, b, *c = [1]",
    "(1)()",
    "import sys\nsys.modules['p.good0']",
    "globals()['nowhere']",
    "KNOWN = {}\ndef register(name):\n    return lambda made: KNOWN.setdefault(name, made)\nKNOWN['late']",
)
"""Modules that fail for plain reasons."""
WORKING = (
    "globals()['x'] = 1\nx",
    "exec('x = 1')\nx",
    "vars().update(x=1)\nx",
    "import gettext\ngettext.install('p')\n_",
    "import builtins\nbuiltins.late = 1\nlate",
    "import builtins\nbuiltins.__dict__['later'] = 1\nlater",
    "import builtins\nsetattr(builtins, 'latest', 1)\nlatest",
    "__file__, __doc__, __spec__, __loader__, __builtins__, __debug__",
    "class A:\n    here = __qualname__, __module__",
    "from os.path import *\njoin",
    "import os\nif os.environ:\n    x = 1\nx",
    "try:\n    x\nexcept NameError:\n    pass",
    "import contextlib\nwith contextlib.suppress(KeyError, NameError):\n    {}['a']",
    "import collections\ncollections.Counter()['a']\ncollections.defaultdict(list)['a']",
    "class D(dict):\n    def __missing__(self, key): return key\nD()['a']",
    "class A:\n    def __getattr__(self, name): return name\nA().y",
    "class A: pass\nsetattr(A, 'y', 1)\nA.y",
    "class A: pass\nA.__doc__, A.__mro__, A().__class__, A().__dict__",
    "import json\na, b = json.loads('[1, 2]')",
    "a, *b = 1,",
    "x: int\n__annotations__",
    "import heapq\nx = []\nheapq.heappush(x, 1)\nx[0]",
    "x = {}\nexec(' = '.join(['a', '1']), x)\nx['a']",
    "x = {1: 'a', True: 'b'}\nx[1.0]",
    "import sys\nsys.modules['os'], sys.modules[__name__]",
    "import abc\nclass A(abc.ABC): pass\nA.register(int)",
    "class A:\n    __slots__ = ('y',)\nA.y",
    "class A:\n    __slots__ = 'y'\nA.y",
    "class A:\n    __slots__ = ['x', *'y']\nA.y",
    "for name in ('a', 'b'):\n    globals()[name] = name\na + b",
)
"""Modules that look as if they failed, and do not."""


@pytest.mark.posix
def test_plain_failures_are_predicted_and_nothing_that_only_looks_like_one(tmp_path):
    files = {
        f"p/{kind}{number}.py": text + "\n"
        for kind in ("bad", "good")
        for number, text in enumerate(FAILING if kind == "bad" else WORKING)
    }
    write_files(tmp_path, files | {"p/__init__.py": ""})
    analysis = analyze("p", folders=[tmp_path])

    predicted = {entry.module: entry for entry in entrances(analysis).entries}
    really = {entry.module: entry for entry in probe(sorted(predicted), interpreter(analysis, tmp_path), jobs=2)}

    assert {name: entry.verdict for name, entry in really.items()} == {
        name: Verdict.OTHER if "bad" in name else Verdict.OK for name in really if name != "p"
    } | {"p": Verdict.OK}
    wrong = {name: entry.verdict for name, entry in predicted.items() if entry.verdict is not really[name].verdict}
    assert wrong == {}


@pytest.mark.parametrize("sample", golden.samples())
@pytest.mark.posix
def test_predictions_for_a_sample_are_the_truth(sample):
    package, roots = golden.OTHER_ARGUMENTS.get(sample, (sample, ()))
    folder = golden.SAMPLES / sample
    analysis = analyze(package, folders=[folder], roots=roots)

    found = entrances(analysis, run=truth(analysis, folder))

    said = [(entry.module, entry.verdict, entry.path, entry.line_number) for entry in found.entries]
    assert said == [(entry.module, entry.verdict, entry.path, entry.line_number) for entry in found.runs]


def test_entries_are_all_modules_and_no_main(analysed):
    found = entrances(analysed(TWO))

    assert verdicts(found) == {"p": "ok", "p.a": "crash", "p.alone": "ok", "p.b": "ok", "p.c": "crash"}
    assert found.apart == 0


def test_modules_that_are_named_are_the_entries(analysed):
    found = entrances(analysed(TWO), modules=["p.c", "p.alone", "p.__main__"])

    assert verdicts(found) == {"p.__main__": "crash", "p.alone": "ok", "p.c": "crash"}
    assert (found.named, found.apart, found.mask) == (("p.c", "p.alone", "p.__main__"), 3, Mask("p.b", 2))


def test_a_module_of_another_root_can_be_named(analysed):
    files = {**TWO, "q/__init__.py": "import p.a\n", "q/other.py": ""}

    assert verdicts(entrances(analysed(files, roots=["q"]), modules=["q"])) == {"q": "crash"}


def test_a_module_that_does_not_exist_cannot_be_named(analysed):
    with pytest.raises(CyclesError, match=r'no module "p\.bb" in p; did you mean p\.b\?'):
        entrances(analysed(TWO), modules=["p.bb"])


def test_with_a_number_only_the_modules_of_that_component_are_really_imported(analysed):
    asked = []

    def run(modules):
        asked.extend(modules)
        return [ok(module) for module in modules]

    found = entrances(analysed(TWO), number=1, run=run)

    assert asked == ["p.a", "p.b"] == [entry.module for entry in found.runs] == list(verdicts(found))
    assert found.apart == 3


def test_a_crash_without_a_component_is_shown_too(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "import p.b\np.b.f()\nNAME = 1\n",
        "p/b.py": "def f():\n    from p.a import NAME\n",
    }
    analysis = analysed(files)

    assert analysis.components == ()
    assert verdicts(entrances(analysis)) == {"p": "ok", "p.a": "crash", "p.b": "ok"}


def test_a_number_keeps_what_runs_that_component(analysed):
    files = TWO | {"p/x.py": "import p.y\n", "p/y.py": "import p.x\n", "p/z.py": "import p.y, p.b\n"}
    analysis = analysed(files)

    assert list(verdicts(entrances(analysis, number=1))) == ["p.a", "p.b", "p.c", "p.z"]
    assert list(verdicts(entrances(analysis, number=2))) == ["p.x", "p.y", "p.z"]


def test_the_mask_is_the_module_that_makes_the_most_entries_safe(analysed):
    found = entrances(analysed(TWO))

    assert found.mask == Mask("p.b", 2)


def test_a_mask_may_stand_in_another_root(analysed):
    files = TWO | {"p/b.py": "from p.a import NAME\nimport q\nq.NAME\n", "q/__init__.py": "NAME = 1\n"}
    files |= {"p/__init__.py": "", "q/first.py": "import p.b\n"}

    assert entrances(analysed(files, roots=["q"])).mask is not None


def test_nothing_masks_what_crashes_in_any_case(analysed):
    files = {"p/__init__.py": "from p.a import X\nY = 1\n", "p/a.py": "from p import Y\nX = 1\n"}

    found = entrances(analysed(files))

    assert (verdicts(found), found.mask, found.hidden) == ({"p": "crash", "p.a": "crash"}, None, ())


def test_what_the_root_hides_is_named_and_bare_root_shows_it(analysed):
    analysis = analysed({**TWO, "p/__init__.py": "import p.b\n"})

    found, bare = entrances(analysis), entrances(analysis, bare_root=True)

    assert set(verdicts(found).values()) == {"ok"}
    assert [entry.module for entry in found.hidden] == ["p.a", "p.c"]
    assert [module for module, verdict in verdicts(bare).items() if verdict == "crash"] == ["p.a", "p.c"]
    assert (bare.bare, bare.hidden) == (("p",), ())


def test_after_a_preload_nothing_crashes(analysed):
    analysis = analysed(TWO)

    found = entrances(analysis, after=["p.b"])

    assert "crash" not in verdicts(found).values()
    assert (found.after, found.mask) == (("p.b",), None)
    assert [entry.module for entry in found.entries if entry.loaded] == ["p", "p.a", "p.b"]


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ("p.bb", 'no module "p.bb" to import beforehand; did you mean p.b'),
        ("p.something.else", 'no module "p.something.else" to import beforehand; name a module'),
        ("p.a", "p.a crashes itself when it is imported first"),
    ],
)
def test_what_cannot_be_imported_beforehand_is_an_error(analysed, after, message):
    with pytest.raises(CyclesError, match=message):
        entrances(analysed(TWO), after=[after])


def test_a_preload_from_elsewhere_is_taken_at_its_word(analysed):
    assert entrances(analysed(TWO), after=["os.path"]).after == ("os.path",)


def test_every_module_is_really_imported_though_it_reaches_no_component(analysed):
    analysis = analysed(TWO)

    def run(modules):
        return [FirstImport(module, Verdict.CRASH if module == "p.alone" else Verdict.OK) for module in modules]

    found = entrances(analysis, run=run)

    assert list(verdicts(found)) == ["p", "p.a", "p.alone", "p.b", "p.c"]
    assert [entry.module for entry in found.runs if entry.verdict is Verdict.CRASH] == ["p.alone"]


@pytest.mark.posix
def test_the_mask_of_the_motivating_case_hides_every_crash_from_a_real_interpreter():
    folder = golden.SAMPLES / "agent_core"
    analysis = analyze("ee.hogai", folders=[folder])
    found = entrances(analysis)
    crashing = [module for module, verdict in verdicts(found).items() if verdict == "crash"]

    after = replace(interpreter(analysis, folder), after=(found.mask.module,))

    assert len(crashing) == found.mask.safe == 46
    assert {entry.verdict for entry in probe(crashing, after, jobs=2)} == {Verdict.OK}


@pytest.mark.posix
def test_what_is_hidden_really_crashes_without_the_root(tmp_path):
    write_files(tmp_path, {**TWO, "p/__init__.py": "import p.b\n"})
    found = entrances(analyze("p", folders=[tmp_path]))

    write_files(tmp_path, {"p/__init__.py": ""})
    analysis = analyze("p", folders=[tmp_path])
    runs = probe([file.name for file in analysis.files], interpreter(analysis, tmp_path), jobs=2)

    crashing = [entry for entry in runs if entry.verdict is Verdict.CRASH and not entry.module.endswith("__main__")]
    assert [(entry.module, entry.path, entry.line_number) for entry in found.hidden] == [
        (entry.module, entry.path, entry.line_number) for entry in crashing
    ]


# Reports.


def crash(module: str, line_number: int = 3, name: str = "X") -> FirstImport:
    return FirstImport(
        module,
        Verdict.CRASH,
        error=f"ImportError: cannot import name '{name}' from partially initialized module 'p.b' "
        "(most likely due to a circular import) (/somewhere/p/b.py)",
        path="p/a.py",
        line_number=line_number,
        chain=(ImportLink("p.b", "p.a", "p/b.py", 1),),
    )


def ok(module: str) -> FirstImport:
    return FirstImport(module, Verdict.OK)


def made(*entries: FirstImport, **fields) -> FirstImportReport:
    nothing = {"component": None, "after": (), "bare": (), "apart": 0, "mask": None, "hidden": ()}
    return FirstImportReport(entries=entries, **{**nothing, **fields})


@pytest.fixture
def text(analysed) -> Callable[..., str]:
    analysis = analysed(TWO)

    def shown(found, *, everything=False, width=80, color=False, check=None, **more) -> str:
        style = TextStyle(width, everything=everything, color=color)
        return entries_as_text(analysis, found, style, check, **more)

    return shown


PROVIDED = "  provided that what p imports from elsewhere can be imported\n"


def test_modules_that_crash_at_one_place_share_a_paragraph(text):
    found = made(crash("p.a"), crash("p.b"), ok("p.c"), apart=2, component=1, mask=Mask("p.c", 2))

    assert text(found) == (
        "p   first imports that reach component #1, predicted\n"
        "  2 of 3 modules crash when imported first; 1 can be imported\n"
        f"{PROVIDED}"
        "  2 other modules reach no module of component #1: no cycle of it can make them\n"
        "  crash\n"
        "\n"
        "crash  p/a.py:3\n"
        "  ImportError: cannot import name 'X' from partially initialized module 'p.b'\n"
        "  reached by these lines, as module:line, without p.\n"
        "    b:1 → a:3\n"
        "  2 modules crash there:\n"
        "    a, b\n"
        "\n"
        "can be imported first\n"
        "    c\n"
        "\n"
        "importing p.c before hides both crashes\n"
        "\n"
        "next  cycles cuts p 1\n"
        "      cycles entries p 1 --run\n"
    )


def test_the_truth_is_shown_with_every_difference_beside_it(text):
    entries = (crash("p.a"), ok("p.b"), crash("p.d"), FirstImport("p.e", Verdict.UNKNOWN, reason="it is not read"))
    runs = (ok("p.a"), ok("p.b"), crash("p.d", 4), ok("p.e"))

    assert text(made(*entries, runs=runs, mask=Mask("p.b", 1), after=("p.c",))) == (
        "p   first imports, really imported after p.c\n"
        "  1 of 4 modules crashes when imported first; 3 can be imported\n"
        "  not asked about: __main__ (run, not imported)\n"
        "\n"
        "crash  p/a.py:4\n"
        "  ImportError: cannot import name 'X' from partially initialized module 'p.b'\n"
        "  reached by these lines, as module:line, without p.\n"
        "    b:1 → a:4\n"
        "  this module crashes there:\n"
        "    d\n"
        "\n"
        "can be imported first\n"
        "    a, b, e\n"
        "\n"
        "predicted  1 of 4 right; 1 unknown; 2 wrong:\n"
        "  predicted crash at p/a.py:3, really ok:\n"
        "    a\n"
        "  predicted crash at p/a.py:3, really crash at p/a.py:4:\n"
        "    d\n"
        "\n"
        "importing p.b before hides 1 of the 2 crashes\n"
        "\n"
        "next  cycles cuts p 1\n"
        "      cycles entries p --after p.c --check --run\n"
    )


def fails(module: str, error: str, line_number: int) -> FirstImport:
    return FirstImport(module, Verdict.OTHER, error=error, path="p/a.py", line_number=line_number)


def test_what_fails_otherwise_is_shown_by_its_words_and_places(text):
    error = "ModuleNotFoundError: No module named 'q'"
    found = made(
        fails("p.a", error, 1),
        fails("p.b", error, 1),
        fails("p.c", error, 2),
        FirstImport("p.d", Verdict.OTHER, reason="it ends the process with status 1"),
        fails("p.e", "E: one\ntwo", 7),
        FirstImport("p.f", Verdict.UNKNOWN, reason="it is not read"),
        bare=("p", "p.d"),
        component=1,
        apart=1,
    )

    assert text(found) == (
        "p   first imports that reach component #1, predicted as if p and p.d were empty\n"
        "  5 of 6 modules fail for another reason than a cycle; 1 unknown; none is known\n"
        "  to crash\n"
        f"{PROVIDED}"
        "  1 other module reaches no module of component #1: no cycle of it can make them\n"
        "  crash\n"
        "\n"
        "fail for another reason than a cycle\n"
        "  ModuleNotFoundError: No module named 'q'\n"
        "    p/a.py:1\n"
        "      a, b\n"
        "    p/a.py:2\n"
        "      c\n"
        "  E: one …\n"
        "    p/a.py:7\n"
        "      e\n"
        "  it ends the process with status 1\n"
        "    d\n"
        "\n"
        "unknown\n"
        "  it is not read\n"
        "    f\n"
    )


@pytest.mark.parametrize(
    "error",
    [
        "django.core.exceptions.AppRegistryNotReady: Apps aren't loaded yet.",
        "django.core.exceptions.ImproperlyConfigured: Requested setting INSTALLED_APPS, but settings are not configured.",
    ],
)
def test_the_registry_of_django_is_named_with_how_to_ask(text, error):
    shown = text(made(fails("p.a", error, 1), runs=(fails("p.a", error, 1),)), width=500)

    assert "Django is not set up: its registry of apps was not ready" in shown
    assert '--setup "import django; django.setup()"' in shown
    assert "Django is not set up" not in text(made(fails("p.a", "AppRegistryNotReady: mine", 1)))


def test_a_distribution_that_is_not_installed_is_said_first_and_the_next_command_repeats_what_was_typed(text):
    missing = [fails(name, "ModuleNotFoundError: No module named 'q.r'", 1) for name in ("p.a", "p.b", "p.c")]
    other = fails("p.d", "ImportError: p", 1)
    typed = ["--python", "/v/bin/python", "--setup", "import s"]
    most = made(*missing, other, runs=(*missing, other))
    few = made(missing[0], other, runs=(missing[0], other))

    found = text(most, python="/v/bin/python", typed=typed)

    assert found.splitlines()[1:4] == [
        "  q is not installed for /v/bin/python; name another interpreter with --python",
        "  4 of 4 modules fail for another reason than a cycle; none is known to crash",
        "  not asked about: __main__ (run, not imported)",
    ]
    assert found.splitlines()[-1] == ("next  cycles entries p --check --run --python /v/bin/python --setup 'import s'")
    assert "not installed" not in text(few, python="/v/bin/python")


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ((ok("p.c"),), "2 of 3 modules unknown, for the reasons below; 1 can be imported; none is known to crash"),
        ((crash("p.c"),), "2 of 3 modules unknown, for the reasons below; 1 crashes"),
        ((crash("p.c"), ok("p.d")), "1 of 4 modules crashes when imported first; 1 can be imported; 2 unknown"),
    ],
)
def test_what_is_unknown_of_most_modules_is_said_first(text, others, sentence):
    strangers = tuple(FirstImport(name, Verdict.UNKNOWN, reason="it is not read") for name in ("p.a", "p.b"))

    assert text(made(*strangers, *others), width=500).splitlines()[1] == f"  {sentence}"


def test_what_was_loaded_before_its_turn_is_told_apart(text):
    runs = (replace(ok("p.a"), loaded=True), ok("p.b"))

    assert text(made(crash("p.a"), ok("p.b"), runs=runs)) == (
        "p   first imports, really imported\n"
        "  none of 2 modules is known to crash when imported first; 1 can be imported; 1\n"
        "  was loaded before\n"
        "  not asked about: __main__ (run, not imported)\n"
        "\n"
        "can be imported first\n"
        "    b\n"
        "\n"
        "loaded before their turn\n"
        "  --setup or --after had imported these: nothing is known of them as first\n"
        "  imports\n"
        "    a\n"
        "\n"
        "predicted  1 of 1 right\n"
        "\n"
        "next  cycles entries p --check --run\n"
    )


def test_what_is_checked_is_said_last(text):
    failing = EntriesCheck(("p.a", "p.b"), ("p.c",), ("p.d",), ("p.e",), ("p.x",))

    assert text(made(ok("p.y"), named=("p.y",)), check=failing) == (
        "p   first imports of 1 module, predicted\n"
        "  the module does not crash when imported first\n"
        f"{PROVIDED}"
        "\n"
        "check      2 modules cannot be imported first:\n"
        "    p.a\n"
        "    p.b\n"
        "  1 accepted by the baseline\n"
        "  1 not counted: a module that is optional is missing\n"
        "  1 unknown, which fails with --strict only\n"
        "  note: the baseline need not list p.x any more (--update takes it out)\n"
        "\n"
        "next  cycles entries p --module p.y --run\n"
    )
    assert "\ncheck      passed\n" in text(made(ok("p.y")), check=EntriesCheck((), (), (), (), ()))


def test_what_is_long_is_cut_off_and_all_shows_it(text):
    names = [f"p.m{number:02}" for number in range(40)]
    many = [crash(name, number) for number, name in enumerate(names[:8])]
    many += [FirstImport(name, Verdict.UNKNOWN, reason=f"reason {name}") for name in names[8:16]]
    many += [ok(name) for name in names[16:]]
    found = made(*many, hidden=tuple(ok(name) for name in names[16:]), runs=tuple(ok(name) for name in names))

    short, whole = text(replace(found, runs=())), text(replace(found, runs=()), everything=True)

    assert "… 3 more places with 3 modules: --all" in short
    assert "… 5 modules for 5 other reasons: --all" in short
    assert "… 12 more: --all" in short
    assert "--all" not in whole
    assert "      p/b.py:1  p.a\n" in whole
    assert "  predicted crash at p/a.py:7, really ok:\n    m07\n" in text(found)
    assert all(len(line) <= 80 for line in short.splitlines())


def test_where_all_is_well_one_line_says_so(text):
    assert text(made(ok("p"), ok("p.a"))).splitlines()[1] == ("  none of 2 modules crashes when imported first")


def test_nothing_to_say_is_said(text):
    assert text(made()) == "p   first imports, predicted\n  there is no module to import\n"


def test_hostile_text_is_shown_as_escapes(text):
    hostile = replace(crash("p.\x1b[31m"), error="E: \x1b[2J\n\u202e", path="p/\x07.py")

    shown = text(
        made(hostile, ok("p.b"), mask=Mask("p.\x1b", 1), hidden=(hostile,), after=("p.\x1b",), bare=("p.\x07",))
    )

    assert all(character.isprintable() or character == "\n" for character in shown)


def test_json_holds_prediction_and_truth_and_keeps_its_promise(analysed):
    found = made(crash("p.a"), ok("p.b"), runs=(ok("p.a"), ok("p.b")), mask=Mask("p.b", 1), hidden=(crash("p.c"),))

    document = json.loads(entries_as_json(analysed(TWO), found))

    jsonschema.validate(document, json.loads(schemas()["entries"]))
    counted = {"entries": 2, "other": 0, "unknown": 0, "loaded": 0, "apart": 0}
    nothing = {"error": None, "path": None, "line_number": None, "chain": [], "reason": None}
    nothing |= {"loaded": False, "missing": None}
    assert document["summary"] == {**counted, "ok": 1, "crash": 1}
    assert document["run"] == {**counted, "ok": 2, "crash": 0}
    assert document["agreement"] == {"compared": 2, "same": 1, "unknown": [], "different": ["p.a"], "untold": []}
    assert (document["mask"], document["hidden"]) == ({"module": "p.b", "safe": 1}, ["p.c"])
    assert document["entries"] == [
        {
            "module": "p.a",
            "verdict": "crash",
            "error": crash("p.a").error,
            "path": "p/a.py",
            "line_number": 3,
            "chain": [{"importer": "p.b", "imported": "p.a", "path": "p/b.py", "line_number": 1}],
            "reason": None,
            "loaded": False,
            "missing": None,
            "swallowed": [],
            "run": {"verdict": "ok", **nothing},
        },
        {"module": "p.b", "verdict": "ok", **nothing, "swallowed": [], "run": {"verdict": "ok", **nothing}},
    ]


def test_a_namespace_package_has_no_root_to_hide_anything(tmp_path):
    write_files(tmp_path, {"n/a.py": "import n.b\nX = 1\n", "n/b.py": "from n.a import X\n"})

    found = entrances(analyze("n", folders=[tmp_path]))

    assert (verdicts(found), found.hidden) == ({"n.a": "crash", "n.b": "ok"}, ())
