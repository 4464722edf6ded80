"""What `cycles startup --run` and `--verify` find out: frozen values; processor time is in nanoseconds."""

from dataclasses import dataclass

from cycles.model import FirstImport
from cycles.startup.startup_values import StartupReport

LEAST_SHOWN = 0.05
"""The least share of the time by which runs differ for more reasons than chance."""


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What something takes: processor time and memory."""

    nanoseconds: int = 0
    kilobytes: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Return what both take."""
        return Cost(self.nanoseconds + other.nanoseconds, self.kilobytes + other.kilobytes)


@dataclass(frozen=True, slots=True)
class MeasuredDistribution:
    """What a distribution costs.

    Attributes:
        name: as in the report.
        modules: how many of its modules are loaded.
        own: what their bodies take.
        alone: what nobody pays once no own statement imports it, modules of others included.
        only_with: the other distributions whose own imports would have to go too before it is not loaded, sorted;
            empty where it goes alone.
    """

    name: str
    modules: int
    own: Cost
    alone: Cost
    only_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasuredModule:
    """A module of the project, and what its body takes without the imports in it."""

    name: str
    own: Cost


@dataclass(frozen=True, slots=True)
class MeasuredStartup:
    """What importing ENTRY really costs: the least of several runs.

    No sum of rows is more than the total.

    Attributes:
        report: what is loaded, with what was not foreseen.
        runs: nanoseconds of each run.
        total: of the run that took least.
        modules: how many were loaded, without the standard library.
        distributions: what costs most alone first, then what costs most, then by name.
        own_modules: the project's own modules, dearest first.
        standard_library: what its modules take.
        unforeseen: the modules that were loaded and not foreseen, sorted; without the standard library.
        not_loaded: the own modules that were foreseen and not loaded, sorted.
        failure: how ENTRY fails; None where it is imported.
    """

    report: StartupReport
    runs: tuple[int, ...]
    total: Cost
    modules: int
    distributions: tuple[MeasuredDistribution, ...]
    own_modules: tuple[MeasuredModule, ...]
    standard_library: Cost
    unforeseen: tuple[str, ...]
    not_loaded: tuple[str, ...]
    failure: FirstImport | None = None

    @property
    def own(self) -> Cost:
        """What the project's own modules take."""
        return sum((module.own for module in self.own_modules), Cost())


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of ENTRY when it was imported with the edits of a plan made in memory.

    Attributes:
        before: without edits, modules loaded as those that are edited are: each takes the least of several runs, so
            that it is less than any run took. Memory is that of the quickest run.
        after: the same with the edits.
        predicted: what the modules that were to be gone took when they were measured.
        foreseen: what share of the time of all modules that is.
        noise: by what share two halves of the runs of the same differ, and half as much more: below that, time shows
            nothing.
        gone: the distributions that are not loaded any more, sorted.
        still: those that were to go and are loaded all the same, each with a module that imports it.
        modules_gone: how many modules are not loaded any more.
        edited: how many modules were edited.
        skipped: how many statements were left as they are, for no edit makes their steps.
        untouched: the modules that were to be edited and whose file was not the one that is imported, sorted.
        failure: how ENTRY fails with the edits; None where it is imported.
    """

    before: Cost
    after: Cost
    predicted: Cost
    foreseen: float
    noise: float
    gone: tuple[str, ...]
    still: tuple[tuple[str, str], ...]
    modules_gone: int
    edited: int
    untouched: tuple[str, ...]
    skipped: int = 0
    failure: FirstImport | None = None

    @property
    def saved(self) -> float:
        """What share of the time is saved; negative where it takes longer."""
        return 1 - self.after.nanoseconds / self.before.nanoseconds if self.before.nanoseconds else 0.0

    @property
    def shown(self) -> bool:
        """Whether the time shows a difference: even without edits it differed by up to five percent in trials."""
        return abs(self.saved) > max(self.noise, LEAST_SHOWN)

    @property
    def holds(self) -> bool:
        """Whether all is gone that was to go, by the edits, and ENTRY can be imported."""
        return self.failure is None and not self.still and not self.untouched
