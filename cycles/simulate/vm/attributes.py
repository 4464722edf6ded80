"""A module and the name of an attribute in; its value, out, as the interpreter would find it."""

from cycles.simulate.compile.instructions import Text
from cycles.simulate.compile.module import ModuleCode
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.calls import call
from cycles.simulate.vm.errors import no_attribute
from cycles.simulate.vm.state import State
from cycles.simulate.vm.values import RUNNING, Function, Module, Raised, Value

_OF_EVERY_MODULE = frozenset(dir(type(__import__("sys")))) | {
    "__name__",
    "__doc__",
    "__package__",
    "__loader__",
    "__spec__",
    "__file__",
    "__cached__",
    "__builtins__",
    "__annotations__",
    "__dict__",
}


def attribute(state: State, module: Module, name: str, *, silent: bool = False) -> Step[Value]:
    """The value of `module.name`; raises Raised where it certainly has none, and notes where it may have none.

    `silent`: the caller has another way to find it, so that nothing is noted.
    """
    state.saw_name(module, name)
    if name in module.names:
        return module.names[name]
    if name in _OF_EVERY_MODULE or (name == "__path__" and module.is_package):
        return Text(module.name) if name == "__name__" else None
    state.saw_name(module, "__getattr__")
    state.saw_mark(module, RUNNING)
    state.saw_mark(module, name)
    if "__getattr__" in module.names:
        asked = module.names["__getattr__"]
        if isinstance(asked, Function):
            return (yield call(state, asked, (Text(name),)))
        doubt_name(state, state.place(no_attribute(module, name)), module)
        return None
    if not silent and (is_open(state, module) or _may_have_come(state, module, name)):
        doubt_name(state, state.place(no_attribute(module, name)), module)
        return None
    raise state.place(no_attribute(module, name))


def is_open(state: State, module: Module) -> bool:
    """Whether a module may have names that cannot be read off its text."""
    state.saw_open(module)
    if module in state.opened or module.is_namespace:
        return True
    code = state.library.module(module.name)
    return isinstance(code, ModuleCode) and code.secretive


def unknown_name(state: State, module: Module, name: str) -> bool:
    """Whether an attribute that was found may yet not be there."""
    state.saw_name(module, name)
    return name not in module.names and name not in _OF_EVERY_MODULE


def doubt_name(state: State, error: Raised, module: Module) -> None:
    """Remember that a module which still runs may not have a name that is asked for."""
    if error.of_cycle and state.possible is None:
        place = f"{error.path}:{error.line_number}"
        state.possible = f"it may fail at {place} ({error.line}): the names of {module.name} cannot all be read"


def _may_have_come(state: State, module: Module, name: str) -> bool:
    """Whether code that was not followed may have imported the submodule that is missed."""
    full = f"{module.name}.{name}"
    state.saw_module(full)
    absent = full in state.library.files and full not in state.modules
    return absent and state.is_opaque() and not module.running
