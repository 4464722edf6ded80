"""What a function of the analysed packages does with what it is given: it may return it, or wrap it for later."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cycles.source.code import code_of
from cycles.source.known_calls import ANYTHING, NOTHING, RUN, SPECIAL, TAKEN
from cycles.source.meanings import Meanings
from cycles.source.text import UnreadableError, parse

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLAIN_ATTRIBUTES = ("__name__", "__qualname__", "__module__", "__doc__", "__orig_bases__", "__bases__", "__mro__")
_PUTTING = ("add", "append", "appendleft", "extend", "insert", "setdefault", "update")
_NEXT = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_OF_OBJECTS = ("__dict__", "__class__", "__subclasses__", "__code__", "__defaults__", "__kwdefaults__", "__wrapped__")
_MAKING = ("object.__new__", "type.__new__")
"""They make something of what they are given, and run nothing of it."""
_HARMLESS = (
    *("inspect.iscoroutinefunction", "inspect.isclass", "inspect.isfunction", "asyncio.iscoroutinefunction"),
    *("hasattr", "type.__init__", "object.__init__", *_MAKING),
)
_SETTING = ("setattr", "delattr", "object.__setattr__", "type.__setattr__")
_ENDING = (
    ast.Return,
    ast.Expr,
    ast.Compare,
    ast.UnaryOp,
    ast.If,
    ast.JoinedStr,
    ast.Raise,
    ast.Assert,
    *_Function.__args__,
)
"""What a value flows no further than."""
_PASSING = (ast.IfExp, ast.BoolOp, ast.keyword, ast.Starred, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.FormattedValue)


def definition_in(text: str, name: str) -> ast.stmt | None:
    """Return the function or class of a name at the top of a text, parsing little else; None where there is none."""
    code = code_of(text)
    found = re.search(rf"^(?:async[ \t]+def|def|class)[ \t]+{re.escape(name)}\b", code, re.MULTILINE)
    if not found:
        return None
    end = _NEXT.search(code, found.end())
    try:
        return parse(text[found.start() : end.start() if end else len(text)]).body[0]
    except (UnreadableError, IndexError):
        return None


class Done(NamedTuple):
    """What a function does with what it is given: flags, the containers it puts that in, and whom it gives that to.

    Containers and those given to are dotted names.
    """

    flags: int = NOTHING
    containers: frozenset[str] = frozenset()
    callees: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    """The classes whose instances are given it then."""

    def __or__(self, other: "Done") -> "Done":
        return Done(
            self.flags | other.flags,
            self.containers | other.containers,
            self.callees | other.callees,
            self.makers | other.makers,
        )


def done_by(function: _Function, meanings: Meanings, *, also: frozenset[str] = frozenset()) -> Done:
    """Return what a function does with what it is given, or with names that hold what those around it were given.

    It may return it, wrap it for later, and look at its name, which does nothing to it.
    """
    inner = [node for node, _ in _with_parents(function) if isinstance(node, _Function)]
    wrappers = {found.name for found in inner}
    held = _held(function, wrappers) | also
    callable_here = {found.name: done_by(found, meanings, also=frozenset(held)) for found in inner}
    use = _Use(frozenset(held | wrappers), _bound(function), callable_here, meanings, function.name)
    for node, parents in _with_parents(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in use.held:
            use.follow(node, parents)
    return use.done


def done_when_called(function: _Function, meanings: Meanings, names: Collection[str] = ()) -> Done | None:
    """What is done to what is given to the result of calling a function, as in `@function("x")`; None where any thing.

    `names` are those of the function itself: without what it decorates, it may return itself with some arguments set,
    `functools.partial(function, …)`.
    """
    inner = {node.name: node for node, _ in _with_parents(function) if isinstance(node, _Function)}
    if _returns_itself(function, meanings, names):
        return done_by(function, meanings)
    returned = [node.value for node, _ in _with_parents(function) if isinstance(node, ast.Return)]
    found = Done()
    for value in returned:
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id not in _bound(function):
            found |= Done(makers=frozenset([meanings.of(value.func)]))
        elif not isinstance(value, ast.Name) or value.id not in inner:
            return None
    for each in inner.values():
        found |= done_by(each, meanings)
    return found if returned else None


def _returns_itself(function: _Function, meanings: Meanings, names: Collection[str]) -> bool:
    """Whether a function begins with `if function is None: return partial(itself, …)`."""
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    match body[:1]:
        case [
            ast.If(
                test=ast.Compare(left=ast.Name(id=name), ops=[ast.Is()]), body=[ast.Return(value=ast.Call() as made)]
            )
        ]:
            partial = meanings.of(made.func) == "functools.partial" and bool(made.args)
            given = [found.arg for found in function.args.args]
            return partial and name in given[:2] and isinstance(made.args[0], ast.Name) and made.args[0].id in names
    return False


def _held(function: _Function, wrappers: set[str]) -> set[str]:
    """The names of a function that hold what it is given, or something made of it."""
    held = _arguments(function)
    while (
        more := {
            target.id
            for node, _ in _with_parents(function)
            if isinstance(node, ast.Assign) and _names(node.value) & (held | wrappers)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        - held
    ):
        held |= more
    return held


def _bound(function: _Function) -> frozenset[str]:
    """The names that a function binds itself: what they stand for is not what the module says."""
    found = _arguments(function)
    for node, _ in _with_parents(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, _Function | ast.ClassDef):
            found.add(node.name)
    return frozenset(found)


def _arguments(function: _Function) -> set[str]:
    arguments = function.args
    found = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    return found | {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument}


_UNTOUCHED = Done()


@dataclass(slots=True)
class _Use:
    """What a function holds that it was given, or wraps it; its inner functions that may be called with it."""

    held: frozenset[str]
    bound: frozenset[str]
    callable_here: Mapping[str, Done]
    meanings: Meanings
    function: str
    done: Done = _UNTOUCHED

    def _add(self, flags: int) -> None:
        self.done |= Done(flags)

    def follow(  # noqa: C901, PLR0911, PLR0912  what a language lets one do with a value is a list of cases
        self, node: ast.Name, parents: tuple[ast.AST, ...]
    ) -> None:
        """Note what becomes of one value that is held, outwards from a name of it."""
        child: ast.AST = node
        for place, parent in enumerate(parents):
            if isinstance(parent, ast.Lambda):
                # What is in a lambda waits until somebody calls that.
                child, parents = parent, parents[:place]
                break
        for parent in reversed(parents):
            match parent:
                case ast.Attribute(attr=attr):
                    if isinstance(parent.ctx, ast.Store) or attr in _PLAIN_ATTRIBUTES:
                        return
                    self._add(TAKEN if not attr.startswith("__") or attr in _OF_OBJECTS else ANYTHING)
                case ast.Subscript(slice=key):
                    if child is key:
                        return
                    self._add(SPECIAL)
                case ast.Call(func=func):
                    if child is func:
                        self._called(func)
                    elif self._given(parent, func):
                        return
                case ast.Assign(targets=targets):
                    self._add(NOTHING if all(map(self._may_be_put, targets)) else ANYTHING)
                    return
                case ast.AnnAssign(target=target):
                    self._add(NOTHING if self._may_be_put(target) else ANYTHING)
                    return
                case _ if isinstance(parent, _ENDING):
                    return
                case _ if not isinstance(parent, _PASSING):
                    self._add(ANYTHING)
                    return
            child = parent

    def _called(self, function: ast.expr) -> None:
        """Note that what is held is called, or an attribute of it."""
        match function:
            case ast.Name(id=name) if name in self.callable_here:
                # A function that is defined here holds what this one does.
                self.done |= self.callable_here[name]
            case ast.Name():
                self._add(SPECIAL)
            case (
                ast.Attribute(attr="__subclasses__")
                | ast.Attribute(value=ast.Attribute(attr="__dict__"), attr="update")
            ):
                pass
            case ast.Attribute():
                self._add(SPECIAL | TAKEN | RUN)
            case _:
                self._add(ANYTHING)

    def _given(  # noqa: PLR0911  one case for each way to give something away
        self, call: ast.Call, function: ast.expr
    ) -> bool:
        """Note whom what is held is given to; returns whether that is the end of it."""
        match function:
            case ast.Name(id=name) if name in self.callable_here:
                self.done |= self.callable_here[name]
                return False
            case ast.Attribute(value=ast.Call(func=ast.Attribute(value=container, attr="setdefault")), attr=attr) | (
                ast.Attribute(value=container, attr=attr)
            ) if attr in _PUTTING and self._put_in(container):
                return True
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr):
                # What is derived from is asked too, by whoever asks about this.
                self._add(NOTHING if attr == self.function else ANYTHING)
                return False
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr="__dict__"), attr="update") if (
                name in self.held
            ):
                return True
        meaning = "" if self._head(function) in self.bound else self.meanings.of(function)
        if meaning == "getattr" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            self._add(TAKEN)
        elif meaning in _SETTING and call.args and isinstance(call.args[0], ast.Name) and call.args[0].id in self.held:
            return True
        elif meaning in _HARMLESS:
            return meaning not in _MAKING
        elif meaning:
            self.done |= Done(callees=frozenset([meaning]))
        else:
            self._add(ANYTHING)
        return False

    def _head(self, node: ast.expr) -> str:
        """The name that a chain of attributes begins with."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return node.id if isinstance(node, ast.Name) else ""

    def _may_be_put(self, target: ast.expr) -> bool:
        """Whether what is held may be assigned to a target."""
        match target:
            case ast.Name():
                return True
            case ast.Attribute(value=ast.Name(id=name)):
                return name in self.held
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name))):
                # It is kept by something that is held itself, such as `self.kept[…]`.
                return name in self.held
            case ast.Subscript(value=container):
                return self._put_in(container)
        return False

    def _put_in(self, container: ast.expr) -> bool:
        """Note a container, where it is one of the module's or an imported one."""
        head = self._head(container)
        meaning = self.meanings.of(container)
        if not head or head in self.bound or "." not in meaning or "()" in meaning:
            return False
        self.done |= Done(containers=frozenset([meaning]))
        return True


def _with_parents(function: _Function) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """The nodes of a function's body with those around each; of inner functions, decorators and defaults alone."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(node, ()) for node in function.body]
    while waiting:
        node, parents = waiting.pop()
        yield node, parents
        parts: Iterable[ast.AST] = ast.iter_child_nodes(node)
        if isinstance(node, _Function):
            parts = [*node.decorator_list, *node.args.defaults, *(found for found in node.args.kw_defaults if found)]
        waiting += [(part, (*parents, node)) for part in parts]


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
