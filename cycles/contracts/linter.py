"""Ask what import-linter sees of packages, in a child process (`linter_worker`) that a hostile file may crash."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cycles.contracts.contract_text import Contract
from cycles.contracts.sufficient_cuts import ContractGraph
from cycles.errors import CyclesError
from cycles.model import Analysis
from cycles.processes import run
from cycles.source.module_names import inside

Line = tuple[str, str, int]
"""Importer, imported and line number of an import that import-linter sees."""
Seen = tuple[frozenset[Line], ContractGraph]
"""Every import inside some packages that import-linter sees, and the graph that a contract on them looks at."""

_PROJECT = Path(__file__).parents[2]
# At the end of the path, for an environment may have this package installed: then it is that one.
_WORKER = f"import sys; sys.path.append({str(_PROJECT)!r}); from cycles.contracts.linter_worker import main; main()"
_ERROR_SHOWN = 300


def seen_by_linter(analysis: Analysis, wanted: Contract, *, exclude_type_checking_imports: bool = False) -> Seen:
    """Return what import-linter sees of what a contract covers; raises CyclesError where it cannot read that."""
    request = {
        "folders": _folders(analysis, wanted.roots),
        "packages": wanted.packages,
        "graph": wanted.graph,
        "by": wanted.by,
        "exclude_type_checking_imports": exclude_type_checking_imports,
    }
    imports, modules, causes = json.loads(_answer(request, wanted.packages))
    pairs = {
        importer: {imported: [tuple(pair) for pair in found] for imported, found in others.items()}
        for importer, others in causes.items()
    }
    return frozenset(map(tuple, imports)), ContractGraph(tuple(modules), pairs, wanted.by)


def eager_ways(
    analysis: Analysis,
    entries: Sequence[str],
    forbidden: Sequence[str],
    roots: Sequence[str],
    allow: Sequence[str],
    django_settings: str = "",
) -> list[list[Line]]:
    """Return by which ways importing some entries loads what is forbidden, as import-linter sees it.

    With `django_settings` what `django.setup()` imports with them counts too. Each is a list of steps (importer,
    loaded, line number), the last of which loads it. Raises CyclesError where it cannot read the packages.
    """
    request = {
        "folders": _folders(analysis, roots),
        "entries": entries,
        "forbidden": forbidden,
        "allow": allow,
        "django_settings": django_settings,
    }
    ways: list[list[list[str]]] = json.loads(_answer(request, roots))
    return [[(importer, loaded, int(line)) for importer, loaded, line in way] for way in ways]


def _folders(analysis: Analysis, roots: Sequence[str]) -> dict[str, list[str]]:
    """Return the folders of each root package."""
    return {root: sorted({module.folder for module in analysis.files if inside(module.name, root)}) for root in roots}


def _answer(request: Mapping[str, object], packages: Sequence[str]) -> str:
    """Return what the child answers; raises CyclesError, with what it says, where it does not."""
    # `-P`: neither the user's folder nor what lies in it is on the path.
    finished = run([sys.executable, "-P", "-c", _WORKER], json.dumps(request), _PROJECT)
    if finished.returncode == 0:
        return finished.stdout
    error = finished.stderr.strip().rpartition("\n")[2] or f"its process ended with status {finished.returncode}"
    raise CyclesError(f"import-linter cannot read {' and '.join(packages)}: {error[:_ERROR_SHOWN]}; fix that first")
