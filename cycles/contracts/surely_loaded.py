"""What importing modules loads for sure, by the graph that import-linter built: eager imports only, with their ways.

That graph knows where each import is. How it takes effect is judged by the source, which is read, never imported;
an import without a line counts as one that runs.
"""

import ast
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grimp import ImportGraph

from cycles.contracts.project_linter_graph import folders_of, judged_imports, read_files
from cycles.enums import Kind
from cycles.source.file_text import UnreadableError
from cycles.source.import_kinds import runs_on_import
from cycles.source.module_files import Files
from cycles.source.module_names import Pair, inside, packages_on_the_way
from cycles.source.source_file import SourceCache


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """A module loads another: by an import of what is named, on a line, 0 where that is not known."""

    importer: str
    loaded: str
    named: str
    line_number: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What importing some entries loads.

    `first` says for each module by which step it was reached first, None for an entry, so that the way back is a
    shortest one; `forbidden` are all steps that load something forbidden, in the order in which they were found.
    """

    first: Mapping[str, Step | None]
    forbidden: tuple[Step, ...]

    def way(self, step: Step) -> tuple[Step, ...]:
        """Return a shortest way from an entry that ends with a step."""
        steps = [step]
        while (before := self.first[steps[-1].importer]) is not None:
            steps.append(before)
        return tuple(reversed(steps))


def loaded_by(
    graph: ImportGraph,
    entries: Sequence[str],
    forbidden: Collection[str],
    roots: Sequence[str],
    allowed: Collection[Pair] = (),
    called: Collection[tuple[str, str]] = (),
) -> Loaded:
    """Return what importing the entries loads; nothing behind what is forbidden is looked at. O(imports reached).

    Args:
        graph: what import-linter built of the roots, with external packages.
        entries: modules in it.
        forbidden: names of modules; what lies inside one is forbidden too.
        roots: the packages that the graph was built of.
        allowed: imports that do not count.
        called: functions that are called then, by module and dotted name: what stands in them counts too.

    """
    sources, files = read_files(graph, roots, entries[0])
    running = {module: [name for owner, name in called if owner == module] for module, _ in called}
    excepted = frozenset(allowed)
    ordered = [name for entry in entries for name in (*packages_on_the_way("", entry), entry) if name in graph.modules]
    first: dict[str, Step | None] = dict.fromkeys(ordered)
    found: list[Step] = []
    waiting = deque(first)
    while waiting:
        importer = waiting.popleft()
        lines = _lines_of(sources, importer, running.get(importer, ()))
        for step in _steps(graph, importer, excepted, sources, files, lines):
            if any(inside(step.loaded, name) for name in forbidden):
                found.append(step)
            elif step.loaded not in first:
                first[step.loaded] = step
                waiting.append(step.loaded)
    return Loaded(first, tuple(dict.fromkeys(found)))


def started_by_django(settings: str, roots: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the modules of the roots that `django.setup()` imports, and what it calls of them, by module and name.

    Raises CyclesError where no root has these settings.
    """
    from cycles.startup.django import django_entry  # noqa: PLC0415  only where a contract asks for it
    from cycles.startup.installed_distributions import Environment  # noqa: PLC0415

    folders = [folder.parents[root.count(".")] for root in roots for folder in folders_of(root)]
    entry = django_entry(settings, Environment(folders))
    own = [named for named in entry.named if any(inside(named.module, root) for root in roots)]
    modules = dict.fromkeys([settings, *(named.module for named in own)])
    return tuple(modules), tuple((named.module, named.call) for named in own if named.call)


def _lines_of(sources: SourceCache, module: str, functions: Collection[str]) -> frozenset[int]:
    """Return the lines of some functions of a module, by their dotted names."""
    if not functions or module not in sources.modules:
        return frozenset()
    try:
        waiting: list[tuple[str, ast.stmt]] = [("", node) for node in sources.file(module).tree.body]
    except UnreadableError:
        return frozenset()
    lines: set[int] = set()
    while waiting:
        owner, node = waiting.pop()
        if isinstance(node, ast.ClassDef):
            waiting += [(f"{owner}{node.name}.", inner) for inner in node.body]
        elif isinstance(node, ast.FunctionDef) and f"{owner}{node.name}" in functions:
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(lines)


def _steps(
    graph: ImportGraph,
    importer: str,
    excepted: Collection[Pair],
    sources: SourceCache,
    files: Files,
    lines: Collection[int] = (),
) -> Iterator[Step]:
    """Yield what the body of a module loads, by line and then by name; packages come before what lies in them.

    What functions import counts on some `lines`.
    """
    if graph.is_module_squashed(importer):
        return
    pairs = {(importer, imported) for imported in graph.find_modules_directly_imported_by(importer)}
    found = [
        (one.line_number, one.imported)
        for one in judged_imports(graph, sorted(pairs.difference(excepted)), sources, files)
        if runs_on_import(one) or (one.kind is Kind.DEFERRED and one.line_number in lines)
    ]
    for line_number, imported in sorted(found):
        around = (package for package in packages_on_the_way(importer, imported) if package in sources.modules)
        for loaded in (*around, imported):
            yield Step(importer, loaded, imported, line_number)
