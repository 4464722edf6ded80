"""What is known so far of what runs, and what is still to be gone through."""

import ast
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable

from cycles.fixes.import_time.evidence import Made, Mark, Site, Unit
from cycles.fixes.import_time.flow import (
    Any,
    Bound,
    Class,
    Flows,
    Foreign,
    Function,
    Instance,
    ModuleObject,
    Name,
    Value,
    Variable,
    Wrapped,
)
from cycles.fixes.known_libraries import shortened
from cycles.fixes.module_usage import Modules
from cycles.limits import Steps
from cycles.model import RuntimeEvaluated
from cycles.source.name_usage import MODULE, Uses


class State(ABC):
    """What is known so far."""

    def __init__(self, modules: Modules, names: Iterable[str], configured: RuntimeEvaluated, steps: Steps) -> None:
        """`names` are the modules whose bodies run."""
        self.modules, self.configured, self.steps = modules, configured, steps
        self.names = sorted(name for name in names if name in modules.files)
        self.tops = {name.partition(".")[0] for name in modules.files}
        self.flows = Flows(steps)
        self.run_marks: dict[tuple[str, str], Mark] = {}
        self.given_marks: dict[tuple[str, str], Mark] = {}
        """The doubts alone: functions that something is given that is not known to leave them alone."""
        self.read_marks: dict[tuple[str, str], Mark] = {}
        self.waiting: list[tuple[ast.stmt | ast.expr, Variable, Unit]] = []
        self.loaded: set[str] = set()
        self.put_off: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self.forced: dict[Name, Variable] = {}
        self.code: dict[Function, tuple[ast.AST, Unit]] = {}
        self.optionals: dict[Function, str] = {}
        """The argument without which a function returns something else, as a decorator that may be called first."""
        self.entered: set[Function] = set()
        self.classes: dict[Class, Made] = {}
        self.set_by_any: set[Class] = set()
        """Classes of whose objects attributes are set by computed names."""
        self.asked_of: dict[Class, list[Variable]] = defaultdict(list)
        """What holds attributes of the other classes."""
        self.asked_derived: set[Class] = set()
        """Classes that are asked for what is derived from them."""
        self.doubts: list[tuple[Value, Site]] = []
        self.unanswered: list[tuple[Variable, str, Site]] = []
        """Calls that are given something, and the last part of their names: nothing may be known of what is called."""
        self.doubted: Mark | None = None
        """The place that is not known to leave alone what is followed at present."""
        self.reading = False
        self._once: set[tuple[object, ...]] = set()

    @abstractmethod
    def invoke(self, value: Value, site: Site) -> None:
        """Call a value."""

    def call(self, called: Variable, site: Site) -> None:
        """Call all that a variable holds."""
        self.flows.each(called, lambda value: self.invoke(value, site))

    def is_news(self, *key: object) -> bool:
        """Whether something is done for the first time.

        What names of other modules stand for may be each other: done again and again, it would never end.
        """
        if key in self._once:
            return False
        self._once.add(key)
        return True

    def uses(self, module: str) -> Uses | None:
        """How a module uses its names, None where that cannot be told."""
        found = self.modules.uses(module)
        return None if isinstance(found, str) else found

    def later(self, body: Iterable[ast.stmt], unit: Unit) -> None:
        """Go through statements once their turn comes."""
        self.waiting += [(node, None, unit) for node in body]

    def add_foreign(self, result: Variable, name: str) -> None:
        """Let a variable hold something of another package, as far as anything is known of that."""
        if short := shortened(name):
            self.flows.add(result, Foreign(short))

    def note(self, marks: dict[tuple[str, str], Mark], key: tuple[str, str], mark: Mark) -> None:
        """Note what shows something; what is sure takes the place of a doubt."""
        before = marks.get(key)
        if before is None or (before.reason and not mark.reason):
            marks[key] = mark

    def read(self, value: Value, mark: Mark, *, methods: bool) -> None:
        """Annotations of something are evaluated."""
        match value:
            case Function(module=module, path=path):
                self.note(self.read_marks, (module, path), mark)
            case Bound(function=function) | Wrapped(function=function):
                self.read(function, mark, methods=methods)
            case Instance(of=of):
                self.read(of, mark, methods=methods)
            case Class(module=module, path=path):
                self.note(self.read_marks, (module, path), mark)
                if methods:
                    self.note(self.read_marks, (module, f"{path}.*"), mark)
            case Any(of=Instance() | Class() as of):
                self.read(of, mark, methods=True)
            case ModuleObject(name=module):
                self.note(self.read_marks, (module, MODULE), mark)
