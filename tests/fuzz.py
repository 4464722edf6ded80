"""Every command on thousands of hostile packages: `make fuzz SEED=1 RUNS=2000`.

Everything is drawn from the seed. A promise that is broken is shown with a reproducer: a folder that is kept,
made small, and the command to run there. Exit status: 0 if all were kept, else 1.
"""

import argparse
import json
import os
import shlex
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import hostile
from command_lines import Run, commands
from judging import Fault, Outcome, command_of
from mangled import mangled, real_packages
from workshop import PROJECT, Warm, Workshop, account, comparable, judged, remove

_COMMANDS_A_PACKAGE = 10
_ATTEMPTS = 100
# Kinds of fault that are shown and counted, but no failure, until each is fixed and its line goes: none.
_KNOWN: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class Findings:
    """What was broken, how often what came out, the time it took, and the folder for reproducers."""

    keep: Path
    found: dict[tuple[str, str], Fault] = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)
    seconds: Counter = field(default_factory=Counter)


def one_project(workshop: Workshop, seed: str, project: hostile.Project, quota: int, findings: Findings) -> int:
    """All runs on one project; returns how many."""
    random = Random(seed)
    top = workshop.fresh(project)
    made = 0
    for fault in account(workshop, project, top):
        _note(workshop, fault, seed, project, None, findings)
    top = workshop.fresh(project)
    first = Run(("scc", project.package, "--format", "json", "--graph", "all", "--all"), "80", "utf-8", project.user)
    known = None
    drawn = commands(random, project, None)
    for number in range(min(quota, random.randint(3, 2 * _COMMANDS_A_PACKAGE))):
        run = next(drawn) if number else first
        outcome = workshop.run(run, top)
        made += 1
        findings.seconds[command_of(run.arguments)] += outcome.seconds
        findings.counts[f"{command_of(run.arguments)} {outcome.status}"] += 1
        for fault in judged(run, outcome):
            _note(workshop, fault, seed, project, run, findings)
        if not number:
            try:
                known = json.loads(outcome.stdout)
            except ValueError:
                known = None
            drawn = commands(random, project, known)
        if outcome.status is not None and random.random() < 0.15:
            for other in workshop.others:
                again = workshop.run(run, top, other)
                findings.counts["hash seeds"] += 1
                if comparable(again) != comparable(outcome):
                    fault = Fault("hash seed", command_of(run.arguments), _difference(outcome, again))
                    _note(workshop, fault, seed, project, run, findings)
        if outcome.status is not None and not project.user and random.random() < 0.02:
            again = workshop.run(run, top, real=random.choice((0, 1, 77)))
            findings.counts["real"] += 1
            for fault in judged(run, again):
                _note(workshop, fault, seed, project, run, findings)
            if comparable(again) != comparable(outcome):
                fault = Fault("real process", command_of(run.arguments), _difference(outcome, again))
                _note(workshop, fault, seed, project, run, findings)
    return made


def _difference(one: Outcome, other: Outcome) -> str:
    if one.status != other.status:
        return f"status {one.status} and {other.status}: {other.stderr[-300:]!r} not {one.stderr[-300:]!r}"
    for name, ours, theirs in (
        ("stdout", one.stdout, other.stdout),
        ("stderr", one.stderr, other.stderr),
        *((path, one.files[path], other.files.get(path, b"")) for path in one.files),
    ):
        if ours != theirs:
            at = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
            return f"{name}: {ours[max(at - 80, 0) : at + 80]!r} and {theirs[max(at - 80, 0) : at + 80]!r}"
    return f"files: {list(one.files)} and {list(other.files)}"


def _note(
    workshop: Workshop, fault: Fault, seed: str, project: hostile.Project, run: Run | None, findings: Findings
) -> None:
    """Count a fault; the first of its sort is made small and kept."""
    key = (fault.kind, fault.place)
    findings.counts[f"FAULT {fault.kind} {fault.place}"] += 1
    if key in findings.found:
        return
    findings.found[key] = fault
    small, small_run, small_fault = smallest(workshop, fault, project, run)
    folder = findings.keep / f"{len(findings.found):03}-{fault.kind.replace(' ', '-')}"
    remove(folder)
    hostile.write(small, folder)
    text = "(account)"
    if small_run:
        words = [word.replace("{out}", "/tmp") for word in small_run.arguments]  # noqa: S108  for a person to run
        text = (
            f"COLUMNS={shlex.quote(small_run.columns)} PYTHONIOENCODING={small_run.encoding} cycles {shlex.join(words)}"
        )
    entries = "".join(
        f"    {entry.path!r} {entry.kind} {entry.mode} {entry.content[:300]!r}\n" for entry in small.entries
    )
    (folder / "REPRODUCER").write_text(
        f"{fault.kind}: {fault.place}\nseed {seed}, user {small.user}\n{text}\n\n{entries}\n{small_fault.detail}\n",
        encoding="utf-8",
        errors="backslashreplace",
    )
    # The project is as it was before.
    workshop.fresh(project)
    sys.stdout.write(
        f"\n{'KNOWN' if key in _KNOWN else 'FAULT'} {fault.kind}: {fault.place}  (seed {seed})\n  {_visible(text[:300])}\n{_visible(entries[:1500])}"
        f"  {_visible(small_fault.detail[-700:])}\n  kept in {folder}\n"
    )
    sys.stdout.flush()


def _visible(text: str) -> str:
    return (
        "".join(mark if mark.isprintable() or mark == "\n" else repr(mark)[1:-1] for mark in text)
        .encode("ascii", "backslashreplace")
        .decode()
    )


def smallest(
    workshop: Workshop, fault: Fault, project: hostile.Project, run: Run | None
) -> tuple[hostile.Project, Run | None, Fault]:
    """A smaller project and command line with the same fault: entries, then lines and arguments are left out."""
    attempts = _ATTEMPTS
    shown = fault

    def same(tried: hostile.Project, with_run: Run | None) -> bool:
        nonlocal attempts, shown
        if attempts <= 0:
            return False
        attempts -= 1
        top = workshop.fresh(tried)
        if with_run is None:
            again = account(workshop, tried, top)
        elif fault.kind in ("hash seed", "real process"):
            return False
        else:
            again = judged(with_run, workshop.run(with_run, top))
        found = next((one for one in again if (one.kind, one.place) == (fault.kind, fault.place)), None)
        shown = found or shown
        return found is not None

    if fault.kind == "endless":
        attempts = 5
    small = project
    for index in reversed(range(len(small.entries))):
        if same(tried := hostile.without(small, index), run):
            small = tried
    for index, entry in enumerate(small.entries):
        step = max(entry.content.count(b"\n") // 2, 1)
        while step:
            lines = small.entries[index].content.split(b"\n")
            for start in reversed(range(0, len(lines), step)):
                fewer = b"\n".join(lines[:start] + lines[start + step :])
                if len(lines) > 1 and same(tried := hostile.with_content(small, index, fewer), run):
                    small, lines = tried, lines[:start] + lines[start + step :]
            step //= 2
    if run:
        for at in reversed(range(2, len(run.arguments))):
            fewer = replace(run, arguments=run.arguments[:at] + run.arguments[at + 1 :])
            if same(small, fewer):
                run = fewer
        for plain in (replace(run, columns="80"), replace(run, encoding="utf-8")):
            if plain != run and same(small, plain):
                run = plain
    return small, run, shown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--keep", type=Path, default=PROJECT / "build" / "fuzz", help="where reproducers go")
    parser.add_argument("--corpus", type=Path, default=PROJECT / "corpus", help="real packages to damage")
    wanted = parser.parse_args()
    begun = time.monotonic()
    packages = real_packages([PROJECT / "sample_projects", PROJECT / "cycles", Path(os.__file__).parent, wanted.corpus])
    place = Path(tempfile.mkdtemp(prefix="fuzz-"))
    warm, *others = [Warm(hash_seed) for hash_seed in (0, 1, 77)]
    workshop = Workshop(place, warm, others)
    findings = Findings(wanted.keep)
    made = number = 0
    try:
        while made < wanted.runs:
            seed = f"{wanted.seed}.{number}"
            random = Random(seed)
            project = mangled(random, packages) if random.random() < 0.3 else hostile.project(random)
            made += one_project(workshop, seed, project, wanted.runs - made, findings)
            number += 1
    finally:
        for process in (warm, *others):
            process.close()
        remove(place)
    seconds = time.monotonic() - begun
    for name, count in sorted(findings.counts.items()):
        sys.stdout.write(f"{count:7,}  {_visible(name)}\n")
    sys.stdout.write("".join(f"{spent:9.1f} s {_visible(name)}\n" for name, spent in sorted(findings.seconds.items())))
    sys.stdout.write(
        f"seed {wanted.seed}: {made:,} runs on {number:,} packages in {seconds:.0f} s ({sum(os.times()[:4]):.0f} s of CPU), "
        f"{len(findings.found.keys() - _KNOWN)} new kinds of fault\n"
    )
    return 1 if findings.found.keys() - _KNOWN else 0


if __name__ == "__main__":
    sys.exit(main())
