"""What a real interpreter evaluates while modules are imported, definition by definition.

Run as a script, it imports modules whose names are wrapped in calls that note who reads them: whatever top-level
statement runs at that moment. It shares no code with the package.
"""

import ast
import builtins
import importlib.machinery
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cycles import Analysis, DefinitionGraph


def evaluated(root: Path, modules: list[str], python: str = sys.executable, setup: str = "") -> dict[str, list]:
    """The reads of a fresh interpreter: who read what, as (module, line of its statement, module of the text, chain)."""
    script = [python, "-W", "ignore", str(Path(__file__)), str(root), setup, *modules]
    finished = subprocess.run(script, capture_output=True, text=True, timeout=300, check=False)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout.splitlines()[-1])


def defined_by(trees: dict[str, ast.Module], module: str, name: str) -> set[tuple[str, str]]:
    """The modules, with the names there, that bind what a name of a module stands for; ("m", "") is a module."""
    found, seen, waiting = set(), set(), [(module, name)]
    while waiting:
        module, name = waiting.pop()
        if (module, name) in seen or module not in trees:
            continue
        seen.add((module, name))
        if not name:
            found.add((module, ""))
            continue
        if any(name in bound_by(node) for node in trees[module].body):
            found.add((module, name))
        known = False
        for node in imports_of(trees[module]):
            for source, taken, bound in taken_by(node, module, trees):
                if bound == name:
                    known = True
                    waiting.append((source, taken))
                elif bound == "*" and source in trees:
                    waiting.append((source, name))
        if not known and f"{module}.{name}" in trees:
            waiting.append((f"{module}.{name}", ""))
    return found


def seen_by(
    root: Path, graph: "DefinitionGraph", analysis: "Analysis", python: str = sys.executable, setup: str = ""
) -> tuple[set[tuple[str, str]], set[str]]:
    """Which definitions of a graph a real interpreter sees needing which, and the modules that it imported."""
    trees = {}
    for module in analysis.files:
        try:
            trees[module.name] = ast.parse(Path(module.path).read_bytes())
        except (SyntaxError, ValueError):
            continue
    got = evaluated(root, list(graph.component.modules), python, setup)
    named = {(one.module, name): one.name for one in graph.definitions for name in one.names}
    at = {(one.module, one.line_number): one.name for one in graph.definitions}
    for module in graph.component.modules:
        for node in trees[module].body:
            line = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
            at.update(((module, line), named[module, name]) for name in bound_by(node) if (module, name) in named)
    found = set()
    for module, line, text, chain in got["reads"]:
        name, *rest = chain.split(".")
        waiting = [(one, rest) for one in defined_by(trees, text, name)]
        for (where, name), rest in waiting:
            if not name:
                waiting += [(one, rest[1:]) for one in defined_by(trees, where, rest[0])] if rest else []
            elif (module, line) in at and (where, name) in named and at[module, line] != named[where, name]:
                found.add((at[module, line], named[where, name]))
    return found, set(got["done"])


def imports_of(tree: ast.Module) -> list[ast.stmt]:
    """The imports that are in no function."""
    found, waiting = [], list(tree.body)
    for node in waiting:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += [
                child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt | ast.ExceptHandler)
            ]
    return found


def taken_by(node: ast.stmt, module: str, trees: dict[str, ast.Module]) -> list[tuple[str, str, str]]:
    """What an import takes: module, name there, name here."""
    if isinstance(node, ast.Import):
        return [
            (a.name, "", a.asname) if a.asname else (a.name.split(".")[0], "", a.name.split(".")[0]) for a in node.names
        ]
    package = module if any(name.startswith(f"{module}.") for name in trees) else module.rpartition(".")[0]
    base = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
    return [
        (f"{base}.{a.name}", "", a.asname or a.name)
        if f"{base}.{a.name}" in trees and not binds(trees, base, a.name)
        else (base, a.name, a.asname or a.name)
        for a in node.names
    ]


def binds(trees: dict[str, ast.Module], module: str, name: str) -> bool:
    return module in trees and any(name in bound_by(node) for node in trees[module].body)


def bound_by(node: ast.AST) -> set[str]:
    """The names that a top-level statement binds in its module, other than by imports."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(
        node, ast.Import | ast.ImportFrom | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ):
        return set()
    names = {node.id} if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else set()
    names |= {node.name} if isinstance(node, ast.ExceptHandler) and node.name else set()
    return names.union(*(bound_by(child) for child in ast.iter_child_nodes(node)))


class _Wrap(ast.NodeTransformer):
    """Wrap names that are read, with the attributes read of them."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self.module = module
        self.future = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(a.name == "annotations" for a in node.names)
            for node in tree.body
        )

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        parts, base = [], node
        while isinstance(base, ast.Attribute):
            if not isinstance(base.ctx, ast.Load):
                parts = []
            else:
                parts.append(base.attr)
            below, base = base, base.value
        if isinstance(base, ast.Name) and isinstance(base.ctx, ast.Load):
            below.value = self.wrapped(base, [base.id, *reversed(parts)])
            return node
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.wrapped(node, [node.id]) if isinstance(node.ctx, ast.Load) else node

    def wrapped(self, node: ast.Name, chain: list[str]) -> ast.AST:
        arguments = [ast.Constant(self.module), ast.Constant(".".join(chain)), node]
        return ast.copy_location(ast.Call(ast.Name("__seen__", ast.Load()), arguments, []), node)

    def visit_pattern(self, node: ast.pattern) -> ast.AST:
        return node

    visit_MatchValue = visit_MatchClass = visit_MatchMapping = visit_pattern  # noqa: N815

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node if self.future else self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not self.future:
            return self.generic_visit(node)
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.args = self.visit(node.args)
        node.body = [self.visit(one) for one in node.body]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.target = self.visit(node.target)
        node.value = self.visit(node.value) if node.value else None
        node.annotation = node.annotation if self.future else self.visit(node.annotation)
        return node


def _instrumented(source: bytes, path: str, module: str) -> CodeType:
    tree = ast.parse(source)
    lines = [min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]) for node in tree.body]
    wrapped = _Wrap(module, tree).visit(tree)
    body: list[ast.stmt] = []
    for number, (node, line) in enumerate(zip(wrapped.body, lines, strict=True)):
        first = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not first and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            call = ast.Call(ast.Name("__at__", ast.Load()), [ast.Constant(module), ast.Constant(line)], [])
            body.append(ast.copy_location(ast.Expr(call), node))
        body.append(node)
    wrapped.body = body
    return compile(ast.fix_missing_locations(wrapped), path, "exec", dont_inherit=True)


def _main(root: str, setup: str, modules: list[str]) -> None:
    running: list[tuple[str, int]] = []
    reads: set[tuple[str, int, str, str]] = set()
    done: list[str] = []

    def at(module: str, line: int) -> None:
        running[-1] = (module, line)

    def seen(module: str, chain: str, value: object) -> object:
        code = sys._getframe(1).f_code  # noqa: SLF001  who reads the name
        name = chain.split(".", maxsplit=1)[0]
        local = name in code.co_varnames or name in code.co_cellvars or name in code.co_freevars
        if not local and not code.co_flags & 1 and code.co_name != "<module>":
            local = name in sys._getframe(1).f_locals  # noqa: SLF001
        if not local and running:
            reads.add((*running[-1], module, chain))
        return value

    class Loader(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname: str) -> CodeType:
            return _instrumented(Path(self.path).read_bytes(), self.path, fullname)

        def exec_module(self, module: ModuleType) -> None:
            running.append((module.__name__, 0))
            try:
                super().exec_module(module)
                done.append(module.__name__)
            finally:
                running.pop()

    class Finder:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> object:
            found = importlib.machinery.PathFinder.find_spec(name, path, target)
            if found and name in wanted and isinstance(found.loader, importlib.machinery.SourceFileLoader):
                found.loader = Loader(name, found.loader.path)
                return found
            return None

    wanted = set(modules)
    vars(builtins).update(__at__=at, __seen__=seen)
    sys.dont_write_bytecode = True
    sys.path.insert(0, root)
    sys.meta_path.insert(0, Finder())
    if setup:
        exec(setup, {})  # noqa: S102  a line of the test that runs this
    failed = {}
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001  whatever an import raises
            failed[module] = f"{type(error).__name__}: {error}"
    print(json.dumps({"reads": sorted(reads), "done": sorted(set(done)), "failed": failed}))  # noqa: T201


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], sys.argv[3:])
