"""Read module files as instructions, and the functions in them: each file once, when it is first needed."""

import ast
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Protocol

from cycles.limits import PARSED_BYTES
from cycles.simulate.compile.effects_on_imports import BINDING, Definitions, Reach, Reaches, definitions_in
from cycles.simulate.compile.expressions import Scope
from cycles.simulate.compile.instructions import LINES_OF_TEXT, Body, Code, FunctionCode
from cycles.simulate.compile.lazy_statements import placed
from cycles.simulate.compile.statements import body_of, lower, lower_function
from cycles.source.conditions import Version, World, all_versions
from cycles.source.file_text import UnreadableError, parse, refusal_to_compile, relative_path, without_lazy
from cycles.source.import_statements import futures_of
from cycles.source.import_values import ModuleFile
from cycles.source.module_names import with_packages
from cycles.source.source_file import SourceCache, SourceFile
from cycles.source.tree_nodes import Function, nodes_in, statements_in

_ANNOTATIONS_WAIT = (3, 14)
_LAZY_IMPORTS = (3, 15)


class Elsewhere(Protocol):
    """What is installed besides the modules that are analysed."""

    def is_installed(self, module: str) -> bool | None:
        """Whether a module is there; None where that is not known."""

    def version_of(self, distribution: str) -> str | None:
        """Return the version of a distribution as its metadata have it; None where it is not installed."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a module has no instructions: an error that Python has too, or `reason` alone where it may have none."""

    reason: str
    error: str | None
    line_number: int | None


@dataclass(frozen=True, slots=True)
class ModuleCode:
    """A module's instructions, and what these define; `lazy`: the lines of its lazy imports."""

    code: Code
    definitions: Definitions
    scope: Scope
    lazy: frozenset[int]


_OF_BINDING = ("global", "lazy", "modules", *BINDING)
"""Words of which one is in the text of every function that binds names of modules."""
_OF_IMPORTING = ("import", "exec", "eval", "walk_packages", "reload")
"""Words of which one is in the text of every function that imports."""


class Library:
    """All modules that simulated interpreters can find: what is read for one serves them all."""

    def __init__(  # noqa: PLR0913
        self,
        sources: SourceCache,
        compiled: Collection[str],
        project: str,
        version: Version,
        elsewhere: Elsewhere | None = None,
        skipped: Collection[tuple[str, int]] = (),
        *,
        anywhere: bool = False,
    ) -> None:
        """Nothing is lowered yet; the files are those of `sources`, read where they have not been.

        `elsewhere` says what else is installed; None where nobody knows. Import statements that are `skipped`, by
        module and line, import nothing, and bind names of which nothing is known. `anywhere`: what comes out is to be
        true of all supported releases, on any platform, and where libraries call what they are given.
        """
        self.sources = sources
        self.files: Mapping[str, ModuleFile] = sources.modules
        self.compiled = frozenset(compiled)
        self.version = version
        self.paths = {module.name: relative_path(module.path, FilePath(project)) for module in self.files.values()}
        packages = {name.rpartition(".")[0] for name in (*self.files, *self.compiled)}
        self.namespaces = frozenset(around for name in packages for around in with_packages(name)) - self.files.keys()
        self.tops = frozenset(name.partition(".")[0] for name in (*self.files, *self.compiled))
        self.elsewhere = elsewhere
        self.project = project
        self.skipped = frozenset(skipped)
        self.anywhere = anywhere
        self._modules: dict[str, ModuleCode | Unreadable] = {}
        self._functions: dict[Body, FunctionCode | None] = {}
        # What was lowered of files as they are: libraries share it in which other files are edited.
        self._edited: frozenset[str] = frozenset()
        self._as_they_are: dict[str, ModuleCode | Unreadable] = {}
        self._functions_as_they_are: dict[Body, FunctionCode | None] = {}
        self._words: dict[Body, tuple[bool, bool]] = {}
        self._reaches = Reaches(self.tops)
        self._alone: Counter[str] = Counter()
        self._speaks: dict[str, bool] = {}
        self._texts = 0
        # Of classes, by where they are: whether a method of theirs may make a difference to imports.
        self.mattering: dict[tuple[str, int, str], bool] = {}
        # The syntax trees of the modules that were asked last, and how many bytes their texts are.
        self._whole: dict[str, ast.Module | dict[tuple[int, int], Function]] = {}
        self._held = 0

    def edited(
        self, sources: SourceCache, changed: Collection[str], skipped: Collection[tuple[str, int]] = ()
    ) -> "Library":
        """Return the same modules with other texts for the changed ones; what was lowered of all others is kept."""
        found = Library(
            sources, self.compiled, self.project, self.version, self.elsewhere, skipped, anywhere=self.anywhere
        )
        found._edited = self._edited.union(changed)
        found._as_they_are, found._functions_as_they_are = self._as_they_are, self._functions_as_they_are
        found._modules = {name: code for name, code in self._modules.items() if name not in changed}
        for code in found._modules.values():
            if isinstance(code, ModuleCode):
                found._reaches.add(code.definitions)
        found._words = {body: words for body, words in self._words.items() if body.module not in changed}
        return found

    def add_texts(self, texts: Mapping[str, str]) -> None:
        """Know further modules, by their texts: top-level ones, which no file holds."""
        added = [ModuleFile(name, name, is_package=False, folder="") for name in texts]
        self.sources = self.sources.add_modules(added, texts)
        self.files = self.sources.modules
        self.paths |= {name: name for name in texts}
        self.tops |= texts.keys()

    def is_installed(self, name: str) -> bool | None:
        """Whether a module of elsewhere is there; None where that is not known."""
        return None if self.elsewhere is None else self.elsewhere.is_installed(name)

    def module(self, name: str) -> ModuleCode | Unreadable:
        """The instructions of a module that has a file."""
        found = self._modules.get(name)
        if found is None:
            shared = self._as_they_are if name not in self._edited else {}
            found = shared.get(name)
            if found is None:
                file = self.sources.file(name)
                versions = (self.sources.versions or all_versions()) if self.anywhere else None
                found, tree = _read(file, self.version, versions)
                shared[name] = found
                if tree is not None:
                    self._hold(file, tree)
            self._modules[name] = found
            if isinstance(found, ModuleCode):
                self._reaches.add(found.definitions)
        return found

    def function(self, body: Body) -> FunctionCode | None:
        """The instructions of a function; None where it cannot be followed."""
        # Texts that are run as code may be others in each library.
        of_file = body.module not in self._edited and body.first_line < LINES_OF_TEXT
        known = self._functions_as_they_are if of_file else self._functions
        if body not in known:
            known[body] = self._read_function(body)
        return known[body]

    def lowered(self, text: str, module: str) -> Code | None:
        """The instructions of a text that a module runs as code; None where they cannot be told."""
        home = self.module(module)
        if isinstance(home, Unreadable):
            return None
        try:
            tree = parse(text)
        except UnreadableError:
            return None
        # Functions in it must not be taken for those on the same lines of the file.
        self._texts += 1
        ast.increment_lineno(tree, self._texts * LINES_OF_TEXT)
        for node in _functions_in(tree):
            home.scope.lambdas[body_of(home.scope, node)] = lower_function(node, home.scope)
        return lower(tree.body, home.scope)

    def speaks_of_imports(self, module: str) -> bool:
        """Whether a text in a module, besides those that describe it, may be code that imports."""
        found = self._speaks.get(module)
        if found is None:
            nodes = list(nodes_in(self.sources.file(module).tree))
            described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            texts = (node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in described)
            found = self._speaks[module] = any(isinstance(text, str) and "import" in text for text in texts)
        return found

    def stub(self, module: str) -> list[tuple[str, str | None]] | None:
        """The names that the stub next to a package takes of its submodules, with these; None where there is none."""
        file = self.files.get(module)
        path = FilePath(file.path).with_suffix(".pyi") if file else None
        try:
            tree = parse(path.read_text()) if path else None
        except (OSError, UnicodeDecodeError, UnreadableError):
            return None
        found: list[tuple[str, str | None]] = []
        for node in tree.body if tree else ():
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                found += [(alias.asname or alias.name, node.module) for alias in node.names]
        return found

    def matters(self, body: Body) -> bool:
        """Whether a function may make a difference to imports, itself or by what it may call."""
        return self._reaches.matters(body, self.function)

    def hands_on(self, name: str) -> bool:
        """Whether a function of that name, of the modules read so far, may call what it is given."""
        return self._reaches.hands_on(name, self.function)

    def may_bind(self, body: Body) -> bool:
        """Whether a function may bind names of modules, by the words of its text: most need not be parsed then."""
        return self._speaks_of(body)[0] and self.own_reach(body).binds

    def may_do(self, body: Body) -> bool:
        """Whether a function may import modules of the roots or bind names of modules itself, likewise."""
        return any(self._speaks_of(body)) and self.own_reach(body).matters

    def _speaks_of(self, body: Body) -> tuple[bool, bool]:
        """Whether the text of a function may bind names of modules, and whether it may import."""
        found = self._words.get(body)
        if found is None:
            text = "\n".join(self._lines(body))
            # Of code in a text there are no lines to look at.
            found = (True, True)
            if text:
                binds, imports = (any(word in text for word in words) for words in (_OF_BINDING, _OF_IMPORTING))
                found = binds, imports
            self._words[body] = found
        return found

    def own_reach(self, body: Body) -> Reach:
        """What a function may do to imports by what is in its own text."""
        return self._reaches.own(body, self.function)

    def _read_function(self, body: Body) -> FunctionCode | None:
        home = self.module(body.module)
        if isinstance(home, Unreadable):
            return None
        if body in home.scope.lambdas:
            return home.scope.lambdas[body]
        node = self._definition(body, home.lazy)
        return lower_function(node, home.scope) if node else None

    def _of_module(self, module: str) -> dict[tuple[int, int], Function]:
        """The functions of a module of which many are called, by their first and last lines: it is parsed whole."""
        held = self._whole.pop(module, None)
        if held is None:
            file = self.sources.file(module)
            held = file.tree
            file.drop_tree()
            self._hold(file, held)
        # Of most modules no function is ever called, so that they are not looked for before.
        found = self._whole[module] = _functions(held) if isinstance(held, ast.Module) else held
        return found

    def _hold(self, file: SourceFile, tree: ast.Module) -> None:
        """Hold a module that is parsed, and those no longer that were asked first."""
        self._whole[file.module.name] = tree
        self._held += len(file.data)
        while self._held > PARSED_BYTES and len(self._whole) > 1:
            oldest = next(iter(self._whole))
            del self._whole[oldest]
            self._held -= len(self.sources.file(oldest).data)

    def _definition(self, body: Body, lazy: frozenset[int]) -> Function | None:
        """A function's syntax tree, with the line numbers of the file; None where it is not valid by itself.

        Few functions are ever called, one in fifty. The syntax trees of all of them would take forty times the memory
        of the text, so that the lines of a function that is called are parsed once more; and the module whole, where
        that has cost as much already.
        """
        if any(body.first_line <= line <= body.last_line for line in lazy):
            return None
        lines = self._lines(body)
        if not lazy:
            self._alone[body.module] += sum(map(len, lines))
            if body.module in self._whole or self._alone[body.module] > len(self.sources.file(body.module).data):
                found = self._of_module(body.module).get((body.first_line, body.last_line))
                if found is not None:
                    return found
        margin = "if 1:\n" if lines[0][:1].isspace() else ""
        # Empty lines before it give it the line numbers of the file.
        before = "\n" * (body.first_line - 1 - bool(margin))
        try:
            tree = parse(before + margin + "\n".join(lines))
        except UnreadableError:
            return None
        return next(_functions_in(tree), None)

    def _lines(self, body: Body) -> list[str]:
        return self.sources.file(body.module).lines_between(body.first_line, body.last_line)


def library_as_is(sources: SourceCache, compiled: Collection[str], project: str) -> Library:
    """Return the modules as they are, of which edited ones are made: once for all, with what is lowered of any.

    Where the project wants a newer Python than the one that runs, the oldest of those: edits may use what it knows.
    """
    version = max(sys.version_info[:2], min(sources.versions or ((0, 0),)))
    known = sources.kept.get(Library)
    if not isinstance(known, Library) or known.version != version:
        sources.kept[Library] = known = Library(sources, compiled, project, version)
    return known


def _functions_in(tree: ast.Module) -> Iterator[Function]:
    return (node for node in statements_in(tree.body) if isinstance(node, Function))


def _functions(tree: ast.Module) -> dict[tuple[int, int], Function]:
    """Return the functions of a module by their first and last lines, those left out that share both."""
    found: dict[tuple[int, int], Function] = {}
    twice: set[tuple[int, int]] = set()
    for node in _functions_in(tree):
        place = (node.lineno, node.end_lineno or node.lineno)
        twice.update({place} & found.keys())
        found[place] = node
    return {place: node for place, node in found.items() if place not in twice}


def _read(
    file: SourceFile, version: Version, versions: tuple[Version, ...] | None
) -> tuple[ModuleCode | Unreadable, ast.Module | None]:
    """Lower a file; returns its syntax tree too, where functions are to be lowered from that."""
    try:
        text = file.text
    except UnreadableError as error:
        return Unreadable(f"it is not readable: {error.reason}", error.error, error.line_number), None
    lazy: frozenset[int] = frozenset()
    kept = file.holds_tree
    if version >= _LAZY_IMPORTS and "lazy" in text:
        text, lazy = without_lazy(text)
    try:
        # The functions in it may soon be asked for.
        tree = parse(text) if "lazy" in text or lazy else file.tree
    except UnreadableError as error:
        if version != sys.version_info[:2]:
            return Unreadable("this Python cannot parse it", None, error.line_number), None
        return Unreadable(error.reason, error.error, error.line_number), None
    if version == sys.version_info[:2] and (refusal := refusal_to_compile(tree)):
        return Unreadable(refusal.reason, refusal.error, refusal.line_number), None
    if lazy:
        tree = placed(tree, lazy)
    scope = Scope(
        module=file.module.name,
        is_package=file.module.is_package,
        world=World(version, as_main=file.module.name == "__main__"),
        special=file.special_names,
        annotations=version < _ANNOTATIONS_WAIT and "annotations" not in futures_of(tree),
        versions=versions,
    )
    code = lower(tree.body, scope)
    found = ModuleCode(code, definitions_in(code), scope, lazy)
    if not kept:
        file.drop_tree()
    return found, None if lazy else tree
