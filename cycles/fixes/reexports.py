"""A package and a name in; the module that defines the name, out."""

from cycles.fixes.usages import Modules
from cycles.source.names import absolute_name, package_of
from cycles.source.usage import bound_name


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
        package = package_of(module, is_package=modules.files[module].is_package)
        found = absolute_name("." * passed[1] + (passed[0] or ""), package)
        if found is None or f"{found}.{passed[2]}" in modules.files or found not in modules.files:
            return None
        module, name = found, passed[2]
    return None
