"""The child process that runs grimp: module names on stdin; the imports of each, or why there are none, on stdout.

grimp parses with a recursive parser that a hostile file can crash, together with its process.
Here that costs one child, not the analysis. Both sides speak `marshal`, which holds plain values only.
"""

import marshal
import sys
from collections.abc import Sequence

from grimp import _rustgrimp  # type: ignore[attr-defined]  # the scanner; build_graph() cannot leave one bad file out
from grimp.application.ports.modulefinder import FoundPackage, ModuleFile
from grimp.domain.valueobjects import DirectImport, Module

Line = tuple[int, int, bool]
"""Index of the imported module, line number, whether the statement is lazy."""
Failure = tuple[int, str, str, int]
"""Index of the module, name of the exception, its message, line number or 0."""
Request = tuple[list[tuple[str, str]], list[int], dict[int, tuple[str, str]]]
"""All modules (name, root folder); the indices to scan; those to be read from (path, text) instead of disk."""
Answer = tuple[dict[int, list[Line]], list[Failure]]


def scan(request: Request) -> Answer:
    """Scan the modules asked for, halving whatever fails until the files to blame stand alone."""
    modules, wanted, texts = request
    indices = {name: index for index, (name, _) in enumerate(modules)}
    files = [ModuleFile(Module(name), 0.0) for name, _ in modules]
    packages = _packages(modules, files)
    imports: dict[int, list[Line]] = {}
    failures: list[Failure] = []
    on_disk = _rustgrimp.RealBasicFileSystem()
    waiting = [(on_disk, [index for index in wanted if index not in texts])]
    for index in wanted:
        if index in texts:
            path, text = texts[index]
            waiting.append((_rustgrimp.FakeBasicFileSystem(contents="", content_map={path: text}), [index]))
    while waiting:
        file_system, chunk = waiting.pop()
        try:
            found = _scan_chunk([files[index] for index in chunk], packages, file_system)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  a panic in Rust arrives as a BaseException
            if len(chunk) == 1:
                failures.append((chunk[0], type(error).__name__, str(error), getattr(error, "lineno", None) or 0))
            else:
                half = len(chunk) // 2
                waiting += [(file_system, chunk[half:]), (file_system, chunk[:half])]
            continue
        for module, direct_imports in found.items():
            imports[indices[module.name]] = [
                (indices[found.imported.name], found.line_number, found.is_lazy) for found in direct_imports
            ]
    return imports, failures


def _scan_chunk(
    files: Sequence[ModuleFile], packages: set[FoundPackage], file_system: object
) -> dict[Module, set[DirectImport]]:
    found: dict[Module, set[DirectImport]] = _rustgrimp.scan_for_imports(
        module_files=tuple(files),
        found_packages=packages,
        include_external_packages=False,
        exclude_type_checking_imports=False,
        file_system=file_system,
    )
    return found


def _packages(modules: Sequence[tuple[str, str]], files: Sequence[ModuleFile]) -> set[FoundPackage]:
    """Every root folder with the module files that were found under it."""
    by_folder: dict[tuple[str, str], set[ModuleFile]] = {}
    for (name, folder), file in zip(modules, files, strict=True):
        by_folder.setdefault((name.partition(".")[0], folder), set()).add(file)
    return {FoundPackage(name, folder, frozenset(found)) for (name, folder), found in by_folder.items()}


if __name__ == "__main__":
    marshal.dump(scan(marshal.load(sys.stdin.buffer)), sys.stdout.buffer)  # noqa: S302  from our own parent process
