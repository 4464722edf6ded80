"""The fewest cuts that leave no cycle, by clingo: an edge is gone when all of its causes are cut."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import clingo

from cycles.source.module_names import Pair

PROGRAM = """
{cut(C)} :- free(C).
kept(E) :- cause(E,C), not cut(C).
#edge (A,B) : edge(E,A,B), kept(E).
#minimize {1,C : cut(C)}.
"""


def fewest(edges: Mapping[Pair, AbstractSet[Pair]], seconds: float = 60) -> int | None:
    """The size of the smallest cut set; None where it is not found in time. What packages import of their own stays."""
    place = {name: number for number, name in enumerate(sorted({name for pair in edges for name in pair}))}
    cuts = {pair: number for number, pair in enumerate(sorted(set().union(*edges.values())))}
    facts = [f"edge({edge},{place[one]},{place[other]})." for edge, (one, other) in enumerate(edges)]
    facts += [f"cause({edge},{cuts[cause]})." for edge, causes in enumerate(edges.values()) for cause in causes]
    facts += [f"free({number})." for (one, other), number in cuts.items() if not other.startswith(f"{one}.")]
    control = clingo.Control(["--warn=none", "--opt-strategy=usc", "--configuration=tweety"])
    control.add("base", [], " ".join(facts) + PROGRAM)
    control.ground([("base", [])])
    best: list[int] = []
    with control.solve(on_model=lambda model: best.append(sum(model.cost)), async_=True) as handle:
        if not handle.wait(seconds):
            handle.cancel()
            return None
        # Without a cut to minimize, the first model ends the search.
        return best[-1] if handle.get().exhausted or best == [0] else None
