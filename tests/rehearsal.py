"""New imports of packages, one at a time: a contract must break for those that close a cycle, and for no other.

Which is which is found by networkx, from the dependencies that the analysis finds; who judges is what is tested.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import pytest

from cycles.contracts import project_linter_graph
from cycles.contracts.contract_text import Contract
from cycles.contracts.linter import Seen, seen_by_linter
from cycles.contracts.sufficient_cuts import ContractGraph, is_acyclic, redundant, remaining
from cycles.enums import GraphName
from cycles.model import Analysis
from cycles.source.module_names import Pair
from inside import linter_here

Judge = Callable[[str, str], bool | None]
"""Whether a contract would be kept with a new import, alone; None where there can be no such new import."""


@dataclass(frozen=True)
class Figures:
    """How many new imports were judged as they must be, of how many. All cuts break it when added again."""

    kept: bool
    cuts: tuple[int, int]
    closing: tuple[int, int]
    harmless: tuple[int, int]

    @property
    def passed(self) -> bool:
        return self.kept and all(right == of for right, of in (self.cuts, self.closing, self.harmless))


def seen_whole(analysis: Analysis, wanted: Contract) -> Seen:
    """What import-linter sees of a contract, with every import in its graph: also those that can close no cycle."""
    with linter_here(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(project_linter_graph, "possibly_cyclic_imports", lambda pairs, *_: pairs)
        return seen_by_linter(analysis, wanted)


def rehearse(
    analysis: Analysis, contract: Contract, judge: Judge | None = None, *, pairs: int = 20_000, sample: int = 2_000
) -> Figures:
    """Add each cut again, then new imports inside what was a component before the cuts (where none was, anywhere).

    All of them where there are up to `pairs` of them, else a `sample` of each sort. Without a `judge` the verdict on
    a graph in memory is judged, which is fast.
    """
    modules = {module.name for module in analysis.files} if contract.graph is not GraphName.ALL else set()
    _, view = seen_whole(analysis, contract)
    excepted = contract.excepted
    kept = is_acyclic(view, excepted) and not redundant(view, [(cut,) for cut in excepted])
    broken = [not is_acyclic(view, [other for other in excepted if other != cut]) for cut in excepted]
    counts = {True: [0, 0], False: [0, 0]}
    for part in _former(view) if kept else ():
        own_judge = judge or _in_memory(part, excepted, modules)
        reached = _reached(part, excepted)
        for importer, imported in _new(part.modules, pairs):
            if (importer, imported) in part.causes.get(importer, {}).get(imported, ()):
                continue
            ends = (imported, *_entered(importer, imported, modules))
            closes = any(importer in reached[end] for end in ends if end in reached)
            if counts[closes][1] < sample or len(part.modules) ** 2 < pairs:
                found = own_judge(importer, imported)
                counts[closes][0] += found is not None and found is not closes
                counts[closes][1] += found is not None
            elif min(counts[True][1], counts[False][1]) >= sample:
                break
    return Figures(kept, (sum(broken), len(broken)), (*counts[True],), (*counts[False],))


def _former(view: ContractGraph) -> Iterator[ContractGraph]:
    """The components before any cut, each alone; all modules where there are none."""
    components = [
        found for found in nx.strongly_connected_components(nx.DiGraph(remaining(view, ()))) if len(found) > 1
    ]
    for members in sorted(map(sorted, components)) or [view.modules]:
        causes = {
            importer: {imported: named for imported, named in view.causes[importer].items() if imported in members}
            for importer in members
            if importer in view.causes
        }
        yield ContractGraph(tuple(members), causes)


def _reached(part: ContractGraph, excepted: Sequence[Pair]) -> dict[str, set[str]]:
    """What every module reaches once the cuts are made, itself among it."""
    drawn = nx.DiGraph(remaining(part, excepted))
    drawn.add_nodes_from(part.modules)
    return {module: {module, *nx.descendants(drawn, module)} for module in part.modules}


def _new(modules: Sequence[str], pairs: int) -> Iterator[Pair]:
    """All pairs of different modules, or many drawn ones where there are too many; the same on every run."""
    if len(modules) ** 2 <= pairs:
        yield from ((importer, imported) for importer in modules for imported in modules if importer != imported)
        return
    draw, drawn = random.Random(5), set[Pair]()
    for _ in range(400_000):
        if len(drawn) == len(modules) * (len(modules) - 1):
            return
        pair = (draw.choice(modules), draw.choice(modules))
        if pair[0] != pair[1] and pair not in drawn:
            drawn.add(pair)
            yield pair


def _entered(importer: str, imported: str, modules: set[str]) -> list[str]:
    """The packages above a module that importing it runs, without those that the importer lies in."""
    parts = imported.split(".")
    above = [".".join(parts[:depth]) for depth in range(1, len(parts))]
    return [package for package in above if package in modules and not f"{importer}.".startswith(f"{package}.")]


def _in_memory(part: ContractGraph, excepted: Sequence[Pair], modules: set[str]) -> Judge:
    def kept(importer: str, imported: str) -> bool:
        causes = dict(part.causes.get(importer, {}))
        for end in (imported, *_entered(importer, imported, modules)):
            if end in part.modules:
                causes[end] = [*causes.get(end, ()), (importer, imported)]
        return is_acyclic(replace(part, causes={**part.causes, importer: causes}), excepted)

    return kept
