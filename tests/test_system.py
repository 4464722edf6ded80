"""Where the command line touches the machine."""

import io
import time

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.cli import output
from cycles.errors import CyclesError
from cycles.report.wording import no_cycles
from cycles.source import grimp_scanner as scan
from cycles.source.find_packages import environment_folders, locate
from cycles.source.read_sources import read


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_once_a_step_takes_long(monkeypatch):
    monkeypatch.setattr(output, "_QUIET_SECONDS", 0.01)
    terminal = Terminal()

    with output.progress_display(terminal) as progress:
        progress("reading")
        time.sleep(0.2)
        progress("solving")

    assert terminal.getvalue() == "\r\x1b[Kreading …\r\x1b[Ksolving …\r\x1b[K"


def test_progress_is_silent_in_a_pipe_and_in_the_first_second():
    pipe, terminal = io.StringIO(), Terminal()

    for stream in (pipe, terminal):
        with output.progress_display(stream) as progress:
            progress("reading")

    assert (pipe.getvalue(), terminal.getvalue()) == ("", "\r\x1b[K")


def test_the_active_virtual_environment_comes_first(tmp_path):
    write_files(tmp_path, {"lib/python3.11/site-packages/x.py": ""})

    assert environment_folders(str(tmp_path))[0] == tmp_path / "lib" / "python3.11" / "site-packages"


def test_a_scanner_that_cannot_start_is_a_sentence(tmp_path, monkeypatch):
    write_files(tmp_path, {"p/__init__.py": "", "worker.py": "raise ImportError('no grimp here')\n"})
    monkeypatch.setattr(scan, "_WORKER", tmp_path / "worker.py")

    with pytest.raises(
        CyclesError,
        match=r"the scanner of imports could not be started \(ImportError: no grimp here\); reinstall cycles",
    ):
        read(locate("p", roots=(), folders=[tmp_path]))


def test_nothing_readable_is_an_error(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "if x\n"})

    with pytest.raises(CyclesError, match=r'no file of "p" could be read: p/__init__.py: invalid syntax; fix it first'):
        read(locate("p", roots=(), folders=[tmp_path]))


def test_what_was_asked_for_and_could_not_be_read_is_not_free_of_cycles(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p\n", "p/b.py": "if x\n"})

    with pytest.raises(CyclesError, match=r'no file of "p.b" could be read: p/b.py: invalid syntax; fix it first'):
        read(locate("p.b", roots=(), folders=[tmp_path]))
    assert no_cycles(analyze("p", folders=[tmp_path])) == "no import cycles as far as was looked"
    assert no_cycles(analyze("p.a", folders=[tmp_path], exclude=["p.b"])) == "no import cycles"


def test_a_file_that_vanishes_costs_only_itself(tmp_path, monkeypatch):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/gone.py": ""})
    start = scan.start_scan

    def start_without_it(modules, known):
        (tmp_path / "p" / "gone.py").unlink()
        return start(modules, known)

    monkeypatch.setattr("cycles.source.read_sources.start_scan", start_without_it)

    found = read(locate("p", roots=(), folders=[tmp_path]))

    assert [(skipped.path, skipped.line_number) for skipped in found.skipped] == [("p/gone.py", None)]
