"""What the contract type costs beside import-linter's own acyclic_siblings, on the same graph: a table."""

import copy
import statistics
import sys
import time
from collections.abc import Iterator

import grimp
from importlinter import Contract, configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract

from cycles.contracts.acyclic import AcyclicModulesContract
from cycles.enums import GraphName
from pinned import Entry, entries

RUNS = 5


def table() -> Iterator[str]:
    """Milliseconds of one check, the median of runs that take turns; the graph is built before, without a cache."""
    configuration.configure()
    yield "| package | modules | acyclic_siblings ms | " + " | ".join(f"{name} ms" for name in GraphName) + " |"
    yield "|---|--:|--:|" + "--:|" * len(GraphName)
    for entry in entries():
        yield _row(entry)


def _row(entry: Entry) -> str:
    sys.path.insert(0, str(entry.folder))
    try:
        graph = grimp.build_graph(entry.package, cache_dir=None)
        session = {"root_packages": [entry.package]}
        rivals = [
            AcyclicSiblingsContract("siblings", session, {"ancestors": [entry.package]}),
            *(
                AcyclicModulesContract(str(name), session, {"packages": [entry.package], "graph": str(name)})
                for name in GraphName
            ),
        ]
        times: list[list[float]] = [[] for _ in rivals]
        for _ in range(RUNS):
            for contract, measured in zip(rivals, times, strict=True):
                measured.append(_milliseconds(contract, graph))
    finally:
        sys.path.remove(str(entry.folder))
    cells = " | ".join(f"{statistics.median(measured):,.0f}" for measured in times)
    return f"| {entry.package} | {len(graph.modules):,} | {cells} |"


def _milliseconds(contract: Contract, graph: grimp.ImportGraph) -> float:
    own = copy.deepcopy(graph)
    started = time.perf_counter()
    contract.check(own, verbose=False)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
