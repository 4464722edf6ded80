"""What `django.setup()` loads: what the settings name, found in their texts, each with the line that names it."""

import ast
import os
from collections.abc import Iterator

from cycles.errors import CyclesError
from cycles.source.file_text import UnreadableError
from cycles.source.import_statements import ImportNode, named_by
from cycles.source.source_file import SourceFile
from cycles.source.tree_nodes import nodes_in
from cycles.startup.installed_distributions import Environment
from cycles.startup.startup_values import Entry, EntryKind, Named

_APPS = ("INSTALLED_APPS",)
_ADDING = ("append", "extend", "insert")
_ADMIN = "django.contrib.admin"


def django_entry(settings: str, everything: Environment) -> Entry:
    """Return what `django.setup()` starts with some settings; `everything` finds the project's modules too.

    Each installed app loads its package, its `apps`, its `models`, what its configuration's `ready()` imports, and its
    `admin` where the admin is installed. Settings are read in the text of the module and of those it takes all names
    of: assignments, `+=`, `append`, `extend` and `insert`.

    Raises:
        CyclesError: where the settings module is not found.

    """
    file = _file(settings, everything)
    if file is None:
        raise CyclesError(f'no settings module "{settings}" was found; name it as Django does, such as shop.settings')
    apps = list(_installed_apps(settings, everything))
    admin = any(name in (_ADMIN, f"{_ADMIN}.apps.AdminConfig") for name, _, _ in apps)
    named: dict[Named, None] = {Named("django", file.module.path, 1, "django.setup()"): None}
    for name, path, line_number in apps:
        for module, call in _of_app(name, everything, admin=admin):
            named[Named(module, path, line_number, name, call)] = None
    return Entry(EntryKind.DJANGO, f"--django {settings}", settings, named=tuple(named))


def _installed_apps(settings: str, everything: Environment) -> Iterator[tuple[str, str, int]]:
    """Yield the texts that the settings install, with their places."""
    waiting, seen = [settings], set[str]()
    while waiting:
        module = waiting.pop()
        file = _file(module, everything)
        if module in seen or file is None:
            continue
        seen.add(module)
        try:
            tree = file.tree
        except UnreadableError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ImportNode):
                items = named_by(node, module, is_package=file.module.is_package)
                waiting += (item.module for item in items if item.name == "*")
            value = _value(node)
            for one in nodes_in(value) if value is not None else ():
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and _is_dotted(one.value):
                    yield one.value, file.module.path, one.lineno


def _value(node: ast.AST) -> ast.expr | None:
    """Return what a statement puts among the installed apps; None where it puts nothing there."""
    match node:
        case ast.Assign(targets=targets, value=value) if any(map(_is_setting, targets)):
            return value
        case ast.AugAssign(target=target, value=value) | ast.AnnAssign(target=target, value=value) if _is_setting(
            target
        ):
            return value
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in _ADDING and _is_setting(owner):
            return ast.Tuple(list(node.args), ast.Load())
    return None


def _is_setting(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _APPS


def _of_app(name: str, everything: Environment, *, admin: bool) -> Iterator[tuple[str, str]]:
    """Yield the modules that an installed app loads, and what is called of them."""
    package, config = _package_and_config(name, everything)
    if not package:
        return
    if config:
        yield config, ""
        file = _file(config, everything)
        for own_name, ready in _configurations(file) if file else ():
            package = own_name or package
            yield package, ""
            if ready:
                yield config, ready
    yield package, ""
    for last in ("models", *(["admin"] if admin else [])):
        if everything.find(f"{package}.{last}") is not None:
            yield f"{package}.{last}", ""


def _package_and_config(name: str, everything: Environment) -> tuple[str, str]:
    """Return the package of an app, and the module of its configuration ("" for none)."""
    if everything.find(name) is not None:
        config = f"{name}.apps"
        return name, config if everything.find(config) is not None else ""
    module = name.rpartition(".")[0]
    if module and everything.find(module) is not None:
        return module.rpartition(".")[0] or module, module
    return "", ""


def _configurations(file: SourceFile) -> Iterator[tuple[str, str]]:
    """Yield the app's name that each class of a module of configurations gives, and the `ready` that it has."""
    try:
        tree = file.tree
    except UnreadableError:
        return
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        name, ready = "", ""
        for inner in node.body:
            match inner:
                case ast.Assign(targets=[ast.Name(id="name")], value=ast.Constant(value=str(value))):
                    name = value
                case ast.FunctionDef(name="ready"):
                    ready = f"{node.name}.ready"
        yield name, ready


def _file(module: str, everything: Environment) -> SourceFile | None:
    found = everything.find(module)
    return SourceFile(found.file) if found and found.file and os.path.isfile(found.file.path) else None


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))
