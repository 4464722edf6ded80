"""The folder of a package in; copies that are changed in one way out, the same copy for the same seed.

Each kind is a way in which imports come to fail, or only look as if they did. A copy runs as far as it can: nothing
is promised of its modules but that each can be parsed.
"""

import ast
import itertools
import random
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SHARE = 0.5
_PLACES = 6
"""Places that are changed in one copy, but for shuffled ones: of many, the first crash would hide all others."""
_IMPORTS = (ast.Import, ast.ImportFrom)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module of a copy as it was before anything was changed."""

    name: str
    path: Path
    is_package: bool
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines(keepends=True)

    def source(self, statement: ast.ImportFrom) -> str:
        """The absolute name of what a from-import names."""
        if not statement.level:
            return statement.module or ""
        parts = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        above = parts[: len(parts) - statement.level + 1]
        return ".".join([*above, *filter(None, [statement.module])])


def copy(package: Path, folder: Path, mutant: str) -> None:
    """Copy a package into a folder as KIND-SEED says."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    kind, _, seed = mutant.partition("-")
    root = folder / package.name / "__init__.py"
    if kind == "blank":
        root.write_text("", encoding="utf-8")
        return
    chance = random.Random(int(seed))  # noqa: S311  no secret
    if kind == "shuffled":
        # Not the root: a crash there is one crash, however many modules it meets.
        for path in sorted((folder / package.name).rglob("*.py")):
            if path != root and chance.random() <= _SHARE:
                path.write_text(shuffled(path.read_text(encoding="utf-8"), chance), encoding="utf-8")
        return
    modules = {module.name: module for module in _modules(folder, package.name)}
    texts: dict[Path, str] = {}
    changes = list(KINDS[kind](modules))
    chance.shuffle(changes)
    for path, text in changes:
        # One change of a file: the next one counts lines that are no longer there.
        if len(texts) < _PLACES and path not in texts and _is_python(text):
            texts[path] = text
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


def shuffled(text: str, chance: random.Random) -> str:
    """A module with the statements of each block of imports at module level in another order."""
    lines = text.splitlines(keepends=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        blocks = list(_blocks(ast.parse(text)))
    for block in reversed(blocks):
        spans = [(statement.lineno - 1, statement.end_lineno or statement.lineno) for statement in block]
        parts = ["".join(lines[first:last]).rstrip("\n") + "\n" for first, last in spans]
        apart = all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
        if apart and not any(";" in part for part in parts):
            chance.shuffle(parts)
            for (first, last), part in reversed(list(zip(spans, parts, strict=True))):
                lines[first:last] = [part]
    return "".join(lines)


def closed(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """What a module imports takes a name of that module in turn: at its top, or at its end."""
    for module, statement in _taken(modules):
        other = modules[module.source(statement)]
        names = [node.name for node in module.tree.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))]
        if names and other.name.partition(".")[0] == module.name.partition(".")[0]:
            lines = other.lines
            at = _after_head(other) if len(names) % 2 else len(lines)
            yield other.path, _with(lines, at, at, f"from {module.name} import {names[0]}\n")


def hoisted(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """An import in a function goes to the top of its module."""
    for module in modules.values():
        for function in [node for node in ast.walk(module.tree) if isinstance(node, _FUNCTIONS)]:
            for statement in function.body:
                if isinstance(statement, ast.ImportFrom) and module.source(statement) in modules:
                    at = _after_head(module)
                    yield module.path, _with(module.lines, at, at, f"{ast.unparse(statement)}\n")


def attributes(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """A name that was taken of a module is asked of it as an attribute, by its whole path."""
    for module, statement in _taken(modules):
        source = module.source(statement)
        asked = [f"{alias.asname or alias.name} = {source}.{alias.name}\n" for alias in statement.names]
        yield module.path, _instead(module, statement, f"import {source}\n{''.join(asked)}")


def guarded(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """An import may fail: its names are then None."""
    for module, statement in _taken(modules):
        nothing = [f"    {alias.asname or alias.name} = None\n" for alias in statement.names]
        found = f"try:\n    {ast.unparse(statement)}\nexcept ImportError:\n{''.join(nothing)}"
        yield module.path, _instead(module, statement, found)


def hooks(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """An import is made by a hook that runs when a class is made, a decorator, or a property of an instance."""
    ways = itertools.cycle(
        [
            "class _Hook:\n    def __init_subclass__(cls):\n        {code}\nclass _Hooked(_Hook):\n    pass\n",
            "def _hook(made):\n    {code}\n    return made\n@_hook\ndef _hooked():\n    pass\n",
            "class _Hook:\n    @property\n    def go(self):\n        {code}\n_Hook().go\n",
        ]
    )
    for module, statement in _taken(modules):
        names = ", ".join(alias.asname or alias.name for alias in statement.names)
        code = f"global {names}; {ast.unparse(statement)}"
        yield module.path, _instead(module, statement, next(ways).format(code=code))


def shadowed(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """A package binds a name of a submodule to something that is defined in it."""
    for module in modules.values():
        package = modules.get(module.name.rpartition(".")[0])
        names = [node.name for node in module.tree.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))]
        if package is not None and names:
            last = module.name.rpartition(".")[2]
            end = len(package.lines)
            yield package.path, _with(package.lines, end, end, f"from .{last} import {names[-1]} as {last}\n")


def lazy(modules: dict[str, _Module]) -> Iterator[tuple[Path, str]]:
    """A package finds what it took of a module only when it is asked for."""
    for module, statement in _taken(modules):
        if not module.is_package or any(
            isinstance(node, _FUNCTIONS) and node.name == "__getattr__" for node in module.tree.body
        ):
            continue
        table = {alias.asname or alias.name: alias.name for alias in statement.names}
        hook = (
            f"def __getattr__(name):\n    import importlib\n    if name in {table!r}:\n"
            f"        return getattr(importlib.import_module({module.source(statement)!r}), {table!r}[name])\n"
            "    raise AttributeError(name)\n"
        )
        yield module.path, _instead(module, statement, hook)


KINDS: dict[str, Callable[[dict[str, _Module]], Iterator[tuple[Path, str]]]] = {
    kind.__name__: kind for kind in (closed, hoisted, attributes, guarded, hooks, shadowed, lazy)
}
"""Each kind that changes a few places, by its name; `blank` and `shuffled` change more."""


def _modules(folder: Path, package: str) -> Iterator[_Module]:
    """Yield the modules of a package that can be parsed, but for its tests."""
    for path in sorted((folder / package).rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if {"tests", "test", "testing", "_tests", "__main__", "conftest"} & set(parts):
            continue
        is_package = parts[-1] == "__init__"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = path.read_text(encoding="utf-8")
                tree = ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        yield _Module(".".join(parts[:-1] if is_package else parts), path, is_package, text, tree)


def _taken(modules: dict[str, _Module]) -> Iterator[tuple[_Module, ast.ImportFrom]]:
    """Yield the from-imports at module level that take names of modules of the package, on lines of their own."""
    for module in modules.values():
        for statement in module.tree.body:
            if not isinstance(statement, ast.ImportFrom) or statement.names[0].name == "*":
                continue
            lines = module.lines[statement.lineno - 1 : statement.end_lineno]
            alone = ";" not in "".join(lines) and statement.col_offset == 0
            if alone and module.source(statement) in modules and statement.module != "__future__":
                yield module, statement


def _after_head(module: _Module) -> int:
    """Return after which line imports may begin: a docstring and `__future__` come first."""
    at = 0
    for statement in module.tree.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        at = statement.end_lineno or at
    return at


def _instead(module: _Module, statement: ast.stmt, text: str) -> str:
    return _with(module.lines, statement.lineno - 1, statement.end_lineno or statement.lineno, text)


def _with(lines: list[str], first: int, last: int, text: str) -> str:
    if first and not lines[first - 1].endswith("\n"):
        text = f"\n{text}"
    return "".join([*lines[:first], text, *lines[last:]])


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Runs of import statements at module level, without those that must come first."""
    block: list[ast.stmt] = []
    for statement in [*tree.body, ast.Pass()]:
        if isinstance(statement, _IMPORTS):
            if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
                block.append(statement)
            continue
        if len(block) > 1:
            yield block
        block = []
