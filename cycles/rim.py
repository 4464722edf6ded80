"""Where the command line touches the machine: files written whole, progress on stderr, site-packages."""

import errno
import os
import site
import stat
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from cycles.words import CyclesError

_QUIET_SECONDS = 1.0
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all, through a link if it is one; a pipe or device is simply written to.

    Raises CyclesError, which names it, where that is impossible.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8")
        else:
            _replace(target, text)
    except OSError as error:
        message = f"cannot write {path} ({error.strerror}); name a file in a folder that exists and is yours to write"
        raise CyclesError(message) from error


def _replace(target: Path, text: str) -> None:
    """Write beside the target, then put it in its place; nothing stays behind when that fails.

    A file that is there keeps its mode; one that nobody may write is left alone.
    """
    mode = stat.S_IMODE(target.stat().st_mode) if target.is_file() else 0o666 & ~_umask()
    if not mode & _WRITABLE:
        raise PermissionError(errno.EACCES, "it is read-only")
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=f".{target.name}.", delete=False
    ) as file:
        file.write(text)
    try:
        os.chmod(file.name, mode)
        os.replace(file.name, target)
    except OSError:
        os.unlink(file.name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def progress_display(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """A function that shows what is being done, once that takes over a second, if a person is watching."""
    if not stream.isatty():
        yield lambda _: None
        return
    current = [""]

    def show() -> None:
        stream.write(f"\r\x1b[K{current[0]} …")
        stream.flush()

    def step(text: str) -> None:
        current[0] = text
        if not timer.is_alive():
            show()

    timer = threading.Timer(_QUIET_SECONDS, show)
    timer.daemon = True
    timer.start()
    try:
        yield step
    finally:
        timer.cancel()
        timer.join()
        stream.write("\r\x1b[K")
        stream.flush()


def environment_folders(virtual_environment: str | None) -> tuple[Path, ...]:
    """The site-packages of the active virtual environment, then those of the running interpreter."""
    found: list[Path] = []
    if virtual_environment:
        top = Path(virtual_environment)
        found += sorted(top.glob("lib/python*/site-packages")) + sorted(top.glob("Lib/site-packages"))
    paths = sysconfig.get_paths()
    found += [Path(paths["purelib"]), Path(paths["platlib"])]
    if site.ENABLE_USER_SITE:
        found.append(Path(site.getusersitepackages()))
    return tuple(folder for folder in dict.fromkeys(found) if folder.is_dir())
