"""Find the first-party packages that those asked for reach by imports of any kind, one through another."""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from cycles.source.file_text import UnreadableError, decode, parse_with_lazy
from cycles.source.find_packages import Location
from cycles.source.import_statements import ImportNode, named_by
from cycles.source.imports_grimp_misses import literal_calls
from cycles.source.module_files import Listing
from cycles.source.root_packages import Root, find_root, is_installed, is_regular, names_in, python_files
from cycles.source.source_file import SourceCache, SourceFile
from cycles.source.tree_nodes import statements_in

# Patterns that begin with letters, which `re` finds many times faster than ones that begin with a choice. What they
# find is looked at again by syntax: strings hold such lines too.
_FROM = re.compile(rb"from[\s\\]+([\w\x80-\xff]+)")
_IMPORT = re.compile(rb"import(?:[ \t\f]|\\\r?\n)+((?:[^\n\r#;(\\]|\\\r?\n)+)")
_NAME = re.compile(rb"(?:^|,)[\s\\]*([\w\x80-\xff]+)")
_IN_CALL = re.compile(rb"""(?:import_module|__import__)\s*\(\s*(?:name\s*=\s*)?[rRuU]?["']([\w\x80-\xff]+)""")
_BEFORE = re.compile(rb"(?:^|[\n\r;:])[ \t\f]*(?:lazy[ \t]+)?\Z")


def reached(location: Location, listing: Listing, sources: SourceCache) -> Iterator[Root]:
    """Yield each first-party root that a listed module imports, once; the caller may list it before the next.

    So its own imports are followed too. The files are those of `sources`, which grow with the listing.
    """
    local = first_party_folders(location)
    if not local and not location.possible:
        return
    known = {root.name for root in location.roots}
    names = [name for folder in local for name in names_in(folder) if not name.startswith("__")]
    candidates = {name.encode() for name in (*names, *(root.name for root in location.possible))}
    candidates -= {name.encode() for name in (*known, *sys.stdlib_module_names)}
    find = _finder(location, local)
    possible = [file for root in location.possible for file in _files_of(root, sources)]
    done: set[str] = set()
    while candidates and (waiting := [name for name in listing.modules if name not in done]):
        done.update(waiting)
        for name in waiting:
            yield from _new_roots(sources.file(name), candidates, find)
        yield from (root for file in possible for root in _new_roots(file, candidates, find))
        possible = []


def named_roots(location: Location, names: Iterable[str]) -> tuple[Root, ...]:
    """Return the first-party roots of some names that the location does not have, imported or not."""
    find = _finder(location, first_party_folders(location))
    new = [name for name in names if all(root.name != name for root in location.roots)]
    return tuple(root for name in new if (root := find(name)))


def _new_roots(file: SourceFile, candidates: set[bytes], find: Callable[[str], Root | None]) -> Iterator[Root]:
    """Yield the roots that a file imports, and take them out of the candidates."""
    try:
        hits = mentioned(file.data, candidates)
    except UnreadableError:
        return
    names = imported_names(file) if hits else frozenset()
    for hit in sorted(hits):
        name = hit.decode("utf-8", "replace")
        if not any(imported.partition(".")[0] == name for imported in names):
            continue
        root = find(name)
        if root is None:
            candidates.discard(hit)
        elif root.is_module or is_regular(root.folders[0]) or any(_leads_to_file(root, found) for found in names):
            candidates.discard(hit)
            yield root


def mentioned(data: bytes, names: Collection[bytes]) -> set[bytes]:
    """Return those of some top-level names that are where an import of them may be."""
    found = {*_FROM.findall(data)}.intersection(names)
    if b"import_module" in data or b"__import__" in data:
        found.update(name for name in _IN_CALL.findall(data) if name in names)
    listed = _IMPORT.findall(data)
    if not {*_NAME.findall(b",".join(listed))}.isdisjoint(names):
        for statement in _IMPORT.finditer(data):
            hits = {*_NAME.findall(statement[1])}.intersection(names)
            # `from x import name` takes a name of another module.
            if hits and _BEFORE.search(data, max(statement.start() - 300, 0), statement.start()):
                found |= hits
    return found


def imported_names(file: SourceFile) -> frozenset[str]:
    """Return the absolute names that a file imports, by statements or literal calls; raises UnreadableError.

    Where this Python cannot parse it, names that may only be in a string are among them: too much is looked at then.
    """
    module, data = file.module, file.data
    try:
        text = decode(data)
        tree, _ = parse_with_lazy(text, data)
    except UnreadableError:
        return frozenset(name.decode("utf-8", "replace") for name in _FROM.findall(data))
    found = set(literal_calls(text))
    for node in statements_in(tree.body):
        if isinstance(node, ImportNode):
            items = named_by(node, module.name, is_package=module.is_package)
            found.update(f"{item.module}.{item.name}" if item.name else item.module for item in items)
    return frozenset(found)


def first_party_folders(location: Location) -> tuple[Path, ...]:
    """Return where first-party packages are looked for: next to the packages asked for, and the local folders.

    There are none where what is asked for is installed: what lies in the working directory is none of its business.
    """
    own = [folder.parent for root in location.own_roots for folder in root.folders]
    folders = dict.fromkeys((*own, *location.folders))
    installed = {folder for folder in folders if is_installed(folder)}
    return () if installed.issuperset(own) else tuple(folder for folder in folders if folder not in installed)


def installed_folders(location: Location) -> list[Path]:
    """Return the folders in which distributions are installed."""
    return [folder for folder in location.folders if is_installed(folder)]


def is_taken(name: str, installed: Iterable[Path]) -> bool:
    """Whether a top-level name belongs to the standard library, or to a package in a folder of installed ones."""
    found = find_root(name, installed)
    if found is None:
        return name in sys.stdlib_module_names
    return found.is_module or any(is_regular(folder) or next(python_files(folder), None) for folder in found.folders)


def _finder(location: Location, local: Sequence[Path]) -> Callable[[str], Root | None]:
    """Return what finds the first-party root of a name.

    It finds None where the name is somebody else's, or leads to a folder without any Python file.
    """
    possible = {root.name: root for root in location.possible}
    installed = installed_folders(location)

    def find(name: str) -> Root | None:
        if is_taken(name, installed):
            return None
        found = possible.get(name) or find_root(name, local)
        if found and not found.is_module and all(next(python_files(folder), None) is None for folder in found.folders):
            return None
        return found

    return find


def _leads_to_file(root: Root, imported: str) -> bool:
    """Whether an imported name leads to a file in a plain folder: the module that it names, or one on the way."""
    top, *parts = imported.split(".")
    if top != root.name:
        return False
    places = [os.path.join(folder, *parts[:length]) for folder in root.folders for length in range(1, len(parts) + 1)]
    return any(os.path.isfile(f"{place}.py") or os.path.isfile(os.path.join(place, "__init__.py")) for place in places)


def _files_of(root: Root, sources: SourceCache) -> list[SourceFile]:
    """Return the files of a plain folder that is perhaps a package, each as the module that it would be."""
    listing = Listing(root.folders[0])
    listing.add(root)
    return [sources.perhaps(module) for module in listing.modules.values()]
