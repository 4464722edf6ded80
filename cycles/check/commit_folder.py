"""Lay out the files of a commit in a folder: links to the files of the working tree that are the same, texts of others.

So the packages of then are found by the same rules as those of now, and what did not change is not read twice.
"""

import hashlib
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from cycles.check.git import Repository, TreeEntry
from cycles.model import Analysis
from cycles.source.file_text import UnreadableError, read_bytes

_CONFIGURATION = ("pyproject.toml", "setup.cfg")
_COMPILED = (".so", ".pyd")
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")


class Mirror:
    """The files of a commit, laid out.

    Attributes:
        top: where the repository's top folder is laid out.
        same: the paths of files of the working tree that are the same now, by the paths at which they are laid out.
        unknown: submodules and files of which it is not known here what they held: they count as unchanged, or as gone.
    """

    def __init__(self, top: Path, now: Analysis, areas: Collection[str]) -> None:
        """Nothing is laid out yet in the empty folder `top`.

        Only Python files in the areas (paths from the top, "" for all) will be, and what helps to find packages.
        """
        self.top = top
        self.same: dict[str, str] = {}
        self.unknown: list[str] = []
        self._now = now
        self._areas = areas
        self._made: set[str] = set()
        self._known = {file.path: file.name for file in now.files}

    def lay_out(self, repository: Repository, commit: str) -> None:
        """Lay out a commit; what the repository ignores now is taken to have been there. Raises CyclesError."""
        (self.top / ".git").mkdir()
        self._lay_out(repository, commit, "")
        above = os.path.join(repository.top, "")
        new = [path.removeprefix(above) for path in self._known if path.startswith(above)]
        laid = {path.removeprefix(os.path.join(self.top, "")) for path in self.same}
        for path in sorted(repository.ignored([path for path in new if path not in laid])):
            self._link(path, os.path.join(repository.top, path))

    def _lay_out(self, repository: Repository, commit: str, prefix: str) -> None:
        """Lay out the commit of a repository, whose paths begin with `prefix` in the one around it."""
        absent, hash_name = repository.left_out(), repository.hash_name
        same: list[str] = []
        changed: dict[str, list[TreeEntry]] = {}
        for entry in repository.entries(commit):
            path, real = prefix + entry.path, os.path.join(repository.top, entry.path)
            if entry.is_submodule:
                self._lay_out_submodule(repository, entry, path)
            elif entry.path in absent or not (entry.is_link or self._matters(path)):
                continue
            elif path.endswith(_COMPILED):
                self._write(path, b"")
            elif not entry.is_link and self._is_same(real, entry.blob, hash_name):
                same.append(entry.path)
            else:
                changed.setdefault(entry.blob, []).append(entry)
        links: list[tuple[str, bytes]] = []
        for blob, data in repository.blobs(changed):
            for entry in changed[blob]:
                if entry.is_link:
                    links.append((prefix + entry.path, data))
                else:
                    self._write(prefix + entry.path, self._content(repository, entry.path, data))
        others = [entry.path for found in changed.values() for entry in found]
        self._link_all(repository, same, others, prefix)
        # Links come last: nothing is written through one.
        for path, data in links:
            self._copy_link(path, os.fsdecode(data))

    def _link_all(self, repository: Repository, same: Sequence[str], others: Iterable[str], prefix: str) -> None:
        """Lay out links to files that are the same: one to a folder in which all are.

        Some file systems take a millisecond for a link, and most folders did not change.
        """
        names: dict[str, set[str]] = defaultdict(set)
        touched = {folder for path in others for folder in _folders_of(path)}
        touched |= {folder for area in self._areas for folder in (area, *_folders_of(area))}
        for path in same:
            inner = path
            for folder in _folders_of(path):
                names[folder].add(inner.rpartition("/")[2])
                inner = folder
        for folder in sorted(names, key=len, reverse=True):
            if folder not in touched and not _has_only(os.path.join(repository.top, folder), names[folder]):
                touched.update((folder, *_folders_of(folder)))
        done: set[str] = set()
        for path in same:
            real = os.path.join(repository.top, path)
            whole = [folder for folder in _folders_of(path) if folder not in touched]
            if not whole:
                self._link(prefix + path, real)
                continue
            self.same[os.path.join(self.top, prefix + path)] = real
            if whole[-1] not in done:
                done.add(whole[-1])
                self._link_to(prefix + whole[-1], os.path.join(repository.top, whole[-1]))

    def _lay_out_submodule(self, repository: Repository, entry: TreeEntry, path: str) -> None:
        inner = repository.submodule(entry.path)
        if inner is not None and inner.has(entry.blob):
            self._lay_out(inner, entry.blob, f"{path}/")
            return
        self.unknown.append(path)
        inside = os.path.join(repository.top, entry.path, "")
        for real in self._known:
            if real.startswith(inside):
                self._link(f"{path}/{real.removeprefix(inside)}", real)

    def _matters(self, path: str) -> bool:
        """Whether a file is Python, or helps to find packages."""
        if os.path.basename(path) in _CONFIGURATION or ".dist-info/" in path:
            return True
        inside = any(not area or path.startswith(f"{area}/") for area in self._areas)
        return inside and path.endswith((".py", *_COMPILED))

    def _is_same(self, real: str, blob: str, hash_name: str) -> bool:
        """Whether a file of the working tree is what a blob holds, with the line ends that git may have given it."""
        try:
            if os.path.islink(real):
                return False
            data = self._now.sources.file(self._known[real]).data if real in self._known else read_bytes(real)
        except UnreadableError:
            return False
        texts = (data, data.replace(b"\r\n", b"\n")) if b"\r\n" in data else (data,)
        return any(hashlib.new(hash_name, b"blob %d\0%b" % (len(text), text)).hexdigest() == blob for text in texts)

    def _content(self, repository: Repository, path: str, data: bytes) -> bytes:
        """What a file held; of a pointer to a large file (git-lfs) what it points to, where that is here."""
        pointer = _LFS.match(data)
        if pointer is None:
            return data
        wanted = pointer[1].decode("ascii")
        stored = os.path.join(repository.common_folder, "lfs", "objects", wanted[:2], wanted[2:4], wanted)
        for real in (os.path.join(repository.top, path), stored):
            try:
                found = read_bytes(real)
            except UnreadableError:
                continue
            if hashlib.sha256(found).hexdigest() == wanted:
                return found
        self.unknown.append(path)
        return b""

    def _write(self, path: str, data: bytes) -> None:
        target = self._place(path)
        if target is not None:
            with open(target, "xb") as file:
                file.write(data)

    def _link(self, path: str, real: str) -> None:
        """Lay out a link to a file of the working tree."""
        if self._link_to(path, real):
            self.same[os.path.join(self.top, path)] = real

    def _link_to(self, path: str, real: str) -> bool:
        """Lay out a link to a file or folder, or a copy of it where the system has no links; not where something is."""
        target = self._place(path)
        if target is None:
            return False
        try:
            os.symlink(real, target)
        except OSError:
            copy = shutil.copytree if os.path.isdir(real) else shutil.copyfile
            copy(real, target)
        return True

    def _copy_link(self, path: str, to: str) -> None:
        """Lay out a link of the commit, unless it leads out of the repository."""
        end = os.path.normpath(os.path.join(os.path.dirname(path), to))
        target = self._place(path)
        if target is not None and not os.path.isabs(to) and not end.startswith(".."):
            os.symlink(to, target)

    def _place(self, path: str) -> str | None:
        """Return where to lay out a path, with the folders above it; None where something is there already."""
        target = os.path.join(self.top, path)
        folder = os.path.dirname(target)
        try:
            if folder not in self._made:
                os.makedirs(folder, exist_ok=True)
                self._made.add(folder)
        except OSError:
            # A tree made by hand can hold a file and a folder of the same name.
            return None
        return None if os.path.lexists(target) else target


def _folders_of(path: str) -> list[str]:
    """Return the folders around a path, the inner ones first, without the top."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


def _has_only(folder: str, names: Collection[str]) -> bool:
    """Whether a folder of the working tree holds nothing but these names that could be a module or a package."""
    try:
        found = set(os.listdir(folder)) - {"__pycache__"}
    except OSError:
        return False
    others = found.difference(names)
    return not any(
        name.endswith((".py", *_COMPILED)) or (name.isidentifier() and os.path.isdir(os.path.join(folder, name)))
        for name in others
    )
