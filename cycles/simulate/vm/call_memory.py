"""What following the calls of functions has shown, so that those which make no difference are not followed for ever."""

from collections.abc import Iterable, Sequence

from cycles.limits import HABITUAL_CALLS, HABITUAL_STEPS
from cycles.simulate.compile.instructions import NONE, Body, Fixed, Outside
from cycles.simulate.vm.checkpoints import Call
from cycles.simulate.vm.classes_and_instances import BLURRED, Objects
from cycles.simulate.vm.containers import MORE, TABLES
from cycles.simulate.vm.values import (
    ABSENT,
    RUNNING,
    Class,
    Container,
    Function,
    Habit,
    Instance,
    Made,
    Module,
    Namespace,
    Shape,
    Value,
)

_UNKNOWN = Shape()


class Habits(Objects):
    """A simulated interpreter that knows what functions do."""

    def learn(self, call: Call, habit: Habit, value: Value, changed: Iterable[tuple[Namespace, str, Module]]) -> None:
        """Remember what a call that made no difference came to."""
        if habit.calls >= HABITUAL_CALLS:
            return
        given = call.given
        gives = _shape(value, given)
        first = _shape(given[0], given[1:]) if given and isinstance(given[0], Instance) else None
        habit.gives = gives if habit.gives is None else _common(habit.gives, gives)
        if first is not None:
            habit.sets = first if habit.sets is None else _common(habit.sets, first)
        habit.calls += 1
        for owner, key, module in changed:
            if isinstance(owner, Class) and owner in given:
                habit.names.add(key)
            elif isinstance(owner, Container | Instance) and owner not in given:
                names = [name for name, held in module.values.items() if held is owner]
                habit.stores.update((module.name, name) for name in names)
        habit.handed = habit.handed or any(isinstance(one, Function) and self.may_import(one) for one in given)

    def habit_of(self, body: Body, given: Sequence[Value]) -> Habit | None:
        """Return what a function does where its calls have made no difference so often that this one will not."""
        habit = self.habits.get(body)
        if (
            habit is None
            or habit.wild
            or habit.calls < HABITUAL_CALLS
            or habit.steps < habit.calls * HABITUAL_STEPS
            or self.library.own_reach(body).closes
        ):
            return None
        if habit.asks and not all(self._is_loaded(name) for name in sorted(habit.asks)):
            return None
        if habit.handed or not any(isinstance(one, Function) and self.may_import(one) for one in given):
            return habit
        return None

    def _is_loaded(self, name: str) -> bool:
        found = self.read(self.modules, name)
        return isinstance(found, Module) and self.read(found, RUNNING) is ABSENT

    def follow_habit(self, habit: Habit, given: Sequence[Value]) -> Value:
        """Do what calls of a function did before, without following this one."""
        classes = [one for one in given if isinstance(one, Class) and BLURRED not in habit.names]
        for cls in classes:
            for name in sorted(habit.names):
                if self.lookup(cls, name) is ABSENT:
                    self.set_value(cls, name, None)
        self.blur([one for one in given[bool(habit.sets) :] if one not in classes], sorted(habit.stores))
        self.give_away(given)
        if habit.sets is not None and isinstance(given[0], Instance):
            self._fill(given[0], habit.sets, given[1:])
        return self._shaped(habit.gives or _UNKNOWN, given)

    def made_so_far(self, habit: Habit, given: Sequence[Value]) -> Value:
        """Return what a call gives that is left out, where all before gave objects of one class; None otherwise."""
        shape = habit.gives
        if shape is None or not isinstance(shape.made_by, Class):
            return None
        # What gives objects of the class that it is given gives those of this one.
        of_given = isinstance(given[0], Class) if given else False
        made = self._shaped(shape, given) if not of_given or given[0] is shape.made_by else None
        self.blur((made,), ())
        return made

    def blur(self, given: Sequence[Value], stores: Iterable[tuple[str, str]]) -> None:
        """Take what a call that is not followed may have changed to be unknown."""
        for value in (*given, *(self._stored(*store) for store in stores)):
            if isinstance(value, Container) and value.kind not in {"tuple", "frozenset"}:
                if MORE not in value.values:
                    self.set_value(value, MORE, None)
            elif isinstance(value, Instance | Class) and BLURRED not in value.values:
                self.set_value(value, BLURRED, NONE)

    def give_away(self, given: Iterable[Value], *, modules: bool = False) -> None:
        """Say that code which is not followed is given the names of modules as a dict, or the modules themselves."""
        for value in given:
            owner = value.arguments[0] if isinstance(value, Made) and value.of == "globals" else None
            if modules and isinstance(value, Module):
                owner = value
            if isinstance(owner, Module):
                self.give_unknown_names(owner)

    def _stored(self, module: str, name: str) -> Value:
        """Return what a name of a module stands for; what is done to it depends on nothing else."""
        home = self.modules.values.get(module)
        return home.values.get(name) if isinstance(home, Module) else None

    def _fill(self, owner: Instance, shape: Shape, given: Sequence[Value]) -> None:
        for name, part in shape.attributes:
            held = owner.values.get(name)
            if isinstance(held, Container):
                self.blur((held,), ())
            elif part != _UNKNOWN or name not in owner.values:
                self.set_value(owner, name, self._shaped(part, given))

    def _shaped(self, shape: Shape, given: Sequence[Value]) -> Value:
        if shape.place is not None:
            return given[shape.place]
        if isinstance(shape.made_by, Class):
            made = self.allocate(Instance(made_by=shape.made_by))
            self._fill(made, shape, given)
            return made
        if shape.made_by:
            kind = shape.made_by
            return self.table((), kind, more=True) if kind in TABLES else self.collection(kind, (), more=True)
        return shape.value


def _shape(value: Value, given: Sequence[Value], *, within: bool = False) -> Shape:
    """Return what a call gave; `within`: an attribute of that."""
    if value is not None and not isinstance(value, str | Fixed):
        for place, one in enumerate(given):
            if one is value:
                return Shape(place=place)
    match value:
        case str() | Fixed() | Outside() | Class() | Function():
            return Shape(value)
        case Container(kind=kind):
            return Shape(made_by=kind)
        case Instance(made_by=made_by) if not within:
            attributes = {
                name: _shape(held, given, within=True) for name, held in value.values.items() if held is not value
            }
            return Shape(made_by=made_by, attributes=tuple(sorted(attributes.items())))
    return _UNKNOWN


def _common(one: Shape, other: Shape) -> Shape:
    """Return what is the same of two results."""
    if one == other:
        return one
    if not isinstance(one.made_by, Class) or one.made_by is not other.made_by:
        return _UNKNOWN
    first, second = dict(one.attributes), dict(other.attributes)
    both = {name: _common(first.get(name, _UNKNOWN), second.get(name, _UNKNOWN)) for name in sorted({*first, *second})}
    return Shape(made_by=one.made_by, attributes=tuple(both.items()))
