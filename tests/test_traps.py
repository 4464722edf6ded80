"""First imports of small packages that are hard to follow, each beside a fresh interpreter."""

from random import Random

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.enums import Verdict
from cycles.simulate.first_import_report import entrances, first_imports
from import_kinds import IMPORTS, texts
from trap_kinds import all_kinds, mixed
from trap_truth import truths


@pytest.mark.posix
@pytest.mark.parametrize(
    ("top", "cases"),
    [
        ("alone", list(all_kinds("alone"))),
        ("chains", list(mixed("chains", Random(7), 60))),
        ("texts", list(texts("texts"))),
    ],
)
def test_no_first_import_is_said_to_work_that_fails_or_to_fail_that_works(tmp_path, top, cases):
    (tmp_path / top).mkdir()
    (tmp_path / top / "__init__.py").write_text("")
    asked = []
    for number, (name, files) in enumerate(cases):
        (tmp_path / top / f"k{number}").mkdir()
        for path, text in files.items():
            (tmp_path / top / f"k{number}" / path).write_text(text)
        asked += [(name, f"{top}.k{number}.{module}") for module in ("a", "b")]

    said = {entry.module: entry.verdict for entry in entrances(analyze(top, folders=[tmp_path])).entries}

    unknown, wrong = 0, []
    for (name, module), truth in zip(asked, truths([(tmp_path, module) for _, module in asked]), strict=True):
        verdict = said.get(module, Verdict.OK)
        unknown += verdict is Verdict.UNKNOWN
        if verdict is not Verdict.UNKNOWN and (verdict is Verdict.OK) != (truth is None):
            wrong.append((name, module, verdict, truth))
    assert wrong == []
    assert unknown * 5 <= len(asked)


@pytest.mark.posix
def test_what_real_packages_do_on_import_is_foreseen(tmp_path):
    said, asked = {}, []
    for number, (name, modules) in enumerate(IMPORTS.items()):
        top = f"t{number}"
        texts = {"__init__": "", **modules}
        write_files(tmp_path, {f"{top}/{path}.py": text.replace("PACKAGE", top) for path, text in texts.items()})
        said |= {entry.module: entry.verdict for entry in first_imports(analyze(top, folders=[tmp_path]))}
        asked += [(name, f"{top}.{path.replace('/', '.')}".removesuffix(".__init__")) for path in texts]

    truth = truths([(tmp_path, module) for _, module in asked])
    told = [said.get(module, Verdict.OK) for _, module in asked]
    known = [
        (*one, verdict, error)
        for one, verdict, error in zip(asked, told, truth, strict=True)
        if verdict is not Verdict.UNKNOWN
    ]
    assert [one for one in known if (one[2] is Verdict.OK) != (one[3] is None)] == []
    assert (len(asked) - len(known)) * 10 <= len(asked)


def verdicts(tmp_path, files):
    """What is said of each module of a package."""
    write_files(tmp_path, {"p/__init__.py": "", **files})
    return {entry.module: entry.verdict for entry in entrances(analyze("p", folders=[tmp_path])).entries}


@pytest.mark.posix
def test_a_doubt_that_is_settled_for_one_first_import_is_looked_at_again_for_another(tmp_path):
    given = "import timeit\ndef f():\n    from p.b import late\ntimeit.timeit(f, number=1)\n"

    found = verdicts(tmp_path, {"p/a.py": given, "p/b.py": "import p.a\nlate = 1\n", "p/c.py": "import p.a\n"})

    said = truths([(tmp_path, module) for module in ("p.a", "p.b", "p.c")])
    assert [error is None for error in said] == [True, False, True]
    assert found == {"p": "ok", "p.a": "ok", "p.b": "unknown", "p.c": "ok"}


def test_a_name_that_a_library_may_put_in_a_module_is_not_said_to_lack(tmp_path):
    store = "from hierarchy import store\n@store.add('x')\nclass Settings: ...\n"
    plain = "import collections\nclass Settings: ...\nX = collections.OrderedDict()\n"
    files = {"p/store.py": store, "p/plain.py": plain}
    takers = {f"p/{name}.py": f"from p.{name[1:]} import Settings_Store\n" for name in ("ustore", "uplain")}

    found = verdicts(tmp_path, files | takers)

    assert found == {"p": "ok", "p.store": "ok", "p.plain": "ok", "p.ustore": "unknown", "p.uplain": "other"}


@pytest.mark.parametrize(
    "given",
    [
        "from hierarchy import Base\nclass C(Base): ...\n",
        "from hierarchy import fill\nfill(__name__)\n",
        "from hierarchy import wrap\n@wrap\ndef f(): ...\n",
        "import sys\nfrom hierarchy import fill\nfill(sys.modules[__name__])\n",
    ],
)
def test_what_a_library_is_given_may_tell_it_the_module(tmp_path, given):
    found = verdicts(tmp_path, {"p/a.py": given, "p/b.py": "from p import a\nX = a.Instance\n"})

    assert found["p.b"] in ("ok", "unknown")


def test_a_name_that_comes_later_in_the_text_is_no_matter_of_libraries(tmp_path):
    given = "from hierarchy import wrap\n@wrap\ndef f(): ...\nimport p.b\nX = 1\n"

    found = verdicts(tmp_path, {"p/a.py": given, "p/b.py": "from p.a import X\n"})

    assert found == {"p": "ok", "p.a": "crash", "p.b": "ok"}
