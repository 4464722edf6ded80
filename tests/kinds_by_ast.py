"""An oracle that shares no code with `cycles`: kinds and tags of imports by Python's own parser."""

import ast
from collections.abc import Iterator

type_checking = ("TYPE_CHECKING", "MYPY")


def statements(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, str, frozenset[str]]]:
    """Every import statement with its kind and tags (`optional`, `conditional`)."""
    names, suppressing = set(type_checking), {"suppress"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname for alias in node.names if alias.name == "TYPE_CHECKING" and alias.asname}
            suppressing |= {alias.asname for alias in node.names if alias.name == "suppress" and alias.asname}
        if isinstance(node, ast.Assign) and ast.unparse(node.value) in ("suppress", "contextlib.suppress"):
            suppressing |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    waiting: list[tuple[ast.stmt, str, frozenset[str]]] = [(node, "eager", frozenset()) for node in tree.body]
    while waiting:
        node, kind, tags = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, kind, tags
        for block, block_kind, block_tags in _blocks(node, names, suppressing):
            waiting += [(child, _stronger(kind, block_kind), tags | block_tags) for child in block]


def _stronger(outer: str, inner: str) -> str:
    order = ["eager", "main", "deferred", "typing"]
    return max(outer, inner, key=order.index)


def _blocks(
    node: ast.stmt, names: set[str], suppressing: set[str]
) -> Iterator[tuple[list[ast.stmt], str, frozenset[str]]]:
    none: frozenset[str] = frozenset()
    conditional, optional = frozenset({"conditional"}), frozenset({"optional"})
    match node:
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            yield body, "deferred", none
        case ast.ClassDef(body=body):
            yield body, "eager", none
        case ast.With(body=body, items=items) | ast.AsyncWith(body=body, items=items):
            suppressed = any(_suppresses(item.context_expr, suppressing) for item in items)
            yield body, "eager", optional if suppressed else none
        case (
            ast.For(body=body, orelse=orelse)
            | ast.AsyncFor(body=body, orelse=orelse)
            | ast.While(body=body, orelse=orelse)
        ):
            yield body, "eager", conditional
            yield orelse, "eager", conditional
        case ast.Match(cases=cases):
            for case in cases:
                yield case.body, "eager", conditional
        case (
            ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody)
            | ast.TryStar(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody)
        ):
            catches = any(_catches(handler) for handler in handlers)
            yield body, "eager", optional if catches else none
            yield orelse, "eager", optional if catches else none
            yield finalbody, "eager", none
            for handler in handlers:
                yield handler.body, "eager", optional if catches else conditional
        case ast.If(test=test, body=body, orelse=orelse):
            for block, value in ((body, _value(test, names)), (orelse, _opposite(_value(test, names)))):
                match value:
                    case "never":
                        yield block, "typing", none
                    case "main":
                        yield block, "main", none
                    case "always" | "module":
                        yield block, "eager", none
                    case _:
                        yield block, "eager", conditional


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or _names_import_error(handler.type)


def _suppresses(called: ast.expr, suppressing: set[str]) -> bool:
    match called:
        case ast.Call(func=ast.Name(id=name)) if name in suppressing:
            return _names_import_error(called)
        case ast.Call(func=ast.Attribute(attr="suppress")):
            return _names_import_error(called)
    return False


def _names_import_error(node: ast.expr) -> bool:
    names = {
        part.id if isinstance(part, ast.Name) else part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Name | ast.Attribute)
    }
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _opposite(value: str) -> str:
    return {"never": "always", "always": "never", "main": "module", "module": "main"}.get(value, value)


def _value(test: ast.expr, names: set[str]) -> str:
    if isinstance(test, ast.Name) and test.id in names:
        return "never"
    if isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING":
        return "never"
    if isinstance(test, ast.Constant):
        return "always" if test.value else "never"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _opposite(_value(test.operand, names))
    if isinstance(test, ast.BoolOp):
        values = {_value(value, names) for value in test.values}
        absorbing = "never" if isinstance(test.op, ast.And) else "always"
        if absorbing in values:
            return absorbing
        return (
            values.pop()
            if len(values) == 1
            else "main"
            if "main" in values and isinstance(test.op, ast.And)
            else "unknown"
        )
    if isinstance(test, ast.Compare) and ast.unparse(test) in ("__name__ == '__main__'", "'__main__' == __name__"):
        return "main"
    if isinstance(test, ast.Compare) and ast.unparse(test) in ("__name__ != '__main__'", "'__main__' != __name__"):
        return "module"
    return "unknown"
