"""What the contract type `startup` costs next to import-linter's own `forbidden`, on the same packages."""

import copy
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import grimp
from importlinter import Contract, configuration
from importlinter.contracts.forbidden import ForbiddenContract

from cycles.contracts.startup import StartupContract
from measure import measure_side_by_side

RUNS = 5
HEAD = "| package | modules | without | `forbidden` s | `startup` s | ratio | of it the check, ms | ms |"
_LINT = """import sys; sys.path.insert(0, {site!r})
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename={path!r}, no_cache=True))"""


def lock_row(package: str, without: str, site: str) -> str:
    """Processor time of `lint-imports` as a whole, and of one check of the graph: medians of runs that take turns."""
    configuration.configure()
    settings = {
        "forbidden": {"source_modules": [package], "forbidden_modules": [without]},
        "startup": {"entries": [package], "forbidden": [without]},
    }
    session = {"root_packages": [package], "include_external_packages": True}
    times: list[list[float]] = [[], []]
    sys.path.insert(0, site)
    try:
        graph = grimp.build_graph(package, include_external_packages=True, cache_dir=None)
        contracts = [
            ForbiddenContract("forbidden", session, settings["forbidden"]),
            StartupContract("startup", session, settings["startup"]),
        ]
        for _ in range(RUNS):
            for contract, measured in zip(contracts, times, strict=True):
                measured.append(_milliseconds(contract, graph))
    finally:
        sys.path.remove(site)
    theirs, ours = map(statistics.median, times)
    with tempfile.TemporaryDirectory() as folder:
        commands = []
        for kind, options in settings.items():
            path = Path(folder, f"{kind}.toml")
            path.write_text(_configuration(package, kind, options), encoding="utf-8")
            commands.append([sys.executable, "-c", _LINT.format(site=site, path=str(path))])
        before, after = (found.processor for found in measure_side_by_side(commands, Path(folder), runs=RUNS))
    return (
        f"| {package} | {len(graph.modules):,} | {without} | {before:.2f} | {after:.2f} | {after / before:.2f} "
        f"| {theirs:.0f} | {ours:.0f} |"
    )


def _milliseconds(contract: Contract, graph: grimp.ImportGraph) -> float:
    own = copy.deepcopy(graph)
    started = time.process_time()
    contract.check(own, verbose=False)
    return (time.process_time() - started) * 1000


def _configuration(package: str, kind: str, options: Mapping[str, list[str]]) -> str:
    lines = [
        "[tool.importlinter]",
        f'root_packages = ["{package}"]',
        "include_external_packages = true",
        'contract_types = ["startup: cycles.contracts.startup.StartupContract"]',
        "[[tool.importlinter.contracts]]",
        f'name = "{kind}"\ntype = "{kind}"',
        *(f'{name} = ["{value}"]' for name, (value,) in options.items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(lock_row(*sys.argv[1:]))
