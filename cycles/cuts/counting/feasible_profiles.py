"""A piece of a kernel in; which states of its frontier could still be completed, out.

The outline of a state is what is left of it without the pairing of ends. Outlines are few, and a
state whose outline no choices could complete need not be followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.counting.contraction import Piece
from cycles.cuts.counting.decisions import Decision, decisions_of


@dataclass(frozen=True, slots=True)
class Plan:
    """Decisions, before each of them the outlines that choices could still complete, and the steps to find them."""

    decisions: tuple[Decision, ...]
    outlines: tuple[frozenset[int], ...]
    steps: int


def planned(piece: Piece, order: Sequence[int], budget: int) -> Plan | None:
    """The decisions in that order of the vertices, and their outlines; None if these take more than `budget` steps."""
    decisions = tuple(decisions_of(piece, order))
    steps = 0
    outlines = {0: 0}
    layers: list[tuple[tuple[int, ...], list[tuple[int, int]]]] = []
    for decision in decisions:
        idle, movable = _outlines_apart(decision, outlines)
        steps += len(idle) + len(movable) * len(decision.options)
        if steps > budget:
            return None
        before = tuple(outlines)
        outlines = {}
        layers.append((before, _outline_moves(decision, idle, movable, outlines)))
    promising = {0}
    kept: list[frozenset[int]] = []
    for before, moves in reversed(layers):
        promising = {source for source, target in moves if target in promising}
        kept.append(frozenset(before[number] for number in promising))
    return Plan(decisions=decisions, outlines=tuple(reversed(kept)), steps=steps)


def _outlines_apart(
    decision: Decision, outlines: Mapping[int, int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """As for states: outlines that may stay, and outlines that may take an edge, already changed at the vertex."""
    awaits, meets = (flag << decision.place * decision.bits for flag in (decision.awaits, decision.meets))
    idle = [(number, outline) for outline, number in outlines.items() if not outline & awaits]
    movable = [(number, outline ^ awaits) for outline, number in outlines.items() if outline & awaits]
    if decision.entering:
        movable += [(number, outline | meets) for number, outline in idle if not outline & meets]
    return idle, movable


def _outline_moves(
    decision: Decision,
    idle: Iterable[tuple[int, int]],
    movable: Sequence[tuple[int, int]],
    found: dict[int, int],
) -> list[tuple[int, int]]:
    hopeless = decision.hopeless
    moves = [(number, found.setdefault(same, len(found))) for number, same in idle if not same & hopeless]
    for place, _ in decision.options:
        awaits, meets = (flag << place * decision.bits for flag in (decision.awaits, decision.meets))
        for number, outline in movable:
            if outline & awaits:
                continue
            after = outline ^ meets if outline & meets else outline | awaits
            if not after & hopeless:
                moves.append((number, found.setdefault(after, len(found))))
    return moves
