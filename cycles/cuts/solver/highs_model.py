"""The linear program of breaking every known cycle at the least cost, solved by HiGHS.

The only door to highspy and numpy; import it late, for they take longer to load than most graphs to solve.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np

from cycles.cuts.digraph import Network

_SCALE = 1 << 40
"""The solver's duals become whole multiples of one in this: fine enough to lose no bound to rounding."""


class _Row(NamedTuple):
    """Σ coefficient × column ≥ `least`, over pairs (column, coefficient)."""

    terms: tuple[tuple[int, int], ...]
    least: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The optimum over fractions: how far each cut is made and each edge broken, from 0 to 1.

    No solution in whole numbers costs less than `bound`: where there is none at all, that is more than all
    cuts together. Where the iterations ended before, `is_solved` is not, and the rest means nothing.
    """

    bound: int
    making: Mapping[int, float]
    breaking: tuple[float, ...]
    is_solved: bool
    iterations: int


class CycleCover:
    """min c·x over the cuts, with y ≤ x for every cause of an edge, and Σ y ≥ 1 over every known cycle.

    Edges with the same causes share a column y, and one with a single cause has the cut's own. Rows are
    kept here too, so that the bound is computed in whole numbers from the solver's duals and does not
    rest on its tolerances (A. Neumaier, O. Shcherbina, "Safe bounds in linear and mixed-integer linear
    programming", Math. Program. 99, 2004).
    """

    def __init__(self, network: Network) -> None:
        """Begin without cycles and without costs."""
        self.cuts = network.cuts
        self.column = {cut: number for number, cut in enumerate(self.cuts)}
        columns: dict[tuple[int, ...], int] = {(cut,): number for cut, number in self.column.items()}
        for causes in network.causes:
            if causes:
                columns.setdefault(causes, len(columns))
        self.size = len(columns)
        self.column_of_edge = tuple(columns.get(causes, -1) for causes in network.causes)
        self.costs = [0] * self.size
        self.low = [0] * self.size
        self.high = [1] * self.size
        self.rows: list[_Row] = []
        self.known: set[tuple[int, ...]] = set()
        self.coefficients = 0
        self.solver = _new_solver()
        zeros, no_entries = np.zeros(self.size), np.zeros(0, np.int32)
        starts = np.zeros(self.size, np.int32)
        self.solver.addCols(self.size, zeros, zeros, np.ones(self.size), 0, starts, no_entries, zeros[:0])
        self._add_rows(
            [
                _Row(((columns[cut,], 1), (column, -1)), 0)
                for causes, column in columns.items()
                if len(causes) > 1
                for cut in causes
            ]
        )

    def minimise(self, costs: Mapping[int, int]) -> None:
        """Set what each cut costs."""
        for cut, column in self.column.items():
            self.costs[column] = costs[cut]
        self.solver.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), np.array(self.costs, float))

    def fix(self, made: Collection[int], spared: Collection[int]) -> None:
        """Make some cuts in every solution, spare others, and leave the rest open."""
        self.low, self.high = [0] * self.size, [1] * self.size
        for cut in made:
            self.low[self.column[cut]] = 1
        for cut in spared:
            self.high[self.column[cut]] = 0
        every = np.arange(self.size, dtype=np.int32)
        self.solver.changeColsBounds(self.size, every, np.array(self.low, float), np.array(self.high, float))

    def limit(self, costs: Mapping[int, int], most: int) -> None:
        """Allow only solutions whose cuts cost no more than `most`."""
        self._add_rows([_Row(tuple((column, -costs[cut]) for cut, column in self.column.items() if costs[cut]), -most)])

    def add_cycles(self, cycles: Iterable[Sequence[int]]) -> int:
        """Ask for every cycle, given by its edges, to be broken; return how many of them were new."""
        new = []
        for cycle in cycles:
            columns = tuple(sorted({self.column_of_edge[edge] for edge in cycle if self.column_of_edge[edge] >= 0}))
            if columns not in self.known:
                self.known.add(columns)
                new.append(_Row(tuple((column, 1) for column in columns), 1))
        self._add_rows(new)
        return len(new)

    def relax(self, iterations: int) -> Relaxation:
        """Find the optimum over fractions, in no more than this many iterations of the simplex method."""
        self.solver.setOptionValue("simplex_iteration_limit", iterations)
        self.solver.run()
        status = self.solver.getModelStatus()
        solution = self.solver.getSolution()
        values = [min(1.0, max(0.0, value)) for value in solution.col_value] or [0.0] * self.size
        bound = 0
        if status == highspy.HighsModelStatus.kInfeasible:
            bound = 1 + sum(self.costs)
        elif status == highspy.HighsModelStatus.kOptimal:
            bound = self._safe_bound(solution.row_dual)
        return Relaxation(
            bound=bound,
            making={cut: values[column] for cut, column in self.column.items()},
            breaking=tuple(values[column] if column >= 0 else 0.0 for column in self.column_of_edge),
            is_solved=status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kOptimal),
            iterations=max(0, int(self.solver.getInfo().simplex_iteration_count)),
        )

    def _safe_bound(self, duals: Iterable[float]) -> int:
        """Return what any multipliers prove of a program with bounds on its columns, rounded up: costs are whole."""
        reduced = [cost * _SCALE for cost in self.costs]
        bound = 0
        for (terms, least), dual in zip(self.rows, duals, strict=True):
            multiplier = max(0, round(dual * _SCALE))
            if multiplier:
                bound += multiplier * least
                for column, coefficient in terms:
                    reduced[column] -= multiplier * coefficient
        bound += sum(
            cost * (high if cost < 0 else low) for cost, low, high in zip(reduced, self.low, self.high, strict=True)
        )
        return -(-bound // _SCALE)

    def _add_rows(self, rows: Sequence[_Row]) -> None:
        if not rows:
            return
        self.rows += rows
        starts = np.cumsum([0, *(len(terms) for terms, _ in rows)])
        self.coefficients += int(starts[-1])
        self.solver.addRows(
            len(rows),
            np.array([least for _, least in rows], float),
            np.full(len(rows), highspy.kHighsInf),
            int(starts[-1]),
            starts[:-1].astype(np.int32),
            np.array([column for terms, _ in rows for column, _ in terms], np.int32),
            np.array([coefficient for terms, _ in rows for _, coefficient in terms], float),
        )


class _QuietHighs(highspy.Highs):
    """A solver without callbacks: setting them up prints a banner (since 1.16) before any option can forbid it."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


def _new_solver() -> highspy.Highs:
    solver = _QuietHighs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003
    # One thread and one seed: the same answer on every machine.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    # Only the simplex method has duals at a vertex, and a count of its steps.
    solver.setOptionValue("solver", "simplex")
    return solver
