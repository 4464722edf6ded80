"""Encode partial cycles as numbers: the decisions that extend them, and which of them can still become cycles.

Vertices are decided one after the other, each twice: first the edge by which a cycle enters it, then the
edge by which it leaves. Between two decisions only the frontier matters, the undecided vertices next to
decided ones. A state is one integer with the same few bits for each place of the frontier:

    bit 0  START  an open path starts here, and the vertex is still to be entered
    bit 1  END    an open path ends here, and the vertex is still to be left
    bit 2  DONE   the cycle has entered and left this vertex
    rest          at the two ends of an open path: the place of the other end

No bit is set at a vertex that the cycle has not come to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.counting.contraction import Piece

START, END, DONE = 1, 2, 4
FLAGS = 3
"""How many flags there are: the place of the other end is shifted by as many bits."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Choose the edge by which the vertex at `place` is entered (or left): one of `options` (place, edge), or none.

    A state holds `bits` bits for each place. `awaits` flags an end that wants this decision, `meets`
    the ends that it may join; `joined[near][far]` is an open path between two places. States are
    without hope if any of the bits `hopeless` is set; the bits `needless` make no difference.
    """

    entering: bool
    place: int
    options: tuple[tuple[int, int], ...]
    bits: int
    awaits: int
    meets: int
    joined: tuple[tuple[int, ...], ...]
    hopeless: int
    needless: int

    def everywhere(self, flags: int) -> int:
        """Return the bits of some flags at every place of the frontier."""
        return sum(flags << place * self.bits for place in range(len(self.joined)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Decisions, before each of them the profiles that choices could still complete, and the steps to find them."""

    decisions: tuple[Decision, ...]
    profiles: tuple[frozenset[int], ...]
    steps: int


def planned(piece: Piece, order: Sequence[int], budget: int) -> Plan | None:
    """Return the decisions in an order of the vertices, with profiles; None if these take more than `budget` steps.

    The profile of a state is what is left of it without the pairing of ends and without `DONE`. Profiles are
    few, and a state whose profile no choices could complete need not be followed: a forward pass finds those
    that can be reached, a backward pass keeps those that lead to the end.
    """
    decisions = tuple(_decisions(piece, order))
    steps = 0
    profiles = {0: 0}
    layers: list[tuple[tuple[int, ...], list[tuple[int, int]]]] = []
    for decision in decisions:
        idle, movable = _profiles_apart(decision, profiles)
        steps += len(idle) + len(movable) * len(decision.options)
        if steps > budget:
            return None
        before = tuple(profiles)
        profiles = {}
        layers.append((before, _profile_moves(decision, idle, movable, profiles)))
    promising = {0}
    kept: list[frozenset[int]] = []
    for before, moves in reversed(layers):
        promising = {source for source, target in moves if target in promising}
        kept.append(frozenset(before[number] for number in promising))
    return Plan(decisions=decisions, profiles=tuple(reversed(kept)), steps=steps)


def _decisions(piece: Piece, order: Sequence[int]) -> Iterator[Decision]:
    """Yield two decisions for each vertex in that order: by which undecided vertex it is entered, by which left."""
    rank = {vertex: index for index, vertex in enumerate(order)}
    # Decision 2v enters vertex v, decision 2v + 1 leaves it. An edge is an option of whichever end comes first.
    options: list[list[tuple[int, int]]] = [[] for _ in range(2 * piece.size)]
    last_entered, last_left = [-1] * piece.size, [-1] * piece.size
    for edge, (tail, head) in enumerate((rank[tail], rank[head]) for tail, head in piece.edges):
        when = min(2 * tail + 1, 2 * head)
        options[when].append((max(tail, head), edge))
        last_left[tail] = max(last_left[tail], when)
        last_entered[head] = max(last_entered[head], when)
    later = [{other for other, _ in options[2 * v] + options[2 * v + 1]} | {v} for v in range(piece.size)]
    places = _places(later)
    width = max(places) + 1
    bits = FLAGS + (width - 1).bit_length()
    forwards = _open_paths(width, bits)
    backwards = tuple(zip(*forwards, strict=True))
    frontier: set[int] = set()
    for when, choices in enumerate(options):
        vertex, leaving = divmod(when, 2)
        frontier |= later[vertex]
        hopeless = needless = 0
        for other in frontier:
            # A start that no later edge enters stays open for ever, and so does an end that none leaves. Where one
            # of the two is past, no cycle can come to the vertex any more, DONE or not.
            flags = (START if last_entered[other] <= when else 0) | (END if last_left[other] <= when else 0)
            hopeless |= flags << places[other] * bits
            needless |= (DONE if flags else 0) << places[other] * bits
        yield Decision(
            entering=not leaving,
            place=places[vertex],
            options=tuple((places[other], edge) for other, edge in choices),
            bits=bits,
            awaits=END if leaving else START,
            meets=START if leaving else END,
            joined=backwards if leaving else forwards,
            hopeless=hopeless,
            needless=needless,
        )
        if leaving:
            frontier.discard(vertex)


def _places(later: Sequence[Iterable[int]]) -> tuple[int, ...]:
    """Return a place for each vertex, its own from its first neighbour's decision to its own, and then free again."""
    places = [-1] * len(later)
    free: list[int] = []
    for vertex, others in enumerate(later):
        for other in sorted(others):
            if places[other] < 0:
                places[other] = free.pop() if free else max(places) + 1
        free.append(places[vertex])
    return tuple(places)


def _open_paths(width: int, bits: int) -> tuple[tuple[int, ...], ...]:
    """Return the bits of an open path, by the places of its start and its end: each says where the other is."""

    def path(start: int, end: int) -> int:
        return (START | end << FLAGS) << start * bits | (END | start << FLAGS) << end * bits

    return tuple(tuple(path(start, end) for end in range(width)) for start in range(width))


def _profiles_apart(
    decision: Decision, profiles: Mapping[int, int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the profiles that may stay, and those that may take an edge, already changed at the vertex."""
    awaits, meets = (flag << decision.place * decision.bits for flag in (decision.awaits, decision.meets))
    idle = [(number, profile) for profile, number in profiles.items() if not profile & awaits]
    movable = [(number, profile ^ awaits) for profile, number in profiles.items() if profile & awaits]
    if decision.entering:
        # A vertex that no path has come to may begin one: entered now, it is still to be left.
        movable += [(number, profile | meets) for number, profile in idle if not profile & meets]
    return idle, movable


def _profile_moves(
    decision: Decision,
    idle: Iterable[tuple[int, int]],
    movable: Sequence[tuple[int, int]],
    found: dict[int, int],
) -> list[tuple[int, int]]:
    """Return all moves (from, to) between the numbers of profiles; those of the next layer are added to `found`."""
    hopeless = decision.hopeless
    moves = [(number, found.setdefault(same, len(found))) for number, same in idle if not same & hopeless]
    for place, _ in decision.options:
        awaits, meets = (flag << place * decision.bits for flag in (decision.awaits, decision.meets))
        for number, profile in movable:
            if profile & awaits:
                continue
            after = profile ^ meets if profile & meets else profile | awaits
            if not after & hopeless:
                moves.append((number, found.setdefault(after, len(found))))
    return moves
