"""What importing ENTRY really costs: of each distribution and of own modules, joined to what was foreseen."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.children.startup_runs import ImportRun, Start
from cycles.startup.distributions_held import report_of
from cycles.startup.loaded_graph import Ground, Loaded, Place, with_more
from cycles.startup.measured_graph import MAIN, MeasuredGraph, RealEdge, measured_graph
from cycles.startup.measurement_values import Cost, MeasuredDistribution, MeasuredModule, MeasuredStartup
from cycles.startup.startup_values import Entry, EntryKind, LoadEdge

OWN = ""
"""What belongs to the project, where others have the name of a distribution."""
STANDARD_LIBRARY = "python"
_NO_DISTRIBUTION = (OWN, STANDARD_LIBRARY)
_DJANGO = """\
import os
os.environ["DJANGO_SETTINGS_MODULE"] = {}
import django
django.setup()
"""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured of an entry, with what plans and their verification are made of.

    `there` are the modules that were loaded; others were tried, and failed.
    """

    found: MeasuredStartup
    loaded: Loaded
    graph: MeasuredGraph
    belongs: Mapping[str, str]
    there: frozenset[str]


def start_of(entry: Entry) -> Start:
    """Return how a child starts an entry: what it names is imported, and nothing of it called."""
    if entry.kind is EntryKind.SCRIPT:
        return Start(entry.text, script=entry.path)
    if entry.kind is EntryKind.DJANGO:
        return Start(entry.text, code=_DJANGO.format(ascii(entry.module)))
    return Start(entry.text, code=f"__import__({entry.module!a})")


def measured(ground: Ground, loaded: Loaded, runs: Sequence[ImportRun]) -> Measurement:
    """Return what an entry costs, given what was foreseen, and runs of children; the first noted all imports."""
    graph = measured_graph(runs)
    belongs = belongings(ground, runs)
    whole = joined(ground, loaded, graph, belongs)
    timed = runs[1:] or runs
    there = {module.name for run in runs for module in run.modules if module.there}
    foreseen = {module.name for module in loaded.modules}
    own = [MeasuredModule(name, cost) for name, cost in graph.costs.items() if belongs[name] == OWN]
    failed = next((run.entry for run in runs if not run.complete), None)
    found = MeasuredStartup(
        report=report_of(ground, whole),
        runs=tuple(run.nanoseconds for run in timed),
        total=min(Cost(run.nanoseconds, run.kilobytes) for run in timed),
        modules=sum(belongs[name] != STANDARD_LIBRARY for name in there),
        distributions=distribution_costs(graph, belongs),
        own_modules=tuple(sorted(own, key=lambda module: (-module.own.nanoseconds, module.name))),
        standard_library=graph.cost(name for name in graph.costs if belongs[name] == STANDARD_LIBRARY),
        unforeseen=tuple(sorted(name for name in there - foreseen if belongs[name] != STANDARD_LIBRARY)),
        not_loaded=tuple(sorted(module.name for module in loaded.modules if module.own and module.name not in there)),
        failure=failed,
    )
    return Measurement(found, whole, graph, belongs, frozenset(there))


def distribution_costs(graph: MeasuredGraph, belongs: Mapping[str, str]) -> tuple[MeasuredDistribution, ...]:
    """Return what each distribution costs: what costs most alone first, then what costs most, then by name.

    `belongs` says for each module to which distribution it belongs. One search of the graph for each distribution.
    """
    modules: dict[str, list[str]] = defaultdict(list)
    for name in graph.costs:
        modules[belongs[name]].append(name)
    entered = _entered_by(graph, belongs)
    own_imports: dict[str, set[RealEdge]] = defaultdict(set)
    for edge in graph.edges:
        own_imports[_enters(edge, belongs)].add(edge)
    rows = []
    for distribution in modules.keys() - set(_NO_DISTRIBUTION):
        gone = graph.gone(without=own_imports[distribution].__contains__)
        held = modules[distribution]
        others = {other for name in held if name not in gone for other in entered[name]}
        only_with = tuple(sorted(others - {distribution}))
        rows.append(MeasuredDistribution(distribution, len(held), graph.cost(held), graph.cost(gone), only_with))
    return tuple(sorted(rows, key=lambda row: (-row.alone.nanoseconds, -row.own.nanoseconds, row.name)))


def _enters(edge: RealEdge, belongs: Mapping[str, str]) -> str:
    """Return the distribution that an import of the project names, OWN where it is none such."""
    if edge.importer != MAIN and belongs.get(edge.importer) != OWN:
        return OWN
    distribution = belongs[edge.imported]
    return OWN if distribution == STANDARD_LIBRARY else distribution


def _entered_by(graph: MeasuredGraph, belongs: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return by module the distributions that own imports name from where imports of other code lead to it."""
    following: dict[str, set[str]] = defaultdict(set)
    entered: dict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        if distribution := _enters(edge, belongs):
            entered[edge.imported].add(distribution)
        else:
            for end in (edge.importer, edge.body):
                if belongs.get(end, OWN) != OWN and belongs[edge.imported] != OWN:
                    following[end].add(edge.imported)
    waiting = list(entered)
    while waiting:
        name = waiting.pop()
        for imported in following[name]:
            if not entered[name] <= entered[imported]:
                entered[imported] |= entered[name]
                waiting.append(imported)
    return {name: frozenset(entered.get(name, ())) for name in graph.costs}


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
