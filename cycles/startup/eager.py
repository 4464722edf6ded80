"""The imports that run while a module is imported, as its text tells: what is not simulated is read in this way.

It is the plain reading: conditions are judged, functions are not followed. It takes some 30 ms for a megabyte.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cycles.enums import Kind, Tag
from cycles.source.clauses import Clause
from cycles.source.import_statements import Named, named_by
from cycles.source.kinds import Judge
from cycles.source.module import SourceFile
from cycles.source.text import UnreadableError

_STATEMENT = re.compile(r"^([ \t]*)(?:from|import)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EagerImport:
    """What one item of a statement takes, and on which line; `certain`: no condition decides whether it runs."""

    line_number: int
    item: Named
    certain: bool


def eager_imports(
    file: SourceFile, version: tuple[int, int], is_there: Callable[[Named], bool]
) -> Iterator[EagerImport]:
    """Yield what the body of a module imports in a release of Python, in the order of lines.

    `is_there` says whether an item can be imported: what an `except ImportError` imports in its place counts only
    where it cannot. Nothing comes of a file that cannot be read.
    """
    try:
        found = list(_statements(file, version))
    except UnreadableError:
        return
    tried: dict[Clause, list[Named]] = defaultdict(list)
    for _, items, clause, _ in found:
        if clause is not None and clause.keyword == "try":
            tried[clause] += items
    for line_number, items, clause, certain in found:
        if clause is not None and clause.keyword == "except" and clause.catches:
            first = _first(clause)
            if first in tried and all(map(is_there, tried[first])):
                continue
        for item in items:
            yield EagerImport(line_number, item, certain)


def _statements(
    file: SourceFile, version: tuple[int, int]
) -> Iterator[tuple[int, tuple[Named, ...], Clause | None, bool]]:
    """Yield the statements that run: line, items, the clause around them, whether they are certain to run."""
    code = file.code
    judge = Judge(file.special_names, (version,))
    line_number, at = 1, 0
    for found in _STATEMENT.finditer(code):
        line_number += code.count("\n", at, found.start())
        at = found.start()
        clause = file.clause_around(line_number) if found[1] else None
        kind, tags = judge.kind_and_tags(clause, lazy=False)
        if kind is not Kind.EAGER:
            continue
        module = file.module
        for node in file.imports_on(line_number):
            items = named_by(node, module.name, is_package=module.is_package)
            yield line_number, items, clause, Tag.CONDITIONAL not in tags


def _first(clause: Clause) -> Clause:
    """Return the first clause of a compound statement."""
    while clause.previous is not None:
        clause = clause.previous
    return clause
