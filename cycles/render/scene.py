"""An Analysis and how to take one component apart in; what every picture of it shows, out: one value."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cycles.model import Analysis, Component, Cutting, CycleCount
from cycles.render.layering import foundations_first, skeleton
from cycles.source.values import Import
from cycles.wording import common_prefix, short
from cycles.words import GraphName, Kind


@dataclass(frozen=True, slots=True)
class Node:
    """A module. `label` is its name as shown, `group` the first sub-package below the common prefix, "" for none.

    `path` is its file relative to the project, with forward slashes; None where it has none there.
    """

    module: str
    label: str
    group: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency. `kind` is the strongest of its imports, `cycles` the number that run through it.

    `steps` are the steps of the plan, counted from 1, that are needed to remove it, in order: it is
    gone with the last. Where they are empty it stays. `skeleton` says that it is removed, or that no
    path of others that stay says the same.
    """

    importer: str
    imported: str
    kind: Kind
    implied: bool
    cycles: int
    steps: tuple[int, ...]
    skeleton: bool
    imports: tuple[Import, ...]

    @property
    def cut(self) -> bool:
        """Whether it is gone after the whole plan."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One component, ready to be drawn.

    `nodes` stand with the foundations first: each after all that it still imports once the plan is
    made. `edges` are sorted by importer and imported; those with `skeleton` are enough for a
    picture. `groups` of two or more modules come with the largest first, then by name. `cuts` is
    how many cuts the plan makes, none needs fewer than `lower_bound`.
    """

    package: str
    graph: GraphName
    number: int
    of: int
    prefix: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[str, ...]
    cycles: CycleCount
    cuts: int
    lower_bound: int

    @property
    def ranks(self) -> Mapping[str, int]:
        """The place of every module in `nodes`."""
        return {node.module: place for place, node in enumerate(self.nodes)}


def drawing(analysis: Analysis, cutting: Cutting) -> Drawing:
    """What pictures show of a component of the analysis."""
    component = cutting.component
    prefix = common_prefix(component.modules)
    groups = {module: _group(module, prefix, component) for module in component.modules}
    edges, order = _edges(cutting, groups)
    paths = _paths(analysis)
    packages = {module.name for module in analysis.files if module.is_package}
    counts = Counter(group for group in groups.values() if group)
    nodes = [_node(component.modules[place], prefix, packages, groups, paths) for place in order]
    return Drawing(
        package=analysis.package,
        graph=analysis.graph_name,
        number=component.number,
        of=len(analysis.components),
        prefix=prefix,
        nodes=tuple(nodes),
        edges=edges,
        groups=tuple(sorted((name for name in counts if counts[name] > 1), key=lambda name: (-counts[name], name))),
        cycles=cutting.ranking.cycles,
        cuts=len(cutting.cut_set.cuts),
        lower_bound=cutting.cut_set.lower_bound,
    )


def _edges(cutting: Cutting, groups: Mapping[str, str]) -> tuple[tuple[Edge, ...], list[int]]:
    """The dependencies as edges, and the order of the modules (by their places in the component)."""
    component = cutting.component
    steps = {(step.importer, step.imported): number for number, step in enumerate(cutting.plan, 1)}
    removal = [_steps(dependency.imports, steps) for dependency in component.dependencies]
    places = {module: place for place, module in enumerate(component.modules)}
    pairs = [(places[found.importer], places[found.imported]) for found in component.dependencies]
    staying = [pair for pair, needed in zip(pairs, removal, strict=True) if not needed]
    removed = sorted((needed[-1], pair) for pair, needed in zip(pairs, removal, strict=True) if needed)
    names = [groups[module] for module in component.modules]
    order = foundations_first(len(places), staying, [pair for _, pair in removed], names)
    shown = skeleton(len(places), staying, order)
    edges = [
        Edge(
            importer=dependency.importer,
            imported=dependency.imported,
            kind=dependency.kinds[0],
            implied=dependency.implied,
            cycles=through,
            steps=needed,
            skeleton=bool(needed) or pair in shown,
            imports=dependency.imports,
        )
        for dependency, pair, needed, through in zip(
            component.dependencies, pairs, removal, cutting.ranking.through, strict=True
        )
    ]
    return tuple(edges), order


def _steps(imports: Sequence[Import], steps: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    """The steps that together cut all imports, () where one of them stays."""
    found = {steps.get((statement.importer, statement.imported), 0) for statement in imports}
    return () if 0 in found else tuple(sorted(found))


def _group(module: str, prefix: str, component: Component) -> str:
    """The first sub-package below the prefix that a module lies in or is, "" where it lies in none."""
    rest = module[len(prefix) + 1 if prefix else 0 :] if module != prefix else ""
    top, dot, _ = rest.partition(".")
    name = f"{prefix}.{top}" if prefix else top
    return name if top and (dot or any(other.startswith(f"{name}.") for other in component.modules)) else ""


def _node(
    module: str, prefix: str, packages: frozenset[str] | set[str], groups: Mapping[str, str], paths: Mapping[str, str]
) -> Node:
    label = short(module, prefix) + ("/__init__" if module in packages else "")
    return Node(module=module, label=label, group=groups[module], path=paths.get(module))


def _paths(analysis: Analysis) -> dict[str, str]:
    """The file of every module that lies in the project, relative to it."""
    found = {}
    for module in analysis.files:
        path = os.path.relpath(module.path, analysis.project).replace(os.sep, "/")
        if not path.startswith("../"):
            found[module.name] = path
    return found
