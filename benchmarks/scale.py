"""The cost of generated graphs: `python scale.py MODULES` prints one as JSON, `python scale.py cuts` what counting cuts adds.

Ten imports a module: most lead to a module with a higher number, which closes nothing; every
thousandth module begins a planted component of 2 to 144 modules. Everything behind the reading of
files runs: the three graphs, components, shortest cycles, cycle counts, proven cut sets and plans.

What counting cuts adds is measured on packages that are written to disk, in processor time: some of
their imports are deferred and some for typing, so that the three graphs differ.
"""

import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cycles.cuts import plan_cuts
from cycles.enums import Form, GraphName, Kind
from cycles.graph.build import build, dependencies_of, possible_dependencies
from cycles.graph.components import components, strongly_connected
from cycles.model import CutRequest
from cycles.source.import_values import ClassifiedImport, Import

SIZES = (10_000, 20_000, 50_000, 100_000)
DEGREE = 10
PLANTED_EVERY = 1_000
PLANTED = (2, 3, 5, 8, 13, 21, 34, 55, 89, 144)


def generated(count: int) -> tuple[list[str], list[ClassifiedImport]]:
    """Module names in packages of a hundred, and their imports; the same for the same count."""
    chooser = random.Random(count)  # noqa: S311  a benchmark, no secret
    names = [f"big.p{number // 100:04}.m{number % 100:02}" for number in range(count)]
    pairs: set[tuple[int, int]] = set()
    for start in range(0, count, PLANTED_EVERY):
        size = PLANTED[start // PLANTED_EVERY % len(PLANTED)]
        pairs.update((start + place, start + (place + 1) % size) for place in range(size))
        pairs.update((start + chooser.randrange(size), start + chooser.randrange(size)) for _ in range(size // 5))
    while len(pairs) < count * DEGREE:
        importer = chooser.randrange(count - 1)
        pairs.add((importer, chooser.randrange(importer + 1, min(count, importer + 5_000))))
    judged = [
        ClassifiedImport(names[importer], names[imported], number + 1, Form.PLAIN, Kind.EAGER, ())
        for number, (importer, imported) in enumerate(sorted(pairs))
        if importer != imported
    ]
    return names, judged


def _described(statements: Iterator[ClassifiedImport]) -> Iterator[Import]:
    for statement in statements:
        yield Import(
            importer=statement.importer,
            imported=statement.imported,
            path="",
            line_number=statement.line_number,
            line_contents="",
            kind=statement.kind,
            tags=statement.tags,
            names=(),
        )


def analysed(names: list[str], judged: list[ClassifiedImport]) -> int:
    """Run everything behind the reading of files; returns the cuts that graph `all` needs."""
    modules = set(names)
    strongly_connected(possible_dependencies(((found.importer, found.imported) for found in judged), modules))
    for graph in GraphName:
        members = strongly_connected((a, b) for a, b, _ in dependencies_of(graph, judged, modules))
    place = {name: number for number, found in enumerate(members) for name in found}
    closing = (found for found in judged if place.get(found.importer, -1) == place.get(found.imported, -2))
    chosen = components(build(GraphName.ALL, _described(closing), modules), ["big"])
    return sum(
        len(plan.cut_set.cuts) for plan in plan_cuts(chosen, CutRequest(allow_reexports=True)) if plan.cut_set.proven
    )


def measured(count: int) -> dict[str, float]:
    """One size in this process: modules, dependencies, cuts, seconds, peak megabytes."""
    gc.disable()
    names, judged = generated(count)
    started = time.perf_counter()
    cuts = analysed(names, judged)
    seconds = time.perf_counter() - started
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return {"modules": count, "dependencies": len(judged), "cuts": cuts, "seconds": seconds, "megabytes": peak}


def table() -> Iterator[str]:
    """A row a size, each in a process of its own."""
    yield "| modules | dependencies | cuts | s | µs per dependency | MB |"
    yield "|--:|--:|--:|--:|--:|--:|"
    for count in SIZES:
        command = [sys.executable, __file__, str(count)]
        row = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        each = row["seconds"] / row["dependencies"] * 1e6
        yield (
            f"| {row['modules']:,} | {row['dependencies']:,} | {row['cuts']:,} | {row['seconds']:.1f} "
            f"| {each:.1f} | {row['megabytes']:.0f} |"
        )


CUT_FACTOR, CUT_SLACK = 1.5, 1.0
TURNS = 3
DEFERRED_EVERY, TYPING_EVERY = 7, 11

Pairs = set[tuple[int, int]]


def _by_chance(count: int, dependencies: int) -> Pairs:
    """A random digraph; where there are a few dependencies a module, nearly all of it is one component."""
    chooser = random.Random(count)  # noqa: S311  a benchmark, no secret
    pairs: Pairs = set()
    while len(pairs) < dependencies:
        importer, imported = chooser.randrange(count), chooser.randrange(count)
        if importer != imported:
            pairs.add((importer, imported))
    return pairs


def _planted(count: int, dependencies: int) -> Pairs:
    """Dependencies that close nothing, and every thousandth module begins a component, some of them large."""
    chooser = random.Random(count)  # noqa: S311  a benchmark, no secret
    pairs: Pairs = set()
    for start in range(0, count, PLANTED_EVERY):
        size = (*PLANTED, 500, 1_000)[start // PLANTED_EVERY % (len(PLANTED) + 2)]
        pairs.update((start + place, start + (place + 1) % size) for place in range(size))
        inner = [(start + chooser.randrange(size), start + chooser.randrange(size)) for _ in range(2 * size)]
        pairs.update((importer, imported) for importer, imported in inner if importer != imported)
    while len(pairs) < dependencies:
        importer = chooser.randrange(count - 1)
        pairs.add((importer, chooser.randrange(importer + 1, min(count, importer + 5_000))))
    return pairs


def _layered(count: int, dependencies: int) -> Pairs:
    """Layers of a hundred modules: one dependency in twenty leads back, the others to the next layer."""
    chooser = random.Random(count)  # noqa: S311  a benchmark, no secret
    pairs: Pairs = set()
    while len(pairs) < dependencies:
        importer = chooser.randrange(100, count - 100)
        layer = importer // 100 * 100
        back = not len(pairs) % 20
        pairs.add((importer, chooser.randrange(layer) if back else layer + 100 + chooser.randrange(100)))
    return pairs


def shapes() -> dict[str, tuple[int, Pairs]]:
    """Packages on which counting cuts could take for ever: how many modules, and which imports which."""
    ring = range(20_000)
    return {
        "a dense component": (1_000, _by_chance(1_000, 12_000)),
        "a denser one": (1_000, _by_chance(1_000, 100_000)),
        "one giant component": (20_000, _by_chance(20_000, 200_000)),
        "planted components": (20_000, _planted(20_000, 200_000)),
        "layers, 5% back": (10_000, _layered(10_000, 100_000)),
        "everything": (300, {(one, other) for one in range(300) for other in range(300) if one != other}),
        "a ring": (20_000, {(one, (one + 1) % 20_000) for one in ring}),
        "a chain of pairs": (20_000, {pair for one in ring[:-1] for pair in ((one, one + 1), (one + 1, one))}),
        "2,000 small ones": (
            10_000,
            {(one, one // 5 * 5 + (one + step) % 5) for one in range(10_000) for step in (1, 2)},
        ),
    }


def written(folder: Path, count: int, pairs: Pairs) -> None:
    """Write a package `big` of packages of a hundred modules."""
    names = [f"p{number // 100:04}.m{number % 100:02}" for number in range(count)]
    lines: list[list[str]] = [["from typing import TYPE_CHECKING"] for _ in names]
    for importer, imported in sorted(pairs):
        statement = f"import big.{names[imported]}"
        draw = importer * 31 + imported * 17
        if not draw % DEFERRED_EVERY:
            lines[importer] += [f"def f{imported}():", f"    {statement}"]
        elif not draw % TYPING_EVERY:
            lines[importer] += ["if TYPE_CHECKING:", f"    {statement}"]
        else:
            lines[importer].append(statement)
    for name, its_lines in zip(names, lines, strict=True):
        path = folder / "big" / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(its_lines) + "\n", encoding="utf-8")
        path.with_name("__init__.py").touch()
    (folder / "big" / "__init__.py").touch()


SMALL_MODULES = 1_500


def write_small_modules(folder: Path) -> None:
    """Write a package of many modules of a few lines, where the cost of a file counts most: `big`."""
    written(folder, SMALL_MODULES, _planted(SMALL_MODULES, 4 * SMALL_MODULES))


def _processor_seconds(command: list[str], folder: Path) -> float:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime


def cut_table() -> Iterator[str]:
    """What counting cuts adds: the least processor time of three turns, side by side."""
    cycles = [sys.executable, "-m", "cycles", "scc", "big"]
    yield (
        f"`cycles scc big` beside `cycles scc big --no-cuts`: processor seconds of the process and its children, the least of "
        f"{TURNS} runs that take turns; limit {CUT_FACTOR} × the latter + {CUT_SLACK:.0f} s."
    )
    yield ""
    yield "| shape | modules | imports | `--no-cuts` s | with cuts s | ratio | limit s |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, (count, pairs) in shapes().items():
        with tempfile.TemporaryDirectory() as folder:
            written(Path(folder), count, pairs)
            turns = [
                [_processor_seconds(command, Path(folder)) for command in ([*cycles, "--no-cuts"], cycles)]
                for _ in range(TURNS)
            ]
        without, counted = (min(turn[place] for turn in turns) for place in (0, 1))
        limit = CUT_FACTOR * without + CUT_SLACK
        slow = "" if counted <= limit else " **over**"
        yield (
            f"| {name} | {count:,} | {len(pairs):,} | {without:.2f} | {counted:.2f}{slow} "
            f"| {counted / without:.2f} | {limit:.2f} |"
        )


if __name__ == "__main__":
    if sys.argv[1] == "cuts":
        for line in cut_table():
            print(line, flush=True)
    else:
        print(json.dumps(measured(int(sys.argv[1]))))
