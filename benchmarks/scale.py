"""The cost of a generated graph with planted components: `python scale.py MODULES` prints it as JSON.

Ten imports a module: most lead to a module with a higher number, which closes nothing; every
thousandth module begins a planted component of 2 to 144 modules. Everything behind the reading of
files runs: the three graphs, components, shortest cycles, cycle counts, proven cut sets and plans.
"""

import gc
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from cycles.components import components, strongly_connected
from cycles.cuts import take_apart
from cycles.graph import build, dependencies_of, widest
from cycles.source.values import Import, Judged
from cycles.words import Form, GraphName, Kind

SIZES = (10_000, 20_000, 50_000, 100_000)
DEGREE = 10
PLANTED_EVERY = 1_000
PLANTED = (2, 3, 5, 8, 13, 21, 34, 55, 89, 144)


def generated(count: int) -> tuple[list[str], list[Judged]]:
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
        Judged(names[importer], names[imported], number + 1, Form.PLAIN, Kind.EAGER, ())
        for number, (importer, imported) in enumerate(sorted(pairs))
        if importer != imported
    ]
    return names, judged


def _described(statements: Iterator[Judged]) -> Iterator[Import]:
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


def analysed(names: list[str], judged: list[Judged]) -> int:
    """Run everything behind the reading of files; returns the cuts that graph `all` needs."""
    modules = set(names)
    strongly_connected(widest(((found.importer, found.imported) for found in judged), modules))
    for graph in GraphName:
        members = strongly_connected((a, b) for a, b, _ in dependencies_of(graph, judged, modules))
    place = {name: number for number, found in enumerate(members) for name in found}
    closing = (found for found in judged if place.get(found.importer, -1) == place.get(found.imported, -2))
    chosen = components(build(GraphName.ALL, _described(closing), modules), "big")
    return sum(
        len(cutting.cut_set.cuts) for cutting in take_apart(chosen, allow_reexports=True) if cutting.cut_set.proven
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


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
