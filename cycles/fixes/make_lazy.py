"""Whether what a module imports can wait until it is asked for: `lazy` imports (PEP 810), or `__getattr__` (PEP 562).

It cuts nothing where a module of the component asks for the name while it runs: that one depends on what defines it
then. So such names stay; they can be taken from there first.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cycles.enums import Feasibility, Kind
from cycles.fixes.import_time.runs_on_import import FirstRuns
from cycles.fixes.judge_import import Verdict
from cycles.fixes.module_usage import Modules
from cycles.fixes.name_users import NameUsers
from cycles.model import NameFix
from cycles.source.body_effects import first_act, is_plain_base
from cycles.source.conditions import Version
from cycles.source.import_statements import bound_names
from cycles.source.import_values import Import
from cycles.source.module_names import inside
from cycles.source.name_usage import Use

GETATTR = "__getattr__"
_LAZY_IMPORTS: Version = (3, 15)


def has_lazy_imports(versions: Sequence[Version] | None) -> bool:
    """Whether every release of Python that a project supports knows `lazy` imports."""
    return bool(versions) and all(version >= _LAZY_IMPORTS for version in versions or ())


class Lazily:
    """Judges names that modules take while they run."""

    def __init__(
        self,
        statements: Mapping[tuple[str, str], Sequence[Import]],
        modules: Modules,
        takers: NameUsers,
        first_runs: FirstRuns,
    ) -> None:
        """`statements` are those that must not ask for a name at once, by importer and imported: a component's."""
        self._modules, self._takers, self._first_runs = modules, takers, first_runs
        self._native = has_lazy_imports(modules.sources.versions)
        self._statements = statements

    def judged(self, verdicts: Iterable[Verdict], imported: str) -> list[Verdict]:
        """Return verdicts on what is taken of a module, those that can wait as `lazy`."""
        return [self._lazily(verdict, imported) or verdict for verdict in verdicts]

    def _lazily(self, verdict: Verdict, imported: str) -> Verdict | None:
        name = verdict.name
        offered = verdict.feasibility is Feasibility.REEXPORT or (name is not None and self._is_kept(verdict, name))
        if (
            name is None
            or name.bound == "*"
            or not (offered or (self._native and verdict.feasibility is Feasibility.DEFERRABLE))
        ):
            return None
        found = self._without_functions(name) if self._native else self._by_getattr(name)
        if found is None or self._is_asked_for(name) or (offered and self._is_missed(name, imported)):
            return None
        if found.functions and verdict.module not in self._modules.files:
            # A test that replaces the name would not be heard by functions that import it.
            return None
        uses = self._modules.uses(name.importer)
        if not isinstance(uses, str) and self._takers.example(name.importer, uses, name.bound):
            # A doctest asks nobody.
            return None
        detail = f"{name.bound} is only offered to others" if found.typed else f"{name.bound} is not used on import"
        return replace(verdict, feasibility=Feasibility.LAZY, detail=detail, name=found, instead=())

    def _is_kept(self, verdict: Verdict, name: NameFix) -> bool:
        """Whether nothing uses a name here, and others take one of those that the same statement imports."""
        uses = self._modules.uses(name.importer)
        if verdict.feasibility is not Feasibility.REGISTRATION or isinstance(uses, str):
            return False
        return any(
            self._takers.taker(name.importer, bound, public=False)
            for statement in uses.imports.get(name.line_number, ())
            for bound in bound_names(statement.node)
        )

    def _without_functions(self, name: NameFix) -> NameFix | None:
        """What becomes of a name that is imported by `lazy`; None where the body of its module needs it."""
        return None if self._runs(name) else replace(name, feasibility=Feasibility.LAZY, typed=False)

    def _by_getattr(self, name: NameFix) -> NameFix | None:
        """What becomes of a name that `__getattr__` imports: functions of the module ask nobody, and import it."""
        uses = self._modules.uses(name.importer)
        if isinstance(uses, str) or self._runs(name):
            return None
        places = uses.places(name.bound)
        bindings = uses.bindings.get(GETATTR, [])
        plain = any(
            isinstance(node, ast.FunctionDef) and node.name == GETATTR and node.args.args and node.lineno == line
            for node in uses.body
            for line in (binding.line_number for binding in bindings)
        )
        if (bindings and not (plain and len(bindings) == 1)) or any(place.use is Use.EVALUATED for place in places):
            return None
        if any(isinstance(one.node, ast.Import) for one in uses.imports.get(name.line_number, ())):
            return None
        found = {place.outermost for place in places if place.use is Use.FUNCTION and place.outermost}
        functions = tuple(sorted(found, key=lambda function: function.line_number))
        return replace(name, feasibility=Feasibility.LAZY, functions=functions, typed=True)

    def _runs(self, name: NameFix) -> bool:
        """Whether the name may be needed while its module runs."""
        uses = self._modules.uses(name.importer)
        if isinstance(uses, str):
            return True
        for place in uses.places(name.bound):
            if place.use in (Use.RUNS, Use.LAMBDA):
                return True
            if place.use is Use.FUNCTION and (
                place.outermost is None or self._first_runs.runs(name.importer, place.outermost.function)
            ):
                return True
            if place.annotates and self._first_runs.reads(name.importer, place.annotates):
                return True
        return False

    def _is_asked_for(self, name: NameFix) -> bool:
        """Whether a module of the component takes the name from its module while it runs."""
        return any(
            self._takes(statement, name)
            for (_, imported), statements in self._statements.items()
            if imported == name.importer
            for statement in statements
            if statement.kind is not Kind.TYPING
        )

    def _takes(self, statement: Import, name: NameFix) -> bool:
        if name.bound in statement.names or "*" in statement.names:
            return statement.kind is Kind.EAGER
        uses = self._modules.uses(statement.importer)
        return isinstance(uses, str) or any(
            name.bound in load.attributes and load.context.use in (Use.RUNS, Use.LAMBDA)
            for loads in uses.loads.values()
            for load in loads
        )

    def _is_missed(self, name: NameFix, imported: str) -> bool:
        """Whether somebody may notice that a module offers a name only when it is asked for it."""
        importer, files = name.importer, self._modules.files
        uses = self._modules.uses(importer)
        if isinstance(uses, str) or f"{importer}.{name.bound}" in files:
            # Whoever imports a submodule of the name binds it, and nobody is asked.
            return True
        if inside(imported, importer) and imported[len(importer) + 1 :].partition(".")[0] in uses.bindings:
            # So it would, when it is imported later, take the place of what the package has under its name.
            return True
        if (self._takers.has_star(importer) and not uses.lists_exports) or self._takers.relies_on(importer, imported):
            return True
        # What nothing but others uses may be imported for what that does; what the module uses itself is not.
        while imported and not inside(importer, imported) and not name.functions:
            if imported in files and self._acts(imported):
                return True
            imported = imported.rpartition(".")[0]
        return False

    def _acts(self, module: str) -> bool:
        """Whether importing a module may do more than define names, however far its classes are derived."""
        uses = self._modules.uses(module)
        return isinstance(uses, str) or (
            uses.acts is not None and first_act(uses.body, lambda base: self._is_plain(module, base)) is not None
        )

    def _is_plain(self, module: str, base: ast.expr) -> bool:
        """Whether a base class, and those that it is derived from, do nothing about new subclasses."""
        waiting, seen = [(module, base)], set[tuple[str, str]]()
        while waiting:
            module, base = waiting.pop()
            if is_plain_base(base):
                continue
            base = base.value if isinstance(base, ast.Subscript) else base
            leaf = self._modules.leaf_of(module, base.id) if isinstance(base, ast.Name) else None
            uses = self._modules.uses(leaf[0]) if leaf else ""
            if leaf is None or isinstance(uses, str):
                return False
            if leaf in seen:
                continue
            seen.add(leaf)
            node = next((one for one in uses.body if isinstance(one, ast.ClassDef) and one.name == leaf[1]), None)
            if node is None or node.keywords or node.decorator_list or any(map(_is_hook, node.body)):
                return False
            waiting += ((leaf[0], other) for other in node.bases)
        return True


def _is_hook(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init_subclass__"


def getattr_of(tree: ast.Module) -> ast.FunctionDef | None:
    """Return the `__getattr__` of a module, if it has one."""
    return next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == GETATTR), None)
