"""Write as JSON what was found of the cycles between groups of modules."""

from collections.abc import Sequence
from typing import ClassVar

from cycles.group_cycles import GroupPair, GroupPlan, LayerCuts, pairs_of
from cycles.group_moves import GroupMove
from cycles.model import Analysis, Component, Cut, CycleCount, Dependency, DependencyDetail, ImportChain
from cycles.report.fix_words import what_to_do
from cycles.report.json_by_command import ChainDocument, CutSetDocument
from cycles.report.json_values import CutBoundDocument, Document, FixDocument, HeadDocument, Taken, as_json, head_of


class GroupDependencyDocument(Document, of=Dependency, names="importer imported cuts implied imports"):
    """All imports that make one group depend on another; it is gone when `cuts` of them are made."""

    taken: ClassVar[Taken] = {"cuts": lambda found: len(found.causes)}

    cuts: int


class GroupComponentDocument(
    Document,
    of=Component,
    names="number name groups shortest_cycle shortest_cycle_proven cuts pairs dependencies",
):
    """Groups of modules of which each imports every other, directly or indirectly.

    `pairs` are those that import each other directly, with the number of cuts in each direction.
    """

    taken: ClassVar[Taken] = {
        "groups": "modules",
        "shortest_cycle_proven": "is_shortest",
        "pairs": pairs_of,
    }

    groups: tuple[str, ...]
    shortest_cycle_proven: bool
    cuts: CutBoundDocument | None
    pairs: tuple[GroupPair, ...]
    dependencies: tuple[GroupDependencyDocument, ...]


class GroupsSccDocument(HeadDocument):
    """What `cycles scc PACKAGE --by … --format json` prints; `graphs` counts groups."""

    by: tuple[str, ...]
    components: tuple[GroupComponentDocument, ...]


class GroupCutDocument(Document, of=Cut, names="importer imported between to_do fix imports groups_left largest_left"):
    """What one module imports of another, to be cut: `between` are the dependencies of groups that it is a cause of.

    `fix` is null beyond the first cuts of a plan. `groups_left` and `largest_left` are what is on cycles after the
    step; they are null where it is no step of a plan.
    """

    taken: ClassVar[Taken] = {"to_do": what_to_do}

    between: tuple[tuple[str, str], ...]
    to_do: str
    fix: FixDocument | None
    groups_left: int | None


class GroupPlanDocument(Document):
    """How to take one component of groups apart; `layers` is what is left, the top layer first.

    `moves` are modules, and with `--moves` definitions, that would leave fewer cuts to make if they belonged to
    another group, each by itself.
    """

    taken: ClassVar[Taken] = {"groups": "modules"}

    number: int
    name: str
    groups: tuple[str, ...]
    plan: tuple[GroupCutDocument, ...]
    cut_set: CutSetDocument
    pairs: tuple[GroupPair, ...]
    layers: tuple[tuple[str, ...], ...]
    moves: tuple[GroupMove, ...]


class GroupsCutsDocument(HeadDocument):
    """What `cycles cuts PACKAGE --by … --format json` prints."""

    by: tuple[str, ...]
    components: tuple[GroupPlanDocument, ...]


class LayersDocument(HeadDocument):
    """What it prints with `--layers`: every import by which a layer depends on one above it."""

    by: tuple[str, ...]
    layers: tuple[str, ...]
    others: int
    cuts: tuple[GroupCutDocument, ...]


class GroupsWhyDocument(HeadDocument):
    """What `cycles why PACKAGE A B --by … --format json` prints where A depends on B on a cycle."""

    taken: ClassVar[Taken] = {"component": "component.number"}

    by: tuple[str, ...]
    component: int
    dependency: GroupDependencyDocument
    cycles: CycleCount
    shortest_cycle: tuple[str, ...]
    cuts: tuple[GroupCutDocument, ...]


def scc_of_groups_as_json(analysis: Analysis, *, number: int | None = None) -> str:
    """Write the components of groups, or only that `number`."""
    return as_json(GroupsSccDocument.of(analysis, **_head(analysis, "scc"), components=analysis.chosen(number)))


def cuts_of_groups_as_json(
    analysis: Analysis, plans: Sequence[GroupPlan], moves: Sequence[tuple[GroupMove, ...]]
) -> str:
    """Write how to take components of groups apart, in the order of the plans."""
    components = tuple(map(_plan, plans, moves))
    return as_json(GroupsCutsDocument.of(analysis, **_head(analysis, "cuts"), components=components))


def cuts_to_layers_as_json(analysis: Analysis, found: LayerCuts) -> str:
    """Write the imports that go against an order of layers."""
    cuts = tuple(_cut(cut, found.dependencies) for cut in found.cuts)
    return as_json(LayersDocument.of(found, **_head(analysis, "cuts"), cuts=cuts))


def why_of_groups_as_json(analysis: Analysis, found: DependencyDetail | ImportChain) -> str:
    """Write what one group imports of another, or the groups on the way to it."""
    if isinstance(found, ImportChain):
        return as_json(ChainDocument.of(found, **head_of(analysis, "why")))
    return as_json(
        GroupsWhyDocument.of(
            found,
            **_head(analysis, "why"),
            cuts=tuple(_cut(cut, found.component.dependencies) for cut in found.cuts),
        )
    )


def _head(analysis: Analysis, command: str) -> dict[str, object]:
    return {**head_of(analysis, command), "by": analysis.by.words if analysis.by else ()}


def _plan(found: GroupPlan, moves: tuple[GroupMove, ...]) -> GroupPlanDocument:
    component: Component = found.plan.component
    steps = zip(found.plan.cuts, found.plan.steps, strict=True)
    return GroupPlanDocument.of(
        component,
        plan=tuple(_cut(cut, component.dependencies, step.modules_left, step.largest_left) for cut, step in steps),
        cut_set=found.plan.cut_set,
        pairs=found.pairs,
        layers=found.layers,
        moves=moves,
    )


def _cut(
    cut: Cut, dependencies: Sequence[Dependency], groups_left: int | None = None, largest_left: int | None = None
) -> GroupCutDocument:
    pair = cut.pair
    return GroupCutDocument.of(
        cut,
        between=tuple(edge.pair for edge in dependencies if pair in edge.causes),
        groups_left=groups_left,
        largest_left=largest_left,
    )
