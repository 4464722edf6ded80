"""The words of `cycles`: frozen values that pass between the rooms, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cycles.source.module import SourceCache
from cycles.source.values import Import, Judged, Mention, ModuleFile, Skipped
from cycles.words import Feasibility, GraphName, Kind, Verdict

if TYPE_CHECKING:  # loading networkx takes longer than most analyses
    import networkx as nx


@dataclass(frozen=True, slots=True)
class Dependency:
    """All imports that make one module depend on another, sorted.

    `implied` says that none of them names `imported`: they run it because it is a package above
    the module that they name.
    """

    importer: str
    imported: str
    implied: bool
    imports: tuple[Import, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its imports, each once, in the order of `Kind`."""
        found = {statement.kind for statement in self.imports}
        return tuple(kind for kind in Kind if kind in found)


@dataclass(frozen=True, slots=True)
class Graph:
    """Modules and the dependencies between different ones, both sorted by name."""

    name: GraphName
    modules: tuple[str, ...]
    dependencies: tuple[Dependency, ...]

    def to_networkx(self) -> "nx.DiGraph[str]":
        """Return the graph as a networkx DiGraph.

        Its nodes are the names of all modules. The attribute `imports` of an edge is the tuple of the `Import`
        statements that make the dependency, and `implied` says that none of them names the imported module.
        """
        import networkx as nx  # noqa: PLC0415  as above

        graph: nx.DiGraph[str] = nx.DiGraph(name=str(self.name))
        graph.add_nodes_from(self.modules)
        graph.add_edges_from(
            (edge.importer, edge.imported, {"imports": edge.imports, "implied": edge.implied})
            for edge in self.dependencies
        )
        return graph


@dataclass(frozen=True, slots=True)
class Origin:
    """What was read to find a component, and in which graph it lies: what it takes to say how a cut can be made.

    The paths to show are relative to the folder `project`.
    """

    graph_name: GraphName
    sources: SourceCache
    mentions: tuple[Mention, ...]
    project: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A group of imports without which a component falls apart: all of one kind, or all that run one package."""

    imports: int
    kind: Kind | None
    package: str | None


@dataclass(frozen=True, slots=True)
class CutBound:
    """How many cuts are enough, and how many are needed at least; proven where these are the same."""

    size: int
    lower_bound: int


@dataclass(frozen=True, slots=True)
class Component:
    """A strongly connected component of two or more modules.

    `shortest_cycle` starts at its first name in the alphabet and does not repeat it at the end; where
    `is_shortest` is not set, a search that would have taken too long might have found a shorter one.
    `eager_modules` of its modules stay in cycles when only eager imports that name one another are
    left; `held_by` is what holds the others, and empty where there are none. `cuts` is what it
    takes to break all of its cycles, None where nobody asked. `origin` is None where the component
    was not found in source files.
    """

    number: int
    modules: tuple[str, ...]
    inside: int
    shortest_cycle: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    eager_modules: int
    held_by: tuple[Hold, ...]
    cuts: CutBound | None = None
    is_shortest: bool = True
    origin: Origin | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class CycleCount:
    """How many cycles a component has, of the kind that `measure` names; a lower bound where not `exact`."""

    count: int
    exact: bool
    measure: str


@dataclass(frozen=True, slots=True)
class How:
    """How a cut can be made, and the place and the sentence that show it.

    `leaves` are the modules to import from instead, `leaves_inside` whether these dependencies may
    close cycles of their own, and `largest_left` the size of the largest component once that is
    done; all three only where it is `rewirable`.
    """

    feasibility: Feasibility
    path: str
    line_number: int
    detail: str
    leaves: tuple[str, ...] = ()
    leaves_inside: bool = False
    largest_left: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What `importer` imports of the module named `imported`, to be removed or deferred.

    `removes` are the dependencies that go with it alone, sorted; `cycles` the number that run
    through them; `frees` the modules that are then on no cycle; `largest_left` the size of the
    largest component then left, both None where that takes too long to find out. `imports`
    are the statements to edit; `reexport` says that a
    package imports a module of its own. `how` it can be made is None where nobody asked.
    """

    importer: str
    imported: str
    cycles: int
    frees: int | None
    largest_left: int | None
    removes: tuple[tuple[str, str], ...]
    reexport: bool
    imports: tuple[Import, ...]
    how: How | None = None


@dataclass(frozen=True, slots=True)
class CutSet:
    """Cuts (importer, imported) that together leave no cycle, sorted.

    `forced` of them were asked for. None has fewer than `lower_bound`; `proven`: this one is as
    small, and no other of its size costs less. The cycles of `certificate` share no cut: each needs
    one of its own. Where the `cheapest` was asked for, none costs less than `least_cost`, `proven`:
    this one costs that, and no other of its cost is smaller.
    """

    cuts: tuple[tuple[str, str], ...]
    forced: int
    lower_bound: int
    proven: bool
    certificate: tuple[tuple[str, ...], ...]
    cost: int
    cheapest: bool = False
    least_cost: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A cut of the plan, and what is left in cycles once it and all before it are made."""

    importer: str
    imported: str
    modules_left: int
    largest_left: int


@dataclass(frozen=True, slots=True)
class Hoist:
    """A deferred import that could stand at the top of its module; `already`: without any cut."""

    importer: str
    imported: str
    path: str
    line_number: int
    already: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The cycles of a component, in all and `through` each dependency in their order, and every cut.

    `cuts` come by the cycles that they break, then by the modules that they free, then by name.
    """

    cycles: CycleCount
    through: tuple[int, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Cutting:
    """How to take one component apart: every cut ranked, the smallest cut set, and the order to make it in."""

    component: Component
    ranking: Ranking
    cut_set: CutSet
    plan: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One dependency of a component: the cycles through it, the shortest of them, and the cuts that take part in it.

    The dependency is gone when all of `cuts` are made.
    """

    component: Component
    dependency: Dependency
    cycles: CycleCount
    shortest_cycle: tuple[str, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class GraphSummary:
    """How cyclic one graph is: its components, the modules in them, the size of the largest.

    `cuts` is what all components need together, None where nobody asked.
    """

    name: GraphName
    components: int
    modules: int
    largest: int
    cuts: CutBound | None


@dataclass(frozen=True, slots=True)
class Link:
    """One import of a chain, as it runs: where the importer stands when the imported module begins."""

    importer: str
    imported: str
    path: str
    line_number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A module as the first import of a fresh interpreter, and what becomes of it.

    `error` is what Python would print, such as "ImportError: cannot import name …", and `path` and
    `line_number` where it is raised; `chain` are the imports then under way, the first import's own
    module first. `reason` says why a verdict is `unknown` or `other`. What does not apply is None or empty.
    """

    module: str
    verdict: Verdict
    error: str | None = None
    path: str | None = None
    line_number: int | None = None
    chain: tuple[Link, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """A module whose import beforehand hides crashes: `safe` of the entries that crash without it do not after it."""

    module: str
    safe: int


@dataclass(frozen=True, slots=True)
class Entrances:
    """What becomes of the modules of a package as first imports, as predicted.

    `entries` are those whose first import runs a module of an import-time component (of number `component`
    where it is not None), and those that crash, sorted by name; `apart` counts the other modules. `after` was
    imported before each, and the bodies of `bare` are taken to be empty. `mask` is the best module to import
    beforehand, None where nothing crashes, nothing helps or one is given already; `hidden` are modules that
    would crash if the `__init__` of the package and of those above it were empty. `runs` is what became of
    the entries when they were really imported, empty where nobody asked.
    """

    component: int | None
    after: tuple[str, ...]
    bare: tuple[str, ...]
    entries: tuple[Entry, ...]
    apart: int
    mask: Mask | None
    hidden: tuple[Entry, ...]
    runs: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of one package's import cycles.

    `folder` is where the first of the `roots` was found, and `project` what the paths of imports are
    relative to, both as absolute paths. `files` are those of all modules of the roots, sorted by name;
    `compiled` the names of the modules that have none to read. `mentions` are all imports between
    them; `closing` those that may lie on a cycle of any graph, judged.
    `sources` has the source files of all modules, as far as they were read.
    `unlinted` are the files that import-linter cannot read, though Python may.
    `modules` and `imports` count what lies in `package`; components are those of the graph `graph_name` over
    all `roots` that touch it, largest first, then by name. `graphs` has the three whole graphs, each built when it
    is first asked for.
    """

    package: str
    roots: tuple[str, ...]
    folder: str
    project: str
    files: tuple[ModuleFile, ...]
    compiled: tuple[str, ...]
    mentions: tuple[Mention, ...]
    closing: tuple[Judged, ...]
    modules: int
    imports: int
    skipped: tuple[Skipped, ...]
    self_imports: tuple[Import, ...]
    summaries: tuple[GraphSummary, ...]
    graph_name: GraphName
    components: tuple[Component, ...]
    unlinted: tuple[Skipped, ...] = ()
    graphs: Mapping[GraphName, Graph] = field(default_factory=dict, repr=False, compare=False)
    sources: SourceCache = field(default_factory=SourceCache, repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether every file was read."""
        return not self.skipped

    def graph(self, name: GraphName | str | None = None) -> Graph:
        """Return one of the three graphs over all modules, by default the one that was asked for.

        Raises ValueError where no graph has that name.
        """
        return self.graphs[self.graph_name if name is None else GraphName(name)]

    def chosen(self, number: int | None) -> tuple[Component, ...]:
        """The component of that number, or all where it is None."""
        return self.components if number is None else self.components[number - 1 : number]
