"""One module's source file, read once: text, lines and syntax tree, each made when first asked for and kept."""

import ast
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from cycles.limits import RECENT_FILES
from cycles.source.blocks import Blocks
from cycles.source.conditions import SpecialNames, Version, special_names
from cycles.source.text import UnreadableError, decode, parse, read_bytes, without_lazy
from cycles.source.values import ModuleFile

_Given = TypeVar("_Given")
# The files whose lines were asked for last: those of a whole package would take several times the memory of its text.
_recent: list["SourceFile"] = []


class SourceFile:
    """A module's file; what cannot be had of it raises UnreadableError, the same each time."""

    def __init__(self, module: ModuleFile) -> None:
        """Nothing is read yet."""
        self.module = module
        self._data: bytes | UnreadableError | None = None
        self._text: str | UnreadableError | None = None
        self._blocks: Blocks | None = None
        self._tree: ast.Module | UnreadableError | None = None

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
            # Whoever asks for the text has no use for the bytes any more.
            self._data = None
        return _given(self._text)

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree; PEP 810 `lazy` imports that this Python cannot parse are plain ones in it."""
        if self._tree is None:
            try:
                self._tree = _tree_of(self.text)
            except UnreadableError as error:
                self._tree = error
        return _given(self._tree)

    @property
    def blocks(self) -> Blocks:
        """The compound statements around each of its lines."""
        if self._blocks is None:
            self._blocks = Blocks(self.text)
            _recent.append(self)
            if len(_recent) > RECENT_FILES:
                _recent.pop(0)._blocks = None  # noqa: SLF001  a file of its own class
        return self._blocks

    @cached_property
    def special_names(self) -> SpecialNames:
        """What conditions are made of in it."""
        return special_names(self.text)

    def forget_tree(self) -> None:
        """Drop the syntax tree, which takes forty times the memory of the text; it is made again when it is wanted."""
        self._tree = None


class SourceCache:
    """The source files of all modules of a run."""

    def __init__(
        self, modules: Mapping[str, ModuleFile] | None = None, versions: tuple[Version, ...] | None = None
    ) -> None:
        """Nothing is read yet; `versions` are the releases of Python that the project supports, None for any."""
        self.modules = modules or {}
        self.versions = versions
        self._files: dict[str, SourceFile] = {}

    def file(self, name: str) -> SourceFile:
        """The source file of a module; raises KeyError where it has none."""
        found = self._files.get(name)
        if found is None:
            found = self._files[name] = SourceFile(self.modules[name])
        return found


def sources_of(modules: Iterable[ModuleFile], versions: tuple[Version, ...] | None = None) -> SourceCache:
    """Return a cache for some modules."""
    return SourceCache({module.name: module for module in modules}, versions)


def _tree_of(text: str) -> ast.Module:
    try:
        return parse(text)
    except UnreadableError:
        eager, lines = without_lazy(text)
        if not lines:
            raise
        return parse(eager)


def _given(found: _Given | UnreadableError | None) -> _Given:
    if isinstance(found, UnreadableError):
        # A new one each time: an exception that is raised again and again collects frames.
        raise UnreadableError(found.reason, found.line_number, found.error)
    assert found is not None  # noqa: S101  it was just made
    return found
