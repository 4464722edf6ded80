"""A module's text and a cut in; the text with the cut made as `how` promises, out; and what importing it then says."""

import ast
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from cycles.enums import Feasibility
from cycles.model import Cut

CHILD = """
import importlib.machinery, json, sys
job = json.load(sys.stdin)
sys.path[:0] = job["folders"]
loader = importlib.machinery.SourceFileLoader
original = loader.get_code
def get_code(self, name):
    text = job["texts"].get(self.path)
    return original(self, name) if text is None else compile(text, self.path, "exec", dont_inherit=True)
loader.get_code = get_code
try:
    for module in job["modules"]:
        __import__(module)
except BaseException as error:
    print("\\n" + type(error).__name__ + ": " + str(error))
else:
    print("\\nok")
"""


def moved(text: str, cut: Cut, modules: frozenset[str], *, is_package: bool, strict: bool) -> str:
    """Make a cut by the letter: remove it, put it under a false condition, or into each function that uses the name.

    `strict` puts a `raise` in place of the import into functions: none of them may run.
    """
    tree = ast.parse(text)
    for line_number in sorted({found.line_number for found in cut.imports}):
        _move(tree, line_number, cut, modules, is_package=is_package, strict=strict)
    return ast.unparse(ast.fix_missing_locations(tree))


def imported(python: str, folders: Sequence[Path], modules: Sequence[str], texts: dict[str, str]) -> str:
    """What a fresh interpreter says to modules imported in order, with some files' texts replaced: "ok" or the error."""
    job = {"folders": [str(folder) for folder in folders], "modules": list(modules), "texts": texts}
    finished = subprocess.run(
        [python, "-B", "-W", "ignore", "-c", CHILD], input=json.dumps(job), capture_output=True, text=True, check=False
    )
    return finished.stdout.rpartition("\n\n")[2].strip().rpartition("\n")[2]


def _move(tree: ast.Module, line_number: int, cut: Cut, modules, *, is_package: bool, strict: bool) -> None:
    place, node = next(
        (place, node)
        for place, node in enumerate(tree.body)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and node.lineno == line_number
        and _cut_names(node, cut, modules, is_package=is_package)
    )
    gone = _cut_names(node, cut, modules, is_package=is_package)
    stay = [alias for alias in node.names if alias not in gone]
    alone = ast.Import(names=gone) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, gone, node.level)
    kept = type(node)(**{**dict(ast.iter_fields(node)), "names": stay}) if stay else ast.Pass()
    tree.body[place] = kept
    if cut.how.feasibility is Feasibility.TYPE_ONLY:
        tree.body.insert(place + 1, ast.If(test=ast.Constant(value=False), body=[alone], orelse=[]))
    elif cut.how.feasibility is Feasibility.DEFERRABLE:
        inserted = ast.parse("raise RuntimeError('it runs on import')").body[0] if strict else alone
        for alias in gone:
            name = alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name)
            for function in _using(tree, name):
                function.body.insert(1 if ast.get_docstring(function) else 0, inserted)


def _cut_names(node, cut: Cut, modules, *, is_package: bool) -> list[ast.alias]:
    """The parts of a statement that import the module to cut."""
    parts = cut.importer.split(".") if is_package else cut.importer.split(".")[:-1]
    found = []
    for alias in node.names:
        if isinstance(node, ast.Import):
            module = alias.name
        else:
            above = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            if f"{module}.{alias.name}" in modules:
                module = f"{module}.{alias.name}"
        while module not in modules and "." in module:
            module = module.rpartition(".")[0]
        if module == cut.imported:
            found.append(alias)
    return found


def _using(tree: ast.Module, name: str) -> list:
    """The functions whose own bodies read a name that is none of their arguments."""
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
            waiting = list(function.body)
            while waiting:
                node = waiting.pop()
                if isinstance(node, ast.Name) and node.id == name and name not in arguments:
                    found.append(function)
                    break
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    waiting += ast.iter_child_nodes(node)
                else:
                    waiting += [*node.decorator_list, *node.args.defaults]
    return found
