"""What importing ENTRY really costs: what each distribution takes, what would be saved without it, and own modules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cycles.children.startup_runs import ImportRun, Start
from cycles.startup.findings import Entry, EntryKind
from cycles.startup.loading import Ground, Loaded
from cycles.startup.measured_graph import MAIN, MeasuredGraph, RealEdge, measured_graph
from cycles.startup.measured_join import OWN, STANDARD_LIBRARY, belongings, joined
from cycles.startup.measurements import Cost, MeasuredDistribution, MeasuredModule, MeasuredStartup
from cycles.startup.report import report_of

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
        modules=len(there),
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
    rows = []
    for distribution in modules.keys() - set(_NO_DISTRIBUTION):
        own_imports = {edge for edge in graph.edges if _enters(edge, belongs) == distribution}
        gone = graph.gone(without=own_imports.__contains__)
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
