"""What ENTRY means: a module, a function in one, a script, the name of a console script, or Django's settings."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import Analysis
from cycles.source.build_configuration import console_scripts
from cycles.source.file_text import UnreadableError
from cycles.source.first_party import imported_names
from cycles.source.import_values import ModuleFile
from cycles.source.root_packages import find_root, is_installed, is_regular
from cycles.source.source_file import SourceFile
from cycles.startup.installed_distributions import Environment
from cycles.startup.startup_values import Entry, EntryKind

MAIN = "__main__"
_SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']""")


def find_entry(text: str, folders: Sequence[Path], environment: Environment) -> Entry:
    """Return what an ENTRY means that is no settings module.

    Args:
        text: what was asked for.
        folders: where the project's packages are looked for, the working directory first.
        environment: what is installed.

    Raises:
        CyclesError: where it means nothing.

    """
    everything = Environment([*folders, *map(Path, environment.folders)], environment.version)
    module, colon, attribute = text.partition(":")
    if _is_dotted(module) and (not colon or _is_dotted(attribute)) and not text.endswith(".py"):
        found = everything.find(module)
        if found is not None and (found.file is not None or found.folders or found.is_compiled):
            kind = EntryKind.CALLABLE if attribute else EntryKind.MODULE
            entry = _entry(kind, text, module, attribute, _path_of_single(module, everything), folders)
            target = "" if "." in text or colon else console_scripts(folders[0], environment.folders).get(text, "")
            return replace(entry, script=":".join(filter(None, target)))
        if colon:
            raise CyclesError(
                f'no module "{module}" was found for {text}; run it in the folder that holds it, or name another'
            )
    path = Path(os.path.abspath(folders[0] / text))
    if path.is_file():
        return _entry(EntryKind.SCRIPT, text, MAIN, "", str(path), folders)
    scripts = console_scripts(folders[0], environment.folders)
    if text in scripts:
        module, attribute = scripts[text]
        single = _path_of_single(module, everything)
        kind = EntryKind.CALLABLE if attribute else EntryKind.MODULE
        return _entry(kind, text, module, attribute, single, folders)
    raise CyclesError(
        f'"{text}" is not a module, script or console script that is found here; name one, such as shop.main, '
        "shop.main:run, manage.py or --django shop.settings"
    )


def _entry(kind: EntryKind, text: str, module: str, attribute: str, path: str, folders: Sequence[Path]) -> Entry:
    """Return an entry, with the single modules that a file in no package reaches."""
    return Entry(kind, text, module, attribute, path, beside=_beside(module, path, folders) if path else ())


def settings_module(folder: Path) -> str:
    """Return the settings module that the `manage.py` in a folder names; raises CyclesError where none does."""
    try:
        found = _SETTINGS.search((folder / "manage.py").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = None
    if found is None:
        raise CyclesError(
            "--django needs a settings module: name one, such as --django shop.settings (manage.py names none)"
        )
    return found[1]


def packages_of(entry: Entry, folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the project's packages that an entry leads to: its own, or those that a script and what it reaches import.

    There may be none: a script may import other distributions alone.
    """
    if not entry.path:
        first = entry.module.partition(".")[0]
        named = {one.module.partition(".")[0] for one in entry.named} - {first}
        local = [folder for folder in folders if not is_installed(folder)]
        return (first, *_packages_in(named, local))
    tops = {top for module in (_main(entry.module, entry.path), *entry.beside) for top in _tops(module)}
    return _packages_in(tops, _local(entry.path, folders))


def _packages_in(names: Iterable[str], folders: Sequence[Path]) -> tuple[str, ...]:
    """Return those of some top-level names that are packages in some folders, sorted."""
    return tuple(
        name
        for name in sorted(names)
        if (root := find_root(name, folders)) is not None and any(map(is_regular, root.folders))
    )


def analysis_of_nothing(entry: Entry) -> Analysis:
    """Return an analysis without packages, for what imports none of the project."""
    folder = os.path.dirname(entry.path)
    return Analysis(
        package=entry.text,
        named=(),
        packages=(),
        folder=folder,
        project=folder,
        files=(),
        compiled=(),
        mentions=(),
        closing=(),
        modules=0,
        imports=0,
        skipped=(),
        self_imports=(),
        summaries=(),
        graph_name=GraphName.IMPORT_TIME,
        components=(),
    )


def _beside(module: str, path: str, folders: Sequence[Path]) -> tuple[ModuleFile, ...]:
    """Return the single modules of the project that a file reaches, one through another."""
    local = _local(path, folders)
    found: dict[str, ModuleFile] = {}
    waiting = [_main(module, path)]
    while waiting:
        for top in _tops(waiting.pop()):
            root = find_root(top, local)
            if root and root.is_module and top not in found and top != module:
                found[top] = ModuleFile(
                    top, f"{root.folders[0]}.py", is_package=False, folder=str(root.folders[0].parent)
                )
                waiting.append(found[top])
    return tuple(found[name] for name in sorted(found))


def _local(path: str, folders: Sequence[Path]) -> list[Path]:
    return [folder for folder in dict.fromkeys((Path(path).parent, *folders)) if not is_installed(folder)]


def _main(module: str, path: str) -> ModuleFile:
    return ModuleFile(module, path, is_package=False, folder=os.path.dirname(path))


def _tops(module: ModuleFile) -> list[str]:
    """Return the top-level names that a file imports, but for those of the standard library."""
    try:
        names = imported_names(SourceFile(module))
    except UnreadableError as error:
        raise CyclesError(f"{module.path} cannot be read: {error.reason}; fix it first") from error
    return sorted({name.partition(".")[0] for name in names} - sys.stdlib_module_names)


def _is_dotted(name: str) -> bool:
    return bool(name) and all(part.isidentifier() for part in name.split("."))


def _path_of_single(module: str, environment: Environment) -> str:
    """Return the file of a top-level module that is in no package; "" for all others."""
    found = environment.find(module)
    single = "." not in module and found is not None and found.file is not None and not found.file.is_package
    return found.file.path if single and found is not None and found.file is not None else ""
