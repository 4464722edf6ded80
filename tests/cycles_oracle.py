"""How cyclic packages are, by `ast`, networkx and clingo: an oracle that shares no code with `cycles`."""

import ast
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import clingo
import networkx as nx

from cycles.source.module_names import Pair
from kinds_by_ast import statements

PROGRAM = """
{cut(C)} :- cause(_,C), not kept(C).
stays(E) :- cause(E,C), not cut(C).
#edge (A,B) : edge(E,A,B), stays(E).
#minimize {1,C : cut(C)}.
"""
_CALL = "called"


@dataclass(frozen=True)
class Statement:
    """One module names another; `imported` may be one that is not there."""

    importer: str
    imported: str
    kind: str


@dataclass(frozen=True)
class Packages:
    """The modules of some packages and their imports."""

    modules: frozenset[str]
    statements: frozenset[Statement]

    def of(self, graph: str) -> Iterator[Statement]:
        """The imports that a graph holds."""
        kinds = {"import-time": ("eager",), "runtime": ("eager", "deferred", "main")}.get(graph)
        return (one for one in self.statements if kinds is None or one.kind in kinds)

    def causes(self, graph: str) -> dict[Pair, set[Pair]]:
        """The dependencies of a graph, each with the imports that make it."""
        made: dict[Pair, set[Pair]] = defaultdict(set)
        for one in self.of(graph):
            cause = (one.importer, one.imported)
            run = [one.imported]
            if graph != "all":
                parts = one.imported.split(".")
                above = [".".join(parts[:length]) for length in range(1, len(parts))]
                run += [package for package in above if not f"{one.importer}.".startswith(f"{package}.")]
            for module in run:
                if module in self.modules and module != one.importer:
                    made[one.importer, module].add(cause)
        return made

    def cyclic(self, graph: str, top: str) -> list[frozenset[str]]:
        """The components that touch a package."""
        found = nx.strongly_connected_components(nx.DiGraph(list(self.causes(graph))))
        return [
            frozenset(modules)
            for modules in found
            if len(modules) > 1 and any(f"{module}.".startswith(f"{top}.") for module in modules)
        ]

    def cuts(self, graph: str, top: str) -> int:
        """How many imports must go at least, so that none of these components is left."""
        causes = self.causes(graph)
        return sum(
            _fewest(
                frozenset(
                    (edge, frozenset(its)) for edge, its in causes.items() if edge[0] in modules and edge[1] in modules
                )
            )
            for modules in self.cyclic(graph, top)
        )


@cache
def _fewest(edges: frozenset[tuple[Pair, frozenset[Pair]]]) -> int:
    """The smallest number of cuts, by clingo; what a package imports of its own modules is no cut."""
    listed = sorted((edge, sorted(causes)) for edge, causes in edges)
    facts = [f'edge({number},"{a}","{b}").' for number, ((a, b), _) in enumerate(listed)]
    facts += [f'cause({number},"{a}>{b}").' for number, (_, causes) in enumerate(listed) for a, b in causes]
    kept = {cause for _, causes in listed for cause in causes if cause[1].startswith(f"{cause[0]}.")}
    facts += [f'kept("{a}>{b}").' for a, b in kept]
    control = clingo.Control(["--opt-strategy=usc", "--warn=none"])
    control.add("base", [], "\n".join(facts) + PROGRAM)
    control.ground([("base", [])])
    costs: list[int] = []
    solved = control.solve(on_model=lambda model: costs.append(model.cost[0]))
    assert solved.exhausted
    return costs[-1]


def read(folder: Path, top: str, *more: str) -> Packages:
    """Read a package in a folder, the packages next to it that it imports, one through another, and further ones."""
    tops = {path.stem for path in folder.iterdir() if path.is_dir() or path.suffix == ".py"}
    found, waiting = dict[str, tuple[Path, bool]](), [top, *more]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in tops:
            continue
        seen.add(name)
        new = dict(_files(folder, name))
        found |= new
        for module, (path, is_package) in new.items():
            waiting += [taken.partition(".")[0] for taken, _, _ in _names(path, module, is_package=is_package)]
    known = frozenset(found)
    made = {
        Statement(module, imported, kind)
        for module, (path, is_package) in found.items()
        for taken, asked, kind in _names(path, module, is_package=is_package)
        if (imported := _resolved(taken, asked, known))
    }
    return Packages(known, frozenset(made))


def _files(folder: Path, top: str) -> Iterator[tuple[str, tuple[Path, bool]]]:
    """The modules of a top-level package, as the tests write them: no links, nothing hidden by something else."""
    if (folder / f"{top}.py").is_file() and not (folder / top / "__init__.py").is_file():
        yield top, (folder / f"{top}.py", False)
        return
    for path in sorted((folder / top).rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if not all(part.isidentifier() for part in parts):
            continue
        if parts[-1] == "__init__":
            yield ".".join(parts[:-1]), (path, True)
        elif not (path.with_suffix("") / "__init__.py").is_file():
            yield ".".join(parts), (path, False)


class _CallsAsImports(ast.NodeTransformer):
    """A statement that only calls `import_module` with a literal is an import for the oracle of kinds."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        match node.value:
            case ast.Call(func=ast.Name(id="import_module"), args=[ast.Constant(value=str(name))]):
                return ast.Import([ast.alias(name, _CALL)])
        return node


@cache
def _parsed(path: Path, stamp: tuple[int, int]) -> tuple[tuple[ast.Import | ast.ImportFrom, str], ...]:
    del stamp
    with warnings.catch_warnings(action="ignore"):
        tree = _CallsAsImports().visit(ast.parse(path.read_bytes()))
    return tuple((node, kind) for node, kind, _ in statements(tree))


def _names(path: Path, module: str, *, is_package: bool) -> Iterator[tuple[str, str, str]]:
    """What a file imports: the module named, the whole name taken, the kind."""
    status = path.stat()
    package = module if is_package else module.rpartition(".")[0]
    for node, kind in _parsed(path, (status.st_mtime_ns, status.st_size)):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, alias.name, kind) for alias in names)
            case ast.ImportFrom(module=name, names=names, level=level):
                parts = package.split(".")
                if level > len(parts) or (level and not package):
                    continue
                above = parts[: len(parts) - level + 1] if level else []
                taken = ".".join([*above, *([name] if name else [])])
                yield from ((taken, f"{taken}.{alias.name}", kind) for alias in names)


def _resolved(taken: str, asked: str, known: Collection[str]) -> str | None:
    """The module that is imported: what is asked for, or what it is an attribute of; else the one that is not there."""
    if asked in known:
        return asked
    parent = asked.rpartition(".")[0]
    if parent in known:
        return parent
    return taken if "." in taken else None
