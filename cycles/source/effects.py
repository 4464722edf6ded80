"""What the body of a module does besides defining names, by its syntax tree."""

import ast
from collections.abc import Iterator

from cycles.source.known_calls import HARMLESS, NOTHING, READ, SPECIAL, Role, effect_of
from cycles.source.meanings import Meanings

_IMPORTS = (ast.Import, ast.ImportFrom)


def exported_names(tree: ast.Module) -> tuple[frozenset[str] | None, bool]:
    """The names in `__all__`, None where it is computed, and whether there is one."""
    found: set[str] = set()
    computed = lists = False
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            continue
        if not any(isinstance(part, ast.Name) and part.id == "__all__" for part in ast.walk(node)):
            continue
        lists = True
        value = getattr(node, "value", None)
        strings = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
        found.update(text for text in strings if isinstance(text, str))
        computed |= not isinstance(value, ast.List | ast.Tuple | ast.Set)
    return (None if computed else frozenset(found)), lists


def is_facade(tree: ast.Module) -> bool:
    """Whether a module has nothing but imports: what they take is what it offers."""
    plain = [
        node
        for node in tree.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) and not _is_dunder(node)
    ]
    return all(isinstance(node, _IMPORTS) for node in plain)


def first_act(tree: ast.Module, meanings: Meanings) -> int | None:
    """The first line at which a module's body may do more than define names."""
    for node in _running(tree.body):
        line_number = _act(node, meanings)
        if line_number is not None:
            return line_number
    return None


def _running(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module and of its classes, in order."""
    waiting = body[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.ClassDef):
            waiting += node.body[::-1]


def _act(node: ast.stmt, meanings: Meanings) -> int | None:
    """The line at which a statement may do more than define a name, besides what is in a class body."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return None
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            acts = not all(_is_quiet(Role.DECORATOR, found, meanings) for found in node.decorator_list)
            if isinstance(node, ast.ClassDef):
                acts |= bool(node.keywords) and not all(_is_plain_keyword(found, meanings) for found in node.keywords)
                acts |= not all(_is_quiet(Role.BASE, base, meanings) for base in node.bases)
                return node.lineno if acts else None
            values = [*node.args.defaults, *node.args.kw_defaults]
            return node.lineno if acts or not all(_is_harmless(value, meanings) for value in values if value) else None
        case ast.Assign(targets=targets, value=value) if all(isinstance(target, ast.Name) for target in targets):
            return None if _is_harmless(value, meanings) else node.lineno
        case ast.AnnAssign(target=ast.Name(), value=value):
            return None if value is None or _is_harmless(value, meanings) else node.lineno
    return node.lineno


def _is_harmless(value: ast.expr, meanings: Meanings) -> bool:
    """Whether evaluating an expression changes nothing: every call in it is a known one."""
    return all(meanings.of(part.func) in HARMLESS for part in ast.walk(value) if isinstance(part, ast.Call))


def _is_quiet(role: Role, node: ast.expr, meanings: Meanings) -> bool:
    """Whether a decorator or base is known neither to act nor to keep what it is given."""
    meaning = meanings.of(node)
    if meaning.rpartition(".")[2] in ("setter", "getter", "deleter"):
        return True
    if isinstance(node, ast.Call) and not _is_harmless_decorator(node, meanings):
        return False
    plain = "." not in meaning or meaning.startswith(_PLAIN)
    return plain and effect_of(role, meaning) in (NOTHING, READ, SPECIAL, READ | SPECIAL)


_PLAIN = (
    *("functools.", "typing.", "typing_extensions.", "abc.", "dataclasses.", "contextlib.", "enum.", "collections."),
    *("attr.", "attrs.", "pydantic.BaseModel"),
)
"""What keeps no list of what it decorates, and of which subclasses; nor do builtins."""


def _is_harmless_decorator(node: ast.Call, meanings: Meanings) -> bool:
    return all(_is_harmless(value, meanings) for value in (*node.args, *(found.value for found in node.keywords)))


def _is_plain_keyword(found: ast.keyword, meanings: Meanings) -> bool:
    if found.arg == "metaclass":
        return meanings.of(found.value) in ("abc.ABCMeta", "type")
    return found.arg == "total" and isinstance(found.value, ast.Constant)


def _is_dunder(node: ast.stmt) -> bool:
    """Whether a statement gives a module a name such as `__version__`."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return bool(targets) and all(isinstance(found, ast.Name) and found.id.startswith("__") for found in targets)
