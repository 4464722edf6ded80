"""What the bodies of functions run while a module does: calls are followed through functions, classes and instances.

Of an instance that is used in other ways, operators of its class may run; of a module that is passed to others, its
functions; and the methods of a class, by one that it inherits from somewhere else. Functions that are passed to others
are not followed.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cycles.fixes.definition_values import Need
from cycles.fixes.name_origins import Link
from cycles.source.top_level_statements import Reading, TopLevel

_INSTANTIATED = ("__new__", "__init__", "__post_init__", "__set_name__")
_ENTERED = (*_INSTANTIATED, "__enter__", "__exit__")
_SUBCLASSED = ("__init_subclass__", "__class_getitem__")
_AS_METACLASS = ("__new__", "__init__", "__prepare__", "__call__")

_DEFINING = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

_Body = tuple[int, str]
"""A function: the number of the definition that holds it, and its dotted name in there."""


class Target(NamedTuple):
    """Definitions that a name may stand for, their module, the way to it, and the attributes that are read of them."""

    numbers: tuple[int, ...]
    module: str
    way: tuple[Link, ...]
    attributes: tuple[str, ...]


class Refers(NamedTuple):
    """What a reading may stand for; `local`: a name of a function, which may be another function in there."""

    reading: Reading
    need: Need
    targets: tuple[Target, ...]
    local: bool = False

    @property
    def line_number(self) -> int:
        """The line of the reading."""
        return self.reading.line_number


class Calls:
    """The calls that definitions make."""

    def __init__(
        self,
        statements: Sequence[Sequence[TopLevel]],
        refers: Sequence[Sequence[Refers]],
        resolved: Callable[[int, Sequence[str]], Iterable[int]],
        modules: Sequence[str],
    ) -> None:
        """`resolved` finds the definitions that a dotted name stands for in the module of a definition.

        `modules` are those of the definitions.
        """
        self.modules = modules
        self.statements = statements
        self.resolved = resolved
        self.bodies: list[dict[str, list[Refers]]] = []
        """By definition, what each function in it refers to; "" is what runs with its module."""
        for found in refers:
            by_body: dict[str, list[Refers]] = defaultdict(list)
            for one in found:
                by_body[one.reading.body if one.need in (Need.CALL, Need.TYPING) or one.local else ""].append(one)
            self.bodies.append(by_body)
        self.methods: list[dict[str, set[str]]] = [
            {body: names for statement in group for body, names in statement.methods.items()} for group in statements
        ]
        self._ancestors: dict[int, tuple[int, ...]] = {}
        self._enters: dict[int, bool] = {}
        self._operators: dict[int, tuple[_Body, ...]] = {}
        self._after: dict[_Body, tuple[_Body, ...]] = {}

    def run_by(self, number: int) -> Iterator[tuple[int, Refers, Need]]:
        """Yield what functions refer to that run, or may, while a definition does, with the line that calls them."""
        if all(statement.as_main for statement in self.statements[number]):
            return
        seen: set[_Body] = set()
        perhaps = [*self.operated(self.bodies[number].get("", ())), *self.handed(number)]
        for need in (Need.IMPORT, Need.MAYBE):
            for line_number, start in sorted(self.started(number) if need is Need.IMPORT else perhaps):
                waiting = [start]
                while waiting:
                    body = waiting.pop()
                    if body not in seen:
                        seen.add(body)
                        waiting += self.after(body)
                        within = self.bodies[body[0]].get(body[1], ())
                        perhaps += ((line_number, after) for _, after in self.operated(within))
                        yield from ((line_number, found, need) for found in within)

    def operated(self, within: Iterable[Refers]) -> Iterator[tuple[int, _Body]]:
        """Yield the operators that may run where instances are used, each with the line of the use."""
        for found in within:
            for target in found.targets if found.need in (Need.IMPORT, Need.CALL) else ():
                for number in target.numbers:
                    yield from ((found.line_number, body) for body in self.operators(number))

    def handed(self, number: int) -> Iterator[tuple[int, _Body]]:
        """Yield the functions that others may run of a module or a class that they are given, each with the line."""
        for found in self.bodies[number].get("", ()):
            for target in found.targets if found.need is Need.IMPORT else ():
                if not found.reading.called and not target.numbers and not target.attributes:
                    for other in (place for place, module in enumerate(self.modules) if module == target.module):
                        bodies = sorted(body for body in self.bodies[other] if body and not body.startswith("_"))
                        yield from ((found.line_number, (other, body)) for body in bodies if "." not in body)
                for other in target.numbers if found.reading.called and target.attributes else ():
                    for ancestor in self.ancestors(other) if self.inherits(other, target.attributes[0]) else ():
                        bodies = sorted(body for body in self.bodies[ancestor] if body.count(".") == 1)
                        yield from ((found.line_number, (ancestor, body)) for body in bodies)

    def inherits(self, number: int, method: str) -> bool:
        """Whether a class may have a method from a class that is not here."""
        ancestors = self.ancestors(number) if self.is_class(number) else ()
        bases = [(one, base) for one in ancestors for found in self.statements[one] for base in found.bases]
        known = any(body.endswith(f".{method}") for one in ancestors for body in self.bodies[one])
        return not known and any(next(iter(self.resolved(one, base)), None) is None for one, base in bases)

    def operators(self, number: int) -> tuple[_Body, ...]:
        """The operators of the classes that a value may be an instance of."""
        if number not in self._operators:
            value = not any(isinstance(found.node, _DEFINING) for found in self.statements[number])
            classes = {
                ancestor
                for found in (self.bodies[number].get("", ()) if value else ())
                if found.reading.called and found.need is Need.IMPORT
                for target in found.targets
                for other in target.numbers
                if self.is_class(other)
                for ancestor in self.ancestors(other)
            }
            self._operators[number] = tuple(
                (one, body)
                for one in sorted(classes)
                for body in sorted(self.bodies[one])
                if body.count(".") == 1 and body.endswith("__")
            )
        return self._operators[number]

    def started(self, number: int) -> Iterator[tuple[int, _Body]]:
        """Yield the functions that run while a definition does, each with the line that calls it."""
        for found in self.bodies[number].get("", ()):
            if found.need is Need.IMPORT:
                for body in self.called(number, found):
                    yield found.line_number, body
        line_number = self.statements[number][0].line_number
        yield from ((line_number, body) for body in self.of_made(number, ""))
        for statement in self.statements[number]:
            if isinstance(statement.node, ast.ClassDef):
                for ancestor in self.ancestors(number):
                    for body in (*self.of_class(ancestor, _SUBCLASSED), *self.of_metaclass(ancestor)):
                        yield statement.line_number, body

    def after(self, body: _Body) -> tuple[_Body, ...]:
        """The functions that one calls."""
        if body not in self._after:
            number, name = body
            found = [
                after
                for one in self.bodies[number].get(name, ())
                if one.need is not Need.TYPING
                for after in self.called(number, one)
            ]
            found += self.of_made(number, name)
            if self.is_class(number):
                found += self.of_class(number, self.methods[number].get(name, ()))
            self._after[body] = tuple(dict.fromkeys(found))
        return self._after[body]

    def of_made(self, number: int, name: str) -> Iterator[_Body]:
        """Yield the methods that a function calls of instances that it makes, and of other values."""
        names = self.methods[number].get(name, ())
        for found in self.bodies[number].get(name, ()) if names else ():
            for target in found.targets if found.reading.called and found.need is not Need.TYPING else ():
                for other in target.numbers if not target.attributes else ():
                    for ancestor in self.ancestors(other) if self.is_class(other) else ():
                        yield from self.of_class(ancestor, names)

    def called(self, number: int, found: Refers) -> Iterator[_Body]:
        """Yield the functions that run when what a reading stands for is called."""
        if not found.reading.called:
            return
        if found.local:
            yield number, f"{found.reading.body}.{found.reading.name}"
        for target in found.targets:
            for other in target.numbers:
                for body in self.by_call(number, other, target.attributes):
                    yield body
                    if found.reading.again:
                        yield from self.given_by(body)

    def given_by(self, body: _Body) -> Iterator[_Body]:
        """Yield the functions in a function that it returns: such as decorators that are made for arguments."""
        number, name = body
        for statement in self.statements[number]:
            yield from ((number, f"{name}.{inner}") for inner in sorted(statement.returned.get(name, ())))

    def enters(self, number: int) -> bool:
        """Whether a definition has a `with`, which may be of an instance that it makes."""
        if number not in self._enters:
            nodes = (node for statement in self.statements[number] for node in ast.walk(statement.node))
            self._enters[number] = any(isinstance(node, ast.With | ast.AsyncWith) for node in nodes)
        return self._enters[number]

    def by_call(self, caller: int, called: int, attributes: Sequence[str]) -> Iterator[_Body]:
        """Yield the functions that run when a definition, or an attribute of it, is called by another.

        A value may be an instance of a class, or another name for a definition, which is called then: each is looked at
        once for each attribute, as names for names may meet again and again.
        """
        enters = self.enters(caller)
        waiting = [start := (called, tuple(attributes[:1]))]
        seen = {start}
        for number, attribute in waiting:
            if number == caller:
                continue
            for statement in self.statements[number]:
                if self.is_class(number):
                    made = _ENTERED if enters and (number, attribute) == start else _INSTANTIATED
                    for ancestor in self.ancestors(number):
                        yield from self.of_class(ancestor, attribute or made)
                elif isinstance(statement.node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield number, statement.node.name
                else:
                    yield from ((number, name) for name in statement.names)
                    for one in self.bodies[number].get("", ()):
                        for target in one.targets if one.need is Need.IMPORT else ():
                            read = (*target.attributes, *attribute)[:1]
                            new = {(other, read) for other in target.numbers} - seen if not one.reading.called else ()
                            seen.update(new)
                            waiting += sorted(new)
                            yield from self.of_instances(target.numbers if one.reading.called else (), attribute)

    def of_instances(self, numbers: Iterable[int], attribute: Sequence[str]) -> Iterator[_Body]:
        """Yield the methods that run when an instance of classes, or an attribute of one, is called."""
        for number in filter(self.is_class, numbers):
            for ancestor in self.ancestors(number):
                yield from self.of_class(ancestor, attribute or ["__call__"])

    def is_class(self, number: int) -> bool:
        """Whether a definition is a class."""
        return any(isinstance(statement.node, ast.ClassDef) for statement in self.statements[number])

    def of_class(self, number: int, names: Iterable[str]) -> Iterator[_Body]:
        """Yield the methods of some names that a class may have."""
        for statement in self.statements[number]:
            if isinstance(statement.node, ast.ClassDef):
                yield from ((number, f"{statement.node.name}.{name}") for name in sorted(names))

    def of_metaclass(self, number: int) -> Iterator[_Body]:
        """Yield the methods of the metaclass of a class that run when one of its classes is made."""
        for statement in self.statements[number]:
            for meta in self.resolved(number, statement.metaclass) if statement.metaclass else ():
                for ancestor in self.ancestors(meta):
                    yield from self.of_class(ancestor, _AS_METACLASS)

    def ancestors(self, number: int) -> tuple[int, ...]:
        """A class, and those that it inherits from."""
        if number not in self._ancestors:
            found = [number]
            for one in found:
                bases = [base for statement in self.statements[one] for base in statement.bases]
                found += [other for base in bases for other in self.resolved(one, base) if other not in found]
            self._ancestors[number] = tuple(dict.fromkeys(found))
        return self._ancestors[number]
