"""What the names at the top of a module stand for: dotted names, by the imports and plain assignments of its body."""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.source.import_statements import named_by
from cycles.source.values import ModuleFile

_BUILTINS = frozenset(vars(builtins))
_TYPING = ("typing.", "typing_extensions.")
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Meanings:
    """The dotted name that each name of a module stands for, "" where there are several; `decorated`: what by."""

    module: str
    names: Mapping[str, str]
    decorated: Mapping[str, str]
    stars: Sequence[str] = ()
    """The modules that all names are taken from."""

    def of(self, node: ast.expr) -> str:
        """The dotted name that an expression stands for, with `()` for each call; "" where it is no such thing.

        A builtin is just its name, and a name of the module's own begins with the module.
        """
        trail: list[str] = []
        while True:
            match node:
                case ast.Attribute(value=value, attr=attr):
                    trail.append(f".{attr}")
                    node = value
                case ast.Call(func=value):
                    trail.append("()")
                    node = value
                case ast.Subscript(value=value):
                    node = value
                case ast.Name(id=name):
                    trail.append(self._head(name, called=bool(trail and trail[-1] != "()")))
                    return "".join(reversed(trail)) if trail[-1] else ""
                case _:
                    return ""

    def _head(self, name: str, *, called: bool) -> str:
        if called and name in self.decorated:
            return f"{self.decorated[name]}()"
        if name in self.names:
            return self.names[name]
        return name if name in _BUILTINS else f"{self.module}.{name}"


def meanings_of(  # noqa: C901, PLR0912  one case for each kind of statement
    tree: ast.Module, file: ModuleFile
) -> Meanings:
    """Return what the names at the top of a module stand for."""
    names: dict[str, str] = {}
    decorated: dict[str, str] = {}
    stars: list[str] = []
    typed: dict[str, str] = {}
    found = Meanings(file.name, names, decorated, stars)
    for node in _statements(tree.body):
        match node:
            case ast.Import():
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    _put(names, alias.asname or top, alias.name if alias.asname else top)
            case ast.ImportFrom():
                for item in named_by(node, file.name, is_package=file.is_package):
                    if item.name == "*":
                        stars.append(item.module)
                    else:
                        _put(names, item.bound, f"{item.module}.{item.name}")
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                _put(names, node.name, f"{file.name}.{node.name}", again=isinstance(node, _Function))
                if len(node.decorator_list) == 1 and (by := found.of(node.decorator_list[0])):
                    decorated.setdefault(node.name, by)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                _put(names, name, found.of(value) or f"{file.name}.{name}")
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                _put(names, name, found.of(value) or f"{file.name}.{name}")
            case ast.If(test=test) if _is_for_types(test):
                typed |= _for_types(node.body, file)
    for name, meaning in typed.items():
        names.setdefault(name, meaning)
    return found


def _for_types(body: Iterable[ast.stmt], file: ModuleFile) -> dict[str, str]:
    """What type checkers see: it stands where the program sees nothing."""
    return {
        item.bound: f"{item.module}.{item.name}"
        for node in _statements(body)
        if isinstance(node, ast.ImportFrom)
        for item in named_by(node, file.name, is_package=file.is_package)
    }


def _put(names: dict[str, str], name: str, meaning: str, *, again: bool = False) -> None:
    """Note a meaning; of the same name in `typing` and `typing_extensions` either will do."""
    before = names.get(name, meaning)
    both = before.startswith(_TYPING) and meaning.startswith(_TYPING)
    same = before == meaning or (both and before.rpartition(".")[2] == meaning.rpartition(".")[2])
    names[name] = before if same or (again and before == meaning) else ""


def _is_for_types(test: ast.expr) -> bool:
    match test:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == "TYPE_CHECKING"
    return False


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The statements that run with a body, also those in its branches, in order."""
    waiting: list[ast.AST] = [*reversed(list(body))]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _Function | ast.ClassDef):
            inner = [part for name in _BLOCKS for part in getattr(node, name, ())]
            if isinstance(node, ast.If) and _is_for_types(node.test):
                inner = [*node.orelse]
            waiting += [part for part in reversed(inner) if isinstance(part, ast.AST)]
