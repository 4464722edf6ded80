"""The releases of Python that a project supports, as its own files say."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from cycles.source.conditions import Version, all_versions

_AT_LEAST = re.compile(r"\s*>=\s*3\.(\d{1,3})\s*")
_MICRO_RELEASES = (0, 3, 99)
"""A minor release counts where any of its micro releases is allowed: these, and any named, stand for all of them."""


@lru_cache(maxsize=16)
def supported_versions(project: Path) -> tuple[Version, ...] | None:
    """Return the releases that `requires-python` in pyproject.toml, or `python_requires` in setup.cfg, allows.

    None where neither says anything, or nothing that can be read: then any Python 3 will do.
    """
    wanted = _from_pyproject(_text(project / "pyproject.toml")) or _from_setup_cfg(_text(project / "setup.cfg"))
    if not wanted:
        return None
    # So most projects say it: it takes no packaging, which takes longer to load than a small package to analyse.
    if least := _AT_LEAST.fullmatch(wanted):
        return tuple(version for version in all_versions() if version >= (3, int(least[1])))
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  only where it is asked for

    try:
        allowed = SpecifierSet(wanted, prereleases=True)
    except InvalidSpecifier:
        return None
    micros = (*_MICRO_RELEASES, *map(int, re.findall(r"\.(\d{1,3})", wanted)))
    found = tuple(
        (major, minor)
        for major, minor in all_versions()
        if any(allowed.contains(f"{major}.{minor}.{micro}") for micro in micros)
    )
    return found or None


def _text(path: Path) -> str:
    """Return what a file says; nothing where it cannot be read, or is a pipe that nobody fills."""
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except (OSError, ValueError):
        return ""


def _from_pyproject(text: str) -> str | None:
    try:
        project = tomllib.loads(text).get("project")
    except (ValueError, RecursionError):
        return None
    wanted = project.get("requires-python") if isinstance(project, dict) else None
    return wanted if isinstance(wanted, str) else None


def _from_setup_cfg(text: str) -> str | None:
    if not text:
        return None
    import configparser  # noqa: PLC0415  few projects have such a file

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except (ValueError, configparser.Error):
        return None
    return parser.get("options", "python_requires", fallback=None)
