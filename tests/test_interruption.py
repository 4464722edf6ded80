"""Whatever ends a run: no traceback, no child, no temporary file stays."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import golden
from conftest import write_files

CYCLES = [sys.executable, "-m", "cycles"]
SHOP = golden.SAMPLES / "shop"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")

SLEEPER = "import time\ntime.sleep(60)\n"
HANGING_ENGINE = "#!/bin/sh\nsleep 60 & wait\n"


def started(arguments: list[str], folder: Path, temporary: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [*CYCLES, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary), "CYCLES_MARK": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )


def left_over(temporary: Path) -> list[str]:
    """The processes that carry the mark of a run, and the files in its temporary folder."""
    processes = []
    for folder in Path("/proc").iterdir():
        try:
            mark = f"CYCLES_MARK={temporary}".encode()
            if folder.name.isdigit() and mark in (folder / "environ").read_bytes():
                state = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
                processes += [] if state == "Z" else [(folder / "cmdline").read_text(encoding="utf-8")]
        except OSError:
            continue
    return [*processes, *(path.name for path in temporary.rglob("*"))]


def interrupted(arguments: list[str], folder: Path, temporary: Path, number: int, after: float) -> tuple[int, bytes]:
    """The exit status and what stands on stderr of a run that gets a signal after some seconds, or at its end."""
    process = started(arguments, folder, temporary)
    time.sleep(after)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_really_imported_module_outlives_a_signal(tmp_path, number):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": f"import p.b\n{SLEEPER}", "p/b.py": f"import p.a\n{SLEEPER}"})
    (tmp_path / "temporary").mkdir()

    status, errors = interrupted(["entries", "p", "--run"], tmp_path, tmp_path / "temporary", number, 2.0)

    assert (status, errors.count(b"\n")) == (128 + number, 1)
    assert left_over(tmp_path / "temporary") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_layout_engine_outlives_a_signal(tmp_path, number):
    (tmp_path / "temporary").mkdir()
    engine = tmp_path / "engine"
    engine.write_text(HANGING_ENGINE, encoding="utf-8")
    engine.chmod(0o755)
    arguments = ["draw", "shop", "--engine", str(engine), "-o", str(tmp_path / "x.svg")]

    status, errors = interrupted(arguments, SHOP, tmp_path / "temporary", number, 2.0)

    assert (status, errors) == (128 + number, b"")
    assert left_over(tmp_path / "temporary") == []
    assert not (tmp_path / "x.svg").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_leaves_nothing_behind(tmp_path, number):
    """Python itself prints a traceback where an interrupt meets it before the command has begun: see `begun`."""
    chooser = random.Random(number)
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", ""], check=True)
    # On a busy machine, or with the tests measured, Python itself takes longer to start.
    begun = max(0.06, 2 * (time.monotonic() - start))
    commands = [
        ["scc", "shop"],
        ["cuts", "shop", "--format", "json"],
        ["entries", "shop", "--run", "--jobs", "2"],
        ["draw", "shop", "-o", str(tmp_path / "shop.html")],
        ["contract", "shop"],
    ]
    (tmp_path / "temporary").mkdir()
    for command in commands * 2:
        status, errors = interrupted(command, SHOP, tmp_path / "temporary", number, begun + chooser.random() * 0.8)

        assert status in (0, 128 + number, -number), (command, errors)
        assert b"Traceback" not in errors, (command, errors)
        assert b"ignored" not in errors, (command, errors)
        assert left_over(tmp_path / "temporary") == []


CLOSED = [
    ("scc shop >&-", 2, "stdout is closed; open it, or name a file with -o"),
    ("draw shop 1 --format svg >&-", 2, "stdout is closed; open it, or name a file with -o"),
    ("scc shop -o {folder}/x.txt >&-", 0, ""),
    ("scc nope 2>&-", 2, ""),
    ("scc shop 2>&- >/dev/null <&-", 0, ""),
    ("scc shop >&- 2>&- <&-", 2, ""),
    ("scc nope 2>/dev/full", 2, ""),
    ("scc shop >/dev/full", 2, "cannot go on ([Errno 28] No space left on device); make room, or name another place"),
    ("scc shop | true", 0, ""),
    ("--help | true", 0, ""),
    ("--help >/dev/full", 2, "cannot go on ([Errno 28] No space left on device); make room, or name another place"),
]


@pytest.mark.parametrize(("command", "status", "sentence"), CLOSED)
def test_closed_and_full_streams_are_no_traceback(tmp_path, command, status, sentence):
    line = f"set -o pipefail; {sys.executable} -m cycles {command.format(folder=tmp_path)}"

    finished = subprocess.run(["bash", "-c", line], cwd=SHOP, capture_output=True, text=True, check=False)

    assert (finished.returncode, finished.stderr) == (status, f"cycles: {sentence}\n" if sentence else "")


@pytest.mark.parametrize("arguments", [["scc", "shop"], ["draw", "shop"]])
def test_a_full_disk_leaves_no_temporary_file(tmp_path, arguments):
    line = f"ulimit -f 1; {sys.executable} -m cycles {' '.join(arguments)} -o {tmp_path}/x.html"
    # What measures coverage could not write its file either.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}

    finished = subprocess.run(
        ["bash", "-c", line], cwd=SHOP, capture_output=True, text=True, env=environment, check=False
    )

    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert list(tmp_path.iterdir()) == []
