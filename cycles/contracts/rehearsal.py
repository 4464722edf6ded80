"""The child process that rehearses a contract with import-linter: a request on stdin, its findings on stdout, as JSON.

A process of its own, because grimp can crash on a hostile file. Nothing of the package is imported:
the finder is told its folders, so that `sys.path` never leads there.
"""

import contextlib
import json
import sys
from collections.abc import Sequence

import grimp
from grimp.application.config import settings as grimp_settings
from grimp.application.ports.filesystem import AbstractFileSystem
from grimp.application.ports.packagefinder import AbstractPackageFinder

from cycles.contracts.exchange import Answer, Request
from cycles.contracts.mutants import new_imports
from cycles.contracts.seen import seen_by
from cycles.contracts.verdict import Pair, Seen, is_acyclic, kept_with
from cycles.enums import GraphName
from cycles.source.names import inside


def main() -> None:
    """Answer one request."""
    request: Request = json.load(sys.stdin)
    find_in(request["folders"])
    try:
        answer = _answer(request)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic in Rust arrives as a BaseException
        answer = _nothing(f"{type(error).__name__}: {error}")
    json.dump(answer, sys.stdout)


def lint() -> None:
    """Check the contracts of a configuration, the first argument, as `lint-imports` does; stdin has the packages.

    Prints, as JSON, whether each contract is kept, by its id. `lint-imports` itself prints tables for people, whose
    lines break where a name is long or a terminal narrow: its report is asked instead.
    """
    from importlinter import configuration  # noqa: PLC0415  loaded only where it runs
    from importlinter.application.use_cases import create_report, read_user_options  # noqa: PLC0415
    from importlinter.domain.contract import registry  # noqa: PLC0415

    from cycles.contracts.acyclic import AcyclicModulesContract  # noqa: PLC0415

    configuration.configure()
    folders: dict[str, list[str]] = json.load(sys.stdin)
    find_in(folders)
    # What `lint-imports` does with `contract_types`; later releases do it again for every file.
    registry.register(AcyclicModulesContract, AcyclicModulesContract.type_name)
    with contextlib.redirect_stdout(sys.stderr):
        report = create_report(read_user_options(sys.argv[1]), cache_dir=None)
    if report.could_not_run:
        sys.exit("; ".join(f"{name}: {error}" for name, error in sorted(report.invalid_contract_options.items())))
    kept = {contract.contract_options["id"]: check.kept for contract, check in report.get_contracts_and_checks()}
    json.dump(kept, sys.stdout)


def options() -> None:
    """Print what import-linter reads in a configuration, the first argument."""
    from importlinter import cli  # noqa: PLC0415, F401  it makes its readers known
    from importlinter.application.use_cases import read_user_options  # noqa: PLC0415

    found = read_user_options(sys.argv[1])
    json.dump([found.session_options, found.contracts_options], sys.stdout)


def find_in(folders: dict[str, list[str]]) -> None:
    """Let import-linter find packages in these folders, and nowhere else."""
    grimp_settings.configure(PACKAGE_FINDER=_KnownFolders(folders))


class _KnownFolders(AbstractPackageFinder):
    """Finds packages where it is told, whatever else has their name."""

    def __init__(self, folders: dict[str, list[str]]) -> None:
        self.folders = folders

    def determine_package_directories(self, package_name: str, file_system: AbstractFileSystem) -> set[str]:  # noqa: ARG002
        return set(self.folders[package_name])


def _nothing(error: str = "") -> Answer:
    return Answer(error=error, imports=[], kept=False, cuts=(0, 0), closing=(0, 0), harmless=(0, 0), everywhere=True)


def _answer(request: Request) -> Answer:
    roots = sorted(request["folders"])
    graph = grimp.build_graph(
        *roots, exclude_type_checking_imports=request["exclude_type_checking_imports"], cache_dir=None
    )
    packages = request["packages"]
    scope = {module for module in graph.modules if any(inside(module, package) for package in packages)}
    if missing := [package for package in packages if package not in scope]:
        return _nothing(f"it knows no package {missing[0]} (a folder without __init__.py inside a regular package?)")
    answer = _nothing()
    if not request["rehearse"]:
        answer["imports"] = [
            (importer, imported, found["line_number"])
            for importer in sorted(scope)
            for imported in sorted(graph.find_modules_directly_imported_by(importer) & scope)
            for found in graph.get_import_details(importer=importer, imported=imported)
        ]
        return answer
    excepted = [(importer, imported) for importer, imported in request["excepted"]]
    name = GraphName(request["graph"])
    seen = seen_by(graph, scope, name, roots, everything=not excepted)
    answer["kept"] = is_acyclic(seen, excepted)
    broken = [not is_acyclic(seen, [other for other in excepted if other != cut]) for cut in excepted]
    answer["cuts"] = (sum(broken), len(broken))
    if answer["kept"]:
        _rehearse(seen, excepted, answer)
    return answer


def _rehearse(seen: Seen, excepted: Sequence[Pair], answer: Answer) -> None:
    """Add every new import inside the former components, or a sample of them, one at a time."""
    found = new_imports(seen, excepted)
    right = {
        closes: sum(
            kept is not closes
            for part, pairs in zip(found.parts, of_part, strict=True)
            for kept in kept_with(part, excepted, pairs)
        )
        for closes, of_part in ((True, found.closing), (False, found.harmless))
    }
    answer["closing"] = right[True], sum(map(len, found.closing))
    answer["harmless"] = right[False], sum(map(len, found.harmless))
    answer["everywhere"] = found.everywhere
