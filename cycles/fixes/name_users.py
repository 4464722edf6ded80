"""Who takes a name from a module: by an import, through the module as an object, or by a text that names it.

Tests beside the package are looked at too: they use its names, and are no part of its graph.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from sys import intern

from cycles.limits import TEST_FILES
from cycles.source.import_statements import Named, items_on_line
from cycles.source.module import SourceCache, SourceFile
from cycles.source.text import UnreadableError, relative_path
from cycles.source.values import Mention, ModuleFile
from cycles.words import Form

Place = tuple[str, int]
"""A module, or the path of a test, and a line."""

_TESTS = ("tests", "test", "testing")
_ATTRIBUTE = re.compile(r"""\.(?:\s|\\\n)*(\w+)|(?:attr|object)\s*\([^()]*["'](\w+)["']""")
_IMPORT = re.compile(r"\b(?:import|from)\b")


@dataclass(slots=True)
class _Taken:
    """Who takes which name from a module by an import, all of them, or the module itself."""

    names: dict[str, Place] = field(default_factory=dict)
    star: Place | None = None
    holders: list[Place] = field(default_factory=list)


class NameUsers:
    """The users of the names of all modules; their files are read when they are asked about."""

    def __init__(self, mentions: Iterable[Mention], sources: SourceCache, project: Path) -> None:
        """Nothing is read yet; `project` is the folder that tests are looked for in."""
        self._sources = sources
        self._project = project
        self._mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            self._mentions[mention.imported].append(mention)
        self._found: dict[str, _Taken] = {}
        self._attributes: dict[str, frozenset[str]] = {}
        self._holding: dict[str, list[tuple[Place, frozenset[str]]]] = {}

    def taker(self, module: str, name: str, *, public: bool) -> Place | None:
        """The first module by name, and its line, that takes `name` from `module`; `public`: a star takes it too."""
        taken = self._taken(module)
        if name in taken.names:
            return taken.names[name]
        if public and taken.star:
            return taken.star
        return self._through(module, name, but=module) or self._spelled(module, name)

    def relies_on(self, importer: str, module: str) -> Place | None:
        """Who may use `module` as an attribute of its package although only `importer` imports it."""
        package, _, name = module.rpartition(".")
        if not package or any(mention.importer != importer for mention in self._mentions[module]):
            return None
        return self._through(package, name, but=importer)

    def _through(self, module: str, name: str, *, but: str) -> Place | None:
        """Who holds a module, or a package around it, as an object and takes an attribute of that name from there."""
        chain: tuple[str, ...] = (name,)
        while module:
            for (importer, line_number), attributes in self._holders(module):
                if name in attributes and importer != but and self._takes(importer, chain):
                    return importer, line_number
            module, _, last = module.rpartition(".")
            chain = (last, *chain)
        return None

    def _holders(self, module: str) -> list[tuple[Place, frozenset[str]]]:
        """Who holds a module as an object, and every attribute that their files may take of anything."""
        if module not in self._holding:
            holders = self._taken(module).holders
            self._holding[module] = [(place, self._attributes_of(place[0])) for place in holders]
        return self._holding[module]

    def _takes(self, importer: str, chain: Sequence[str]) -> bool:
        """Whether a file takes an attribute of an attribute … of these names, also by `getattr(module, "name")`."""
        if not self._attributes_of(importer).issuperset(chain):
            return False
        file = self._file(importer)
        between = r"(?:\s|\\\n)*"
        attributes = re.compile(between.join(rf"\.{between}{re.escape(part)}(?!\w)" for part in chain))
        # In what is masked, all that is no code is blank; its run is spared where not even the text has the names.
        if attributes.search(file.text) and attributes.search(file.blocks.masked()):
            return True
        by_text = re.compile(rf"""(?:attr|object)\s*\([^()]*["']{re.escape(chain[-1])}["']""")
        return len(chain) == 1 and by_text.search(file.text) is not None

    def _attributes_of(self, importer: str) -> frozenset[str]:
        """Every name behind a dot in a file, also in its texts, or the first text of a call: one quick pass."""
        found = self._attributes.get(importer)
        if found is None:
            try:
                names = _ATTRIBUTE.findall(self._file(importer).text)
                found = frozenset(intern(first or second) for first, second in names)
            except UnreadableError:
                found = frozenset()
            self._attributes[importer] = found
        return found

    def _file(self, importer: str) -> SourceFile:
        return self._tests[importer] if importer in self._tests else self._sources.file(importer)

    def _taken(self, module: str) -> _Taken:
        if module not in self._found:
            self._found[module] = self._read(module)
        return self._found[module]

    def _read(self, module: str) -> _Taken:
        taken = _Taken()
        for mention in (*self._mentions.get(module, ()), *self._test_mentions.get(module, ())):
            if mention.importer != module:
                self._add(taken, mention, module)
        return taken

    def _add(self, taken: _Taken, mention: Mention, module: str) -> None:
        place = (mention.importer, mention.line_number)
        if mention.form is Form.DYNAMIC:
            taken.holders.append(place)
            return
        for item in self._items(mention.importer, mention.line_number).get(module, ()):
            if item.name == "*":
                taken.star = taken.star or place
            elif item.name and item.module == module:
                taken.names.setdefault(item.name, place)
            else:
                taken.holders.append(place)

    def _items(self, importer: str, line_number: int) -> dict[str, list[Named]]:
        try:
            file = self._file(importer)
            return items_on_line(file.blocks, line_number, file.module, self._sources.modules)
        except UnreadableError:
            return {}

    def _spelled(self, module: str, name: str) -> Place | None:
        """Who spells `module.name` out: in code, through the top-level package, or in a text, as for `mock.patch`."""
        chain = r"\s*\.\s*".join(map(re.escape, (*module.split("."), name)))
        for importer in self._spellers.get(f"{module}.{name}", ()):
            if importer == module:
                continue
            file = self._file(importer)
            try:
                code, text = file.blocks.masked(), file.blocks.text
            except UnreadableError:
                continue
            for found in re.finditer(rf"(?<![\w.]){chain}(?!\w)", code):
                return importer, file.blocks.line_number(found.start())
            for found in re.finditer(rf"""(?<=["']){chain}(?=["'.])""", text):
                return importer, file.blocks.line_number(found.start())
        return None

    @cached_property
    def _spellers(self) -> dict[str, list[str]]:
        """Every dotted name that begins with a top-level package, and the files that hold it: one quick pass."""
        tops = sorted({name.partition(".")[0] for name in self._sources.modules})
        dot = rb"(?:\s|\\\r?\n)*\.(?:\s|\\\r?\n)*"
        pattern = re.compile(rb"(?<![\w.])(?:" + b"|".join(top.encode() for top in tops) + rb")(?:" + dot + rb"\w+)+")
        blank = re.compile(rb"[\s\\]+")
        found: dict[str, list[str]] = defaultdict(list)
        for importer in (*self._sources.modules, *self._tests):
            try:
                data = self._file(importer).data
            except UnreadableError:
                continue
            for spelled in sorted({blank.sub(b"", match) for match in pattern.findall(data)}):
                parts = spelled.decode("utf-8", "replace").split(".")
                for length in range(2, len(parts) + 1):
                    names = found[".".join(parts[:length])]
                    if not names or names[-1] != importer:
                        names.append(importer)
        return found

    @cached_property
    def _tests(self) -> dict[str, SourceFile]:
        """The tests beside the packages that mention one of them, by their paths as shown."""
        tops = {name.partition(".")[0].encode() for name in self._sources.modules}
        known = {module.path for module in self._sources.modules.values()}
        found: dict[str, SourceFile] = {}
        for path in _python_files(self._project):
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

    @cached_property
    def _test_mentions(self) -> dict[str, list[Mention]]:
        """The imports of known modules in tests."""
        found: dict[str, list[Mention]] = defaultdict(list)
        for name, file in self._tests.items():
            try:
                lines = file.blocks.lines
            except UnreadableError:
                continue
            for line_number, line in enumerate(lines, 1):
                if _IMPORT.search(line):
                    for imported in self._items(name, line_number):
                        found[imported].append(Mention(name, imported, line_number, Form.PLAIN))
        return found


def _python_files(project: Path) -> Iterator[str]:
    """The Python files in the folders of a project that hold tests, sorted."""
    for name in _TESTS:
        for folder, folders, files in os.walk(project / name):
            folders.sort()
            yield from (os.path.join(folder, file) for file in sorted(files) if file.endswith(".py"))
