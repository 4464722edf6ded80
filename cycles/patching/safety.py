"""Find what tests do that the imports of modules do not show: names that they replace, modules that they load anew."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from cycles.enums import INTO_FUNCTIONS, Feasibility, Rule
from cycles.fixes.name_users import is_test, test_files
from cycles.limits import TEST_FILES
from cycles.model import Analysis, Cut
from cycles.patching.values import Place, Warned
from cycles.source.code import code_of
from cycles.source.text import UnreadableError, read_text, relative_path

_RELOADS = re.compile(
    r"\bdel\s+sys\.modules\b|\bsys\.modules\.(?:pop|clear|popitem)\s*\(|\bdelitem\s*\(\s*sys\.modules\b"
    r"|\b(?:importlib\.|imp\.)?reload\s*\(|\bpatch\.dict\s*\(\s*[\"']?sys\.modules\b"
)
_PATCHES = re.compile(r"""\b(?:patch(?:\.\w+)*|setattr)\s*\(""")


class TestHabits:
    """The tests next to the packages, each file read once."""

    __test__ = False

    def __init__(self, analysis: Analysis) -> None:
        """Nothing is read yet."""
        self._analysis = analysis
        self._project = Path(analysis.project)
        self._found: dict[str, str] | None = None
        self._reloads: tuple[Place, ...] | None = None

    def warnings(self, cut: Cut) -> Iterator[Warned]:
        """Yield what tests may notice of a cut that is made."""
        names = [name for name in (cut.fix.names if cut.fix else ()) if name.leaf is None]
        for name in dict.fromkeys(name.bound for name in names):
            yield from (Warned(Rule.PATCHED, place) for place in self.patched(cut.importer, name))
        if any(
            name.feasibility is Feasibility.LAZY or (name.feasibility in INTO_FUNCTIONS and name.functions)
            for name in names
        ):
            yield from (Warned(Rule.RELOADED, place) for place in self.reloads())

    def reloads(self) -> tuple[Place, ...]:
        """Return where tests empty `sys.modules` or reload modules."""
        if self._reloads is None:
            found: list[Place] = []
            for path, text in self._texts().items():
                if "sys.modules" in text or "reload" in text:
                    found += _places(path, text, _RELOADS)
            self._reloads = tuple(found)
        return self._reloads

    def patched(self, module: str, name: str) -> Iterator[Place]:
        """Yield where a test names a name of a module in a text, as `mock.patch` takes it."""
        spelled = re.compile(rf"""["']{re.escape(module)}\.{re.escape(name)}(?=["'.])""")
        last = re.escape(module.rpartition(".")[2])
        renamed = re.compile(rf"\bimport\b[^#\n]*?\b{last}\s+as\s+(\w+)")
        for path, text in self._texts().items():
            if name in text and _PATCHES.search(text):
                known = "|".join([last, *sorted(set(renamed.findall(text)))])
                by_object = re.compile(
                    rf"""\b(?:object|setattr|multiple)\s*\(\s*[\w.]*\b(?:{known})\s*,\s*["']{re.escape(name)}["']"""
                )
                yield from _places(path, text, spelled, in_code=False)
                yield from _places(path, text, by_object, in_code=False)

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


def _places(path: str, text: str, pattern: re.Pattern[str], *, in_code: bool = True) -> Collection[Place]:
    code = code_of(text) if in_code and pattern.search(text) else text
    starts = (found.start() for found in pattern.finditer(text))
    return [Place(path, text.count("\n", 0, at) + 1) for at in starts if not in_code or not code[at].isspace()]
