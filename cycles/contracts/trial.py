"""The child process that measures built-in contracts: a request on stdin, its findings on stdout, as JSON."""

import copy
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence

import grimp
from importlinter import Contract, configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.layers import LayersContract

from cycles.contracts.exchange import Request, Rival
from cycles.contracts.mutants import new_imports
from cycles.contracts.rehearsal import find_in
from cycles.contracts.seen import seen_by
from cycles.contracts.verdict import Pair
from cycles.enums import GraphName
from cycles.graph.tarjan import scc_ids
from cycles.source.names import inside

_SAMPLE, _ROUNDS = 200, 20


def main() -> None:
    """Answer one request: the rivals that can be kept at all, each with its figures."""
    request: Request = json.load(sys.stdin)
    configuration.configure()
    find_in(request["folders"])
    roots = sorted(request["folders"])
    graph = grimp.build_graph(
        *roots, exclude_type_checking_imports=request["exclude_type_checking_imports"], cache_dir=None
    )
    packages = request["packages"]
    excepted = [(importer, imported) for importer, imported in request["excepted"]]
    scope = {module for module in graph.modules if any(inside(module, package) for package in packages)}
    seen = seen_by(graph, scope, GraphName(request["graph"]), roots, everything=not excepted)
    found = new_imports(seen, excepted, sample=_SAMPLE, pairs=0)
    closing, harmless = (sorted(pair for part in parts for pair in part) for parts in (found.closing, found.harmless))
    rivals = []
    for rival, contract in _kept(graph, packages[0], excepted, roots):
        rival["caught"] = sum(not _holds(contract, graph, pair) for pair in closing), len(closing)
        rival["alarms"] = sum(not _holds(contract, graph, pair) for pair in harmless), len(harmless)
        rivals.append(rival)
    json.dump(rivals, sys.stdout)


def _kept(
    graph: grimp.ImportGraph, package: str, excepted: Sequence[Pair], roots: Sequence[str]
) -> Iterator[tuple[Rival, Contract]]:
    """Built-in contracts that the graph keeps once as many imports are ignored as that needs."""
    session = {"root_packages": list(roots)}
    options: dict[str, list[str]] = {"ancestors": [package]}
    ignored = set(excepted)
    for _ in range(_ROUNDS):
        siblings = AcyclicSiblingsContract("", session, {**options, **_ignoring(ignored)})
        check = siblings.check(copy.deepcopy(graph), verbose=False)
        if check.kept:
            yield (
                Rival(type="acyclic_siblings", fields=options, ignored=sorted(ignored), caught=(0, 0), alarms=(0, 0)),
                siblings,
            )
            break
        for breakers in check.metadata["cycle_breakers_by_package"].values():
            ignored.update(breakers)
    layers = _layers(graph, package, excepted)
    against = {pair for pair in _between(graph, package) if layers.index(pair[0][1]) > layers.index(pair[1][1])}
    direct = {(importer, imported) for (importer, _), (imported, _) in against}
    options = {"containers": [package], "layers": layers}
    ordered = LayersContract("", session, {**options, **_ignoring(direct)})
    if len(layers) > 1 and ordered.check(copy.deepcopy(graph), verbose=False).kept:
        yield Rival(type="layers", fields=options, ignored=sorted(direct), caught=(0, 0), alarms=(0, 0)), ordered


def _holds(contract: Contract, graph: grimp.ImportGraph, pair: Pair) -> bool:
    mutant = copy.deepcopy(graph)
    mutant.add_import(importer=pair[0], imported=pair[1])
    return contract.check(mutant, verbose=False).kept


def _ignoring(pairs: Collection[Pair]) -> dict[str, object]:
    return {
        "ignore_imports": [f"{importer} -> {imported}" for importer, imported in sorted(pairs)],
        "unmatched_ignore_imports_alerting": "none",
    }


def _between(graph: grimp.ImportGraph, package: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Every import between two children of a package, each end with the last name of its child."""
    depth = package.count(".") + 1
    inner = {module: module.split(".")[depth] for module in graph.find_descendants(package)}
    for importer, child in sorted(inner.items()):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other = inner.get(imported)
            if other is not None and other != child:
                yield (importer, child), (imported, other)


def _layers(graph: grimp.ImportGraph, package: str, excepted: Iterable[Pair]) -> list[str]:
    """The children of a package, importers first: in topological order once the cuts are made, if there is one."""
    cut = set(excepted)
    children = sorted(child.rpartition(".")[2] for child in graph.find_children(package))
    number = {child: index for index, child in enumerate(children)}
    following: list[set[int]] = [set() for _ in children]
    for (importer, child), (imported, other) in _between(graph, package):
        if (importer, imported) not in cut:
            following[number[child]].add(number[other])
    places = scc_ids([sorted(after) for after in following])
    return sorted(children, key=lambda child: (-places[number[child]], child))
