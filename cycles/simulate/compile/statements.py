"""What running statements comes to, as instructions."""

import ast
from collections.abc import Generator, Sequence
from itertools import groupby

from cycles.simulate.compile.expressions import LEAVES, Expressions, Scope, bound_names, is_registry, path_of
from cycles.simulate.compile.instructions import (
    RESULT,
    Bind,
    Body,
    Branch,
    Call,
    Code,
    Delete,
    Extend,
    Fixed,
    GiveUnknownNames,
    Handler,
    Import,
    ImportFrom,
    Instruction,
    MakeClass,
    Names,
    Operand,
    Path,
    Raise,
    Register,
    Return,
    SetAttribute,
    Test,
    Try,
)
from cycles.simulate.trampoline import Eventual, Step, drive
from cycles.source.conditions import dotted
from cycles.source.names import absolute_name, package_of

_LETS_PASS = {
    *("open", "Lock", "RLock", "lock", "_lock", "TemporaryDirectory", "NamedTemporaryFile", "nullcontext", "ExitStack"),
    *("catch_warnings", "simplefilter", "localcontext", "errstate", "redirect_stdout", "redirect_stderr"),
}
"""Context managers that swallow no exception."""
_TRANSPARENT = {
    *(("staticmethod",), ("classmethod",), ("override",), ("typing", "override"), ("final",), ("typing", "final")),
    *(("cache",), ("functools", "cache"), ("lru_cache",), ("functools", "lru_cache")),
    *(("dataclass",), ("dataclasses", "dataclass")),
}
"""Decorators that leave what a call does."""

_Nested = Generator[Eventual[Operand], Operand, Code]


def lower(body: Sequence[ast.stmt], scope: Scope) -> Code:
    """Return the instructions of a module's body."""
    return _lowered(_Statements(scope), body)


def lower_function(body: Sequence[ast.stmt], scope: Scope) -> tuple[Code, frozenset[str]]:
    """Return the instructions of a function's body, and which of its names are its module's."""
    statements = _Statements(scope, in_function=True)
    code = _lowered(statements, body)
    return code, frozenset(statements.shared)


def _lowered(statements: "_Statements", body: Sequence[ast.stmt]) -> Code:
    drive(statements.block(body))
    return _merged(statements.out)


def _merged(instructions: Sequence[Instruction]) -> Code:
    """Return the same instructions with fewer steps: bindings that follow one another are one."""
    out: list[Instruction] = []
    for is_bind, group in groupby(instructions, lambda instruction: isinstance(instruction, Bind)):
        if is_bind:
            out.append(Bind(tuple(item for one in group if isinstance(one, Bind) for item in one.items)))
        else:
            out.extend(group)
    return tuple(out)


class _Statements(Expressions):
    """A compiler of statements; `shared` are the names that a function takes from its module by `global`."""

    def __init__(self, scope: Scope, *, in_function: bool = False) -> None:
        super().__init__(scope, in_function=in_function)
        self.shared: set[str] = set()

    def block(self, statements: Sequence[ast.stmt]) -> Eventual[Operand]:
        """Append statements."""
        return self._following(statements) if statements else None

    def _following(self, statements: Sequence[ast.stmt]) -> Step[Operand]:
        for statement in statements:
            yield self._statement(statement)
        return None

    def _code(self, statements: Sequence[ast.stmt], *first: Instruction) -> _Nested:
        """Return the instructions of statements that may not run, or run by themselves."""
        before, self.out = self.out, [*first]
        yield self.block(statements)
        code, self.out = _merged(self.out), before
        return code

    def _statement(self, node: ast.stmt) -> Eventual[Operand]:  # noqa: C901, PLR0912  a list
        match node:
            case ast.Expr(value=value) | ast.Assert(test=value):
                return self.evaluate(value)
            case ast.Assign(targets=targets, value=value):
                return self._assign(targets, value)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._function(node)
            case ast.Import(names=names):
                self.out.extend(Import(node.lineno, alias.name, alias.asname) for alias in names)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.ClassDef():
                return self._class(node)
            case ast.AnnAssign():
                return self._annotated(node)
            case ast.AugAssign():
                return self._augmented(node)
            case ast.If():
                return self._if(node)
            case ast.For() | ast.AsyncFor():
                return self._for(node)
            case ast.While():
                return self._while(node)
            case ast.Try() | ast.TryStar():
                return self._try(node)
            case ast.With() | ast.AsyncWith():
                return self._with(node)
            case ast.Match():
                return self._match(node)
            case ast.Delete(targets=targets):
                return self._delete(targets)
            case ast.Raise():
                return self._raise(node)
            case ast.Return(value=value):
                return self._return(value)
            case ast.Global(names=names) if self.in_function:
                self.shared.update(names)
            case _ if isinstance(name := getattr(node, "name", None), ast.Name):
                self.bind([name.id])  # `type X = …`, which is evaluated when it is asked for
        return None

    def _import_from(self, node: ast.ImportFrom) -> None:
        names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
        if node.module == "__future__":
            self.bind(alias for _, alias in names)
            return
        package = package_of(self.scope.module, is_package=self.scope.is_package)
        module = absolute_name("." * node.level + (node.module or ""), package)
        self.out.append(ImportFrom(node.lineno, module, names))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Eventual[Operand]:
        """Decorators, defaults and annotations run; the body waits for a call."""
        arguments = node.args
        nodes = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
        if self.scope.annotations:
            every = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
            nodes += [argument.annotation for argument in every if argument and argument.annotation]
            nodes += filter(None, [node.returns])
        plain = isinstance(node, ast.FunctionDef) and all(map(_is_transparent, node.decorator_list))
        body = Body(self.scope.module, node.name, node.lineno, node.end_lineno or node.lineno)
        definition = Bind(((node.name, body if plain else None),))
        # Few functions have anything that is evaluated where they are defined.
        active = [one for one in nodes if not isinstance(one, LEAVES)]
        if active or node.decorator_list:
            return self._decorated(node.decorator_list, active, definition)
        self.out.append(definition)
        return None

    def _decorated(self, nodes: Sequence[ast.expr], others: Sequence[ast.expr], definition: Bind) -> Step[Operand]:
        decorators = yield from self.operands(nodes)
        yield from self.operands(others)
        self.out.append(definition)
        self._decorate(nodes, decorators)
        return None

    def _class(self, node: ast.ClassDef) -> Step[Operand]:
        decorators = yield from self.operands(node.decorator_list)
        bases = yield from self.operands(node.bases)
        yield self._each([keyword.value for keyword in node.keywords])
        before, self.in_function = self.in_function, False
        code = yield from self._code(node.body)
        self.in_function = before
        plain = not node.keywords and all(map(_is_transparent, node.decorator_list))
        self.out.append(MakeClass(node.name, code, tuple(bases), plain))
        self._decorate(node.decorator_list, decorators)
        return None

    def _decorate(self, nodes: Sequence[ast.expr], decorators: Sequence[Operand]) -> None:
        """Append the calls of decorators, the last one first."""
        for node, decorator in reversed(list(zip(nodes, decorators, strict=True))):
            if isinstance(decorator, Path) and decorator != RESULT:
                self.out.append(Call(node.lineno, decorator, (None,)))

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr) -> Step[Operand]:
        operand = yield self.evaluate(value)
        for target in targets:
            yield self._bind_target(target, operand)
        return None

    def _annotated(self, node: ast.AnnAssign) -> Step[Operand]:
        operand = yield self.evaluate(node.value)
        if node.value is not None:
            yield self._bind_target(node.target, operand)
        if self.scope.annotations and not (node.simple and self.in_function):
            yield self.evaluate(node.annotation)
        return None

    def _augmented(self, node: ast.AugAssign) -> Step[Operand]:
        operand = yield self.evaluate(node.value)
        if isinstance(node.target, ast.Name):
            self.out.append(Extend(node.target.id, operand))
        else:
            yield self._bind_target(node.target, None)
        return None

    def _bind_target(self, target: ast.expr, operand: Operand) -> Eventual[Operand]:
        """Append the binding of a target to what is known of a value."""
        match target:
            case ast.Name(id=name):
                self.bind([name], operand)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return self._bind_all(elements)
            case ast.Starred(value=value):
                return self._bind_target(value, None)
            case ast.Attribute():
                return self._set_attribute(target, operand)
            case ast.Subscript():
                return self._set_item(target)
        return None

    def _bind_all(self, targets: Sequence[ast.expr]) -> Step[Operand]:
        for target in targets:
            yield self._bind_target(target, None)
        return None

    def _set_attribute(self, target: ast.Attribute, operand: Operand) -> Step[Operand]:
        owner = yield self.evaluate(target.value)
        replaces = target.attr == "__class__"
        self.out.append(GiveUnknownNames() if replaces else SetAttribute(owner, target.attr, operand))
        return None

    def _set_item(self, target: ast.Subscript) -> Step[Operand]:
        """Setting and deleting are the same: from then on, anything may be there."""
        yield self.evaluate(target.value)
        key = yield self.evaluate(target.slice)
        if is_registry(target.value):
            self.out.append(Register(key))
        elif isinstance(target.value, ast.Attribute) and target.value.attr == "__dict__":
            self.out.append(GiveUnknownNames())
        return None

    def _delete(self, targets: Sequence[ast.expr]) -> Step[Operand]:
        for target in targets:
            match target:
                case ast.Name(id=name):
                    self.out.append(Delete(name))
                case ast.Tuple(elts=elements) | ast.List(elts=elements):
                    yield self._delete(elements)
                case ast.Subscript():
                    yield self._set_item(target)
                case ast.Attribute(value=value):
                    yield self.evaluate(value)
        return None

    def _raise(self, node: ast.Raise) -> Step[Operand]:
        called = node.exc
        if called is None:
            self.out.append(Raise(node.lineno, None, None))
            return None
        text: Operand = ""
        yield self.evaluate(called)
        if isinstance(called, ast.Call):
            if called.args or called.keywords:
                text = self.known(called.args[0]) if len(called.args) == 1 else None
            called = called.func
        self.out.append(Raise(node.lineno, path_of(called) or Path("?"), text))
        return None

    def _return(self, value: ast.expr | None) -> Step[Operand]:
        self.out.append(Return((yield self.evaluate(value))))
        return None

    def _if(self, node: ast.If) -> Step[Operand]:
        yield self.evaluate(node.test)
        truth = self.holds(node.test)
        if truth is not None:
            yield self.block(node.body if truth else node.orelse)
            return None
        body = yield from self._code(node.body)
        otherwise = yield from self._code(node.orelse)
        if body or otherwise:
            self.out.append(Branch(self._test(node.test), body, otherwise))
        return None

    def _test(self, node: ast.expr) -> Test | None:
        """Return what a condition compares, where its operands may be known when it runs."""
        positive = True
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node, positive = node.operand, False
        values: Operand
        match node:
            case ast.Name() | ast.Attribute():
                left, values = node, Fixed(value=True)
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
                values = Fixed(None)
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=str(text))]):
                values = Names((text,))
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
                values = self.known(right)
            case _:
                return None
        negative = isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.IsNot | ast.NotEq | ast.NotIn)
        return Test(self.known(left), values, equal=positive is not negative)

    def _for(self, node: ast.For | ast.AsyncFor) -> Step[Operand]:
        yield self.evaluate(node.iter)
        binding = Bind(tuple((name, None) for name in bound_names(node.target)))
        runs = (
            isinstance(node.iter, ast.Tuple | ast.List)
            and any(not isinstance(element, ast.Starred) for element in node.iter.elts)
            and not any(isinstance(inner, ast.Break | ast.Continue) for part in node.body for inner in ast.walk(part))
        )
        code = yield from self._code(node.body, binding)
        self.out.extend(code if runs else [Branch(None, code)])
        yield self.block(node.orelse)
        return None

    def _while(self, node: ast.While) -> Step[Operand]:
        yield self.evaluate(node.test)
        if self.holds(node.test) is not False:
            code = yield from self._code(node.body)
            self._branch(code)
        yield self.block(node.orelse)
        return None

    def _try(self, node: ast.Try | ast.TryStar) -> Step[Operand]:
        body = yield from self._code(node.body)
        handlers: list[Handler] = []
        for handler in node.handlers:
            caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else filter(None, [handler.type])
            code = yield from self._code(handler.body)
            handlers.append(Handler(tuple(map(path_of, caught)) if handler.type else None, handler.name, code))
        otherwise = yield from self._code(node.orelse)
        final = yield from self._code(node.finalbody)
        self.out.append(Try(body, tuple(handlers), otherwise, final))
        return None

    def _with(self, node: ast.With | ast.AsyncWith) -> Step[Operand]:
        """A context manager may swallow what its body raises: `suppress` does, some do not, the others might."""
        catches: list[Path | None] = []
        for item in node.items:
            called = item.context_expr
            yield self.evaluate(called)
            if item.optional_vars is not None:
                yield self._bind_target(item.optional_vars, None)
            name = "".join(dotted(called.func if isinstance(called, ast.Call) else called)[-1:])
            if name == "suppress" and isinstance(called, ast.Call):
                catches.extend(path_of(argument) for argument in called.args)
            elif name not in _LETS_PASS:
                catches.append(None)
        code = yield from self._code(node.body)
        self.out.extend([Try(code, (Handler(tuple(catches), None, ()),))] if catches else code)
        return None

    def _match(self, node: ast.Match) -> Step[Operand]:
        """One of the cases runs, or none; the last may be one that everything matches."""
        operand = yield self.evaluate(node.subject)
        subject = None if operand == RESULT else operand
        otherwise: Code = ()
        for arm in reversed(node.cases):
            code = yield from self._case(arm, subject)
            sure = isinstance(arm.pattern, ast.MatchAs) and arm.pattern.pattern is None and arm.guard is None
            otherwise = code if sure else (Branch(None, code, otherwise),)
        self.out.extend(otherwise)
        return None

    def _case(self, arm: ast.match_case, subject: Operand) -> _Nested:
        before, self.out = self.out, []
        if isinstance(arm.pattern, ast.MatchAs) and arm.pattern.pattern is None and arm.pattern.name:
            self.bind([arm.pattern.name], subject)
        else:
            names: list[str] = []
            for pattern in ast.walk(arm.pattern):
                match pattern:
                    case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                        names.append(name)
                    case ast.MatchValue(value=value) | ast.MatchClass(cls=value):
                        yield self.evaluate(value)
            self.bind(names)
        yield self.evaluate(arm.guard)
        yield self.block(arm.body)
        code, self.out = _merged(self.out), before
        return code


def _is_transparent(decorator: ast.expr) -> bool:
    """Whether a decorator leaves what a call does."""
    return dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) in _TRANSPARENT
