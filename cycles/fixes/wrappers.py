"""Whether a function of the analysed packages leaves alone what it is given: it returns it, or wraps it for later."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cycles.source.code import code_of
from cycles.source.known_calls import NOTHING, Role, effect_of
from cycles.source.meanings import Meanings
from cycles.source.text import UnreadableError, parse

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLAIN_ATTRIBUTES = ("__name__", "__qualname__", "__module__", "__doc__", "__orig_bases__", "__bases__", "__mro__")
_PUTTING = ("add", "append", "appendleft", "extend", "insert", "setdefault", "update")
_NEXT = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_ASKED = ("inspect.iscoroutinefunction", "inspect.isclass", "inspect.isfunction", "asyncio.iscoroutinefunction")


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


def kept_in(
    function: _Function, meanings: Meanings, *, when_called: bool = False, also: frozenset[str] = frozenset()
) -> frozenset[str] | None:
    """Return the containers that a function puts what it is given in; None where it does anything else to it.

    It may return it, wrap it for later, and look at its name: it neither calls it nor evaluates its annotations.
    Containers are dotted names. `when_called`: what the function returns is given something, as in `@function("x")`.
    `also` are names that hold what the functions around it were given.
    """
    inner = [node for node, _ in _with_parents(function) if isinstance(node, _Function)]
    wrappers = {found.name for found in inner}
    if when_called:
        returned = [node.value for node, _ in _with_parents(function) if isinstance(node, ast.Return)]
        plain = all(isinstance(value, ast.Name) and value.id in wrappers for value in returned)
        found_in = [kept_in(found, meanings) for found in inner]
        every = [containers for containers in found_in if containers is not None]
        return frozenset[str]().union(*every) if returned and plain and len(every) == len(found_in) else None
    held = _held(function, wrappers) | also
    callable_here: dict[str, frozenset[str]] = {}
    for found in inner:
        containers = kept_in(found, meanings, also=frozenset(held))
        if containers is not None:
            callable_here[found.name] = containers
    use = _Use(frozenset(held | wrappers), callable_here, meanings, set())
    fine = all(
        use.is_fine(node, parents)
        for node, parents in _with_parents(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    return frozenset(use.containers) if fine else None


def _held(function: _Function, wrappers: set[str]) -> set[str]:
    """The names of a function that hold what it is given, or something made of it."""
    arguments = function.args
    held = {found.arg for found in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    held |= {found.arg for found in (arguments.vararg, arguments.kwarg) if found}
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


@dataclass(frozen=True, slots=True)
class _Use:
    """What a function holds that it was given, or wraps it; its inner functions that may be called with it."""

    held: frozenset[str]
    callable_here: Mapping[str, frozenset[str]]
    meanings: Meanings
    containers: set[str]

    def is_fine(  # noqa: C901, PLR0911, PLR0912  what a language lets one do with a name is a list of cases
        self, node: ast.Name, parents: tuple[ast.AST, ...]
    ) -> bool:
        """Whether one use of a name does nothing to what is held but to put it in a container."""
        if node.id not in self.held:
            return True
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
                        return True
                    if attr.startswith("__"):
                        return False
                case ast.Subscript(slice=key) if child is key:
                    return True
                case ast.Call(func=func):
                    if not self._may_be_given(func, called=child is func):
                        return False
                case ast.Return() | ast.Expr() | ast.Compare() | ast.UnaryOp() | ast.If() | ast.JoinedStr():
                    return True
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    return True
                case ast.Assign(targets=targets):
                    return all(map(self._may_be_put, targets))
                case ast.IfExp() | ast.BoolOp() | ast.keyword() | ast.Starred() | ast.Tuple() | ast.List() | ast.Dict():
                    pass
                case ast.FormattedValue():
                    pass
                case _:
                    return False
            child = parent
        return False

    def _may_be_put(self, target: ast.expr) -> bool:
        """Whether what is held may be assigned to a target."""
        match target:
            case ast.Name():
                return True
            case ast.Attribute(value=ast.Name(id=name)):
                return name in self.held
            case ast.Subscript(value=container):
                return self._put_in(container)
        return False

    def _put_in(self, container: ast.expr) -> bool:
        """Note a container, where it is one of the module's or an imported one."""
        head = container
        while isinstance(head, ast.Attribute):
            head = head.value
        meaning = self.meanings.of(container)
        if not isinstance(head, ast.Name) or head.id in self.held or "." not in meaning:
            return False
        self.containers.add(meaning)
        return True

    def _may_be_given(self, function: ast.expr, *, called: bool) -> bool:
        """Whether a function may be given, or may be, what is held."""
        match function:
            case ast.Name(id=name) if name in self.held:
                self.containers.update(self.callable_here.get(name, ()))
                return name in self.callable_here
            case ast.Attribute(value=ast.Call(func=ast.Attribute(value=container, attr="setdefault")), attr=attr) | (
                ast.Attribute(value=container, attr=attr)
            ) if attr in _PUTTING and not called:
                return self._put_in(container)
        meaning = self.meanings.of(function)
        return (not called or isinstance(function, ast.Call)) and (
            effect_of(Role.CALL, meaning) == NOTHING or meaning in _ASKED
        )


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
