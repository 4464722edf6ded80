"""The child process that scans module files for imports: a request on stdin, the answer on stdout.

grimp parses with a recursive parser that a hostile file can crash, together with its process. Here that costs one
child, not the analysis. Both sides speak `marshal`, which holds plain values only.
"""

import gc
import marshal
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

Module = tuple[str, str, str, bool]
"""Name, root folder, path, and whether it is a package."""
Line = tuple[int, int, bool]
"""Index of the imported module, line number, whether the statement is lazy."""
Failure = tuple[int, str, int]
"""Index of the module, why its imports are not known, line number or 0."""
Request = tuple[list[Module], list[int]]
"""All modules, and the indices of those to scan."""
Answer = tuple[dict[int, list[Line]], list[Failure], list[int]]
"""The imports of each module; those that cannot be read; those that only grimp cannot read."""
Scanner = Callable[[Sequence[int]], dict[int, list[Line]]]

_CANARY = {
    "/canary/__init__.py": "",
    "/canary/a.py": "from . import (\n    b)\nimport canary.b\n",
    "/canary/b.py": "\n",
}
_CANARY_MODULES = [("canary", "/canary"), ("canary.a", "/canary"), ("canary.b", "/canary")]
_CANARY_IMPORTS = {0: [], 1: [(2, 1, False), (2, 3, False)], 2: []}


def scan(request: Request) -> Answer:
    """Scan the modules asked for by grimp, and by CPython's own parser those that grimp cannot read.

    Where grimp's scanner, which is no public API, is not as known, CPython's parser reads them all.
    """
    modules, wanted = request
    imports: dict[int, list[Line]] = {}
    scanner = known_scanner([(name, folder) for name, folder, _, _ in modules])
    to_blame: list[int] = []
    if scanner is None:
        left = list(wanted)
    else:
        left = [index for index in wanted if _is_shadowed(modules[index])]
        to_blame = _scan_by_halves(scanner, sorted({*wanted}.difference(left)), imports)
    left += to_blame
    failures = _scan_by_syntax(modules, sorted(left), imports) if left else []
    return imports, failures, sorted(set(to_blame).intersection(imports))


def known_scanner(modules: Sequence[tuple[str, str]]) -> Scanner | None:
    """Return grimp's scanner for modules (name, root folder), or None where it does not do what it is known to do."""
    try:
        _without_its_graph("grimp")
        from grimp import _rustgrimp  # type: ignore[attr-defined]  # noqa: PLC0415  it may have gone

        canary = _scanner(_CANARY_MODULES, _rustgrimp.FakeBasicFileSystem(contents="", content_map=_CANARY))
        found = {index: sorted(lines) for index, lines in canary([0, 1, 2]).items()}
        if found != _CANARY_IMPORTS:
            return None
        return _scanner(modules, _rustgrimp.RealBasicFileSystem())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  a panic in Rust arrives as a BaseException
        return None


def _without_its_graph(package: str) -> None:
    """Let submodules of a package be imported without its `__init__`: grimp's loads what builds graphs, for 40 ms."""
    if package not in sys.modules and (spec := PathFinder.find_spec(package)):
        sys.modules[package] = module_from_spec(spec)


def _scanner(modules: Sequence[tuple[str, str]], file_system: object) -> Scanner:
    from grimp import _rustgrimp  # type: ignore[attr-defined]  # noqa: PLC0415  build_graph() cannot leave a file out
    from grimp.application.ports.modulefinder import FoundPackage, ModuleFile  # noqa: PLC0415
    from grimp.domain import valueobjects  # noqa: PLC0415

    indices = {name: index for index, (name, _) in enumerate(modules)}
    files = [ModuleFile(valueobjects.Module(name), 0.0) for name, _ in modules]
    by_folder: dict[tuple[str, str], set[ModuleFile]] = {}
    for (name, folder), file in zip(modules, files, strict=True):
        by_folder.setdefault((name.partition(".")[0], folder), set()).add(file)
    packages = {FoundPackage(name, folder, frozenset(found)) for (name, folder), found in by_folder.items()}

    def scan_by_grimp(chunk: Sequence[int]) -> dict[int, list[Line]]:
        found = _rustgrimp.scan_for_imports(
            module_files=tuple(files[index] for index in chunk),
            found_packages=packages,
            include_external_packages=False,
            exclude_type_checking_imports=False,
            file_system=file_system,
        )
        return {
            indices[module.name]: [(indices[line.imported.name], line.line_number, line.is_lazy) for line in lines]
            for module, lines in found.items()
        }

    return scan_by_grimp


def _scan_by_halves(scanner: Scanner, wanted: Sequence[int], imports: dict[int, list[Line]]) -> list[int]:
    """Add the imports of modules; returns those to blame where that fails, found by halving what fails."""
    to_blame: list[int] = []
    waiting = [wanted]
    while waiting:
        chunk = waiting.pop()
        try:
            imports |= scanner(chunk)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001  a panic in Rust arrives as a BaseException
            half = len(chunk) // 2
            if half:
                waiting += [chunk[half:], chunk[:half]]
            else:
                to_blame += chunk
    return to_blame


def _scan_by_syntax(modules: Sequence[Module], wanted: Sequence[int], imports: dict[int, list[Line]]) -> list[Failure]:
    """Add the imports of modules as CPython's parser finds them; returns those that it cannot read either."""
    # This file is run by its path, so that a child that needs grimp alone loads nothing of the package.
    sys.path.append(os.path.abspath(f"{__file__}/../../.."))
    from cycles.source.file_text import UnreadableError, read_bytes  # noqa: PLC0415
    from cycles.source.import_statements import imports_of  # noqa: PLC0415

    indices = {name: index for index, (name, _, _, _) in enumerate(modules)}
    failures: list[Failure] = []
    for index in wanted:
        name, _, path, is_package = modules[index]
        try:
            found = imports_of(read_bytes(path), name, indices, is_package=is_package)
        except UnreadableError as error:
            failures.append((index, error.reason, error.line_number or 0))
        else:
            imports[index] = [(indices[imported], line_number, lazy) for imported, line_number, lazy in found]
    return failures


def _is_shadowed(module: Module) -> bool:
    """Whether grimp would read `a.py` where Python loads `a/__init__.py`."""
    _, _, path, is_package = module
    return is_package and os.path.isfile(f"{os.path.dirname(path)}.py")


if __name__ == "__main__":
    # It makes no reference cycles worth collecting, neither now nor at its end.
    gc.disable()
    marshal.dump(scan(marshal.load(sys.stdin.buffer)), sys.stdout.buffer)  # noqa: S302  from our own parent process
    gc.freeze()
