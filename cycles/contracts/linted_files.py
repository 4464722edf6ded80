"""Where the files of the packages are that import-linter looks at: found as its graph finds them."""

from collections.abc import Sequence
from pathlib import Path

from grimp.application.config import settings

from cycles.source.discovery import find_files
from cycles.source.names import inside
from cycles.source.text import relative_path


def folders_of(root: str) -> list[Path]:
    """Return where the graph found a root package, by the finder that built it."""
    found = settings.PACKAGE_FINDER.determine_package_directories(package_name=root, file_system=settings.FILE_SYSTEM)
    return sorted(map(Path, found))


def path_of(module: str, roots: Sequence[str]) -> str:
    """Return the file of a module as seen from the working directory, else its name."""
    files = find_files([module], [(root, folders_of(root)) for root in roots if inside(module, root)])
    return relative_path(files.modules[0].path, Path.cwd()) if files.modules else module
