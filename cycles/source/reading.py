"""Read the packages that a name or path stands for: their modules, and every import between them.

`locate` finds the package, `read` lists its files and every import in them, `judge` says how imports
take effect, `describe` quotes them. Nothing of the package is executed and `sys.path` is left alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from cycles.enums import Form
from cycles.errors import CyclesError
from cycles.source.classify import describe_judged, judge_mentions
from cycles.source.discovery import Files, list_files
from cycles.source.grimp_scanner import abandon_scan, finish_scan, start_scan
from cycles.source.locate import Location, locate
from cycles.source.module import SourceCache, sources_of
from cycles.source.requires import supported_versions
from cycles.source.syntax_scanner import imports_of
from cycles.source.text import UnreadableError, may_not_be_utf_8, relative_path
from cycles.source.unseen_imports import find_unseen
from cycles.source.values import ClassifiedImport, Import, ModuleFile, RawImport, Skipped

__all__ = [
    "Location",
    "Reading",
    "SourceCache",
    "describe",
    "judge",
    "locate",
    "read",
    "read_again",
    "relative_path",
    "sources_of",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """The modules of all roots, every import between them, sorted, and what was left out.

    `unlinted` are the files that grimp, and with it import-linter, cannot read.
    """

    location: Location
    sources: SourceCache
    compiled: frozenset[str]
    mentions: tuple[RawImport, ...]
    skipped: tuple[Skipped, ...]
    unlinted: tuple[Skipped, ...]

    @property
    def modules(self) -> Mapping[str, ModuleFile]:
        """The modules of all roots by name."""
        return self.sources.modules


def read(location: Location) -> Reading:
    """Read all roots of a location; raises CyclesError where no module of the package is there or none can be read."""
    files = list_files([(root.name, root.folders) for root in location.roots], location.base)
    _check_package(location, files)
    cache = sources_of(files.modules, supported_versions(location.base))
    modules = cache.modules
    scanning = start_scan(files.modules)
    try:
        other, mentioned = _imports_in_other_encodings(cache)
        unseen, undecodable = find_unseen(cache)
    except BaseException:
        abandon_scan(scanning)
        raise
    mentions, unreadable, unlinted = finish_scan(scanning, location.base)
    mentions = [found for found in mentions if found.importer not in other] + mentioned
    known = {skipped.path for skipped in unreadable}
    for name, error in undecodable.items():
        path = relative_path(modules[name].path, location.base)
        if path not in known:
            unreadable.append(Skipped(path, error.line_number, error.reason))
    if len(unreadable) == len(files.modules):
        first = unreadable[0]
        message = f'no file of "{location.package}" could be read: {first.path}: {first.reason}; fix it first'
        raise CyclesError(message)
    return Reading(
        location=location,
        sources=cache,
        compiled=files.compiled,
        mentions=tuple(sorted(found for found in {*mentions, *unseen} if found.importer not in undecodable)),
        skipped=_in_order([*files.skipped, *unreadable]),
        unlinted=_in_order([*unreadable, *unlinted]),
    )


def _imports_in_other_encodings(sources: SourceCache) -> tuple[set[str], list[RawImport]]:
    """Read the modules that may not be in UTF-8 as CPython decodes them: grimp honours cookies that CPython ignores.

    Returns the names of the modules that were read, and every import in them.
    """
    read_here: set[str] = set()
    mentions: list[RawImport] = []
    for name, module in sources.modules.items():
        with suppress(UnreadableError):
            data = sources.file(name).data
            if may_not_be_utf_8(data):
                mentions += _mentions_in(data, module, sources)
                read_here.add(name)
    return read_here, mentions


def _mentions_in(data: bytes | str, module: ModuleFile, sources: SourceCache) -> Iterator[RawImport]:
    for imported, line_number, is_lazy in imports_of(data, module.name, sources.modules, is_package=module.is_package):
        yield RawImport(module.name, imported, line_number, Form.LAZY if is_lazy else Form.PLAIN)


def read_again(mentions: Iterable[RawImport], sources: SourceCache, changed: Collection[str]) -> tuple[RawImport, ...]:
    """Return the imports between modules when those of `changed` ones are read anew, sorted; the others are kept.

    Args:
        mentions: the imports that were found before.
        sources: a cache that holds other texts for the changed modules (`SourceCache.replace_texts`).
        changed: the names of these.

    Raises:
        UnreadableError: where a new text is no Python.

    """
    found = {mention for mention in mentions if mention.importer not in changed}
    for name in changed:
        found.update(_mentions_in(sources.file(name).text, sources.modules[name], sources))
    unseen, unreadable = find_unseen(sources, changed)
    for error in unreadable.values():
        raise error
    return tuple(sorted(found.union(unseen)))


def _in_order(skipped: Collection[Skipped]) -> tuple[Skipped, ...]:
    return tuple(sorted(skipped, key=lambda one: (one.path, one.line_number or 0)))


def judge(reading: Reading, mentions: Collection[RawImport]) -> tuple[ClassifiedImport, ...]:
    """How some of a reading's imports take effect: kind and tags; their order is kept."""
    return judge_mentions(mentions, reading.sources, reading.compiled)


def describe(reading: Reading, judged: Collection[ClassifiedImport]) -> tuple[Import, ...]:
    """Everything about some of a reading's imports: path, source line and names too; their order is kept."""
    importers = {found.importer for found in judged}
    paths = {name: relative_path(reading.modules[name].path, reading.location.base) for name in importers}
    return describe_judged(judged, reading.sources, paths)


def _check_package(location: Location, files: Files) -> None:
    package = location.package
    if not any(module.name == package or module.name.startswith(f"{package}.") for module in files.modules):
        last = package.rpartition(".")[2]
        alike = [module.name for module in files.modules if module.name.rpartition(".")[2] == last]
        next_step = f"did you mean {alike[0]}?" if alike else f"name {location.roots[0].name} or a package inside it"
        message = f'no package "{package}" in {location.roots[0].folders[0]}; {next_step}'
        raise CyclesError(message)
