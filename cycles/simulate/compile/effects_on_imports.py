"""What functions may do to imports, without running them: by what they do themselves, and by the names they mention.

Running all that a package computes while it is imported would take too long, and nearly none of it is about imports.
A function that may neither import a module of the roots nor bind a name of a module, nor may any that goes by a name
that it mentions, need not be followed. A name stands for all functions and methods that have it: too many, never too
few.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple, TypeAlias

from cycles.simulate.compile.instructions import (
    Assign,
    Attribute,
    Augment,
    Bind,
    Body,
    Call,
    Code,
    Compare,
    Comprehension,
    Expression,
    Fixed,
    For,
    FunctionCode,
    Import,
    ImportFrom,
    MakeClass,
    MakeFunction,
    Operation,
    Outside,
    Path,
    Return,
    Subscript,
    Text,
    With,
)

_IMPORTING = {"import_module", "__import__", "exec", "eval", "walk_packages", "import_string", "reload"}
BINDING = {
    *("setattr", "globals", "exec", "eval", "_getframe", "vars", "sys.modules", "delattr", "currentframe", "getmodule"),
}
"""Functions that import what they are given the name of, and that bind names which are computed."""
_CALLERS = {"_getframe", "currentframe"}
"""Functions that find out who calls."""
_CHANGING = {
    *("append", "add", "update", "extend", "setdefault", "pop", "insert", "clear", "remove", "discard", "appendleft"),
    *("__setitem__", "popitem", "sort", "reverse"),
}
"""Methods that change what they belong to."""
_LOOKING = {"isinstance", "issubclass", "getattr", "hasattr", "setattr", "callable", "len", "id", "str", "repr", "type"}
"""Functions that call nothing of what they are given."""
_KEEPING = _CHANGING | _LOOKING
_MADE_BY = ("__init__", "__new__", "__post_init__", "__call__")
_IMPLIED: dict[type[object], tuple[str, ...]] = {
    Subscript: ("__getitem__", "__setitem__", "__class_getitem__"),
    With: ("__enter__", "__exit__"),
    For: ("__iter__", "__next__"),
    Comprehension: ("__iter__", "__next__"),
    Text: ("__str__", "__format__"),
}
"""Methods that are called without being named."""
_SAYING_NOTHING = frozenset([tuple, str, int, bool, Fixed, Outside, type(None)])


Reader: TypeAlias = "Callable[[Body], FunctionCode | None]"


class Reach(NamedTuple):
    """Whether a function may import modules of the roots, or bind names of modules.

    `stores` are the names of what it may change, with their modules; `mentions` the names that it mentions itself.
    `hands_on`: it may call what it is given; `closes`: it gives a function that is made in it, or what it gives
    depends on who calls it.
    """

    imports: bool
    binds: bool
    stores: tuple[tuple[str, str], ...] = ()
    mentions: tuple[str, ...] = ()
    size: int = 0
    hands_on: bool = False
    closes: bool = False

    @property
    def matters(self) -> bool:
        """Whether a call may make a difference to imports."""
        return self.imports or self.binds


class Definitions(NamedTuple):
    """What a module defines: functions by the names under which they are called, and the bases of classes by name.

    Calling a class calls the methods that make its instances, its own or those of its bases.
    """

    functions: tuple[tuple[str, Body], ...]
    classes: tuple[tuple[str, tuple[str, ...]], ...]


def definitions_in(code: Code) -> Definitions:
    """Return what the code of a module defines, in functions and classes too."""
    functions: list[tuple[str, Body]] = []
    classes: list[tuple[str, tuple[str, ...]]] = []
    waiting: list[object] = [code]
    while waiting:
        match waiting.pop():
            case str() | Fixed() | Outside() | Path() | Import() | ImportFrom() | None:
                continue
            case Bind(items=items):
                functions += ((name, held) for name, held in items if isinstance(held, Body))
            case MakeFunction(body=body, defaults=defaults):
                functions.append((body.name, body))
                waiting.append(defaults)
            case MakeClass(name=name, code=inner, bases=bases) as made:
                classes.append((name, tuple(base.last if isinstance(base, Path) else "" for base in bases)))
                bound = [item for one in inner if isinstance(one, Bind) for item in one.items]
                functions += ((name, held) for one, held in bound if one in _MADE_BY and isinstance(held, Body))
                waiting += made
            case tuple() as several:
                waiting += several
    return Definitions(tuple(functions), tuple(classes))


class Reaches:
    """What all functions of the modules read so far may do."""

    def __init__(self, tops: Collection[str]) -> None:
        """No module is known yet."""
        self._tops = tops
        self._named: dict[str, list[Body]] = {}
        self._bases: dict[str, set[str]] = {}
        self._own: dict[Body, Reach] = {}
        self._matters: dict[Body, bool] = {}

    def add(self, definitions: Definitions) -> None:
        """Know what a module defines."""
        for name, body in definitions.functions:
            self._named.setdefault(name, []).append(body)
        for name, above in definitions.classes:
            self._bases.setdefault(name, set()).update(above)

    def hands_on(self, name: str, read: Reader) -> bool:
        """Whether a function of that name, of the modules read so far, may call what it is given."""
        return any(self.own(body, read).hands_on for body in self._named.get(name, ()))

    def matters(self, body: Body, read: Reader) -> bool:
        """Whether a function may make a difference to imports, itself or by what it may call; `read` reads its text."""
        found = self._matters.get(body)
        if found is None:
            found = self._matters[body] = self._finds_what_matters(body, read)
        return found

    def _finds_what_matters(self, body: Body, read: Reader) -> bool:
        own = self.own(body, read)
        if own.matters:
            return True
        seen = {body}
        names: set[str] = set()
        waiting = [*own.mentions]
        while waiting:
            name = waiting.pop()
            if name in names:
                continue
            names.add(name)
            waiting += self._bases.get(name, ())
            for called in self._named.get(name, ()):
                if called in seen:
                    continue
                seen.add(called)
                known = self._matters.get(called)
                if known is None:
                    other = self.own(called, read)
                    known = other.matters
                    waiting += other.mentions
                if known:
                    return True
        return False

    def own(self, body: Body, read: Reader) -> Reach:
        """Return what a function does itself, or a function in it."""
        found = self._own.get(body)
        if found is None:
            code = read(body)
            found = Reach(imports=True, binds=True) if code is None else self._summarized(code, body.module, read)
            self._own[body] = found
        return found

    def _summarized(self, code: FunctionCode, module: str, read: Reader) -> Reach:  # noqa: C901, PLR0912, PLR0915  nodes
        mentions: set[str] = set()
        stores: set[tuple[str, str]] = set()
        imports, binds, hands_on, size = False, bool(code.shared), False, 0
        given = {*code.names, code.rest} - {"self", "cls"}
        returned: set[str] = set()
        made: set[str] = set()
        waiting: list[object] = [code.code]
        while waiting:
            node = waiting.pop()
            size += 1
            kind = type(node)
            # Half of what there is are these: to ask for each class in turn takes long.
            if kind is tuple:
                waiting += node  # type: ignore[arg-type]
            if kind in _SAYING_NOTHING:
                continue
            if kind is Call and not hands_on:
                hands_on = _hands_on(node, given)  # type: ignore[arg-type]
            match node:
                case Path(root=root, attributes=attributes):
                    mentions.update((root, *attributes))
                    binds = binds or attributes[:1] == ("modules",)
                    continue
                case Import(name=name) | ImportFrom(module=str(name)):
                    imports = imports or name.partition(".")[0] in self._tops
                    continue
                case Return(value=Path(root=root, attributes=())):
                    returned.add(root)
                    mentions.add(root)
                    continue
                case Return(value=MakeFunction()):
                    returned.add("<lambda>")
                case Body():
                    made.add(node.name)
                    inner = read(node)
                    imports, binds = imports or inner is None, binds or inner is None or bool(inner.shared)
                    waiting.append(inner.code if inner else None)
                    continue
                case Attribute(name=name):
                    mentions.add(name)
                case Assign(targets=targets):
                    stores.update((module, root) for root in map(_root, targets) if root)
                case Augment(target=target):
                    stores.add((module, _root(target, whole=True)))
                case Call(function=Path(root=root, attributes=(*_, last))) if last in _CHANGING:
                    stores.add((module, root))
                case Operation(name=name) | Compare(names=(name, *_)):
                    mentions.update((f"__{name}__", f"__r{name}__", "__contains__"))
            if kind in _IMPLIED:
                mentions.update(_IMPLIED[kind])
            if isinstance(node, tuple):
                waiting += node
        imports = imports or not mentions.isdisjoint(_IMPORTING)
        binds = binds or not mentions.isdisjoint(BINDING)
        names = tuple(sorted(mentions - {*code.names}))
        closes = not made.isdisjoint(returned) or not mentions.isdisjoint(_CALLERS)
        return Reach(imports, binds, tuple(sorted(stores)), names, size, hands_on, closes)


def _root(target: Expression, *, whole: bool = False) -> str:
    """Return the name of what an assignment changes: of an attribute or item; with `whole`, of a name too."""
    found = target
    while isinstance(found, Attribute | Subscript):
        found = found.value
    if not isinstance(found, Path) or (found is target and not found.attributes and not whole):
        return ""
    return found.root


def _hands_on(call: Call, given: Collection[str | None]) -> bool:
    """Whether a call calls one of these names, or gives one to what may call it."""
    called = call.function
    if isinstance(called, Path) and not called.attributes and called.root in given:
        return True
    if (called.last if isinstance(called, Path) else getattr(called, "name", "")) in _KEEPING:
        return False
    return any(isinstance(one, Path) and not one.attributes and one.root in given for one in call.arguments)
