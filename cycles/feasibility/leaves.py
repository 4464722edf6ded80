"""A package and a name in; the module that defines the name, out."""

from cycles.feasibility.reading import Modules
from cycles.feasibility.uses import bound_name


def leaf_of(package: str, name: str, modules: Modules) -> str | None:
    """The module that defines what `package` passes on as `name`, None where that is not certain."""
    module, seen = package, set[tuple[str, str]]()
    while (module, name) not in seen:
        seen.add((module, name))
        uses = modules.uses(module)
        if isinstance(uses, str):
            return None
        bindings = uses.bindings.get(name, [])
        if len(bindings) != 1 or not bindings[0].sure:
            return None
        passed = None
        for statement in uses.imports.get(bindings[0].line_number, ()):
            for alias in statement.node.names:
                if bound_name(statement.node, alias) == name:
                    passed = (getattr(statement.node, "module", None), getattr(statement.node, "level", 0), alias.name)
        if passed is None:
            return module if module != package else None
        found = absolute(module, passed[0] or "", passed[1], is_package=modules.files[module].is_package)
        if f"{found}.{passed[2]}" in modules.files or found not in modules.files:
            return None
        module, name = found, passed[2]
    return None


def absolute(importer: str, module: str, level: int, *, is_package: bool) -> str:
    """The absolute name that `from` means in a module.

    >>> absolute("a.b", "c", 1, is_package=False)
    'a.c'
    """
    if not level:
        return module
    parts = importer.split(".")
    base = ".".join(parts[: len(parts) - level + (1 if is_package else 0)])
    return f"{base}.{module}" if base and module else base or module
