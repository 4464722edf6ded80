"""What `cycles startup` finds out: frozen values.

All of it is static: it comes from simulating the import of ENTRY and from reading files, and nothing is executed. So
sizes are counts of modules, files and bytes, never seconds. A child that really imports ENTRY adds seconds and memory
in values of its own, by the names of the modules and distributions that stand here; what it finds loaded and not
foreseen becomes further `PaidModule`s and `LoadEdge`s of the same kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cycles.enums import Kind
from cycles.model import Analysis, CutFix, Edit, FirstImport
from cycles.source.import_values import FunctionPlace, ModuleFile


class EntryKind(StrEnum):
    """What is started."""

    MODULE = "module"
    """`pkg.mod` is imported."""
    CALLABLE = "callable"
    """`pkg.mod:name` is imported, and the name called without arguments."""
    SCRIPT = "script"
    """A file is run as `__main__`."""
    DJANGO = "django"
    """`django.setup()`, with the settings of a module."""


class Goal(StrEnum):
    """What a plan is to be best at."""

    FEWEST = "fewest"
    """As few statements as possible, whatever they take."""
    CHEAPEST = "cheapest"
    """As little work as possible."""
    DEFERRALS = "deferrals"
    """Only statements that can be removed or moved; the fewest of these."""


@dataclass(frozen=True, slots=True)
class Named:
    """A module that is loaded because a line names it in a text: what a line of Django's settings installs.

    Attributes:
        module: what is loaded.
        path: the file with the line, absolute.
        line_number: the line.
        text: what it names.
        call: what is called of the module once it is loaded, dotted: `ShopConfig.ready`; "" for nothing.
    """

    module: str
    path: str
    line_number: int
    text: str
    call: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is started.

    Attributes:
        kind: what it is.
        text: as it was asked for; of a console script its name.
        module: the module that is imported: `__main__` of a script, the settings module of Django.
        attribute: what is called of it, dotted; "" for nothing.
        path: the file of a script, absolute; else "".
        named: what is loaded besides because a text names it, in order.
        beside: the single modules next to a script that it reaches, sorted by name; they lie in no package.
        script: what the console script that has the name of a module starts, as `module:function`; "" where none has.
    """

    kind: EntryKind
    text: str
    module: str
    attribute: str = ""
    path: str = ""
    named: tuple[Named, ...] = ()
    beside: tuple[ModuleFile, ...] = ()
    script: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """One statement as somebody edits it: what is cut as a whole.

    Attributes:
        importer: the module in whose file it stands.
        line_number: where it begins.
        path: the file, relative to the project.
        line_contents: its first line.
        kind: how it takes effect: `eager`, or `deferred` where a function with it runs while ENTRY is imported.
        function: the function that it stands in; None for the body of a module or class.
        imports: the modules that it names, dotted, sorted.
        own: whether it stands in the project: only such statements can be cut.
    """

    importer: str
    line_number: int
    path: str
    line_contents: str
    kind: Kind
    function: str | None
    imports: tuple[str, ...]
    own: bool = True


class LoadEdge(NamedTuple):
    """While the body of a module runs, a statement loads a module, or finds it loaded.

    Attributes:
        importer: the module whose body runs; "" where ENTRY itself asks for it.
        imported: the module that is loaded: the one that is named, or a package on the way to it.
        named: the one that is named.
        statement: its importer and line: not of `importer` where a function of another module runs; None where no
            statement is to blame.
        certain: whether it is known to be executed; else it is only possible.
    """

    importer: str
    imported: str
    named: str
    statement: tuple[str, int] | None
    certain: bool = True


@dataclass(frozen=True, slots=True, order=True)
class PaidModule:
    """A module that importing ENTRY loads.

    Attributes:
        name: dotted.
        own: whether it belongs to the project.
        distribution: the distribution that it belongs to; "" of own modules.
        path: its file, absolute; "" where it is not there to be read.
        size: of the file, in bytes.
        certain: whether it is known to be loaded; else it is only possible.
    """

    name: str
    own: bool
    distribution: str
    path: str
    size: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """A shortest way from ENTRY to something: the statements that run one in the other, by importer and line.

    `modules` are those on the way, the first one ENTRY's, the last one what is reached: one more than statements.
    """

    modules: tuple[str, ...]
    statements: tuple[tuple[str, int] | None, ...]


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """A third-party distribution that importing ENTRY loads.

    Attributes:
        name: as its metadata spell it; where it is not installed, the top-level name that is imported.
        installed: whether it was found in the environment.
        modules: how many of its modules are loaded.
        size: how many bytes their files have.
        importers: the own modules whose statements name it, sorted.
        held_by: the own modules that every chain to it passes, ENTRY left out, the nearest to it last.
        behind: the other distributions that every chain to it passes; where there are any, it goes with them.
        statements: how few own statements would have to go so that it is not loaded; None where no own ones suffice.
        chain: a shortest one.
        certain: whether it is known to be loaded.
        easy: whether all of these statements can be removed or moved, as far as the modules that they stand in tell:
            what runs on import is not followed. False where there are none, or many.
    """

    name: str
    installed: bool
    modules: int
    size: int
    importers: tuple[str, ...]
    held_by: tuple[str, ...]
    behind: tuple[str, ...]
    statements: int | None
    chain: Chain
    certain: bool
    easy: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Unfollowed:
    """Something that may import modules, and cannot be followed: where, and why."""

    path: str
    line_number: int
    reason: str


class StartupOrigin:
    """What a report was made from, and a plan is."""


@dataclass(frozen=True, slots=True)
class StartupReport:
    """What importing ENTRY loads, and what holds it there.

    Attributes:
        analysis: the own packages as they were read.
        entry: what is started.
        own: the top-level packages that count as the project's own, sorted.
        modules: all that is loaded, sorted by name; the standard library is left out.
        own_modules: how many own modules there are, loaded or not.
        statements: every statement that is executed, by importer and line; those of other distributions too.
        edges: what loads what, sorted.
        distributions: largest first, then by name.
        unfollowed: what could not be followed, sorted.
        failure: what becomes of ENTRY where it is predicted to fail; None where it is not.
        cut_off: whether a budget ended the simulation, or the search through other distributions.
        origin: what it was made from; None where it was not found in files.
    """

    analysis: Analysis = field(repr=False, compare=False)
    entry: Entry
    own: tuple[str, ...]
    modules: tuple[PaidModule, ...]
    own_modules: int
    statements: Mapping[tuple[str, int], Statement]
    edges: tuple[LoadEdge, ...]
    distributions: tuple[DistributionRow, ...]
    unfollowed: tuple[Unfollowed, ...]
    failure: FirstImport | None = None
    cut_off: bool = False
    origin: StartupOrigin | None = field(default=None, repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether nothing was left out: all was read, followed and within its budget."""
        return self.analysis.complete and not self.unfollowed and not self.cut_off


@dataclass(frozen=True, slots=True)
class StartupStep:
    """One statement of a plan.

    Attributes:
        statement: what is edited.
        fix: how: its names say what becomes of each name that leads to what is to go.
        chain: a shortest chain through it to what is to go, statements of other steps left out.
        first_call: the functions whose first call then loads what is gone; empty where nothing does.
        component: the number of the import-time component that it lies on; None where it lies on no cycle.
        edits: what makes it; empty where it takes a change of code.
    """

    statement: Statement
    fix: CutFix
    chain: Chain
    first_call: tuple[FunctionPlace, ...]
    component: int | None
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a distribution stays: a chain of which no statement can be cut, or not by deferral.

    Attributes:
        distribution: the one that is to go.
        chain: the way to it.
        statements: those of the chain that stand in the project, each with how it could be cut.
        third_party: the distribution on the chain that loads it, where own statements name that one; else "".
        unmasks: a statement, by its place in `statements`, without which ENTRY fails, and how; empty where none is
            found. The first few that lie on cycles are tried, up to the one that does.
    """

    distribution: str
    chain: Chain
    statements: tuple[tuple[Statement, CutFix], ...]
    third_party: str
    unmasks: tuple[tuple[int, FirstImport], ...] = ()


@dataclass(frozen=True, slots=True)
class StartupReplay:
    """What became of a plan when its edits were made in memory, and ENTRY and other modules were simulated again.

    Attributes:
        still: the distributions that were to go and are loaded all the same, sorted.
        simulated: how many modules were simulated as first imports.
        failing: those that fail then and do not now: the first one is ENTRY's where it does.
        taken_out: how many steps no edit makes; they were simulated as if their names were there.
        blamed: the steps, by their place in the plan from 1, without which nothing of `failing` fails; empty where
            that is not known.
    """

    still: tuple[str, ...]
    simulated: int
    failing: tuple[FirstImport, ...]
    taken_out: int
    blamed: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether all is gone, and nothing fails newly."""
        return not self.still and not self.failing


@dataclass(frozen=True, slots=True)
class StartupPlan:
    """The statements to cut so that ENTRY does not load some distributions.

    Attributes:
        without: the distributions that are to go, sorted.
        goal: what it is best at.
        steps: nearest to ENTRY first; empty where nothing is to be done or it is impossible.
        lower_bound: no fewer statements suffice, of those that may be cut at all for this goal.
        proof: as many chains to what is to go, no two of which share a statement that may be cut; where the goal is not
            the fewest, only as many as there are.
        gone: the distributions that are not loaded any more, sorted.
        gone_modules: how many modules are not.
        gone_size: how many bytes their files have.
        obstacles: why it is impossible; empty where it is not.
        replay: None where no plan was made, or nobody asked.
    """

    without: tuple[str, ...]
    goal: Goal
    steps: tuple[StartupStep, ...]
    lower_bound: int
    proof: tuple[Chain, ...]
    gone: tuple[str, ...]
    gone_modules: int
    gone_size: int
    obstacles: tuple[Obstacle, ...] = ()
    replay: StartupReplay | None = None

    @property
    def possible(self) -> bool:
        """Whether there is a plan, which may have no steps."""
        return not self.obstacles
