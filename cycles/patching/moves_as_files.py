"""Make moves of definitions as files: the module that they leave, and the one that they go to."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cycles.enums import Rule
from cycles.errors import CyclesError
from cycles.fixes.definition_values import Move
from cycles.fixes.edits import RefusedError, apply_to_bytes, as_themselves, names_at, without_imports
from cycles.fixes.name_users import NameUsers
from cycles.model import Component, Edit
from cycles.patching.fix_result import FixMove, Warned
from cycles.patching.steps import Workbench
from cycles.source.body_effects import exported_names

_IMPORT = re.compile(rb"^from [\w.]+ import [\w, ]+\w(?=\r?$)", re.MULTILINE)
"""A whole line that imports names."""


def make_moves(
    bench: Workbench, planned: Sequence[tuple[Component, Sequence[Move]]], *, pinned: bool = False
) -> tuple[FixMove, ...]:
    """Return moves as files, each as tidy as the module was that the definitions leave.

    What moved is imported back before all that may ask for it, in order of names; `pinned`: whatever the order.

    Raises:
        CyclesError: where a file lies outside of the project, or its encoding cannot write the edit.

    """
    return tuple(_made(bench, component, move, pinned=pinned) for component, moves in planned for move in moves)


def contents_after(made: Sequence[FixMove]) -> dict[str, bytes]:
    """Return the contents of the modules that moves change and make, by name."""
    found: dict[str, bytes] = {}
    for one in made:
        names = (one.move.source, one.move.target.name)
        found.update(zip(names, (after for _, _, after in one.files), strict=True))
    return found


def _made(bench: Workbench, component: Component, move: Move, *, pinned: bool) -> FixMove:
    source = bench.analysis.sources.modules[move.source]
    data = bench.analysis.sources.file(move.source).data
    path, target = bench.path_of(move.source), Path(move.target.path)
    if path is None or not target.is_relative_to(bench.top):
        raise CyclesError(f"{move.source} lies outside of the project, so nothing of it is moved; leave out --moves")
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    after = _without_unused(bench, move, data, _edited(source.path, data, move.edits))
    after = _pinned(data, after) if pinned else after
    there = None if move.is_new else bench.analysis.sources.file(move.target.name).data
    if there is None:
        text = move.text.encode("utf-8").replace(b"\n", newline)
        text = bench.tidy.tidied_new(move.target.path, source.path, data, text)
    else:
        text = bench.tidy.tidied(move.target.path, there, _edited(move.target.path, there, move.target_edits))
    files = (
        (path, data, bench.tidy.with_imports_meant(source.path, data, bench.tidy.tidied(source.path, data, after))),
        (target.relative_to(bench.top).as_posix(), there, text),
    )
    return FixMove(move, component, files, tuple(_warnings(bench, move)))


def _pinned(before: bytes, after: bytes) -> bytes:
    """Keep the new imports of a module out of the order of the others, as isort and Ruff are told it."""
    known = frozenset(before.splitlines())
    lines = after.splitlines(keepends=True)
    return b"".join(
        _IMPORT.sub(rb"\g<0>  # isort: skip", line) if line.rstrip(b"\r\n") not in known else line for line in lines
    )


def _edited(path: str, data: bytes, edits: Sequence[Edit]) -> bytes:
    try:
        return apply_to_bytes(data, edits)
    except RefusedError as refused:
        raise CyclesError(f"{path} cannot be edited in its encoding ({refused.reason}); leave out --moves") from refused


def _without_unused(bench: Workbench, move: Move, data: bytes, after: bytes) -> bytes:
    """Take out the imports that only the moved code used, and that nobody takes from there.

    What an `if TYPE_CHECKING:` held may have been all that needed TYPE_CHECKING: so it is looked again. Names that
    others take from there, or may, are imported as themselves: who reads that knows it is meant, and Ruff does.
    """
    module, analysis = move.source, bench.analysis
    path = analysis.sources.modules[module].path
    new = [found for found in bench.tidy.new_findings(path, data, after) if found.code == "F401"]
    lines = after.splitlines()
    named = {(found.line_number, found.column): found for found in new if lines[found.line_number - 1].isascii()}
    if not named:
        return after
    bound = dict(names_at(after, named))
    exported, lists = exported_names(analysis.sources.file(module).tree)
    stars = {name for name in bound.values() if not name.startswith("_") and (not lists or exported is None)}
    users = NameUsers(analysis.mentions, analysis.sources, Path(analysis.project), [module], list(bound.values()))
    gone = [place for place, name in bound.items() if users.taker(module, name, public=name in stars) is None]
    if gone:
        return _without_unused(bench, move, data, without_imports(after, gone))
    return as_themselves(after, bound)


def _warnings(bench: Workbench, move: Move) -> Iterator[Warned]:
    """Yield where tests replace what moves, or what it reads there: it finds that elsewhere then."""
    moved = {name for definition in move.definitions for name in definition.names}
    found = [place for name in sorted(moved) for place in bench.habits.patched(move.source, name)]
    for name in move.read:
        found += bench.habits.patched(move.source, name, whole=True)
    yield from (Warned(Rule.PATCHED, place) for place in dict.fromkeys(found))
