"""What failed in; the error in the words of CPython, out.

Python 3.11, 3.12 and 3.13 say the same but for what depends on the machine, which is left out: the path in
parentheses at the end, after "from" since 3.13, and since then a hint at a name that a folder of `sys.path` shadows.
"""

from cycles.simulate.vm.values import Module, Raised

_CIRCULAR = "(most likely due to a circular import)"


def no_attribute(module: Module, name: str) -> Raised:
    """The AttributeError of `module.name`."""
    if module.running:
        text = f"partially initialized module '{module.name}' has no attribute '{name}' {_CIRCULAR}"
        return Raised("AttributeError", text, of_cycle=True)
    if name in module.marks:
        text = f"cannot access submodule '{name}' of module '{module.name}' {_CIRCULAR}"
        return Raised("AttributeError", text, of_cycle=True)
    return Raised("AttributeError", f"module '{module.name}' has no attribute '{name}'")


def cannot_import(module: Module, name: str) -> Raised:
    """The ImportError of `from module import name`."""
    if module.running:
        text = f"cannot import name {name!r} from partially initialized module {module.name!r} {_CIRCULAR}"
    else:
        text = f"cannot import name {name!r} from {module.name!r}"
    return Raised("ImportError", text, of_cycle=module.running)


def no_module(name: str, parent: str | None = None) -> Raised:
    """The ModuleNotFoundError of `import name`; `parent` is the module that is no package."""
    reason = f"; {parent!r} is not a package" if parent else ""
    return Raised("ModuleNotFoundError", f"No module named {name!r}{reason}", missing=name)


def beyond(module: Module) -> Raised:
    """The ImportError of a relative import that leaves the top-level package."""
    if "." in module.name or module.is_package:
        return Raised("ImportError", "attempted relative import beyond top-level package")
    return Raised("ImportError", "attempted relative import with no known parent package")
