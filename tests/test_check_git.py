"""`cycles check --since` in all kinds of repositories, on the real git: what it compares with, and what it leaves alone."""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import write_files
from git_history import ENVIRONMENT, History
from inside import Finished, cycles

CLEAN = {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "X = 1\n", "p/c.py": "import p.a\n"}
RING = {"p/b.py": "from p import a\nX = 1\n"}
SINCE = ("check", "p", "--since", "HEAD", "--no-merge-base")


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch):
    """No test sees the configuration of the machine, nor that of a hook that runs the tests."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def history(tmp_path) -> History:
    """A repository whose only commit has no cycle."""
    made = History(tmp_path / "repository")
    made.commit(CLEAN)
    return made


def verdict(finished: Finished) -> tuple[int, str]:
    """The exit status, and the line with the verdict or the sentence on stderr."""
    lines = finished.stdout.splitlines()
    return finished.returncode, lines[2].strip() if len(lines) > 2 else finished.stderr.strip()


WORSE = (1, "2 modules are newly on an import cycle: p.a and p.b; before 0 modules and 0 cuts, now 2 and 1")
NONE = (0, "no import cycles, as before")
SAME = (0, "2 modules and 1 cut, as before")


def test_what_is_not_committed_counts(history):
    history.write(RING)

    assert verdict(cycles(history.folder, *SINCE)) == WORSE


def test_what_is_not_tracked_counts(history):
    history.write({"p/d.py": "import p.c\n", "p/c.py": "import p.d\n"})

    assert verdict(cycles(history.folder, *SINCE))[0] == 1


def test_what_is_only_staged_is_not_what_counts(history):
    history.write(RING)
    history.git("add", "-A")
    history.write({"p/b.py": CLEAN["p/b.py"]})

    assert verdict(cycles(history.folder, *SINCE)) == NONE


def test_what_was_made_by_a_build_is_taken_to_have_been_there(history):
    history.commit({".gitignore": "made*.py\n", "p/c.py": "import p.made\n"})
    history.write({"p/made.py": "import p.c\n"})

    assert verdict(cycles(history.folder, *SINCE)) == SAME


def test_a_new_file_that_is_ignored_too_late_is_new(history):
    history.write({"p/d.py": "import p.c\n", "p/c.py": "import p.d\n", ".gitignore": "other.py\n"})

    assert verdict(cycles(history.folder, *SINCE))[0] == 1


def test_what_a_new_cycle_does_to_first_imports_is_asked_next(history):
    history.write(RING)

    text = cycles(history.folder, *SINCE).stdout
    of_all = cycles(history.folder, *SINCE, "--graph", "all").stdout

    assert "\nnext  cycles entries p --check\n      cycles why p p.b p.a\n" in text
    assert "cycles entries" not in of_all
    assert "crashes" not in text


def test_a_first_import_that_an_added_import_makes_crash_is_told_as_the_interpreter_tells_it(history):
    history.commit({"p/a.py": "from p.b import X\nY = X\n"})
    history.write({"p/b.py": "from p.a import Y\nX = 1\n"})

    formats = ((), ("--format", "markdown"), ("--format", "json"))
    text, comment, document = (cycles(history.folder, *SINCE, *more).stdout for more in formats)
    real = subprocess.run(
        [sys.executable, "-c", "import p.b"], cwd=history.folder, capture_output=True, text=True, check=False
    )

    told = "ImportError: cannot import name 'X' from partially initialized module 'p.b'"
    assert told in real.stderr
    said = " ".join(text.split())
    assert f"importing p.b first now crashes at p/a.py:1: {told}" in said
    assert "now crashes at " in comment
    (crash,) = json.loads(document)["crashes"]
    assert (crash["module"], crash["path"], crash["line_number"]) == ("p.b", "p/a.py", 1)


def test_by_default_it_is_compared_with_the_merge_base(history):
    history.git("checkout", "-q", "-b", "topic")
    history.commit({"p/c.py": "import p.b\n"})
    history.git("checkout", "-q", "main")
    history.commit(RING)
    history.git("checkout", "-q", "topic")
    history.write(RING)

    assert verdict(cycles(history.folder, "check", "p", "--since", "main")) == WORSE
    assert verdict(cycles(history.folder, "check", "p", "--since", "main", "--no-merge-base")) == SAME


@pytest.mark.parametrize("revision", ["HEAD~1", "v1", "main", "@{0}", "HEAD^{commit}", "refs/heads/main"])
def test_a_revision_is_whatever_git_knows(tmp_path, revision):
    history = History(tmp_path)
    history.commit(CLEAN, "first")
    history.git("tag", "-a", "v1", "-m", "v1")
    history.commit({"README": "x"}, "second")
    history.write(RING)

    assert verdict(cycles(tmp_path, "check", "p", "--since", revision)) == WORSE


@pytest.mark.parametrize(
    "revision", ["nope", "-x", "--all", "", "HEAD:p/a.py", "HEAD..main", "0" * 40, "a b", "\n", "HEAD^{tree}"]
)
def test_a_revision_that_is_no_commit_is_one_sentence(history, revision):
    finished = cycles(history.folder, "check", "p", f"--since={revision}")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("cycles: ")
    assert finished.stderr.count("\n") == 1
    assert "Traceback" not in finished.stderr


def test_a_repository_without_a_commit_is_one_sentence(tmp_path):
    History(tmp_path).write(CLEAN)

    finished = cycles(tmp_path, "check", "p", "--since", "main")

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert 'no commit "main"' in finished.stderr


def test_a_branch_without_a_commit_needs_no_merge_base(history):
    history.git("checkout", "-q", "--orphan", "new")
    history.write(RING)

    finished = cycles(history.folder, "check", "p", "--since", "main")

    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert "--no-merge-base" in finished.stderr
    assert verdict(cycles(history.folder, "check", "p", "--since", "main", "--no-merge-base")) == WORSE


def test_histories_without_a_common_commit_are_one_sentence(history):
    history.git("checkout", "-q", "--orphan", "new")
    history.commit(RING)

    finished = cycles(history.folder, "check", "p", "--since", "main")

    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert "main and HEAD have no common commit; add --no-merge-base" in finished.stderr


def test_without_a_repository_it_is_one_sentence(tmp_path):
    write_files(tmp_path, CLEAN)

    finished = cycles(tmp_path, *SINCE)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert "in no working tree of git" in finished.stderr


def test_without_git_it_is_one_sentence(history, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    finished = cycles(history.folder, *SINCE)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert "git cannot be started" in finished.stderr


def test_a_package_outside_the_repository_is_one_sentence(history, tmp_path):
    write_files(tmp_path / "elsewhere", CLEAN)

    finished = cycles(history.folder, "check", str(tmp_path / "elsewhere/p"), "--since", "HEAD")

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert "in no working tree of git" in finished.stderr


def test_the_repository_is_that_of_the_package_not_of_the_folder(history, tmp_path):
    other = History(tmp_path / "other")
    other.commit(CLEAN)
    other.write(RING)

    assert verdict(cycles(history.folder, "check", str(other.folder / "p"), "--since", "HEAD")) == WORSE


def test_a_folder_above_the_repository_is_named_by_path(history, tmp_path):
    history.write(RING)

    assert verdict(cycles(tmp_path, "check", "repository/p", "--since", "HEAD")) == WORSE


@pytest.mark.parametrize("asked", ["p", ".", "src", "src/p", "src/p/__init__.py"])
def test_a_src_layout(tmp_path, asked):
    history = History(tmp_path)
    history.commit(
        {f"src/{name}": text for name, text in CLEAN.items()} | {"pyproject.toml": "[project]\nname = 'p'\n"}
    )
    history.write({f"src/{name}": text for name, text in RING.items()})

    assert verdict(cycles(tmp_path, "check", asked, "--since", "HEAD")) == WORSE


def test_a_package_below_the_top_of_the_repository(tmp_path):
    history = History(tmp_path)
    history.commit({f"tools/x/{name}": text for name, text in CLEAN.items()})
    history.write({f"tools/x/{name}": text for name, text in RING.items()})

    for folder, asked in (
        ("tools/x", "p"),
        ("tools", "x/p"),
        (".", "tools/x/p"),
        ("tools/x/p", "../p"),
        ("tools/x/p", "."),
    ):
        assert verdict(cycles(tmp_path / folder, "check", asked, "--since", "HEAD")) == WORSE, (folder, asked)


def test_a_package_that_was_not_there_is_new(history):
    history.write({"q/__init__.py": "import q.a\n", "q/a.py": "import q\n"})

    assert verdict(cycles(history.folder, "check", "q", "--since", "HEAD"))[0] == 1
    assert verdict(cycles(history.folder, "check", "p", "--since", "HEAD")) == NONE


def test_a_package_that_was_renamed_is_the_same(tmp_path):
    history = History(tmp_path)
    body = "".join(f"X{number} = {number}\n" for number in range(20))
    files = {
        "old/__init__.py": "import old.a\n",
        "old/a.py": f"import old\nimport old.b\n{body}",
        "old/b.py": f"import old.a\n# b\n{body}",
    }
    history.commit(files)
    history.write(
        {**dict.fromkeys(files), **{name.replace("old", "p"): text.replace("old", "p") for name, text in files.items()}}
    )

    assert verdict(cycles(tmp_path, "check", "p", "--since", "HEAD")) == (0, "3 modules and 2 cuts, as before")


def test_lines_that_git_ends_otherwise_are_no_change(tmp_path):
    history = History(tmp_path)
    history.git("config", "core.autocrlf", "true")
    history.commit({**CLEAN, **RING})
    for path in (tmp_path / "p").iterdir():
        path.unlink()
    history.git("checkout", "-q", ".")
    assert b"\r\n" in (tmp_path / "p/b.py").read_bytes()

    finished = cycles(tmp_path, *SINCE, "--format", "json")

    assert json.loads(finished.stdout)["graphs"] is not None
    assert verdict(cycles(tmp_path, *SINCE)) == SAME
    history.write({"p/c.py": "import p.b\r\nimport p.a\r\n", "p/b.py": "from p import a, c\r\n"})
    finished = cycles(tmp_path, *SINCE)
    assert finished.returncode == 1
    assert "p/b.py:1" in finished.stdout


def pointer(data: str) -> str:
    digest = hashlib.sha256(data.encode()).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n"


def test_a_large_file_is_what_it_points_to(tmp_path):
    history = History(tmp_path)
    history.commit({**CLEAN, "p/b.py": pointer(RING["p/b.py"])})

    history.write(RING)
    assert verdict(cycles(tmp_path, *SINCE)) == SAME

    digest = hashlib.sha256(RING["p/b.py"].encode()).hexdigest()
    history.write(
        {f".git/lfs/objects/{digest[:2]}/{digest[2:4]}/{digest}": RING["p/b.py"], "p/b.py": "from p import a\n"}
    )
    assert verdict(cycles(tmp_path, *SINCE)) == SAME


def test_a_large_file_that_is_not_here_is_said(tmp_path):
    history = History(tmp_path)
    history.commit({**CLEAN, "p/b.py": pointer(RING["p/b.py"])})
    history.write({"p/b.py": "X = 1\n"})

    finished = cycles(tmp_path, *SINCE)

    assert finished.returncode == 0
    assert "not here as they were then, and not compared: p/b.py" in finished.stdout


def test_links_in_the_tree(tmp_path):
    history = History(tmp_path)
    history.commit({**CLEAN, "real/m.py": "import p.c\n"})
    (tmp_path / "p/linked").symlink_to("../real")
    (tmp_path / "p/d.py").symlink_to("b.py")
    (tmp_path / "p/out.py").symlink_to("/etc/passwd")
    (tmp_path / "p/loop").symlink_to(".")
    (tmp_path / "p/dead.py").symlink_to("no.py")
    history.commit()

    assert verdict(cycles(tmp_path, *SINCE, "--allow-unread")) == NONE
    history.write({"p/c.py": "import p.linked.m\n"})
    assert verdict(cycles(tmp_path, *SINCE, "--allow-unread"))[0] == 1


def test_links_that_a_commit_places_above_its_own_files_lead_nowhere(tmp_path):
    """A tree made by hand holds `p` as a link out of the repository and as a folder."""
    history = History(tmp_path / "repository")
    history.commit(CLEAN)
    outside = tmp_path / "outside"
    outside.mkdir()
    blob = history.git("hash-object", "-w", "--stdin", data=str(outside).encode())
    file = history.git("hash-object", "-w", "--stdin", data=b"X = 1\n")
    inner = history.git("mktree", data=f"100644 blob {file}\tevil.py\n".encode())
    tree = history.git("mktree", data=f"120000 blob {blob}\tp\n040000 tree {inner}\tp\n".encode())
    commit = history.git("commit-tree", tree, "-m", "x")

    finished = cycles(history.folder, "check", "p", "--since", commit, "--no-merge-base")

    assert finished.returncode in (0, 2)
    assert "Traceback" not in finished.stderr
    assert list(outside.iterdir()) == []


def test_a_repository_that_is_reached_by_a_link(history, tmp_path):
    history.write(RING)
    (tmp_path / "link").symlink_to(history.folder)

    finished = cycles(tmp_path / "link", *SINCE)

    assert verdict(finished)[0] in (1, 2)
    assert "Traceback" not in finished.stderr


def test_a_submodule_is_compared_by_its_commit(tmp_path, history):
    inner = History(tmp_path / "inner")
    inner.commit({"__init__.py": "", "m.py": "import p.a\n"})
    history.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.folder), "p/inner")
    history.commit({"p/a.py": "X = 1\n"})
    history.write({"p/a.py": "import p.inner.m\n"})

    assert verdict(cycles(history.folder, *SINCE))[0] == 1

    history.write(
        {"p/a.py": "X = 1\n", "p/inner/m.py": "import p.a\nimport p.inner.n\n", "p/inner/n.py": "import p.inner.m\n"}
    )
    assert verdict(cycles(history.folder, *SINCE))[0] == 1

    shutil.rmtree(history.folder / ".git/modules/p/inner/objects")
    finished = cycles(history.folder, *SINCE)
    assert finished.returncode == 0
    assert "not here as they were then, and not compared: p/inner" in finished.stdout


def test_a_linked_working_tree(history, tmp_path):
    history.git("worktree", "add", "-q", str(tmp_path / "linked"))
    write_files(tmp_path / "linked", RING)

    assert verdict(cycles(tmp_path / "linked", *SINCE)) == WORSE
    assert verdict(cycles(history.folder, *SINCE)) == NONE


def test_what_a_sparse_checkout_leaves_out_is_no_change(history):
    history.commit({"p/big/__init__.py": "from p import c\n", "p/big/m.py": "import p.c\n", "p/c.py": "import p.big\n"})
    history.git("sparse-checkout", "set", "--no-cone", "/p/*.py", "!/p/big/")
    assert not (history.folder / "p/big").exists()

    assert verdict(cycles(history.folder, *SINCE)) == NONE
    history.write(RING)
    assert verdict(cycles(history.folder, *SINCE)) == WORSE


def test_a_shallow_clone_that_lacks_the_commit_says_what_to_fetch(history, tmp_path):
    first = history.git("rev-parse", "HEAD")
    history.commit(RING)
    history.git("clone", "-q", "--depth=1", history.folder.as_uri(), str(tmp_path / "shallow"))

    finished = cycles(tmp_path / "shallow", "check", "p", "--since", first)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert f"git fetch origin {first} --depth=1" in finished.stderr
    command = finished.stderr.strip().rpartition(": ")[2].split()
    subprocess.run(command, cwd=tmp_path / "shallow", check=True, capture_output=True)
    assert verdict(cycles(tmp_path / "shallow", "check", "p", "--since", first, "--no-merge-base")) == WORSE


@pytest.mark.parametrize("name", ["main", "origin/main"])
def test_a_shallow_clone_without_the_merge_base_says_what_to_fetch(history, tmp_path, name):
    history.git("checkout", "-q", "-b", "topic")
    history.commit(RING)
    history.git("checkout", "-q", "main")
    history.commit({"p/c.py": "import p.b\n"})
    shallow = tmp_path / "shallow"
    history.git("clone", "-q", "--depth=1", "--no-single-branch", "-b", "topic", history.folder.as_uri(), str(shallow))

    finished = cycles(shallow, "check", "p", "--since", name)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert "git fetch" in finished.stderr
    command = finished.stderr.strip().rpartition(": ")[2].split()
    subprocess.run(command, cwd=shallow, check=True, capture_output=True)
    if name == "main":
        name = "origin/main"
    subprocess.run(["git", "fetch", "--unshallow"], cwd=shallow, check=False, capture_output=True)
    assert verdict(cycles(shallow, "check", "p", "--since", name)) == WORSE


def test_a_partial_clone_that_lacks_files_says_what_to_fetch_and_fetches_nothing(history, tmp_path):
    history.git("config", "uploadpack.allowFilter", "true")
    first = history.git("rev-parse", "HEAD")
    history.commit(RING)
    partial = tmp_path / "partial"
    history.git("clone", "-q", "--filter=blob:none", history.folder.as_uri(), str(partial))
    packs = sorted((partial / ".git/objects").rglob("*"))

    finished = cycles(partial, "check", "p", "--since", first)

    assert (finished.returncode, finished.stdout, finished.stderr.count("\n")) == (2, "", 1)
    assert "git fetch --refetch --no-filter" in finished.stderr
    assert sorted((partial / ".git/objects").rglob("*")) == packs
    command = finished.stderr.strip().rpartition(": ")[2].split()
    subprocess.run(command, cwd=partial, check=True, capture_output=True)
    assert verdict(cycles(partial, "check", "p", "--since", first)) == WORSE


def test_a_repository_with_longer_hashes(tmp_path):
    history = History(tmp_path, "--object-format=sha256")
    history.commit(CLEAN)
    history.write(RING)

    assert verdict(cycles(tmp_path, *SINCE)) == WORSE


def test_in_a_hook_of_git_the_repository_is_that_of_the_folder(history, tmp_path):
    other = History(tmp_path / "other")
    other.commit({**CLEAN, **RING})
    history.write(RING)
    hook = other.folder / ".git/hooks/pre-commit"
    out = tmp_path / "out"
    hook.write_text(
        f"#!/bin/sh\ncd {history.folder}\n{sys.executable} -m cycles check p --since HEAD > {out}\nexit 0\n"
    )
    hook.chmod(0o755)
    other.write({"x": "x"})
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "x", PYTHONPATH=str(Path(__file__).parents[1]), COLUMNS="100")

    assert WORSE[1] in out.read_text()


@pytest.mark.parametrize("amend", [[], ["-a"]])
def test_in_its_own_hook_what_is_committed_is_seen(history, tmp_path, amend):
    hook = history.folder / ".git/hooks/pre-commit"
    out = tmp_path / "out"
    hook.write_text(f"#!/bin/sh\n{sys.executable} -m cycles check p --since HEAD > {out}\nexit 0\n")
    hook.chmod(0o755)
    history.write(RING)
    history.git("add", "-A")
    history.git("commit", "-q", *amend, "-m", "x", PYTHONPATH=str(Path(__file__).parents[1]), COLUMNS="100")

    assert WORSE[1] in out.read_text()


def traps(history: History, marks: Path) -> None:
    """Configure everything that git can be made to run; each leaves a mark."""

    def trap(name: str) -> str:
        script = marks.parent / "traps" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {marks}/{name}\nexec cat\n")
        script.chmod(0o755)
        return str(script)

    hooks = history.folder / "hooks"
    hooks.mkdir()
    for hook in (
        *("applypatch-msg", "pre-commit", "post-checkout", "post-merge", "post-index-change", "reference-transaction"),
        *("fsmonitor-watchman", "pre-auto-gc", "proc-receive", "sendemail-validate", "post-rewrite", "update"),
    ):
        shutil.copy(trap(f"hook-{hook}"), hooks / hook)
        shutil.copy(trap(f"hook-{hook}"), history.folder / ".git/hooks" / hook)
    settings = {
        "core.hooksPath": str(hooks),
        "core.fsmonitor": trap("fsmonitor"),
        "core.sshCommand": trap("ssh"),
        "core.pager": trap("pager"),
        "core.editor": trap("editor"),
        "core.askPass": trap("askpass"),
        "core.gitProxy": trap("proxy"),
        "core.alternateRefsCommand": trap("alternates"),
        "diff.external": trap("external-diff"),
        "diff.python.textconv": trap("textconv"),
        "diff.python.command": trap("diff-command"),
        "filter.python.clean": trap("clean"),
        "filter.python.smudge": trap("smudge"),
        "filter.python.process": trap("process"),
        "filter.python.required": "true",
        "merge.python.driver": trap("merge"),
        "credential.helper": f"!{trap('credential')}",
        "gpg.program": trap("gpg"),
        "log.showSignature": "true",
        "remote.origin.url": f"ext::{trap('ext')} %S",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "remote.origin.uploadpack": trap("uploadpack"),
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "extensions.partialClone": "origin",
        "uploadpack.packObjectsHook": trap("pack-objects"),
        "gc.auto": "1",
        "maintenance.auto": "true",
        "interactive.diffFilter": trap("interactive"),
        "difftool.x.cmd": trap("difftool"),
        "diff.tool": "x",
        "trace2.eventTarget": str(marks / "trace"),
        "trace2.normalTarget": str(marks / "trace"),
    }
    for command in (
        "rev-parse",
        "ls-tree",
        "cat-file",
        "check-ignore",
        "ls-files",
        "merge-base",
        "diff",
        "config",
        "ls",
        "status",
    ):
        settings[f"alias.{command}"] = f"!{trap(f'alias-{command}')}"
        settings[f"pager.{command}"] = trap(f"pager-{command}")
    for name, value in settings.items():
        history.git("config", name, value)
    write_files(history.folder, {".git/info/attributes": "*.py filter=python diff=python merge=python\n"})


@pytest.mark.posix
def test_nothing_that_a_repository_configures_is_run(history, tmp_path, monkeypatch):
    marks = tmp_path / "marks"
    marks.mkdir()
    history.commit({".gitattributes": "*.py filter=python diff=python merge=python\n", ".gitignore": "made.py\n"})
    history.git("sparse-checkout", "set", "--no-cone", "/*")
    blob = history.git("rev-parse", "HEAD:p/b.py")
    traps(history, marks)
    for path in marks.iterdir():
        path.unlink()
    history.write({**RING, "p/c.py": None, "p/d.py": CLEAN["p/c.py"], "p/made.py": ""})

    assert verdict(cycles(history.folder, *SINCE)) == WORSE
    # It lacks a file of the commit now, as a partial clone does.
    (history.folder / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    finished = cycles(history.folder, *SINCE)

    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(tmp_path / "traps/external-diff"))
    monkeypatch.setenv("GIT_SSH_COMMAND", str(tmp_path / "traps/ssh"))
    cycles(history.folder, *SINCE)
    assert sorted(path.name for path in marks.iterdir()) == []


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file and folder with its mode, its time and its content."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else b"",
        )
        for path in (folder, *sorted(folder.rglob("*")))
    }


def test_the_repository_is_as_it_was(history):
    history.commit({"p/link.py": "X = 1\n"})
    (history.folder / "p/other.py").symlink_to("a.py")
    history.git("add", "-A")
    history.write({**RING, "p/c.py": None, "p/d.py": CLEAN["p/c.py"], "p/new.py": "import p.a\n"})
    # The index is older than the files: git would like to refresh it.
    for path in (history.folder / "p").iterdir():
        os.utime(path, (time.time() + 5, time.time() + 5), follow_symlinks=False)
    before = state(history.folder)

    for arguments in (SINCE, ("check", "p", "--since", "main"), (*SINCE, "--graph", "all", "--format", "json")):
        assert cycles(history.folder, *arguments).returncode == 1

    assert state(history.folder) == before


def test_a_repository_that_nobody_may_write_to(history):
    history.write(RING)
    subprocess.run(["chmod", "-R", "a-w", str(history.folder)], check=True)
    try:
        assert verdict(cycles(history.folder, *SINCE)) == WORSE
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(history.folder)], check=True)


def started(folder: Path, temporary: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cycles", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**ENVIRONMENT, "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )


def moments(folder: Path, temporary: Path, *arguments: str) -> Iterator[float]:
    """Some moments between the start and the end of a run."""
    begun = time.monotonic()
    started(folder, temporary, *arguments).communicate()
    whole = time.monotonic() - begun
    yield from (whole * part for part in (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0))


@pytest.mark.posix
def test_no_temporary_folder_outlives_a_signal(history, tmp_path):
    history.commit({f"p/m{number}.py": f"import p.a\nX = {number}\n" for number in range(300)})
    history.write({**RING, **{f"p/m{number}.py": f"X = {number}\n" for number in range(0, 300, 2)}})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    ends = set()

    for moment in moments(history.folder, temporary, *SINCE):
        process = started(history.folder, temporary, *SINCE)
        time.sleep(moment)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        ends.add(process.returncode)
        assert b"Traceback" not in errors
        assert list(temporary.iterdir()) == [], moment

    assert ends <= {1, 128 + signal.SIGTERM, -signal.SIGTERM}
