"""Which values reach which variables: sets that grow along edges, and what is to be done with each new value."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import NamedTuple

from cycles.limits import Steps


class Function(NamedTuple):
    """A function of the analysed packages; `line_number` tells apart those of one name.

    `decorating` is what a function decorates, or one around it: what each makes of that is kept apart.
    """

    module: str
    path: str
    line_number: int
    decorating: str = ""


class Class(NamedTuple):
    """A class of the analysed packages."""

    module: str
    path: str


class Instance(NamedTuple):
    """Any instance of a class."""

    of: Class


class Bound(NamedTuple):
    """A method with its object, or its class."""

    function: Function
    to: "Instance | Class"


class Wrapped(NamedTuple):
    """A function in a property, `classmethod` or `staticmethod`, by that name."""

    function: Function
    kind: str


class ModuleObject(NamedTuple):
    """A module of the analysed packages."""

    name: str


class Name(NamedTuple):
    """What another module of the analysed packages has under a name, or what that returns (`()`): not yet read."""

    module: str
    name: str


class Foreign(NamedTuple):
    """Something of another package, the standard library or Python itself: its dotted name, `()` for each call."""

    name: str


class Any(NamedTuple):
    """Any method of a class, or any function of a module."""

    of: "Instance | Class | ModuleObject"


Value = Any | Function | Class | Instance | Bound | Wrapped | ModuleObject | Name | Foreign
Variable = Hashable
"""What values flow to; None is for constants and for results that nobody takes, and holds nothing."""
Action = Callable[[Value], None]


_MANY = 60
"""Values of one variable after which what is not ours is left out: by then it may be anything."""


class Flows:
    """The values of variables. Cf. Andersen's analysis, as in Shivers' 0CFA (PLDI 1988)."""

    def __init__(self, steps: Steps) -> None:
        """Nothing flows yet."""
        self.steps = steps
        self.values: dict[Variable, dict[Value, None]] = defaultdict(dict)
        self._leads_to: dict[Variable, list[Variable]] = defaultdict(list)
        self._actions: dict[Variable, list[Action]] = defaultdict(list)
        self._edges: set[tuple[Variable, Variable]] = set()
        self._news: list[tuple[Variable, Value]] = []
        self._due: list[tuple[Action, Value]] = []
        self._temporary = 0

    def temporary(self) -> Variable:
        """A variable that has no name."""
        self._temporary += 1
        return self._temporary

    def add(self, variable: Variable, value: Value) -> None:
        """Let a variable hold a value."""
        if variable is None:
            return
        values = self.values[variable]
        if value not in values and not (len(values) > _MANY and isinstance(value, Foreign | Name)):
            values[value] = None
            self._news.append((variable, value))

    def lead(self, source: Variable, to: Variable) -> None:
        """Let a variable hold all that another one holds, now and later."""
        if source is None or to is None or source == to or (source, to) in self._edges:
            return
        self._edges.add((source, to))
        self.steps.take(1)
        self._leads_to[source].append(to)
        for value in list(self.values.get(source, ())):
            self.add(to, value)

    def each(self, variable: Variable, action: Action) -> None:
        """Do something with every value of a variable, now and later."""
        if variable is not None:
            self._actions[variable].append(action)
            self._due += ((action, value) for value in self.values.get(variable, ()))

    def settle(self) -> bool:
        """Let all values flow; returns whether there were steps enough."""
        while self._news or self._due:
            self.steps.take(1)
            if self.steps.left < 0:
                return False
            if self._due:
                action, value = self._due.pop()
                action(value)
                continue
            variable, value = self._news.pop()
            for to in self._leads_to.get(variable, ()):
                self.add(to, value)
            for action in list(self._actions.get(variable, ())):
                action(value)
        return True
