"""By which names the modules of a folder import each other, where that is not the name that it was asked for by.

A folder can be found by a name that its modules do not use: from inside the package around it, or as the source root
that it really is. Then all imports inside it would seem to lead elsewhere, and no cycle would be found.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cycles.source.file_text import UnreadableError
from cycles.source.find_packages import Location, contents_of, project_folder
from cycles.source.first_party import imported_names, installed_folders, is_taken, mentioned
from cycles.source.module_files import Listing
from cycles.source.module_names import inside
from cycles.source.root_packages import Root, is_regular
from cycles.source.source_file import SourceCache, SourceFile
from cycles.source.tree_nodes import statements_in

_DEEPEST = 8
"""Folders above one that are tried as parts of its name: no package lies deeper in a source root."""
_DOTS = re.compile(rb"from((?:\s|\\|\.)+)")


def read_otherwise(location: Location, listing: Listing, sources: SourceCache) -> Location | None:
    """Return the location that is meant where the modules of a package import each other by another name; else None."""
    for package in location.packages:
        root = next(found for found in location.roots if inside(package, found.name))
        if root.is_module or len(root.folders) > 1:
            continue
        files = [sources.file(name) for name in sorted(listing.modules) if inside(name, package)]
        if len(files) > 1 and not any(mentioned(_data(file), {root.name.encode()}) for file in files):
            found = _meant(package, root, files, listing.modules, location)
            if found is not None:
                return found
    return None


def _meant(
    package: str, root: Root, files: Sequence[SourceFile], modules: Collection[str], location: Location
) -> Location | None:
    """Return the location by whose names most imports of the files are names of these files themselves; else None."""
    above = dict(_names_above(root.folders[0]))
    relatively = any(b"from ." in _data(file) for file in files)
    climbing = _climbing_name(above, files) if relatively and above else None
    if climbing is not None:
        return _renamed(location, root, climbing, above[climbing])
    inner = dict(_names_inside(package, root, modules, relatively=relatively))
    installed = installed_folders(location)
    tops = {name.partition(".")[0] for name in above}.union(*inner.values())
    searched = {name.encode() for name in tops}
    known = {file.module.name for file in files}
    votes: Counter[str] = Counter()
    for file in files:
        for imported in imported_names(file) if mentioned(_data(file), searched) else ():
            for name in above:
                shorter = root.name + imported.removeprefix(name)
                if inside(imported, name) and {shorter, shorter.rpartition(".")[0]} & known:
                    votes[name] += 1
            top = imported.partition(".")[0]
            for opened, names in inner.items():
                # A module called like the library that it wraps imports that library.
                own = inside(file.module.name, f"{opened}.{top}")
                if top in names and not own and not is_taken(top, installed):
                    votes[f"{opened}."] += 1
    if not votes:
        return None
    name = min(votes, key=lambda name: (-votes[name], -len(name), name))
    if name in above:
        return _renamed(location, root, name, above[name])
    return _opened(location, package, root, name.removesuffix("."))


def _names_above(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the dotted names that a folder may have in the folders above it, each with that source root."""
    name = folder.name
    for parent in list(folder.parents)[:_DEEPEST]:
        if not parent.name.isidentifier():
            return
        name = f"{parent.name}.{name}"
        yield name, parent.parent


def _climbing_name(above: Mapping[str, Path], files: Iterable[SourceFile]) -> str | None:
    """Return the name under which relative imports that climb above the package find their files; None without such.

    It begins at the outermost of the regular packages around the folder.
    """
    highest = max((_climbed(file) for file in files), default=0)
    for name, source_root in above.items() if highest else ():
        if name.count(".") >= highest and not is_regular(source_root):
            return name
    return None


def _climbed(file: SourceFile) -> int:
    """Return how many packages more than there are in its name a file's relative imports need around it."""
    depth = file.module.name.count(".") + file.module.is_package
    # Few files are parsed for it: those that seem to climb as far, were it not in a string.
    if all(dots.count(b".") <= depth for dots in _DOTS.findall(_data(file))):
        return 0
    try:
        nodes = [node for node in statements_in(file.tree.body) if isinstance(node, ast.ImportFrom)]
    except UnreadableError:
        return 0
    return max((node.level - depth for node in nodes), default=0)


def _names_inside(
    package: str, root: Root, modules: Collection[str], *, relatively: bool
) -> Iterator[tuple[str, set[str]]]:
    """Yield each folder from the root to the package, by its dotted name, and what is in it if it is a source root.

    A package that imports `relatively` is none.
    """
    parts = package.split(".")
    for depth in range(1, len(parts) + 1):
        if not (relatively and is_regular(root.folders[0].joinpath(*parts[1:depth]))):
            opened = ".".join(parts[:depth])
            inner = {name.split(".")[depth] for name in modules if name.startswith(f"{opened}.")}
            yield opened, inner - sys.stdlib_module_names


def _renamed(location: Location, root: Root, name: str, source_root: Path) -> Location:
    """Return the location in which a root is a package inside another."""
    prefix = name.removesuffix(root.name)
    top = name.partition(".")[0]
    outer = Root(top, (source_root / top,))
    packages = tuple(f"{prefix}{found}" if inside(found, root.name) else found for found in location.packages)
    return _replaced(location, root, [outer], packages, (root.name, f"{name} in {source_root}"))


def _opened(location: Location, package: str, root: Root, opened: str) -> Location:
    """Return the location in which a folder is no package but holds them: that of the package itself, or one above."""
    folder = root.folders[0].joinpath(*opened.split(".")[1:])
    others = tuple(name for name in location.packages if not inside(name, opened))
    if package != opened:
        name = package.removeprefix(f"{opened}.")
        top = name.partition(".")[0]
        return _replaced(
            location, root, [Root(top, (folder / top,))], (*others, name), (package, f"{name} in {folder}")
        )
    found = list(contents_of(folder, package))
    certain = [inner for _, inner, sure in found if sure] or [inner for _, inner, _ in found]
    names = (*others, *(inner.name for inner in certain))
    made = _replaced(location, root, certain, names, (package, f"the packages in {folder}"))
    return replace(made, possible=tuple(inner for _, inner, _ in found if inner not in certain))


def _replaced(
    location: Location, root: Root, others: Sequence[Root], packages: tuple[str, ...], said: tuple[str, str]
) -> Location:
    roots = {found.name: found for found in (*others, *location.roots) if found != root}
    source_root = others[0].folders[0].parent
    return replace(
        location,
        packages=packages,
        roots=tuple(roots.values()),
        folders=tuple(dict.fromkeys((source_root, *location.folders))),
        base=project_folder(source_root),
        read_as=(*location.read_as, said),
    )


def _data(file: SourceFile) -> bytes:
    """What a file holds, nothing where it cannot be read."""
    try:
        return file.data
    except UnreadableError:
        return b""
