"""Which definitions can go to another module, why others cannot, and which modules that are there could take them."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from cycles.fixes.definition_values import Definition, MoveRule, Need
from cycles.fixes.definitions import Needs
from cycles.fixes.name_origins import Origins
from cycles.graph.components import reached
from cycles.source.body_effects import is_harmless, last_name
from cycles.source.import_values import RawImport
from cycles.source.top_level_statements import TopLevel
from cycles.source.tree_nodes import statements_in

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MOVABLE = (*FUNCTIONS, ast.ClassDef, ast.Assign, ast.AnnAssign)
_OWN_MODULE = frozenset(
    ["__file__", "__name__", "__package__", "__spec__", "__path__", "dir", "eval", "exec", "globals", "locals", "vars"]
)
_VERSION = ("_version", "version", "__version__", "__about__", "_about")
_USUAL = {
    "version": _VERSION,
    "constant": ("constants", "_constants", "const", "consts"),
    "type": ("types", "_types", "typing", "_typing"),
    "error": ("exceptions", "_exceptions", "errors", "_errors"),
    "function": ("utils", "_utils", "util", "_util", "helpers", "_helpers"),
}
"""Names of modules that projects have for such definitions."""
_TYPE_MAKERS = frozenset(["NewType", "ParamSpec", "TypeVar", "TypeVarTuple"])
_TYPE_BASES = frozenset(["Protocol", "TypedDict", "NamedTuple"])
_ERRORS = ("Error", "Exception", "Warning")


def statements_of(origins: Origins, definition: Definition) -> list[tuple[int, TopLevel]]:
    """Return the statements of a definition of a module that was read, with their places in it."""
    scope = origins.scope(definition.module)
    if scope is None:
        return []
    places = sorted({place for name in definition.names for place in scope.defined[name]})
    return [(place, scope.statements.found[place]) for place in places]


def refusal(  # noqa: C901, PLR0911  a list of rules
    origins: Origins, definition: Definition
) -> tuple[MoveRule, int] | None:
    """Return why a definition cannot move, and the line that shows it; None where it can."""
    scope, statements = origins.scope(definition.module), statements_of(origins, definition)
    if scope is None or not statements:
        return MoveRule.CONDITIONAL, definition.line_number
    overloaded = all(isinstance(one.node, FUNCTIONS) for _, one in statements)
    if len(statements) > 1 and not overloaded:
        return MoveRule.REBOUND, statements[1][1].line_number
    for _, one in statements:
        if not isinstance(one.node, _MOVABLE):
            return MoveRule.CONDITIONAL, one.line_number
        for reading in one.readings:
            if reading.name in _OWN_MODULE:
                return MoveRule.OWN_MODULE, reading.line_number
        declared = (found for found in statements_in([one.node]) if isinstance(found, ast.Global))
        if line_number := next((found.lineno for found in declared), None):
            return MoveRule.GLOBAL, line_number
        for decorator in getattr(one.node, "decorator_list", ()):
            if not is_harmless(decorator) and not _marks(origins, definition.module, decorator):
                return MoveRule.REGISTERED, decorator.lineno
    for name in definition.names:
        bindings = scope.uses.bindings.get(name, [])
        if len(bindings) > len(statements):
            return MoveRule.REBOUND, bindings[-1].line_number
    return None


def loggers_in(needs: Needs, origins: Origins) -> frozenset[int]:
    """The definitions, by number, that are the logger of their module: another module has one of its own."""
    found = (
        number
        for number, definition in enumerate(needs.definitions)
        if len(places := statements_of(origins, definition)) == 1 and is_logger(places[0][1].node)
    )
    return frozenset(found)


def is_logger(node: ast.stmt) -> bool:
    """Whether a statement is the usual `logger = logging.getLogger(__name__)`."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(args=[ast.Name(id="__name__")], keywords=[]) as call):
            return last_name(call) in ("getLogger", "get_logger")
    return False


def _marks(origins: Origins, module: str, decorator: ast.expr) -> bool:
    """Whether a decorator of the packages only marks what it decorates."""
    leaf = origins.modules.leaf_of(module, decorator.id) if isinstance(decorator, ast.Name) else None
    scope = origins.scope(leaf[0]) if leaf else None
    if leaf is None or scope is None:
        return False
    places = scope.defined.get(leaf[1], [])
    return bool(places) and all(_is_mark(scope.statements.found[place].node) for place in places)


def _is_mark(node: ast.stmt) -> bool:
    """Whether a statement defines a decorator that only marks what it decorates: in a set, or by attributes.

    In which order things are marked so makes no difference.
    """
    if not isinstance(node, ast.FunctionDef) or len(node.args.args) != 1 or node.decorator_list:
        return False
    name = node.args.args[0].arg
    last = node.body[-1]
    gives_back = isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == name
    return gives_back and all(_sets_mark(one, name) for one in node.body[:-1])


def _sets_mark(node: ast.stmt, name: str) -> bool:
    """Whether a statement sets an attribute of what a name stands for, adds that to a set, or only refuses it."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="add"), args=[ast.Name(id=added)])):
            return added == name
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=changed))]):
            return changed == name
        case ast.If(orelse=[]):
            return all(isinstance(one, ast.Raise) for one in node.body)
    return False


class Homes:
    """Which modules could take definitions of others, by what these need and who needs them."""

    def __init__(self, needs: Needs, origins: Origins, mentions: Iterable[RawImport]) -> None:
        """`mentions` are all imports of the run."""
        self._needs, self._origins = needs, origins
        self._members = {definition.module for definition in needs.definitions}
        self._following: dict[str, set[str]] = defaultdict(set)
        for mention in mentions:
            self._following[mention.importer].add(mention.imported)

    def of(self, source: str, group: Collection[int], package: str, nodes: Sequence[ast.stmt]) -> Iterator[str]:
        """Yield modules that could take some definitions of a module, the best first.

        Whether they really can is not asked here. A module outside of the component must lie below: nothing that it
        imports, in whatever way, leads to the component.

        Args:
            source: the module that they leave.
            group: their numbers.
            package: the one that all share who need them.
            nodes: their statements.

        """
        users = {
            self._needs.definitions[number].module
            for number, needed in enumerate(self._needs.between)
            if number not in group and not needed.keys().isdisjoint(group)
        }
        # What a package defines is there for all who import the package.
        alone = len(users) == 1 and source not in users and not self._origins.modules.files[source].is_package
        needed = self._needed_by(group) - {source}
        found = [*needed] if len(needed) == 1 else []
        found += [f"{package}.{name}" for name in _USUAL.get(_what(nodes), ()) if not needed]
        below = [
            module
            for module in found
            if module in self._origins.modules.files and module not in users and self._is_below(module)
        ]
        # A class belongs to the one that it inherits from, a function to the one that calls it.
        if all(isinstance(node, ast.ClassDef) for node in nodes):
            yield from below
        if alone:
            yield from users
        yield from below

    def _needed_by(self, group: Collection[int]) -> set[str]:
        """The modules of the run that define what some definitions need while the program runs."""
        found: set[str] = set()
        for number in group:
            for other, need in self._needs.between[number].items():
                if other not in group and need.need is not Need.TYPING:
                    found.add(self._needs.definitions[other].module)
            found |= {module for module, need in self._needs.of_modules[number].items() if need.need is not Need.TYPING}
        return found

    def _is_below(self, module: str) -> bool:
        if module in self._members:
            return False
        return self._members.isdisjoint(reached(self._following, [module]))


def usual_name(nodes: Sequence[ast.stmt]) -> str | None:
    """What projects call a module of such definitions that is not for others; None where there is no such name."""
    return {"constant": "_constants", "type": "_types", "error": "_errors"}.get(_what(nodes))


def _what(nodes: Sequence[ast.stmt]) -> str:
    """What some definitions are, where that is the same for all of them; else ""."""
    kinds = {_kind(node) for node in nodes}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return "function"
    if isinstance(node, ast.ClassDef):
        names = [last_name(base) for base in node.bases]
        if any(name.endswith(_ERRORS) for name in names):
            return "error"
        return "type" if _TYPE_BASES.intersection(names) else ""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = target.id if isinstance(target, ast.Name) else ""
        is_alias = isinstance(node, ast.AnnAssign) and last_name(node.annotation) == "TypeAlias"
        if is_alias or (isinstance(node.value, ast.Call) and last_name(node.value.func) in _TYPE_MAKERS):
            return "type"
        return "version" if name == "__version__" else "constant" if name.isupper() else ""
    return ""
