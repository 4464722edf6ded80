"""What importing ENTRY loads, distribution by distribution: who holds each, and how few statements would have to go."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache

from cycles.errors import CyclesError
from cycles.limits import STARTUP_JUDGED
from cycles.source.names import inside
from cycles.startup.cut import Cost, CutProblem, Loads, Place
from cycles.startup.dominators import Dominators
from cycles.startup.findings import DistributionRow, PaidModule, StartupReport
from cycles.startup.loading import CALL, Findings, Ground, Loaded, load
from cycles.startup.statement_costs import Judge, is_move


def report(ground: Ground, progress: Callable[[str], None] = lambda _: None) -> tuple[StartupReport, Loaded]:
    """Find out what importing ENTRY loads, and what holds it there; with what plans are made of.

    Raises CyclesError where what is to be called is not there.
    """
    progress("simulating the import")
    loaded = load(ground)
    failure = loaded.failure
    if failure is not None and failure.path == CALL:
        module, attribute = ground.entry.module, ground.entry.attribute
        raise CyclesError(f'{module} has no "{attribute}" to be called; name what it has, or leave out :{attribute}')
    progress("looking for what holds the distributions")
    return report_of(ground, loaded), loaded


def report_of(ground: Ground, loaded: Loaded) -> StartupReport:
    """Return what is loaded with what holds it there."""
    analysis = ground.analysis
    return StartupReport(
        analysis=analysis,
        entry=ground.entry,
        own=tuple(sorted(analysis.packages)),
        modules=loaded.modules,
        own_modules=len(ground.foreign.own),
        statements=loaded.statements,
        edges=loaded.edges,
        distributions=_distributions(ground, loaded),
        unfollowed=loaded.unfollowed,
        failure=loaded.failure,
        cut_off=loaded.cut_off,
        origin=Findings(ground, loaded),
    )


def _distributions(ground: Ground, loaded: Loaded) -> tuple[DistributionRow, ...]:
    """Return a row for each distribution: largest first."""
    members: dict[str, list[PaidModule]] = defaultdict(list)
    for module in loaded.modules:
        if not module.own:
            members[module.distribution].append(module)
    owner = {module.name: module.distribution for module in loaded.modules if not module.own}
    dominators = Dominators(loaded.edges, owner)
    loads = Loads(loaded.edges, ground.is_own)
    cost = cache(deferrable_by(loaded, ground))
    found = [
        _row(ground, loads, cost, name, members[name], tuple(dominators.of_distribution(name))[::-1])
        for name in sorted(members)
    ]
    named: dict[Place, set[str]] = defaultdict(set)
    for _, cut in found:
        for place, names in cut.items():
            named[place].update(names)
    judge = Judge(ground, loaded, named, followed=False)
    rows = [replace(row, easy=bool(cut) and all(is_move(judge.fix(place)) for place in cut)) for row, cut in found]
    return tuple(sorted(rows, key=lambda row: (-row.size, -row.modules, row.name.lower(), row.name)))


def _row(
    ground: Ground, loads: Loads, cost: Cost, name: str, members: Sequence[PaidModule], holders: Sequence[str]
) -> tuple[DistributionRow, Mapping[Place, Collection[str]]]:
    """Return a row, and the statements of which it tells, with what they name; none where they are too many."""
    names = {module.name for module in members}
    problem = CutProblem(loads, names)
    cut = problem.smallest(cost)
    chain = problem.shortest_chain()
    assert chain is not None  # noqa: S101  it is loaded
    importers = {
        edge.statement[0] for edge in loads.entering(names) if edge.statement and ground.is_own(edge.statement[0])
    }
    behind = dict.fromkeys(ground.environment.distribution_of(one) for one in holders if not ground.is_own(one))
    start = ground.entry.module
    few = cut.statements if cut and len(cut.statements) <= STARTUP_JUDGED else ()
    row = DistributionRow(
        name=name,
        installed=any(module.path for module in members)
        or any(ground.environment.find(module) is not None for module in names),
        modules=len(members),
        size=sum(module.size for module in members),
        importers=tuple(sorted(importers)),
        held_by=tuple(one for one in holders if ground.is_own(one) and not inside(start, one)),
        behind=tuple(other for other in behind if other != name),
        statements=len(cut.statements) if cut else None,
        chain=chain,
        certain=any(module.certain for module in members),
    )
    return row, {place: {edge.named for edge in problem.statements[place]} for place in few}


def deferrable_by(loaded: Loaded, ground: Ground) -> Cost:
    """Return what a statement costs where each counts alike: 1, or None where it cannot be cut at all."""

    def cost(place: Place) -> int | None:
        statement = loaded.statements.get(place)
        return 1 if statement and statement.own and not statement.function and ground.is_own(place[0]) else None

    return cost
