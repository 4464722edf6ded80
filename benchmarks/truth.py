"""Print how far predictions of first imports agree with the truth, and keep it in `benchmarks/TRUTH.md`.

The truth is what a fresh interpreter says, module by module, in an environment that holds the packages with all that
they need. It is kept in `build/truth`, where a second run finds it. The table is written anew after each row. With names
of packages as arguments, theirs are printed, and nothing is written.
"""

import collections
import datetime as dt
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import mutants
from cycles.api import analyze
from cycles.children.run_python import Interpreter
from cycles.enums import Verdict
from cycles.model import Analysis, FirstImport, ImportLink
from cycles.simulate.simulate_first_imports import Library, predict
from cycles.source.source_file import sources_of
from forking import probe_forked

PROJECT = Path(__file__).parents[1]
FOLDER = PROJECT / "build" / "truth"
PYTHON = FOLDER / "venv" / "bin" / "python"
LIMIT = 60
_TESTS = {"__main__", "_tests", "conftest", "test", "tests"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A package as it was installed, or a mutant of it."""

    package: str
    mutant: str
    setup: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.package, self.mutant, self.setup and "set up"]))


@dataclass(frozen=True, slots=True)
class Row:
    """How the prediction for one subject compares with the truth."""

    name: str
    kind: str
    modules: int
    importable: int
    crashes: int
    places: int
    predicted: int
    exact: int
    false: int
    false_other: int
    missed: int
    unknown: int
    other: int
    seconds: float
    notes: tuple[str, ...]


def distributions() -> list[str]:
    """What has to be installed."""
    return list(dict.fromkeys(words[0] for words in _lines()))


def subjects() -> list[Subject]:
    """Every package, then its mutants; all in the order of `truth.txt`."""
    found = []
    for _, package, listed, *setup in _lines():
        found.append(Subject(package, "", " ".join(setup)))
        found += [Subject(package, mutant, "") for mutant in listed.split(",") if mutant != "-"]
    return found


def analysis_of(subject: Subject) -> Analysis:
    """The subject as `cycles` reads it; a mutant is made first."""
    (installed,) = (FOLDER / "venv" / "lib").glob("python*/site-packages")
    if not subject.mutant:
        return analyze(subject.package, folders=[installed])
    folder = FOLDER / "mutants" / subject.name.replace(" ", "-")
    mutants.copy(installed / subject.package, folder, subject.mutant)
    return analyze(subject.package, folders=[folder])


def wanted(analysis: Analysis) -> list[str]:
    """The modules that are imported: not the package's own tests, nor what is run as a program."""
    return [file.name for file in analysis.files if not _TESTS & set(file.name.split("."))]


def truth(subject: Subject, analysis: Analysis) -> list[FirstImport]:
    """What a fresh interpreter says of each module; kept, and found again as long as nothing of it has changed."""
    kept = FOLDER / f"{subject.name.replace(' ', '-')}.json"
    modules, key = wanted(analysis), _key(subject, analysis)
    if kept.is_file():
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["key"] == key and [fields["module"] for fields in known["entries"]] == modules:
            return [_entry(fields) for fields in known["entries"]]
    empty = FOLDER / "empty"
    empty.mkdir(exist_ok=True)
    interpreter = Interpreter(
        python=str(PYTHON),
        folder=str(empty),
        environment={"PATH": os.environ["PATH"], "HOME": str(empty), "LANG": "C.UTF-8"},
        project=analysis.project,
        source_folders=(analysis.folder,),
        setup=subject.setup,
    )
    found = probe_forked(modules, interpreter, seconds=LIMIT)
    kept.write_text(json.dumps({"key": key, "entries": [asdict(entry) for entry in found]}), encoding="utf-8")
    return found


def _key(subject: Subject, analysis: Analysis) -> str:
    """What the truth depends on, as far as it is known."""
    found = hashlib.sha256(f"{platform.python_version()} {subject}".encode())
    for file in analysis.files:
        found.update(Path(file.path).read_bytes())
    return found.hexdigest()


def compare(subject: Subject) -> Row:
    """The prediction beside the truth."""
    analysis = analysis_of(subject)
    found = truth(subject, analysis)
    started = time.process_time()
    library = Library(sources_of(analysis.files), analysis.compiled, analysis.project, sys.version_info[:2])
    after = ["django.conf"] if subject.setup else []
    predictions = predict(library, [entry.module for entry in found], after=after)
    seconds = time.process_time() - started
    pairs = [(entry, prediction.entry) for entry, prediction in zip(found, predictions, strict=True)]
    crashes = [(true, said) for true, said in pairs if true.verdict is Verdict.CRASH]
    false = [said for true, said in pairs if said.verdict is Verdict.CRASH and true.verdict is Verdict.OK]
    wrongly = [said for true, said in pairs if said.verdict is Verdict.OTHER and true.verdict is Verdict.OK]
    missed = [(true, said) for true, said in crashes if said.verdict is not Verdict.CRASH]
    unknown = [said for _, said in pairs if said.verdict is Verdict.UNKNOWN]
    moved = [(true, said) for true, said in crashes if said.verdict is Verdict.CRASH and _place(true) != _place(said)]
    return Row(
        name=subject.name,
        kind=subject.mutant.partition("-")[0],
        modules=len(found),
        importable=sum(entry.verdict is Verdict.OK for entry in found),
        crashes=len(crashes),
        places=len({_place(true) for true, _ in crashes}),
        predicted=len(crashes) - len(missed),
        exact=len(crashes) - len(missed) - len(moved),
        false=len(false),
        false_other=len(wrongly),
        missed=len(missed),
        unknown=len(unknown),
        other=sum(entry.verdict in (Verdict.OTHER, Verdict.UNKNOWN) for entry in found),
        seconds=seconds,
        notes=_gathered(
            *(f"false crash at {_place(said)} ({said.error})" for said in false),
            *(f"importable, predicted {_short(said)} at {_place(said)}" for said in wrongly),
            *(f"missed at {_place(true)}: {_short(true)}; predicted {_short(said)}" for true, said in missed),
            *(f"at {_place(true)}: {_short(true)}; predicted at {_place(said)}" for true, said in moved),
            *(f"unknown: {_short(said)}" for said in unknown),
        ),
    )


def _gathered(*notes: str) -> tuple[str, ...]:
    """Each note once, with how many modules it is for."""
    return tuple(f"{count} × {note}" for note, count in collections.Counter(notes).most_common())


def _short(entry: FirstImport) -> str:
    """What became of an entry, without paths of this machine."""
    words = (entry.error or entry.reason or str(entry.verdict)).partition(" (most likely")[0]
    return f"{entry.verdict} ({words.rpartition('/mutants/')[2].rpartition('site-packages/')[2]})"


def report(rows: list[Row]) -> Iterator[str]:
    """The table and what differs, as Markdown."""
    yield "# Predicted first imports beside the truth"
    yield ""
    yield (
        f"Measured {dt.datetime.now(tz=dt.UTC).date()} by `make truth` on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()}: every module but tests and `__main__` was really imported "
        "first in an interpreter that had imported nothing, or only the package above it, "
        "in an environment that holds the package and all that it needs. "
        "A mutant is a copy that `benchmarks/mutants.py` changed: an empty root `__init__` (blank), half of all blocks of imports "
        "in an order drawn with a seed (shuffled), or up to six places in different files: an import closed into a cycle, "
        "hoisted out of a function, made an attribute, guarded by `try`, made by a hook, hidden behind a module's `__getattr__` (lazy), "
        "or a submodule shadowed by a name. A failure is a cycle crash where the failing code asks for something of a module under way; "
        "`other` are all other failures. `exact` crashes are predicted at their file and line; `false` modules can be imported and are called a crash "
        "(`false other`: are said to fail otherwise)."
    )
    yield ""
    yield "| package | modules | importable | other | cycle crashes | places | predicted | exact | missed | false | false other | unknown | s |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    whole = [row for row in rows if not row.kind]
    for row in (*whole, _sum("as installed", whole)):
        yield _line(row)
    changed = [row for row in rows if row.kind]
    for row in (*changed, _sum("mutants", changed)):
        yield _line(row)
    for kind in sorted({row.kind for row in changed}):
        yield _line(_sum(f"mutants, {kind}", [row for row in changed if row.kind == kind]))
    differing = [row for row in rows if row.notes]
    if differing:
        yield ""
        yield "## Where they differ"
    for row in differing:
        yield ""
        yield f"{row.name}:"
        yield ""
        yield from (f"- {note}" for note in row.notes)


def _sum(name: str, rows: list[Row]) -> Row:
    figures = {
        field: sum(getattr(row, field) for row in rows)
        for field in (
            "modules",
            "importable",
            "crashes",
            "places",
            "predicted",
            "exact",
            "false",
            "false_other",
            "missed",
            "unknown",
            "other",
        )
    }
    return Row(name=f"**{name}**", kind="", seconds=sum(row.seconds for row in rows), notes=(), **figures)


def _line(row: Row) -> str:
    return (
        f"| {row.name} | {row.modules:,} | {row.importable:,} | {row.other:,} | {row.crashes:,} | {row.places:,} | {row.predicted:,} "
        f"| {row.exact:,} | {row.missed:,} | {row.false:,} | {row.false_other:,} | {row.unknown:,} | {row.seconds:.1f} |"
    )


def _place(entry: FirstImport) -> str:
    """Where an entry crashes, below the folder that the packages are in."""
    path = entry.path or ""
    for folder in ("site-packages/", "mutants/"):
        path = path.rpartition(folder)[2]
    return f"{path}:{entry.line_number}"


def _entry(fields: dict) -> FirstImport:
    links = tuple(ImportLink(**link) for link in fields.pop("chain"))
    return FirstImport(**{**fields, "verdict": Verdict(fields["verdict"]), "chain": links})


def _lines() -> list[list[str]]:
    lines = (PROJECT / "benchmarks" / "truth.txt").read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def install() -> None:
    """Make the environment, unless what it holds is what is asked for; what was measured in another is forgotten."""
    wanted_now = "\n".join(sorted(distributions()))
    mark = FOLDER / "installed.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted_now:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(FOLDER / "venv")], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *distributions()], check=True)
    mark.write_text(wanted_now, encoding="utf-8")


if __name__ == "__main__":
    install()
    measured = []
    asked = sys.argv[1:]
    for subject in subjects():
        if asked and subject.package not in asked:
            continue
        measured.append(compare(subject))
        print(_line(measured[-1]), *measured[-1].notes, sep="\n  ", flush=True)
        if not asked:
            table = "\n".join(report(measured)) + "\n"
            (PROJECT / "benchmarks" / "TRUTH.md").write_text(table, encoding="utf-8")
