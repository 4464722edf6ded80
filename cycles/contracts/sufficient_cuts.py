"""Decide whether imports are free of cycles once some of them are cut, and which of these cuts no cycle needs."""

import shlex
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cycles.enums import GraphName
from cycles.graph.components import scc_ids
from cycles.source.module_names import Pair


@dataclass(frozen=True, slots=True)
class ContractGraph:
    """The dependencies between the modules that a contract covers, or their groups (sorted), without self-imports.

    `causes` says for each which others it depends on, and for each of these by which imports, as pairs of importer and
    the module that is named: a dependency is gone when all of its causes are cut. `by` asks for the groups.
    """

    modules: tuple[str, ...]
    causes: Mapping[str, Mapping[str, Collection[Pair]]]
    by: tuple[str, ...] = ()


def is_acyclic(graph: ContractGraph, cuts: Collection[Pair] = ()) -> bool:
    """Return whether the cuts leave no cycle: one run of Tarjan's algorithm."""
    places = scc_ids(_following(graph, _numbers(graph), frozenset(cuts)))
    return len(set(places)) == len(places)


def remaining(graph: ContractGraph, cuts: Collection[Pair]) -> list[Pair]:
    """Return the dependencies that the cuts leave, sorted."""
    cut = frozenset(cuts)
    return sorted((importer, imported) for importer in graph.causes for imported in _imported(graph, importer, cut))


def redundant(graph: ContractGraph, exceptions: Sequence[Collection[Pair]]) -> list[int]:
    """Return which exceptions (each one or more cuts) no cycle needs: the others made, its own imports close none.

    All exceptions together leave no cycle. O(n + m) for each exception at worst.
    """
    together = frozenset[Pair]().union(*exceptions)
    times = Counter(cut for own in exceptions for cut in own)
    number = _numbers(graph)
    following = _following(graph, number, together)
    places = scc_ids(following)
    found = []
    for index, own in enumerate(exceptions):
        others = together - {cut for cut in own if times[cut] == 1}
        if len(own) == 1 and not graph.by:
            # What it adds begins at one module, so a cycle is a path back to there: far cheaper than looking at all.
            ((importer, _),) = own
            heads = [number[imported] for imported in _imported(graph, importer, others)]
            needed = importer in number and _reaches(number[importer], heads, following, places)
        else:
            needed = not is_acyclic(graph, others)
        if not needed:
            found.append(index)
    return found


def _numbers(graph: ContractGraph) -> dict[str, int]:
    return {module: index for index, module in enumerate(graph.modules)}


def _following(graph: ContractGraph, number: Mapping[str, int], cuts: frozenset[Pair]) -> list[list[int]]:
    return [[number[imported] for imported in _imported(graph, module, cuts)] for module in graph.modules]


def _imported(graph: ContractGraph, importer: str, cuts: frozenset[Pair]) -> list[str]:
    """Return the modules that one depends on once the cuts are made."""
    causes = graph.causes.get(importer, {})
    return [imported for imported, pairs in causes.items() if any(pair not in cuts for pair in pairs)]


def _reaches(goal: int, heads: Sequence[int], following: Sequence[Sequence[int]], places: Sequence[int]) -> bool:
    """Return whether a vertex can be reached from one of the heads."""
    # No edge leads to a higher place: what is placed lower than the goal cannot lead there.
    waiting = [head for head in heads if places[head] >= places[goal]]
    seen = set(waiting)
    while waiting:
        vertex = waiting.pop()
        if vertex == goal:
            return True
        for after in following[vertex]:
            if after not in seen and places[after] >= places[goal]:
                seen.add(after)
                waiting.append(after)
    return False


def contract_command(packages: Sequence[str], graph: GraphName, by: Sequence[str] = ()) -> str:
    """Return the command that writes the contract for some packages, or groups of their modules, anew."""
    options = [] if graph is GraphName.IMPORT_TIME else ["--graph", str(graph)]
    options += [part for word in by for part in ("--by", shlex.quote(word))]
    return " ".join(["cycles contract", *packages, *options, "--write"])
