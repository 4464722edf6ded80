"""Find what tests do that the imports of modules do not show: names that they replace, modules that they load anew."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from cycles.enums import INTO_FUNCTIONS, Feasibility, GraphName, Rule
from cycles.fixes.name_users import is_test, test_files
from cycles.graph.components import places, reached, strongly_connected
from cycles.limits import TEST_FILES
from cycles.model import Analysis, Cut, NameFix
from cycles.patching.values import Place, Warned
from cycles.source.effects import last_name
from cycles.source.import_statements import ImportNode, bound_name, bound_names
from cycles.source.names import inside
from cycles.source.text import UnreadableError, parse, read_text, relative_path
from cycles.source.usage import dotted

_ANY = "*"
_AGAIN = "="
"""Before the name of a module whose body runs again: the module stays the same object."""
_ADDED = "+"
"""Any module that was not loaded when a test began."""
_PATCHES = re.compile(r"""\b(?:patch(?:\.\w+)*|setattr)\s*\(""")


class TestHabits:
    """The tests next to the packages, each file read once."""

    __test__ = False

    def __init__(self, analysis: Analysis) -> None:
        """Nothing is read yet."""
        self._analysis = analysis
        self._project = Path(analysis.project)
        self._found: dict[str, str] | None = None
        self._reloads: tuple[tuple[Place, str], ...] | None = None
        self._early: frozenset[str] | None = None

    def warnings(self, cut: Cut) -> Iterator[Warned]:
        """Yield what tests may notice of a cut that is made."""
        names = [name for name in (cut.fix.names if cut.fix else ()) if name.leaf is None]
        for name in dict.fromkeys(name.bound for name in names if not _is_asked_for(name)):
            yield from (Warned(Rule.PATCHED, place) for place in self.patched(cut.importer, name))
        if any(
            name.feasibility is Feasibility.LAZY or (name.feasibility in INTO_FUNCTIONS and name.functions)
            for name in names
        ):
            for place, name in self.reloads():
                if self._is_late(cut.imported) if name == _ADDED else _is_about(name, cut.imported):
                    yield Warned(Rule.RELOADED, place)

    def _is_late(self, module: str) -> bool:
        """Whether a module may be loaded later than its package: not where no cut takes what imports it away."""
        if self._early is None:
            graph = self._analysis.graphs[GraphName.IMPORT_TIME]
            place = places(strongly_connected((edge.importer, edge.imported) for edge in graph.dependencies))
            following: dict[str, set[str]] = defaultdict(set)
            for edge in graph.dependencies:
                # Any import within a component may be cut.
                inner = edge.importer in place and place[edge.importer] == place.get(edge.imported)
                if not inner and not all(one.tags for one in edge.imports):
                    following[edge.importer].add(edge.imported)
            tops = {name.partition(".")[0] for name in graph.modules}
            self._early = frozenset(reached(following, tops))
        return module not in self._early

    def reloads(self) -> tuple[tuple[Place, str], ...]:
        """Return where tests load modules anew, and which: a name, or `*` behind what it begins with.

        `=` stands before the name of a module that is only reloaded.
        """
        if self._reloads is None:
            found: list[tuple[Place, str]] = []
            for path, text in self._texts().items():
                if "sys.modules" in text or "reload" in text:
                    found += ((Place(path, line_number), name) for line_number, name in _reloads(text))
            self._reloads = tuple(found)
        return self._reloads

    def patched(self, module: str, name: str) -> Iterator[Place]:
        """Yield where a test names a name of a module in a text, as `mock.patch` takes it."""
        spelled = re.compile(rf"""["']{re.escape(module)}\.{re.escape(name)}(?=["'.])""")
        last = re.escape(module.rpartition(".")[2])
        renamed = re.compile(rf"\bimport\b[^#\n]*?\b{last}\s+as\s+(\w+)")
        for path, text in self._texts().items():
            if name in text and _PATCHES.search(text):
                known = "|".join([last, *sorted(set(renamed.findall(text)))])
                by_object = re.compile(
                    rf"""\b(?:object|setattr|multiple)\s*\(\s*[\w.]*\b(?:{known})\s*,\s*["']{re.escape(name)}["']"""
                )
                yield from _places(path, text, spelled)
                yield from _places(path, text, by_object)

    def _texts(self) -> dict[str, str]:
        """Return the texts of the tests, and of the modules of the packages that are tests, by their paths."""
        if self._found is None:
            inner = (file.path for file in self._analysis.files if is_test(file.name))
            paths = dict.fromkeys((*test_files(self._project), *inner))
            self._found = dict(self._read(list(paths)[:TEST_FILES]))
        return self._found

    def _read(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        for path in paths:
            try:
                yield relative_path(path, self._project), read_text(path)
            except UnreadableError:
                continue


def _places(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[Place]:
    return (Place(path, text.count("\n", 0, found.start()) + 1) for found in pattern.finditer(text))


def _is_asked_for(name: NameFix) -> bool:
    """Whether whoever wants a name asks its module for it, as before: then what a test puts there is what they get."""
    return name.feasibility is Feasibility.LAZY and name.typed and not name.functions


def _is_about(name: str, module: str) -> bool:
    """Whether loading modules anew may make another copy of one that a deferred import takes, or around or in it.

    What is reloaded stays the same module, but for the names that are taken of it.
    """
    if name.startswith(_AGAIN):
        return name[1:] == module
    if name.endswith("*"):
        return module.startswith(name[:-1]) or inside(name[:-1].rstrip("."), module)
    return inside(module, name) or inside(name, module)


def _reloads(text: str) -> list[tuple[int, str]]:
    """The lines on which modules are loaded anew, and which: a name, or `*` behind what it begins with."""
    try:
        tree = parse(text)
    except UnreadableError:
        return []
    found: list[tuple[int, str]] = []
    earlier = _copies_of_modules(tree)
    waiting: list[tuple[ast.AST, str]] = [(tree, _ANY)]
    while waiting:
        node, prefix = waiting.pop()
        if isinstance(node, ast.Delete):
            keys = [one.slice for one in node.targets if isinstance(one, ast.Subscript) and _is_modules(one.value)]
            found += ((node.lineno, _text_of(key) or prefix) for key in keys)
        elif isinstance(node, ast.Call):
            found += ((node.lineno, name or prefix) for name in _loaded_anew(node, tree))
        if isinstance(node, ast.If):
            asked = _asked_prefix(node.test) or (_ADDED if _asks_what_is_new(node.test, earlier) else prefix)
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


def _loaded_anew(node: ast.Call, tree: ast.Module) -> Iterator[str]:
    """Yield the modules that a call takes out of `sys.modules`, or reloads; "" for one whose name it computes."""
    name, owner = last_name(node.func), node.func.value if isinstance(node.func, ast.Attribute) else None
    first, second = (*node.args, None, None)[:2]
    if owner is not None and _is_modules(owner):
        if name in ("clear", "popitem", "pop"):
            yield _text_of(first) if name == "pop" else _ANY
    elif name == "reload" and first is not None and (owner is None or last_name(owner) in ("importlib", "imp")):
        name = _imported_as(first, tree)
        yield f"{_AGAIN}{name}" if name else ""
    elif first is not None and (_is_modules(first) or _text_of(first) == "sys.modules"):
        if name == "delitem":
            yield _text_of(second)
        elif name == "dict":
            yield from map(_text_of, second.keys if isinstance(second, ast.Dict) else [None])


def _is_modules(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "modules" and last_name(node.value) == "sys"


def _text_of(node: ast.expr | None) -> str:
    """The text that an expression is; "" where it is none."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _imported_as(module: ast.expr, tree: ast.Module) -> str:
    """The module that an expression stands for, by the imports around it; "" where they do not say."""
    name = dotted(module)
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
