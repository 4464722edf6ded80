"""The definition graph of a component: its top-level definitions, and what each needs of the others, and when."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from cycles.fixes.call_graph import Calls, Refers, Target
from cycles.fixes.definition_values import Definition, ModuleNeed, Need
from cycles.fixes.import_time.runs_on_import import FirstRuns
from cycles.fixes.module_usage import Modules
from cycles.fixes.name_origins import Link, Origins, Scope
from cycles.graph.components import scc_ids
from cycles.source.import_statements import Named, bound_names
from cycles.source.module_names import inside
from cycles.source.name_usage import Use
from cycles.source.top_level_statements import Imported, Reading, TopLevel

_NEEDS = {
    Use.RUNS: Need.IMPORT,
    Use.LAMBDA: Need.MAYBE,
    Use.EVALUATED: Need.ANNOTATION,
    Use.FUNCTION: Need.CALL,
    Use.TYPING: Need.TYPING,
}
_Key = TypeVar("_Key", int, str)
STRENGTH = {need: number for number, need in enumerate(Need)}
Way = tuple[Link, ...]
"""The modules through which a name is taken, the one that the import names first."""


@dataclass(slots=True)
class Found:
    """The strongest need of one definition for another, the line that says so, and every way that it takes, by need.

    `needs` are all: where a graph does not count the strongest, it may count a weaker one.
    """

    need: Need
    line_number: int
    ways: dict[Way, Need] = field(default_factory=dict)
    needs: set[Need] = field(default_factory=set)


class Offer(NamedTuple):
    """A name that a module has for others: by `__all__`, or as a package; and the imports that give it the name."""

    module: str
    name: str
    links: tuple[Link, ...]
    line_number: int


@dataclass(slots=True)
class Needs:
    """What the definitions of some modules need; definitions are numbers.

    Attributes:
        definitions: sorted; a number is a place among them.
        between: by definition, those that it needs.
        of_modules: by definition, the modules that it needs as a whole, or names of which nothing is known: those in
            no component of theirs among them, as others may hand their names on.
        effects: imports wanted for their effect.
        offers: names that modules have for others.
        unread: modules that could not be followed.
    """

    definitions: list[Definition]
    between: list[dict[int, Found]]
    of_modules: list[dict[str, Found]]
    effects: list[ModuleNeed]
    offers: list[Offer]
    unread: list[str]


def needs_of(members: Sequence[str], modules: Modules, first_runs: FirstRuns) -> tuple[Needs, Origins]:
    """Return what the definitions of some modules need of each other; `first_runs` knows whose annotations are read."""
    reader = _Reader(members, Origins(modules), first_runs)
    return reader.read(), reader.origins


class _Reader:
    def __init__(self, members: Sequence[str], origins: Origins, first_runs: FirstRuns) -> None:
        self.members = frozenset(members)
        self.first_runs = first_runs
        self.origins = origins
        self.scopes = {module: scope for module in sorted(members) if (scope := origins.scope(module))}
        self.number: dict[tuple[str, int], int] = {}
        """The definition of each top-level statement, by module and place."""
        self.refers: list[list[Refers]] = []
        self.taken: set[Link] = set()
        """Imported names that another module takes from where they are not defined."""

    def read(self) -> Needs:
        definitions = self.nodes()
        self.needs = Needs(
            definitions,
            [{} for _ in definitions],
            [{} for _ in definitions],
            effects=[],
            offers=[],
            unread=sorted(self.members - self.scopes.keys()),
        )
        self.refers = [[] for _ in definitions]
        statements: list[list[TopLevel]] = [[] for _ in definitions]
        for module, scope in self.scopes.items():
            for place, statement in enumerate(scope.statements.found):
                if (number := self.number.get((module, place))) is not None:
                    statements[number].append(statement)
            self.look_at(module, scope)
        calls = Calls(
            statements,
            self.refers,
            lambda number, chain: self.resolved(definitions[number].module, chain),
            [definition.module for definition in definitions],
        )
        for number, refers in enumerate(self.refers):
            for found in refers:
                self.add(number, found, found.need, found.line_number)
            for line_number, found, need in calls.run_by(number):
                if found.need is not Need.TYPING:
                    self.add(number, found, need, line_number)
        for module, scope in self.scopes.items():
            self.needs.offers += self.offered(module, scope)
        offered = {(offer.module, offer.name) for offer in self.needs.offers}
        for module, scope in self.scopes.items():
            self.needs.effects += self.effects(module, scope, {name for where, name in offered if where == module})
        return self.needs

    def nodes(self) -> list[Definition]:
        """Find the definitions: statements that bind one name are one."""
        found: list[tuple[Definition, list[tuple[str, int]]]] = []
        for module, scope in self.scopes.items():
            parent = list(range(len(scope.statements.found)))
            for places in scope.defined.values():
                for place in places:
                    parent[_root(parent, place)] = _root(parent, places[0])
            groups: dict[int, list[int]] = defaultdict(list)
            for place, statement in enumerate(scope.statements.found):
                if _defines(statement):
                    groups[_root(parent, place)].append(place)
            for places in groups.values():
                group = [scope.statements.found[place] for place in places]
                names = sorted({name for statement in group for name in statement.names})
                lines = sum(statement.end_line_number - statement.line_number + 1 for statement in group)
                definition = Definition(module, group[0].line_number, tuple(names), lines)
                found.append((definition, [(module, place) for place in places]))
        found.sort(key=lambda pair: (pair[0], pair[1]))
        for number, (_, keys) in enumerate(found):
            self.number |= dict.fromkeys(keys, number)
        return [definition for definition, _ in found]

    def look_at(self, module: str, scope: Scope) -> None:
        """Find what the statements of a module refer to."""
        uses = {
            (name, load.line_number, load.column): (_NEEDS[load.context.use], load.context.annotates)
            for name, loads in scope.uses.loads.items()
            for load in loads
        }
        seen = set()
        for place, statement in enumerate(scope.statements.found):
            number = self.number.get((module, place))
            if number is None:
                continue
            for reading in statement.readings:
                spot = (reading.name, reading.line_number, reading.column)
                seen.add(spot)
                if spot not in uses:
                    self.local(module, number, statement, reading)
                else:
                    need, annotates = uses[spot]
                    if statement.as_main and need is Need.IMPORT:
                        need = Need.CALL
                    links, need = self.links(scope, module, reading.name, need)
                    self.refer(number, reading, links, self.perhaps(module, links, need, annotates))
        for spot, (need, annotates) in uses.items():
            # Those in strings, and bounds of type parameters: nothing calls them.
            name, line_number, column = spot
            if spot not in seen and (number := self.number.get((module, scope.statements.at(line_number)))) is not None:
                links, when = self.links(scope, module, name, need)
                attributes = next(
                    (found.attributes for found in scope.uses.loads[name] if found[1:3] == (line_number, column)), ()
                )
                self.refer(
                    number,
                    Reading(name, attributes, line_number, column, "", called=False),
                    links,
                    self.perhaps(module, links, when, annotates),
                )

    def perhaps(self, module: str, links: Sequence[Link], need: Need, annotates: str) -> Need:
        """When an annotation needs what it names: where somebody reads it, it may be evaluated then.

        To find out takes longer than all else: only annotations that name another module of these are asked about.
        """
        outside = any(link.module in self.members and link.module != module for link in links)
        if (
            annotates
            and outside
            and need in (Need.TYPING, Need.ANNOTATION)
            and self.first_runs.reads(module, annotates)
        ):
            return Need.MAYBE
        return need

    def links(self, scope: Scope, module: str, name: str, need: Need) -> tuple[list[Link], Need]:
        """What a name of a module is bound to; only type checkers need what only they import."""
        links = list(scope.imported.get(name, ()))
        if name in scope.defined:
            links.append(Link(module, name))
        if not links and name in scope.typed:
            return scope.typed[name], Need.TYPING
        if not links and scope.stars:
            links = [origin.through[1] for origin in self.origins.of_name(module, name) if len(origin.through) > 1]
        return links, need

    def local(self, module: str, number: int, statement: TopLevel, reading: Reading) -> None:
        """Look at a name of a function: it may stand for what an import in there takes."""
        links = [
            (self.origins.link(item, imported.node), imported.typing)
            for imported in statement.imports
            if imported.body and reading.name in bound_names(imported.node) and inside(reading.body, imported.body)
            for item in self.origins.items(module, imported)
            if item.bound == reading.name
        ]
        for link, typing in links:
            self.refer(number, reading, [link], Need.TYPING if typing else Need.CALL)
        if not links and reading.called and not reading.attributes:
            self.refers[number].append(Refers(reading, Need.CALL, (), local=True))

    def refer(self, number: int, reading: Reading, links: Sequence[Link], need: Need) -> None:
        """Note what a reading stands for."""
        home = self.needs.definitions[number].module
        targets = []
        for origin, attributes in self.origins.of_chain(links, reading.attributes):
            way = (
                origin.through[1:] if origin.through[0].module == home and len(origin.through) == 1 else origin.through
            )
            self.taken.update(link for link in way[:-1] if link.name)
            targets.append(Target(self.numbers(origin.module, origin.name), origin.module, way, attributes))
        self.refers[number].append(Refers(reading, need, tuple(targets)))

    def numbers(self, module: str, name: str) -> tuple[int, ...]:
        """The definitions that bind a name of a module."""
        scope = self.scopes.get(module)
        places = scope.defined.get(name, ()) if scope else ()
        found = (self.number.get((module, place)) for place in places)
        return tuple(dict.fromkeys(number for number in found if number is not None))

    def resolved(self, module: str, chain: Sequence[str]) -> Iterator[int]:
        """The definitions that a dotted name of a module stands for."""
        links, _ = self.links(self.scopes[module], module, chain[0], Need.IMPORT)
        for origin, _ in self.origins.of_chain(links, tuple(chain[1:])):
            yield from self.numbers(origin.module, origin.name)

    def add(self, number: int, found: Refers, need: Need, line_number: int) -> None:
        for target in found.targets:
            module = target.module
            if not target.numbers and module != self.needs.definitions[number].module:
                _strengthen(self.needs.of_modules[number], module, need, line_number, target.way)
            for other in target.numbers:
                if other != number:
                    _strengthen(self.needs.between[number], other, need, line_number, target.way)

    def offered(self, module: str, scope: Scope) -> Iterator[Offer]:
        """Find the imported names that a module has for others."""
        is_package = self.origins.modules.files[module].is_package
        meant = {
            alias.name
            for statement in scope.statements.found
            for imported in statement.imports
            for alias in imported.node.names
            if alias.asname == alias.name
        }
        for name, links in scope.imported.items():
            public = not name.startswith("_")
            listed = public if scope.uses.exported is None else name in scope.uses.exported
            wanted = listed if scope.uses.lists_exports else public and (is_package or name in meant)
            inner = tuple(link for link in links if link.module in self.members and link.module != module)
            if inner and wanted:
                line_number = min((found.line_number for found in scope.uses.bindings.get(name, ())), default=1)
                yield Offer(module, name, inner, line_number)
        yield from (Offer(module, "*", (Link(star, ""),), 1) for star in scope.stars if star in self.members)

    def effects(self, module: str, scope: Scope, offered: set[str]) -> Iterator[ModuleNeed]:
        """Find the imports of a module that nobody takes a name of, where importing does more than define names."""
        exported = scope.uses.exported or frozenset()
        for statement in scope.statements.found:
            for imported in statement.imports:
                for item in self.origins.items(module, imported) if not (imported.body or imported.typing) else ():
                    link = self.origins.link(item, imported.node)
                    target = item.module if isinstance(imported.node, ast.Import) else link.module
                    if target not in self.members or target == module or item.bound == "*":
                        continue
                    kept = item.bound in (exported if not link.name else offered | exported)
                    if not kept and Link(module, item.bound) not in self.taken and self.wanted(scope, item, imported):
                        yield ModuleNeed(module, target, imported.node.lineno)

    def wanted(self, scope: Scope, item: Named, imported: Imported) -> bool:
        """Whether an import may be there for its effect: no use of it is seen, and there is one."""
        if isinstance(imported.node, ast.Import):
            inner = tuple(item.module.split(".")[1:]) if item.bound == item.module.partition(".")[0] else ()
            return not any(load.attributes[: len(inner)] == inner for load in scope.uses.loads.get(item.bound, ()))
        target = self.origins.scope(self.origins.link(item, imported.node).module)
        return item.bound not in scope.uses.loads and (target is None or target.uses.acts is not None)


def _strengthen(found: dict[_Key, Found], key: _Key, need: Need, line: int, way: Way) -> None:
    known = found.setdefault(key, Found(need, line))
    known.needs.add(need)
    if (STRENGTH[need], line) < (STRENGTH[known.need], known.line_number):
        known.need, known.line_number = need, line
    known.ways[way] = min(need, known.ways.get(way, need), key=STRENGTH.__getitem__)


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        place = parent[place]
    return place


def _defines(statement: TopLevel) -> bool:
    """Whether a statement is more than imports or a docstring."""
    node = statement.node
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return False
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    # A `try` around an import may call what it imports.
    simple = (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete)
    return bool(statement.names) or not statement.imports or any(isinstance(one, simple) for one in ast.walk(node))


def cyclic_groups(following: Sequence[Iterable[int]]) -> list[list[int]]:
    """Return the groups of two or more numbers that lead to each other."""
    members: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(scc_ids([list(after) for after in following])):
        members[place].append(number)
    return [group for group in members.values() if len(group) > 1]
