"""What names mean: in the code at hand, and in other modules, which are read only where that matters."""

import ast
import builtins
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence

from cycles.fixes.import_time.evidence import Mark, Site, Unit
from cycles.fixes.import_time.flow import Bound, Class, Foreign, Function, Instance, ModuleObject, Name, Value, Variable
from cycles.fixes.import_time.state import State
from cycles.source.import_statements import named_by
from cycles.source.name_usage import Uses

_BUILTINS = frozenset(vars(builtins))


class Names(State):
    """Code whose names are looked up."""

    @abstractmethod
    def take(self, held: Variable, attr: str, result: Variable, place: Mark) -> None:
        """Take an attribute of all that a variable holds."""

    def load(self, module: str) -> bool:
        """Run the body of a module; returns whether it can be read."""
        if module in self.loaded:
            return True
        uses = self.uses(module)
        if uses is None:
            return False
        self.loaded.add(module)
        self.later(reversed(uses.body), Unit(module, ""))
        for action in self.put_off.pop(module, ()):
            action()
        return True

    def force(self, name: Name) -> Variable:
        """The variable that has what a name of another module stands for."""
        if name in self.forced:
            return self.forced[name]
        variable = self.forced[name] = self.flows.temporary()
        self.load(name.module)
        place, held = Mark(name.module, 1), self.flows.temporary()
        for number, part in enumerate(name.name.split(".")):
            attr, *calls = part.split("(")
            taken = self.flows.temporary()
            if number == 0:
                self.module_attribute(name.module, attr, taken, place)
            else:
                self.take(held, attr, taken, place)
            held = taken
            for _ in calls:
                result = self.flows.temporary()
                self.call(held, Site(place, result))
                held = result
        self.flows.lead(held, variable)
        return variable

    def when_loaded(self, name: Name, action: Callable[[], None]) -> None:
        """Do something once the module of a name is read for another reason."""
        if name.module in self.loaded:
            action()
        else:
            self.put_off[name.module].append(action)

    def when_forced(self, name: Name, action: Callable[[Value], None], given: Sequence[Variable]) -> None:
        """Do something with what a name stands for once something of ours is given to it, or its module is read."""
        done: list[bool] = []

        def force() -> None:
            if not done:
                done.append(True)
                self.flows.each(self.force(name), action)

        self.when_loaded(name, force)
        for variable in given:
            self.flows.each(
                variable, lambda value: force() if isinstance(value, Function | Class | Instance | Bound) else None
            )

    def module_attribute(self, module: str, name: str, result: Variable, place: Mark) -> None:
        """Take a name of a module."""
        special, submodule = name.startswith("__"), f"{module}.{name}"
        if not special:
            self.flows.lead(("variable", module, name), result)
        if submodule in self.modules.files:
            self.flows.add(result, ModuleObject(submodule))
        if module not in self.loaded and module not in self.names:
            if not special:
                self.flows.add(result, Name(module, name))
            return
        uses = self.uses(module)
        if uses is None:
            return
        if name in uses.bindings or name in ("__name__", "__file__", "__doc__"):
            self.flows.lead(("variable", module, name), result)
        elif submodule not in self.modules.files:
            for star in self._stars(module, uses):
                self.module_attribute(star, name, result, place)
            if "__getattr__" in uses.bindings and not special:
                self.load(module)
                self.call(("variable", module, "__getattr__"), Site(place, result))

    def _stars(self, module: str, uses: Uses) -> Iterator[str]:
        """The modules of ours that a module takes all names of."""
        is_package = self.modules.files[module].is_package
        for binding in uses.bindings.get("*", ()):
            for statement in uses.imports.get(binding.line_number, ()):
                for item in named_by(statement.node, module, is_package=is_package):
                    if item.name == "*" and item.module in self.modules.files and item.module != module:
                        yield item.module

    def named(self, name: str, unit: Unit) -> Variable:
        """The variable that a name means where it is read."""
        around: Unit | None = unit
        while around is not None and (around.function or around.owner):
            if name in around.names and around.function:
                return self.variable(name, around)
            if name in around.names and around is unit:
                return self._in_class(name, around)
            around = around.around
        module = unit.module
        variable = ("variable", module, name)
        uses = self.uses(module)
        if uses and name not in uses.bindings and self.is_news("named", variable):
            if name == "__name__":
                self.flows.add(variable, ModuleObject(module))
            for star in self._stars(module, uses):
                self.module_attribute(star, name, variable, Mark(module, 1))
            if name in _BUILTINS:
                self.flows.add(variable, Foreign(name))
        return variable

    def _in_class(self, name: str, unit: Unit) -> Variable:
        """The variable that a name means in a class that binds it: until then it is that of the code around."""
        uses = self.uses(unit.module)
        own, seen = ("attribute", unit.owner, name), ("read", unit.owner, name)
        if unit.around is None or uses is None or not (name in uses.bindings or unit.around.function):
            return own
        if self.is_news(seen):
            self.flows.lead(own, seen)
            self.flows.lead(self.named(name, unit.around), seen)
        return seen

    def variable(self, name: str, unit: Unit) -> Variable:
        """The variable that a name means where it is bound."""
        if unit.owner is not None:
            return ("attribute", unit.owner, name)
        if unit.function is not None and name in unit.names:
            return ("local", unit.function, name)
        return self.named(name, unit) if unit.function is not None else ("variable", unit.module, name)

    def value(self, node: ast.expr | None, unit: Unit) -> Variable:
        """The variable that has the value of an expression."""
        match node:
            case None | ast.Constant():
                return None
            case ast.Name(id=name):
                return self.named(name, unit)
        variable = self.flows.temporary()
        self.waiting.append((node, variable, unit))
        return variable
