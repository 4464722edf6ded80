"""Write edited files: all of them or none."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cycles.errors import CyclesError
from cycles.processes import undisturbed, write_next_to


def write_all(top: Path, files: Mapping[str, tuple[bytes | None, bytes]]) -> None:
    """Write files, given by their paths below a folder with their bytes before (None: new) and after: all or none.

    Links are followed, and modes stay. Raises CyclesError where a file is not what it was before, or cannot be
    written; then all are as they were.
    """
    targets = {Path(os.path.realpath(top / path)): contents for path, contents in files.items()}
    for target, (before, _) in targets.items():
        if _read(target) != before:
            raise CyclesError(f"{target} was changed meanwhile, so nothing is written; run it again")
    fresh: dict[Path, str] = {}
    done: list[Path] = []
    with undisturbed():
        try:
            for target, (_, after) in targets.items():
                fresh[target] = write_next_to(target, after)
            for target, path in fresh.items():
                os.replace(path, target)
                done.append(target)
        except OSError as error:
            for target in done:
                before = targets[target][0]
                with suppress(OSError):
                    if before is None:
                        os.unlink(target)
                    else:
                        os.replace(write_next_to(target, before), target)
            for path in fresh.values():
                with suppress(OSError):
                    os.unlink(path)
            raise CyclesError(f"cannot write {error.filename or top} ({error.strerror}); nothing is changed") from error


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
