"""What is read of modules that are not simulated: the imports that run on import, and all that these lead to."""

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from cycles.enums import Kind, Tag
from cycles.limits import FOREIGN_MODULES
from cycles.source.code_without_strings import code_of
from cycles.source.enclosing_clauses import Clause
from cycles.source.file_text import UnreadableError
from cycles.source.import_kinds import Judge
from cycles.source.import_statements import Named, import_nodes, named_by
from cycles.source.module_names import inside, packages_on_the_way
from cycles.source.source_file import SourceFile
from cycles.startup.installed_distributions import Environment
from cycles.startup.startup_values import LoadEdge

_STATEMENT = re.compile(r"\n([ \t]*+)(?:from|import)\b")
"""Begins with a character of its own, which `re` looks for at the speed of C, and never goes back over blanks."""
_OF_ONE = re.compile(r"\n(?:from[ \t]+(\w+)[\w.]*[ \t]+import[ \t]+[\w, \t*]+|import[ \t]+(\w+)[\w. \t]*)(?=\n)")
"""A line that imports of one top-level package, and does nothing else."""


@dataclass(frozen=True, slots=True)
class EagerImport:
    """What one item of a statement takes, and on which line; `certain`: no condition decides whether it runs."""

    line_number: int
    item: Named
    certain: bool


class Foreign:
    """The modules of an environment that are none of the project's own."""

    def __init__(self, environment: Environment, own: Collection[str]) -> None:
        """Nothing is read yet; `own` are the names of the project's modules."""
        self.environment = environment
        self.own = own
        self.own_tops = frozenset(name.partition(".")[0] for name in own)
        self.sizes: dict[str, int] = {}
        self.files: dict[str, SourceFile] = {}
        self._edges: dict[str, tuple[LoadEdge, ...]] = {}
        self.targets = cache(self._targets)

    def _targets(self, importer: str, module: str, names: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return what importing a module loads of other distributions: it, the packages on the way, and submodules.

        A module that is not there stands for itself by its top-level name, where a module of the project asks for it.
        Nothing of the standard library is loaded.
        """
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or top in self.own_tops:
            return ()
        if self.environment.find(module) is None:
            return (top,) if importer in self.own else ()
        found = [
            *packages_on_the_way(importer, module),
            module,
            *(f"{module}.{name}" for name in names if self.environment.find(f"{module}.{name}")),
        ]
        return tuple(name for name in found if not self._is_namespace(name))

    def follow(self, modules: Iterable[str]) -> tuple[dict[str, tuple[LoadEdge, ...]], bool]:
        """Return the edges that begin in some modules and in all that they lead to, and whether none were left out."""
        found: dict[str, tuple[LoadEdge, ...]] = {}
        waiting = list(modules)
        while waiting:
            module = waiting.pop()
            if module in found or module in self.own:
                continue
            if len(found) >= FOREIGN_MODULES:
                return found, False
            found[module] = edges = self.edges_of(module)
            waiting += (edge.imported for edge in edges)
        return found, True

    def edges_of(self, module: str) -> tuple[LoadEdge, ...]:
        """Return what importing one module leads to, in the order of its lines."""
        if module not in self._edges:
            self._edges[module] = self._read(module)
        return self._edges[module]

    def _read(self, module: str) -> tuple[LoadEdge, ...]:
        found = self.environment.find(module)
        if found is None or found.file is None:
            return ()
        file = self.files[module] = SourceFile(found.file)
        edges: dict[LoadEdge, None] = {}
        for one in self.eager_imports(file):
            for imported in self.all_targets(module, one.item):
                if imported != module:
                    place = module, one.line_number
                    edges[LoadEdge(module, imported, one.item.module, place, one.certain)] = None
        self.sizes[module] = len(file.data)
        return tuple(edges)

    def all_targets(self, importer: str, item: Named) -> tuple[str, ...]:
        """Return what one item of a statement loads: modules of other distributions, or own ones."""
        if item.module.partition(".")[0] not in self.own_tops:
            names = (item.name,) if item.name and item.name != "*" else ()
            return self.targets(importer, item.module, names)
        submodule = f"{item.module}.{item.name}"
        named = [item.module, *([submodule] if submodule in self.own else [])]
        return tuple(
            name
            for module in named
            if module in self.own
            for name in (*packages_on_the_way(importer, module), module)
            if name in self.own and not inside(importer, name)
        )

    def eager_imports(self, file: SourceFile) -> Iterator[EagerImport]:
        """Yield what the body of a module imports, but for the standard library, in the order of lines.

        What an `except ImportError` imports counts only where what it is in the place of is not there. Nothing comes
        of a file that cannot be read.
        """
        try:
            found = list(self._statements(file))
        except UnreadableError:
            return
        tried: dict[Clause, list[Named]] = defaultdict(list)
        for _, items, clause, _ in found:
            if clause is not None and clause.keyword == "try":
                tried[clause] += items
        for line_number, items, clause, certain in found:
            if clause is not None and clause.keyword == "except" and clause.catches:
                first = _first(clause)
                if first in tried and all(map(self._is_there, tried[first])):
                    continue
            for item in items:
                yield EagerImport(line_number, item, certain)

    def _statements(self, file: SourceFile) -> Iterator[tuple[int, tuple[Named, ...], Clause | None, bool]]:
        """Yield the statements that run: line, items, the clause around them, whether they are certain to run.

        Of those at module level, what loads nothing is left out.
        """
        text = f"\n{file.text}\n"
        # What is below the last of them need not be told from strings: that is half of most texts.
        last = max((found.end() for found in _STATEMENT.finditer(text)), default=0)
        code = code_of(text[: text.find("\n", last) + 1])
        judge: Judge | None = None
        line_number, at = 0, 0
        for found in _STATEMENT.finditer(code):
            line_number += code.count("\n", at, found.end())
            at = found.end()
            clause, certain = None, True
            if found[1]:
                clause = file.clause_around(line_number)
                judge = judge or Judge(file.special_names, (self.environment.version,))
                kind, tags = judge.kind_and_tags(clause, lazy=False)
                certain = Tag.CONDITIONAL not in tags
                if kind is not Kind.EAGER:
                    continue
            elif (one := _OF_ONE.match(code, found.start())) and self._is_standard(one[1] or one[2]):
                continue
            module = file.module
            first = text[found.end(1) : text.find("\n", found.end())]
            # What goes on is found by all lines of the file, which it takes long to divide.
            nodes = () if "(" in first or "\\" in first else import_nodes(first)
            for node in nodes or file.imports_on(line_number):
                yield line_number, named_by(node, module.name, is_package=module.is_package), clause, certain

    def _is_there(self, item: Named) -> bool:
        """Whether there is a module of the name that an item has."""
        top = item.module.partition(".")[0]
        return self._is_standard(top) or item.module in self.own or self.environment.find(item.module) is not None

    def _is_standard(self, top: str) -> bool:
        """Whether a top-level name is of the standard library, and of nothing that is looked for."""
        return top in sys.stdlib_module_names and top not in self.own_tops

    def _is_namespace(self, module: str) -> bool:
        found = self.environment.find(module)
        return found is not None and found.file is None and not found.is_compiled


def _first(clause: Clause) -> Clause:
    """Return the first clause of a compound statement."""
    while clause.previous is not None:
        clause = clause.previous
    return clause
