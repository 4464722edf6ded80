"""What may happen to a module's functions and classes while modules are imported: by itself, and by all others.

Something escapes when it reaches what is not known to leave it alone: then its code may run and its annotations be
evaluated. The question goes backwards, from a function to all that refer to it, through every module that takes its
name; of these only outlines are read. Nothing is executed.
"""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from cycles.fixes.modules import Mention, Modules
from cycles.fixes.name_users import NameUsers
from cycles.fixes.wrappers import Done, definition_in, done_by, done_when_called
from cycles.limits import Steps
from cycles.source.known_calls import (
    ANYTHING,
    AWAY,
    HOOK,
    ITEM,
    METHODS,
    NOTHING,
    READ,
    RUN,
    SPECIAL,
    TAKEN,
    UNKNOWN,
    Role,
    RuntimeEvaluated,
    effect_of,
)
from cycles.source.meanings import Meanings
from cycles.source.usage import WHOLE_MODULE, ClassFacts, Giver, Place, Use, Uses

Node = tuple[str, str]
"""A module, and a name in it; the name of an attribute is dotted."""

_HOOK = "__init_subclass__"
_HOOKS = frozenset(["__init_subclass__", "__class_getitem__", "__mro_entries__", "__subclasshook__"])
_HOOKS_OF_OWNERS = frozenset(["__set_name__", "contribute_to_class"])
_OF_METACLASSES = frozenset(["__new__", "__init__", "__prepare__", "__call__"])
_MAKING = frozenset(["__init__", "__new__", "__post_init__", "__attrs_post_init__"])
_PLAIN_BASES = ("typing.", "typing_extensions.", "abc.", "enum.", "collections.")
_TABLE = "[]"
"""Stands for the way into a list or table, whose own methods call nothing that is in it."""
_LONGEST_CHAIN = 20
"""Imports that are followed from one name to what defines it; circular ones end here."""


@dataclass(slots=True)
class _Reach:
    """What may happen to something, the modules that do it, and the first place that shows it."""

    flags: int = NOTHING
    modules: set[str] = field(default_factory=set)
    place: tuple[str, int] | None = None

    def add(self, flags: int, modules: set[str], place: tuple[str, int] | None) -> bool:
        """Add to it; returns whether that is news."""
        # Where any code of it runs, it does not matter who else has it.
        if not flags & ~self.flags and (self.flags & RUN or modules <= self.modules):
            return False
        self.flags |= flags
        self.modules |= modules
        self.place = self.place or place
        return True


@dataclass(frozen=True, slots=True)
class _Edge:
    """How what happens to `source` bears on another name: used in a function or lambda of it, or held by it."""

    source: Node
    use: Use
    path: str
    place: tuple[str, int]
    does: int = ANYTHING
    """What the function does with the other name where it runs."""


def imported_by(modules: Iterable[str], read: Modules, takers: NameUsers) -> set[str]:
    """Return the modules that importing some modules runs, with themselves, by the indentation of import statements."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if not module or module in found:
            continue
        found.add(module)
        waiting.append(module.rpartition(".")[0])
        for imported, line_number in takers.mentioned_by(module):
            if imported not in found and not read.in_function(module, line_number):
                waiting.append(imported)
    return found


@dataclass(frozen=True, slots=True)
class _Effect:
    """What somebody does with what is given to it, and the containers that it puts that in."""

    flags: int
    containers: frozenset[Node] = frozenset()

    def __or__(self, other: "_Effect") -> "_Effect":
        return _Effect(self.flags | other.flags, self.containers | other.containers)


def _contained(flags: int) -> int:
    """What happens to what is in something: an attribute of it that is called may be that."""
    return flags & ~(HOOK | ITEM) | (SPECIAL if flags & ITEM else NOTHING)


def _is_special(method: str) -> bool:
    return method.startswith("_") and method.endswith("_")


class Escapes:
    """What may happen on import to the functions and classes of the modules of a run; each is found out once."""

    def __init__(
        self,
        modules: Modules,
        takers: NameUsers,
        configured: RuntimeEvaluated,
        running: Collection[str],
        steps: Steps,
    ) -> None:
        """Nothing is known yet; `running` are the modules whose code matters when it calls something.

        A module that the component does not import, directly or not, calls when all that it takes is there.
        """
        self.running = running
        self.modules = modules
        self.takers = takers
        self.configured = configured
        self.steps = steps
        self._reached: dict[Node, _Reach] = {}
        self._effects: dict[Giver, _Effect] = {}
        self._containers: set[Node] = set()
        self._resolved: dict[str, str] = {}
        self._reading: dict[str, bool] = {}
        self._families: dict[Node, list[Node]] = {}
        self._running: dict[tuple[str, str, int, frozenset[str]], set[str]] = {}
        self._spelled: dict[Node, set[Mention]] = {}

    def runs(self, module: str, place: Place) -> tuple[str, int] | None:
        """Where it shows that the function around a place may run on import; None where it does not."""
        reach = self.reach(module, place.unit)
        parts = place.function.split(".")
        here = (module, place.line_number)
        uses = self.modules.uses(module)
        assert not isinstance(uses, str)  # noqa: S101  the place is from there
        for line_number, giver in uses.given.get(".".join(parts[:2]), ()) if len(parts) > 1 else ():
            if self._done_by(giver) & (SPECIAL | RUN):
                return module, line_number
        return reach.place or here if self._runs(module, place.unit, parts[1:], reach) else None

    def reads(self, module: str, place: Place) -> tuple[str, int] | None:
        """Where it shows that an annotation at a place may be evaluated; None where nothing does."""
        uses = self.modules.uses(module)
        assert not isinstance(uses, str)  # noqa: S101  the place is from there
        here = (module, place.line_number)
        path = place.annotates
        if not path:
            return None
        if uses.evaluates:
            return here
        for line_number, giver in uses.given.get(path, ()):
            if self._done_by(giver) & READ:
                return module, line_number
        if self.reach(module, WHOLE_MODULE).flags & READ:
            return self.reach(module, WHOLE_MODULE).place or here
        if path == WHOLE_MODULE:
            return None
        unit, *rest = path.split(".")
        reach = self.reach(module, unit)
        if not rest or (unit in uses.classes and len(rest) == 1 and rest[0] not in uses.classes[unit].methods):
            read = reach.flags & READ
        elif unit in uses.classes:
            read = reach.flags & METHODS or (len(rest) > 1 and self._runs(module, unit, rest, reach))
        else:
            read = reach.flags & READ or self._runs(module, unit, [], reach)
        return reach.place or here if read else None

    def reach(self, module: str, name: str) -> _Reach:
        """What may happen to a name of a module."""
        node = (module, name)
        if node not in self._reached:
            self._find(node)
        return self._reached[node]

    def _find(self, wanted: Node) -> None:
        """Find out about a name and all that bears on it; the answers are final, as all that bears on them is known."""
        leading: dict[Node, list[tuple[Node, _Edge]]] = defaultdict(list)
        found: dict[Node, _Reach] = {}
        waiting = [wanted]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = self._reached.get(node) or self._begun(node)
                # To what anything may happen, nothing more can.
                if node not in self._reached and found[node].flags & ANYTHING != ANYTHING:
                    for edge in self._edges(node):
                        leading[edge.source].append((node, edge))
                        waiting.append(edge.source)
        news = [node for node, reach in found.items() if reach.flags]
        while news:
            source = news.pop()
            for node, edge in leading[source]:
                flags = NOTHING if self._only_fills(edge, node) else self._passed_on(edge, found[source])
                if flags and found[node].add(flags, found[source].modules, found[source].place or edge.place):
                    news.append(node)
        self._reached.update(found)

    def _begun(self, node: Node) -> _Reach:
        """What certainly happens to a name in its own module."""
        self.steps.take(1)
        reach = _Reach()
        if self.steps.left < 0:
            reach.add(ANYTHING, set(), None)
        elif self._is_at_top(node):
            for flags, place in self._direct(node):
                counting = flags
                if node[0] not in self.running:
                    # Not known is not enough there: most are tests and programs, which come after all imports.
                    counting &= NOTHING if flags & RUN else READ | METHODS
                if counting:
                    reach.add(counting, {node[0]}, place)
        return reach

    def _may_read(self, module: str) -> bool:
        """Whether a module, or one that it imports, has words in it that evaluate annotations, as far as is known.

        Of modules that the component does not import nothing else matters: they call what they call when all is there.
        """
        if module not in self._reading:
            self._reading[module] = self.modules.evaluates(module) or any(
                self.modules.evaluates(imported) for imported, _ in self.takers.mentioned_by(module)
            )
        return self._reading[module]

    def _only_fills(self, edge: _Edge, node: Node) -> bool:
        """Whether a function that uses a container does no more than to put in it what it is given."""
        if edge.use is not Use.FUNCTION:
            return False
        container = self._own(self.resolve(".".join(node))) if self._containers else None
        if container is None or container not in self._containers:
            return False
        name = ".".join(edge.source)
        method = edge.path.rpartition(".")[2]
        if method == _HOOK:
            return container in self.effect((Role.BASE, name)).containers
        if method in _OF_METACLASSES and container in self.effect((Role.META, name)).containers:
            return True
        return any(container in self.effect((Role.DECORATOR, called)).containers for called in (name, f"{name}()"))

    def _passed_on(self, edge: _Edge, source: _Reach) -> int:
        """What happens to a name because of what happens to another that it is part of."""
        module, name = edge.source
        match edge.use:
            case Use.TYPING:
                return source.flags & READ and READ
            case Use.LAMBDA:
                return ANYTHING if source.flags & (SPECIAL | TAKEN | RUN) else NOTHING
            case Use.FUNCTION:
                return edge.does if self._runs(module, name, edge.path.split(".")[1:], source) else NOTHING
        if not edge.path:
            return source.flags
        return source.flags & ~(HOOK | ITEM) if edge.path == _TABLE else _contained(source.flags)

    def _runs(self, module: str, unit: str, rest: list[str], reach: _Reach) -> bool:
        """Whether code of a function or class runs, `rest` being what is after the dot of its name."""
        flags = reach.flags
        outer = self.modules.outer(module)
        facts = outer.classes.get(unit) if outer else None
        if outer is None or flags & RUN:
            return outer is None or bool(flags)
        if facts is None:
            # What decorates a function may have put an object in its place, whose methods call it.
            called = flags & SPECIAL or (flags & ITEM and unit in outer.given)
            return bool(called) or (unit == "__getattr__" and self.takers.asks_getattr(module, outer.bindings))
        if not flags & (SPECIAL | TAKEN | HOOK | AWAY):
            return False
        if flags & AWAY:
            return True
        # What a method holds runs when the method does; what another class in it holds may run when this one does.
        method = rest[0] if rest and (len(rest) == 1 or rest[0] in facts.methods) else ""
        if method:
            return self._takes(module, unit, method, reach)
        return bool(flags & (SPECIAL | TAKEN))

    def _takes(self, module: str, unit: str, method: str, reach: _Reach) -> bool:
        """Whether a method of a class may run: as a hook, by who holds the class, or by another of its methods."""
        flags = reach.flags
        if flags & SPECIAL and (_is_special(method) or not self._is_plain(module, unit)):
            return True
        asked = (module, unit, flags, frozenset(reach.modules))
        if asked not in self._running:
            self._running[asked] = self._methods_run(module, unit, reach)
        return method in self._running[asked] or "getattr" in self._running[asked]

    def _methods_run(self, module: str, unit: str, reach: _Reach) -> set[str]:
        """The names of the methods and other attributes of a class that are used, beginning with what certainly is."""
        family = [node for node in self._family(module, unit) if node[0]]
        for owner in sorted(reach.modules):
            outer = self.modules.outer(owner)
            family += [
                (owner, name) for name in (outer.classes if outer else ()) if self._derives(owner, name, module, unit)
            ]
        used: dict[str, set[str]] = defaultdict(set)
        for owner, name in dict.fromkeys(family):
            for names, words in self.modules.dotted_words(owner).items():
                if names[:1] == (name,):
                    used[names[-1]] |= words
        found = {name for name in used if _is_special(name)} if reach.flags & SPECIAL else {*_HOOKS}
        if reach.flags & (SPECIAL | TAKEN):
            for owner in {*reach.modules, *(owner for owner, _ in family)}:
                found |= self.modules.dotted_words(owner).get((), set()) - {"getattr"}
        waiting = [*found]
        while waiting:
            name = waiting.pop()
            news = used.get(name, set()) - found
            if name in _HOOKS:
                # A hook is given a class, of which nothing runs that is not called.
                news = {word.removesuffix("(") for word in news if word.endswith("(") or word == "getattr"} - found
            found |= news
            waiting += news
        return found

    def _derives(self, owner: str, name: str, module: str, unit: str) -> bool:
        return (module, unit) in self._family(owner, name)

    def _is_plain(self, module: str, unit: str) -> bool:
        """Whether all that makes an instance of a class is known: it has no bases from libraries but plain ones."""
        return all(
            owner or "." not in name or name.startswith(_PLAIN_BASES) for owner, name in self._family(module, unit)
        )

    def _family(self, module: str, unit: str) -> list[Node]:
        """A class and those it is derived from: (module, name), or ("", dotted name) for one of a library."""
        if (module, unit) in self._families:
            return self._families[module, unit]
        found: list[Node] = []
        waiting = [(module, unit)]
        while waiting:
            owner, name = waiting.pop()
            if (owner, name) in found:
                continue
            found.append((owner, name))
            outer = self.modules.outer(owner) if owner else None
            bases = outer.classes[name].bases if outer and name in outer.classes else ()
            waiting += [self._own(self.resolve(base)) or ("", self.resolve(base) or ".") for base in bases]
        self._families[module, unit] = found
        return found

    def _is_at_top(self, node: Node) -> bool:
        """Whether a name may be used outside of functions, by the text alone: most names that are taken are not."""
        module, name = node
        if name == WHOLE_MODULE or self.modules.known(module):
            return True
        return any(not around.in_function and not around.is_import for around, _ in self._mentions(node))

    def _mentions(self, node: Node) -> set[Mention]:
        """The lines that spell a name."""
        if node not in self._spelled:
            word = node[1].rpartition(".")[2]
            self._spelled[node] = self.modules.mentions(node[0], word, dotted="." in node[1])
        return self._spelled[node]

    def _direct(self, node: Node) -> Iterator[tuple[int, tuple[str, int]]]:
        """What certainly happens to a name of a module in that module's own body."""
        module, name = node
        uses = self.modules.outer(module)
        if uses is None or name.startswith("."):
            yield ANYTHING, (module, 1)
            return
        if name == WHOLE_MODULE:
            for place in uses.places("__name__"):
                if place.touches and any(self._reads_modules(giver) for giver in place.givers):
                    yield READ, (module, place.line_number)
            return
        for line_number, giver in uses.given.get(name, ()):
            yield self.effect(giver).flags, (module, line_number)
        for place in uses.places(name):
            if place.touches and place.use in (Use.RUNS, Use.EVALUATED, Use.LAMBDA):
                flags = self._done_at(place)
                if flags & (TAKEN | SPECIAL | ITEM | RUN) == TAKEN and self._is_class(node):
                    # What is taken of a class does not run, as it would where it is taken of an instance.
                    flags &= ~TAKEN
                yield flags, (module, place.line_number)

    def _is_class(self, node: Node) -> bool:
        """Whether a name stands for a class of ours."""
        own = self._own(self.resolve(".".join(node)))
        outer = self.modules.outer(own[0]) if own else None
        return own is not None and outer is not None and own[1] in outer.classes

    def _done_at(self, place: Place) -> int:
        """What certainly happens to a value at a place."""
        flags = place.reach
        for giver in place.givers:
            flags |= self.effect(giver).flags
        if place.use is Use.LAMBDA:
            return ANYTHING if flags & (SPECIAL | RUN) else NOTHING
        return flags

    def _edges(self, node: Node) -> Iterator[_Edge]:
        """What bears on a name: what refers to it in its module, and who takes it from there."""
        module, name = node
        if name == WHOLE_MODULE:
            return
        uses = self.modules.outer(module) if self._is_at_top(node) else None
        if uses is not None:
            for line_number, giver in uses.given.get(name, ()):
                for container in sorted(self.effect(giver).containers):
                    yield _Edge(container, Use.RUNS, name, (module, line_number))
            for place in uses.places(name):
                yield from self._edges_at(node, place)
        yield from self._edges_in_bodies(module, name)
        if "." not in name:
            for taker, key in self.takers.takers(module, name):
                if taker in self.running or self._may_read(taker):
                    yield _Edge((taker, key), Use.RUNS, "", (taker, 1))

    def _edges_at(self, node: Node, place: Place) -> Iterator[_Edge]:
        """What bears on a name by one use of it."""
        module, name = node
        shown = (module, place.line_number)
        for giver in place.givers if place.touches else ():
            for container in sorted(self.effect(giver).containers):
                yield _Edge(container, Use.RUNS, name, shown)
        if place.use is Use.FUNCTION:
            if place.touches:
                yield _Edge((module, place.unit), Use.FUNCTION, place.function, shown, place.does)
        elif place.use is Use.TYPING or place.in_annotation:
            if place.annotates and place.annotates != WHOLE_MODULE:
                yield _Edge((module, place.annotates.partition(".")[0]), Use.TYPING, "", shown)
        elif place.alias and place.touches and place.alias != name:
            path = "" if place.reach & HOOK else _TABLE if place.in_table else name
            yield _Edge((module, place.alias), place.use, path, shown)
            defined = self._own(self.resolve(f"{module}.{place.alias}"))
            if defined is not None and defined != (module, place.alias):
                # It is put in a table of another module.
                yield _Edge(defined, place.use, path, shown)

    def _edges_in_bodies(self, module: str, name: str) -> Iterator[_Edge]:
        """The functions that refer to a name, by its text."""
        uses = self.modules.known(module)
        if module not in self.running or (uses and name in uses.bindings):
            # The whole module was read: its functions are among the places.
            return
        for around, does in sorted(self._mentions((module, name))):
            if around.in_function and around.names[0] != name:
                yield _Edge((module, around.names[0]), Use.FUNCTION, ".".join(around.names), (module, 1), does)

    def _done_by(self, giver: Giver) -> int:
        """What somebody does with what is given to it, and what is done with the containers that it is put in."""
        effect = self.effect(giver)
        flags = effect.flags
        for container in sorted(effect.containers):
            flags |= _contained(self.reach(*container).flags)
        return flags

    def effect(self, giver: Giver) -> "_Effect":
        """What somebody does with what is given to it."""
        if giver not in self._effects:
            # Classes that are derived from each other in a circle are none.
            self._effects[giver] = _Effect(ANYTHING)
            self._effects[giver] = self._effect(*giver)
        return self._effects[giver]

    def _effect(  # noqa: PLR0911  one case for each kind of thing that a name may stand for
        self, role: Role, name: str
    ) -> "_Effect":
        resolved = self.resolve(name)
        configured = _Effect(self._configured(role, name) | self._configured(role, resolved))
        own = self._own(resolved)
        if own is None:
            known = effect_of(role, resolved) if resolved and not self._is_ours(resolved) else None
            unknown = UNKNOWN[role] if resolved and not self._is_ours(resolved) else ANYTHING
            return _Effect(unknown if known is None else known) | configured
        module, defined = own
        outer = self.modules.outer(module)
        if outer is None:
            return _Effect(ANYTHING)
        if defined in outer.classes and (resolved == f"{module}.{defined}" or role is Role.FIELD):
            return self._effect_of_class(role, module, defined, outer) | configured
        if defined in outer.classes and resolved == f"{module}.{defined}()" and role is Role.DECORATOR:
            return self._effect_of_class(role, module, defined, outer, called=True) | configured
        if role in (Role.CALL, Role.DECORATOR):
            return self._effect_of_function(role, module, defined, called=resolved.endswith("()")) | configured
        if role is Role.FIELD and defined in outer.bindings:
            # A function of ours: what it returns is one of our classes, or of a library's that looks at no owner.
            return _Effect(ANYTHING if any(hook in self.modules.text(module) for hook in _HOOKS_OF_OWNERS) else NOTHING)
        return _Effect(ANYTHING)

    def _effect_of_class(self, role: Role, module: str, name: str, outer: Uses, *, called: bool = False) -> "_Effect":
        """What a class of ours does to its subclasses, to the class whose attribute it makes, or to its arguments."""
        facts = outer.classes[name]
        found = _Effect(NOTHING)
        for base in facts.bases:
            found |= self.effect((role if role in (Role.FIELD, Role.META) else Role.BASE, base))
        match role:
            case Role.BASE:
                for metaclass in facts.metaclasses:
                    found |= self.effect((Role.META, metaclass))
                for _, (given, by) in outer.given.get(name, ()):
                    if given is Role.DECORATOR and self.effect((given, by)).flags & RUN:
                        return _Effect(ANYTHING)
                return found | self._effect_of_methods(role, module, name, facts, [_HOOK])
            case Role.META:
                return found | self._effect_of_methods(role, module, name, facts, _OF_METACLASSES)
            case Role.FIELD:
                return _Effect(ANYTHING) if facts.methods & _HOOKS_OF_OWNERS else found
        plain = not found.flags & ANYTHING and not facts.metaclasses
        decorated = outer.given.get(name, ())
        if not plain or any(
            self.effect(giver) != _Effect(NOTHING) for _, giver in decorated if giver[0] is not Role.BASE
        ):
            return _Effect(ANYTHING)
        return self._effect_of_methods(role, module, name, facts, _MAKING, called=called)

    def _effect_of_function(self, role: Role, module: str, name: str, *, called: bool) -> "_Effect":
        """What a function of ours does to what it is given, or what it returns does, once it is `called`."""
        outer = self.modules.outer(module)
        if outer is None or len(outer.bindings.get(name, ())) != 1:
            return _Effect(ANYTHING)
        if any(self.effect(giver) != _Effect(NOTHING) for _, giver in outer.given.get(name, ())):
            return _Effect(ANYTHING)
        node = self._definition(module, name)
        if not isinstance(node, ast.FunctionDef):
            return _Effect(ANYTHING)
        return self._kept(
            done_when_called(node, outer.meanings, [name]) if called else done_by(node, outer.meanings), role
        )

    def _effect_of_methods(
        self, role: Role, module: str, name: str, facts: ClassFacts, methods: Collection[str], *, called: bool = False
    ) -> "_Effect":
        """What some methods of a class do to what they are given; `called`: what an instance does to that."""
        if not facts.methods.intersection(methods):
            return _Effect(ANYTHING if called else NOTHING)
        outer, node = self.modules.outer(module), self._definition(module, name)
        if outer is None or not isinstance(node, ast.ClassDef):
            return _Effect(ANYTHING)
        found = _Effect(NOTHING)
        itself = False
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.name in methods:
                if method.name == "__new__" and called:
                    itself = done_when_called(method, outer.meanings, [name]) is not None
                found |= self._kept(done_by(method, outer.meanings), role)
        return _Effect(ANYTHING) if called and not itself else found

    def _kept(self, done: Done | None, role: Role) -> "_Effect":
        """What comes of what a function does; None where it may do anything."""
        if done is None or done.flags & ANYTHING == ANYTHING:
            return _Effect(ANYTHING)
        nodes = [self._own(self.resolve(container)) for container in sorted(done.containers)]
        if None in nodes:
            return _Effect(ANYTHING)
        self._containers.update(node for node in nodes if node)
        # A property runs where it is taken of an instance, not where it is taken of a class.
        flags = done.flags | (AWAY if done.flags & TAKEN and role is Role.CALL else NOTHING)
        flags &= ~TAKEN
        found = _Effect(flags, frozenset(node for node in nodes if node))
        for callee in sorted(done.callees):
            found |= self.effect((Role.CALL, callee))
        for maker in sorted(done.makers):
            found |= self._effect_of_instance(role, maker)
        return found

    def _effect_of_instance(self, role: Role, maker: str) -> "_Effect":
        """What an instance of a class of ours, that has no say in who makes it, does to what it is called with."""
        own = self._own(self.resolve(maker))
        outer = self.modules.outer(own[0]) if own else None
        facts = outer.classes.get(own[1]) if own and outer else None
        if own is None or facts is None or facts.bases or facts.metaclasses or "__new__" in facts.methods:
            return _Effect(ANYTHING)
        return (
            self._effect_of_methods(role, *own, facts, ["__call__"])
            if "__call__" in facts.methods
            else _Effect(ANYTHING)
        )

    def _definition(self, module: str, name: str) -> ast.stmt | None:
        """The syntax tree of a function or class at the top of a module, by its lines alone."""
        return definition_in(self.modules.text(module), name)

    def _reads_modules(self, giver: Giver) -> bool:
        """Whether something that is given `__name__` may evaluate the annotations of the module of that name."""
        own = self._own(self.resolve(giver[1]))
        words = ("get_type_hints", "get_annotations", "eval_str", "__annotations__", "sys.modules", "import_module")
        return own is not None and any(word in self.modules.text(own[0]) for word in words)

    def _configured(self, role: Role, name: str) -> int:
        plain = name.replace("()", "")
        known = self.configured.bases if role in (Role.BASE, Role.META) else self.configured.decorators
        return READ if role is not Role.FIELD and plain in known else NOTHING

    def _is_ours(self, name: str) -> bool:
        return name.partition(".")[0] in self.takers.tops

    def _own(self, resolved: str) -> Node | None:
        """The module and the name of what is defined in the packages, None for what is not, or not found."""
        module, _, name = resolved.removesuffix("()").rpartition(".")
        return (module, name) if module in self.modules.files and "()" not in module else None

    def resolve(self, name: str) -> str:
        """The dotted name of what defines a name; each is found out once."""
        if name not in self._resolved:
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def _through_stars(self, name: str, meanings: Meanings) -> str:
        """What a name stands for that one of the packages' modules gives to a module that takes all of its names."""
        for module in reversed(meanings.stars):
            outer = self.modules.outer(module) if module in self.modules.files else None
            if outer and (name in outer.meanings.names or outer.meanings.stars) and not name.startswith("_"):
                return f"{module}.{name}"
            if outer and outer.exported is not None and name in outer.exported:
                return f"{module}.{name}"
        return ""

    def _resolve(self, name: str) -> str:
        """The dotted name of what defines a name, through the imports and assignments of our packages; "" for none."""
        for _ in range(_LONGEST_CHAIN):
            parts = name.split(".")
            module = next(
                (
                    ".".join(parts[:length])
                    for length in range(len(parts) - 1, 0, -1)
                    if ".".join(parts[:length]) in self.modules.files
                ),
                None,
            )
            if module is None:
                return name
            rest = parts[module.count(".") + 1 :]
            outer = self.modules.outer(module)
            if outer is None:
                return ""
            head = rest[0].partition("(")[0]
            calls = rest[0][len(head) :]
            meanings = outer.meanings
            if len(rest) > 1 and not calls and head in meanings.decorated:
                name = ".".join([f"{meanings.decorated[head]}()", *rest[1:]])
                continue
            meaning = meanings.names.get(head)
            if meaning is None:
                meaning = self._through_stars(head, meanings) or f"{module}.{head}"
            if not meaning or meaning == f"{module}.{head}":
                return name if meaning else ""
            name = ".".join([meaning + calls, *rest[1:]])
        return ""
