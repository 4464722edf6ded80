"""Make moves of definitions as files: the module that they leave, and the one that they go to."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cycles.enums import Rule
from cycles.errors import CyclesError
from cycles.fixes.edits import RefusedError, apply_to_bytes
from cycles.fixes.values import Move
from cycles.model import Component
from cycles.patching.steps import Workbench
from cycles.patching.values import FixMove, Place, Warned


def make_moves(bench: Workbench, planned: Sequence[tuple[Component, Sequence[Move]]]) -> tuple[FixMove, ...]:
    """Return moves as files, each as tidy as the module was that the definitions leave.

    Raises:
        CyclesError: where a file lies outside of the project, or its encoding cannot write the edit.

    """
    return tuple(_made(bench, component, move) for component, moves in planned for move in moves)


def contents_after(made: Sequence[FixMove]) -> dict[str, bytes]:
    """Return the contents of the modules that moves change and make, by name."""
    found: dict[str, bytes] = {}
    for one in made:
        names = (one.move.source, one.move.target.name)
        found.update(zip(names, (after for _, _, after in one.files), strict=True))
    return found


def _made(bench: Workbench, component: Component, move: Move) -> FixMove:
    source = bench.analysis.sources.modules[move.source]
    data = bench.analysis.sources.file(move.source).data
    path, target = bench.path_of(move.source), Path(move.target.path)
    if path is None or not target.is_relative_to(bench.top):
        message = f"{move.source} lies outside of the project, so nothing of it is moved; leave out --moves"
        raise CyclesError(message)
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    try:
        after = apply_to_bytes(data, move.edits)
    except RefusedError as refused:
        message = f"{source.path} cannot be edited in its encoding ({refused.reason}); leave out --moves"
        raise CyclesError(message) from refused
    text = move.text.encode("utf-8").replace(b"\n", newline)
    files = (
        (path, data, bench.tidy.tidied(source.path, data, after)),
        (
            target.relative_to(bench.top).as_posix(),
            None,
            bench.tidy.tidied_new(move.target.path, source.path, data, text),
        ),
    )
    return FixMove(move, component, files, tuple(_warnings(bench, move)))


def _warnings(bench: Workbench, move: Move) -> Iterator[Warned]:
    names = [name for definition in move.definitions for name in definition.names]
    for name in names:
        for place in bench.habits.patched(move.source, name):
            yield Warned(Rule.PATCHED, Place(place.path, place.line_number))
