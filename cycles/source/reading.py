"""Read the packages that a name or path stands for: their modules, and every import between them.

`locate` finds the package, `read` lists its files and every import in them, `judge` says how imports
take effect, `describe` quotes them. Nothing of the package is executed and `sys.path` is left alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cycles.errors import CyclesError
from cycles.source.classify import describe_judged, judge_mentions
from cycles.source.discovery import Files, list_files
from cycles.source.grimp_scanner import abandon_scan, finish_scan, start_scan
from cycles.source.locate import Location, locate
from cycles.source.module import SourceCache, sources_of
from cycles.source.requires import supported_versions
from cycles.source.text import relative_path
from cycles.source.unseen_imports import find_unseen, mentions_in
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
        unseen = find_unseen(cache)
    except BaseException:
        abandon_scan(scanning)
        raise
    mentions, unreadable, unlinted = finish_scan(scanning, location.base)
    known = {skipped.path for skipped in unreadable}
    for name, error in unseen.undecodable.items():
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
        mentions=tuple(sorted({*unseen.beside(mentions)})),
        skipped=_in_order([*files.skipped, *unreadable]),
        unlinted=_in_order([*unreadable, *unlinted]),
    )


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
        found.update(mentions_in(sources.file(name).text, sources.modules[name], sources.modules))
    unseen = find_unseen(sources, changed)
    for error in unseen.undecodable.values():
        raise error
    return tuple(sorted(found.union(unseen.mentions)))


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
