"""A statement as a syntax tree in; the instructions that running it comes to, out."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from cycles.simulate.compile.expressions import Scope, bound_names, evaluate
from cycles.simulate.compile.instructions import (
    RESULT,
    Body,
    Choose,
    Code,
    Define,
    Extend,
    Fixed,
    Globals,
    Handler,
    Import,
    Instruction,
    Literal,
    MakeClass,
    Maybe,
    Names,
    Operand,
    Path,
    Return,
    Try,
)
from cycles.simulate.compile.simple_statements import (
    apply_decorators,
    assign,
    bind,
    define_function,
    delete,
    import_from,
    is_transparent,
    raise_error,
)
from cycles.simulate.trampoline import Step, drive
from cycles.source.conditions import dotted, holds

_LETS_PASS = {
    "catch_warnings",
    "open",
    "Lock",
    "RLock",
    "lock",
    "_lock",
    "simplefilter",
    "nullcontext",
    "TemporaryDirectory",
    "NamedTemporaryFile",
    "localcontext",
    "ExitStack",
    "redirect_stdout",
    "redirect_stderr",
    "errstate",
}
"""Context managers that swallow no exception."""


def lower(tree: ast.Module | ast.FunctionDef, scope: Scope) -> Code:
    """The instructions of a module's or function's body."""
    out: list[Instruction] = []
    drive(_block(tree.body, scope, out))
    return merged(out)


def merged(instructions: Sequence[Instruction]) -> Code:
    """The same instructions with fewer steps: definitions that follow one another are one."""
    out: list[Instruction] = []
    items: list[tuple[str, Body | Literal]] = []
    for instruction in instructions:
        if isinstance(instruction, Define):
            items.extend(instruction.items)
            continue
        if items:
            out.append(Define(tuple(items)))
            items.clear()
        out.append(instruction)
    if items:
        out.append(Define(tuple(items)))
    return tuple(out)


def _block(statements: Sequence[ast.stmt], scope: Scope, out: list[Instruction]) -> Step[Operand]:
    for statement in statements:
        yield _statement(statement, scope, out)
    return None


def _code(statements: Sequence[ast.stmt], scope: Scope, *first: Instruction) -> tuple[list[Instruction], Step[Operand]]:
    """A list that fills with the instructions of statements as the step is run."""
    out: list[Instruction] = list(first)
    return out, _block(statements, scope, out)


def _statement(node: ast.stmt, scope: Scope, out: list[Instruction]) -> Step[Operand]:  # noqa: C901, PLR0912, PLR0915
    match node:
        case ast.Import(names=names):
            out.extend(Import(node.lineno, alias.name, alias.asname) for alias in names)
        case ast.ImportFrom():
            import_from(node, scope, out)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield define_function(node, scope, out)
        case ast.ClassDef():
            yield _class(node, scope, out)
        case ast.Assign(targets=targets, value=value):
            operand = yield evaluate(value, scope, out)
            for target in targets:
                yield assign(target, operand, scope, out)
        case ast.AnnAssign(target=target, annotation=annotation, value=value, simple=simple):
            operand = yield evaluate(value, scope, out)
            if value is not None:
                yield assign(target, operand, scope, out)
            if scope.annotations and not (simple and scope.in_function):
                yield evaluate(annotation, scope, out)
        case ast.AugAssign(target=target, value=value):
            operand = yield evaluate(value, scope, out)
            if isinstance(target, ast.Name):
                out.append(Extend(target.id, operand))
            else:
                yield assign(target, None, scope, out)
        case ast.Expr(value=value):
            yield evaluate(value, scope, out)
        case ast.If():
            yield _if(node, scope, out)
        case ast.For() | ast.AsyncFor():
            yield _for(node, scope, out)
        case ast.While(test=test, body=body, orelse=otherwise):
            yield evaluate(test, scope, out)
            if holds(test, scope.special, scope.world) is not False:
                yield _perhaps_block(body, scope, out)
            yield _block(otherwise, scope, out)
        case ast.Try() | ast.TryStar():
            yield _try(node, scope, out)
        case ast.With() | ast.AsyncWith():
            yield _with(node, scope, out)
        case ast.Match(subject=subject, cases=cases):
            operand = yield evaluate(subject, scope, out)
            yield _cases(cases, None if operand == RESULT else operand, scope, out)
        case ast.Delete(targets=targets):
            for target in targets:
                yield delete(target, scope, out)
        case ast.Raise():
            yield raise_error(node, scope, out)
        case ast.Return(value=value):
            out.append(Return((yield evaluate(value, scope, out))))
        case ast.Assert(test=test):
            yield evaluate(test, scope, out)
        case ast.Global(names=names) if scope.in_function:
            out.append(Globals(tuple(names)))
        case _ if isinstance(name := getattr(node, "name", None), ast.Name):
            out.append(bind([name.id]))  # `type X = …`, which is evaluated when it is asked for
    return None


def _class(node: ast.ClassDef, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    decorators: list[Operand] = []
    for decorator in node.decorator_list:
        decorators.append((yield evaluate(decorator, scope, out)))
    bases: list[Operand] = []
    for base in node.bases:
        bases.append((yield evaluate(base, scope, out)))
    for keyword in node.keywords:
        yield evaluate(keyword.value, scope, out)
    code, filling = _code(node.body, replace(scope, in_function=False))
    yield filling
    plain = not node.keywords and all(is_transparent(found) for found in node.decorator_list)
    out.append(MakeClass(node.name, merged(code), tuple(bases), plain))
    apply_decorators(node.decorator_list, decorators, out)
    return None


def _if(node: ast.If, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    yield evaluate(node.test, scope, out)
    truth = holds(node.test, scope.special, scope.world)
    if truth is not None:
        yield _block(node.body if truth else node.orelse, scope, out)
        return None
    body, filling = _code(node.body, scope)
    yield filling
    otherwise, filling = _code(node.orelse, scope)
    yield filling
    if not body and not otherwise:
        return None
    test, negated = node.test, False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, negated = test.operand, True
    question = _question(test, scope)
    if question is None:
        out.append(Maybe(merged(body), merged(otherwise)))
    else:
        operand, values, equal = question
        out.append(Choose(operand, values, equal is not negated, merged(body), merged(otherwise)))
    return None


def _question(test: ast.expr, scope: Scope) -> tuple[Operand, Operand, bool] | None:
    """What a condition compares, where its operands may be known when it runs."""
    match test:
        case ast.Name() | ast.Attribute():
            return _operand(test, scope), Fixed(True), True  # noqa: FBT003
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as compared], comparators=[ast.Constant(value=None)]):
            return _operand(left, scope), Fixed(None), isinstance(compared, ast.Is)
        case ast.Compare(
            left=left, ops=[ast.Eq() | ast.NotEq() as compared], comparators=[ast.Constant(value=str(text))]
        ):
            return _operand(left, scope), Names((text,)), isinstance(compared, ast.Eq)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as compared], comparators=[right]):
            return _operand(left, scope), _operand(right, scope), isinstance(compared, ast.In)
    return None


def _operand(node: ast.expr, scope: Scope) -> Operand:
    """What is known of a value that has been evaluated before."""
    operand = drive(evaluate(node, scope, []))
    return None if operand == RESULT else operand


def _perhaps_block(
    statements: Sequence[ast.stmt], scope: Scope, out: list[Instruction], *first: Instruction
) -> Step[Operand]:
    code, filling = _code(statements, scope, *first)
    yield filling
    if code:
        out.append(Maybe(merged(code)))
    return None


def _for(node: ast.For | ast.AsyncFor, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    yield evaluate(node.iter, scope, out)
    names = bound_names(node.target)
    certain = (
        isinstance(node.iter, ast.Tuple | ast.List)
        and any(not isinstance(element, ast.Starred) for element in node.iter.elts)
        and not any(isinstance(inner, ast.Break | ast.Continue) for part in node.body for inner in ast.walk(part))
    )
    if certain:
        out.append(bind(names))
        yield _block(node.body, scope, out)
    else:
        yield _perhaps_block(node.body, scope, out, bind(names))
    yield _block(node.orelse, scope, out)
    return None


def _try(node: ast.Try | ast.TryStar, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    body, filling = _code(node.body, scope)
    yield filling
    handlers = []
    for handler in node.handlers:
        code, filling = _code(handler.body, scope)
        yield filling
        handlers.append(Handler(_caught(handler.type), handler.name, merged(code)))
    otherwise, filling = _code(node.orelse, scope)
    yield filling
    final, filling = _code(node.finalbody, scope)
    yield filling
    out.append(Try(merged(body), tuple(handlers), merged(otherwise), merged(final)))
    return None


def _caught(node: ast.expr | None) -> tuple[Path | None, ...] | None:
    if node is None:
        return None
    return tuple(_path(part) for part in (node.elts if isinstance(node, ast.Tuple) else [node]))


def _path(node: ast.expr) -> Path | None:
    parts = dotted(node)
    return Path(parts[0], parts[1:], (node.lineno,) * (len(parts) - 1)) if parts else None


def _with(node: ast.With | ast.AsyncWith, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """A context manager may swallow what its body raises: `suppress` does, some do not, the others might."""
    catches: list[Path | None] = []
    for item in node.items:
        yield evaluate(item.context_expr, scope, out)
        if item.optional_vars is not None:
            yield assign(item.optional_vars, None, scope, out)
        called = item.context_expr
        parts = dotted(called.func if isinstance(called, ast.Call) else called)
        if parts[-1:] == ("suppress",) and isinstance(called, ast.Call):
            catches.extend(_path(argument) for argument in called.args)
        elif not parts or parts[-1] not in _LETS_PASS:
            catches.append(None)
    code, filling = _code(node.body, scope)
    yield filling
    if catches:
        out.append(Try(merged(code), (Handler(tuple(catches), None, ()),), (), ()))
    else:
        out.extend(code)
    return None


def _cases(cases: Sequence[ast.match_case], subject: Operand, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """One of the cases runs, or none; the last may be one that everything matches."""
    otherwise: list[Instruction] = []
    for arm in reversed(cases):
        code: list[Instruction] = []
        yield _pattern(arm, subject, scope, code)
        yield _block(arm.body, scope, code)
        sure = isinstance(arm.pattern, ast.MatchAs) and arm.pattern.pattern is None and arm.guard is None
        otherwise = code if sure else [Maybe(merged(code), merged(otherwise))]
    out.extend(otherwise)
    return None


def _pattern(arm: ast.match_case, subject: Operand, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    names: list[str] = []
    if isinstance(arm.pattern, ast.MatchAs) and arm.pattern.pattern is None and arm.pattern.name:
        yield assign(ast.Name(arm.pattern.name), subject, scope, out)
        yield evaluate(arm.guard, scope, out)
        return None
    for pattern in ast.walk(arm.pattern):
        match pattern:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.append(name)
            case ast.MatchValue(value=value) | ast.MatchClass(cls=value):
                yield evaluate(value, scope, out)
    out.append(bind(names))
    yield evaluate(arm.guard, scope, out)
    return None
