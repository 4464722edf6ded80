"""Calls: followed as far as their function can be read; what reaches code that cannot be read may be called by it."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType

from cycles.limits import (
    CALLS_DEEP,
    CALLS_OF_ONE,
    CALLS_OF_SMALL,
    CALLS_THAT_MATTER,
    ESCAPED_OBJECTS,
    FEW_ITEMS,
    GETATTR_CALLS,
    HABITUAL_CALLS,
    IDLE_CALLS,
    MOST_ITEMS,
    MOST_STEPS_OF_CALLS,
    NAMED_CALLS_DEEP,
    SMALL_FUNCTION,
    STEPS_OF_CALLS,
    STEPS_OF_IMPORT,
)
from cycles.simulate.compile.effects_on_imports import Reach
from cycles.simulate.compile.instructions import (
    NONE,
    Body,
    Fixed,
    FunctionCode,
    Handler,
    Import,
    ImportFrom,
    Outside,
    Path,
)
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.call_memory import Habits
from cycles.simulate.vm.checkpoints import Call
from cycles.simulate.vm.containers import GIVEN, ITEMS, TABLES, cache_key, token_of
from cycles.simulate.vm.natives import NATIVES, QUIET
from cycles.simulate.vm.numbers_and_texts import BUILTIN, has_attribute
from cycles.simulate.vm.scopes import builtin_error
from cycles.simulate.vm.values import (
    ABSENT,
    HANDED,
    RUNNING,
    SUSPENDED,
    UNKNOWN_IMPORTS,
    UNKNOWN_NAMES,
    Absent,
    Arguments,
    Bound,
    Class,
    Consumer,
    Container,
    Either,
    Failure,
    Frame,
    Function,
    Guard,
    Habit,
    Instance,
    Keywords,
    Made,
    Module,
    Raised,
    Returned,
    Stream,
    Value,
    either,
    importing,
)

_AGAIN = 2
"""A call that is under way so often with the same arguments, as certain as before, never ends."""
_SET_BY_IMPORT = {"__builtins__", "__cached__", "__file__", "__loader__", "__name__", "__package__", "__spec__"}
_OF_EVERY_MODULE = frozenset({*dir(ModuleType), *_SET_BY_IMPORT})
_HARMLESS = frozenset(
    {"suppress", "getattr", "hasattr", "isinstance", "print", "repr", "str", "id", "type", "dir", "issubclass"}
)
"""Functions that no `try` is about."""
_CERTAIN = {
    "AttributeError",
    "ImportError",
    "IndexError",
    "KeyError",
    "ModuleNotFoundError",
    "RecursionError",
    "StopIteration",
}
_LACKING = Handler((Path("AttributeError"),), None, ())
_STANDARD = sys.stdlib_module_names | {"builtins"}
_CALLING_BACK = {
    *("json", "re", "argparse", "optparse", "itertools", "operator", "string", "sys", "heapq", "bisect", "csv"),
    *("configparser", "sqlite3", "contextvars", "shutil", "glob", "textwrap", "statistics", "unittest", "collections"),
}
"""Modules of the standard library that call functions which they are given, or may, soon or at once."""
CALLING = frozenset(
    {"anyio.run", "trio.run", "decorator.decorate", "toolz.pipe", "cytoolz.pipe", "jax.tree_util.tree_map"}
)
"""Functions of other libraries that call at once what they are given."""
_REGISTERING = {
    *("register", "setter", "getter", "deleter", "setdefault", "append", "add", "insert", "extend"),
    *("connect", "subscribe", "add_handler", "add_listener", "unregister", "update"),
}
"""Methods that keep what they are given, such as `ABCMeta.register`."""
ANY = "any."
"""What the name of a method begins with where nothing else is known of what is called."""
_RUNNING = {"apply", "call", "execute", "invoke", "run"}
"""Methods of libraries that call what they are given."""
_CALLING_NOTHING = {
    *("bytes", "bytearray", "complex", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple")
}
"""Built-in classes whose methods call nothing that they are given, but for `list.sort`, which is hardly called so."""
_OF_PYTHON = frozenset(name for kind in (int, float, list, dict, memoryview, type, object) for name in dir(kind)) | {
    *("__del__", "__delete__", "__enter__", "__exit__", "__fspath__", "__get__", "__getattr__", "__missing__"),
    *(
        "__next__",
        "__post_init__",
        "__set__",
        "__set_name__",
        "__wrapped__",
        "__copy__",
        "__deepcopy__",
        "__length_hint__",
    ),
    *("__aenter__", "__aexit__", "__aiter__", "__anext__", "__await__", "__matmul__", "__rmatmul__", "__bytes__"),
}
_OF_MAKING = ("__init__", "__new__", "__init_subclass__", "__class_getitem__", "__set_name__", "__call__")
"""Special methods that run when classes and objects are made or called, not when they are looked at."""
_ASKED = frozenset(dir(str)) - frozenset(dir(int)) | {
    *("__bool__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__str__", "__repr__", "__format__"),
    *("__enter__", "__exit__", "__get__", "__set__", "__getattr__", "__getattribute__", "__setattr__", "__delattr__"),
    *("__next__", "__instancecheck__", "__subclasscheck__", "__missing__", "__post_init__", "__index__", "__add__"),
}
"""Special methods that the simulation knows to run where what it knows of the standard library asks for them."""
_KEEPING = (
    *("abc.", "argparse.", "atexit.", "builtins.", "collections.namedtuple", "contextlib.", "contextvars.ContextVar"),
    *("dataclasses.", "enum.", "functools.", "logging.", "signal.signal", "threading.Thread", "threading.Timer"),
    *("types.", "typing.", "weakref.ref", "weakref.WeakMethod", "weakref.proxy"),
)
"""What of the standard library keeps the functions that it is given; what calls them later is simulated."""
CIRCULAR = "(most likely due to a circular import)"


class Calls(Habits):
    """A simulated interpreter that follows calls."""

    def call(self, called: Value, arguments: Arguments = (), keywords: Keywords = ()) -> Eventual[Value]:  # noqa: C901  a list of cases
        """Call a value; None where nothing is known of what that gives."""
        match called:
            case Function():
                return self._follow(called, arguments, keywords)
            case Bound(function=function, owner=owner):
                return self.call(function, (owner, *arguments), keywords)
            case Class():
                return self.construct(called, arguments, keywords)
            case Instance():
                hook = self.method(called, "__call__")
                return (
                    self.call(hook, arguments, keywords)
                    if hook is not None
                    else self.unfollowed("", (called, *arguments), keywords)
                )
            case Outside(name=name):
                return self._outside(name, arguments, keywords)
            case Made(of=of):
                native = NATIVES.get(f"{of}()")
                if native is not None:
                    return native(self, (called, *arguments), dict(keywords))
                return self.unfollowed(f"{of}()", (called, *arguments), keywords)
            case Either(values=values):
                return self._call_each(values, arguments, keywords)
            case Module():
                raise self.raised(Failure("TypeError", "'module' object is not callable"))
            case _ if self.is_plain(called):
                raise self.raised(Failure("TypeError"))
        if self.library.anywhere:
            self.doubt(f"{self.place()} calls what is not known")
        return self.unfollowed("", arguments, keywords)

    def is_plain(self, value: Value) -> bool:
        """Whether a value is certain to be a number, a text or the like, which nobody can call or inherit from."""
        return isinstance(value, str | Fixed | Container) and not self.ran_unknown_code()

    def is_standard(self, name: str) -> bool:
        """Whether a dotted name is built in, or of the standard library."""
        return name.partition(".")[0].partition("(")[0] in _STANDARD

    def _call_each(self, values: Sequence[Value], arguments: Arguments, keywords: Keywords) -> Step[Value]:
        """Call one of several values, nobody knows which: each perhaps, or what a world says."""
        decided = self.decide()
        if decided is not None:
            return (yield self.call(values[0 if decided else -1], arguments, keywords))
        found: list[Value] = []
        if not self.guards:
            # Nobody expects that what is called cannot be: a number is none of the alternatives.
            values = [value for value in values if not isinstance(value, str | Fixed)] or values
        for value in values:
            found.append((yield self.perhaps_call(value, arguments, keywords)))
        result = found[0]
        for other in found[1:]:
            result = either(result, other)
        return result

    def perhaps_call(self, called: Value, arguments: Arguments, keywords: Keywords = ()) -> Step[Value]:
        """Make a call that may be made or not."""
        self.uncertainty += 1
        try:
            return (yield self.call(called, arguments, keywords))
        except Raised as error:
            self.note(error.failure)
            self.may_raise(error.failure)
        finally:
            self.uncertainty -= 1
        return None

    def _outside(self, name: str, arguments: Arguments, keywords: Keywords) -> Eventual[Value]:
        """Call something that is not analysed."""
        name = name.replace("[]", "")
        native = NATIVES.get(name)
        if self.library.anywhere:
            every = (*arguments, *(value for _, value in keywords))
            self._doubt_given(every, name, is_known=native is not None)
        if native is not None:
            return native(self, tuple(arguments), dict(keywords))
        if builtin_error(name) is not None:
            return Made(name, tuple(arguments), tuple(keywords))
        top, _, rest = name.partition(".")
        kind, _, method = rest.partition(".")
        calls_nothing = kind in _CALLING_NOTHING or builtin_error(f"builtins.{kind}") is not None
        if top == "builtins" and calls_nothing and "." not in method:
            return self._of_builtin_class(method, arguments, keywords)
        if name.endswith(".__call__") and arguments and isinstance(arguments[0], Function | Bound):
            return self.call(arguments[0], arguments[1:], keywords)
        given = (*arguments, *(value for _, value in keywords))
        for value in given:
            if isinstance(value, Container) and value.kind not in {"tuple", "frozenset"}:
                self.add(value, GIVEN, None)
        if top in _STANDARD and (hooks := self._handed_over(top, name, given)):
            binding = [one for one in hooks if not self.may_import(one)]
            importing = [one for one in hooks if one not in binding]
            return self._run_escaped(binding, importing, Outside(f"{name}()"), name)
        if top in QUIET or name in QUIET or (top == "builtins" and "." not in rest and "()" not in rest):
            self._may_fail(name)
            return Outside(f"{name}()")
        return self.unfollowed(name, arguments, keywords)

    def _handed_over(self, top: str, name: str, given: Arguments) -> list[Function]:
        """Return what the standard library is given to call at once, of what imports or binds names.

        These are functions, the methods of classes that are derived from its own, and special methods by which it asks
        objects.
        """
        last = name.rpartition(".")[2]
        if (last.startswith(("__", "set")) and last not in {"set_defaults", "setdefault"}) or self.decorates:
            return []
        found = list(self._reachable(given, methods=False)) if top in _CALLING_BACK else []
        asks = not name.startswith(_KEEPING) and top != "builtins"
        for value in self._objects_in(given):
            cls = value.made_by if isinstance(value, Instance) else value
            derived = any(isinstance(base, Outside) and base.name.startswith(f"{top}.") for base in cls.foreign)
            for one in (cls, *cls.order):
                for key, held in self.read_all(one).items():
                    asked = asks and isinstance(value, Instance) and _is_asked(key, but=frozenset())
                    found += [held] if isinstance(held, Function) and (derived or asked) else []
        return [one for one in dict.fromkeys(found) if self._function_matters(one)]

    def _objects_in(self, given: Arguments) -> list[Instance | Class]:
        """Return the objects and classes that are given, those in containers too."""
        seen: list[Value] = [value for value in given if isinstance(value, Instance | Class | Container)]
        for value in seen:
            held = self.held_by(value) if isinstance(value, Container) and len(seen) < ESCAPED_OBJECTS else ()
            seen += [one for one in held if isinstance(one, Instance | Container)]
        return [value for value in seen if isinstance(value, Instance | Class)]

    def unfollowed(self, name: str, arguments: Arguments, keywords: Keywords) -> Eventual[Value]:
        """Call what cannot be followed, by its dotted name if it has one: what it is given may be called by it."""
        self._may_fail(name)
        given = (*arguments, *(value for _, value in keywords))
        if not name or not self.is_standard(name):
            self.run_unknown_code()
            self.give_away(given, modules=True)
            self.hand_over(given, name)
            here = self.frames[-1].module
            if here.name in given and any(isinstance(value, Container) for value in given):
                # What is given the name of a module with a table of names, such as a lazy loader, may replace it.
                self.give_unknown_names(here)
        kept = tuple(value for value in given if isinstance(value, Function | Bound | Class | Instance | Made | Stream))
        known = name and not name.startswith(ANY)
        result = Made(name, kept) if known and kept else Outside(f"{name}()") if known else None
        if not kept and not any(isinstance(value, Container | Either) for value in given):
            return result
        return self.escape(given, result, name)

    def _of_builtin_class(self, method: str, given: Arguments, keywords: Keywords) -> Step[Value]:
        """Call a method of a built-in class as a function: it takes what streams hand out, and calls nothing else."""
        taken: list[Value] = []
        for value in given:
            items = (yield self.items(value)) if isinstance(value, Stream) else None
            taken.append(self.collection("tuple", items) if isinstance(items, tuple) else value)
        native = NATIVES.get(f"{given[0].kind}.{method}") if given and isinstance(given[0], Container) else None
        return (yield native(self, tuple(taken), dict(keywords))) if native is not None else None

    def escape(self, values: Sequence[Value], result: Value, name: str) -> Eventual[Value]:
        """Let code that is not followed call what it was given, or not; return a result.

        Other libraries are taken to keep the functions that they are given, and not to call them at once: nearly all
        register or wrap them. What they gave back calls them, and what inherits from them may have its names bound.
        """
        keeps = self._keeps(name)
        reached = list(self._reachable(values))
        binding = [one for one in reached if self.library.may_bind(one.body)]
        if not keeps:
            # Code that is given an object can call all its methods, and hardly ever calls one that imports.
            reached = list(self._reachable(values, methods=self.library.anywhere and not self.is_standard(name)))
        else:
            reached = self._called_though_kept(values, name)
        importing = [one for one in reached if one not in binding and self.may_import(one)]
        if keeps:
            for function in [one for one in binding if self.library.own_reach(one.body).imports]:
                binding.remove(function)
                self._blur_names(function)
        return self._run_escaped(binding, importing, result, name) if binding or importing else result

    def _called_though_kept(self, values: Sequence[Value], name: str) -> list[Function]:
        """Return what a library calls of what it was given, though it keeps functions.

        Where it makes an object of ours, these are the functions that it was given for the class, such as validators
        and factories of defaults; where its class has a method that is called on an object of ours, the methods of
        that, for which it was written; where it is asked to run something, all that it is given.
        """
        owner, _, last = name.rpartition(".")
        first = values[0] if values else None
        if self.decorates or self.is_standard(name):
            return []
        if isinstance(first, Instance) and (last == "__init__" or Outside(owner) in first.made_by.foreign):
            every = (first.made_by, *first.made_by.order)
            held = [one for cls in every for one in self.read_all(cls).values()]
            given = Made if last == "__init__" else Made | Function
            return list(self._reachable([one for one in held if isinstance(one, given)]))
        return list(self._reachable(values, methods=False)) if last in _RUNNING else []

    def _keeps(self, name: str) -> bool:
        """Whether what is called by a dotted name keeps the functions that it is given, and does not call them."""
        last = name.rpartition(".")[2]
        if self.is_standard(name):
            keeps = last in _REGISTERING
        elif self.library.anywhere:
            return name.startswith(ANY) and last in _REGISTERING
        else:
            unknown = name.startswith(ANY) and last not in _REGISTERING and self.library.hands_on(last)
            keeps = bool(name) and not unknown
        return (keeps and name not in CALLING) or self.decorates

    def doubt_made(self, cls: Class) -> None:
        """Say that libraries may call methods of a new class: hooks, and all where it is derived from theirs."""
        derived = any(isinstance(one, Outside) and not self.is_standard(one.name) for one in cls.foreign)
        methods = [held for name, held in cls.values.items() if derived or _is_hook(name)]
        if any(map(self.may_import, self._reachable(methods))):
            self.doubt(f"{self.place()} defines {cls.name}, whose methods libraries may call")

    def _doubt_given(self, given: Arguments, name: str, *, is_known: bool) -> None:
        """Say what the standard library may do with what it is given: call functions, ask objects by special methods.

        `is_known`: what it does is simulated, but for special methods that hardly anybody has.
        """
        functions: list[Value] = []
        for value in self._objects_in(given):
            if isinstance(value, Instance):
                every = [pair for cls in (value.made_by, *value.made_by.order) for pair in self.read_all(cls).items()]
                functions += [one for key, one in every if _is_asked(key, but=_ASKED if is_known else frozenset())]
        if name == "generator.throw" or not (is_known or name.startswith(_KEEPING)):
            functions += self._reachable(given, methods=False)
        if any(map(self.may_import, self._reachable(functions))):
            self.doubt(f"{self.place()} gives {name} what it may call")

    def _blur_names(self, function: Function) -> None:
        """Say that a function may have bound the names that it declares global."""
        code = self.library.function(function.body)
        self.uncertainty += 1
        for name in sorted(code.shared) if code is not None else ():
            self.set_name(function.home, name, None)
        self.uncertainty -= 1

    def _run_escaped(
        self, binding: Sequence[Function], importing: Sequence[Function], result: Value, name: str
    ) -> Step[Value]:
        for function in binding:
            yield self.perhaps_call(function, (), [("", None)])
        decided = self.decide() if importing else False
        if decided is None:
            one, shown = importing[0].body, name.removeprefix(ANY) or "code"
            reason = f"{self.place()} gives {one.name} to {shown}, which cannot be followed"
            self.doubt(reason)
        elif decided:
            for function in importing:
                try:
                    made = yield self.call(function, (), [("", None)])
                    if isinstance(made, Stream):
                        yield self.items(made)
                except Raised as error:
                    self.note(error.failure)
        return result

    def may_import(self, function: Function) -> bool:
        """Whether a function, or those that it calls by name and so on, as deep as is looked, imports modules."""
        level, seen = [function], {function.body}
        for _ in range(NAMED_CALLS_DEEP):
            below: list[Function] = []
            for one in level:
                own = self.library.own_reach(one.body)
                if own.imports:
                    return True
                for name in own.mentions:
                    cells = one.cells
                    found = cells.values.get(name, ABSENT) if cells is not None else ABSENT
                    if isinstance(found, Absent):
                        found = self.read(one.home, name)
                    if isinstance(found, Function) and found.body not in seen:
                        seen.add(found.body)
                        below.append(found)
            level = below
        return False

    def _reachable(self, values: Sequence[Value], *, methods: bool = True) -> Iterator[Function]:  # noqa: C901
        """Yield the functions that code which is given values can call."""
        waiting: list[Value] = list(values)
        seen: set[int] = set()
        while waiting and len(seen) < ESCAPED_OBJECTS:
            value = waiting.pop(0)
            if id(value) in seen:
                continue
            seen.add(id(value))
            match value:
                case Function():
                    yield value
                case Bound(function=function, owner=owner):
                    waiting += [function] if isinstance(function, Function) else [owner]
                case Class() if methods:
                    waiting += [one for one in value.values.values() if isinstance(one, Function | Made)]
                case Instance() if methods:
                    waiting.append(value.made_by)
                case Container():
                    waiting += [*self.items_of(value), *(pair[1] for pair in self.pairs_of(value))]
                case Made(arguments=arguments, keywords=keywords):
                    waiting += [*arguments, *(held for _, held in keywords)]
                case Stream(seeds=seeds):
                    waiting += seeds
                case Either(values=every):
                    waiting += every

    def fits(self, called: Value, given: Arguments, keywords: Keywords) -> bool:
        """Whether what is called takes its arguments, as far as that is known."""
        left_out = 0
        if isinstance(called, Class):
            maker = self.lookup(called, "__init__")
            plain = called.metaclass is None and not called.foreign and self.lookup(called, "__new__") is ABSENT
            called, left_out = (maker, 1) if plain and not isinstance(maker, Absent) else (None, 0)
        elif isinstance(called, Bound):
            called, left_out = called.function, 1
        code = self.library.function(called.body) if isinstance(called, Function) else None
        # Most calls give each parameter by its place.
        if code is None or (not keywords and len(given) + left_out == len(code.names) == code.positions):
            return True
        named = {name for name, _ in keywords}
        if "" in named or not isinstance(called, Function):
            return True
        positions = code.names[left_out : code.positions]
        known = {*positions[: len(given)], *named, *dict(code.literals), *dict(called.defaults)}
        is_missing = not known.issuperset(code.names[left_out:])
        is_strange = code.keywords is None and not named.issubset(code.names)
        return not is_missing and not is_strange and (code.rest is not None or len(given) <= len(positions))

    def any_item(self, value: Value) -> Value:
        """Return what one of the items of a value may be, of which more are not known: a function that imports."""
        return self._any(self.items_of(value)) if isinstance(value, Container) else None

    def any_held(self, container: Container) -> Value:
        """Return what a container may hold under a key or number that is not known, likewise."""
        return self._any(self.held_by(container))

    def held_by(self, container: Container) -> Sequence[Value]:
        """Return all that is known to be in a container: the values of a dict."""
        is_table = container.kind in TABLES
        return [held for _, held in self.pairs_of(container)] if is_table else self.items_of(container)

    def _any(self, values: Iterable[Value]) -> Value:
        functions = [one for one in values if isinstance(one, Function) and self.may_import(one)]
        return Either((*functions[:FEW_ITEMS], None)) if functions else None

    def _cells_matter(self, function: Function, reach: Reach) -> bool:
        """Whether what a function knows of the functions around it may make a difference."""
        cells = function.cells
        while cells is not None:
            known = [cells.values.get(name) for name in reach.mentions if name in cells.values]
            if any(held != function and self._value_matters(held) for held in known):
                return True
            cells = cells.outer
        return False

    def _value_matters(self, value: Value) -> bool:
        """Whether a function that is given a value may make a difference by calling it."""
        match value:
            case str() | Fixed() | Outside() | None | Module():
                return False
            case Function():
                return self._function_matters(value)
            case Bound(function=function):
                return self._value_matters(function)
            case Instance(made_by=cls) | (Class() as cls):
                return self._class_matters(cls)
            case Container():
                # A look at a few is enough where they are alike.
                held = [*self.items_of(value)[:FEW_ITEMS], *(pair[1] for pair in self.pairs_of(value)[:FEW_ITEMS])]
                return any(self._value_matters(one) for one in held if not isinstance(one, Container))
        return True

    def _function_matters(self, function: Function) -> bool:
        return self.may_import(function) or self.library.may_bind(function.body)

    def _class_matters(self, cls: Class) -> bool:
        key = cls.home, cls.line_numbers.start, cls.name
        found = self.library.mattering.get(key)
        if found is None:
            self.library.mattering[key] = False
            every = [held for one in (cls, *cls.order) for held in one.values.values()]
            functions = [part for held in every for part in (held.arguments if isinstance(held, Made) else (held,))]
            found = any(isinstance(one, Function) and self.library.may_do(one.body) for one in functions)
            self.library.mattering[key] = found
        return found

    def _is_idle(self, function: Function, code: FunctionCode, given: Sequence[Value]) -> bool:
        """Whether a call makes no difference to imports, or no more than those before, and takes long to follow."""
        often = self.load.counts.get(function.body, 0)
        spent = self.steps - self.load.steps
        # What all functions that one may call can do takes long to find out: longer than to follow a first call.
        if not often and spent < STEPS_OF_CALLS:
            return False
        own = self.library.own_reach(function.body)
        if spent >= STEPS_OF_IMPORT and function.body.name != "__getattr__":
            return bool(often) or not own.matters
        few = own.size <= SMALL_FUNCTION and often < CALLS_OF_SMALL and spent < MOST_STEPS_OF_CALLS
        if few or function.body.name == "__getattr__" or own.closes:
            return False
        if own.matters and self._is_for_getattr():
            return False
        most = CALLS_THAT_MATTER if spent < STEPS_OF_CALLS else 1
        tried = self.idle.get(function.body, 0) >= IDLE_CALLS
        if often < most and not tried:
            late = spent >= MOST_STEPS_OF_CALLS
            if own.matters or (not late and self.library.matters(function.body)):
                return False
        is_method = given and isinstance(given[0], Instance | Class) and code.names[:1] == ("self",)
        for value in given[1:] if is_method else given:
            if self._value_matters(value) and not (tried and isinstance(value, Instance | Container | Made | Stream)):
                return False
        return not self._cells_matter(function, own)

    def _is_for_getattr(self) -> bool:
        """Whether the code at hand is a `__getattr__`: what it calls answers each question anew, as it does."""
        body = self.frames[-1].body if self.frames else None
        return body is not None and body.name == "__getattr__"

    def _skip(self, function: Function, given: Sequence[Value], this: Sequence[Value]) -> Value:
        """Leave out a call that makes no difference to imports: what it may have changed is not known any more.

        `this` is what is known of its parameters, in their order.
        """
        habit = self.habits.get(function.body)
        self.blur(given, (*self.library.own_reach(function.body).stores, *sorted(habit.stores if habit else ())))
        self.give_away(given)
        if habit is not None and habit.calls >= IDLE_CALLS and (made := self.made_so_far(habit, this)) is not None:
            return made
        kept = tuple(value for value in given if isinstance(value, Function | Bound | Class | Made))
        return Made("cycles.skipped", kept) if kept else None

    def _may_fail(self, name: str) -> None:
        """Doubt the rest of a `try` around a call that may raise anything, unless it is about failed imports alone."""
        if self.guards and name.rpartition(".")[2] not in _HARMLESS:
            self._doubt_rest(self.guards[-1], Failure(explicit=True))

    def may_raise_here(self, failure: Failure) -> None:
        """Doubt the rest of a `try` around a call that may raise a failure, where its handlers import."""
        code = [one for guard in self.guards[-1:] for handler in guard.handlers for one in handler.code]
        if any(isinstance(instruction, Import | ImportFrom) for instruction in code):
            self._doubt_rest(self.guards[-1], failure)

    def _doubt_rest(self, guard: Guard, failure: Failure) -> None:
        if guard.frame is not self.frames[-1] or guard.may_have_raised:
            return
        caught = {
            path.last if path and not path.attributes else ""
            for handler in guard.handlers
            for path in handler.catches or (None,)
        }
        if caught <= {"ImportError", "ModuleNotFoundError"}:
            return
        decided = self.decide()
        if decided is False:
            raise self.raised(failure)
        if decided is None:
            self.make_uncertain(guard)

    def doubt_attribute(self, value: Outside, name: str) -> None:
        """Doubt the rest of a `try` that is about an attribute which something of a library may not have."""
        guard = self.guards[-1]
        caught = {path.last for handler in guard.handlers for path in handler.catches or () if path}
        if "AttributeError" not in caught or guard.may_have_raised or has_attribute(value, name):
            return
        if f"{value.name}.{name}" in NATIVES:
            # It was there in all versions that are supported.
            return
        decided = self.decide()
        if decided is False:
            raise self.raised(Failure("AttributeError"))
        if decided is None:
            self.make_uncertain(guard)

    def _follow(self, function: Function, arguments: Arguments, keywords: Keywords) -> Eventual[Value]:
        """Follow a call, unless it has been followed often enough."""
        body = function.body
        code = self.library.function(body)
        if code is None:
            return None
        load = self.load
        names = self._parameters(code, function, arguments, dict(keywords))
        known = tuple(names.values())
        habit = self.habit_of(body, known)
        if habit is not None:
            return self.follow_habit(habit, known)
        given = (*arguments, *(value for _, value in keywords))
        if self._is_idle(function, code, given):
            return self._skip(function, given, known)
        this = Call(body, known, self.uncertainty)
        frame = Frame(
            function.home,
            names,
            self.uncertainty,
            code=code,
            body=body,
            first=arguments[0] if arguments else None,
            cells=function.cells,
            line_number=body.first_line,
        )
        if code.yields or code.waits:
            kind = "coroutine" if code.waits and not code.yields else "generator"

            def start(consumer: Consumer) -> Eventual[Value]:
                often = self.load.counts.get(body, 0)
                if len(self.load.calls) >= CALLS_DEEP or often >= CALLS_OF_ONE:
                    return self._too_much(function, arguments)
                self.load.counts[body] = often + 1
                frame.consumer, frame.uncertainty = consumer, self.uncertainty
                return self._run_function(code, this, frame)

            return Stream(made=load.start, start=start, kind=kind, seeds=(function, *arguments))
        often = load.counts.get(body, 0)
        again = load.calls.count(this) if often else 0
        if again >= _AGAIN and not self.ran_unknown_code():
            raise self.raised(Failure("RecursionError"))
        too_often = often >= CALLS_OF_ONE and (often >= GETATTR_CALLS or not self._makes_anew(body))
        if len(load.calls) >= CALLS_DEEP or (too_often and not again):
            return self._too_much(function, given)
        load.counts[body] = often + 1
        if self.cached.values and self.read(self.cached, cache_key(body)) is not ABSENT:
            return self._run_once(code, this, frame)
        return self._run_function(code, this, frame)

    def _run_once(self, code: FunctionCode, this: Call, frame: Frame) -> Step[Value]:
        """Run a function whose results are kept, unless there is one for the same arguments."""
        tokens = [token_of(value) for value in this.given]
        key = cache_key(this.body, tokens)
        if None not in tokens and not isinstance(known := self.read(self.cached, key), Absent):
            return known
        found = yield self._run_function(code, this, frame)
        if None not in tokens and not self.uncertainty:
            self.write(self.cached, key, found)
        return found

    def _makes_anew(self, body: Body) -> bool:
        """Whether what a function gives is another thing for each call."""
        return body.name == "__getattr__" or self.library.own_reach(body).closes or self._is_for_getattr()

    def _too_much(self, function: Function, given: Sequence[Value]) -> Eventual[Value]:
        """Give up to follow a call: what that may do is not known."""
        if not self.uncertainty and self.may_import(function):
            name = function.body.name
            reason = f"{self.place()} calls {name}, which is not followed any further"
            self.doubt(reason)
        return self.unfollowed("cycles.more", given, ())

    def _run_function(self, code: FunctionCode, this: Call, frame: Frame) -> Step[Value]:
        calls = self.load.calls
        self.frames.append(frame)
        calls.append(this)
        value: Value = NONE
        before, asked, steps, changes = self.deeds, len(self.asked_for), self.steps, len(self.changed)
        habit = self.habits.get(this.body)
        if habit is None:
            habit = self.habits[this.body] = Habit(wild=code.yields or code.waits)
        try:
            yield self.execute(code.code, frame)
        except Returned as returned:
            value = returned.value
        except Raised as error:
            habit.calls = habit.steps = 0
            if not frame.left:
                if not self._is_dubious(error.failure):
                    raise
                self.add(self.reasons, UNKNOWN_IMPORTS, f"it may raise {error.failure.shown} at {self.place()}")
                value = None
            self.note(error.failure)
        finally:
            self.frames.pop()
            calls.pop()
            self.uncertainty -= frame.left + frame.broken
        body = this.body
        self.idle[body] = self.idle.get(body, 0) + 1 if self.deeds == before else -IDLE_CALLS
        value = value if frame.returned is ABSENT else either(frame.returned, value)
        habit.asks.update(self.asked_for[asked:])
        if self.deeds != before or len(habit.asks) > FEW_ITEMS or "" in habit.asks:
            habit.wild = True
        elif not habit.wild:
            habit.steps += (self.steps - steps) if habit.calls < HABITUAL_CALLS else 0
            self.learn(this, habit, value, dict.fromkeys(self.changed[changes:]))
        return value

    def _is_dubious(self, failure: Failure) -> bool:
        """Whether a function most likely does not raise what nobody catches: it checks values that may be others.

        What looks for attributes or modules is told of their absence by exceptions, which are certain.
        """
        certain = failure.of_cycle or failure.kind in _CERTAIN or self.uncertainty
        return (
            not certain and self.catches(_LACKING, failure, self.frames[-1]) is False and not self.is_guarded(failure)
        )

    def _parameters(
        self, code: FunctionCode, function: Function, arguments: Arguments, keywords: dict[str, Value]
    ) -> dict[str, Value]:
        """Return what is known of a function's parameters; with `*` or `**` in the call, of those that are given."""
        unsure = "" in keywords
        names: dict[str, Value] = dict.fromkeys(code.names)
        if not unsure:
            names.update(code.literals)
            names.update(function.defaults)
        names.update(zip(code.names[: code.positions], arguments, strict=False))
        names.update((name, value) for name, value in keywords.items() if name in names)
        if code.rest is not None:
            names[code.rest] = self.collection("tuple", arguments[code.positions :], more=unsure)
        if code.keywords is not None:
            others = [(name, value) for name, value in keywords.items() if name and name not in code.names]
            names[code.keywords] = self.table(others, more=unsure)
        return names

    def drain(self, stream: Stream) -> Eventual[Value]:
        """Return all that a stream hands out, and has not yet, as a tuple; None where that is not known."""
        if stream.made < self.load.start or SUSPENDED in stream.values:
            return self.escape(stream.seeds, None, "")
        if stream.start is None:
            left = stream.values.get(ITEMS)
            stream.values[ITEMS] = ()
            return left if isinstance(left, tuple) else ()
        start, stream.start = stream.start, None
        return self._drained(start)

    def _drained(self, start: Callable[[Consumer], Eventual[Value]]) -> Step[Value]:
        found: list[Value] = []
        unsure = False
        before = self.uncertainty

        def keep(value: Value) -> Value:
            nonlocal unsure
            unsure = unsure or self.uncertainty > before
            if len(found) <= MOST_ITEMS:
                found.append(value)
            return NONE

        yield start(keep)
        return None if unsure or len(found) > MOST_ITEMS else tuple(found)

    def items_awaited(self, value: Value) -> Eventual[Value]:
        """Return what a coroutine returns, any other value as it is."""
        if not isinstance(value, Stream) or value.start is None or value.made < self.load.start:
            return value if not isinstance(value, Stream) else None
        start, value.start = value.start, None
        return start(lambda _: NONE)

    def _stepped(self, step: Value) -> Step[Value]:
        """Return what `__next__` gives until it raises StopIteration."""
        found: list[Value] = []
        before = self.uncertainty
        for _ in range(MOST_ITEMS):
            try:
                found.append((yield self.call(step)))
            except Raised as error:
                if error.failure.kind != "StopIteration":
                    raise
                return tuple(found)
            if self.uncertainty > before:
                break
        return None

    def attribute(self, module: Module, name: str, *, silent: bool = False) -> Eventual[Value]:
        """Return `module.name`; raises Raised where it certainly has none, and notes where it may have none.

        `silent`: the caller has another way to find it, so that nothing is noted.
        """
        found = self.read(module, name)
        if found is not ABSENT:
            return found
        if self.is_of_every_module(module, name):
            return module.name if name == "__name__" else None
        asked = self.read(module, "__getattr__")
        if isinstance(asked, Function | Bound | Made | Instance) and not self._is_foreign(asked):
            return self.call(asked, (name,))
        failure = self.raised(self._no_attribute(module, name)).failure
        if asked is ABSENT and (silent or not (self.has_unknown_names(module) or self._may_have_come(module, name))):
            if not silent and self.is_put_there(failure, module, name):
                return None
            raise Raised(failure)
        self.note_unknown_names(failure, module)
        return None

    def _is_foreign(self, value: Value) -> bool:
        if isinstance(value, Made):
            return f"{value.of}()" not in NATIVES
        return isinstance(value, Bound) and not isinstance(value.function, Function)

    def is_of_every_module(self, module: Module, name: str) -> bool:
        """Whether a module has an attribute though its code does not bind it."""
        return name in _OF_EVERY_MODULE or (name == "__path__" and module.is_package)

    def has_unknown_names(self, module: Module) -> bool:
        """Whether a module may have names that cannot be read off its text."""
        return self.read(module, UNKNOWN_NAMES) is not ABSENT or module.is_namespace

    def hand_over(self, given: Iterable[Value], name: str) -> None:
        """Say that a library is given what tells it the modules of the roots: it may put names there."""
        for value in given:
            match value:
                case Function(home=module) | Bound(function=Function(home=module)):
                    home: Value | Absent = module
                case Class(home=text) | Instance(made_by=Class(home=text)) | str(text) if text in self.library.files:
                    home = self.read(self.modules, text)
                case _:
                    continue
            if isinstance(home, Module):
                self.add(home, HANDED, name)

    def is_put_there(self, failure: Failure, module: Module, name: str) -> bool:
        """Whether a library may have put a name in a module whose text does not speak of it; says so then."""
        library = self.read(module, HANDED)
        if library is ABSENT or module.name not in self.library.files or name.startswith("__"):
            return False
        if re.search(rf"\b{re.escape(name)}\b", self.library.sources.file(module.name).text):
            return False
        by = library.removeprefix(ANY).replace("()", "") if isinstance(library, str) else ""
        reason = f"nothing in {module.name} provides {name}, unless {by or 'code'} does, which cannot be followed"
        self.doubt(f"it may fail at {failure.path}:{failure.line_number}: {reason}")
        return True

    def note_unknown_names(self, failure: Failure, module: Module) -> None:
        """Remember that a module which still runs may not have a name that is asked for."""
        self.note(failure, f"the names of {module.name} cannot all be read")

    def _may_have_come(self, module: Module, name: str) -> bool:
        """Whether code that was not followed may have imported the submodule that is missed."""
        full = f"{module.name}.{name}"
        absent = full in self.library.files and self.read(self.modules, full) is ABSENT
        return absent and self.ran_unknown_code() and self.read(module, RUNNING) is ABSENT

    def _no_attribute(self, module: Module, name: str) -> Failure:
        """Return the AttributeError of `module.name` in the words of CPython."""
        if self.read(module, RUNNING) is not ABSENT:
            text = f"partially initialized module '{module.name}' has no attribute '{name}' {CIRCULAR}"
            return Failure("AttributeError", text, of_cycle=True)
        if self.read(module, importing(name)) is not ABSENT:
            text = f"cannot access submodule '{name}' of module '{module.name}' {CIRCULAR}"
            return Failure("AttributeError", text, of_cycle=True)
        text = f"module '{module.name}' has no attribute '{name}'"
        return Failure("AttributeError", text, asked=(module.name, name))


def _is_asked(name: str, *, but: frozenset[str]) -> bool:
    """Whether a method is a special one by which objects are looked at, not made or called; `but` for some."""
    return name.startswith("__") and name not in _OF_MAKING and name not in but


def _is_hook(name: str) -> bool:
    """Whether a special method is none of Python's: a library asks for it, as pydantic for that of a schema."""
    return name.startswith("__") and name.endswith("__") and name not in _OF_PYTHON


__all__ = ["BUILTIN", "CIRCULAR", "Body", "Calls"]
