"""A random generator in; a project full of cycles, and of what is hard to read, out."""

import os
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import hard_text
from hostile_names import CONFIGURATIONS, FOLDERS, STEMS


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder: `content` is what a file holds, what a link points to, or nothing."""

    path: bytes
    kind: str = "file"
    content: bytes = b""
    mode: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """Entries below a folder of that name, the package in it, the user to be, and the dotted names of its modules."""

    folder: str
    package: str
    entries: tuple[Entry, ...]
    user: int
    names: tuple[str, ...]


def project(random: Random) -> Project:
    """A new small project."""
    package = random.choice(("p", "p", "p", "p", "p", "shop", "café", "ﬁeld", "_", "json", "match", "class", "P9"))
    gentle = random.random() < 0.4
    modules = _modules(random, package, gentle=gentle)
    entries = [
        Entry(
            path,
            content=hard_text.module(
                random, name, tuple(modules.values()), is_package=b"__init__" in path, gentle=gentle
            ),
        )
        for path, name in modules.items()
    ]
    for _ in range(0 if gentle and random.random() < 0.7 else random.choice((0, 0, 1, 1, 2, 4))):
        entries += _oddity(random, package, tuple(modules))
    if random.random() < 0.35:
        entries += _configuration(random, package)
    if random.random() < 0.1:
        entries = [entry for entry in entries if not entry.path.endswith(f"{package}/__init__.py".encode())]
    taken: dict[bytes, Entry] = {}
    for entry in entries:
        taken.setdefault(entry.path, entry)
    folder = random.choice(FOLDERS) if random.random() < 0.3 else "project"
    user = 65534 if os.name == "posix" and os.geteuid() == 0 and random.random() < 0.3 else 0
    return Project(folder, package, tuple(taken.values()), user, tuple(modules.values()))


def _modules(random: Random, package: str, *, gentle: bool) -> dict[bytes, str]:
    """The path of each module file, and its dotted name."""
    source = random.choice(("", "", "", "", "src/"))
    folders = [package]
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        folders.append(f"{random.choice(folders)}.{random.choice(('q', 'r', 'deep', 'ü', 'lazy', 'Q'))}")
    found = {}
    for folder in dict.fromkeys(folders):
        if folder == package or random.random() < 0.8:
            found[os.fsencode(f"{source}{folder.replace('.', '/')}/__init__.py")] = folder
    for _ in range(random.randint(2, 11)):
        stem = random.choice(STEMS) if random.random() < 0.15 and not gentle else random.choice("abcdefgh")
        folder = random.choice(folders)
        found[os.fsencode(f"{source}{folder.replace('.', '/')}/{stem}.py")] = f"{folder}.{stem}"
    return found


def _oddity(random: Random, package: str, paths: tuple[bytes, ...]) -> list[Entry]:
    """Something beside the modules that a file system may hold."""
    path = random.choice(paths)
    beside = path.rpartition(b"/")[0] + b"/"
    stem = os.fsencode(random.choice((*STEMS, "odd", "odd", "odd")))
    new = beside + stem + b".py"
    target = random.choice(
        (b"nowhere", stem + b".py", b"/dev/zero", b"/dev/null", b".", b"..", b"../..", b"/", os.path.basename(path))
    )
    text = b"import %s\n" % os.fsencode(package)
    return random.choice(
        (
            [Entry(new, "link", target)],
            [Entry(beside + stem, "link", target)],
            [Entry(beside + b"again", "link", b".")],
            [Entry(new, "fifo")],
            [Entry(new, "socket")],
            [Entry(new, "folder")],
            [Entry(new + b"/__init__.py", content=text)],
            [Entry(new, content=text, mode=0)],
            [Entry(beside + b"vault", "folder", mode=0)],
            [Entry(beside + b"vault/__init__.py", content=text), Entry(beside + b"vault", "folder", mode=0o400)],
            [Entry(path.removesuffix(b".py") + b"/__init__.py", content=text)],
            [Entry(path.removesuffix(b".py") + b"/inner.py", content=text)],
            [Entry(path.removesuffix(b".py") + b".cpython-311-x86_64-linux-gnu.so")],
            [Entry(beside + b"fast.so"), Entry(beside + b"fast.py", content=text)],
            [Entry(beside + b"plain/m.py", content=text), Entry(beside + b"plain/n.py", content=b"from . import m\n")],
            [Entry(beside + b"caf\xe9.py", content=text)],
            [Entry(beside + b"\xff/__init__.py", content=text)],
            [Entry(beside + b"__pycache__/a.py", content=text)],
            [Entry(beside + b"__main__.py", content=text)],
            [Entry(beside + b"two.dots.py", content=text), Entry(beside + b".py", content=text)],
            [Entry(beside + b"a.pyi", content=text), Entry(beside + b"a.PY", content=text), Entry(beside + b"a.pyc")],
            [Entry(beside + b"my-scripts/x.py", content=text)],
            [Entry(beside + b"__init__/x.py", content=text)],
            [Entry(beside + b"__init__", "link", b"__init__.py")],
            [Entry(os.fsencode(f"{package}.py"), content=text)],
            [Entry(f"src/{package}/other.py".encode(), content=text)],
            [Entry(f"src/{package}/__init__.py".encode(), content=text)],
            [Entry(b"src", "link", b".")],
            [Entry(beside + b"/".join([b"d"] * 60) + b"/e.py", content=text)],
            [Entry(beside + b"n" * 250 + b".py", content=text)],
        )
    )


def _configuration(random: Random, package: str) -> list[Entry]:
    name, contents = random.choice(CONFIGURATIONS)
    content = random.choice(contents)
    if isinstance(content, Callable):
        content = content()
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
    data = data.replace(b"PACKAGE", os.fsencode(package))
    path = name.encode()
    kind = random.random()
    if kind < 0.04:
        return [Entry(path, "folder")]
    if kind < 0.08:
        return [Entry(path, "link", random.choice((b"nowhere", path, b"/dev/zero", b"/dev/null", b".")))]
    if kind < 0.1:
        return [Entry(path, "fifo")]
    if kind < 0.14:
        return [Entry(path, content=data, mode=random.choice((0, 0o444)))]
    return [Entry(path, content=random.choice((data, data, data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data)))]


def write(project: Project, place: Path) -> Path:
    """Write a project below a new folder; returns its own folder."""
    top = place / project.folder
    top.mkdir(parents=True)
    modes = []
    for entry in project.entries:
        path = os.path.join(os.fsencode(top), entry.path)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write(entry, path)
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            continue
        except OSError:
            # The file system allows no such name, or a link without end is on the way.
            continue
        if entry.mode is not None:
            modes.append((path, entry.mode))
    for path, mode in reversed(modes):
        os.chmod(path, mode)
    return top


def _write(entry: Entry, path: bytes) -> None:
    match entry.kind:
        case "file":
            if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
                return
            with open(path, "wb") as file:
                file.write(entry.content)
        case "link":
            os.symlink(entry.content, path)
        case "fifo":
            os.mkfifo(path)
        case "folder":
            os.makedirs(path, exist_ok=True)
        case "socket":
            with socket.socket(socket.AF_UNIX) as listener:
                # The path of a socket may only be short.
                here = os.open(".", os.O_RDONLY)
                try:
                    os.chdir(os.path.dirname(path))
                    listener.bind(os.path.basename(path))
                finally:
                    os.fchdir(here)
                    os.close(here)


def without(project: Project, index: int) -> Project:
    """The project without one of its entries."""
    return replace(project, entries=project.entries[:index] + project.entries[index + 1 :])


def with_content(project: Project, index: int, content: bytes) -> Project:
    """The project with other content of one of its entries."""
    entries = list(project.entries)
    entries[index] = replace(entries[index], content=content)
    return replace(project, entries=tuple(entries))
