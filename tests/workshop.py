"""Where a project is written and command lines are run on it; what each came to, and what is wrong with it, out."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import hostile
from accounting import python_files, unaccounted
from command_lines import Run
from judging import Fault, Outcome, command_of, faults

PROJECT = Path(__file__).parents[1]
# For what waits without end; the limit of what computes is one of CPU.
_SECONDS = 90.0
_CONFIGURATIONS = ("pyproject.toml", "setup.cfg", ".importlinter")


class Warm:
    """A running `warm.py`; every request is a process of its own."""

    def __init__(self, hash_seed: int) -> None:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONPATH": str(PROJECT),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.hash_seed = hash_seed
        self.process = subprocess.Popen(
            [sys.executable, str(PROJECT / "tests" / "warm.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def ask(self, request: dict) -> dict:
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


@dataclass(slots=True)
class Workshop:
    """Where projects are written and run; `temporary` is the TMPDIR of the runs, `out` a folder for their files."""

    place: Path
    warm: Warm
    others: list[Warm]

    @property
    def temporary(self) -> Path:
        return self.place / "tmp"

    @property
    def out(self) -> Path:
        return self.place / "out"

    def fresh(self, project: hostile.Project) -> Path:
        """Write a project where the last one was; returns its folder."""
        remove(self.place / "work")
        for folder in (self.temporary, self.out):
            remove(folder)
            folder.mkdir()
            folder.chmod(0o777)
        top = hostile.write(project, self.place / "work")
        for folder in (self.place, self.place / "work"):
            folder.chmod(0o755)
        if project.user:
            _give(top, project.user)
        return top

    def run(self, run: Run, folder: Path, warm: Warm | None = None, *, real: int | None = None) -> Outcome:
        """Run a command line; what it changed is changed back."""
        before = _snapshot(folder)
        arguments = [argument.replace("{out}", str(self.out)) for argument in run.arguments]
        environment = self.environment(run)
        begun = time.monotonic()
        if real is None:
            reply = (warm or self.warm).ask(
                {
                    "what": "run",
                    "arguments": arguments,
                    "folder": str(folder),
                    "environment": environment,
                    "stdout": str(self.place / "stdout"),
                    "stderr": str(self.place / "stderr"),
                    "user": run.user,
                    "seconds": _SECONDS,
                }
            )
            status = reply["status"]
        else:
            status = self._really(arguments, folder, environment, run.user, real)
        seconds = time.monotonic() - begun
        files = {}
        for path in sorted(self.out.rglob("*")):
            if path.is_file():
                files[f"out/{path.relative_to(self.out)}"] = path.read_bytes()
        for path in sorted(self.out.iterdir()):
            remove(path)
        changed = _changes(folder, before)
        left = [os.path.basename(path) for path in sorted(self.temporary.iterdir())]
        for path in self.temporary.iterdir():
            remove(path)
        for path, content in changed.items():
            files[f"project/{path}"] = content
        for name in left:
            files[f"temporary/{name}"] = b""
        return Outcome(
            status, (self.place / "stdout").read_bytes(), (self.place / "stderr").read_bytes(), files, seconds
        )

    def environment(self, run: Run, hash_seed: int = 0) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.out),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(PROJECT),
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONIOENCODING": run.encoding,
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "COLUMNS": run.columns,
        }

    def _really(self, arguments: list[str], folder: Path, environment: dict, user: int, hash_seed: int) -> int | None:
        with open(self.place / "stdout", "wb") as stdout, open(self.place / "stderr", "wb") as stderr:
            try:
                return subprocess.run(
                    [sys.executable, "-P", "-m", "cycles", *arguments],
                    cwd=folder,
                    env={**environment, "PYTHONHASHSEED": str(hash_seed)},
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    timeout=_SECONDS,
                    check=False,
                    **({"user": user, "group": user, "extra_groups": []} if user else {}),
                ).returncode
            except subprocess.TimeoutExpired:
                return None

    def asked(self, what: str, **more) -> object:
        """Ask for an account or the truth; how the process ended where that was too early."""
        reply = self.warm.ask(
            {
                "what": what,
                "folder": str(self.place),
                "environment": self.environment(Run((), "80", "utf-8", 0)),
                "stdout": str(self.place / "stdout"),
                "stderr": str(self.place / "stderr"),
                "seconds": _SECONDS,
                **more,
            }
        )
        if reply["status"] == 0:
            return json.loads((self.place / "stdout").read_bytes())
        return Outcome(reply["status"], b"", (self.place / "stderr").read_bytes(), {}, reply["seconds"])


def judged(run: Run, outcome: Outcome) -> list[Fault]:
    """What is wrong with a run, what it left behind among it."""
    found = list(faults(list(run.arguments), outcome))
    writes = {"--write", "--update"} & {*run.arguments}
    for path in outcome.files:
        if path.startswith("temporary/"):
            found.append(Fault("left behind", f"{command_of(run.arguments)}: in the temporary folder", path))
        elif path.startswith("project/") and not (writes or "-o" in run.arguments):
            found.append(Fault("left behind", f"{command_of(run.arguments)}: in the project", path))
    return found


def comparable(outcome: Outcome) -> tuple:
    return outcome.status, outcome.stdout, outcome.stderr, tuple(outcome.files.items())


def account(workshop: Workshop, project: hostile.Project, top: Path) -> list[Fault]:
    """What is wrong with the files that are analysed or reported."""
    places = [place for place in (top, top / "src") if place.is_dir()]
    found = workshop.asked(
        "account", package=project.package, places=[str(place) for place in places], user=project.user
    )
    if isinstance(found, Outcome):
        return list(faults(["account"], found))
    if found["error"]:
        return []
    folders = [place / project.package for place in places]
    regular = next((folder for folder in folders if (folder / "__init__.py").is_file()), None)
    folders = [regular] if regular else [folder for folder in folders if folder.is_dir()]
    paths = python_files(folders)
    truths = workshop.asked("truth", paths=paths, user=project.user)
    if isinstance(truths, Outcome):
        # One of them crashes the parser of Python itself: which one is of no interest.
        assert truths.status is None or truths.status < 0, truths.stderr.decode()
        return []
    return list(unaccounted(folders, Path(found["project"]), found, dict(zip(paths, truths, strict=True))))


def _snapshot(folder: Path) -> dict[str, object]:
    """The entries below a folder; of the files at its top, and those alone, what they hold."""
    found: dict[str, object] = {}
    for path, directories, files in os.walk(folder):
        directories.sort()
        for name in (*directories, *files):
            full = os.path.join(path, name)
            found[os.path.relpath(full, folder)] = (
                _content(full) if name in _CONFIGURATIONS and path == str(folder) else None
            )
    return found


def _content(path: str) -> bytes | None:
    try:
        if os.path.isfile(path) and not os.path.islink(path):
            with open(path, "rb") as file:
                return file.read()
    except OSError:
        pass
    return None


def _changes(folder: Path, before: dict[str, object]) -> dict[str, bytes]:
    """The files that are new or others than before; all is put back."""
    changed = {}
    after = _snapshot(folder)
    for path, content in after.items():
        if path not in before:
            changed[path] = _content(os.path.join(folder, path)) or b""
            remove(folder / path)
        elif content != before[path]:
            changed[path] = content or b""
            (folder / path).write_bytes(before[path])
    for path in before.keys() - after.keys():
        changed[f"gone: {path}"] = b""
    return changed


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for here, directories, _ in os.walk(path):
            for name in directories:
                full = os.path.join(here, name)
                if not os.path.islink(full):
                    os.chmod(full, 0o700)
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def _give(folder: Path, user: int) -> None:
    os.lchown(folder, user, user)
    for path, directories, files in os.walk(os.fsencode(folder)):
        for name in (*directories, *files):
            os.lchown(os.path.join(path, name), user, user)
