"""Find what tests do that the imports of modules do not show: names that they replace, modules that they load anew."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from cycles.enums import INTO_FUNCTIONS, Feasibility, Rule
from cycles.fixes.name_users import is_test, test_files
from cycles.limits import TEST_FILES
from cycles.model import Analysis, Cut
from cycles.patching.values import Place, Warned
from cycles.source.effects import last_name
from cycles.source.import_statements import ImportNode, bound_names
from cycles.source.text import UnreadableError, parse, read_text, relative_path

_PATCHES = re.compile(r"""\b(?:patch(?:\.\w+)*|setattr)\s*\(""")


class TestHabits:
    """The tests next to the packages, each file read once."""

    __test__ = False

    def __init__(self, analysis: Analysis) -> None:
        """Nothing is read yet."""
        self._analysis = analysis
        self._project = Path(analysis.project)
        self._tops = frozenset(package.partition(".")[0] for package in analysis.packages)
        self._found: dict[str, str] | None = None
        self._reloads: tuple[Place, ...] | None = None

    def warnings(self, cut: Cut) -> Iterator[Warned]:
        """Yield what tests may notice of a cut that is made."""
        names = [name for name in (cut.fix.names if cut.fix else ()) if name.leaf is None]
        for name in dict.fromkeys(name.bound for name in names):
            yield from (Warned(Rule.PATCHED, place) for place in self.patched(cut.importer, name))
        if any(
            name.feasibility is Feasibility.LAZY or (name.feasibility in INTO_FUNCTIONS and name.functions)
            for name in names
        ):
            yield from (Warned(Rule.RELOADED, place) for place in self.reloads())

    def reloads(self) -> tuple[Place, ...]:
        """Return where tests take modules of the packages, or unknown ones, out of `sys.modules`, or reload them."""
        if self._reloads is None:
            found: list[Place] = []
            for path, text in self._texts().items():
                if "sys.modules" in text or "reload" in text:
                    found += (Place(path, line_number) for line_number in _reloads(text, self._tops))
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


def _reloads(text: str, tops: Collection[str]) -> list[int]:
    """The lines on which a module is loaded anew that may be one of some top-level packages."""
    try:
        tree = parse(text)
    except UnreadableError:
        return []
    found: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Delete):
            keys = [one.slice for one in node.targets if isinstance(one, ast.Subscript) and _is_modules(one.value)]
            found += (node.lineno for key in keys if _may_be_of(key, tops))
        elif isinstance(node, ast.Call) and _loads_anew(node, tree, tops):
            found.append(node.lineno)
    return sorted(set(found))


def _loads_anew(node: ast.Call, tree: ast.Module, tops: Collection[str]) -> bool:
    """Whether a call takes modules out of `sys.modules`, or reloads one, that may be of some packages."""
    name, owner = last_name(node.func), node.func.value if isinstance(node.func, ast.Attribute) else None
    first = node.args[0] if node.args else None
    if owner is not None and _is_modules(owner):
        return name in ("clear", "popitem") or (name == "pop" and _may_be_of(first, tops))
    if name == "reload" and (owner is None or last_name(owner) in ("importlib", "imp")):
        return first is not None and _may_be_reloaded(first, tree, tops)
    if first is None or not (_is_modules(first) or (isinstance(first, ast.Constant) and first.value == "sys.modules")):
        return False
    second = node.args[1] if len(node.args) > 1 else None
    if name == "delitem":
        return _may_be_of(second, tops)
    if name == "dict":
        keys = second.keys if isinstance(second, ast.Dict) else [None]
        return any(_may_be_of(key, tops) for key in keys)
    return False


def _is_modules(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "modules" and last_name(node.value) == "sys"


def _may_be_of(name: ast.expr | None, tops: Collection[str]) -> bool:
    """Whether an expression may be the name of a module of some packages."""
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return name.value.partition(".")[0] in tops
    return True


def _may_be_reloaded(module: ast.expr, tree: ast.Module, tops: Collection[str]) -> bool:
    """Whether an expression may be a module of some packages: where imports say what it is, they decide."""
    while isinstance(module, ast.Attribute):
        module = module.value
    name = module.id if isinstance(module, ast.Name) else ""
    for node in ast.walk(tree):
        if isinstance(node, ImportNode) and name in bound_names(node):
            modules = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if not getattr(node, "level", 0) and not any(one.partition(".")[0] in tops for one in modules):
                return False
    return True
