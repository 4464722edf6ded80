"""Read module files as instructions, and the functions in them: each file once, when it is first needed."""

import ast
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

from cycles.simulate.compile.expressions import Expressions, Scope
from cycles.simulate.compile.instructions import Bind, Body, Code, Fixed, Literal, Names, Return
from cycles.simulate.compile.lazy_imports import placed
from cycles.simulate.compile.statements import lower, lower_function
from cycles.source.conditions import SpecialNames, Version, World
from cycles.source.module import SourceCache, SourceFile
from cycles.source.text import UnreadableError, parse, refusal_to_compile, relative_path, without_lazy

_ANNOTATIONS_WAIT = (3, 14)
_LAZY_IMPORTS = (3, 15)
_NOWHERE = Scope("", is_package=False, world=World((3, 11)), special=SpecialNames(), annotations=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a module has no instructions: an error that Python has too, or `reason` alone where it may have none."""

    reason: str
    error: str | None
    line_number: int | None


@dataclass(frozen=True, slots=True)
class ModuleCode:
    """A module's instructions; `may_add_names`: some function of it may; `lazy`: the lines of its lazy imports."""

    code: Code
    scope: Scope
    may_add_names: bool
    lazy: frozenset[int]


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """A function's parameters with their defaults, those that take positions, and its instructions.

    `shared` are the names that it takes from its module by `global`.
    """

    parameters: tuple[tuple[str, Literal], ...]
    positions: tuple[str, ...]
    code: Code
    shared: frozenset[str]


class Library:
    """All modules that simulated interpreters can find: what is read for one serves them all."""

    def __init__(
        self,
        sources: SourceCache,
        compiled: Collection[str],
        project: str,
        version: Version,
    ) -> None:
        """Nothing is lowered yet; the files are those of `sources`, read where they have not been."""
        self.sources = sources
        self.files = files = sources.modules
        self.compiled = frozenset(compiled)
        self.version = version
        self.paths = {module.name: relative_path(module.path, FilePath(project)) for module in files.values()}
        self.namespaces = frozenset(_above([*self.files, *self.compiled])) - self.files.keys()
        self.tops = frozenset(name.partition(".")[0] for name in (*self.files, *self.compiled))
        self._modules: dict[str, ModuleCode | Unreadable] = {}
        self._functions: dict[Body, FunctionCode | None] = {}

    def module(self, name: str) -> ModuleCode | Unreadable:
        """The instructions of a module that has a file."""
        found = self._modules.get(name)
        if found is None:
            found = self._modules[name] = _read(self.sources.file(name), self.version)
        return found

    def function(self, body: Body) -> FunctionCode | None:
        """The instructions of a function, none where they do not matter; None where it cannot be followed."""
        if body not in self._functions:
            self._functions[body] = self._read_function(body)
        return self._functions[body]

    def _read_function(self, body: Body) -> FunctionCode | None:
        home = self.module(body.module)
        if isinstance(home, Unreadable):
            return None
        node = self._definition(body, home.lazy)
        if node is None or _yields(node):
            return None
        code, shared = lower_function(node.body, home.scope)
        # What it binds for itself alone matters to nobody.
        if not shared and all(instruction == Return(None) or isinstance(instruction, Bind) for instruction in code):
            code = ()
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.args.defaults))
        defaults += [*node.args.defaults, *node.args.kw_defaults, None, None]
        others = [found for found in (node.args.vararg, node.args.kwarg) if found]
        every = zip([*positional, *node.args.kwonlyargs, *others], defaults, strict=False)
        parameters = tuple((argument.arg, _literal(default)) for argument, default in every)
        return FunctionCode(parameters, tuple(argument.arg for argument in positional), code, shared)

    def _definition(self, body: Body, lazy: frozenset[int]) -> ast.FunctionDef | None:
        """A function's syntax tree, with the line numbers of the file; None where it is not valid by itself.

        Few functions are ever called, one in fifty. The syntax trees of all of them would take forty times the memory
        of the text, so that the lines of a function that is called are parsed once more.
        """
        if any(body.first_line <= line <= body.last_line for line in lazy):
            return None
        lines = self.sources.file(body.module).text.split("\n", body.last_line)[body.first_line - 1 : body.last_line]
        margin = "if 1:\n" if lines[0][:1].isspace() else ""
        try:
            tree = parse(margin + "\n".join(lines))
        except UnreadableError:
            return None
        ast.increment_lineno(tree, body.first_line - 1 - bool(margin))
        return next((found for found in ast.walk(tree) if isinstance(found, ast.FunctionDef)), None)


def _read(file: SourceFile, version: Version) -> ModuleCode | Unreadable:
    """Lower a file."""
    try:
        text = file.text
    except UnreadableError as error:
        return Unreadable(f"it is not readable: {error.reason}", error.error, error.line_number)
    lazy: frozenset[int] = frozenset()
    if version >= _LAZY_IMPORTS and "lazy" in text:
        text, lazy = without_lazy(text)
    try:
        tree = parse(text)
    except UnreadableError as error:
        if version != sys.version_info[:2]:
            return Unreadable("this Python cannot parse it", None, error.line_number)
        return Unreadable(error.reason, error.error, error.line_number)
    if version == sys.version_info[:2] and (refusal := refusal_to_compile(tree)):
        return Unreadable(refusal.reason, refusal.error, refusal.line_number)
    if lazy:
        tree = placed(tree, lazy)
    scope = Scope(
        module=file.module.name,
        is_package=file.module.is_package,
        world=World(version),
        special=file.special_names,
        annotations=version < _ANNOTATIONS_WAIT and not _has_annotations_future(tree),
    )
    may_add_names = "globals()" in text or "sys.modules[__name__]" in text
    return ModuleCode(lower(tree.body, scope), scope, may_add_names, lazy)


def _literal(node: ast.expr | None) -> Literal:
    """Return what is known of a default that is written out."""
    operand = Expressions(_NOWHERE).known(node) if node else None
    return operand if isinstance(operand, str | Fixed | Names) else None


def _above(names: Sequence[str]) -> set[str]:
    """Every package that a name lies in."""
    above: set[str] = set()
    for name in names:
        parent = name.rpartition(".")[0]
        while parent and parent not in above:
            above.add(parent)
            parent = parent.rpartition(".")[0]
    return above


def _has_annotations_future(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def _yields(function: ast.FunctionDef) -> bool:
    """Whether a function is a generator, whose body does not run when it is called."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return False
