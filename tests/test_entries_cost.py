"""What predicting first imports costs, counted: files read, texts parsed, module bodies run, garbage left."""

import ast
import gc
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.enums import Verdict
from cycles.simulate.first_import_report import entrances
from cycles.simulate.vm import checkpoints, imports
from cycles.simulate.vm.calls import Calls
from cycles.source import source_file
from packages import package
from predictions import predict
from test_entries import module_files

HELPERS = "def one():\n    return two()\ndef two():\n    return 2\nclass C:\n    def f(self):\n        one()\n"
CALLING = {
    "p/__init__.py": "import p.b\n",
    "p/helpers.py": HELPERS,
    "p/a.py": "from p.helpers import one, two, C\none()\ntwo()\nC().f()\nimport p.b\nNAME = 1\n",
    "p/b.py": "from p.helpers import C\nC().f()\nfrom p.a import NAME\n",
    "p/c.py": "from p.helpers import two\ntwo()\nimport p.a\n",
}


def failing_siblings(count: int) -> Mapping[str, str]:
    """Modules that all fail at one place, behind one shared chain, in which a question is open."""
    chain = {f"p/chain{number}.py": f"import p.chain{number + 1}\nNAME = 1\n" for number in range(20)}
    question = "import os\nif os.environ.get('X'):\n    import p.extra\nfrom p.chain0 import NAME\n"
    siblings = {f"p/s{number:03}.py": "import p.chain0\n" for number in range(count)}
    return {"p/__init__.py": "", "p/extra.py": "", **chain, "p/chain20.py": question, **siblings}


@pytest.fixture
def read(monkeypatch) -> Counter:
    """How often each file is read for a prediction."""
    counter: Counter = Counter()
    before = source_file.read_bytes

    def counted(path: str) -> bytes:
        counter[Path(path).name] += 1
        return before(path)

    monkeypatch.setattr(source_file, "read_bytes", counted)
    return counter


@pytest.fixture
def parsed(monkeypatch) -> Counter:
    """How often each text is parsed."""
    counter: Counter = Counter()
    before = ast.parse

    def counted(text: str, *arguments, **options) -> ast.AST:
        counter[text] += 1
        return before(text, *arguments, **options)

    monkeypatch.setattr(ast, "parse", counted)
    return counter


@pytest.fixture
def run(monkeypatch) -> Counter:
    """How often each module's body is run in a simulation."""
    counter: Counter = Counter()
    before = imports.Frame

    def counted(module, *arguments, is_body: bool = False, **options):
        counter[module.name] += is_body
        return before(module, *arguments, is_body=is_body, **options)

    monkeypatch.setattr(imports, "Frame", counted)
    return counter


def test_a_command_reads_each_file_once_and_parses_each_text_once(tmp_path, read, parsed):
    write_files(tmp_path, CALLING)
    analysis = analyze("p", folders=[tmp_path])
    parsed.clear()

    found = entrances(analysis)

    # It has predicted three times: as it is, in search of a mask, and as if the root were empty.
    assert [entry.module for entry in found.hidden] == ["p.a", "p.c"]
    assert read == dict.fromkeys(["__init__.py", "helpers.py", "a.py", "b.py", "c.py"], 1)
    assert {number for text, number in parsed.items() if isinstance(text, str)} == {1}
    assert parsed[HELPERS] == 1


def test_modules_that_fail_at_one_place_run_what_leads_there_once_in_each_world(tmp_path, run):
    write_files(tmp_path, failing_siblings(50))
    files = module_files(tmp_path)
    siblings = [file.name for file in files if file.name.startswith("p.s")]

    found = predict(files, siblings, project=str(tmp_path))

    assert {prediction.entry.verdict for prediction in found} == {Verdict.CRASH}
    # Once in the world as it is, and once in both that answer the question, which the root does not ask.
    assert {number for name, number in run.items() if name.startswith(("p.s", "p.chain"))} == {3}
    assert run["p"] == 2


def test_modules_that_work_are_run_once_however_many_import_them(tmp_path, run):
    length = 30
    chain = {f"p/m{number:02}.py": f"import p.m{number + 1:02}\n" for number in range(length)}
    write_files(tmp_path, {"p/__init__.py": "", **chain, f"p/m{length}.py": "import os\nX = os.environ\n"})
    files = module_files(tmp_path)

    predict(files, [file.name for file in files], project=str(tmp_path))

    assert run == {file.name: 1 for file in files}


def test_nothing_but_the_modules_that_are_named_is_imported(tmp_path, run):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "", "p/c.py": ""})

    entrances(analyze("p", folders=[tmp_path]), modules=["p.a"])

    assert run == {"p": 1, "p.a": 1, "p.b": 1}


def test_an_import_that_takes_very_many_steps_follows_no_call_for_what_it_is_given(tmp_path, monkeypatch):
    work = "    global kept\n" + "    kept = thing\n" * 60
    functions = "".join(f"def work{number}(thing):\n{work}" for number in range(10))
    called = "".join(f"work{number}(thing)\n" for number in range(10)) * 100
    made = "class Thing:\n    def more(self):\n        import p\nthing = Thing()\n"
    write_files(tmp_path, {"p.py": made + functions + called})
    calls = counted(monkeypatch, Calls, "_run_function")

    predict(module_files(tmp_path), ["p"], project=str(tmp_path))

    assert 100 < len(calls) < 200


def counted(monkeypatch, owner: object, name: str) -> list[int]:
    """How often a function is called from here on, as a list of that many."""
    calls: list[int] = []
    before = getattr(owner, name)

    def counting(*arguments):
        calls.append(1)
        return before(*arguments)

    monkeypatch.setattr(owner, name, counting)
    return calls


def test_what_is_logged_of_a_chain_grows_as_the_chain(tmp_path, monkeypatch):
    def logged(length: int) -> int:
        chain = {f"p/m{number}.py": f"from p.m{number + 1} import X\nX = 1\n" for number in range(length)}
        folder = write_files(tmp_path / str(length), {"p/__init__.py": "", **chain, f"p/m{length}.py": "X = 1\n"})
        before = len(reads) + len(effects)
        predict(module_files(folder), ["p.m0"], project=str(folder))
        return len(reads) + len(effects) - before

    reads, effects = (
        counted(monkeypatch, checkpoints.Memory, "note_read"),
        counted(monkeypatch, checkpoints.Memory, "_do"),
    )

    short, long = logged(100), logged(200)

    assert 0 < long < 2.1 * short


def test_in_a_cycle_few_reads_are_looked_at_again_for_each_import(tmp_path, monkeypatch):
    size = 60
    cycle = {f"p/m{number}.py": f"from p.m{(number + 1) % size} import X\nX = 1\n" for number in range(size)}
    files = module_files(write_files(tmp_path, {"p/__init__.py": "", **cycle}))
    looked_at = counted(monkeypatch, checkpoints, "_holds")

    found = predict(files, [file.name for file in files], project=str(tmp_path))

    assert [prediction.entry.verdict for prediction in found] == [Verdict.OK, *[Verdict.CRASH] * size]
    # Each of the records that are kept may be found not to fit at each of `size` imports of `size` predictions.
    assert len(looked_at) < 3 * 16 * size * size


def test_no_garbage_is_left_that_only_the_collector_would_find(tmp_path):
    """The command line runs without it."""
    write_files(tmp_path, failing_siblings(30) | {"p/try.py": "try:\n    import p.chain0\nexcept ImportError: pass\n"})
    files = module_files(tmp_path)
    gc.collect()
    gc.disable()
    try:
        predict(files, [file.name for file in files], project=str(tmp_path))
        found = gc.collect()
    finally:
        gc.enable()

    assert found < len(files)


@pytest.mark.parametrize("open_questions", [False, True])
def test_what_is_remembered_changes_no_prediction(tmp_path, monkeypatch, open_questions):
    folders = [
        write_files(
            tmp_path / str(seed), package(random.Random(seed).choice, open_questions=open_questions)
        )
        for seed in range(2000, 2060)
    ]  # fmt: skip

    def predicted():
        found = []
        for folder in folders:
            files = module_files(folder)
            names = [file.name for file in files]
            found.append(predict(files, names, project=str(folder)))
            found.append(predict(files, names, project=str(folder), after=["p.a"], bare=["p"]))
        return found

    remembering = predicted()
    monkeypatch.setattr(checkpoints, "_MOST_KEPT", 30)
    forgetful = predicted()
    monkeypatch.setattr(checkpoints.Memory, "recall", lambda _memory, _name: False)

    assert remembering == forgetful == predicted()


def test_a_call_that_is_left_out_gives_what_those_before_gave(tmp_path):
    """Whatever way its arguments are written: a class that none of them had is none of what they gave."""
    computing = "".join(f"    x{number} = [a, b]\n" for number in range(70))
    helpers = f"class C:\n    def __init__(self, a): self.a = a\ndef make(a=1, b=2):\n{computing}    return C(b)\n"
    others = {f"p/c{number}.py": "from p.helpers import make\nv = make(b=print)\n" for number in range(5)}
    first = "".join(f"import p.c{number}\n" for number in range(5))
    calls = "v = make(b=print)\n" * 6
    crashing = "if isinstance(v, C):\n    from p.a import LATE\n"
    write_files(tmp_path, {"p/__init__.py": "", "p/helpers.py": helpers, "p/a.py": f"{first}import p.b\nLATE = 1\n"})
    write_files(tmp_path, {**others, "p/b.py": f"from p.helpers import C, make\n{calls}{crashing}"})

    said = {entry.module: entry.verdict for entry in entrances(analyze("p", folders=[tmp_path])).entries}

    assert [module for module, verdict in said.items() if verdict is not Verdict.OK] == ["p.a"]
    assert said["p.a"] is Verdict.CRASH
