"""Which definitions can go to another module, and why the others cannot."""

import ast

from cycles.fixes.needs_and_moves import Definition, MoveRule
from cycles.fixes.origins import Origins
from cycles.source.effects import is_harmless, is_mark
from cycles.source.nodes import statements_in
from cycles.source.top_level_statements import TopLevel

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MOVABLE = (*FUNCTIONS, ast.ClassDef, ast.Assign, ast.AnnAssign)
_OWN_MODULE = frozenset(
    ["__file__", "__name__", "__package__", "__spec__", "__path__", "dir", "eval", "exec", "globals", "locals", "vars"]
)


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


def _marks(origins: Origins, module: str, decorator: ast.expr) -> bool:
    """Whether a decorator of the packages only marks what it decorates."""
    leaf = origins.modules.leaf_of(module, decorator.id) if isinstance(decorator, ast.Name) else None
    scope = origins.scope(leaf[0]) if leaf else None
    if leaf is None or scope is None:
        return False
    places = scope.defined.get(leaf[1], [])
    return bool(places) and all(is_mark(scope.statements.found[place].node) for place in places)
