"""What commands that execute the user's code share: how an interpreter is started, and whether it can be ended."""

import os
from typing import TYPE_CHECKING

from cycles.errors import CyclesError

if TYPE_CHECKING:  # `--help` must not load what a run needs
    from cycles.children.interpreter import Interpreter
    from cycles.model import Analysis

# As the user set it: a run of `cycles` adds to its own.
_ENVIRONMENT = dict(os.environ)
_SECONDS = 60.0


def need_process_groups(option: str) -> None:
    """Raise CyclesError where processes that the user's code starts could not be ended with it."""
    if not hasattr(os, "killpg"):
        raise CyclesError(
            f"{option} needs process groups, which this system lacks; leave it out, or use Linux or macOS"
        )


def interpreter_for(
    analysis: "Analysis",
    *,
    python: str,
    setup: str,
    after: tuple[str, ...] = (),
    timeout: float | None = None,
) -> "Interpreter":
    """Return how to start an interpreter that finds the modules of an analysis where they were read."""
    from cycles.children.interpreter import Interpreter

    return Interpreter(
        python=python,
        folder=os.getcwd(),
        environment=_ENVIRONMENT,
        project=analysis.project,
        source_folders=tuple(dict.fromkeys(os.path.dirname(file.folder) for file in analysis.files)),
        setup=setup,
        after=after,
        timeout=timeout or _SECONDS,
    )
