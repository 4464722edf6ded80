"""One module's source file, read once: bytes, text, lines and syntax tree, each made when first asked for.

The bytes are kept as long as the file is. A text takes up to four times as much where it holds an emoji, and a tree
forty times: they are made again when they are wanted again.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar
from weakref import ref

from cycles.limits import RECENT_FILES, RECENT_TREES
from cycles.source.code_without_strings import code_of
from cycles.source.conditions import SpecialNames, Version, special_names
from cycles.source.enclosing_clauses import Clause, Doubtful, Lines, placed
from cycles.source.file_text import UnreadableError, decode, parse_file, read_bytes
from cycles.source.import_statements import ImportNode, import_nodes
from cycles.source.import_values import ModuleFile

_Given = TypeVar("_Given")


class SourceFile:
    """A module's file; what cannot be had of it raises UnreadableError, the same each time."""

    def __init__(
        self,
        module: ModuleFile,
        recent: "_Recent | None" = None,
        text: str | None = None,
        data: bytes | UnreadableError | None = None,
    ) -> None:
        """Nothing is read yet, nor later where there is a `text` or `data`.

        `recent` says which of a cache's files keep their texts and trees.
        """
        self.module = module
        self._recent = _Recent() if recent is None else recent
        self._data = data
        self._text: str | UnreadableError | None = text
        self._lines: Lines | None = None
        self._split: list[str] | None = None
        self._tree: ast.Module | UnreadableError | None = None
        self.calls: dict[tuple[int, str], Clause | None] = {}
        """The clause around the first literal call on each line that imports each module, where it is known."""

    @property
    def data(self) -> bytes:
        """What the file holds."""
        if self._data is None and isinstance(self._text, str):
            return self._text.encode("utf-8", "surrogatepass")
        if self._data is None:
            try:
                self._data = read_bytes(self.module.path)
            except UnreadableError as error:
                self._data = error
        return _given(self._data)

    @property
    def text(self) -> str:
        """Its source text, with line feeds only."""
        if self._text is None:
            try:
                self._text = decode(self.data)
            except UnreadableError as error:
                self._text = error
            self._recent.add_text(self)
        return _given(self._text)

    @property
    def code(self) -> str:
        """Its text without strings and comments."""
        return code_of(self.text)

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree; PEP 810 `lazy` imports that this Python cannot parse are plain ones in it."""
        if self._tree is None:
            try:
                self._tree = parse_file(self.text, self.data)
            except UnreadableError as error:
                self._tree = error
        return _given(self._tree)

    def lines_between(self, first: int, last: int) -> list[str]:
        """The lines of its text from a number to another."""
        if self._split is None:
            self._split = self.text.split("\n")
        return self._split[first - 1 : last]

    @property
    def lines(self) -> Lines:
        """Its lines."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    @cached_property
    def special_names(self) -> SpecialNames:
        """What conditions are made of in it."""
        return special_names(self.text)

    def imports_on(self, line_number: int) -> tuple[ImportNode, ...]:
        """The import statements that begin on a line."""
        found = import_nodes(self.lines.statement(line_number))
        if found:
            return found
        try:
            return tuple(self._placed.get(line_number, ((), None))[0])
        except UnreadableError:
            return ()

    def last_line_of_import(self, line_number: int) -> int:
        """The last line of the import statement that begins on a line; of several the last."""
        nodes = self.imports_on(line_number)
        # A statement that was parsed alone counts its lines from 1.
        further = ((node.end_lineno or node.lineno) - node.lineno for node in nodes)
        return line_number + max(further, default=0)

    def clause_around(self, line_number: int) -> Clause | None:
        """The clause around the first import statement that begins on a line; raises UnreadableError."""
        try:
            return self.lines.clause_around(line_number)
        except Doubtful:
            return self._placed.get(line_number, ((), None))[1]

    @cached_property
    def _placed(self) -> dict[int, tuple[list[ImportNode], Clause | None]]:
        """By line, the import statements that begin on it, and the clause around the first."""
        found: dict[int, tuple[list[ImportNode], Clause | None]] = {}
        for node, clause in placed(self.tree):
            if isinstance(node, ImportNode):
                found.setdefault(node.lineno, ([], clause))[0].append(node)
        self.forget_tree()
        return found

    def forget_tree(self) -> None:
        """Let the syntax tree go: it is kept only as long as few others were let go since."""
        if isinstance(self._tree, ast.Module):
            self._recent.add_tree(self, len(self.data))

    @property
    def holds_tree(self) -> bool:
        """Whether the syntax tree is kept: somebody wanted it, and will again."""
        return isinstance(self._tree, ast.Module)

    def drop_tree(self) -> None:
        """Drop the syntax tree at once."""
        self._tree = None

    def drop_text(self) -> None:
        """Drop the text and its lines, where they can be made again."""
        self._lines = self._split = None
        if isinstance(self._data, bytes) and isinstance(self._text, str):
            self._text = None


class _Recent:
    """The files of a cache whose texts were asked for last, and those whose trees were let go last."""

    def __init__(self) -> None:
        # Files know this: where it knew them for good, they would be garbage that only the collector finds.
        self._texts: list[ref[SourceFile]] = []
        self._trees: dict[ref[SourceFile], int] = {}
        self._held = 0

    def add_text(self, file: SourceFile) -> None:
        """Keep the text of a file, and that of a few others."""
        self._texts.append(ref(file))
        if len(self._texts) > RECENT_FILES and (oldest := self._texts.pop(0)()):
            oldest.drop_text()

    def add_tree(self, file: SourceFile, size: int) -> None:
        """Keep the tree of a file of that many bytes, and those of others up to the limit."""
        self._held += size - self._trees.pop(ref(file), 0)
        self._trees[ref(file)] = size
        while self._held > RECENT_TREES:
            oldest = next(iter(self._trees))
            self._held -= self._trees.pop(oldest)
            if forgotten := oldest():
                forgotten.drop_tree()


class SourceCache:
    """The source files of all modules of a run."""

    def __init__(
        self, modules: Mapping[str, ModuleFile] | None = None, versions: tuple[Version, ...] | None = None
    ) -> None:
        """Nothing is read yet; `versions` are the releases of Python that the project supports, None for any."""
        self.modules: Mapping[str, ModuleFile] = {} if modules is None else modules
        self.versions = versions
        self._files: dict[str, SourceFile] = {}
        self._others: SourceCache | None = None
        self._perhaps: dict[ModuleFile, SourceFile] = {}
        self._bytes: dict[str, bytes | UnreadableError] = {}
        self.kept: dict[type, object] = {}
        """What others have made of the files and will ask for again."""
        self._recent = _Recent()

    def file(self, name: str) -> SourceFile:
        """The source file of a module; raises KeyError where it has none."""
        found = self._files.get(name)
        if found is None and self._others is not None:
            return self._others.file(name)
        if found is None:
            module = self.modules[name]
            found = self._files[name] = self.perhaps(module)
        return found

    def replace_texts(self, texts: Mapping[str, str]) -> "SourceCache":
        """Return the same modules with other texts for some of them; nothing is written.

        All other files are shared with this cache, and read where either is asked for them.
        """
        return self.add_modules((), texts)

    def add_modules(self, added: Iterable[ModuleFile], contents: Mapping[str, str | bytes]) -> "SourceCache":
        """Return these modules and new ones, which have no files yet, with other contents for some: texts or bytes."""
        found = SourceCache({**self.modules, **{module.name: module for module in added}}, self.versions)
        found._others = self
        for name, content in contents.items():
            text, data = (content, None) if isinstance(content, str) else (None, content)
            found._files[name] = SourceFile(found.modules[name], found._recent, text, data)
        return found

    def share_files(self, others: "SourceCache", names: Iterable[str]) -> None:
        """Take the files of some modules from another cache: they are the same, and what is known of them too."""
        self._files |= {name: others.file(name) for name in names}

    def perhaps(self, module: ModuleFile) -> SourceFile:
        """The source file of what may become a module of the run; it is read once in any case."""
        if module not in self._perhaps:
            self._perhaps[module] = SourceFile(module, self._recent, data=self._bytes.pop(module.path, None))
        return self._perhaps[module]

    def keep_bytes_of(self, before: "SourceCache") -> None:
        """Do not read files again that another cache has read, perhaps as modules of other names."""
        self._bytes |= {module.path: data for module, file in before._perhaps.items() if (data := file._data)}  # noqa: SLF001  its own class


def sources_of(modules: Iterable[ModuleFile], versions: tuple[Version, ...] | None = None) -> SourceCache:
    """Return a cache for some modules."""
    return SourceCache({module.name: module for module in modules}, versions)


def _given(found: _Given | UnreadableError | None) -> _Given:
    if isinstance(found, UnreadableError):
        # A new one each time: an exception that is raised again and again collects frames.
        raise UnreadableError(found.reason, found.line_number, found.error)
    assert found is not None  # noqa: S101  it was just made
    return found
