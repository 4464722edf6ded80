"""Find what tests do that the imports of modules do not show: names that they replace, modules that they load anew."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from cycles.enums import INTO_FUNCTIONS, Feasibility, GraphName, Rule
from cycles.fixes.name_users import example_with, given_to_doctests, is_test, test_files
from cycles.graph.components import places, reached, strongly_connected
from cycles.limits import TEST_FILES
from cycles.model import Analysis, Cut, NameFix
from cycles.patching.fix_result import Place, Warned
from cycles.patching.reloaded_by_tests import ADDED, PUT, is_about, reloads_in
from cycles.source.file_text import UnreadableError, read_text, relative_path
from cycles.source.name_usage import uses_in

_PATCHES = re.compile(r"""\b(?:patch(?:\.\w+)*|setattr)\s*\(""")


class TestHabits:
    """The tests next to the packages, each file read once."""

    __test__ = False

    def __init__(self, analysis: Analysis) -> None:
        """Nothing is read yet."""
        self._analysis = analysis
        self._project = Path(analysis.project)
        self._found: dict[str, str] | None = None
        self._reloads: tuple[tuple[Place, str], ...] | None = None
        self._early: frozenset[str] | None = None

    def warnings(self, cut: Cut) -> Iterator[Warned]:
        """Yield what tests may notice of a cut that is made."""
        names = [name for name in (cut.fix.names if cut.fix else ()) if name.leaf is None]
        for name in dict.fromkeys(name.bound for name in names if not _is_asked_for(name)):
            places = (*self.doctests(cut.importer, name), *self.patched(cut.importer, name))
            yield from (Warned(Rule.PATCHED, place) for place in places)
        if any(
            name.feasibility is Feasibility.LAZY or (name.feasibility in INTO_FUNCTIONS and name.functions)
            for name in names
        ):
            yield from (Warned(Rule.RELOADED, place) for place, name in self.reloads() if self._is_about(name, cut))

    def _is_about(self, name: str, cut: Cut) -> bool:
        if name == ADDED:
            return self._is_late(cut.imported)
        if name.startswith(PUT):
            return self._is_put(cut.imported, name[1:].split())
        return is_about(name, cut.imported)

    def _is_put(self, module: str, functions: Collection[str]) -> bool:
        """Whether a test calls one of some functions with the name of a module, or with what is no text."""
        called = "|".join(map(re.escape, functions)) or r"\w+"
        call = re.compile(rf"""(?<!def )\b(?:{called})\s*\(\s*(?:["']{re.escape(module)}["']|[^\s"')])""")
        return any(call.search(text) for text in self._texts().values())

    def _is_late(self, module: str) -> bool:
        """Whether a module may be loaded later than its package: not where no cut takes what imports it away."""
        if self._early is None:
            graph = self._analysis.graphs[GraphName.IMPORT_TIME]
            place = places(strongly_connected((edge.importer, edge.imported) for edge in graph.dependencies))
            following: dict[str, set[str]] = defaultdict(set)
            for edge in graph.dependencies:
                # Any import within a component may be cut.
                inner = edge.importer in place and place[edge.importer] == place.get(edge.imported)
                if not inner and not all(one.tags for one in edge.imports):
                    following[edge.importer].add(edge.imported)
            tops = {name.partition(".")[0] for name in graph.modules}
            self._early = frozenset(reached(following, tops))
        return module not in self._early

    def reloads(self) -> tuple[tuple[Place, str], ...]:
        """Return where tests load modules anew, and which, as `reloads_in` says it."""
        if self._reloads is None:
            found: list[tuple[Place, str]] = []
            for path, text in self._texts().items():
                if "sys.modules" in text or "reload" in text:
                    found += ((Place(path, line_number), name) for line_number, name in reloads_in(text))
            self._reloads = tuple(found)
        return self._reloads

    def doctests(self, module: str, name: str) -> Iterator[Place]:
        """Yield where a doctest of a module uses one of its names, and gets it from nowhere else."""
        with suppress(UnreadableError):
            file = self._analysis.sources.file(module)
            if ">>>" not in file.text:
                return
            line_number = example_with(file.text, uses_in(file).texts, name)
            if line_number and name not in self._given:
                yield Place(relative_path(file.module.path, self._project), line_number)

    @cached_property
    def _given(self) -> frozenset[str]:
        """The names that doctests have without their modules."""
        return given_to_doctests(text for path, text in self._texts().items() if path.endswith("conftest.py"))

    def patched(self, module: str, name: str, *, whole: bool = False) -> Iterator[Place]:
        """Yield where a test names a name of a module in a text, as `mock.patch` takes it; `whole`: no part of it."""
        spelled = re.compile(rf"""["']{re.escape(module)}\.{re.escape(name)}(?=["'{"" if whole else "."}])""")
        last = re.escape(module.rpartition(".")[2])
        renamed = re.compile(rf"\bimport\b[^#\n]*?\b{last}\s+as\s+(\w+)")
        for path, text in self._texts().items():
            if name in text and _PATCHES.search(text):
                known = "|".join([last, *sorted(set(renamed.findall(text)))])
                by_object = re.compile(
                    rf"""\b(?:object|setattr|multiple)\s*\(\s*[\w.]*\b(?:{known})\s*,\s*["']{re.escape(name)}["']"""
                )
                yield from _places(path, text, spelled)
                yield from _places(path, text, by_object)

    def _texts(self) -> dict[str, str]:
        """Return the texts of the tests, and of the modules of the packages that are tests, by their paths."""
        if self._found is None:
            inner = (file.path for file in self._analysis.files if is_test(file.name))
            paths = dict.fromkeys((*test_files(self._project), *inner))
            self._found = dict(self._read(list(paths)[:TEST_FILES]))
        return self._found

    def _read(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        for path in paths:
            try:
                yield relative_path(path, self._project), read_text(path)
            except UnreadableError:
                continue


def _places(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[Place]:
    return (Place(path, text.count("\n", 0, found.start()) + 1) for found in pattern.finditer(text))


def _is_asked_for(name: NameFix) -> bool:
    """Whether whoever wants a name asks its module for it, as before: then what a test puts there is what they get."""
    return name.feasibility is Feasibility.LAZY and name.typed and not name.functions
