"""Take real packages apart with `cycles fix --moves --write`, and look at what comes of it: into `benchmarks/FIXES.md`.

Each package is copied, with its tests where its source distribution has some. Then: is what is left as predicted? Can
every module still be imported first? Which tests fail newly? Do the patches give the same files, and back?
"""

import argparse
import datetime as dt
import json
import platform
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import fixes
import tested_packages
from forked import Job, outcomes
from sections import write_section
from tested_packages import BUILD, listed, tested

PROJECT = Path(__file__).resolve().parents[1]
GIT = shutil.which("git") or "git"
CYCLES = [sys.executable, "-m", "cycles"]
MODULES = 6
"""Modules of the components that are imported first, at most, and as many of those edited."""
IMPORT_SECONDS = 90
"""How long one import may take; what takes longer cannot be imported here."""
_EASY = ("unused", "type-only", "deferrable", "annotation", "rewirable", "split", "lazy")
_PROMISED_REFUSED = ("edit", "patched", "reloaded", "first import")


@dataclass
class Row:
    """What became of a package."""

    package: str
    components: int = 0
    gone: int = 0
    accepted: int = 0
    before: int = 0
    predicted: int = 0
    measured: int = 0
    moves: int = 0
    easy: int = 0
    made: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    imported: int = 0
    broken: int = 0
    passed: int | None = None
    failing: int = 0
    newly: list[str] = field(default_factory=list)
    untidy: int = 0
    same: str = "yes"
    cuts_seconds: float = 0.0
    fix_seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    day: str = ""

    def line(self) -> str:
        """Return the row of the table."""
        refused = ", ".join(f"{number} {rule}" for rule, number in sorted(self.refused.items())) or "none"
        tests = "not run" if self.passed is None else f"{self.passed} pass, {self.failing} fail"
        newly = "" if self.passed is None else str(len(self.newly))
        cells = (
            *(self.package, f"{self.gone} of {self.components}", self.accepted, f"{self.before} → {self.measured}"),
            *(
                self.predicted,
                self.moves,
                self.made,
                refused,
                f"{self.imported}",
                self.broken,
                tests,
                newly,
                self.untidy,
                self.same,
            ),
            *(f"{self.cuts_seconds:.1f}", f"{self.fix_seconds:.1f}", f"{self.fix_seconds / self.cuts_seconds:.1f}"),
            self.day,
        )
        return f"| {' | '.join(map(str, cells))} |"


HEAD = (
    "| package | components gone | if accepted | modules on cycles | predicted | moved | cuts made | refused, by rule | imported first "
    "| no longer | tests before | newly failing | newly untidy | patches | cuts s | fix s | ratio | on |"
)


class Subject:
    """A package in a folder of its own, twice: as it is, and as it is fixed."""

    def __init__(self, distribution: str, package: str, tests: Sequence[str], python: Path) -> None:
        self.row = Row(package)
        self.package, self.tests, self.python = package, tests, str(python)
        self.setup = next((setup for _, name, setup in fixes.listed() if name == package), "")
        tree = tested_packages.tree(distribution, package, self.python)
        self.was, self.now = (BUILD / "work" / f"{package}-{name}" for name in ("was", "now"))
        for folder in (self.was, self.now):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(tree, folder, symlinks=True)
        for words in (
            ["init", "-q"],
            ["add", "-A", "-f"],
            ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
        ):
            subprocess.run([GIT, *words], cwd=self.now, check=True, capture_output=True)

    def measure(self) -> Row:
        """Fix it, and look at what comes of it."""
        row = self.row
        before = self.cycles("scc")
        members = [module for one in before["components"] for module in one["modules"]]
        row.components, row.before = len(before["components"]), len(members)
        row.cuts_seconds, row.fix_seconds = self.seconds("cuts"), self.seconds("fix")
        fixed = self.cycles("fix", "--moves", "--write")
        noticed = any(step["rule"] in ("patched", "reloaded") for one in fixed["components"] for step in one["steps"])
        accepting = self.cycles("fix", "--moves", "--accept-patched", folder=self.was) if noticed else fixed
        self.count(fixed)
        stay = {name for one in accepting["components"] if one["checks"]["modules"] for name in one["modules"]}
        row.accepted = sum(stay.isdisjoint(one["modules"]) for one in before["components"])
        after = self.cycles("scc")
        left = {module for one in after["components"] for module in one["modules"]}
        row.measured = len(left)
        row.gone = sum(left.isdisjoint(one["modules"]) for one in before["components"])
        self.patched(fixed)
        edited = [step["importer"] for one in fixed["components"] for step in one["steps"] if step["made"]]
        self.imports(list(dict.fromkeys([*members[:MODULES], *edited[:MODULES]])))
        if self.tests:
            self.test()
        row.day = f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}"
        return row

    def seconds(self, command: str) -> float:
        """The time of the processor that a command takes."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cycles(command)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def cycles(self, command: str, *options: str, folder: Path | None = None) -> dict:
        done = subprocess.run(
            [*CYCLES, command, self.package, *options, "--format", "json"],
            cwd=folder or self.now,
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise RuntimeError(done.stderr[-500:]) from None

    def count(self, fixed: dict) -> None:
        row = self.row
        row.moves = sum(len(one["definitions"]) for one in fixed["moves"])
        row.refused.update(f"move: {one['rule']}" for one in fixed["refused_moves"])
        for one in fixed["components"]:
            row.predicted += one["checks"]["modules"]
            row.untidy += len(one["checks"]["untidy"])
            for step in one["steps"]:
                easy = step["fix"] is not None and step["fix"]["kind"] in _EASY
                row.easy += easy
                row.made += step["made"]
                if not step["made"]:
                    kind = step["fix"]["kind"] if step["fix"] and step["rule"] == "code" else step["rule"]
                    row.refused[kind] += 1

    def patched(self, fixed: dict) -> None:
        """Whether the patches give the files that were written, and back."""
        printed = [one["patch"] for one in fixed["moves"]]
        printed += [step["patch"] for one in fixed["components"] for step in one["steps"] if step["made"]]
        written = self.git("stash", "create")
        self.git("add", "-A")
        written = self.git("write-tree")
        if not printed:
            self.row.same = "none"
            return
        data = "".join(printed)
        back = subprocess.run(
            [GIT, "apply", "-R", "--index", "-"],
            cwd=self.now,
            input=data,
            text=True,
            capture_output=True,
            check=False,
        )
        clean = self.git("write-tree") == self.git("rev-parse", "HEAD^{tree}")
        forth = subprocess.run(
            [GIT, "apply", "--index", "-"], cwd=self.now, input=data, text=True, capture_output=True, check=False
        )
        if back.returncode or forth.returncode or not clean or self.git("write-tree") != written:
            self.row.same = "NO"
            self.row.notes.append(f"patches: {(back.stderr or forth.stderr).strip()[:200] or 'other bytes'}")

    def git(self, *words: str) -> str:
        return subprocess.run([GIT, *words], cwd=self.now, capture_output=True, text=True, check=True).stdout.strip()

    def source(self, folder: Path) -> Path:
        """The folder in which the package lies."""
        return tested_packages.source(folder, self.package)

    def imports(self, modules: Sequence[str]) -> None:
        """Import modules first, before and after."""
        said = []
        top = self.package.partition(".")[0]
        for folder in (self.was, self.now):
            where = [self.source(folder)]
            ((_, loaded),) = outcomes([Job(where, [self.package])], python=self.python)
            preload = [name for name in loaded if name.partition(".")[0] != top]
            said.append(
                outcomes(
                    [Job(where, [name], setup=self.setup, seconds=IMPORT_SECONDS) for name in modules],
                    python=self.python,
                    preload=preload,
                    never=top,
                )
            )
        for module, (was, _), (now, _) in zip(modules, *said, strict=True):
            self.row.imported += was is None
            if was is None and now is not None:
                self.row.broken += 1
                self.row.notes.append(f"{module}: {now}")

    def test(self) -> None:
        """Run the tests before and after."""
        row = self.row
        was, now = (tested(one, self.package, self.tests, self.python) for one in (self.was, self.now))
        if was is None or now is None:
            row.notes.append("the tests took too long, or none ran")
            return
        row.passed, row.failing = was[0], len(was[1])
        row.newly = sorted(now[1] - was[1])
        row.notes += [f"newly fails: {name}" for name in row.newly[:8]]
        if now[0] < was[0] - len(row.newly):
            row.notes.append(f"tests that pass: {was[0]} before, {now[0]} after")


def report(rows: Sequence[Row], missing: Sequence[str]) -> list[str]:
    """Return the lines of the section."""
    tested = [row for row in rows if row.passed is not None]
    made, easy = sum(row.made for row in rows), sum(row.easy for row in rows)
    how = (
        "Measured by `benchmarks/whole_fixes.py` (`make fixes`), each row on the day that it names, Python "
        f"{platform.python_version()}, {platform.system()}: `cycles fix PACKAGE --moves --write` in a copy of each source "
        "distribution (of the installed package where no tests of it run), import-time graph, nothing accepted; *if accepted* are the components that `--accept-patched` "
        "would end, whose steps tests may notice. *Predicted* is "
        "what `fix` says is left, beside what `cycles scc` finds in the written files. *Imported first* are modules that a "
        f"fresh interpreter imports before (of at most {2 * MODULES}: those of the components, those edited), *no longer* "
        "those of them that it does not afterwards. The tests are those that `benchmarks/whole_fixes.txt` names. *Patches*: "
        "whether they give the written files, and back, byte by byte. *cuts s* and *fix s* are seconds of the processor that "
        "`cycles cuts PACKAGE` and `cycles fix PACKAGE` take, and *ratio* how they compare."
    )
    result = (
        f"{len(rows)} packages, {len(tested)} with tests: {sum(row.gone for row in rows)} of "
        f"{sum(row.components for row in rows)} components gone wholly ({sum(row.accepted for row in rows)} if accepted), {sum(row.before for row in rows)} → "
        f"{sum(row.measured for row in rows)} modules on cycles; as predicted in "
        f"{sum(row.predicted == row.measured for row in rows)}; {made} cuts made of {easy} that take no more than edits of "
        f"imports; {sum(row.broken for row in rows)} of {sum(row.imported for row in rows)} modules not importable any "
        f"more; {sum(len(row.newly) for row in rows)} tests newly failing of {sum(row.passed or 0 for row in tested)}."
    )
    lines = [
        "# Packages taken apart as a whole",
        "",
        how,
        "",
        result,
        "",
        HEAD,
        "|---|---|--:|---|--:|--:|--:|---|--:|--:|---|--:|--:|---|--:|--:|--:|---|",
        *(row.line() for row in rows),
    ]
    if missing:
        lines += ["", f"Not measured: {', '.join(missing)}."]
    for row in rows:
        if row.notes:
            lines += ["", f"{row.package}:", "", *(f"- `{note}`" for note in row.notes)]
    return lines


def known_rows(kept: Path) -> dict[str, Row]:
    """Return what earlier runs found out, by package."""
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    return {name: Row(**{**row, "refused": Counter(row["refused"])}) for name, row in known.items()}


def main() -> None:
    """Measure the packages that are named, or all that are listed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--no-tests", action="store_true", help="leave the tests of the packages out")
    parser.add_argument("--missing", action="store_true", help="measure only packages that are not in the table yet")
    parser.add_argument("--python", type=Path, default=BUILD / "venv" / "bin" / "python")
    arguments = parser.parse_args()
    # Runs of single packages come together in one table.
    kept = BUILD / "rows.json"
    rows = known_rows(kept)
    missing: list[str] = []
    for distribution, package, tests in listed():
        if arguments.packages and package not in arguments.packages:
            continue
        if arguments.missing and package in rows:
            continue
        try:
            subject = Subject(distribution, package, [] if arguments.no_tests else tests, arguments.python)
            found = subject.measure()
        except (RuntimeError, OSError, StopIteration, subprocess.CalledProcessError) as error:
            missing.append(f"{package} ({type(error).__name__}: {str(error)[:120]})")
            sys.stdout.write(f"{missing[-1]}\n")
            continue
        rows = {**known_rows(kept), package: found}
        sys.stdout.write("\n".join([rows[package].line(), *(f"    {note}" for note in rows[package].notes), ""]))
        sys.stdout.flush()
        kept.write_text(json.dumps({name: vars(row) for name, row in rows.items()}), encoding="utf-8")
        shown = [rows[name] for _, name, _ in listed() if name in rows]
        left = [
            name
            for _, name, _ in listed()
            if name not in rows and not any(one.startswith(f"{name} ") for one in missing)
        ]
        write_section(PROJECT / "benchmarks" / "FIXES.md", "whole", report(shown, [*left, *missing]))


if __name__ == "__main__":
    main()
