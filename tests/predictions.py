"""First imports, predicted from files alone: a library for each prediction, and nothing kept."""

import sys
from collections.abc import Collection, Sequence

from cycles.simulate import simulate_first_imports
from cycles.simulate.simulate_first_imports import Library, Prediction
from cycles.source.import_values import ModuleFile
from cycles.source.source_file import sources_of


def predict(
    files: Sequence[ModuleFile],
    entries: Sequence[str],
    *,
    project: str,
    compiled: Collection[str] = (),
    version: tuple[int, int] = sys.version_info[:2],
    **options,
) -> tuple[Prediction, ...]:
    """What becomes of each entry; `files` are all modules of the roots, `compiled` those that have no text."""
    return simulate_first_imports.predict(Library(sources_of(files), compiled, project, version), entries, **options)
