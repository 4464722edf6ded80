"""Find what somebody's words mean in an analysis: a module, an import, or the cycle behind a traceback."""

import difflib
import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from cycles.errors import CyclesError
from cycles.graph.components import shortest_path
from cycles.model import Analysis, Component, Dependency, Graph, ImportLink
from cycles.read_traceback import BEGIN, BODY, Traceback, module_asked
from cycles.source.file_text import relative_path
from cycles.source.module_names import inside, matching

_PLACE = re.compile(r"(?P<path>.+\.py):(?P<line>\d+)(?::\d+)?")
_SHOWN_ALIKE = 4


def place_in(words: str) -> tuple[str, int] | None:
    """Return path and line of `FILE:LINE`; None where words are something else.

    >>> place_in("shop/app.py:3"), place_in("shop.app")
    (('shop/app.py', 3), None)
    """
    found = _PLACE.fullmatch(words)
    return (found["path"], int(found["line"])) if found else None


def module_named(analysis: Analysis, words: str, folder: Path) -> str:
    """Return the module that words mean: its name, the end of its name as reports print it, or its file.

    Args:
        analysis: where the module is looked for.
        words: a dotted name, whole or its last parts, or a path.
        folder: what paths are relative to.

    Raises:
        CyclesError: where no module or more than one is meant.

    """
    names = [module.name for module in analysis.files]
    if words in names:
        return words
    if os.sep in words or "/" in words or words.endswith(".py"):
        return _module_of(analysis, words, folder)
    # Reports leave out what the modules of a component share: those are meant before others.
    members = {module for component in analysis.components for module in component.modules}
    whole = whole_name(words, names, members, analysis.named)
    if whole in names:
        return whole
    where = " or ".join(analysis.packages)
    alike = spelled_alike(words, names)
    hint = f"did you mean {alike}?" if alike else f"`cycles scc {analysis.package}` lists those on cycles"
    raise CyclesError(f'no module "{words}" in {where}; {hint}')


def spelled_alike(words: str, modules: Iterable[str]) -> str | None:
    """Return the module whose name, or the end of it with as many parts, is most like some words; None where none is.

    Where the words name a package with a module in it, only what they say of the module counts.

    >>> spelled_alike("custmers", ["shop.customers", "shop.orders"])
    'shop.customers'
    >>> spelled_alike("shop.nope", ["shop.customers", "shop.orders"])
    """
    modules = sorted(modules)
    package, _, last = words.rpartition(".")
    inner = {module.rpartition(".")[2]: module for module in modules if module.rpartition(".")[0] == package}
    if package and inner:
        return next((inner[name] for name in difflib.get_close_matches(last, sorted(inner), n=1)), None)
    parts = words.count(".") + 1
    by_end = {".".join(module.split(".")[-parts:]): module for module in reversed(modules)}
    found = difflib.get_close_matches(words, sorted(by_end), n=1)
    return by_end[found[0]] if found else None


def cuts_meant(
    components: Iterable[Component], pair: tuple[str, str], *, may_be_short: bool
) -> tuple[tuple[str, str], ...]:
    """Return the cuts that a pair of modules or module expressions means, as pairs of whole names.

    That is the pair itself where it matches cuts, or nothing; else all causes of the dependency between two modules.
    Names that `may_be_short` are whole ones or their ends, as reports print them.

    Raises:
        CyclesError: where a short name may be more than one module.

    """
    components = list(components)
    cuts = sorted({cut for component in components for cut in component.statements()})
    if matching(cuts, pair):
        return (pair,)
    whole = pair
    if may_be_short:
        members = {module for component in components for module in component.modules}
        known = sorted(members.union(*cuts))
        packages = {package for component in components if component.origin for package in component.origin.named}
        importer, imported = (whole_name(words, known, members, packages) for words in pair)
        whole = (importer, imported)
    if matching(cuts, whole):
        return (whole,)
    causes = {
        found.pair
        for component in components
        for edge in component.dependencies
        if edge.pair == whole
        for found in edge.imports
    }
    return tuple(sorted(causes)) or (pair,)


def whole_name(words: str, known: Sequence[str], members: Collection[str], packages: Iterable[str] = ()) -> str:
    """Return the module or group whose name, or the end of it, is meant; the words themselves where they are none.

    Raises CyclesError where they may be several: of these, the one that the words name in one of the `packages` is
    meant before others, and `members` of components before others.
    """
    if not words or words in known:
        return words
    exact = {f"{package}.{words}" for package in packages}.intersection(known)
    if len(exact) == 1:
        return exact.pop()
    ends = [name for name in known if name.endswith(f".{words}")]
    likely = [name for name in ends if name in members] or ends
    if len(likely) > 1:
        some = ", ".join(likely[:_SHOWN_ALIKE]) + (", …" if len(likely) > _SHOWN_ALIKE else "")
        raise CyclesError(f'"{words}" may be {some}; give more of its name')
    return likely[0] if likely else words


def import_at(analysis: Analysis, path: str, line_number: int, folder: Path) -> tuple[str, str]:
    """Return importer and imported of the import statement on a line of a file; of several modules, one on a cycle.

    Raises:
        CyclesError: where the file is not a module of the analysis, or no import of its modules is there.

    """
    importer = _module_of(analysis, path, folder)
    lines = sorted({found.line_number for found in analysis.mentions if found.importer == importer})
    begins = max((line for line in lines if line <= line_number), default=0)
    there = [found.imported for found in analysis.mentions if (found.importer, found.line_number) == (importer, begins)]
    ends = analysis.sources.file(importer).last_line_of_import(begins) if there else 0
    if line_number > ends:
        near = f"; the imports there are on lines {', '.join(map(str, lines[:8]))}" if lines else ""
        raise CyclesError(f"{path}:{line_number} imports no module of {' or '.join(analysis.packages)}{near}")
    pairs = {pair for component in analysis.components for pair in component.statements()}
    return importer, min(there, key=lambda imported: ((importer, imported) not in pairs, imported))


_OF_NO_CYCLE = ("ModuleNotFoundError", "SyntaxError", "IndentationError", "TabError")
"""Errors that no order of imports causes."""


def import_chain(graph: Graph, importer: str, imported: str) -> tuple[Dependency, ...]:
    """Return a shortest chain of dependencies from one module to another, or from one back to itself: a cycle.

    Of several, the first by the names on the way; empty where there is none.
    """
    following: dict[str, dict[str, Dependency]] = defaultdict(dict)
    for dependency in graph.dependencies:
        following[dependency.importer][dependency.imported] = dependency
    # Nothing leads to the "" that stands for where it starts: a way back to there counts its steps.
    path = shortest_path(lambda node: following[node or importer], "", imported)
    return tuple(following[tail or importer][head] for tail, head in pairwise(path))


def imports_under_way(analysis: Analysis, traceback: Traceback) -> tuple[ImportLink, ...]:
    """Return the imports that close the cycle behind a traceback, from the module that is asked too early on.

    The last frame of the analysed code asks something of a module whose body runs further up. What lies in between, by
    the frames in which module bodies run, is a cycle.

    Raises:
        CyclesError: where no module body of the analysed packages is asked before it has ended.

    """
    suffixes = _suffixes(analysis)
    paths = {file.name: relative_path(file.path, Path(analysis.project)) for file in analysis.files}
    bodies: list[str] = []
    above: tuple[str, int] | None = None
    links: list[ImportLink] = []
    for path, line_number, code in traceback.frames:
        module = _named_by_suffix(path, suffixes)
        if module is None:
            continue
        if code == BODY and module not in bodies:
            if above is not None:
                links.append(ImportLink(above[0], module, paths[above[0]], above[1]))
            bodies.append(module)
        above = (module, line_number)
    if above is None:
        raise CyclesError(
            f"no module of {' or '.join(analysis.packages)} is in the traceback; name the package with --package"
        )
    asked = _asked(traceback.error, bodies, analysis, above)
    if asked is None:
        raise CyclesError(_why_no_cycle(traceback, analysis))
    start = next((number for number, link in enumerate(links) if link.importer == asked), len(links))
    return (*links[start:], ImportLink(above[0], asked, paths[above[0]], above[1]))


def _why_no_cycle(traceback: Traceback, analysis: Analysis) -> str:
    """Say why no module is asked too early: the import that is under way may not be in the traceback."""
    error = traceback.error
    asked = module_asked(error)
    foreign = asked is not None and not analysis.holds(asked)
    if foreign:
        return f"the cycle is not in {' or '.join(analysis.packages)} ({error}); name the package with --package"
    if asked or not traceback.is_whole:
        return f"the traceback is cut off ({error}); paste it from `{BEGIN}` to the error"
    what = f"no module is asked for something too early in this traceback ({error})"
    if error.startswith(_OF_NO_CYCLE):
        return f"{what}: it is not an import cycle"
    # What a module imports lazily, or leaves undone, it may lack because another is still being imported.
    return f"{what}: whether an import cycle is behind it is not known; `cycles entries` predicts which modules crash"


def _asked(error: str, bodies: Sequence[str], analysis: Analysis, last: tuple[str, int]) -> str | None:
    """Return the module under way that the failing line needs: the error names it, or an import on that line does."""
    named: list[str] = re.findall(r"'([\w.]+)'", error)
    for name in (module_asked(error), *reversed(named)):
        if name in bodies:
            return name
    there = {found.imported for found in analysis.mentions if (found.importer, found.line_number) == last}
    for body in reversed(bodies):
        if body != last[0] and any(inside(imported, body) for imported in there):
            return body
    return None


def _module_of(analysis: Analysis, path: str, folder: Path) -> str:
    """Return the module of a file or package folder."""
    by_path = {os.path.abspath(module.path): module.name for module in analysis.files}
    # From where somebody stands; or as reports print it, from the folder of the project.
    for wanted in (os.path.abspath(folder / path), os.path.abspath(os.path.join(analysis.project, path))):
        for file in (wanted, os.path.join(wanted, "__init__.py")):
            if file in by_path:
                return by_path[file]
    found = _named_by_suffix(path, _suffixes(analysis))
    if found is None:
        raise CyclesError(f'"{path}" is not a module of {" or ".join(analysis.packages)}; name a file of it')
    return found


def _suffixes(analysis: Analysis) -> dict[str, str]:
    """Return each module by how its path ends, on any machine."""
    ends = (".py", "/__init__.py")
    return {file.name.replace(".", "/") + ends[file.is_package]: file.name for file in analysis.files}


def _named_by_suffix(path: str, suffixes: dict[str, str]) -> str | None:
    """Return the module with the longest name that a path ends with."""
    parts = path.replace("\\", "/").split("/")
    for start in range(len(parts)):
        if (module := suffixes.get("/".join(parts[start:]))) is not None:
            return module
    return None


def component_behind(analysis: Analysis, error: str) -> Component:
    """Return the component of the module that an error is about.

    Raises:
        CyclesError: where that is not a module of the analysed packages, or on no cycle.

    """
    asked = module_asked(error) or ""
    for component in analysis.components:
        if asked in component.modules:
            return component
    if not analysis.holds(asked):
        raise CyclesError(
            f"the cycle is not in {' or '.join(analysis.packages)} ({error}); name the package with --package"
        )
    raise CyclesError(
        f"{asked} is on no cycle of {analysis.graph_name} ({error}); paste the whole traceback, or add --root"
    )


def top_level_packages(traceback: Traceback, folders: Iterable[Path]) -> Collection[str]:
    """Return the packages in some folders that the frames of a traceback lie in, the innermost frame's first.

    Without frames it is the package of the module that the error names.
    """
    found: dict[str, None] = {}
    asked = "" if traceback.frames else (module_asked(traceback.error) or "").partition(".")[0]
    if asked and any(os.path.isdir(Path(folder, asked)) for folder in folders):
        found[asked] = None
    for path, _, _ in reversed(traceback.frames):
        parts = path.replace("\\", "/").split("/")
        for start in range(len(parts) - 1):
            if any(os.path.isfile(Path(folder, *parts[start:])) for folder in folders):
                found[parts[start]] = None
                break
    return list(found)
