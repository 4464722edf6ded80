"""The baseline of `cycles check`: written, compared, merged by the real git, and never lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import permissions_bind, write_files
from git_history import ENVIRONMENT, History
from inside import Finished, cycles

RINGS = {
    "p/__init__.py": "",
    **{f"p/{ring}{one}.py": f"import p.{ring}{one % 3 + 1}\nX = 1\n" for ring in "abc" for one in (1, 2, 3)},
    "p/free.py": "X = 1\n",
}
"""Three rings of three modules; one import of each is a cut."""
CHECK = ("check", "p", "--baseline", "accepted")
UPDATE = (*CHECK, "--update")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A project whose cycles are accepted."""
    write_files(tmp_path, RINGS)
    assert cycles(tmp_path, *UPDATE).returncode == 0
    return tmp_path


def lines(folder: Path) -> list[str]:
    """What is accepted, without comments."""
    text = (folder / "accepted").read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def said(finished: Finished) -> str:
    return " ".join(finished.stdout.split())


def test_it_has_one_line_a_cut_and_one_a_module_besides(folder):
    accepted = lines(folder)

    assert len([line for line in accepted if "->" in line]) == 3
    assert len([line for line in accepted if "->" not in line]) == 3
    assert accepted == sorted(accepted)
    assert not any(character.isdigit() for line in accepted for character in line.replace("p.", "")[13:14])
    assert cycles(folder, *CHECK).returncode == 0


def test_an_update_says_what_it_wrote(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "import p.a\n"})

    first = cycles(tmp_path, *UPDATE)
    write_files(tmp_path, {"p/b.py": ""})
    second = cycles(tmp_path, *UPDATE)

    written = "p   3 modules\n  written into the baseline accepted\n"
    assert (first.returncode, first.stderr) == (0, "cycles: wrote accepted: 1 line\n")
    assert first.stdout == f"{written}  2 modules and 1 cut, accepted from now on\n"
    assert (second.returncode, second.stderr) == (0, "cycles: accepted: 0 added, 1 taken out, 0 stay\n")
    assert second.stdout == f"{written}  no import cycles\n"


def test_the_same_cycles_are_nothing_worse(folder):
    write_files(folder, {"p/a1.py": f"# moved down\n\n\n{RINGS['p/a1.py']}"})

    finished = cycles(folder, *CHECK)

    assert finished.returncode == 0
    assert "9 modules and 3 cuts, as before" in finished.stdout


def test_a_new_cycle_is_worse_and_the_import_that_closes_it_is_named(folder):
    write_files(folder, {"p/free.py": "import p.a1\n", "p/a1.py": "import p.a2\nimport p.free\n"})

    finished = cycles(folder, *CHECK)

    assert finished.returncode == 1
    assert "1 module is newly on an import cycle: p.free" in said(finished)
    assert "p/a1.py:2" in finished.stdout or "p/free.py:1" in finished.stdout


def test_a_further_cycle_between_the_same_modules_is_worse(folder):
    write_files(folder, {"p/a2.py": "import p.a3\nimport p.a1\n", "p/a3.py": "import p.a1\nimport p.a2\n"})

    finished = cycles(folder, *CHECK)

    assert finished.returncode == 1
    assert "more cut" in said(finished)


def test_another_graph_is_accepted_by_lines_of_its_own(folder):
    before = lines(folder)
    assert cycles(folder, *CHECK, "--graph", "all").returncode == 1

    cycles(folder, *UPDATE, "--graph", "all", "--allow-growth")

    assert [line for line in lines(folder) if line.startswith("import-time:")] == before
    assert len(lines(folder)) == 2 * len(before)
    assert cycles(folder, *CHECK, "--graph", "all", "--graph", "import-time").returncode == 0


def test_a_cut_makes_lines_stale_which_is_a_note_or_an_error(folder):
    write_files(folder, {f"p/a{one}.py": "X = 1\n" for one in (1, 2, 3)})

    finished = cycles(folder, *CHECK)

    assert finished.returncode == 0
    assert "not needed in accepted any more" in finished.stdout
    assert "cycles check p --baseline accepted --update" in finished.stdout
    assert all(line in finished.stdout for line in lines(folder) if "p.a" in line)
    assert cycles(folder, *CHECK, "--stale-is-error").returncode == 1
    cycles(folder, *UPDATE)
    assert not [line for line in lines(folder) if "p.a" in line]
    assert cycles(folder, *CHECK, "--stale-is-error").returncode == 0


def test_a_line_for_a_cut_of_another_ring_import_is_not_needed_though_its_modules_are_on_a_cycle(folder):
    """The accepted import went, another one closes the same ring: nothing is worse, for the count is the same."""
    (line,) = [line for line in lines(folder) if "p.a" in line and "->" in line]
    importer, imported = line.removeprefix("import-time: ").split(" -> ")
    path = f"{importer.replace('.', '/')}.py"
    other = next(name for name in ("p.a1", "p.a2", "p.a3") if name not in (importer, imported))
    write_files(
        folder, {path: f"import {other}\n", f"{other.replace('.', '/')}.py": f"import {imported}\nimport {importer}\n"}
    )

    finished = cycles(folder, *CHECK)

    assert "not needed in accepted any more" in finished.stdout
    assert line in finished.stdout


def test_growth_is_written_only_where_that_is_wanted(folder):
    before = (folder / "accepted").read_bytes()
    write_files(folder, {"p/free.py": "import p.a1\n", "p/a1.py": "import p.a2\nimport p.free\n"})

    finished = cycles(folder, *UPDATE)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert "--allow-growth" in finished.stderr
    assert (folder / "accepted").read_bytes() == before
    assert cycles(folder, *UPDATE, "--allow-growth").returncode == 0
    assert cycles(folder, *CHECK).returncode == 0


def test_comments_stay_with_their_lines(folder):
    text = (folder / "accepted").read_text()
    first = next(line for line in text.splitlines() if "p.b" in line)
    (folder / "accepted").write_text(text.replace(first, f"# see the ticket\n{first}  # ours") + "# the end\n")
    write_files(folder, {f"p/a{one}.py": "X = 1\n" for one in (1, 2, 3)})

    cycles(folder, *UPDATE)

    assert f"# see the ticket\n{first}  # ours\n" in (folder / "accepted").read_text()
    assert (folder / "accepted").read_text().endswith("# the end\n")


def test_an_update_twice_writes_the_same_bytes(folder):
    before = (folder / "accepted").read_bytes()
    status = (folder / "accepted").stat()

    assert cycles(folder, *UPDATE).returncode == 0

    assert (folder / "accepted").read_bytes() == before
    assert (folder / "accepted").stat().st_mtime_ns == status.st_mtime_ns


@pytest.mark.parametrize("seed", ["0", "1", "99"])
def test_it_does_not_depend_on_the_hashes_of_strings(folder, seed):
    (folder / "accepted").rename(folder / "before")
    command = [sys.executable, "-m", "cycles", *UPDATE]

    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)

    assert (folder / "accepted").read_bytes() == (folder / "before").read_bytes()


BROKEN = {
    "# cycles baseline 2: from the future\n\nimport-time: p.a1\n": "newer cycles (format 2)",
    "import-time: p.a1 -> \n": "accepted:1:",
    "import-time: p.a1 => p.a2\n": "accepted:1:",
    "imports: p.a1\n": "accepted:1:",
    "p.a1\n": "accepted:1:",
    "# x\n\nimport-time: p.a1\n<<<<<<< HEAD\nimport-time: p.a2\n=======\nimport-time: p.a3\n>>>>>>> x\n": "accepted:4: a conflict marker",
    "import-time: p.a1\n||||||| base\n": "accepted:2: a conflict marker",
    b"\xff\xfe": "not UTF-8",
    b"import-time: p.a1\0\n": "accepted",
    '{"schema": "cycles/2"}': "accepted:1:",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [CHECK, UPDATE, (*UPDATE, "--allow-growth")])
@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_baseline_is_one_sentence_and_stays_as_it_is(tmp_path, text, arguments):
    data = text if isinstance(text, bytes) else text.encode()
    write_files(tmp_path, {**RINGS, "accepted": data})

    finished = cycles(tmp_path, *arguments)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert BROKEN[text] in finished.stderr
    assert (tmp_path / "accepted").read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir()) == ["accepted", "p"]


@pytest.mark.parametrize("arguments", [CHECK, UPDATE])
def test_what_is_no_file_is_one_sentence(tmp_path, arguments):
    write_files(tmp_path, RINGS)
    (tmp_path / "accepted").mkdir()

    finished = cycles(tmp_path, *arguments)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)


@pytest.mark.permissions
@pytest.mark.parametrize("arguments", [CHECK, UPDATE])
def test_a_file_that_nobody_may_read_is_one_sentence(tmp_path, arguments):
    assert permissions_bind(tmp_path)
    write_files(tmp_path, {**RINGS, "accepted": "import-time: p.a1\n"})
    (tmp_path / "accepted").chmod(0)

    finished = cycles(tmp_path, *arguments)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)


def test_a_missing_baseline_is_one_sentence(tmp_path):
    write_files(tmp_path, RINGS)

    finished = cycles(tmp_path, *CHECK)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr == "cycles: there is no baseline accepted; write it with --update\n"


@pytest.mark.parametrize("new", ["p/other.py", "p/s/a1.py", "p/s/t/a1.py"])
def test_a_module_that_was_renamed_is_no_growth(folder, new):
    name = new.removesuffix(".py").replace("/", ".")
    (folder / "p/a1.py").unlink()
    write_files(folder, {new: RINGS["p/a1.py"], "p/a3.py": f"import {name}\n"})

    finished = cycles(folder, *CHECK)

    assert finished.returncode == 0, finished.stdout
    assert f"p.a1 → {name}" in finished.stdout
    cycles(folder, *UPDATE)
    assert cycles(folder, *CHECK, "--stale-is-error").returncode == 0
    assert not any("p.a1" in line for line in lines(folder))


def test_a_package_that_was_renamed_is_no_growth(tmp_path):
    inner = {name.replace("p/", "p/s/"): text.replace("import p.", "import p.s.") for name, text in RINGS.items()}
    write_files(tmp_path, {"p/__init__.py": "", **inner})
    cycles(tmp_path, *UPDATE)
    (tmp_path / "p/s").rename(tmp_path / "p/t")
    for path in (tmp_path / "p/t").iterdir():
        path.write_text(path.read_text().replace("p.s.", "p.t."))

    finished = cycles(tmp_path, *CHECK)

    assert finished.returncode == 0, finished.stdout


def test_an_import_that_runs_a_package_on_the_way_is_accepted(tmp_path):
    write_files(
        tmp_path,
        {"p/__init__.py": "", "p/s/__init__.py": "import p.a\n", "p/s/m.py": "X = 1\n", "p/a.py": "import p.s.m\n"},
    )
    cycles(tmp_path, *UPDATE)

    assert any("(runs p.s)" in line or "p.s -> p.a" in line for line in lines(tmp_path))
    assert cycles(tmp_path, *CHECK, "--stale-is-error").returncode == 0


@pytest.mark.parametrize("start", ["", "# ours\n"])
def test_two_branches_that_each_make_one_cut_merge(tmp_path, start):
    """Git itself takes changes of neighbouring lines for a conflict; the lines of `b` lie between these."""
    history = History(tmp_path)
    history.write(RINGS)
    cycles(tmp_path, *UPDATE)
    history.commit({"accepted": start + (tmp_path / "accepted").read_text()})
    for ring in "ac":
        history.git("checkout", "-q", "-b", ring, "main")
        history.write({f"p/{ring}1.py": "X = 1\n"})
        cycles(tmp_path, *UPDATE)
        history.commit()

    history.git("merge", "-q", "-m", "x", "a")

    assert cycles(tmp_path, *CHECK, "--stale-is-error").returncode == 0
    assert {line.split("p.")[1][0] for line in lines(tmp_path)} == {"b"}


def test_two_branches_that_each_accept_a_new_cycle_merge(tmp_path):
    history = History(tmp_path)
    more = {f"p/{ring}{one}.py": f"import p.{ring}{3 - one}\n" for ring in "xy" for one in (1, 2)}
    history.write({**RINGS, **dict.fromkeys(more, "X = 1\n")})
    cycles(tmp_path, *UPDATE)
    history.commit()
    history.git("checkout", "-q", "-b", "a")
    history.write({"p/a1.py": "import p.a2\nimport p.a3\n", "p/a2.py": "import p.a1\nimport p.a3\n"})
    cycles(tmp_path, *UPDATE, "--allow-growth")
    history.commit()
    history.git("checkout", "-q", "-b", "x", "main")
    history.write({name: text for name, text in more.items() if "x" in name})
    cycles(tmp_path, *UPDATE, "--allow-growth")
    history.commit()

    history.git("merge", "-q", "-m", "x", "a")

    assert cycles(tmp_path, *CHECK, "--stale-is-error").returncode == 0


@pytest.mark.posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_killed_at_any_moment_the_old_or_the_new_file_is_there(tmp_path, number):
    write_files(tmp_path / "project", {**RINGS, "accepted": "# old\n"})
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "cycles", *UPDATE, "--allow-growth"]
    where = {"cwd": tmp_path / "project", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**ENVIRONMENT, "TMPDIR": str(tmp_path / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}
    begun = time.monotonic()
    subprocess.run(command, env=environment, check=True, **where)
    whole = time.monotonic() - begun
    accepted = tmp_path / "project/accepted"
    new = accepted.read_bytes()

    for part in (0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 1.0, 1.02):
        accepted.write_bytes(b"# old\n")
        process = subprocess.Popen(command, env=environment, **where)
        time.sleep(whole * part)
        process.send_signal(number)
        process.wait()

        assert accepted.read_bytes() in (b"# old\n", new)
        if number == signal.SIGTERM:
            assert sorted(path.name for path in accepted.parent.iterdir()) == ["accepted", "p"]
            assert [path.name for path in (tmp_path / "temporary").rglob("*")] == []
