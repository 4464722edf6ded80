"""What cutting costs: a table of the steps for each large component, and one beside uncycle on the same graphs."""

import gc
import importlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from uncycle.fas import minimum_feedback_arc_set
from uncycle.graph import Graph, build_graph

from cycles.api import analyze
from cycles.cuts import plan_cuts
from cycles.cuts.counting.simple_cycles import count_cycles
from cycles.cuts.encode import encode
from cycles.cuts.order_plan import order_cuts
from cycles.cuts.single_cut_effects import effects
from cycles.cuts.solver.solve import Problem, smallest_cut_set
from cycles.enums import GraphName
from cycles.graph.components import scc_ids
from cycles.source.module_names import inside
from measure import measure_side_by_side
from pinned import Entry, entries

BIN = Path(sys.executable).parent
LARGE = 50

_Result = TypeVar("_Result")


def timed(function: Callable[[], _Result]) -> tuple[_Result, float]:
    """A result, and the seconds that it took."""
    started = time.perf_counter()
    result = function()
    return result, time.perf_counter() - started


def steps() -> Iterator[str]:
    """Time to proof, cycle counts, effects of every cut alone, and plan, of each component of 50 modules or more."""
    # Loaded once in a process: not the cost of any one component.
    list(plan_cuts(()))
    for module in ("highspy", "networkx"):
        importlib.import_module(module)
    yield "| package | graph | n / m | cuts | proven | proof s | cycles | counts s | effects s | plan s |"
    yield "|---|---|--:|--:|---|--:|--:|--:|--:|--:|"
    for entry in entries():
        for graph in GraphName:
            for component in analyze(entry.package, folders=[entry.folder], graph=graph).components:
                if len(component.modules) < LARGE:
                    continue
                made = [(d.importer, d.imported, found) for d in component.dependencies for found in d.imports]
                numbers = encode(component.modules, made)
                size = len(numbers.modules)
                problem = Problem(size, numbers.edges, numbers.causes, numbers.costs, numbers.reexports)
                found, proof = timed(lambda: smallest_cut_set(problem))  # noqa: B023
                counts, counting = timed(lambda: count_cycles(size, numbers.edges))  # noqa: B023
                _, alone = timed(lambda: effects(size, numbers.edges, numbers.removes))  # noqa: B023
                _, plan = timed(lambda: order_cuts(size, numbers.edges, numbers.causes, found.cuts))  # noqa: B023
                cycles = f"{counts.total:.3g}" if counts.exact else f"≥ {counts.total:.3g} (≤ {counts.longest})"
                yield (
                    f"| {entry.package} | {graph} | {size} / {len(numbers.edges)} | {len(found.cuts)} "
                    f"| {'yes' if found.proven else 'no'} | {proof:.2f} | {cycles} | {counting:.2f} | {alone:.2f} | {plan:.2f} |"
                )


def solvers() -> Iterator[str]:
    """Both solvers on uncycle's own graphs, a package's imports of its own modules fixed: sizes and seconds."""
    yield "| package | imports | modules / dependencies | uncycle | cycles | uncycle s | cycles s |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for entry in entries():
        for inline in (False, True):
            graph = build_graph(str(entry.folder / entry.package), inline=inline, warn=lambda _: None)
            theirs, their_time = timed(lambda: minimum_feedback_arc_set(graph))  # noqa: B023
            (ours, proven), our_time = timed(lambda: solved(graph))  # noqa: B023
            yield (
                f"| {entry.package} | {'all' if inline else 'module level'} | {len(graph.nodes)} / {len(graph.edges)} "
                f"| {len(theirs)} | {ours}{'' if proven else ' (not proven)'} | {their_time:.2f} | {our_time:.2f} |"
            )


def solved(graph: Graph) -> tuple[int, bool]:
    """The size of the smallest cut set of one of uncycle's graphs, and whether it is proven."""
    following: list[list[int]] = [[] for _ in graph.nodes]
    for tail, head in graph.edges:
        following[tail].append(head)
    place = scc_ids(following)
    groups: dict[int, list[tuple[int, int]]] = {}
    for tail, head in graph.edges:
        if place[tail] == place[head]:
            groups.setdefault(place[tail], []).append((tail, head))
    size, proven = 0, True
    for edges in groups.values():
        number = {vertex: index for index, vertex in enumerate(sorted({vertex for edge in edges for vertex in edge}))}
        fixed = frozenset(
            index for index, (tail, head) in enumerate(edges) if inside(graph.nodes[head], graph.nodes[tail])
        )
        problem = Problem(
            size=len(number),
            edges=tuple((number[tail], number[head]) for tail, head in edges),
            causes=tuple((index,) for index in range(len(edges))),
            costs=(1,) * len(edges),
            fixed=fixed,
        )
        found = smallest_cut_set(problem)
        size += len(found.cuts)
        proven &= found.proven
    return size, proven


def whole() -> Iterator[str]:
    """Whole processes beside uncycle's, and beside twice the time of a bare grimp build plus 3 s."""
    yield "| package | grimp s | `cycles cuts P` s | limit s | `uncycle P` s | × | `cycles cuts P --graph runtime` s | `uncycle --inline P` s | × |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for entry in entries():
        eager, runtime = _cuts(entry), _cuts(entry, "--graph", "runtime")
        bare = [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, '.'); import grimp; grimp.build_graph({entry.package!r}, cache_dir=None)",
        ]
        peer = [str(BIN / "uncycle"), entry.package]
        grimp, ours, theirs, all_ours = measure_side_by_side([bare, eager, peer, runtime], entry.folder, runs=3)
        (inline,) = measure_side_by_side([[*peer, "--inline"]], entry.folder, runs=1, limit=120.0)
        limit = 15.0 if entry.package == "sympy" else 3.0 + 2 * grimp.seconds
        over = "" if ours.seconds <= limit else " **over**"
        yield (
            f"| {entry.package} | {grimp.seconds:.2f} | {ours.seconds:.2f}{over} | {limit:.2f} | {theirs.seconds:.2f} "
            f"| {theirs.seconds / ours.seconds:.1f} | {all_ours.seconds:.2f} "
            f"| {'' if inline.finished else '> '}{inline.seconds:.2f} | {inline.seconds / all_ours.seconds:.1f} |"
        )


def _cuts(entry: Entry, *options: str) -> list[str]:
    return [str(BIN / "cycles"), "cuts", entry.package, *options, "--format", "json"]


def report() -> Iterator[str]:
    """All three tables."""
    gc.disable()
    yield "## Cuts: steps for each component of 50 modules or more"
    yield ""
    yield from steps()
    yield ""
    yield "## Cuts: solvers alone, on the graphs that uncycle builds"
    yield ""
    yield from solvers()
    yield ""
    yield "## Cuts: whole processes"
    yield ""
    yield from whole()


if __name__ == "__main__":
    for line in report():
        print(line, flush=True)
