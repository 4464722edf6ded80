"""Make every fix that plans promise on real packages, and import their modules: the table is `benchmarks/FIXES.md`.

Each fix is made alone, then all of a package together; nothing is written but in memory. A module that could be
imported first before must be importable afterwards, in a real interpreter, and edited code must find all its names.
"""

import argparse
import datetime as dt
import json
import platform
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from cycles.api import analyze, plan_all
from cycles.enums import EASY
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import RefusedError, apply_to_bytes, edits_of
from cycles.model import Analysis, Cut, CutFix, Edit
from forked import Job, outcomes
from sections import write_section
from tested_packages import BUILD, source, tested, tree
from tested_packages import listed as listed_with_tests

PROJECT = Path(__file__).resolve().parents[1]
FIRST = 12
"""Modules of a package that are imported first, at most, and fixes of it that are made beyond those of plans."""
AFTERWARDS = 3
"""Modules that are imported first, at most, once a fix is made: the two of the cut, and others that load what it edits."""
_TESTS = {"__main__", "_tests", "conftest", "test", "tests", "testing"}


@dataclass
class Row:
    """What became of the promised fixes of a package."""

    package: str
    cuts: int = 0
    promised: Counter[str] = field(default_factory=Counter)
    made: int = 0
    imports: int = 0
    together: int = 0
    notes: list[str] = field(default_factory=list)
    broken: int = 0
    edited: int = 0
    passed: int | None = None
    failing: int = 0
    newly: int = 0
    day: str = ""

    def line(self) -> str:
        """Return the row of the table."""
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(self.promised.items())) or "none"
        tests = "not run" if self.passed is None else f"{self.passed} pass, {self.failing} fail"
        newly = "" if self.passed is None else f"{self.newly}"
        cells = (self.package, self.cuts, kinds, self.made, self.imports, self.together, self.broken)
        cells = (*cells, "" if self.passed is None else self.edited, tests, newly, self.day)
        return f"| {' | '.join(map(str, cells))} |"


class Subject:
    """A package that is installed in an environment."""

    def __init__(self, package: str, python: str, folder: Path, setup: str) -> None:
        self.row = Row(package)
        self.python, self.folder, self.setup = python, folder, setup
        self.analysis: Analysis = analyze(package, folders=[folder])
        self.paths = {module.name: module.path for module in self.analysis.files}
        self.data: dict[str, bytes] = {}

    def measure(self) -> Row:
        """Make the fixes."""
        plans = list(plan_all(self.analysis.components))
        planned = [cut for plan in plans for cut in plan.cuts]
        self.row.cuts = len(planned)
        others = [cut for plan in plans for cut in plan.ranking.cuts if cut not in planned]
        wanted = [cut for cut in planned if promised(cut)]
        more = [cut for cut in others if promised(cut) and not cut.reexport][:FIRST]
        self.row.promised.update(str(cut.fix.feasibility) for cut in wanted)
        self.read = sources_of(self.analysis.origin)
        fine = self.before([*wanted, *more])
        # What leads back to its importer is promised only where all of the plan is made.
        whole = {id(cut) for plan in plans if all(map(promised, plan.cuts)) for cut in plan.cuts}
        self.alone([cut for cut in (*wanted, *more) if not cut.fix.leads_to], fine)
        self.all_together([cut.fix for cut in wanted if not cut.fix.leads_to or id(cut) in whole], fine)
        return self.row

    def before(self, cuts: Sequence[Cut]) -> dict[str, list[str]]:
        """The modules that can be imported first, and what each loads; not all of a large package are tried."""
        found = dict.fromkeys(name for cut in cuts for name in (cut.importer, cut.imported))
        found |= dict.fromkeys(name for component in self.analysis.components for name in component.modules)
        found |= dict.fromkeys(sorted(self.paths))
        modules = [name for name in found if not _TESTS & set(name.split("."))][: max(FIRST, 2 * len(cuts))]
        top = self.row.package.partition(".")[0]
        ((_, loaded),) = outcomes([self.job([self.row.package])], python=self.python)
        self.preload = [name for name in loaded if name.partition(".")[0] != top]
        said = self.run([self.job([module]) for module in modules])
        return {module: loaded for module, (error, loaded) in zip(modules, said, strict=True) if error is None}

    def job(self, modules: Sequence[str], edits: Sequence[Edit] = (), *, names: bool = False) -> Job:
        """Import modules in order, with edits made."""
        texts = {}
        for module in {edit.module for edit in edits}:
            path = self.paths[module]
            data = self.data.setdefault(path, Path(path).read_bytes())
            texts[path] = apply_to_bytes(data, [edit for edit in edits if edit.module == module])
        return Job([self.folder], modules, texts, names=names, setup=self.setup)

    def run(self, jobs: Sequence[Job]) -> list[tuple[str | None, list[str]]]:
        return outcomes(jobs, python=self.python, preload=self.preload, never=self.row.package.partition(".")[0])

    def alone(self, cuts: Sequence[Cut], fine: dict[str, list[str]]) -> None:
        """Make each fix alone."""
        jobs, about = [], []
        for cut in cuts:
            edits = self.edits([cut.fix], f"{cut.importer} -> {cut.imported}")
            if not edits:
                continue
            self.row.made += 1
            loading = [module for module in fine if cut.importer in fine[module]]
            chosen = dict.fromkeys(name for name in (cut.importer, cut.imported) if name in fine)
            chosen |= dict.fromkeys(loading[:: max(1, len(loading) // AFTERWARDS)])
            for module in list(chosen)[:AFTERWARDS]:
                jobs.append(self.job([module], edits, names=module == cut.importer))
                about.append((f"{cut.importer} -> {cut.imported} ({cut.fix.feasibility})", module, cut))
        said = self.run(jobs)
        self.row.imports += len(said)
        wrong = [
            (what, module, error, cut) for (what, module, cut), (error, _) in zip(about, said, strict=True) if error
        ]
        for what, module, error, cut in wrong:
            if error.startswith("no ") and self.was_missing(cut, module, error):
                continue
            self.broken(what, module, error)

    def broken(self, what: str, module: str, error: str) -> None:
        self.row.broken += 1
        if not any(note.startswith(f"{what}: ") for note in self.row.notes):
            self.row.notes.append(f"{what}: {module}: {error}")

    def was_missing(self, cut: Cut, module: str, error: str) -> bool:
        """Whether the code before the fix lacked the same names."""
        path = self.paths[cut.importer]
        job = Job([self.folder], [module], {path: Path(path).read_bytes()}, names=True, setup=self.setup)
        ((before, _),) = self.run([job])
        return before is not None and set(error.split()) <= set(before.split())

    def edits(self, fixes: Sequence[CutFix], what: str) -> tuple[Edit, ...]:
        try:
            return edits_of(fixes, self.read.modules, self.read.project)
        except RefusedError as refused:
            self.row.notes.append(f"{what}: refused: {refused}")
            return ()

    def all_together(self, fixes: Sequence[CutFix], fine: dict[str, list[str]]) -> None:
        """Make all promised fixes of the plans."""
        edits = [edit for one in (self.edits(fixes, "all together"),) for edit in one]
        said = self.run([self.job([module], edits) for module in fine]) if edits else []
        self.row.together = len(said)
        for module, (error, _) in zip(fine, said, strict=bool(said)):
            if error:
                self.broken("all together", module, error)


def measure_tests(row: Row, distribution: str, tests: Sequence[str], python: str) -> None:
    """Make all promised fixes of the plans in a copy of the source distribution, and run its tests before and after."""
    was, now = (BUILD / "work" / f"{row.package}-promised-{name}" for name in ("was", "now"))
    for folder in (was, now):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tree(distribution, row.package, python), folder, symlinks=True)
    analysis = analyze(row.package, folders=[source(now, row.package)])
    plans = list(plan_all(analysis.components))
    whole = {id(cut) for plan in plans if all(map(promised, plan.cuts)) for cut in plan.cuts}
    wanted = [
        cut for plan in plans for cut in plan.cuts if promised(cut) and (not cut.fix.leads_to or id(cut) in whole)
    ]
    row.edited = len(wanted)
    paths = {module.name: Path(module.path) for module in analysis.files}
    read = sources_of(analysis.origin)
    edits = edits_of([cut.fix for cut in wanted], read.modules, read.project)
    for module in {edit.module for edit in edits}:
        path = paths[module]
        path.write_bytes(apply_to_bytes(path.read_bytes(), [edit for edit in edits if edit.module == module]))
    said = tested(was, row.package, tests, python), tested(now, row.package, tests, python)
    if said[0] is None or said[1] is None:
        row.notes.append("the tests took too long, or none ran")
        return
    (row.passed, failing), (_, failing_now) = said[0], said[1]
    row.failing, newly = len(failing), sorted(failing_now - failing)
    row.newly = len(newly)
    row.notes += [f"newly fails: {name}" for name in newly[:8]]


def promised(cut: Cut) -> bool:
    """Whether the fix of a cut is one that can be made by moving imports."""
    return cut.fix is not None and cut.fix.feasibility in EASY and cut.fix.doubt is None


def listed() -> list[tuple[str, str, str]]:
    """The distributions to install, the package of each, and what is to run before its modules can be imported."""
    lines = (PROJECT / "benchmarks" / "fixes.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if line and not line.startswith("#"):
            distribution, package, *setup = line.split(maxsplit=2)
            found.append((distribution, package, setup[0] if setup else ""))
    return found


def report(rows: Sequence[Row]) -> Iterator[str]:
    """Return the lines of the table."""
    yield "# Promised fixes, made on real packages"
    yield ""
    yield (
        f"Measured by `make fixes`, Python {platform.python_version()}, "
        f"{platform.system()}. Cuts and promised fixes, by kind, are those of the plans (`cycles cuts`). Each of "
        f"these, and up to {FIRST} other promised ones of the package, is made alone, in memory; then modules that could "
        "be imported first before are imported again, each in a fresh interpreter, and the code that was edited must "
        "find all its names. Then all promised fixes of the plans are made together. *Edited* are the promised fixes that are "
        "made at once in a copy of the source distribution, whose tests (`benchmarks/whole_fixes.txt`) run before and after."
    )
    yield ""
    yield "| package | cuts | promised | made alone | imports after | after all together | broken | edited | tests before | newly failing | on |"
    yield "|---|--:|---|--:|--:|--:|--:|--:|---|--:|---|"
    yield from (row.line() for row in rows)
    promised = sum((row.promised for row in rows), Counter[str]())
    summed = ("cuts", "made", "imports", "together", "broken", "edited", "passed", "failing", "newly")
    figures = {name: sum(getattr(row, name) or 0 for row in rows) for name in summed}
    yield Row("**all**", promised=promised, **figures).line()
    for row in rows:
        if row.notes:
            yield from ("", f"{row.package}:", "", *(f"- {note}" for note in row.notes))


def main() -> None:
    """Measure the packages that are named, or all that are listed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--venv", type=Path, default=PROJECT / "build" / "fixes" / "venv")
    arguments = parser.parse_args()
    python = arguments.venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", arguments.venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *(one for one, _, _ in listed())], check=True)
    (folder,) = (arguments.venv / "lib").glob("python*/site-packages")
    # Runs of single packages come together in one table.
    kept = BUILD / "promised.json"
    tests = {package: (distribution, words) for distribution, package, words in listed_with_tests() if words}
    for _, package, setup in listed():
        if arguments.packages and package not in arguments.packages:
            continue
        today = f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}"
        row = Subject(package, str(python), folder, setup).measure()
        row.day = today
        if package in tests:
            measure_tests(row, *tests[package], str(python.absolute()))
        sys.stdout.write("\n".join([row.line(), *(f"    {note}" for note in row.notes), ""]))
        sys.stdout.flush()
        rows = {**_known(kept), package: row}
        kept.write_text(json.dumps({name: vars(row) for name, row in rows.items()}), encoding="utf-8")
        shown = [rows[name] for _, name, _ in listed() if name in rows]
        write_section(PROJECT / "benchmarks" / "FIXES.md", "promised", list(report(shown)))


def _known(kept: Path) -> dict[str, Row]:
    """What earlier runs found out, by package."""
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    return {name: Row(**{**row, "promised": Counter(row["promised"])}) for name, row in known.items()}


if __name__ == "__main__":
    main()
