"""What an analysis says it read in, and what CPython says of the same files; every file and import lost, out."""

import os
from collections.abc import Iterator
from pathlib import Path

from judging import Fault


def unaccounted(package_folders: list[Path], base: Path, account: dict, truths: dict[str, dict]) -> Iterator[Fault]:
    """Files of a package that are neither analysed nor listed, and imports that were not found.

    `account` is what an analysis says, `truths` what CPython says of each file.
    """
    if account["error"]:
        return
    analysed = {os.path.realpath(path): (name, is_package) for name, path, is_package in account["modules"]}
    listed = {path for path, _ in account["skipped"]}
    names = {name for name, _, _ in account["modules"]}
    found: dict[str, set[tuple[str, int]]] = {}
    for importer, imported, line_number, form in account["mentions"]:
        if form != 2:
            found.setdefault(importer, set()).add((imported, line_number))
    for path in python_files(package_folders):
        shown = _as_listed(path, base)
        is_listed = any(shown == entry or shown.startswith(f"{entry}/") for entry in listed)
        if os.path.realpath(path) not in analysed:
            if not is_listed:
                yield Fault("unaccounted", "neither analysed nor listed", shown)
            continue
        truth = truths.get(path)
        if truth is None:
            continue
        name, is_package = analysed[os.path.realpath(path)]
        if truth["refusal"]:
            if not is_listed and any(word in truth["refusal"] for word in ("null byte", "encoding", "codec can't")):
                yield Fault("unaccounted", "CPython refuses it, and it is not listed", f"{shown}: {truth['refusal']}")
            continue
        if is_listed:
            reason = next(reason for entry, reason in account["skipped"] if shown == entry or shown.startswith(entry))
            if reason.startswith("a link to a folder"):
                continue
            yield Fault("unaccounted", f"CPython parses it, but it is listed: {reason}", shown)
            continue
        expected = _expected(name, truth["imports"], names, is_package=is_package)
        missing = expected - found.get(name, set())
        added = found.get(name, set()) - expected
        if missing:
            yield Fault("imports", "missing", f"{shown}: {sorted(missing)[:3]}, but has {sorted(added)[:3]}")
        elif added:
            yield Fault("imports", "invented", f"{shown}: {sorted(added)[:3]}")


def _as_listed(path: str, base: Path) -> str:
    return os.fsencode(os.path.relpath(path, base)).decode("utf-8", "backslashreplace")


def python_files(folders: list[Path]) -> list[str]:
    """Regular files with importable names in folders with importable names."""
    found = []
    for folder in folders:
        for path, directories, files in os.walk(folder):
            directories[:] = [name for name in directories if name.isidentifier() and name != "__pycache__"]
            found += [
                os.path.join(path, name)
                for name in files
                if name.endswith(".py") and name[:-3].isidentifier() and os.path.isfile(os.path.join(path, name))
            ]
    return sorted(found)


def _expected(
    module: str, imports: list[tuple[int, str, str, int]], names: set[str], *, is_package: bool
) -> set[tuple[str, int]]:
    found = set()
    for level, base, name, line_number in imports:
        full = base
        if level:
            parts = module.split(".")
            keep = len(parts) - level + is_package
            if keep < 1:
                continue
            full = ".".join([*parts[:keep], *([base] if base else [])])
        taken_from, full = full, f"{full}.{name}" if name else full
        known = next((part for part in (full, full.rpartition(".")[0]) if part in names), None)
        if known:
            found.add((known, line_number))
        elif "." in taken_from and taken_from.partition(".")[0] in {part.partition(".")[0] for part in names}:
            # A module that is not there: importing it runs the packages on the way.
            found.add((taken_from, line_number))
    return found
