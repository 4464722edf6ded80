"""Find who takes a name from a module: by an import, through the module as an object, or by a text that names it.

Tests next to the package are looked at too: they use its names, and are no part of its graph.
"""

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cycles.enums import Form
from cycles.limits import TEST_FILES
from cycles.source.build_configuration import PROJECT_FILES
from cycles.source.file_text import UnreadableError, read_text, relative_path
from cycles.source.import_statements import Named, items_by_module
from cycles.source.import_values import ModuleFile, RawImport
from cycles.source.module_names import with_packages
from cycles.source.name_usage import Uses, uses_in
from cycles.source.source_file import SourceCache, SourceFile

Place = tuple[str, int]
"""A module, or the path of a test, and a line."""

_TESTS = ("tests", "test", "testing")
_TEST_PARTS = (*_TESTS, "_tests", "conftest")
_TEST_FILES = re.compile(r"(?:test_\w+|\w+_test|conftest)\.py")
_BETWEEN = r"[\s\\]*"
# Patterns that begin with a letter or a dot, which `re` finds many times faster than ones that begin with a choice.
_ATTRIBUTE = re.compile(rf"\.{_BETWEEN}(\w+)")
_BY_TEXT = [re.compile(rf"""{function}\s*\([^()]*["'](\w+)["']""") for function in ("attr", "object")]
_ASKED_BY_TEXT = [re.compile(r"""(?:get|has)attr\s*\([^()]*["'](\w+)["']""")]
_MODULE_NAMED = re.compile(r"^[ \t]*(?:from|import)[ \t]+[\w.]+", re.MULTILINE)
"""The module that an import names, whose parts are no attributes that somebody takes."""
_IMPORT = re.compile(r"(?:import|from)\b[^\n]*")
_EXAMPLE = re.compile(r"^[ \t]*>>> (.*(?:\n[ \t]*\.\.\. .*)*)", re.MULTILINE)
"""One example of a doctest, with the lines that continue it."""
_SKIPPED = re.compile(r"#\s*doctest:.*\+\s*SKIP")
_GIVEN = re.compile(r"""\bdoctest_namespace\s*\[\s*["'](\w+)["']\s*\]\s*=(?!=)""")
"""How a `conftest.py` gives a name to every doctest that pytest runs."""
_STATEMENT = re.compile(r"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import\b[ \t]*(?:\([^()]*\)|[^\n;(]*)", re.MULTILINE)
"""An import at the beginning of a line, in code without strings and comments."""


class _Holder(NamedTuple):
    """A file that has a module as an object, the line of its import, and its name there; "" where that is unknown."""

    importer: str
    line_number: int
    bound: str


@dataclass(slots=True)
class _Taken:
    """Who takes which name from a module by an import, all of them, or the module itself."""

    names: dict[str, Place] = field(default_factory=dict)
    stars: list[Place] = field(default_factory=list)
    holders: list[_Holder] = field(default_factory=list)


class NameUsers:
    """The users of names of some modules: every file of the packages and their tests is looked at once."""

    def __init__(
        self,
        mentions: Iterable[RawImport],
        sources: SourceCache,
        project: Path,
        modules: Collection[str],
        names: Collection[str],
        *,
        replaced: bool = True,
    ) -> None:
        """Nothing is read yet; tests are looked for in `project`. Only these `modules` and `names` are asked about.

        `replaced`: a test that replaces a name, as `mock.patch` does, counts as a user of it.
        """
        self._replaced = replaced
        self._sources = sources
        self._tops = sorted({name.partition(".")[0] for name in sources.modules})
        self._project = project
        self._mentions = list(mentions)
        self._importers: dict[str, set[str]] = defaultdict(set)
        for mention in self._mentions:
            self._importers[mention.imported].add(mention.importer)
        self._modules = {package for module in modules for package in with_packages(module)}
        self._names = {*names, *(part for module in self._modules for part in module.split("."))}
        self._in_code: dict[str, frozenset[str]] = {}
        self._without_imports: dict[str, str] = {}
        self._used: dict[str, Uses | None] = {}
        self._read: dict[tuple[str, str], frozenset[str] | None] = {}

    def taker(self, module: str, name: str, *, public: bool) -> Place | None:
        """The first module by name, and its line, that takes `name` from `module`; `public`: a star takes it too."""
        taken = self._taken[module]
        if name in taken.names:
            return taken.names[name]
        star = next((place for place in taken.stars if self._gets(place[0], name)), None) if public else None
        if star:
            return star
        return self._through(module, name, but=module) or self._spelled(module, name)

    def example(self, module: str, uses: Uses, name: str) -> int | None:
        """The line of a doctest of a module that uses one of its names."""
        if not self._replaced or name in self._given:
            return None
        return example_with(self._sources.file(module).text, uses.texts, name)

    @cached_property
    def _given(self) -> frozenset[str]:
        """The names that doctests have without their modules."""
        inner = [name for name in self._sources.modules if name.rpartition(".")[2] == "conftest"]
        shown = [path for path in self._tests if path.endswith("conftest.py")]
        return given_to_doctests(map(self._text, (*inner, *shown)))

    def has_star(self, module: str) -> bool:
        """Whether somebody takes every name of a module."""
        return bool(self._taken[module].stars)

    def _gets(self, importer: str, name: str) -> bool:
        """Whether a file that takes every name may need this one: nobody takes it from a test, which may not use it."""
        uses = self._uses(importer) if self._is_test(importer) else None
        return uses is None or bool(uses.lookup) or (name in uses.loads and name not in uses.bindings)

    def relies_on(self, importer: str, module: str) -> Place | None:
        """Who may use `module` as an attribute of its package although only `importer` imports it."""
        package, _, name = module.rpartition(".")
        if not package or self._importers[module] - {importer}:
            return None
        return self._through(package, name, but=importer)

    def _through(self, module: str, name: str, *, but: str) -> Place | None:
        """Who holds a module, or a package around it, as an object and takes an attribute of that name from there."""
        chain: tuple[str, ...] = (name,)
        users = self._users[name]
        while module and users:
            for holder in self._taken[module].holders:
                if holder.importer in users and holder.importer != but and self._takes(holder, chain):
                    return holder.importer, holder.line_number
            module, _, last = module.rpartition(".")
            chain = (last, *chain)
            users = users & self._users[last]
        return None

    @cached_property
    def _users(self) -> dict[str, set[str]]:
        """The files that hold a module as an object and have a name behind a dot, or in the first text of a call."""
        found: dict[str, set[str]] = defaultdict(set)
        for importer in {holder.importer for taken in self._taken.values() for holder in taken.holders}:
            text = self._text(importer)
            for name in self._names.intersection((*_attributes(text), *self._named_by_texts(importer, text))):
                found[name].add(importer)
        return found

    def _takes(self, holder: _Holder, chain: Sequence[str]) -> bool:
        """Whether a file takes an attribute of an attribute … of these names, also by `getattr(module, "name")`."""
        importer = holder.importer
        file = self._file(importer)
        if len(chain) > 1:
            dotted = re.compile(_BETWEEN.join(rf"\.{_BETWEEN}{re.escape(part)}(?!\w)" for part in chain))
            return dotted.search(file.text) is not None and dotted.search(file.code) is not None
        if (read := self._read_of(holder)) is not None:
            return chain[0] in read
        if importer not in self._in_code:
            self._in_code[importer] = frozenset(self._names.intersection(_attributes(file.code)))
        return chain[0] in self._in_code[importer] or chain[0] in self._named_by_texts(importer, file.text)

    def _read_of(self, holder: _Holder) -> frozenset[str] | None:
        """The attributes that a file reads of a module that it holds; None where it may hand the module on."""
        key = holder.importer, holder.bound
        if key not in self._read:
            name = re.escape(holder.bound)
            word = re.compile(rf"{name}(?<!\w{name})(?!\w)(?:{_BETWEEN}\.{_BETWEEN}(\w+))?")
            if holder.importer not in self._without_imports:
                self._without_imports[holder.importer] = _STATEMENT.sub("", self._file(holder.importer).code)
            code = self._without_imports[holder.importer]
            found = frozenset(word.findall(code))
            # Something else may have the same name in functions, which takes longer to find out.
            is_sure = holder.bound and "" not in found and "globals" not in code
            self._read[key] = found if is_sure else self._read_in_scope(holder)
        return self._read[key]

    def _read_in_scope(self, holder: _Holder) -> frozenset[str] | None:
        uses = self._uses(holder.importer)
        statements = uses.imports.get(holder.line_number, ()) if uses and holder.bound and not uses.lookup else ()
        if uses is None or not statements or not all(one.in_module for one in statements):
            return None
        loads = uses.loads.get(holder.bound, ())
        return frozenset(load.attributes[0] for load in loads) if all(load.attributes for load in loads) else None

    def _uses(self, importer: str) -> Uses | None:
        """How a file uses its names; None where that cannot be told."""
        if importer not in self._used:
            try:
                self._used[importer] = uses_in(self._file(importer))
            except (UnreadableError, RecursionError):
                self._used[importer] = None
        return self._used[importer]

    def _named_by_texts(self, importer: str, text: str) -> set[str]:
        """Return the names in the first text of a call such as `getattr(module, "name")`."""
        patterns = _BY_TEXT if self._replaced or not self._is_test(importer) else _ASKED_BY_TEXT
        return {name for pattern in patterns for name in pattern.findall(text)}

    def _is_test(self, importer: str) -> bool:
        return importer in self._tests or is_test(importer)

    def _text(self, importer: str) -> str:
        """The text of a file, empty where it cannot be read."""
        try:
            return self._file(importer).text
        except UnreadableError:
            return ""

    def _file(self, importer: str) -> SourceFile:
        return self._tests[importer] if importer in self._tests else self._sources.file(importer)

    @cached_property
    def _taken(self) -> dict[str, _Taken]:
        """Who takes what from each module by an import: found file by file, so that each is split into lines once."""
        found: dict[str, _Taken] = defaultdict(_Taken)
        for mention in self._mentions:
            importer, imported, line_number, form = mention
            if imported == importer or imported not in self._modules:
                continue
            if form is Form.DYNAMIC:
                found[imported].holders.append(_Holder(importer, line_number, ""))
            else:
                taken = self._items(self._sources.file(importer), line_number).get(imported, ())
                _add(found[imported], (importer, line_number), imported, taken)
        for shown, file in self._tests.items():
            for line_number in self._import_lines(file):
                for imported, items in self._items(file, line_number).items():
                    _add(found[imported], (shown, line_number), imported, items)
        return found

    def _import_lines(self, file: SourceFile) -> Iterator[int]:
        """The lines of a test on which an import of the packages may begin."""
        try:
            code = file.code
        except UnreadableError:
            return
        line_number, at = 1, 0
        for found in _IMPORT.finditer(code):
            if found[0].rstrip().endswith("\\") or any(top in found[0] for top in self._tops):
                line_number += code.count("\n", at, found.start())
                at = found.start()
                yield line_number

    def _items(self, file: SourceFile, line_number: int) -> dict[str, list[Named]]:
        try:
            return items_by_module(file.imports_on(line_number), file.module, self._sources.modules)
        except UnreadableError:
            return {}

    def _spelled(self, module: str, name: str) -> Place | None:
        """Who spells `module.name` out: in code, through the top-level package, or in a text, as for `mock.patch`."""
        chain = rf"{_BETWEEN}\.{_BETWEEN}".join(map(re.escape, (*module.split("."), name)))
        text = rf"{re.escape(module)}[.:]{re.escape(name)}"
        for importer in self._spellers.get(f"{module}.{name}", ()):
            if importer == module:
                continue
            file = self._file(importer)
            found = re.search(rf"(?<![\w.]){chain}(?!\w)", file.code)
            if not found and (self._replaced or not self._is_test(importer)):
                found = re.search(rf"""(?<=["']){text}(?=["'.])""", file.text)
            if found:
                return importer, file.text.count("\n", 0, found.start()) + 1
        for shown, declared in self._declared.items():
            if module not in declared:
                continue
            if found := re.search(rf"(?<![\w.]){re.escape(module)}\s*:\s*{re.escape(name)}(?!\w)", declared):
                return shown, declared.count("\n", 0, found.start()) + 1
        return None

    @cached_property
    def _declared(self) -> dict[str, str]:
        """The files that may declare entry points, `module:name`, by their paths as shown."""
        found: dict[str, str] = {}
        for name in PROJECT_FILES:
            with suppress(UnreadableError):
                found[name] = read_text(str(self._project / name))
        return found

    @cached_property
    def _spellers(self) -> dict[str, list[str]]:
        """The dotted names asked about that begin with a top-level package, and the files that hold them."""
        dotted = rf"(?:(?:{_BETWEEN}\.{_BETWEEN}|:)\w+)+"
        patterns = [re.compile(rf"{re.escape(top)}(?<![\w.]{re.escape(top)}){dotted}") for top in self._tops]
        blank = re.compile(r"[\s\\]+")
        asked: dict[str, list[str]] = {}
        found: dict[str, list[str]] = defaultdict(list)
        for importer in (*self._sources.modules, *self._tests):
            text = self._text(importer)
            for spelled in {spelled for pattern in patterns for spelled in pattern.findall(text)}:
                if spelled not in asked:
                    asked[spelled] = self._asked_in(blank.sub("", spelled).replace(":", ".").split("."))
                for name in asked[spelled]:
                    if not found[name] or found[name][-1] != importer:
                        found[name].append(importer)
        return found

    def _asked_in(self, parts: Sequence[str]) -> list[str]:
        """The names asked about that a dotted name begins with."""
        modules = [".".join(parts[:length]) for length in range(1, len(parts))]
        return [
            f"{module}.{name}"
            for module, name in zip(modules, parts[1:], strict=True)
            if module in self._modules and name in self._names
        ]

    @cached_property
    def _tests(self) -> dict[str, SourceFile]:
        """Return the tests next to the packages that mention one of them, by their paths as shown."""
        tops = [top.encode() for top in self._tops]
        known = {module.path for module in self._sources.modules.values()}
        found: dict[str, SourceFile] = {}
        for path in test_files(self._project):
            if path in known or len(found) >= TEST_FILES:
                continue
            shown = relative_path(path, self._project)
            file = SourceFile(ModuleFile(shown, path, is_package=False, folder=str(self._project)))
            try:
                if any(top in file.data for top in tops):
                    found[shown] = file
            except UnreadableError:
                continue
        return found


def _attributes(text: str) -> list[str]:
    """The names behind dots in a text, but for those of the modules that imports name."""
    return _ATTRIBUTE.findall(_MODULE_NAMED.sub("", text))


def _add(taken: _Taken, place: Place, module: str, items: Iterable[Named]) -> None:
    """Add what a statement takes of a module."""
    for item in items:
        if item.name == "*":
            taken.stars.append(place)
        elif item.name and item.module == module:
            taken.names.setdefault(item.name, place)
        else:
            # `import a.b` binds `a`, of which more than this module is asked.
            whole = f"{item.module}.{item.name}" if item.name else item.module
            is_top = not item.name and item.bound == item.module.partition(".")[0] != item.module
            taken.holders.append(_Holder(*place, item.bound if module == whole and not is_top else ""))


def example_with(text: str, strings: Iterable[str], name: str) -> int | None:
    """Return the line of a doctest, among the strings of a text, that uses a name and does not bind it; else None."""
    if ">>>" not in text or name not in text:
        return None
    found = (used for string in strings if ">>>" in string and (used := used_in_examples(string, name)))
    return min((text.count("\n", 0, max(text.find(used), 0)) + 1 for used in found), default=None)


def used_in_examples(text: str, name: str) -> str:
    """Return the first line of the doctests in a text that uses a name; "" where none does, or they bind it."""
    word = rf"(?<![\w.]){re.escape(name)}(?!\w)"
    uses, binds = re.compile(word), re.compile(rf"\b(?:import|as|for)\b.*{word}|{word}\s*=(?!=)", re.DOTALL)
    for example in _EXAMPLE.finditer(text):
        code = example[1]
        if binds.search(code):
            return ""
        if not code.startswith(("from ", "import ")) and not _SKIPPED.search(code) and uses.search(code):
            return next(line for line in code.split("\n") if uses.search(line))
    return ""


def given_to_doctests(conftests: Iterable[str]) -> frozenset[str]:
    """Return the names that the texts of `conftest.py` files give to all doctests.

    >>> sorted(given_to_doctests(['doctest_namespace["nx"] = networkx', "x = 1"]))
    ['nx']
    """
    return frozenset(name for text in conftests for name in _GIVEN.findall(text))


def is_test(module: str) -> bool:
    """Whether a module is a test, by the names of the packages around it and its own."""
    parts = module.split(".")
    return any(part in _TEST_PARTS for part in parts) or parts[-1].startswith("test_") or parts[-1].endswith("_test")


def test_files(project: Path) -> Iterator[str]:
    """The Python files in the folders of a project that hold tests, sorted, and tests in its own folder."""
    try:
        inner = sorted(os.listdir(project))
    except OSError:
        inner = []
    yield from (os.path.join(project, name) for name in inner if _TEST_FILES.fullmatch(name))
    for name in _TESTS:
        for folder, folders, files in os.walk(project / name):
            folders.sort()
            yield from (os.path.join(folder, file) for file in sorted(files) if file.endswith(".py"))
