"""Join what was really loaded to what was foreseen: every module then has a chain, and plans know all statements."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence

from cycles.children.startup_runs import ImportRun
from cycles.startup.findings import EntryKind, LoadEdge
from cycles.startup.loading import Ground, Loaded, Place, with_more
from cycles.startup.measured_graph import MAIN, MeasuredGraph, RealEdge

OWN = ""
"""What belongs to the project, where others have the name of a distribution."""
STANDARD_LIBRARY = "python"


def belongings(ground: Ground, runs: Sequence[ImportRun]) -> dict[str, str]:
    """Return for each module that was loaded the name of the distribution that it belongs to.

    That is OWN for those of the project, and STANDARD_LIBRARY for all that lies in no folder of packages.
    """
    paths = {module.name: module.path for run in runs for module in run.modules}
    return {name: _belonging(ground, name, path) for name, path in paths.items()}


def _belonging(ground: Ground, name: str, path: str | None) -> str:
    top = name.partition(".")[0]
    if ground.is_own(name) or top in ground.foreign.own_tops:
        return OWN
    if top in sys.stdlib_module_names:
        return STANDARD_LIBRARY
    if ground.environment.find(name) is not None:
        return ground.environment.distribution_of(name)
    # Compiled modules may call themselves what they like: the folder says whose they are.
    for folder in ground.environment.folders:
        if path and path.startswith(os.path.join(folder, "")):
            return ground.environment.distribution_of(
                os.path.relpath(path, folder).partition(os.sep)[0].partition(".")[0]
            )
    return STANDARD_LIBRARY


def joined(ground: Ground, loaded: Loaded, graph: MeasuredGraph, belongs: Mapping[str, str]) -> Loaded:
    """Return what is loaded with what was really imported and not foreseen, and all that this leads to."""
    known = {(edge.importer, edge.imported, edge.statement) for edge in loaded.edges if edge.certain}
    foreseen = {module.name for module in loaded.modules}
    functions: dict[Place, str] = {}
    more: dict[LoadEdge, None] = {}
    for real in graph.edges:
        around = not real.line_number and real.importer.startswith(f"{real.imported}.")
        # What the modules of others import at their top was read.
        read = not real.function and belongs.get(real.importer, OWN) != OWN
        if (
            around
            or belongs[real.imported] == STANDARD_LIBRARY
            or (read and foreseen >= {real.importer, real.imported})
        ):
            continue
        for edge in _as_load(ground, real, belongs):
            if (edge.importer, edge.imported, edge.statement) not in known and edge.importer != edge.imported:
                more[edge] = None
                if edge.statement == (real.importer, real.line_number) and real.function:
                    functions[edge.statement] = real.function
    return with_more(ground, loaded, more, functions)


def _as_load(ground: Ground, real: RealEdge, belongs: Mapping[str, str]) -> Iterator[LoadEdge]:
    """Yield what was executed as the graph of loads has it.

    The standard library is none of its modules: what that imports is taken to be asked for by whose body runs.
    """
    script = ground.entry.kind is EntryKind.SCRIPT

    def kind(name: str) -> str:
        return OWN if name == MAIN else belongs.get(name, STANDARD_LIBRARY)

    def named(name: str) -> str:
        return "" if name == MAIN and not script else name

    importer, body = real.importer, real.body
    if kind(importer) == OWN and kind(body) == OWN:
        place = (importer, real.line_number)
        if importer == MAIN and not script:
            yield LoadEdge("", real.imported, real.imported, None)
        elif real.line_number:
            # A module's `__getattr__` runs for the import statement that the body has reached.
            if body not in (importer, MAIN) and _imports_on(ground, (body, real.body_line)):
                place = (body, real.body_line)
            yield LoadEdge(named(body), real.imported, real.imported, place)
        else:
            yield LoadEdge(named(body), real.imported, real.imported, None)
    elif kind(importer) != STANDARD_LIBRARY:
        place = (importer, real.line_number)
        stated = kind(importer) == OWN and real.line_number
        yield LoadEdge(named(importer), real.imported, real.imported, place if stated else None)
    elif kind(body) != STANDARD_LIBRARY:
        yield LoadEdge(named(body), real.imported, real.imported, None)


def _imports_on(ground: Ground, place: Place) -> bool:
    """Whether an import statement of the project stands on a line."""
    if place[0] not in ground.sources.modules:
        return False
    return bool(ground.sources.file(place[0]).imports_on(place[1]))
