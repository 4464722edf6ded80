"""Write a file next to another, to take its place: what is there stays whole until then."""

import errno
import os
import stat
import tempfile
from pathlib import Path

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def write_next_to(target: Path, data: bytes) -> str:
    """Write a new file in the folder of another, with its mode; return its path, for `os.replace`.

    Nothing is left behind when that fails. Raises OSError, also where the other file is read-only.
    """
    mode = stat.S_IMODE(target.stat().st_mode) if target.is_file() else 0o666 & ~_umask()
    if not mode & _WRITABLE:
        raise PermissionError(errno.EACCES, "it is read-only", str(target))
    descriptor, path = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(path, mode)
    except BaseException:
        os.unlink(path)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
