"""Find deferred imports that could move back to the top of their module."""

import ast
from collections.abc import Collection, Iterable, Mapping

from cycles.enums import Kind
from cycles.fixes.module_usage import Modules
from cycles.model import HoistableImport
from cycles.source.import_statements import bound_names
from cycles.source.import_values import ClassifiedImport
from cycles.source.module_names import Pair


def hoistable(
    candidates: Iterable[tuple[ClassifiedImport, Collection[Pair]]],
    *,
    today: Iterable[Pair],
    after: Iterable[Pair],
    modules: Modules,
    paths: Mapping[str, str],
) -> tuple[HoistableImport, ...]:
    """The candidates that close no cycle, all of them together; each comes with the dependencies that it would make.

    `today` and `after` are the dependencies of the graph as it is, and after the cuts of a plan. Greedy,
    in the order of the candidates: each is judged with those before it hoisted. A candidate stays where it
    is if the module binds the name otherwise, or the statement is no plain one of a function's body.
    """
    now, then = _Reach(today), _Reach(after)
    found = []
    for statement, pairs in candidates:
        if statement.kind is not Kind.DEFERRED or statement.tags or not _is_plain(statement, modules):
            continue
        if any(then.reaches(imported, importer) for importer, imported in pairs):
            continue
        already = not any(now.reaches(imported, importer) for importer, imported in pairs)
        for importer, imported in pairs:
            then.add(importer, imported)
            if already:
                now.add(importer, imported)
        path = paths[statement.importer]
        found.append(
            HoistableImport(statement.importer, statement.imported, path, statement.line_number, already=already)
        )
    return tuple(found)


class _Reach:
    """A graph that only grows."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.following: dict[str, set[str]] = {}
        for importer, imported in pairs:
            self.add(importer, imported)

    def add(self, importer: str, imported: str) -> None:
        self.following.setdefault(importer, set()).add(imported)

    def reaches(self, start: str, end: str) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            module = waiting.pop()
            if module == end:
                return True
            new = self.following.get(module, set()) - seen
            seen |= new
            waiting += new
        return False


def _is_plain(statement: ClassifiedImport, modules: Modules) -> bool:
    """Whether a statement is alone on its line, in a function other than `__getattr__`, with no name in its way."""
    uses = modules.uses(statement.importer)
    if isinstance(uses, str):
        return False
    here = uses.imports.get(statement.line_number, [])
    if len(here) != 1 or here[0].function.rpartition(".")[2] in ("", "__getattr__"):
        return False
    node = here[0].node
    names = bound_names(node)
    if "*" in names or names & uses.bindings.keys() or names & uses.loads.keys():
        return False
    return all(
        ast.dump(other.node) == ast.dump(node)
        for others in uses.imports.values()
        for other in others
        if names & bound_names(other.node)
    )
