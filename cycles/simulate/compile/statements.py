"""Lower statements: from syntax trees to instructions."""

import ast
from collections.abc import Generator, Sequence
from itertools import groupby

from cycles.simulate.compile.expressions import (
    LEAVES,
    Expressions,
    Scope,
    binds_names,
    function_code,
    literal,
    operator,
    path_of,
)
from cycles.simulate.compile.instructions import (
    FIRST,
    NONE,
    REGISTERING,
    Annotate,
    Assert,
    Assign,
    Augment,
    Bind,
    Body,
    Branch,
    Call,
    Code,
    Delete,
    Evaluate,
    Expression,
    For,
    FunctionCode,
    Handler,
    Import,
    ImportFrom,
    Instruction,
    Leave,
    MakeClass,
    MakeFunction,
    Match,
    Path,
    Pattern,
    Raise,
    Return,
    Try,
    While,
    With,
)
from cycles.simulate.trampoline import Eventual, Step, drive
from cycles.source.file_text import UnreadableError, parse
from cycles.source.module_names import absolute_name, package_of
from cycles.source.tree_nodes import Function, annotations_of, arguments_of, statements_in, type_parameters_of

_Nested = Generator[Eventual[Expression], Expression, Code]


def lower(body: Sequence[ast.stmt], scope: Scope) -> Code:
    """Return the instructions of a module's body."""
    statements = _Statements(scope)
    drive(statements.block(body))
    return merged(statements.out)


def lower_function(node: Function, scope: Scope) -> FunctionCode:
    """Return a function's parameters and instructions."""
    statements = _Statements(scope, in_function=True)
    statements.parameters = scope.parameters.get(body_of(scope, node), frozenset())
    drive(statements.block(node.body))
    shared, outer = _declared(node.body)
    waits = isinstance(node, ast.AsyncFunctionDef)
    code = merged(statements.out)
    return function_code(node.args, code, shared=shared, outer=outer, yields=statements.yields, waits=waits)


def merged(instructions: Sequence[Instruction]) -> Code:
    """Return the same instructions with fewer steps: bindings that follow one another are one."""
    out: list[Instruction] = []
    for is_bind, group in groupby(instructions, lambda instruction: isinstance(instruction, Bind)):
        if is_bind:
            out.append(Bind(tuple(item for one in group if isinstance(one, Bind) for item in one.items)))
        else:
            out.extend(group)
    return tuple(out)


class _Statements(Expressions):
    """A compiler of statements: what they do is appended to `out`, in its order."""

    def __init__(self, scope: Scope, *, in_function: bool = False) -> None:
        super().__init__(scope)
        self.in_function, self.in_class = in_function, False
        self.out: list[Instruction] = []

    def block(self, statements: Sequence[ast.stmt]) -> Eventual[Expression]:
        """Append statements."""
        return self._following(statements) if statements else NONE

    def _following(self, statements: Sequence[ast.stmt]) -> Step[Expression]:
        for statement in statements:
            yield self._statement(statement)
        return NONE

    def _code(self, statements: Sequence[ast.stmt]) -> _Nested:
        """Return the instructions of statements that may not run, or run by themselves."""
        before, self.out = self.out, []
        yield self.block(statements)
        code, self.out = merged(self.out), before
        return code

    def _statement(self, node: ast.stmt) -> Eventual[Expression]:  # noqa: C901, PLR0912  a list
        match node:
            case ast.Expr(value=value):
                return NONE if isinstance(value, ast.Constant) else self._evaluate(value)
            case ast.Assert():
                return self._assert(node)
            case ast.Assign(targets=targets, value=value):
                return self._assign(targets, value)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._generic(node) if self.parameters or type_parameters_of(node) else self._function(node)
            case ast.Import(names=names):
                self.out.extend(Import(node.lineno, alias.name, alias.asname) for alias in names)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.ClassDef():
                return self._generic(node) if type_parameters_of(node) else self._class(node)
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
            case ast.Break() | ast.Continue():
                self.out.append(Leave(isinstance(node, ast.Continue)))
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
            case _ if isinstance(name := getattr(node, "name", None), ast.Name):
                self.out.append(Bind(((name.id, literal(...)),)))  # `type X = …`, evaluated when it is asked for
        return NONE

    def _evaluate(self, value: ast.expr) -> Step[Expression]:
        self.out.append(Evaluate((yield self.lower(value))))
        return NONE

    def _import_from(self, node: ast.ImportFrom) -> None:
        names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
        if node.module == "__future__":
            self.out.append(Bind(tuple((alias, literal(...)) for _, alias in names)))
            return
        package = package_of(self.scope.module, is_package=self.scope.is_package)
        module = absolute_name("." * node.level + (node.module or ""), package)
        self.out.append(ImportFrom(node.lineno, module, names))

    def _generic(self, node: Function | ast.ClassDef) -> Step[Expression]:
        """Type parameters are names in bases, annotations and the body: nothing more is known of them."""
        around = self.parameters
        self.parameters = around.union(type_parameters_of(node))
        if isinstance(node, ast.ClassDef):
            yield self._class(node)
        else:
            self.scope.parameters[body_of(self.scope, node)] = self.parameters
            yield self._function(node)
        self.parameters = around
        return NONE

    def _function(self, node: Function) -> Eventual[Expression]:
        """Decorators, defaults and annotations run; the body waits for a call."""
        annotations = self._annotations(node)
        defaults = [default for default in (*node.args.defaults, *node.args.kw_defaults) if default]
        if node.decorator_list or annotations or not all(isinstance(one, ast.Constant) for one in defaults):
            return self._decorated_function(node, annotations)
        self.out.append(Bind(((node.name, body_of(self.scope, node)),)))
        return NONE

    def _annotations(self, node: Function) -> list[ast.expr]:
        if not self.scope.annotations:
            return []
        return [one for one in annotations_of(node) if not isinstance(one, LEAVES)]

    def _decorated_function(self, node: Function, annotations: list[ast.expr]) -> Step[Expression]:
        decorators = list((yield from self.several(node.decorator_list)))
        for number, decorator in enumerate(node.decorator_list):
            if isinstance(decorator, ast.Attribute) and decorator.attr == "register" and (kind := _first_kind(node)):
                # A function of `singledispatch` takes the class to register for from the annotation.
                decorators[number] = Call(node.lineno, REGISTERING, (decorators[number], (yield self.lower(kind))))
        defaults = yield from self.defaults(node.args)
        made: Expression = MakeFunction(body_of(self.scope, node), defaults)
        if not decorators:
            self.out.extend(map(Evaluate, (yield from self.several(annotations))))
        elif annotations:
            # They are evaluated after the decorators, which are looked up before, and before these are called.
            made = Call(node.lineno, FIRST, (made, *(yield from self.several(annotations))))
        self.out.append(_decorated(node, node.name, decorators, made))
        return NONE

    def _class(self, node: ast.ClassDef) -> Step[Expression]:
        decorators = yield from self.several(node.decorator_list)
        bases = yield from self.several(node.bases)
        values = yield from self.several([keyword.value for keyword in node.keywords])
        keywords = tuple((keyword.arg or "", value) for keyword, value in zip(node.keywords, values, strict=True))
        before, self.in_function, self.in_class = (self.in_function, self.in_class), False, True
        code = yield from self._code(node.body)
        self.in_function, self.in_class = before
        last = node.end_lineno or node.lineno
        shared, _ = _declared(node.body)
        made = MakeClass(node.lineno, last, node.name, code, bases, keywords, tuple(sorted(shared)))
        self.out.append(_decorated(node, node.name, decorators, made))
        return NONE

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr) -> Step[Expression]:
        if isinstance(value, ast.Constant) and all(isinstance(target, ast.Name) for target in targets):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            self.out.append(Bind(tuple((name, literal(value.value)) for name in names)))
            return NONE
        found = yield self.lower(value)
        self.out.append(Assign((yield from self.several(targets)), found))
        return NONE

    def _annotated(self, node: ast.AnnAssign) -> Step[Expression]:
        if node.value is not None:
            yield self._assign([node.target], node.value)
        if self.in_class and isinstance(node.target, ast.Name):
            self.out.append(Annotate(node.target.id))
        if (
            self.scope.annotations
            and not (node.simple and self.in_function)
            and not isinstance(node.annotation, LEAVES)
        ):
            yield self._evaluate(node.annotation)
        return NONE

    def _assert(self, node: ast.Assert) -> Step[Expression]:
        self.out.append(Assert(node.lineno, (yield self.lower(node.test))))
        return NONE

    def _augmented(self, node: ast.AugAssign) -> Step[Expression]:
        target = yield self.lower(node.target)
        self.out.append(Augment(node.lineno, target, operator(node.op), (yield self.lower(node.value))))
        return NONE

    def _delete(self, targets: Sequence[ast.expr]) -> Step[Expression]:
        for target in targets:
            if isinstance(target, ast.Tuple | ast.List):
                yield self._delete(target.elts)
            else:
                self.out.append(Delete((yield self.lower(target))))
        return NONE

    def _raise(self, node: ast.Raise) -> Step[Expression]:
        self.out.append(Raise(node.lineno, (yield self.lower(node.exc)) if node.exc else None))
        return NONE

    def _return(self, value: ast.expr | None) -> Step[Expression]:
        self.out.append(Return((yield self.lower(value))))
        return NONE

    def _if(self, node: ast.If) -> Step[Expression]:
        truth = self.holds(node.test)
        if truth is not None:
            yield self._walruses(node.test)
            yield self.block(node.body if truth else node.orelse)
            return NONE
        test = yield self.lower(node.test)
        body = yield from self._code(node.body)
        self.out.append(Branch(test, body, (yield from self._code(node.orelse))))
        return NONE

    def _walruses(self, test: ast.expr) -> Eventual[Expression]:
        """A condition that is known may still bind names."""
        return self._evaluate(test) if binds_names(test) else NONE

    def _for(self, node: ast.For | ast.AsyncFor) -> Step[Expression]:
        iterable, target = yield from self.several([node.iter, node.target])
        code = yield from self._code(node.body)
        self.out.append(For(node.lineno, target, iterable, code, (yield from self._code(node.orelse))))
        return NONE

    def _while(self, node: ast.While) -> Step[Expression]:
        truth = self.holds(node.test)
        if truth is False:
            yield self.block(node.orelse)
            return NONE
        test = None if truth else (yield self.lower(node.test))
        code = yield from self._code(node.body)
        self.out.append(While(test, code, (yield from self._code(node.orelse))))
        return NONE

    def _try(self, node: ast.Try | ast.TryStar) -> Step[Expression]:
        body = yield from self._code(node.body)
        handlers: list[Handler] = []
        for handler in node.handlers:
            caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else filter(None, [handler.type])
            code = yield from self._code(handler.body)
            paths = tuple(map(path_of, caught)) if handler.type else None
            # What is in a group of exceptions is not known: `except*` catches it or not.
            group = paths and isinstance(node, ast.TryStar)
            handlers.append(Handler(tuple(None for _ in paths or ()) if group else paths, handler.name, code))
        otherwise = yield from self._code(node.orelse)
        final = yield from self._code(node.finalbody)
        self.out.append(Try(body, tuple(handlers), otherwise, final))
        return NONE

    def _with(self, node: ast.With | ast.AsyncWith) -> Step[Expression]:
        items: list[tuple[Expression, Expression | None]] = []
        for item in node.items:
            manager = yield self.lower(item.context_expr)
            items.append((manager, (yield self.lower(item.optional_vars)) if item.optional_vars else None))
        code = yield from self._code(node.body)
        for manager, target in reversed(items):
            code = (With(node.lineno, manager, target, code),)
        self.out.extend(code)
        return NONE

    def _match(self, node: ast.Match) -> Step[Expression]:
        subject = yield self.lower(node.subject)
        cases = []
        for arm in node.cases:
            pattern = yield from self._pattern(arm.pattern)
            guard = (yield self.lower(arm.guard)) if arm.guard else None
            cases.append((pattern, guard, (yield from self._code(arm.body))))
        self.out.append(Match(subject, tuple(cases)))
        return NONE

    def _pattern(self, node: ast.pattern) -> Generator[Eventual[Expression], Expression, Pattern]:
        # CPython's parser refuses patterns that nest two hundred deep, so that recursion is safe here.
        match node:
            case ast.MatchValue(value=value):
                return Pattern("value", ((yield self.lower(value)),))
            case ast.MatchSingleton(value=value):
                return Pattern("value", (literal(value),))
            case ast.MatchStar(name=name):
                return Pattern("star", name=name)
            case ast.MatchAs(pattern=inner, name=name):
                parts = [(yield from self._pattern(inner))] if inner else []
                return Pattern("as", parts=tuple(parts), name=name)
        parts = []
        for inner in (*getattr(node, "patterns", ()), *getattr(node, "kwd_patterns", ())):
            parts.append((yield from self._pattern(inner)))
        match node:
            case ast.MatchClass(cls=cls, kwd_attrs=names):
                return Pattern("class", ((yield self.lower(cls)),), tuple(parts), tuple(names))
            case ast.MatchMapping(keys=keys, rest=rest):
                return Pattern("mapping", (yield from self.several(keys)), tuple(parts), name=rest)
        return Pattern("or" if isinstance(node, ast.MatchOr) else "sequence", parts=tuple(parts))


def _first_kind(node: Function) -> ast.expr | None:
    """The first annotation of an argument, classes joined by `|` as a tuple; None where there is none."""
    found = next((one.annotation for one in arguments_of(node.args) if one.annotation), None)
    if isinstance(found, ast.Constant) and isinstance(found.value, str):
        try:
            (statement,) = parse(f"({found.value.strip()})").body
        except (UnreadableError, ValueError):
            return None
        found = statement.value if isinstance(statement, ast.Expr) else None
    kinds = [found] if found else []
    for at, kind in enumerate(kinds):
        if isinstance(kind, ast.BinOp) and isinstance(kind.op, ast.BitOr):
            kinds[at] = kind.left
            kinds.append(kind.right)
    return ast.Tuple(kinds, ast.Load()) if len(kinds) > 1 else found


def _decorated(node: Function | ast.ClassDef, name: str, decorators: Sequence[Expression], made: Expression) -> Assign:
    """Return the binding of a definition; decorators are called the last one first."""
    for decorator in reversed(decorators):
        made = Call(node.lineno, decorator, (made,), decorates=True)
    return Assign((Path(name),), made)


def body_of(scope: Scope, node: Function) -> Body:
    """Return where a function is, by which it is found again."""
    return Body(scope.module, node.name, node.lineno, node.end_lineno or node.lineno)


def _declared(body: Sequence[ast.stmt]) -> tuple[set[str], set[str]]:
    """Return the names that a function takes from its module, and from the functions around it."""
    shared: set[str] = set()
    outer: set[str] = set()
    for node in statements_in(body, functions=False):
        if isinstance(node, ast.Global):
            shared.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            outer.update(node.names)
    return shared, outer
