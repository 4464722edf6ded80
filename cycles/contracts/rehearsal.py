"""The child process that rehearses a contract with import-linter: a request on stdin, its findings on stdout, as JSON.

A process of its own, because grimp can crash on a hostile file. Nothing of the package is imported:
the finder is told its folders, so that `sys.path` never leads there.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter

import grimp
from grimp.application.config import settings as grimp_settings
from grimp.application.ports.filesystem import AbstractFileSystem
from grimp.application.ports.packagefinder import AbstractPackageFinder

from cycles.components import strongly_connected
from cycles.contracts.exchange import Answer, Request
from cycles.contracts.seen import seen_by
from cycles.contracts.verdict import Pair, Seen, is_acyclic, kept_with, without_exceptions
from cycles.graph import entered_packages
from cycles.words import GraphName, inside

_ALL_PAIRS, _SAMPLE, _TRIES, _SEED = 20_000, 2_000, 400_000, 5


def main() -> None:
    """Answer one request."""
    request: Request = json.load(sys.stdin)
    grimp_settings.configure(PACKAGE_FINDER=_KnownFolders(request["folders"]))
    try:
        answer = _answer(request)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic in Rust arrives as a BaseException
        answer = _nothing(f"{type(error).__name__}: {error}")
    json.dump(answer, sys.stdout)


def lint() -> None:
    """Run `lint-imports` itself with a configuration, the first argument; stdin says where packages stand."""
    from importlinter import cli  # noqa: PLC0415  loaded only where it runs

    folders: dict[str, list[str]] = json.load(sys.stdin)
    grimp_settings.configure(PACKAGE_FINDER=_KnownFolders(folders))
    sys.exit(cli.lint_imports(config_filename=sys.argv[1], no_cache=True, no_logo=True))


def options() -> None:
    """Print what import-linter reads in a configuration, the first argument."""
    from importlinter import cli  # noqa: PLC0415, F401  it makes its readers known
    from importlinter.application.use_cases import read_user_options  # noqa: PLC0415

    found = read_user_options(sys.argv[1])
    json.dump([found.session_options, found.contracts_options], sys.stdout)


class _KnownFolders(AbstractPackageFinder):
    """Finds packages where it is told, whatever else has their name."""

    def __init__(self, folders: dict[str, list[str]]) -> None:
        self.folders = folders

    def determine_package_directories(self, package_name: str, file_system: AbstractFileSystem) -> set[str]:  # noqa: ARG002
        return set(self.folders[package_name])


def _nothing(error: str = "") -> Answer:
    return Answer(error=error, imports=[], kept=False, cuts=(0, 0), closing=(0, 0), harmless=(0, 0), everywhere=True)


def _answer(request: Request) -> Answer:
    roots = sorted(request["folders"])
    graph = grimp.build_graph(
        *roots, exclude_type_checking_imports=request["exclude_type_checking_imports"], cache_dir=None
    )
    packages = request["packages"]
    scope = {module for module in graph.modules if any(inside(module, package) for package in packages)}
    if missing := [package for package in packages if package not in scope]:
        return _nothing(f"it knows no package {missing[0]} (a folder without __init__.py inside a regular package?)")
    answer = _nothing()
    if not request["rehearse"]:
        answer["imports"] = [
            (importer, imported, found["line_number"])
            for importer in sorted(scope)
            for imported in sorted(graph.find_modules_directly_imported_by(importer) & scope)
            for found in graph.get_import_details(importer=importer, imported=imported)
        ]
        return answer
    excepted = [(importer, imported) for importer, imported in request["excepted"]]
    name = GraphName(request["graph"])
    seen = seen_by(graph, scope, name, roots, everything=not excepted)
    answer["kept"] = is_acyclic(seen, excepted)
    broken = [not is_acyclic(seen, [other for other in excepted if other != cut]) for cut in excepted]
    answer["cuts"] = (sum(broken), len(broken))
    if answer["kept"]:
        _rehearse(seen, excepted, answer)
    return answer


def _rehearse(seen: Seen, excepted: Sequence[Pair], answer: Answer) -> None:
    """Add every new import inside the former components, or a sample of them, one at a time.

    Whether it closes a cycle is found by reachability, which shares no code with the contract's verdict.
    """
    former = strongly_connected(without_exceptions(seen, ())) or (seen.modules,)
    parts = [_Part(_restricted(seen, members), excepted) for members in former]
    total = sum(len(members) * (len(members) - 1) for members in former)
    answer["everywhere"] = total <= _ALL_PAIRS
    most = total if answer["everywhere"] else _SAMPLE
    found: dict[bool, list[list[Pair]]] = {True: [[] for _ in parts], False: [[] for _ in parts]}
    count = {True: 0, False: 0}
    for number, pair in _every_pair(former) if answer["everywhere"] else _some_pairs(former):
        closes = parts[number].closes(*pair)
        if closes is not None and count[closes] < most:
            found[closes][number].append(pair)
            count[closes] += 1
            if not answer["everywhere"] and min(count.values()) == most:
                break
    right = {
        closes: sum(
            kept is not closes
            for part, pairs in zip(parts, found[closes], strict=True)
            for kept in kept_with(part.seen, excepted, pairs)
        )
        for closes in (True, False)
    }
    answer["closing"], answer["harmless"] = (right[True], count[True]), (right[False], count[False])


class _Part:
    """A former component with the cuts made: what every module of it reaches, as sets of bits."""

    def __init__(self, seen: Seen, excepted: Sequence[Pair]) -> None:
        self.seen = seen
        self.bit = {module: 1 << index for index, module in enumerate(seen.modules)}
        following: dict[str, list[str]] = {module: [] for module in seen.modules}
        for importer, imported in without_exceptions(seen, excepted):
            following[importer].append(imported)
        self.reached: dict[str, int] = {}
        for module in TopologicalSorter(following).static_order():
            reached = self.bit[module]
            for after in following[module]:
                reached |= self.reached[after]
            self.reached[module] = reached

    def closes(self, importer: str, imported: str) -> bool | None:
        """Whether a new import closes a cycle; None where it is there already."""
        named = self.seen.named.get(importer, {}).get(imported, ())
        if imported in named:
            return None
        ends = (imported, *entered_packages(importer, imported, self.seen.running))
        return any(self.reached[end] & self.bit[importer] for end in ends if end in self.reached)


def _restricted(seen: Seen, members: Sequence[str]) -> Seen:
    """What is seen of some modules only."""
    chosen = frozenset(members)
    named = {
        importer: {imported: its for imported, its in seen.named[importer].items() if imported in chosen}
        for importer in members
        if importer in seen.named
    }
    return Seen(tuple(members), named, seen.running)


def _every_pair(former: Sequence[Sequence[str]]) -> Iterator[tuple[int, Pair]]:
    for number, members in enumerate(former):
        for importer in members:
            for imported in members:
                if importer != imported:
                    yield number, (importer, imported)


def _some_pairs(former: Sequence[Sequence[str]]) -> Iterator[tuple[int, Pair]]:
    """A bounded number of different pairs, the same on every run."""
    draw = random.Random(_SEED)  # noqa: S311  a sample, no secret
    weights = [len(members) * (len(members) - 1) for members in former]
    drawn = set()
    for _ in range(_TRIES):
        ((number, members),) = draw.choices(list(enumerate(former)), weights)
        pair = (draw.choice(members), draw.choice(members))
        if pair[0] != pair[1] and pair not in drawn:
            drawn.add(pair)
            yield number, pair
