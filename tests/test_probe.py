"""Really importing modules first: what a fresh interpreter says, whatever the module does to it."""

import os
import sys
import time
from pathlib import Path

import pytest

from conftest import write_files
from cycles.children.first_import_runs import probe
from cycles.children.run_python import Interpreter
from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import FirstImport, ImportLink

pytestmark = pytest.mark.posix


def interpreter(folder: Path, **choices) -> Interpreter:
    chosen = {"python": sys.executable, "folder": str(folder), "environment": os.environ, "project": str(folder)}
    return Interpreter(**{**chosen, "timeout": 30.0, **choices})


def first_import(folder: Path, module: str, **choices) -> FirstImport:
    (entry,) = probe([module], interpreter(folder, **choices), jobs=1)
    return entry


def hostile(folder: Path, text: str, **choices) -> FirstImport:
    """What becomes of a module with that text."""
    return first_import(write_files(folder, {"m.py": text}), "m", **choices)


def test_a_crash_comes_with_its_place_its_message_and_the_imports_under_way(tmp_path):
    write_files(
        tmp_path,
        {
            "p/__init__.py": "",
            "p/a.py": "import p.b\nNAME = 1\n",
            "p/b.py": "\ndef load():\n    import p.c\nload()\n",
            "p/c.py": "import os\nfrom p.a import NAME\n",
        },
    )

    assert first_import(tmp_path, "p.a") == FirstImport(
        "p.a",
        Verdict.CRASH,
        error="ImportError: cannot import name 'NAME' from partially initialized module 'p.a' "
        f"(most likely due to a circular import) ({tmp_path}/p/a.py)",
        path="p/c.py",
        line_number=2,
        chain=(ImportLink("p.a", "p.b", "p/a.py", 1), ImportLink("p.b", "p.c", "p/b.py", 3)),
    )
    assert first_import(tmp_path, "p.c").verdict is Verdict.OK


CRASHES = {
    "attribute": ("import p.b\nNAME = 1\n", "import p.a\np.a.NAME\n"),
    "submodule": ("import p.b\nNAME = 1\n", "import p.a\nfrom p import a\na.NAME\n"),
    "raised from it": (
        "import p.b\nN = 1\n",
        "try:\n    from p.a import N\nexcept ImportError as e:\n    raise OSError from e\n",
    ),
    "raised while it is handled": (
        "import p.b\nN = 1\n",
        "try:\n    from p.a import N\nexcept ImportError:\n    import p.missing\n",
    ),
    "a function too early": ("def f():\n    return N\nimport p.b\nN = 1\n", "from p.a import f\nf()\n"),
}


@pytest.mark.parametrize("texts", CRASHES.values(), ids=CRASHES)
def test_a_failure_is_a_crash_when_something_partially_initialised_is_behind_it(tmp_path, texts):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": texts[0], "p/b.py": texts[1]})

    assert first_import(tmp_path, "p.a").verdict is Verdict.CRASH


OTHERS = {
    "missing name": "nowhere\n",
    "missing module": "import nowhere\n",
    "missing attribute": "import os\nos.nowhere\n",
    "a function of its own": "def f():\n    return nowhere\nf()\n",
    "swallowed": "try:\n    import m.sub\nexcept ImportError as e:\n    pass\nraise OSError\n",
    "says so itself": 'raise ImportError("a circular import")\n',
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_every_other_exception_is_no_crash(tmp_path, text):
    found = hostile(tmp_path, text)

    assert (found.verdict, found.path, found.line_number) == (
        Verdict.OTHER,
        "m.py",
        2 if "f()" in text or "os." in text else text.count("\n"),
    )


def test_a_syntax_error_is_where_the_file_has_it(tmp_path):
    write_files(tmp_path, {"m.py": "import n\n", "n.py": "x = 1\nif\n"})

    found = first_import(tmp_path, "m")

    assert (found.verdict, found.error, found.path, found.line_number) == (
        Verdict.OTHER,
        "SyntaxError: invalid syntax",
        "n.py",
        2,
    )


ENDINGS = {
    "exit": ("import sys\nsys.exit(0)\n", "SystemExit: 0", None),
    "leave": ("import os\nos._exit(0)\n", None, "it ends the process with status 0"),
    "leave with a status": ("import os\nos._exit(3)\n", None, "it ends the process with status 3"),
    "kill": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", None, "the process died of SIGKILL"),
    "segfault": ("import ctypes\nctypes.string_at(0)\n", None, "the process died of SIGSEGV"),
    "interrupt": ("raise KeyboardInterrupt\n", "KeyboardInterrupt", None),
    "unshowable": (
        "class E(Exception):\n    def __str__(self): raise E\nraise E\n",
        "m.E: <exception str() failed>",
        None,
    ),
    "unshowable, and more": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E\n",
        "m.E: <exception str() failed>",
        None,
    ),
    "a text of its own": (
        (
            "class S(str):\n    def __format__(self, _): raise OSError\n    __len__ = __format__\n"
            "class E(Exception):\n    def __str__(self): return S('words')\nraise E\n"
        ),
        "m.E: words",
        None,
    ),
    "replace sys.modules": ("import sys\nsys.modules = {}\n", "KeyError: 'm'", None),
    "empty sys.modules": ("import sys\nsys.modules.clear()\n", "KeyError: 'm'", None),
    "endless recursion": ("def f(): f()\nf()\n", "RecursionError: maximum recursion depth exceeded", None),
}


@pytest.mark.parametrize(("text", "error", "reason"), ENDINGS.values(), ids=ENDINGS)
def test_however_a_module_ends_its_process_it_is_said(tmp_path, text, error, reason):
    found = hostile(tmp_path, text)

    assert (found.verdict, found.error, found.reason) == (Verdict.OTHER, error, reason)


HARMLESS = {
    "floods its output": "import sys\nfor n in range(2000):\n    print('x' * 4096)\n    print('x' * 4096, file=sys.stderr)\n",
    "closes what is open": "import os\nos.closerange(0, 256)\n",
    "replaces stdout": "import sys\nsys.stdout = sys.stderr = None\n",
    "replaces os._exit and open": "import os, builtins\nos._exit = os.open = os.write = builtins.ascii = None\n",
    "forks": "import os\nos.fork()\n",
    "leaves a process behind": "import subprocess\nsubprocess.Popen(['sleep', '30'])\n",
    "leaves a thread behind": "import threading, time\nthreading.Thread(target=time.sleep, args=(30,)).start()\n",
    "registers an endless end": "import atexit, time\natexit.register(time.sleep, 30)\n",
    "works elsewhere": "import os\nos.chdir('/')\n",
    "reads its input": "import sys\nassert sys.stdin.read() == ''\n",
    "reads its arguments": "import sys\nassert sys.argv == ['-c']\n",
}


def test_nothing_that_a_module_does_keeps_it_from_being_importable(tmp_path, capfd):
    write_files(tmp_path, {f"m{number}.py": text for number, text in enumerate(HARMLESS.values())})
    modules = [f"m{number}" for number in range(len(HARMLESS))]

    found = probe(modules, interpreter(tmp_path), jobs=4)

    assert dict(zip(HARMLESS, found, strict=True)) == {
        name: FirstImport(module, Verdict.OK) for name, module in zip(HARMLESS, modules, strict=True)
    }
    assert capfd.readouterr() == ("", "")


def test_a_module_that_does_not_end_is_unknown_and_nothing_of_it_stays(tmp_path):
    text = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'while True: pass'])\n"
        "open('pid', 'w').write(str(child.pid))\n"
        "while True: pass\n"
    )

    found = hostile(tmp_path, text, timeout=3)

    assert found == FirstImport("m", Verdict.UNKNOWN, reason="not done within 3 s")
    assert ends(int((tmp_path / "pid").read_text()))


def ends(process: int) -> bool:
    """Whether a process that was told to end does so; a dead one may wait for somebody who asks for it."""
    for _ in range(500):
        try:
            os.kill(process, 0)
            if Path("/proc").is_dir() and ") Z " in Path(f"/proc/{process}/stat").read_text(encoding="utf-8"):
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_the_entries_come_in_the_order_of_the_modules_and_progress_is_told(tmp_path):
    write_files(tmp_path, {"slow.py": "import time\ntime.sleep(0.3)\n", "fast.py": "", "bad.py": "x\n"})
    told = []

    found = probe(["slow", "fast", "bad"], interpreter(tmp_path), jobs=3, progress=told.append)

    assert [entry.module for entry in found] == ["slow", "fast", "bad"]
    assert told == [1, 2, 3]


def test_what_was_asked_for_comes_first(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\nNAME = 1\n", "p/b.py": "from p.a import NAME\n"})

    assert first_import(tmp_path, "p.a", after=("p.b",)).verdict is Verdict.OK
    assert first_import(tmp_path, "p.a", setup="import p.b").verdict is Verdict.OK


def test_source_folders_join_the_path_behind_the_working_directory(tmp_path):
    write_files(
        tmp_path, {"here/m.py": "", "there/m.py": "no\n", "there/n.py": "import sys\nassert sys.path[0] == ''\n"}
    )
    folders = (str(tmp_path / "there"), str(tmp_path / "here"))

    found = probe(["m", "n"], interpreter(tmp_path / "here", source_folders=folders), jobs=1)

    assert [entry.verdict for entry in found] == [Verdict.OK, Verdict.OK]


def test_the_environment_is_kept(tmp_path):
    write_files(tmp_path, {"lib/n.py": "", "m.py": "import os, n\nassert os.environ['ANSWER'] == '42'\n"})
    environment = {"PYTHONPATH": str(tmp_path / "lib"), "ANSWER": "42"}

    assert first_import(tmp_path, "m", environment=environment) == FirstImport("m", Verdict.OK)


WRONG = [
    ({"python": "/nowhere/python"}, r'"/nowhere/python" cannot be started \(No such file'),
    ({"python": "/bin/false"}, r'"/bin/false" fails \(it ends the process with status 1\); it must be Python 3'),
    ({"setup": "import nowhere"}, r"the code of --setup fails \(ModuleNotFoundError: No module named 'nowhere'\)"),
    ({"setup": "if"}, r"the code of --setup fails \(SyntaxError"),
    ({"after": ("sys", "nowhere")}, r"import nowhere \(--after\) fails \(ModuleNotFoundError"),
    ({"setup": "import os; os._exit(1)"}, r"what comes before the first import fails \(it ends the process"),
]


@pytest.mark.parametrize(("choices", "message"), WRONG)
def test_what_fails_before_the_first_import_is_an_error(tmp_path, choices, message):
    with pytest.raises(CyclesError, match=message):
        first_import(tmp_path, "m", **choices)


def test_an_interruption_ends_every_process(tmp_path):
    text = "import os, time\nopen(f'{os.getpid()}.pid', 'w')\ntime.sleep(60)\n"
    write_files(tmp_path, {"fast.py": "", "m.py": text, "n.py": text})

    def interrupt(_: int) -> None:
        while len(list(tmp_path.glob("*.pid"))) < 2:
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        probe(["fast", "m", "n"], interpreter(tmp_path), jobs=3, progress=interrupt)

    assert all(ends(int(path.stem)) for path in tmp_path.glob("*.pid"))
