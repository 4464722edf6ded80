"""A name or path in; the modules of its roots, every import between them, and what could not be read, out.

`locate` finds the package, `read` lists its files and every import in them, `describe` looks at the
imports that matter. Nothing of the package is executed and `sys.path` is left alone.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cycles.model import CyclesError, Import, Skipped
from cycles.sources.describe import describe as _describe
from cycles.sources.dynamic import find_dynamic
from cycles.sources.files import Files, ModuleFile, list_files, relative_path
from cycles.sources.locate import Location, locate
from cycles.sources.mentions import Mention
from cycles.sources.scan import scan

__all__ = ["Location", "Mention", "Reading", "describe", "locate", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The modules of all roots by name, every import between them, sorted, and what was left out."""

    location: Location
    modules: dict[str, ModuleFile]
    compiled: frozenset[str]
    mentions: tuple[Mention, ...]
    skipped: tuple[Skipped, ...]


def read(location: Location) -> Reading:
    """Read all roots of a location; raises CyclesError where no module of the package is there or none can be read."""
    files = list_files([(root.name, root.folders) for root in location.roots], location.base)
    _check_package(location, files)
    modules = {module.name: module for module in files.modules}
    with ThreadPoolExecutor(max_workers=1) as executor:
        scanning = executor.submit(scan, files.modules, location.base)
        dynamic = find_dynamic(files.modules, modules)
        mentions, unreadable = scanning.result()
    if len(unreadable) == len(files.modules):
        first = unreadable[0]
        message = f'no file of "{location.package}" could be read: {first.path}: {first.reason}; mend it first'
        raise CyclesError(message)
    return Reading(
        location=location,
        modules=modules,
        compiled=files.compiled,
        mentions=tuple(sorted({*mentions, *dynamic})),
        skipped=tuple(
            sorted([*files.skipped, *unreadable], key=lambda skipped: (skipped.path, skipped.line_number or 0))
        ),
    )


def describe(reading: Reading, mentions: Collection[Mention]) -> tuple[Import, ...]:
    """Judge some of a reading's imports: kind, tags, names and source line; sorted."""
    importers = {mention.importer for mention in mentions}
    paths = {name: relative_path(reading.modules[name].path, reading.location.base) for name in importers}
    return _describe(mentions, reading.modules, reading.compiled, paths)


def _check_package(location: Location, files: Files) -> None:
    package = location.package
    if not any(module.name == package or module.name.startswith(f"{package}.") for module in files.modules):
        last = package.rpartition(".")[2]
        alike = [module.name for module in files.modules if module.name.rpartition(".")[2] == last]
        next_step = f"did you mean {alike[0]}?" if alike else f"name {location.roots[0].name} or a package inside it"
        message = f'no package "{package}" in {location.roots[0].folders[0]}; {next_step}'
        raise CyclesError(message)
