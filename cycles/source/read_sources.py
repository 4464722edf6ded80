"""Read the packages that a name or path stands for: their modules, and every import between them.

`locate` finds the package, `read` lists its files and every import in them, `judge` says how imports
take effect, `describe` quotes them. Nothing of the package is executed and `sys.path` is left alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cycles.errors import CyclesError
from cycles.limits import JOINED_MODULES
from cycles.source.build_configuration import supported_versions
from cycles.source.file_text import relative_path
from cycles.source.find_packages import Location
from cycles.source.first_party import imported_names, installed_folders, is_taken, named_roots, reached
from cycles.source.folder_import_names import read_otherwise
from cycles.source.grimp_scanner import abandon_scan, finish_scan, start_scan
from cycles.source.import_kinds import describe_judged, judge_mentions
from cycles.source.import_values import ClassifiedImport, Import, ModuleFile, RawImport, Skipped
from cycles.source.imports_grimp_misses import find_unseen, mentions_in
from cycles.source.module_files import Listing
from cycles.source.module_names import inside
from cycles.source.source_file import SourceCache
from cycles.source.unchanged_files import Known, unchanged


@dataclass(frozen=True, slots=True)
class Reading:
    """The modules of all roots, every import between them, sorted, and what was left out.

    `unlinted` are the files that grimp, and with it import-linter, cannot read; `excluded` the modules left out on
    request; `left_out` the first-party packages that would be reached, and more through them, were they not too large.
    `kept` are the modules whose imports were `known`.
    """

    location: Location
    sources: SourceCache
    compiled: frozenset[str]
    mentions: tuple[RawImport, ...]
    skipped: tuple[Skipped, ...]
    unlinted: tuple[Skipped, ...]
    excluded: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    known: Known | None = None
    kept: frozenset[str] = frozenset()

    @property
    def modules(self) -> Mapping[str, ModuleFile]:
        """The modules of all roots by name."""
        return self.sources.modules


def read(
    location: Location,
    *,
    exclude: Sequence[str] = (),
    only: bool = False,
    most_joined: int = JOINED_MODULES,
    known: Known | None = None,
) -> Reading:
    """Read all roots of a location, and the first-party packages next to its packages that these reach.

    Args:
        location: where the packages are.
        exclude: patterns of the names of modules that are left out.
        only: whether the first-party packages stay out.
        most_joined: where more of their modules would join, none of them does.
        known: what is known of the same packages at another time.

    Raises:
        CyclesError: where no module of a package is there or none can be read.
    """
    listing, cache = _listed(location, exclude)
    while other := read_otherwise(location, listing, cache):
        before, location = cache, other
        listing, cache = _listed(location, exclude, before)
    _check_packages(location, listing)
    location = _with_packages(location, listing, known.packages if known else ())
    location, left_out = (location, ()) if only else _joined(location, listing, cache, most_joined)
    if left_out:
        listing, cache = _listed(location, exclude, cache)
    files = listing.files()
    cache.modules = modules = {module.name: module for module in files.modules}
    kept = unchanged(known, files) if known else frozenset()
    if known:
        cache.share_files(known.sources, kept)
    scanning = start_scan(files.modules, kept)
    try:
        unseen = find_unseen(cache, [name for name in modules if name not in kept])
    except BaseException:
        abandon_scan(scanning)
        raise
    mentions, unreadable, unlinted = finish_scan(scanning, location.base)
    reported = {skipped.path for skipped in unreadable}
    for name, error in unseen.undecodable.items():
        path = relative_path(modules[name].path, location.base)
        if path not in reported:
            unreadable.append(Skipped(path, error.line_number, error.reason))
    if not known:
        _check_any_was_read(location, modules, unreadable)
    return Reading(
        location=location,
        sources=cache,
        compiled=files.compiled,
        excluded=files.excluded,
        left_out=left_out,
        mentions=tuple(sorted({*unseen.beside(mentions), *(known.of(kept) if known else ())})),
        skipped=_in_order([*files.skipped, *unreadable]),
        unlinted=_in_order([*unreadable, *unlinted]),
        known=known,
        kept=kept,
    )


def _listed(
    location: Location, exclude: Sequence[str], before: SourceCache | None = None
) -> tuple[Listing, SourceCache]:
    """List the roots of a location; what was read `before` is not read again."""
    listing = Listing(location.base, exclude)
    for root in location.roots:
        listing.add(root)
    cache = SourceCache(listing.modules, supported_versions(location.base))
    if before:
        cache.keep_bytes_of(before)
    return listing, cache


def _with_packages(location: Location, listing: Listing, names: Iterable[str]) -> Location:
    """List further packages, where they are there."""
    further = named_roots(location, names)
    for root in further:
        listing.add(root)
    return replace(location, roots=(*location.roots, *further))


def _joined(location: Location, listing: Listing, cache: SourceCache, most: int) -> tuple[Location, tuple[str, ...]]:
    """List also the first-party packages that are reached; where they have too many modules, return their names."""
    named = len(listing.modules)
    roots = list(location.roots)
    for root in reached(location, listing, cache):
        listing.add(root)
        roots.append(root)
        if len(listing.modules) - named > most:
            return location, tuple(sorted(root.name for root in roots[len(location.roots) :]))
    joined = sorted(roots[len(location.roots) :], key=lambda root: root.name)
    return replace(location, roots=(*location.roots, *joined)), ()


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
    unseen = find_unseen(sources, changed, by_grimp=False)
    for error in unseen.undecodable.values():
        raise error
    return tuple(sorted(found.union(unseen.mentions)))


def _in_order(skipped: Collection[Skipped]) -> tuple[Skipped, ...]:
    return tuple(sorted(skipped, key=lambda one: (one.path, one.line_number or 0)))


def judge(reading: Reading, mentions: Collection[RawImport]) -> tuple[ClassifiedImport, ...]:
    """How some of a reading's imports take effect: kind and tags; their order is kept."""
    known = reading.known
    judged = known.effects(reading.kept, reading.sources.versions, reading.compiled | reading.excluded) if known else {}
    new = judge_mentions([found for found in mentions if found not in judged], reading.sources, reading.compiled)
    if not judged:
        return new
    judged |= {RawImport(*found[:4]): found for found in new}
    return tuple(judged[found] for found in mentions)


def strangers(reading: Reading) -> tuple[str, ...]:
    """Return the top-level names that the packages asked for import and that are found nowhere, most used first."""
    installed = installed_folders(reading.location)
    counts: Counter[str] = Counter()
    for name in reading.modules:
        if any(inside(name, package) for package in reading.location.packages):
            counts.update({found.partition(".")[0] for found in imported_names(reading.sources.file(name))})
    roots = {root.name for root in reading.location.roots}
    lost = {name: number for name, number in counts.items() if name not in roots and not is_taken(name, installed)}
    return tuple(sorted(lost, key=lambda name: (-lost[name], name)))


def describe(reading: Reading, judged: Collection[ClassifiedImport]) -> tuple[Import, ...]:
    """Everything about some of a reading's imports: path, source line and names too; their order is kept."""
    importers = {found.importer for found in judged}
    paths = {name: relative_path(reading.modules[name].path, reading.location.base) for name in importers}
    return describe_judged(judged, reading.sources, paths)


def _check_any_was_read(location: Location, modules: Mapping[str, ModuleFile], unreadable: Collection[Skipped]) -> None:
    """Raise CyclesError where no file of the packages that were asked for was read: then nothing is known of them."""
    why = {skipped.path: skipped.reason for skipped in unreadable}
    asked = (module.path for name, module in modules.items() if any(inside(name, own) for own in location.packages))
    paths = [relative_path(path, location.base) for path in asked] if why else []
    if paths and all(path in why for path in paths):
        package = ", ".join(location.packages)
        raise CyclesError(f'no file of "{package}" could be read: {paths[0]}: {why[paths[0]]}; fix it first')


def _check_packages(location: Location, listing: Listing) -> None:
    """Raise CyclesError where a package that was asked for has no module."""
    for package in location.packages:
        if not any(inside(module, package) for module in listing.modules):
            last = package.rpartition(".")[2]
            alike = [module for module in sorted(listing.modules) if module.rpartition(".")[2] == last]
            top = next(root for root in location.roots if inside(package, root.name))
            next_step = f"did you mean {alike[0]}?" if alike else f"name {top.name} or a package inside it"
            raise CyclesError(f'no package "{package}" in {top.folders[0]}; {next_step}')
