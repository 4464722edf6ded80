"""An Analysis and the options of `--run` in; a function that really imports its modules, out."""

import os
from collections.abc import Callable, Mapping, Sequence

from cycles.children.interpreter import Interpreter
from cycles.children.runner import probe
from cycles.model import Analysis, FirstImport


def interpreter_for(
    analysis: Analysis,
    *,
    python: str,
    environment: Mapping[str, str],
    setup: str,
    after: tuple[str, ...],
    timeout: float,
) -> Interpreter:
    """How to start an interpreter that finds the modules of an analysis where they were read."""
    return Interpreter(
        python=python,
        folder=os.getcwd(),
        environment=environment,
        project=analysis.project,
        source_folders=tuple(dict.fromkeys(os.path.dirname(file.folder) for file in analysis.files)),
        setup=setup,
        after=after,
        timeout=timeout,
    )


def importing(
    interpreter: Interpreter, jobs: int, progress: Callable[[str], None]
) -> Callable[[Sequence[str]], Sequence[FirstImport]]:
    """A function that imports modules, each first, and tells progress how many are done."""

    def run(modules: Sequence[str]) -> Sequence[FirstImport]:
        def show(done: int) -> None:
            progress(f"imported {done:,} of {len(modules):,}")

        return probe(modules, interpreter, jobs=jobs, progress=show)

    return run
