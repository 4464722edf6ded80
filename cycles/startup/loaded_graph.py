"""The graph of what importing ENTRY loads: simulated for the project's own modules, read for all others."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from cycles.enums import Kind, Verdict
from cycles.model import Analysis, FirstImport
from cycles.simulate.simulate_first_imports import Library, Predictor
from cycles.simulate.vm.import_record import Executed, Record
from cycles.source.file_text import UnreadableError, read_bytes, relative_path
from cycles.source.import_statements import items_by_module
from cycles.source.import_values import ModuleFile
from cycles.source.module_names import inside, packages_on_the_way
from cycles.source.source_file import SourceCache
from cycles.startup.installed_distributions import Environment
from cycles.startup.logging_config import named_by_logging
from cycles.startup.startup_values import Entry, LoadEdge, PaidModule, StartupOrigin, Statement, Unfollowed
from cycles.startup.unsimulated_modules import Foreign

Place = tuple[str, int]
CALL = "__call__"
"""What the names of modules begin with that stand for what is done besides importing: their texts call functions."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What loading is found out from: the project's modules, and where all others are.

    `sources` are the modules of the analysis, and those that only ENTRY has: a script, what calls a function. `lowered`
    keeps them as instructions, once they were simulated.
    """

    analysis: Analysis
    entry: Entry
    environment: Environment
    foreign: Foreign
    sources: SourceCache
    lowered: list[Library] = field(default_factory=list, repr=False, compare=False)

    def is_own(self, module: str) -> bool:
        """Whether a module is of the project."""
        return module in self.foreign.own


@dataclass(frozen=True, slots=True)
class Edited:
    """The modules with other texts for the changed ones; statements that are `skipped` import nothing.

    `lowered` keeps them as instructions, once they were simulated.
    """

    sources: SourceCache
    changed: frozenset[str] = frozenset()
    skipped: frozenset[Place] = frozenset()
    lowered: list[Library] = field(default_factory=list, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What importing ENTRY loads; see `StartupReport` for its parts."""

    modules: tuple[PaidModule, ...]
    statements: Mapping[Place, Statement]
    edges: tuple[LoadEdge, ...]
    unfollowed: tuple[Unfollowed, ...]
    failure: FirstImport | None
    cut_off: bool


@dataclass(frozen=True)
class Findings(StartupOrigin):
    """What a report was made from."""

    ground: Ground
    loaded: Loaded


def ground_of(analysis: Analysis, entry: Entry, environment: Environment) -> Ground:
    """Return what loading is found out from."""
    sources = _with_entry(analysis.sources, entry)
    own = {*analysis.sources.modules, *analysis.compiled, *sources.modules}
    return Ground(
        analysis, entry, environment, Foreign(environment, {name for name in own if not is_call(name)}), sources
    )


def is_call(module: str) -> bool:
    """Whether a module stands for what is done besides importing."""
    return module.startswith(CALL)


def _is_made_up(module: str) -> bool:
    """Whether nobody knows a module by its name: a script, or what stands for a call."""
    return is_call(module) or module == "__main__"


def _with_entry(sources: SourceCache, entry: Entry) -> SourceCache:
    """Return the modules of the project, and those that only ENTRY has."""
    added: list[ModuleFile] = []
    texts: dict[str, str | bytes] = {}
    if entry.path:
        texts[entry.module] = read_bytes(entry.path)
        added.append(ModuleFile(entry.module, entry.path, is_package=False, folder=str(Path(entry.path).parent)))
    for module in entry.beside:
        texts[module.name] = read_bytes(module.path)
        added.append(module)
    for name, text in _calls(entry):
        added.append(ModuleFile(name, name, is_package=False, folder=""))
        texts[name] = text
    return sources.add_modules(added, texts) if added else sources


def _calls(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the modules that stand for calls, with their texts, in order."""
    if entry.attribute:
        yield CALL, _text(entry.module, entry.attribute)
    for number, named in enumerate(entry.named):
        if named.call:
            owner = named.call.partition(".")[0]
            yield f"{CALL}{number}", _text(named.module, named.call, owner)


def _text(module: str, called: str, given: str = "") -> str:
    """Return the text of a module that calls what a module has under a dotted name."""
    return f"from {module} import {called.partition('.')[0]}\n{called}({given})\n"


def library_of(ground: Ground, edited: Edited | None = None) -> Library:
    """Return the modules to simulate, as they are or edited: what was lowered of them once is kept."""
    if not ground.lowered:
        analysis, environment = ground.analysis, ground.environment
        ground.lowered.append(
            Library(ground.sources, analysis.compiled, analysis.project, environment.version, environment)
        )
    library = ground.lowered[0]
    if edited is None:
        return library
    if not edited.lowered:
        edited.lowered.append(library.edited(edited.sources, edited.changed, edited.skipped))
    return edited.lowered[0]


def load(ground: Ground, edited: Edited | None = None) -> Loaded:
    """Find out what importing ENTRY loads, with the modules as they are or edited."""
    sources = edited.sources if edited else ground.sources
    entry, library = ground.entry, library_of(ground, edited)
    named = list(dict.fromkeys(found.module for found in entry.named))
    calls = [name for name, _ in _calls(entry)]
    own = [name for name in (entry.module, *named) if ground.is_own(name)]
    predictor = Predictor(library)
    predictions, record = predictor.recorded([*own, *calls])
    failed = [
        replace(found.entry, module=entry.text) if _is_made_up(found.entry.module) else found.entry
        for found in predictions
        if found.entry.verdict in (Verdict.CRASH, Verdict.OTHER)
    ]
    ran = {module for found in predictions for module in found.ran}
    called = _called_by_logging(ground, sources, ran)
    graph = _Graph(ground, sources, library.skipped, {name: found[0] for name, found in called.items()})
    if called:
        # What a configuration of `logging` names is made in the end, or not: all that comes of it is only possible.
        library.add_texts({name: _text(found[1], found[2]) for name, found in called.items()})
        more, later = predictor.recorded(list(called), further=True)
        ran |= {module for found in more for module in found.ran}
        for executed in later.executed:
            if executed not in record.executed:
                graph.add(executed, certain=False)
    predictor.forget()
    for module in dict.fromkeys([entry.module, *named]):
        graph.start(module)
    for executed, certain in record.executed.items():
        graph.add(executed, certain=certain)
    for by, module, _ in called.values():
        graph.add_possible(by, module)
    whole = graph.complete(ran, record.is_whole and not failed)
    return Loaded(
        modules=graph.modules(),
        statements=graph.statements(),
        edges=tuple(sorted(graph.edges, key=_order)),
        unfollowed=_unfollowed(record, library.paths),
        failure=failed[0] if failed else None,
        cut_off=not (whole and record.is_whole),
    )


def with_more(ground: Ground, loaded: Loaded, more: Iterable[LoadEdge], functions: Mapping[Place, str]) -> Loaded:
    """Return what is loaded where further edges are known, and all that these lead to.

    `functions` names those in which statements of these edges stand.
    """
    graph = _Graph(ground, ground.sources, frozenset(), {})
    graph.functions.update(
        {place: found.function for place, found in loaded.statements.items() if found.function} | dict(functions)
    )
    for edge in loaded.edges:
        graph.add_edge(edge)
    for edge in more:
        graph.add_edge(graph.with_named(edge))
    whole = graph.complete({module.name for module in loaded.modules}, simulated=True)
    return replace(
        loaded,
        modules=graph.modules(),
        statements=graph.statements(),
        edges=tuple(sorted(graph.edges, key=_order)),
        cut_off=loaded.cut_off or not whole,
    )


def _called_by_logging(ground: Ground, sources: SourceCache, ran: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Return what configurations of `logging` call, by the modules that stand for the calls.

    Each is who configures it, and the module and the name of what is called.
    """
    found = [
        (by, module, name)
        for by in sorted(ran)
        if by in sources.modules and not is_call(by)
        for module, name in named_by_logging(sources.file(by), ground.is_own)
    ]
    return {f"{CALL}logging{number}": one for number, one in enumerate(found)}


def _order(edge: LoadEdge) -> tuple[object, ...]:
    return edge.importer, edge.imported, edge.named, edge.statement or ("", 0), edge.certain


def _unfollowed(record: Record, paths: Mapping[str, str]) -> tuple[Unfollowed, ...]:
    reason = "imports modules whose names are computed"
    return tuple(sorted({Unfollowed(paths.get(module, module), line, reason) for module, line in record.computed}))


@dataclass
class _Graph:
    """The edges as they come together."""

    ground: Ground
    sources: SourceCache
    skipped: frozenset[Place]
    called: Mapping[str, str]
    edges: dict[LoadEdge, None] = field(default_factory=dict)
    functions: dict[Place, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.items_on = cache(self._items_on)
        self.reached: set[str] = set()

    def start(self, module: str) -> None:
        """Add a module that ENTRY itself asks for, with its packages."""
        loaded: Iterable[str] = (*packages_on_the_way("", module), module)
        if not self._is_of_project(module):
            loaded = self.ground.foreign.targets("", module)
        for name in loaded:
            if not self._is_of_project(name) or self.ground.is_own(name):
                self.add_edge(LoadEdge("", name, module, None))

    def add(self, executed: Executed, *, certain: bool) -> None:
        """Add what one statement was recorded to ask for."""
        runner = self.called.get(executed.runner, "") if is_call(executed.runner) else executed.runner
        statement, named = self._blamed(executed)
        loaded: Iterable[str]
        if self._is_of_project(executed.imported):
            loaded = (*packages_on_the_way(runner, executed.imported), executed.imported)
            loaded = [name for name in loaded if self.ground.is_own(name) and name != runner]
        elif certain or self.ground.environment.is_installed(executed.imported) is not False:
            loaded = self.ground.foreign.targets(runner, executed.imported, executed.names)
        else:
            # It is only possible that it is asked for, and it is not there.
            loaded = ()
        for name in loaded:
            self.add_edge(LoadEdge(runner, name, named, statement, certain))

    def add_possible(self, importer: str, module: str) -> None:
        """Add that a module may load another, by no statement of its own."""
        for name in (*packages_on_the_way(importer, module), module):
            if self.ground.is_own(name) and name != importer:
                self.add_edge(LoadEdge(importer, name, module, None, certain=False))

    def complete(self, ran: Collection[str], simulated: bool) -> bool:  # noqa: FBT001
        """Add what the modules of other distributions lead to, and own ones that were not simulated.

        Returns whether nothing was left out.
        """
        own_done = {name for name in ran if simulated}
        foreign_done: set[str] = set()
        whole = True
        while True:
            names = {edge.imported for edge in self.edges}
            own = sorted(name for name in names if self.ground.is_own(name) and name not in own_done)
            foreign = sorted(name for name in names if not self.ground.is_own(name) and name not in foreign_done)
            if not own and not foreign:
                return whole
            for name in own:
                own_done.add(name)
                self._read_own(name)
            found, all_there = self.ground.foreign.follow(foreign)
            whole = whole and all_there
            foreign_done.update(found, foreign)
            for edges in found.values():
                for edge in edges:
                    self.add_edge(edge)

    def _read_own(self, module: str) -> None:
        """Add what an own module imports that was not simulated: all of it is only possible."""
        if module not in self.sources.modules:
            return
        foreign = self.ground.foreign
        for one in foreign.eager_imports(self.sources.file(module)):
            if (module, one.line_number) in self.skipped:
                continue
            for imported in foreign.all_targets(module, one.item):
                if imported != module:
                    named = self._named(module, one.line_number, imported)
                    self.add_edge(LoadEdge(module, imported, named, (module, one.line_number), certain=False))

    def add_edge(self, edge: LoadEdge) -> None:
        """Add an edge, unless it is known better."""
        certain = LoadEdge(edge.importer, edge.imported, edge.named, edge.statement)
        if certain not in self.edges:
            if edge.certain:
                self.edges.pop(LoadEdge(edge.importer, edge.imported, edge.named, edge.statement, certain=False), None)
            self.edges[edge] = None

    def _is_of_project(self, module: str) -> bool:
        return module.partition(".")[0] in self.ground.foreign.own_tops

    def _blamed(self, executed: Executed) -> tuple[Place | None, str]:
        """Return the statement to blame, and the module that it names.

        Where a function of another module, such as its `__getattr__`, runs for an import statement, that is to blame.
        """
        if not executed.importer or is_call(executed.importer):
            return None, executed.imported
        place = executed.importer, executed.line_number
        if executed.function:
            if not is_call(executed.runner) and executed.at and (items := self.items_on(executed.runner, executed.at)):
                named = executed.importer if executed.importer in items else next(iter(items))
                return (executed.runner, executed.at), named
            self.functions[place] = executed.function
        return place, self._named(*place, executed.imported)

    def with_named(self, edge: LoadEdge) -> LoadEdge:
        """Return an edge with the module that its statement names, where it only says which one is loaded."""
        return edge._replace(named=self._named(*edge.statement, edge.imported)) if edge.statement else edge

    def _named(self, importer: str, line_number: int, imported: str) -> str:
        """Return which module a statement names that loads another."""
        items = self.items_on(importer, line_number)
        if imported in items:
            return imported
        return next((name for name in items if inside(name, imported)), imported)

    def _items_on(self, module: str, line_number: int) -> tuple[str, ...]:
        """Return the modules that the import statements on a line name."""
        if module not in self.sources.modules:
            return ()
        file = self.sources.file(module)
        try:
            return tuple(items_by_module(file.imports_on(line_number), file.module, self.sources.modules))
        except UnreadableError:
            return ()

    def modules(self) -> tuple[PaidModule, ...]:
        """Return all that is loaded."""
        certain = reached(edge for edge in self.edges if edge.certain)
        every = reached(self.edges)
        return tuple(self._module(name, certain=name in certain) for name in sorted(every - {""}))

    def _module(self, name: str, *, certain: bool) -> PaidModule:
        foreign = self.ground.foreign
        if self.ground.is_own(name):
            path, size = "", 0
            if name in self.sources.modules:
                file = self.sources.file(name)
                path = file.module.path
                try:
                    size = len(file.data)
                except UnreadableError:
                    size = 0
            return PaidModule(name, own=True, distribution="", path=path, size=size, certain=certain)
        found = self.ground.environment.find(name)
        path = found.file.path if found and found.file else ""
        distribution = self.ground.environment.distribution_of(name)
        return PaidModule(
            name, own=False, distribution=distribution, path=path, size=foreign.sizes.get(name, 0), certain=certain
        )

    def statements(self) -> dict[Place, Statement]:
        """Return the statements that edges blame."""
        named: dict[Place, set[str]] = defaultdict(set)
        for edge in self.edges:
            if edge.statement is not None:
                named[edge.statement].add(edge.named)
        found: dict[Place, Statement] = {}
        for importer, places in groupby(sorted(named), key=itemgetter(0)):
            own = self.ground.is_own(importer)
            file = self.sources.file(importer) if own else self.ground.foreign.files[importer]
            path = relative_path(file.module.path, Path(self.ground.analysis.project))
            try:
                lines = file.lines.lines
            except UnreadableError:
                lines = []
            for place in places:
                number, function = place[1], self.functions.get(place)
                line = lines[number - 1].strip() if number <= len(lines) else ""
                kind = Kind.DEFERRED if function else Kind.EAGER
                names = tuple(sorted(named[place]))
                found[place] = Statement(importer, number, path, line, kind, function, names, own)
        return found


def reached(edges: Iterable[LoadEdge], without: Collection[LoadEdge] = ()) -> set[str]:
    """Return all modules that edges lead to from ENTRY, with "" for ENTRY itself."""
    following: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge not in without:
            following[edge.importer].append(edge.imported)
    seen = {""}
    waiting = deque([""])
    while waiting:
        for name in following[waiting.popleft()]:
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen
