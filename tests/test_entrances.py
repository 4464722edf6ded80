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
from cycles.children.interpreter import Interpreter
from cycles.children.runner import probe
from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import Analysis, FirstImport, FirstImportReport, ImportLink, Mask
from cycles.report.entries import entries_as_text
from cycles.report.json import entries_as_json, schemas
from cycles.report.text import TextStyle
from cycles.simulate.first_imports import entrances

TWO = {
    "p/__init__.py": "",
    "p/a.py": "import p.b\nNAME = 1\n",
    "p/b.py": "from p.a import NAME\n",
    "p/c.py": "import p.a\n",
    "p/alone.py": "",
    "p/__main__.py": "import p.a\n",
}


def interpreter(analysis: Analysis, folder: Path) -> Interpreter:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return Interpreter(sys.executable, str(folder), environment, analysis.project)


def truth(analysis: Analysis, folder: Path) -> Callable[[tuple[str, ...]], tuple[FirstImport, ...]]:
    return lambda modules: probe(modules, interpreter(analysis, folder), jobs=2)


def verdicts(found: FirstImportReport) -> dict[str, str]:
    return {entry.module: str(entry.verdict) for entry in found.entries}


@pytest.mark.parametrize("sample", golden.samples())
@pytest.mark.posix
def test_predictions_for_a_sample_are_the_truth(sample):
    package, roots = golden.OTHER_ARGUMENTS.get(sample, (sample, ()))
    folder = golden.SAMPLES / sample
    analysis = analyze(package, folders=[folder], roots=roots)

    found = entrances(analysis, run=truth(analysis, folder))

    said = [(entry.module, entry.verdict, entry.path, entry.line_number) for entry in found.entries]
    assert said == [(entry.module, entry.verdict, entry.path, entry.line_number) for entry in found.runs]


def test_entries_are_those_that_run_a_component_and_no_main(analysed):
    found = entrances(analysed(TWO))

    assert verdicts(found) == {"p.a": "crash", "p.b": "ok", "p.c": "crash"}
    assert found.apart == 2


def test_a_crash_without_a_component_is_shown_too(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "import p.b\np.b.f()\nNAME = 1\n",
        "p/b.py": "def f():\n    from p.a import NAME\n",
    }
    analysis = analysed(files)

    assert analysis.components == ()
    assert verdicts(entrances(analysis)) == {"p.a": "crash"}


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


def test_what_really_crashes_is_shown_though_it_reaches_no_component(analysed):
    analysis = analysed(TWO)

    def run(modules):
        return [FirstImport(module, Verdict.CRASH if module == "p.alone" else Verdict.OK) for module in modules]

    found = entrances(analysis, run=run)

    assert list(verdicts(found)) == ["p.a", "p.alone", "p.b", "p.c"]
    assert [entry.verdict for entry in found.runs] == [Verdict.OK, Verdict.CRASH, Verdict.OK, Verdict.OK]


@pytest.mark.posix
def test_the_mask_of_the_motivating_case_hides_every_crash_from_a_real_interpreter():
    folder = golden.SAMPLES / "agent_core"
    analysis = analyze("ee.hogai", folders=[folder], roots=["posthog"])
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

    def shown(found: FirstImportReport, *, everything: bool = False, width: int = 80, color: bool = False) -> str:
        return entries_as_text(analysis, found, TextStyle(width, everything=everything, color=color))

    return shown


def test_modules_that_crash_at_one_place_share_a_paragraph(text):
    found = made(crash("p.a"), crash("p.b"), ok("p.c"), apart=2, mask=Mask("p.c", 2))

    assert text(found) == (
        "p   first imports, predicted\n"
        "  1 of 3 can be imported first · 2 crash · 0 unknown\n"
        "  2 others reach no component\n"
        "\n"
        "crash  p/a.py:3\n"
        "  ImportError: cannot import name 'X' from partially initialized module 'p.b'\n"
        "    b:1 → a:3\n"
        "  2 first imports crash there:\n"
        "    a, b\n"
        "\n"
        "can be imported first\n"
        "    c\n"
        "\n"
        "masked by  import p.c   (then all of them can)\n"
        "\n"
        "next  cycles cuts p 1\n"
        "      cycles entries p --run\n"
    )


def test_the_truth_is_shown_with_the_prediction_beside_it(text):
    found = made(crash("p.a"), ok("p.b"), runs=(ok("p.a"), ok("p.b")), mask=Mask("p.b", 1), after=("p.c",))

    assert text(found) == (
        "p   first imports, really imported after p.c\n"
        "  2 of 2 can be imported first · 0 crash · 0 unknown\n"
        "\n"
        "predicted  1 of 2 as they really are\n"
        "  a: predicted crash, really ok\n"
        "\n"
        "masked by  import p.b   (then all of them can)\n"
        "\n"
        "next  cycles cuts p 1\n"
    )


def test_reasons_are_gathered(text):
    found = made(
        FirstImport("p.a", Verdict.OTHER, error="ModuleNotFoundError: No module named 'q'"),
        FirstImport("p.b", Verdict.OTHER, error="ModuleNotFoundError: No module named 'q'"),
        FirstImport("p.c", Verdict.UNKNOWN, reason="it is not read"),
        bare=("p", "p.d"),
        component=1,
        apart=1,
    )

    assert text(found) == (
        "p   first imports that reach component #1, predicted as if p and p.d were empty\n"
        "  0 of 3 can be imported first · 0 crash · 2 fail otherwise · 1 unknown\n"
        "  1 other reaches no module of it\n"
        "\n"
        "fail otherwise\n"
        "  ModuleNotFoundError: No module named 'q'\n"
        "    a, b\n"
        "\n"
        "unknown\n"
        "  it is not read\n"
        "    c\n"
    )


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
    assert "… 4 more: --all" in text(found)
    assert all(len(line) <= 80 for line in short.splitlines())


def test_nothing_to_say_is_said(text):
    assert text(made(apart=3)) == (
        "p   first imports, predicted\n  none of 3 modules reaches an import-time component, and none crashes\n"
    )


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
    counted = {"entries": 2, "other": 0, "unknown": 0, "apart": 0}
    nothing = {"error": None, "path": None, "line_number": None, "chain": [], "reason": None}
    nothing |= {"loaded": False, "missing": None}
    assert document["summary"] == {**counted, "ok": 1, "crash": 1}
    assert document["run"] == {**counted, "ok": 2, "crash": 0}
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
            "run": {"verdict": "ok", **nothing},
        },
        {"module": "p.b", "verdict": "ok", **nothing, "run": {"verdict": "ok", **nothing}},
    ]


def test_a_namespace_package_has_no_root_to_hide_anything(tmp_path):
    write_files(tmp_path, {"n/a.py": "import n.b\nX = 1\n", "n/b.py": "from n.a import X\n"})

    found = entrances(analyze("n", folders=[tmp_path]))

    assert (verdicts(found), found.hidden) == ({"n.a": "crash", "n.b": "ok"}, ())
