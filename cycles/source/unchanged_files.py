"""Read packages as they were, given what they are: a file that is the same is not read again."""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from unicodedata import normalize

from cycles.source.conditions import Version
from cycles.source.file_text import UnreadableError, declares_encoding
from cycles.source.import_values import ClassifiedImport, RawImport
from cycles.source.module_files import Files
from cycles.source.module_names import with_packages
from cycles.source.source_file import SourceCache

_MOST_NAMES = 200
"""Names of modules, new or gone, that are looked for in every file: more take as long as reading all files anew."""
_CALLS = ("import_module", "__import__")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of packages as they are, and which files are the same: the path then, and the path now.

    `packages` are the top-level ones: what is imported only now is looked at as it was, too. `compiled` are the modules
    without source, and those that are left out.
    """

    packages: tuple[str, ...]
    sources: SourceCache
    mentions: tuple[RawImport, ...]
    judged: tuple[ClassifiedImport, ...]
    compiled: frozenset[str]
    same: Mapping[str, str]

    def of(self, modules: Collection[str]) -> Iterator[RawImport]:
        """The imports of some modules."""
        return (found for found in self.mentions if found.importer in modules)

    def effects(
        self, modules: Collection[str], versions: tuple[Version, ...] | None, compiled: Collection[str]
    ) -> dict[RawImport, ClassifiedImport]:
        """How the imports of some modules take effect, as far as that is known for these releases of Python."""
        if versions != self.sources.versions or frozenset(compiled) != self.compiled:
            return {}
        return {RawImport(*found[:4]): found for found in self.judged if found.importer in modules}


def unchanged(known: Known, files: Files) -> frozenset[str]:
    """Return the modules whose imports are known: their files are the same, and what they import is called the same.

    What a statement imports depends on which modules there are: `from p import x` imports `p.x` where that is one. So a
    file that has the name of a module which is new or gone is read again, and in a package that is new or gone all are.
    """
    then = {module.name: module for module in files.modules}
    now = known.sources.modules
    found = {name for name, module in then.items() if name in now and known.same.get(module.path) == now[name].path}
    other = {name for name in then.keys() & now.keys() if then[name].is_package != now[name].is_package}
    other |= (then.keys() ^ now.keys()) | ((files.compiled | files.excluded) ^ known.compiled)
    if not other:
        return frozenset(found)
    words = {name.rpartition(".")[2] for name in other}
    if len(words) > _MOST_NAMES:
        return frozenset()
    packages = {name for name in other if (module := then.get(name) or now.get(name)) and module.is_package}
    return frozenset(name for name in found if not _depends(known, name, words, packages))


def _depends(known: Known, name: str, words: Collection[str], packages: AbstractSet[str]) -> bool:
    """Whether the imports of a file may be others where modules of these names are there or not."""
    if not packages.isdisjoint(with_packages(name)):
        return True
    try:
        file = known.sources.file(name)
        if not file.data.isascii() or declares_encoding(file.data):
            # Identifiers are compared by their normal form (PEP 3131), whatever the encoding of the file.
            text = normalize("NFKC", file.text)
            return any(normalize("NFKC", word) in text for word in (*_CALLS, *words))
    except UnreadableError:
        return False
    return any(word.encode() in file.data for word in (*_CALLS, *words))
