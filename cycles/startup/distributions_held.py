"""What importing ENTRY loads, distribution by distribution: who holds each, and how few statements would have to go."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache

from cycles.errors import CyclesError
from cycles.limits import STARTUP_JUDGED
from cycles.source.file_text import UnreadableError
from cycles.source.module_names import inside
from cycles.source.source_file import SourceFile
from cycles.source.text_bindings import ModuleText, names_in_text
from cycles.startup.holders import Dominators
from cycles.startup.loaded_graph import CALL, Findings, Ground, Loaded, load
from cycles.startup.startup_values import DistributionRow, PaidModule, StartupReport
from cycles.startup.statement_costs import Judge, is_move
from cycles.startup.statement_cut import Cost, CutProblem, Loads, Place


def report(ground: Ground, progress: Callable[[str], None] = lambda _: None) -> tuple[StartupReport, Loaded]:
    """Find out what importing ENTRY loads, and what holds it there; with what plans are made of.

    Raises CyclesError where what is to be called is not there.
    """
    if _is_nowhere(ground):
        raise _nothing_to_call(ground)
    progress("simulating the import")
    loaded = load(ground)
    if loaded.failure is not None and loaded.failure.path == CALL:
        raise _nothing_to_call(ground)
    progress("looking for what holds the distributions")
    return report_of(ground, loaded), loaded


def _names_of(ground: Ground) -> ModuleText | None:
    """Return what the text of the entry's module says of its names; None where there is none to be read."""
    module = ground.entry.module
    found = ground.environment.find(module)
    own = module in ground.sources.modules
    file = ground.sources.file(module) if own else SourceFile(found.file) if found and found.file else None
    try:
        return names_in_text(file.tree, module, is_package=file.module.is_package) if file else None
    except UnreadableError:
        return None


def _is_nowhere(ground: Ground) -> bool:
    """Whether the module's text shows that it cannot have what is to be called, whatever else it does on import."""
    name = ground.entry.attribute.partition(".")[0]
    # Names like `__doc__` are there without a word.
    if not name or name.startswith("__"):
        return False
    text = _names_of(ground)
    if text is None or text.anything:
        return False
    submodule = ground.environment.find(f"{ground.entry.module}.{name}")
    known = f"{ground.entry.module}.{name}" in {*ground.sources.modules, *ground.analysis.compiled}
    return not {name, "__getattr__"} & text.changes.keys() and submodule is None and not known


def _nothing_to_call(ground: Ground) -> CyclesError:
    """Return the error that says what the entry's module has instead of what is to be called."""
    module, attribute = ground.entry.module, ground.entry.attribute
    text = _names_of(ground)
    name = attribute.partition(".")[0]
    alike = difflib.get_close_matches(name, sorted({*text.changes} - {name}), n=1) if text else []
    next_step = f"did you mean {module}:{alike[0]}?" if alike else f"name what it has, or leave out :{attribute}"
    return CyclesError(f'{module} has no "{attribute}" to be called; {next_step}')


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
