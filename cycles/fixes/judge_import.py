"""How one import statement could be cut, judged by how its module uses the names that it takes."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cycles.enums import INTO_FUNCTIONS, MOVED, Feasibility, GraphName, Kind, Tag
from cycles.fixes.import_time.evidence import Mark
from cycles.fixes.import_time.runs_on_import import FirstRuns
from cycles.fixes.module_usage import Modules
from cycles.fixes.name_users import NameUsers
from cycles.fixes.rewire_to_leaf import attributes_from_leaves, from_leaf, is_rewritten
from cycles.model import NameFix
from cycles.source.import_statements import Named, bound_name, named_by, resolve
from cycles.source.import_values import FunctionPlace, Import
from cycles.source.module_names import inside
from cycles.source.name_usage import Place, Statement, Use, Uses, inner_imports

HARDNESS = {feasibility: number for number, feasibility in enumerate(Feasibility)}
_ALREADY = {
    Kind.TYPING: Feasibility.TYPING,
    **dict.fromkeys((Kind.DEFERRED, Kind.LAZY, Kind.MAIN), Feasibility.DEFERRED),
}
_STILL_COUNTED = "this graph counts it until it is removed"
_NO_CUT = {
    GraphName.IMPORT_TIME: (),
    GraphName.RUNTIME: (Feasibility.DEFERRABLE, Feasibility.ANNOTATION),
    GraphName.ALL: (Feasibility.TYPE_ONLY, Feasibility.DEFERRABLE, Feasibility.ANNOTATION),
}
"""How an import moves that a graph counts in its new place too."""
_COUNTED = {
    GraphName.IMPORT_TIME: (),
    GraphName.RUNTIME: (Use.FUNCTION,),
    GraphName.ALL: (Use.FUNCTION, Use.EVALUATED, Use.TYPING),
}
"""The uses that need an import which a graph counts."""
_MOVES = {
    Use.EVALUATED: Feasibility.ANNOTATION,
    Use.FUNCTION: Feasibility.DEFERRABLE,
    Use.TYPING: Feasibility.TYPE_ONLY,
}
"""What the uses of a name come to that the module's body does not need, the hardest first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a statement, or one name of it, could be cut.

    The module and the line show it, and the sentence says it; `name` is what becomes of the name, None where that
    cannot be told. `instead` is what becomes of it where that which the module's body needs is taken from where it is
    defined; empty where that is not possible, or not needed. `doubt` is a function or class, and where something that
    is not known gets it into its hands. `called`: it is hard because a function may run on import, by ways that the
    code has.
    """

    feasibility: Feasibility
    module: str
    line_number: int
    detail: str
    name: NameFix | None = None
    instead: tuple[NameFix, ...] = ()
    doubt: tuple[str, Mark] | None = None
    called: bool = False


def verdicts_on(  # noqa: PLR0913
    found: Import,
    graph: GraphName,
    modules: Modules,
    takers: NameUsers,
    first_runs: FirstRuns,
    *,
    always_leaf: bool = False,
    called: bool = True,
) -> list[Verdict]:
    """Judge one statement, name by name; at least one verdict comes back.

    `always_leaf`: say also of names that can be deferred what becomes of them where they are taken from leaves. Not
    `called`: functions that may run on import by ways that the code has are taken not to.
    """
    importer, line_number = found.importer, found.line_number
    uses = modules.uses(importer)
    if found.kind in _ALREADY and (Tag.DYNAMIC in found.tags or isinstance(uses, str)):
        return [Verdict(_ALREADY[found.kind], importer, line_number, _STILL_COUNTED)]
    if Tag.DYNAMIC in found.tags:
        return [Verdict(Feasibility.STRUCTURAL, importer, line_number, "a call imports it while the module runs")]
    if isinstance(uses, str):
        return [Verdict(Feasibility.UNKNOWN, importer, line_number, uses)]
    known, is_package = modules.files, modules.files[importer].is_package
    verdicts = [
        _in_graph(
            graph,
            _Taken(found, statement, alias, item, uses, first_runs, called=called),
            modules,
            takers,
            always_leaf=always_leaf,
        )
        for statement in uses.imports.get(line_number, ())
        for alias, item in zip(
            statement.node.names, named_by(statement.node, importer, is_package=is_package), strict=False
        )
        if found.imported == (item.module if found.imported not in known else resolve(item, known))
    ]
    lost = Verdict(Feasibility.UNKNOWN, importer, line_number, "the statement was not found in the syntax tree")
    return verdicts or [lost]


def _in_graph(graph: GraphName, taken: "_Taken", modules: Modules, takers: NameUsers, *, always_leaf: bool) -> Verdict:
    """The verdict on a name where deferring (in `runtime` and `all`) or typing (in `all`) is no cut."""
    already = _ALREADY.get(taken.found.kind)
    verdict = taken.say(already, _STILL_COUNTED) if already else _on_name(taken, modules, takers)
    if verdict.feasibility in _NO_CUT[graph]:
        verdict = taken.say(
            Feasibility.COUPLED, f"{verdict.detail}; this graph counts it all the same", verdict.line_number
        )
    defers = verdict.feasibility in INTO_FUNCTIONS and verdict.name is not None and bool(verdict.name.functions)
    if HARDNESS[verdict.feasibility] <= HARDNESS[Feasibility.REWIRABLE] and not (always_leaf and defers):
        return verdict
    return replace(verdict, instead=_from_leaves(graph, taken, modules, takers))


def _from_leaves(graph: GraphName, taken: "_Taken", modules: Modules, takers: NameUsers) -> tuple[NameFix, ...]:
    """What becomes of a name where what the module's body needs of it is taken from where it is defined."""
    item, whole = taken.item, taken.fix(Feasibility.REWIRABLE)
    if item.name and f"{item.module}.{item.name}" not in modules.files:
        return from_leaf(whole, item, modules) if taken.found.kind is not Kind.LAZY else ()
    if (
        taken.found.kind in _ALREADY
        or not taken.statement.in_module
        or _hidden(taken)
        or _conditional(taken)
        or _reexport(taken, modules, takers)
    ):
        return ()
    soft = [place for place in taken.places if not taken.needs(place) and place.use not in _COUNTED[graph]]
    needed = [place for place in taken.places if place not in soft]
    start = (
        item.bound if isinstance(taken.statement.node, ast.Import) and not taken.alias.asname else taken.found.imported
    )
    parts = attributes_from_leaves(whole, start, needed, modules)
    soft = [place for place in soft if not is_rewritten(place, whole.bound, parts)]
    if not parts or not soft:
        return parts
    rest = _movable(replace(taken, only=tuple(soft)))
    return (*parts, rest.name) if rest and rest.name else ()


@dataclass(frozen=True, slots=True)
class _Taken:
    """One name that a statement takes, and how the importer uses its names; `only` are the uses in question.

    Not `called`: functions that are seen to run on import, by ways that the code has, are taken not to.
    """

    found: Import
    statement: Statement
    alias: ast.alias
    item: Named
    uses: Uses
    first_runs: FirstRuns
    only: tuple[Place, ...] | None = None
    called: bool = True

    @property
    def name(self) -> str:
        return bound_name(self.statement.node, self.alias)

    @property
    def places(self) -> Sequence[Place]:
        found = self.uses.places(self.name) if self.only is None else self.only
        if not self.shares_name:
            return found
        inner = [path for path in map(_path_of, self.others or ()) if path[: len(self.path)] == self.path]
        return [
            place
            for place in found
            if place.attributes[: len(self.path)] == self.path
            and not any(place.attributes[: len(path)] == path for path in inner)
        ]

    @property
    def path(self) -> tuple[str, ...]:
        """The attributes of the name that are what the statement imports: those behind `a` for `import a.b.c`."""
        dotted = isinstance(self.statement.node, ast.Import) and not self.alias.asname
        return _path_of(self.alias) if dotted else ()

    @property
    def others(self) -> tuple[ast.alias, ...] | None:
        """What else binds the name, where that is nothing but other modules of one package; None where it is not."""
        found: list[ast.alias] = []
        for binding in self.uses.bindings.get(self.name, []):
            statements = self.uses.imports.get(binding.line_number, ())
            plain = all(isinstance(one.node, ast.Import) for one in statements)
            aliases = [alias for one in statements for alias in one.node.names if alias is not self.alias]
            if not binding.sure or not statements or not plain or any(alias.asname for alias in aliases):
                return None
            found += [alias for alias in aliases if alias.name.partition(".")[0] == self.name]
        return tuple(dict.fromkeys(found))

    @property
    def shares_name(self) -> bool:
        """Whether nothing but other modules of one package binds the name, and each use of it is of one of them."""
        if len(self.uses.bindings.get(self.name, [])) == 1 or self.alias.asname or not self.others:
            return False
        paths = [*map(_path_of, self.others), self.path]
        reads = [load.attributes for load in self.uses.loads.get(self.name, ())]
        plain = isinstance(self.statement.node, ast.Import) and len(set(paths)) == len(paths)
        return plain and not any(
            len(read) < len(path) and path[: len(read)] == read for path in paths for read in reads
        )

    def needs(self, place: Place) -> bool:
        """Whether the module's body needs the name there, or may."""
        mark = self.mark(place)
        return place.use in (Use.RUNS, Use.LAMBDA) or (mark is not None and not mark.reason)

    @property
    def is_around(self) -> bool:
        """Whether it is a package around the importer, which is there whenever a function of the importer runs."""
        whole = f"{self.item.module}.{self.item.name}" if self.item.name else self.item.module
        return whole != self.found.importer and inside(self.found.importer, whole)

    def mark(self, place: Place) -> Mark | None:
        """Where it shows that the code at a place may run on import, or the annotation there be evaluated."""
        module = self.found.importer
        if place.use in (Use.TYPING, Use.EVALUATED) and self.first_runs.configured.exempts(self.found.imported):
            return Mark(module, place.line_number)
        if place.use is Use.FUNCTION and place.outermost and not self.is_around:
            return self.first_runs.runs(module, place.outermost.function, called=self.called)
        if place.annotates and place.use in (Use.TYPING, Use.EVALUATED):
            return self.first_runs.reads(module, place.annotates)
        return None

    def say(self, feasibility: Feasibility, detail: str, line_number: int | None = None) -> Verdict:
        place = self.found.importer, line_number or self.found.line_number
        return Verdict(feasibility, *place, detail, self.fix(feasibility))

    def fix(self, feasibility: Feasibility) -> NameFix:
        """Return what becomes of the name."""
        fix = NameFix(self.found.importer, self.found.line_number, self.alias.name, self.name, feasibility)
        if (feasibility not in MOVED and feasibility is not Feasibility.REEXPORT) or self.is_bound_by_another:
            return fix
        return replace(
            fix,
            functions=self.functions,
            typed=any(place.use in (Use.TYPING, Use.EVALUATED) for place in self.places),
            quoted=self.quoted,
        )

    @property
    def is_bound_by_another(self) -> bool:
        """Whether the import of a module inside of a package binds the package too: the one of the package can go."""
        is_plain = isinstance(self.statement.node, ast.Import) and self.alias.asname is None
        return is_plain and any(True for _ in inner_imports(self.uses, self.alias.name))

    @property
    def quoted(self) -> tuple[int, ...]:
        """The lines on which annotations evaluate the name."""
        return tuple(sorted({place.line_number for place in self.places if place.use is Use.EVALUATED}))

    @property
    def functions(self) -> tuple[FunctionPlace, ...]:
        """The outermost functions that use the name, by line."""
        found = {place.outermost for place in self.places if place.use is Use.FUNCTION and place.outermost}
        return tuple(sorted(found, key=lambda function: function.line_number))


def _path_of(alias: ast.alias) -> tuple[str, ...]:
    return tuple(alias.name.split(".")[1:])


def _on_name(taken: _Taken, modules: Modules, takers: NameUsers) -> Verdict:
    if taken.name == "*":
        return taken.say(Feasibility.REEXPORT, f"a star import takes every name of {taken.found.imported}")
    if hard := _structural(taken) or _conditional(taken) or _reexport(taken, modules, takers):
        return hard
    return _escaping(taken) or _movable(taken) or _unused(taken, modules)


def _movable(taken: _Taken) -> Verdict | None:
    """How the import of a name moves to where it is used; None where it is used nowhere."""
    by_use = {place.use: place.line_number for place in reversed(taken.places)}
    for use, feasibility in _MOVES.items():
        if use in by_use:
            verdict = taken.say(feasibility, how_to_move(taken.fix(feasibility)), by_use[use])
            return replace(verdict, doubt=_doubt(taken))
    return None


def _doubt(taken: _Taken) -> tuple[str, Mark] | None:
    """What may break the move of a name, the first by line."""
    for place in taken.places:
        if mark := taken.mark(place):
            subject = place.outermost.function if place.outermost and not place.annotates else place.annotates
            return subject, mark
    return None


def as_running(verdict: Verdict) -> Verdict:
    """Return a verdict on a name as it is where the functions that use it run on import."""
    name = verdict.name
    if name is None or not name.functions:
        return verdict
    detail = f"{name.bound} is used in {_listed(name.functions)}, which may run on import"
    fix = replace(name, feasibility=Feasibility.STRUCTURAL, functions=(), typed=False, quoted=())
    return replace(verdict, feasibility=Feasibility.STRUCTURAL, detail=detail, name=fix)


def how_to_move(fix: NameFix, *, otherwise: bool = False) -> str:
    """Say why and how the import of a name can be moved or removed; `otherwise`: but for what is said already."""
    # `import a.b` binds `a`, which may be used for more.
    name = fix.name if fix.name.startswith(f"{fix.bound}.") else fix.bound
    only = "otherwise used only" if otherwise else "used only"
    if fix.only_goes:
        return f"another import binds {name} too; remove this one"
    match fix.feasibility:
        case Feasibility.ANNOTATION:
            what = f"an annotation evaluates {name}: quote it"
            if len(fix.quoted) > 1:
                what = f"annotations on lines {', '.join(map(str, fix.quoted))} evaluate {name}: quote them"
            then = (
                f"import {name} in {_listed(fix.functions)}" if fix.functions else "move the import under TYPE_CHECKING"
            )
            return f"{what}, then {then}"
        case Feasibility.DEFERRABLE:
            return f"{name} is {only} in {_listed(fix.functions)}"
        case Feasibility.TYPE_ONLY:
            return f"{name} is {only} in annotations that are not evaluated"
    return f"nothing uses {name}; remove it"


def _structural(taken: _Taken) -> Verdict | None:
    """That the module's body needs the name, or may."""
    for place in taken.places:
        if place.use in (Use.RUNS, Use.LAMBDA):
            where = f"the body of {place.function}" if place.function else "the module's body"
            return taken.say(Feasibility.STRUCTURAL, f"{taken.name} is used in {where}", place.line_number)
    if not taken.statement.in_module:
        return taken.say(Feasibility.STRUCTURAL, "it stands in a class body")
    return _hidden(taken)


def _escaping(taken: _Taken) -> Verdict | None:
    """That a function which uses the name may run on import, or an annotation be evaluated."""
    name, fix = taken.name, taken.fix(Feasibility.STRUCTURAL)
    for place in taken.places:
        mark = taken.mark(place)
        if mark is None or mark.reason:
            continue
        if place.use is Use.FUNCTION:
            used_in = place.outermost if place.outermost and place.outermost.lambda_at else f"{place.function}()"
            detail = f"{name} is used in {used_in}, which may run on import"
            return Verdict(Feasibility.STRUCTURAL, mark.module, mark.line_number, detail, fix, called=True)
        detail = f"an annotation that may be evaluated uses {name}"
        return taken.say(Feasibility.STRUCTURAL, detail, place.line_number)
    return None


def _hidden(taken: _Taken) -> Verdict | None:
    """That some use of the name may not be seen."""
    if taken.name.startswith("__"):
        return taken.say(Feasibility.UNKNOWN, f"{taken.name} may be mangled in a class")
    if taken.uses.lookup:
        return taken.say(Feasibility.UNKNOWN, "names are looked up while the program runs", taken.uses.lookup)
    if asking := next((function for function in taken.functions if function in taken.uses.asked), None):
        # An import in there would be one name more.
        detail = f"{asking.function}() asks for all of its local names"
        return taken.say(Feasibility.UNKNOWN, detail, asking.line_number)
    return None


def _conditional(taken: _Taken) -> Verdict | None:
    """That the name is not bound exactly once, by this statement, whatever happens."""
    if Tag.OPTIONAL in taken.found.tags:
        # What follows the statement in the block, and what its handler binds, are about its failure.
        what = "it stands in a block that handles a failed import, which no edit takes apart"
        return taken.say(Feasibility.CONDITIONAL, f"{what}: move the whole block to where its names are used")
    if not taken.statement.sure or taken.found.tags:
        return taken.say(Feasibility.CONDITIONAL, "the statement stands in a block that may not run")
    bindings = taken.uses.bindings.get(taken.name, [])
    if len(bindings) == 1 or taken.shares_name:
        return None
    others = [binding.line_number for binding in bindings if binding.line_number != taken.found.line_number]
    other = next(iter(others), None)
    what = "is also imported" if other in taken.uses.imports else "is bound again"
    return taken.say(Feasibility.CONDITIONAL, f"{taken.name} {what}", other)


def _reexport(taken: _Taken, modules: Modules, takers: NameUsers) -> Verdict | None:
    """That others take the name from here, or may."""
    importer, name, uses = taken.found.importer, taken.name, taken.uses
    public = not name.startswith("_")
    listed = name in uses.exported if uses.exported is not None else public
    taker = takers.taker(importer, name, public=listed if uses.lists_exports else public)
    if taker:
        return Verdict(
            Feasibility.REEXPORT, *taker, f"{taker[0]} takes {name} from here", taken.fix(Feasibility.REEXPORT)
        )
    if example := takers.example(importer, uses, name):
        return taken.say(Feasibility.REEXPORT, f"a doctest uses {name}", example)
    detail = ""
    if listed and uses.lists_exports:
        detail = f"__all__ holds {name}" if uses.exported is not None else f"__all__ is computed and may hold {name}"
    elif modules.files[importer].is_package and isinstance(taken.statement.node, ast.ImportFrom):
        detail = f"the package re-exports {name}"
    elif taken.alias.asname and taken.alias.asname == taken.alias.name:
        detail = f"`as {name}` re-exports it"
    elif leaning := takers.relies_on(importer, taken.found.imported):
        detail = f"{leaning[0]} may rely on {taken.found.imported} being imported here"
        return Verdict(Feasibility.REEXPORT, *leaning, detail, taken.fix(Feasibility.REEXPORT))
    return taken.say(Feasibility.REEXPORT, detail) if detail else None


def _unused(taken: _Taken, modules: Modules) -> Verdict:
    """Whether what nothing uses may go, or may be there for what importing it does."""
    name, line_number, imported = taken.name, taken.found.line_number, taken.found.imported
    node = taken.statement.node
    own = modules.sources.file(taken.found.importer).lines_between(line_number, node.end_lineno or line_number)
    word = re.compile(rf"\b{re.escape(name)}\b")
    detail = ""
    if any(word.search(text) for text in taken.uses.texts):
        detail = f"nothing but a string names {name}"
    elif isinstance(node, ast.Import):
        detail = f"{name} is not used; it may be imported for its effect"
    elif any("noqa" in line or "pylint:" in line for line in own):
        detail = f"{name} is not used, and a comment says that this is meant"
    if detail:
        return taken.say(Feasibility.REGISTRATION, detail)
    while imported and not inside(taken.found.importer, imported):
        target = modules.uses(imported) if imported in modules.files else None
        if isinstance(target, str):
            return taken.say(Feasibility.REGISTRATION, f"{name} is not used; what {imported} does is not known")
        if target and target.acts:
            detail = f"{name} is not used, but importing {imported} does more than define names"
            fix = taken.fix(Feasibility.REGISTRATION)
            return Verdict(Feasibility.REGISTRATION, imported, target.acts, detail, fix)
        imported = imported.rpartition(".")[0]
    return taken.say(Feasibility.UNUSED, how_to_move(taken.fix(Feasibility.UNUSED)))


def _listed(functions: Sequence[FunctionPlace]) -> str:
    names = list(dict.fromkeys(map(str, functions)))
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
