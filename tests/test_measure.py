"""What importing an entry costs, measured in children: against modules that are known to be busy, and `-X importtime`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import write_files
from cycles.children.run_python import Interpreter
from cycles.children.startup_runs import Children, ExecutedImport, ImportRun, Start, measure
from cycles.errors import CyclesError
from cycles.processes import temporary_folder

pytestmark = pytest.mark.posix

MILLISECOND = 1_000_000
BUSY = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"


def interpreter(folder: Path, **choices) -> Interpreter:
    chosen = {"python": sys.executable, "folder": str(folder), "environment": os.environ, "project": str(folder)}
    return Interpreter(**{**chosen, "timeout": 30.0, **choices})


def run_once(folder: Path, start: Start, *, texts=None, traced: bool = False, **choices) -> ImportRun:
    with temporary_folder() as results:
        return Children(start, interpreter(folder, **choices), results).run(texts, traced=traced)


def of(module: str) -> Start:
    return Start(module, code=f"__import__({module!r})")


def costs(run: ImportRun) -> dict[str, float]:
    """Milliseconds of each module."""
    return {module.name: module.nanoseconds / MILLISECOND for module in run.modules}


def tree(run: ImportRun) -> dict[str, str]:
    return {module.name: module.parent for module in run.modules if module.there}


def test_each_module_costs_what_its_own_body_takes_without_the_imports_in_it(tmp_path):
    write_files(
        tmp_path,
        {
            "p/__init__.py": "import p.a\n" + BUSY.format(0.03),
            "p/a.py": "import p.b\n" + BUSY.format(0.05),
            "p/b.py": BUSY.format(0.08),
        },
    )

    run = run_once(tmp_path, of("p.b"))
    taken = costs(run)

    assert tree(run) == {"p": "", "p.a": "p", "p.b": "p.a"}
    assert taken["p"] >= 30
    assert taken["p.a"] >= 50
    assert taken["p.b"] >= 80
    assert sum(taken.values()) * MILLISECOND <= run.nanoseconds


def test_modules_come_in_the_order_in_which_their_imports_begin_with_their_files(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b, q\n", "p/b.py": "", "q.py": ""})

    run = run_once(tmp_path, of("p.a"))

    assert [(module.name, module.path) for module in run.modules] == [
        ("p.a", str(tmp_path / "p/a.py")),
        ("p", str(tmp_path / "p/__init__.py")),
        ("p.b", str(tmp_path / "p/b.py")),
        ("q", str(tmp_path / "q.py")),
    ]


def test_the_first_run_notes_every_import_that_is_executed_those_of_loaded_modules_too(tmp_path):
    write_files(
        tmp_path,
        {
            "p/__init__.py": "",
            "p/a.py": "import p.b\nfrom . import b\nfrom .c import *\ndef f():\n    from p import d\n",
            "p/b.py": "import importlib\nimportlib.import_module('.c', 'p')\n",
            "p/c/__init__.py": "__all__ = ['d']\nclass C:\n    import p.b\n",
            "p/c/d.py": "import p\n",
            "p/d.py": "",
            "p/e.py": "from p.a import f\nf()\n",
        },
    )

    run = run_once(tmp_path, of("p.e"), traced=True)

    assert run.complete
    assert {found for found in run.imports if found.importer.partition(".")[0] in ("p", "__main__")} == {
        ExecutedImport("__main__", 1, "p.e", "__main__", 1, ""),
        ExecutedImport("p.e", 1, "p.a", "p.e", 1, ""),
        ExecutedImport("p.a", 1, "p.b", "p.a", 1, ""),
        ExecutedImport("p.a", 2, "p", "p.a", 2, ""),
        ExecutedImport("p.a", 2, "p.b", "p.a", 2, ""),
        ExecutedImport("p.a", 3, "p.c", "p.a", 3, ""),
        ExecutedImport("p.a", 3, "p.c.d", "p.a", 3, ""),
        ExecutedImport("p.a", 5, "p", "p.e", 2, "f"),
        ExecutedImport("p.a", 5, "p.d", "p.e", 2, "f"),
        ExecutedImport("p.b", 1, "importlib", "p.b", 1, ""),
        ExecutedImport("p.b", 2, "p.c", "p.b", 2, ""),
        ExecutedImport("p.c", 3, "p.b", "p.c", 3, ""),
        ExecutedImport("p.c.d", 1, "p", "p.c.d", 1, ""),
    }


def test_a_module_whose_import_fails_is_not_there_and_what_it_took_is_its_own(tmp_path):
    write_files(
        tmp_path,
        {"p.py": "try:\n    import q\nexcept ImportError:\n    pass\n", "q.py": BUSY.format(0.05) + "import nowhere\n"},
    )

    run = run_once(tmp_path, of("p"))

    assert [(module.name, module.there) for module in run.modules] == [("p", True), ("q", False), ("nowhere", False)]
    assert costs(run)["q"] >= 50


def test_threads_do_not_count_each_others_time(tmp_path):
    write_files(
        tmp_path,
        {
            "p.py": "import threading\nthread = threading.Thread(target=__import__, args=('q',))\nthread.start()\n"
            "import r\nthread.join()\n",
            "q.py": BUSY.format(0.2).replace("process_time", "thread_time"),
            "r.py": BUSY.format(0.2).replace("process_time", "thread_time"),
        },
    )

    run = run_once(tmp_path, of("p"))
    taken = costs(run)

    assert taken["q"] >= 200
    assert taken["r"] >= 200
    assert tree(run)["r"] == "p"
    assert sum(taken.values()) * MILLISECOND <= run.nanoseconds


def test_modules_that_replace_themselves_or_each_other_are_there_by_their_names(tmp_path):
    write_files(
        tmp_path,
        {
            "p.py": "import sys, q, s\nsys.modules['alias'] = q\n",
            "q.py": "import sys\nclass Q:\n    def __getattribute__(self, name): raise SystemError(name)\nsys.modules['q'] = Q()\n",
            "s.py": "import sys\ndel sys.modules['s']\nsys.modules['s'] = 5\n",
        },
    )

    run = run_once(tmp_path, of("p"), traced=True)

    assert run.complete
    assert tree(run) == {"p": "", "q": "p", "s": "p", "alias": ""}


def test_memory_is_told_by_module(tmp_path):
    write_files(tmp_path, {"p.py": "import q\n", "q.py": "data = b'x' * 30_000_000\n"})

    run = run_once(tmp_path, of("p"))

    (grown,) = [module.kilobytes for module in run.modules if module.name == "q"]
    assert 29_000 <= grown <= run.kilobytes


def test_a_script_runs_as_main_with_its_folder_first_on_the_path_and_may_exit(tmp_path):
    text = "import helper, sys\nassert sys.argv == [__file__] and sys.modules['__main__'].helper\n"
    guarded = "if __name__ == '__main__':\n    import later\n    sys.exit(0)\n"
    write_files(tmp_path, {"bin/run.py": text + guarded, "bin/helper.py": "", "bin/later.py": ""})

    run = run_once(tmp_path, Start("bin/run.py", script=str(tmp_path / "bin/run.py")), traced=True)

    assert run.complete
    assert tree(run) == {"helper": "", "later": ""}
    assert ExecutedImport("__main__", 4, "later", "__main__", 4, "") in run.imports


def test_what_runs_first_is_not_measured(tmp_path):
    write_files(tmp_path, {"p.py": "import q\n", "q.py": BUSY.format(0.05)})

    run = run_once(tmp_path, of("p"), setup="import q")

    assert tree(run) == {"p": ""}
    assert run.nanoseconds < 50 * MILLISECOND


def test_an_entry_is_imported_once_to_see_and_three_times_to_measure(tmp_path):
    write_files(tmp_path, {"p.py": f"open({str(tmp_path / 'log')!r}, 'a').write('x')\n"})

    runs = measure(of("p"), interpreter(tmp_path))

    assert (tmp_path / "log").read_text() == "xxxx"
    assert [bool(run.imports) for run in runs] == [True, False, False, False]


def test_a_failure_is_told_with_its_place_and_ends_the_measuring(tmp_path):
    write_files(tmp_path, {"p.py": "import q\n", "q.py": "\nraise OSError('no disk')\n"})

    (run,) = measure(of("p"), interpreter(tmp_path))

    assert (run.complete, run.entry.error, run.entry.path, run.entry.line_number) == (
        False,
        "OSError: no disk",
        "q.py",
        2,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import os\nos._exit(3)\n", "it ends the process with status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "the process died of SIGKILL"),
        ("while True: pass\n", "not done within 0.5 s"),
    ],
)
def test_a_child_that_never_comes_back_is_told_by_its_end(tmp_path, text, reason):
    run = run_once(write_files(tmp_path, {"p.py": text}), of("p"), timeout=0.5)

    assert (run.complete, run.entry.reason, run.modules) == (False, reason, ())


def test_code_of_setup_that_fails_is_the_users_to_correct(tmp_path):
    with pytest.raises(CyclesError, match=r"the code of --setup fails \(ZeroDivisionError: .*\); correct it"):
        run_once(tmp_path, of("p"), setup="1/0")


def test_output_of_modules_does_not_disturb_the_result(tmp_path):
    write_files(
        tmp_path, {"p.py": "import sys\nprint('x' * 100000)\nprint('import time: 1 | 2 | q', file=sys.stderr)\n"}
    )

    assert tree(run_once(tmp_path, of("p"))) == {"p": ""}


def test_the_tree_of_imports_is_the_one_that_python_tells(tmp_path):
    """By `-X importtime`: post-order, two spaces a level."""
    code = "import asyncio.tasks, json.tool, xml.dom.minidom"
    told = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    lines = [line.rpartition("|")[2][1:] for line in told.stderr.splitlines()[1:]]
    started = max(place for place, line in enumerate(lines) if line == "site")
    expected = {}
    open_at: list[tuple[int, str]] = []
    for line in reversed(lines[started + 1 :]):
        name, depth = line.strip(), len(line) - len(line.lstrip())
        while open_at and open_at[-1][0] >= depth:
            open_at.pop()
        bodies = [above for _, above in open_at if not above.startswith(f"{name}.")]
        expected[name] = bodies[-1] if bodies else ""
        open_at.append((depth, name))

    run = run_once(tmp_path, Start("these", code=code))

    found = {module.name: module.parent for module in run.modules if module.nanoseconds}
    assert {name: parent for name, parent in found.items() if name in expected} == {
        name: parent for name, parent in expected.items() if name in found
    }
    assert len(set(found) & set(expected)) >= 30


def test_edited_texts_are_what_is_imported_and_nothing_is_written(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import q\n", "q.py": ""})
    texts = {"p.a": (str(tmp_path / "p/a.py"), "import r\n"), "never": ("/nowhere.py", "")}
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py")} | {tmp_path / "r.py": b""}
    write_files(tmp_path, {"r.py": ""})

    run = run_once(tmp_path, of("p"), texts=texts)

    assert tree(run) == {"p": "", "p.a": "p", "r": "p.a"}
    assert run.edited == ("p.a",)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.py")} == before


def test_a_module_that_is_found_elsewhere_is_not_edited(tmp_path):
    """A copy that comes first on the path is another file: its text is its own."""
    write_files(tmp_path, {"p.py": "import q\n", "other/p.py": ""})
    texts = {"p": (str(tmp_path / "other/p.py"), "import r\n")}

    run = run_once(write_files(tmp_path, {"q.py": ""}), of("p"), texts=texts)

    assert (tree(run), run.edited) == ({"p": "", "q": "p"}, ())


OTHERS = [
    path
    for name in ("3.8.18", "3.10.13", "3.12.1", "3.13.0")
    if (path := Path.home() / f".pyenv/versions/{name}/bin/python").exists()
]


@pytest.mark.parametrize("python", OTHERS, ids=lambda path: path.parts[-3])
def test_other_versions_of_python_measure_the_same_way(tmp_path, python):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import q\n", "q.py": ""})
    texts = {"p.a": (str(tmp_path / "p/a.py"), "import p\n")}

    traced = run_once(tmp_path, of("p"), traced=True, python=str(python))
    edited = run_once(tmp_path, of("p"), texts=texts, python=str(python))

    assert tree(traced) == {"p": "", "p.a": "p", "q": "p.a"}
    assert ExecutedImport("p.a", 1, "q", "p.a", 1, "") in traced.imports
    assert (tree(edited), edited.edited) == ({"p": "", "p.a": "p"}, ("p.a",))
