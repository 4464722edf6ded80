"""Cycles in; how far to make each cut at least, out: the covering programme, solved by HiGHS.

The only door to highspy and numpy; import it late, for they take longer to load than most graphs to solve.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import highspy
import numpy as np

from cycles.cuts.solver.network import Network

_SCALE = 1 << 40
_HALF = 0.5
_NONE_OF_IT, _ALL_OF_IT = 1e-7, 1 - 1e-7


@dataclass(frozen=True, slots=True)
class Relaxation:
    """How far each cut is made and each edge broken, from 0 to 1; no whole solution costs less than `bound`."""

    bound: int
    cutting: Mapping[int, float]
    breaking: tuple[float, ...]
    is_solved: bool
    iterations: int


@dataclass(frozen=True, slots=True)
class Whole:
    """The cuts of a whole solution within a target; None where there is none, or `is_solved` is not."""

    cuts: frozenset[int] | None
    is_solved: bool
    iterations: int


class Programme:
    """min w·x over the cuts, with y ≤ x for every cause of an edge, and Σ y ≥ 1 over every known cycle.

    Edges with the same causes share a column, and one with a single cause has the cut's own. Rows
    are kept here too, so that the bound is computed in whole numbers from the solver's duals and
    does not rest on its tolerances (A. Neumaier, O. Shcherbina, "Safe bounds in linear and
    mixed-integer linear programming", Math. Program. 99, 2004).
    """

    def __init__(self, network: Network) -> None:
        """Begin without cycles and without prices."""
        self.cuts = network.cuts
        columns: dict[tuple[int, ...], int] = {(cut,): column for column, cut in enumerate(self.cuts)}
        for causes in network.causes:
            if causes:
                columns.setdefault(causes, len(columns))
        self.columns = tuple(columns.get(causes, -1) for causes in network.causes)
        self.size = len(columns)
        self.prices = [0] * self.size
        self.rows: list[tuple[tuple[tuple[int, int], ...], int]] = []
        self.known: set[tuple[int, ...]] = set()
        self.coefficients = 0
        self.solver = _new_solver()
        zeros = np.zeros(self.size)
        self.solver.addCols(
            self.size,
            zeros,
            zeros,
            np.ones(self.size),
            0,
            np.zeros(self.size, np.int32),
            np.zeros(0, np.int32),
            zeros[:0],
        )
        self.add_rows(
            (((columns[cut,], 1), (column, -1)), 0)
            for causes, column in columns.items()
            if len(causes) > 1
            for cut in causes
        )

    def aim(self, prices: Mapping[int, int]) -> None:
        """Set what is minimised: the price of each cut."""
        for column, cut in enumerate(self.cuts):
            self.prices[column] = prices[cut]
        self.solver.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), np.array(self.prices, float))

    def make(self, cuts: Collection[int]) -> None:
        """Make these cuts, and no others, in every solution."""
        low = np.array([float(column < len(self.cuts) and self.cuts[column] in cuts) for column in range(self.size)])
        self.solver.changeColsBounds(self.size, np.arange(self.size, dtype=np.int32), low, np.ones(self.size))

    def hold(self, prices: Mapping[int, int], most: int) -> None:
        """Allow only solutions whose cuts cost at most so much."""
        terms = tuple((column, -prices[cut]) for column, cut in enumerate(self.cuts) if prices[cut])
        self.add_rows([(terms, -most)])

    def add_cycles(self, cycles: Iterable[Sequence[int]]) -> int:
        """Ask for every cycle to be broken; how many of them were new."""
        new = []
        for cycle in cycles:
            columns = tuple(sorted({self.columns[edge] for edge in cycle if self.columns[edge] >= 0}))
            if columns not in self.known:
                self.known.add(columns)
                new.append((tuple((column, 1) for column in columns), 1))
        self.add_rows(new)
        return len(new)

    def add_rows(self, rows: Iterable[tuple[tuple[tuple[int, int], ...], int]]) -> None:
        """Ask for Σ coefficient × column ≥ least; a row is its (column, coefficient) pairs and that."""
        new = tuple(rows)
        self.rows += new
        self.coefficients += sum(len(terms) for terms, _ in new)
        _add_rows(self.solver, new)

    def relax(self, iterations: int) -> Relaxation:
        """The optimum over fractions, if so many simplex iterations find it."""
        self.solver.setOptionValue("simplex_iteration_limit", iterations)
        self.solver.run()
        is_solved = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        solution = self.solver.getSolution()
        values = [min(1.0, max(0.0, value)) for value in solution.col_value]
        return Relaxation(
            bound=self.safe_bound(solution.row_dual) if is_solved else 0,
            cutting={cut: values[column] for column, cut in enumerate(self.cuts)},
            breaking=tuple(values[column] if column >= 0 else 0.0 for column in self.columns),
            is_solved=is_solved,
            iterations=_iterations(self.solver),
        )

    def safe_bound(self, duals: Iterable[float]) -> int:
        """What any multipliers prove of a programme over [0, 1], rounded up to the whole number it must be."""
        reduced = [price * _SCALE for price in self.prices]
        bound = 0
        for (terms, least), dual in zip(self.rows, duals, strict=True):
            multiplier = max(0, round(dual * _SCALE))
            if multiplier:
                bound += multiplier * least
                for column, coefficient in terms:
                    reduced[column] -= multiplier * coefficient
        bound += sum(price for price in reduced if price < 0)
        return -(-bound // _SCALE)

    def whole(self, target: int, nodes: int) -> Whole:
        """A solution in whole numbers worth at most `target`, by branch and bound in at most so many nodes.

        Call it only right after `relax`: its reduced costs fix the columns that cannot move within the target.
        """
        solution = self.solver.getSolution()
        slack = target - self.solver.getInfo().objective_function_value + 1e-3
        low, high = np.zeros(self.size), np.ones(self.size)
        for column, (value, dual) in enumerate(zip(solution.col_value, solution.col_dual, strict=True)):
            if value < _NONE_OF_IT and dual > slack:
                high[column] = 0
            elif value > _ALL_OF_IT and -dual > slack:
                low[column] = 1
        solver = _new_solver()
        solver.addCols(
            self.size,
            np.array(self.prices, float),
            low,
            high,
            0,
            np.zeros(self.size, np.int32),
            np.zeros(0, np.int32),
            np.zeros(0),
        )
        _add_rows(solver, self.rows)
        count = len(self.cuts)
        kinds = np.full(count, highspy.HighsVarType.kInteger)
        solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.999), ("objective_target", target + 1e-3)):
            solver.setOptionValue(option, value)
        solver.setOptionValue("mip_max_nodes", nodes)
        solver.run()
        return self.found(solver, target)

    def found(self, solver: highspy.Highs, target: int) -> Whole:
        """What branch and bound came to."""
        status = solver.getModelStatus()
        information = solver.getInfo()
        iterations = _iterations(solver)
        if status == highspy.HighsModelStatus.kInfeasible or ceil(information.mip_dual_bound - 1e-3) > target:
            return Whole(cuts=None, is_solved=True, iterations=iterations)
        if information.objective_function_value > target + _HALF:
            return Whole(cuts=None, is_solved=False, iterations=iterations)
        values = solver.getSolution().col_value
        cuts = frozenset(cut for column, cut in enumerate(self.cuts) if values[column] > _HALF)
        return Whole(cuts=cuts, is_solved=True, iterations=iterations)


class _Quiet(highspy.Highs):
    """A solver without callbacks: setting them up prints a banner (since 1.16) before any option can forbid it."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


def _new_solver() -> highspy.Highs:
    solver = _Quiet()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("solver", "simplex")
    return solver


def _iterations(solver: highspy.Highs) -> int:
    return max(0, int(solver.getInfo().simplex_iteration_count))


def _add_rows(solver: highspy.Highs, rows: Sequence[tuple[tuple[tuple[int, int], ...], int]]) -> None:
    if not rows:
        return
    starts = np.cumsum([0, *(len(terms) for terms, _ in rows)])
    solver.addRows(
        len(rows),
        np.array([least for _, least in rows], float),
        np.full(len(rows), highspy.kHighsInf),
        int(starts[-1]),
        starts[:-1].astype(np.int32),
        np.array([column for terms, _ in rows for column, _ in terms], np.int32),
        np.array([coefficient for terms, _ in rows for _, coefficient in terms], float),
    )
