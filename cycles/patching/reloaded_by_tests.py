"""Find which modules a test loads anew: takes out of `sys.modules`, or reloads."""

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from cycles.source.body_effects import last_name
from cycles.source.file_text import UnreadableError, parse
from cycles.source.import_statements import ImportNode, bound_name, bound_names
from cycles.source.module_names import inside
from cycles.source.tree_nodes import dotted_name

_ANY = "*"
_AGAIN = "="
"""Before the name of a module whose body runs again: the module stays the same object."""
ADDED = "+"
"""Any module that was not loaded when a test began."""
PUT = "&"
"""Before the names of functions that put modules there, by names that they are given: those modules."""


def is_about(name: str, module: str) -> bool:
    """Whether loading modules anew may make another copy of one that a deferred import takes, or around or in it.

    What is reloaded stays the same module, but for the names that are taken of it.
    """
    if name.startswith(_AGAIN):
        return module.startswith(name[1:-1]) if name.endswith("*") else name[1:] == module
    if name.endswith("*"):
        return module.startswith(name[:-1]) or inside(name[:-1].rstrip("."), module)
    return inside(module, name) or inside(name, module)


def reloads_in(text: str) -> list[tuple[int, str]]:
    """Return the lines on which a test loads modules anew, and which: a name, or `*` behind what it begins with.

    `=` stands before the name of a module that is only reloaded; ADDED and PUT stand for others.
    """
    try:
        tree = parse(text)
    except UnreadableError:
        return []
    found: list[tuple[int, str]] = []
    earlier, put, texts = _copies_of_modules(tree), _collected(tree), _named_texts(tree)
    waiting: list[tuple[ast.AST, str]] = [(tree, _ANY)]
    while waiting:
        node, prefix = waiting.pop()
        if isinstance(node, ast.Delete):
            keys = [one.slice for one in node.targets if isinstance(one, ast.Subscript) and _is_modules(one.value)]
            found += ((node.lineno, _text_of(key, texts) or prefix) for key in keys)
        elif isinstance(node, ast.Call):
            found += ((node.lineno, name or prefix) for name in _loaded_anew(node, tree, texts))
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Name) and node.iter.id in put:
            waiting += ((child, PUT + " ".join(_putting(tree))) for child in node.body)
        elif isinstance(node, ast.If):
            asked = _asked_prefix(node.test) or (ADDED if _asks_what_is_new(node.test, earlier) else prefix)
            waiting += ((child, asked) for child in node.body)
            waiting += ((child, prefix) for child in (node.test, *node.orelse))
        else:
            waiting += ((child, prefix) for child in ast.iter_child_nodes(node))
    return sorted(set(found))


def _copies_of_modules(tree: ast.Module) -> frozenset[str]:
    """The names of copies of `sys.modules`, or of its keys, that nothing else binds."""
    copies: Counter[str] = Counter()
    stores = Counter(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    for node in ast.walk(tree):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(value=copied, attr="copy"), args=[])
                | ast.Call(func=ast.Name(id="dict" | "frozenset" | "list" | "set" | "tuple"), args=[copied]),
            ) if _is_modules(copied):
                copies[name] += 1
    return frozenset(name for name, number in copies.items() if number == stores[name])


def _collected(tree: ast.Module) -> frozenset[str]:
    """The names of sets and lists that begin empty, and are only given names of modules that are put there as well."""
    added: dict[str, set[str]] = defaultdict(set)
    put: set[str] = set()
    others: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=modules, slice=ast.Name(id=key), ctx=ast.Store()) if _is_modules(modules):
                put.add(key)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="add" | "append"), args=[ast.Name(id=key)]):
                added[name].add(key)
            case ast.Assign(value=ast.List(elts=[]) | ast.Call(func=ast.Name(id="list" | "set"), args=[])):
                pass
            case ast.Assign(targets=targets):
                others.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr not in ("add", "append", "clear"):
                others.add(name)
            case ast.AugAssign(target=ast.Name(id=name)) | ast.arg(arg=name):
                others.add(name)
    return frozenset(name for name, keys in added.items() if keys <= put and name not in others)


def _putting(tree: ast.Module) -> list[str]:
    """The functions that put modules there, and those around them; none where fixtures have other names."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if any(
        word.arg == "name" for one in functions for call in one.decorator_list for word in getattr(call, "keywords", ())
    ):
        return []
    return sorted(
        {
            one.name
            for one in functions
            for node in ast.walk(one)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _is_modules(node.value)
        }
    )


def _asks_what_is_new(test: ast.expr, earlier: Collection[str]) -> bool:
    """Whether a condition holds for modules alone that are not in an earlier copy of `sys.modules`."""
    match test:
        case ast.Compare(ops=[ast.NotIn()], comparators=[ast.Name(id=name)]):
            return name in earlier
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_asks_what_is_new(value, earlier) for value in values)
    return False


def _asked_prefix(test: ast.expr) -> str:
    """What a condition wants the name of a module to begin with."""
    match test:
        case ast.Call(func=ast.Attribute(attr="startswith"), args=[ast.Constant(value=str() as prefix)]):
            return f"{prefix}*"
        case ast.BoolOp(op=ast.And(), values=values):
            return next(filter(None, map(_asked_prefix, values)), "")
    return ""


def _loaded_anew(node: ast.Call, tree: ast.Module, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the modules that a call takes out of `sys.modules`, or reloads; "" for one whose name it computes."""
    name, owner = last_name(node.func), node.func.value if isinstance(node.func, ast.Attribute) else None
    first, second = (*node.args, None, None)[:2]
    if owner is not None and _is_modules(owner):
        if name in ("clear", "popitem", "pop"):
            yield _text_of(first, texts) if name == "pop" else _ANY
    elif name == "reload" and first is not None and (owner is None or last_name(owner) in ("importlib", "imp")):
        name = _imported_as(first, tree) or _module_asked_for(first, texts)
        yield f"{_AGAIN}{name}" if name else ""
    elif first is not None and (_is_modules(first) or _text_of(first) == "sys.modules"):
        if name == "delitem":
            yield _text_of(second, texts)
        elif name == "dict":
            yield from map(_text_of, second.keys if isinstance(second, ast.Dict) else [None])


def _is_modules(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "modules" and last_name(node.value) == "sys"


def _module_asked_for(node: ast.expr, texts: Mapping[str, str]) -> str:
    """The module that is asked for in `sys.modules`, or what its name begins with; "" where that is not known."""
    return _text_of(node.slice, texts) if isinstance(node, ast.Subscript) and _is_modules(node.value) else ""


def _text_of(node: ast.expr | None, texts: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text that an expression is, or a name of one; what it begins with, and `*`; "" where that is not known."""
    match node:
        case ast.Name(id=name):
            return texts.get(name, "")
        case ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Add()):
            return f"{text}*"
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            return f"{text}*"
    return ""


def _named_texts(tree: ast.Module) -> dict[str, str]:
    """The names that stand for one text wherever they are bound."""
    bound = Counter(
        node.arg if isinstance(node, ast.arg) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    )
    return {
        target.id: _text_of(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and bound[target.id] == 1
    }


def _imported_as(module: ast.expr, tree: ast.Module) -> str:
    """The module that an expression stands for, by the imports around it; "" where they do not say."""
    name = dotted_name(module)
    top = name.partition(".")[0]
    for node in ast.walk(tree):
        if not isinstance(node, ImportNode) or top not in bound_names(node):
            continue
        for one in node.names:
            if bound_name(node, one) == top:
                if isinstance(node, ast.ImportFrom) and node.level:
                    return ""
                within = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                start = one.name if within or one.asname else top
                return f"{within}{start}{name[len(top) :]}"
    return ""
