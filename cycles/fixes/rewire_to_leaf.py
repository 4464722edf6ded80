"""Take names, and single attributes of modules, from the modules that define them."""

import re
from collections.abc import Iterable
from dataclasses import replace

from cycles.fixes.module_usage import Modules
from cycles.model import NameFix
from cycles.source.import_statements import Named
from cycles.source.name_usage import Place

_NAME = re.compile(r"(?<![\w.])\w+")


def from_leaf(fix: NameFix, item: Named, modules: Modules) -> tuple[NameFix, ...]:
    """Return the fix that takes a name from where it is defined; none where that is not certain, or no other module."""
    leaf = modules.leaf_or_module(item.module, item.name) if item.module in modules.files else None
    if leaf is None or leaf[0] in (item.module, fix.importer):
        return ()
    return (replace(fix, leaf=leaf[0], leaf_name=leaf[1] or None, local=fix.bound),)


def attributes_from_leaves(fix: NameFix, start: str, places: Iterable[Place], modules: Modules) -> tuple[NameFix, ...]:
    """Return fixes that take attributes of a module from where they are defined, one for each attribute.

    Args:
        fix: what is known of the name of the module.
        start: the module that this name stands for; its attributes may be modules again.
        places: where the importer uses the name.
        modules: where definitions are looked for.

    Returns: none where that is not certain for one of the places, or one of them is in a string.

    """
    taken: set[str] = set()
    found: dict[str, NameFix] = {}
    for place in places:
        module, attributes = start, list(place.attributes)
        while attributes and f"{module}.{attributes[0]}" in modules.files:
            module = f"{module}.{attributes.pop(0)}"
        read = place.attributes[: len(place.attributes) - len(attributes) + 1]
        leaf = _leaf_of(module, attributes, modules) if read else None
        if leaf is None or place.column < 0 or leaf[0] in (start, fix.importer) or _is_mangled(read[-1]):
            return ()
        path = ".".join(read)
        if path not in found:
            taken = taken or set(_NAME.findall(modules.sources.file(fix.importer).code))
            local = _free(read[-1], fix.bound, taken)
            taken.add(local)
            found[path] = replace(fix, attributes=path, leaf=leaf[0], leaf_name=leaf[1] or None, local=local)
        lines = {*found[path].rewritten, place.line_number}
        found[path] = replace(found[path], rewritten=tuple(sorted(lines)))
    return tuple(found.values())


def _leaf_of(module: str, attributes: list[str], modules: Modules) -> tuple[str, str] | None:
    """Where the first of some attributes of a module is defined; where there are none, the module itself."""
    if module not in modules.files:
        return None
    if attributes:
        return modules.leaf_or_module(module, attributes[0])
    return (module, "") if modules.is_only_a_module(module) else None


def is_rewritten(place: Place, bound: str, names: Iterable[NameFix]) -> bool:
    """Whether what a place reads of a name is called otherwise there."""
    read = ".".join(place.attributes) + "."
    return any(
        name.bound == bound and place.line_number in name.rewritten and read.startswith(f"{name.attributes}.")
        for name in names
    )


def _is_mangled(name: str) -> bool:
    """Whether a class may know a name by another."""
    return name.startswith("__") and not name.endswith("__")


def _free(name: str, bound: str, taken: set[str]) -> str:
    """A name that a module does not use yet, for an attribute of what it calls `bound`."""
    plain = name.strip("_") or name
    wanted = name if name == plain or not name.startswith("__") else f"{bound}_{plain}"
    while wanted in taken:
        wanted = f"_{wanted}" if wanted == name else f"{bound}_{wanted}"
    return wanted
