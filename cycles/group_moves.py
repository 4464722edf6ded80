"""Find modules, and definitions, that would take cycles between groups away if they belonged to another group."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from cycles.graph.components import strongly_connected
from cycles.group_cycles import GroupPlan, grouping_in
from cycles.grouping import NamedGroups
from cycles.limits import GROUP_MOVE_IMPORTS, GROUP_MOVES
from cycles.make_analysis import BareComponent, bare_components, bounds_of, regrouped
from cycles.model import Analysis, CutPlan
from cycles.source.import_kinds import judge_mentions
from cycles.source.import_values import ClassifiedImport
from cycles.source.module_names import inside


@dataclass(frozen=True, slots=True)
class GroupMove:
    """A module, or a definition in it, that could belong to another group.

    Attributes:
        module: its module now.
        definition: its name there; "" where all of the module moves.
        group: the group that it would belong to.
        name: the name that the module would have there; of a definition, the module of the group that would have it.
        cuts: how many cuts its component of groups needs.
        cuts_left: how many it would need then.
    """

    module: str
    definition: str
    group: str
    name: str
    cuts: int
    cuts_left: int


def moves_between(
    analysis: Analysis, plans: Sequence[GroupPlan], *, definitions: bool = False
) -> tuple[tuple[GroupMove, ...], ...]:
    """Return for each plan the moves of one module that leave fewer cuts to make, those first that leave fewest.

    The modules at the ends of the plan's cuts are tried, those with most of them first, and with `definitions` what
    the cuts take and what alone uses that. Each move is tried by itself: every import that names what moves names it
    in the new place, and the fewest cuts of all groups are found anew. It is told only where both numbers are proven.
    """
    before = _needed(bare_components(analysis, analysis.graph_name)) if plans else None
    if before is None:
        return tuple(() for _ in plans)
    # An import inside one group can lead from one to another once its module has moved.
    judged = judge_mentions(analysis.mentions, analysis.sources, frozenset(analysis.compiled))
    return tuple(_moves(analysis, judged, plan.plan, before, definitions=definitions) for plan in plans)


def _moves(
    analysis: Analysis, judged: Sequence[ClassifiedImport], plan: CutPlan, before: int, *, definitions: bool
) -> tuple[GroupMove, ...]:
    needed = len(plan.cut_set.cuts)
    affordable = min(GROUP_MOVES, GROUP_MOVE_IMPORTS // max(len(judged), 1)) if plan.cut_set.proven else 0
    tried = [*islice(_modules_moved(analysis, judged, plan), affordable)]
    if definitions:
        tried += islice(_definitions_moved(analysis, judged, plan), affordable)
    found = [
        replace(move, cuts=needed, cuts_left=needed - (before - after))
        for move, groups in tried
        if (after := _needed(groups)) is not None and after < before
    ]
    return tuple(sorted(found, key=lambda move: (move.cuts_left, move.module, move.definition, move.group)))


def _modules_moved(
    analysis: Analysis, judged: Sequence[ClassifiedImport], plan: CutPlan
) -> Iterator[tuple[GroupMove, tuple[BareComponent, ...]]]:
    """Yield each module that may move, and the components of groups then."""
    for module, group in _candidates(analysis, plan):
        if name := _name_in(analysis, module, group):
            yield GroupMove(module, "", group, name, 0, 0), _moved(analysis, judged, module, group, name)


def _definitions_moved(
    analysis: Analysis, judged: Sequence[ClassifiedImport], plan: CutPlan
) -> Iterator[tuple[GroupMove, tuple[BareComponent, ...]]]:
    """Yield each definition that may move to a module at the other end of a cut, and the components of groups then."""
    from cycles.fixes import cut_fixes, imports_after_moves, name_origins  # noqa: PLC0415  `cycles scc` does without

    if plan.component.origin is None:
        return
    known = name_origins.Origins(cut_fixes.sources_of(plan.component.origin).modules)
    chosen = set(plan.cut_set.cuts)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for edge in plan.component.dependencies:
        for importer, imported in sorted(edge.causes & chosen):
            lines = [one.line_number for one in edge.imports if one.pair == (importer, imported)]
            for module, name in imports_after_moves.in_between(known, importer, imported, lines):
                there = (edge.imported, imported) if module == importer else (edge.importer, importer)
                counts[module, name, *there] += 1
    for module, name, group, target in sorted(counts, key=lambda one: (-counts[one], one)):
        if definition := imports_after_moves.definition_of(known, module, name):
            made = [*imports_after_moves.relocated(judged, known, definition, target)]
            yield GroupMove(module, name, group, target, 0, 0), regrouped(analysis, made, {}, grouping_in(analysis))


def _candidates(analysis: Analysis, plan: CutPlan) -> list[tuple[str, str]]:
    """Return which modules to try in which groups, those first that take part in most cuts between the two."""
    # The modules of a package would have to move with it.
    single = {file.name for file in analysis.files if not file.is_package}
    chosen = set(plan.cut_set.cuts)
    counts: Counter[tuple[str, str]] = Counter()
    for edge in plan.component.dependencies:
        for importer, imported in edge.causes & chosen:
            counts[importer, edge.imported] += 1
            counts[imported, edge.importer] += 1
    possible = (found for found in counts if found[0] in single)
    return sorted(possible, key=lambda found: (-counts[found], found))


def _name_in(analysis: Analysis, module: str, group: str) -> str | None:
    """Return the name that a module would have in a group; None where the group is no package that has room for it."""
    by = grouping_in(analysis)
    if isinstance(by, NamedGroups):
        return module
    names = analysis.sources.modules
    name = f"{group}.{module.rpartition('.')[2]}"
    is_package = any(other.startswith(f"{group}.") for other in names)
    return name if is_package and name not in names and group in by.groups_around(name) else None


def _needed(groups: Sequence[BareComponent]) -> int | None:
    """Return how many cuts components need together; None where that is not proven, or where there is no cut set.

    What a package imports of its own modules is no cut, and groups can be joined by nothing else.
    """
    for group in groups:
        if strongly_connected((one, other) for one, other, made in group.made if inside(made.imported, made.importer)):
            return None
    bounds = bounds_of(groups)
    if any(bound.size != bound.lower_bound for bound in bounds):
        return None
    return sum(bound.size for bound in bounds)


def _moved(
    analysis: Analysis, judged: Sequence[ClassifiedImport], module: str, group: str, name: str
) -> tuple[BareComponent, ...]:
    """Return the components of groups once a module is in another one, by another name."""
    by = grouping_in(analysis)
    if isinstance(by, NamedGroups):
        by = replace(by, patterns=((module, group), *by.patterns))
    return regrouped(analysis, [_renamed(found, module, name) for found in judged], {module: name}, by)


def _renamed(found: ClassifiedImport, module: str, name: str) -> ClassifiedImport:
    if module not in found.pair:
        return found
    importer, imported = (name if one == module else one for one in found.pair)
    return found._replace(importer=importer, imported=imported)
