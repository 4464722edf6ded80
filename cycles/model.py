"""The values that all parts of `cycles` share: frozen, sorted, and the same bytes for the same input."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cycles.enums import EASY, INTO_FUNCTIONS, MOVED, DoubtReason, Feasibility, GraphName, Kind, Verdict, Way
from cycles.grouping import Grouping
from cycles.source.import_values import ClassifiedImport, FunctionPlace, Import, ModuleFile, Paired, RawImport, Skipped
from cycles.source.module_names import Pair, cycle_pairs, inside, with_packages
from cycles.source.source_file import SourceCache

if TYPE_CHECKING:  # loading networkx takes longer than most analyses
    import networkx as nx


@dataclass(frozen=True, slots=True)
class Dependency(Paired):
    """One edge of a graph: all imports that make one module depend on another, sorted.

    Attributes:
        implied: whether no import names `imported`. They run it because it is a package above the module that they
            name.
    """

    implied: bool
    imports: tuple[Import, ...]

    @property
    def causes(self) -> set[Pair]:
        """The cuts that end it together: what its imports name, with their importers."""
        return {statement.pair for statement in self.imports}

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

    The paths to show are relative to the folder `project`. `by` is how modules are grouped, where they are: then what
    is called a module of the component is a group of them. `compiled` are the modules that have no source to read.
    `named` are the packages asked for.
    """

    graph_name: GraphName
    sources: SourceCache
    mentions: tuple[RawImport, ...]
    project: str
    by: Grouping | None = None
    compiled: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def ends(self, importer: str, imported: str) -> tuple[str, str] | None:
        """Return the two ends of the dependency that an import makes; None where both modules are in one group."""
        return self.by.ends(importer, imported) if self.by else (importer, imported)


@dataclass(frozen=True, slots=True)
class HoldingImports:
    """Imports that hold a component together: all of one kind, or all that run the `__init__` of one package.

    Attributes:
        imports: how many there are.
        kind: their kind; None where a package is given.
        package: the package that they run; None where a kind is given.
    """

    imports: int
    kind: Kind | None
    package: str | None


@dataclass(frozen=True, slots=True)
class CutBound:
    """How many cuts are enough (`size`), and how many are needed at least."""

    size: int
    lower_bound: int

    @property
    def proven(self) -> bool:
        """Whether no smaller number of cuts is enough."""
        return self.size == self.lower_bound


@dataclass(frozen=True, slots=True)
class Component:
    """A strongly connected component of two or more modules: each imports every other, directly or indirectly.

    Attributes:
        number: its place in the list of components, from 1.
        modules: sorted by name.
        inside: how many of the modules lie in the packages that were asked for.
        shortest_cycle: begins with its first name in the alphabet, which is not repeated at the end.
        dependencies: those between its modules, sorted by name.
        eager_modules: how many modules stay on cycles when only eager imports that name each other are left.
        held_by: what holds the other modules in the component; empty where there are none.
        cuts: how many cuts end all of its cycles; None where nobody asked.
        is_shortest: whether `shortest_cycle` is proven to be the shortest; the search has a budget.
        origin: None where the component was not found in source files.
    """

    number: int
    modules: tuple[str, ...]
    inside: int
    shortest_cycle: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    eager_modules: int
    held_by: tuple[HoldingImports, ...]
    cuts: CutBound | None = None
    is_shortest: bool = True
    origin: Origin | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The module that most others of the component import: of several the shortest name, then the first.

        Numbers move when a larger component is gone; this name stays as long as the module is on a cycle.
        """
        importers = Counter(edge.imported for edge in self.dependencies)
        return min(self.modules, key=lambda module: (-importers[module], len(module), module))

    def ends(self, importer: str, imported: str) -> tuple[str, str] | None:
        """Return the two ends of the dependency that an import makes; None where both modules are in one group."""
        return self.origin.ends(importer, imported) if self.origin else (importer, imported)

    @property
    def edges(self) -> dict[Pair, Dependency]:
        """The dependencies by their ends."""
        return {edge.pair: edge for edge in self.dependencies}

    @property
    def shortest_edges(self) -> tuple[Dependency, ...]:
        """The dependencies along the shortest cycle, in its order."""
        edges = self.edges
        return tuple(edges[pair] for pair in cycle_pairs(self.shortest_cycle))

    def places(self) -> dict[str, str]:
        """Return for each module that imports here which of `modules` it is, or where these are groups, belongs to."""
        return {found.importer: edge.importer for edge in self.dependencies for found in edge.imports}

    def statements(self) -> dict[tuple[str, str], tuple[Import, ...]]:
        """Return the statements that each cut (importer, imported) edits, each once, in the order of dependencies."""
        found: dict[tuple[str, str], dict[Import, None]] = {}
        for dependency in self.dependencies:
            for statement in dependency.imports:
                found.setdefault(statement.pair, {})[statement] = None
        return {pair: tuple(statements) for pair, statements in found.items()}


@dataclass(frozen=True, slots=True)
class CycleCount:
    """How many cycles a component has, of the kind that `measure` names: a lower bound unless `exact`."""

    count: int
    exact: bool
    measure: str


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters of a module's text that give way to others.

    They go from a column of one line to a column of another, up to that: where both are the same, the text is put in
    between. Lines count from 1, columns from 0 and in characters, so that they are the same whatever ends the lines.
    """

    module: str
    path: str
    line_number: int
    column: int
    end_line_number: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class NameFix:
    """What becomes of one name that an import statement takes.

    Attributes:
        importer: the module of the statement.
        line_number: where the statement begins.
        name: what it takes, as it spells it: a name of a module, or the module of `import pkg.module`.
        bound: the name by which its module knows that.
        attributes: where the statement takes a module, the dotted attribute of it that this is about; "" for all.
        feasibility: how this name can be cut.
        functions: those to import it in: the outermost ones that use it, by line.
        typed: whether annotations that nobody evaluates name it, so that type checkers need it under `TYPE_CHECKING`.
        quoted: the lines of the annotations to be quoted.
        leaf: the module to take it from instead; None where it is not taken from another.
        leaf_name: what `leaf` calls it; None where it is that module itself.
        local: what its module calls it then: `bound`, unless single `attributes` are taken.
        rewritten: the lines on which `attributes` are read and `local` is to be written instead.
    """

    importer: str
    line_number: int
    name: str
    bound: str
    feasibility: Feasibility
    attributes: str = ""
    functions: tuple[FunctionPlace, ...] = ()
    typed: bool = False
    quoted: tuple[int, ...] = ()
    leaf: str | None = None
    leaf_name: str | None = None
    local: str | None = None
    rewritten: tuple[int, ...] = ()

    @property
    def only_goes(self) -> bool:
        """Whether the import of a package goes, as that of a module inside of it binds the same name."""
        is_used = bool(self.functions or self.typed or self.quoted or self.leaf)
        return self.feasibility in MOVED and self.feasibility is not Feasibility.UNUSED and not is_used


@dataclass(frozen=True, slots=True)
class Ways:
    """In which ways cuts may be made, and which are preferred.

    Attributes:
        prefer: those that cost less than all others.
        defer: whether imports may go into functions.
        lazy: whether they may become lazy.
        accept_patched: whether names may go that tests replace.
        avoid_code: whether many cuts that edit imports are better than one that takes a change of code.
    """

    prefer: tuple[Way, ...] = ()
    defer: bool = True
    lazy: bool = False
    accept_patched: bool = False
    avoid_code: bool = False

    @property
    def leaf_first(self) -> bool:
        """Whether names are taken from where they are defined rather than imported in functions."""
        return not self.defer or not {Way.REWIRE, Way.MOVE}.isdisjoint(self.prefer)

    @property
    def are_chosen(self) -> bool:
        """Whether the ways matter more than how many cuts there are."""
        return bool(self.prefer) or not self.defer


ANY_WAY = Ways()
"""As nobody said anything."""


@dataclass(frozen=True, slots=True)
class CutRequest:
    """What somebody wants of a plan of cuts.

    Attributes:
        keep: pairs of module expressions (importer, imported): the imports that must stay.
        cut: likewise those to cut, whatever else is cut.
        allow_reexports: whether a package's imports of its own modules may be cut too.
        cheapest: whether easy cuts are better than few.
        ways: in which ways cuts may be made.
    """

    keep: Sequence[Pair] = ()
    cut: Sequence[Pair] = ()
    allow_reexports: bool = False
    cheapest: bool = False
    ways: Ways = ANY_WAY


FEWEST = CutRequest()
"""The fewest cuts, made in any way."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What could break a fix and cannot be seen in the analysed packages.

    Attributes:
        reason: how the function or class gets into the hands of what is not known.
        subject: the function or class.
        by: the dotted name of what is not known.
        path: where it is handed over.
        line_number: on which line.
    """

    reason: DoubtReason
    subject: str
    by: str
    path: str
    line_number: int


@dataclass(frozen=True, slots=True)
class CutFix:
    """How a cut can be made, with the place and the sentence that show it.

    Attributes:
        doubt: what could break it outside of the analysed packages; None where it is promised.
        leaves: the modules to import from instead, where the cut is `rewirable` or to be `split`.
        leads_to: the modules of the component that the importer depends on then: they lead back to it, so that this
            cut is none unless further ones are made too.
        largest_left: the size of the largest component with them alone; None where there are none.
        names: what becomes of each name that the statements of the cut take, by line, in the order of the statement.
        ruled_out: whether it would be made in a way that is not wanted: it imports inside functions.
    """

    feasibility: Feasibility
    path: str
    line_number: int
    detail: str
    leaves: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    largest_left: int | None = None
    names: tuple[NameFix, ...] = ()
    doubt: Doubt | None = None
    ruled_out: bool = False

    @property
    def defers(self) -> bool:
        """Whether it imports inside functions."""
        return any(name.functions and name.feasibility in INTO_FUNCTIONS for name in self.names)

    @property
    def is_easy(self) -> bool:
        """Whether it takes no more than to edit imports and annotations, in a way that is wanted."""
        return bool(self.names) and self.feasibility in EASY and not self.ruled_out

    @property
    def is_promised(self) -> bool:
        """Whether it is easy, and nothing is known that could break it."""
        return self.is_easy and self.doubt is None


@dataclass(frozen=True, slots=True)
class Cut(Paired):
    """What `importer` imports of the module named `imported`, to be removed or deferred.

    Attributes:
        cycles: how many cycles run through the dependencies that go with this cut alone.
        frees: how many modules are on no cycle afterwards; None where that takes too long to find out.
        largest_left: the size of the largest component afterwards; None likewise.
        removes: the dependencies that go with this cut alone, sorted.
        reexport: whether a package imports a module of its own.
        imports: the statements to edit.
        fix: how it can be made; None where nobody asked.
    """

    cycles: int
    frees: int | None
    largest_left: int | None
    removes: tuple[tuple[str, str], ...]
    reexport: bool
    imports: tuple[Import, ...]
    fix: CutFix | None = None

    @property
    def is_easy(self) -> bool:
        """Whether it is known to take no more than to edit imports and annotations."""
        return self.fix is not None and self.fix.is_easy


@dataclass(frozen=True, slots=True)
class CutSet:
    """Cuts that together leave no cycle, and the proof that no smaller set does.

    Attributes:
        cuts: pairs (importer, imported), sorted.
        forced: how many of them were asked for.
        lower_bound: no set of cuts is smaller than this.
        proven: whether this set is as small as that and none of its size costs less; where the `cheapest` was asked
            for, whether it costs `least_cost` and none of that cost is smaller.
        certificate: cycles that have no cut in common: each needs another cut.
        cost: the sum of the costs of its cuts.
        cheapest: whether the least cost was asked for instead of the fewest cuts.
        least_cost: no set of cuts costs less; None unless `cheapest`.
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
class PlanStep(Paired):
    """A cut of a plan, and what is left on cycles once it and all steps before it are made."""

    modules_left: int
    largest_left: int


@dataclass(frozen=True, slots=True)
class GeneratedContract:
    """A contract for import-linter: what it says, and what became of it.

    Attributes:
        id: what import-linter knows it by.
        name: what it demands, for people.
        covers: the packages inside which it allows no other cycle.
        roots: the root packages that import-linter needs for it.
        exceptions: the pairs of importer and imported that it allows, sorted.
        plan: the same as steps, in the order of the plan.
        proven: whether no fewer exceptions would do.
        notes: sentences on what it does not speak of.
        text: it, as the configuration has it.
        file: the configuration file that it is for, from the working directory.
        state: "shown" where that file was not to be written, else "new", "rewritten" or "unchanged".
    """

    id: str
    name: str
    covers: tuple[str, ...]
    roots: tuple[str, ...]
    exceptions: tuple[tuple[str, str], ...]
    plan: tuple[PlanStep, ...]
    proven: bool
    notes: tuple[str, ...]
    text: str
    file: str
    state: str


@dataclass(frozen=True, slots=True)
class HoistableImport(Paired):
    """A deferred import that could move to the top of its module once a plan is made; `already`: without any cut.

    `replayed`: that no first import newly fails then, or is unknown, is simulated.
    """

    path: str
    line_number: int
    already: bool
    replayed: bool = False

    @property
    def place(self) -> tuple[str, int, str]:
        """Where it is, and what it imports."""
        return self.importer, self.line_number, self.imported


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every cut of a component, ranked.

    Attributes:
        cycles: how many cycles the component has.
        through: how many of them run through each dependency, in the order of the component's dependencies.
        cuts: sorted by the cycles that they break, then by the modules that they free, most first, then by name.
    """

    cycles: CycleCount
    through: tuple[int, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class ImportLink(Paired):
    """One import that is under way: the line of the importer that runs when the imported module begins."""

    path: str
    line_number: int


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A failure that an import cycle causes, and that a `try` catches: what it was to bind stays as it is.

    Attributes:
        path: the file in which it is raised.
        line_number: the line on which it is raised.
        error: what Python would print.
    """

    path: str
    line_number: int
    error: str


@dataclass(frozen=True, slots=True)
class FirstImport:
    """A module as the first import of a fresh interpreter, and what becomes of it.

    Attributes:
        error: what Python would print, such as "ImportError: cannot import name …".
        path: the file in which that is raised.
        line_number: the line on which it is raised.
        chain: the imports then under way, beginning in the module itself.
        reason: why the verdict is `unknown` or `other`.
        loaded: whether what came before had loaded it already: then it says nothing of a first import.
        missing: the module that was not found, where that is why it fails.
        swallowed: the failures of cycles that are caught on the way; as predicted.
    """

    module: str
    verdict: Verdict
    error: str | None = None
    path: str | None = None
    line_number: int | None = None
    chain: tuple[ImportLink, ...] = ()
    reason: str | None = None
    loaded: bool = False
    missing: str | None = None
    swallowed: tuple[Swallowed, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReplay:
    """What became of a plan when its edits were made in memory.

    Attributes:
        edited: how many of its steps are edits of imports; the imports of the others were taken out.
        simulated: how many modules of the component were then simulated as first imports; None where none was,
            because a step is no edit, because that would run too many modules, or in another graph than import-time.
        failing: those of them that crash, fail for another reason, or may.
    """

    edited: int
    simulated: int | None
    failing: tuple[FirstImport, ...]


@dataclass(frozen=True, slots=True)
class CutPlan:
    """How to end the cycles of one component: the smallest cut set, in the order to make it, and every cut ranked.

    `replay` is what became of it when its edits were made in memory; None where nobody did that.
    """

    component: Component
    ranking: Ranking
    cut_set: CutSet
    steps: tuple[PlanStep, ...]
    replay: PlanReplay | None = None

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The cuts of the steps, in their order, each with its fix and the statements to edit."""
        by_pair = {cut.pair: cut for cut in self.ranking.cuts}
        return tuple(by_pair[step.pair] for step in self.steps)


@dataclass(frozen=True, slots=True)
class DependencyDetail:
    """One dependency of a component: the cycles through it, the shortest of them, and the cuts that end it together."""

    component: Component
    dependency: Dependency
    cycles: CycleCount
    shortest_cycle: tuple[str, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class ImportChain(Paired):
    """A shortest chain of dependencies from one module to another; empty where none leads there."""

    dependencies: tuple[Dependency, ...]


@dataclass(frozen=True, slots=True)
class CycleBehind:
    """The cycle that made an import fail.

    Attributes:
        error: the last line of the traceback.
        links: the imports that close it: from the module that is asked too early, and back to it; none where the
            traceback has no frames.
        cheapest: the dependency on it that is easiest to cut; None where the cycle is in no component of the analysis,
            or not known.
        plan: the plan of cuts for the component that the cycle is in; None where it is in none.
        planned: the cuts of the plan that end dependencies of the cycle, in the order of the plan.
    """

    error: str
    links: tuple[ImportLink, ...]
    cheapest: DependencyDetail | None
    plan: CutPlan | None = None
    planned: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphSummary:
    """How cyclic one graph is: the number of its components, of the modules in them, and the size of the largest.

    `cuts` is what all components need together; None where nobody asked.
    """

    name: GraphName
    components: int
    modules: int
    largest: int
    cuts: CutBound | None


@dataclass(frozen=True, slots=True)
class Mask:
    """A module that hides crashes when it is imported beforehand: `safe` first imports then work that crash without."""

    module: str
    safe: int


@dataclass(frozen=True, slots=True)
class FirstImportReport:
    """What becomes of the modules of a package as first imports, as predicted.

    Attributes:
        component: the number of the component that was asked for, or None.
        after: the modules that are imported before each.
        bare: the packages whose `__init__` counts as empty.
        entries: the modules that were asked about: all of the package, those that run a module of the component, where
            they are really imported its own, or those that were named.
        apart: how many other modules the package has.
        mask: the best module to import beforehand; None where nothing crashes, nothing helps, or `after` has one.
        hidden: modules that would crash if the `__init__` of the package and of those above it were empty.
        runs: what became of the entries when they were really imported; empty where nobody asked.
        named: the modules that were asked for by name.
    """

    component: int | None
    after: tuple[str, ...]
    bare: tuple[str, ...]
    entries: tuple[FirstImport, ...]
    apart: int
    mask: Mask | None
    hidden: tuple[FirstImport, ...]
    runs: tuple[FirstImport, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of the import cycles of one package.

    Attributes:
        package: its dotted name; where several were asked for, what was asked.
        named: the dotted names of the packages asked for.
        packages: the names of the top-level packages whose modules make the graphs: first those of the packages asked
            for and the roots added, then the first-party ones that these reach.
        folder: where the first root was found, absolute.
        project: the folder that the paths of imports are relative to, absolute.
        files: the files of all modules of these packages, sorted by name.
        compiled: the names of the modules that have no source to read.
        mentions: all imports between the modules.
        closing: those that may lie on a cycle of some graph, classified.
        modules: how many modules lie in the packages asked for.
        imports: how many imports they make.
        skipped: the files and folders that were not read, and why.
        self_imports: imports of a module by itself.
        summaries: the three graphs at a glance.
        graph_name: the graph that was asked for.
        components: those of that graph, over all packages, that touch those asked for: largest first, then by name.
        unlinted: the files that import-linter cannot read, though Python may.
        graphs: the three whole graphs, each built when it is first asked for.
        sources: the source files of all modules, as far as they were read.
        left_out: first-party packages that are reached too, but would have added too many modules.
        read_as: folders that were read by another name than they were asked for by: as asked, and as meant.
        strangers: where no module of the packages imports another, the top-level names that they import and that are
            found nowhere, most used first; else None.
        selection: what selects the same modules again, as on a command line.
        by: how modules are grouped: then components are those of groups, and summaries count groups; else None.
    """

    package: str
    named: tuple[str, ...]
    packages: tuple[str, ...]
    folder: str
    project: str
    files: tuple[ModuleFile, ...]
    compiled: tuple[str, ...]
    mentions: tuple[RawImport, ...]
    closing: tuple[ClassifiedImport, ...]
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
    left_out: tuple[str, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()
    strangers: tuple[str, ...] | None = None
    selection: tuple[str, ...] = ()
    by: Grouping | None = None

    @property
    def node(self) -> str:
        """What is on cycles, in a word: a module or a group of modules."""
        return "module" if self.by is None else "group"

    def holds(self, module: str) -> bool:
        """Whether a module lies in the packages that were asked for."""
        return any(inside(module, package) for package in self.named)

    @property
    def complete(self) -> bool:
        """Whether every file was read, of every package that is reached."""
        return not self.skipped and not self.left_out

    @property
    def origin(self) -> Origin:
        """What was read to find the components."""
        return Origin(self.graph_name, self.sources, self.mentions, self.project, self.by, self.compiled, self.named)

    def graph(self, name: GraphName | str | None = None) -> Graph:
        """Return one of the three graphs over all modules, by default the one that was asked for.

        Raises ValueError where no graph has that name.
        """
        return self.graphs[self.graph_name if name is None else GraphName(name)]

    def chosen(self, number: int | None) -> tuple[Component, ...]:
        """The component of that number, or all where it is None."""
        return self.components if number is None else self.components[number - 1 : number]


class RuntimeEvaluated(NamedTuple):
    """What a project's configuration says: bases and decorators that evaluate annotations, imports that must stay."""

    bases: frozenset[str] = frozenset()
    decorators: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()

    def joined(self, other: "RuntimeEvaluated") -> "RuntimeEvaluated":
        """Return what either says."""
        return RuntimeEvaluated(*(one | another for one, another in zip(self, other, strict=True)))

    def exempts(self, module: str) -> bool:
        """Whether the imports of a module, or of a package around it, must stay where they are."""
        return not self.exempt.isdisjoint(with_packages(module))


NOTHING_SAID = RuntimeEvaluated()
