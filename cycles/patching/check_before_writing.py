"""Check what steps made of the files before anything is written: compiled, analysed again, first imports predicted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from cycles.enums import Verdict
from cycles.graph.components import reached_by_imports
from cycles.limits import FIX_MODULES
from cycles.make_analysis import analyze_edited, bare_components
from cycles.model import Analysis, Component, CutPlan, FirstImport
from cycles.patching.fix_result import Checks, FixStep, Place
from cycles.patching.steps import Workbench
from cycles.simulated_plan import predicted
from cycles.source.file_text import decode, refusal_to_compile


def check(
    bench: Workbench,
    plan: CutPlan,
    steps: Iterable[FixStep],
    *,
    original: Analysis | None = None,
    everything: bool = False,
) -> Checks:
    """Return what is left on cycles with the made steps, and which first imports are predicted to fail newly.

    First imports are predicted where no more modules would run than the budget allows, or `everything` is wanted.
    `original` are the modules before definitions were moved.
    """
    made = [step for step in steps if step.is_made]
    analysis, component = bench.analysis, plan.component
    texts = {step.cut.importer: decode(step.after) for step in made}
    edited = analyze_edited(analysis, texts)
    for module in texts:
        error = refusal_to_compile(edited.sources.file(module).tree)
        if error is not None:
            raise error
    graph = component.origin.graph_name if component.origin else analysis.graph_name
    # All packages: what is left of the component may lie outside of those that were asked for.
    groups = bare_components(edited, graph, analysis.packages)
    found = _left([group.modules for group in groups], component.modules)
    if made:
        members = modules_of(analysis, component)
        found = _with_first_imports(found, original or analysis, edited, members, everything=everything)
    return replace(found, untidy=tuple(_untidy(bench, made)))


def modules_of(analysis: Analysis, component: Component) -> tuple[str, ...]:
    """Return the modules of a component, sorted; of a component of groups, those whose imports link them."""
    if analysis.by is None:
        return component.modules
    imports = component.statements()
    there = analysis.sources.modules
    return tuple(sorted({module for pair in imports for module in pair if module in there}))


def check_moved(original: Analysis, moved: Analysis, members: Collection[str], *, everything: bool = False) -> Checks:
    """Return what is left on cycles of some modules once definitions are moved, and which first imports fail newly."""
    found = _left([component.modules for component in moved.components], members)
    return _with_first_imports(found, original, moved, sorted(members), everything=everything)


def _left(components: Iterable[Collection[str]], members: Collection[str]) -> Checks:
    """What is left on cycles with any of some modules."""
    inside = frozenset(members)
    sizes = [len(modules) for modules in components if not inside.isdisjoint(modules)]
    return Checks(modules=sum(sizes), largest=max(sizes, default=0))


def _with_first_imports(
    checks: Checks, before: Analysis, after: Analysis, members: Sequence[str], *, everything: bool
) -> Checks:
    """Predict first imports before and after; some modules may be new."""
    entries = [name for name in members if name.rpartition(".")[2] != "__main__"]
    if not everything and len(reached_by_imports(before.mentions, before.sources.modules, entries)) > FIX_MODULES:
        return checks
    there = [name for name in entries if name in before.sources.modules]
    was = {entry.module: entry for entry in predicted(before, before.sources, there)}
    now = {entry.module: entry for entry in predicted(before, after.sources, entries)}
    return replace(
        checks,
        simulated=len(entries),
        new=len(entries) - len(there),
        before=failing(was),
        after=failing(now),
        newly_failing=tuple(now[name] for name in entries if _fails_newly(was.get(name), now[name])),
    )


def failing(found: Mapping[str, FirstImport]) -> tuple[FirstImport, ...]:
    """Return the first imports, by module, that fail or of which nothing is known."""
    return tuple(entry for entry in found.values() if entry.verdict is not Verdict.OK)


def _fails_newly(before: FirstImport | None, after: FirstImport) -> bool:
    worked = before is None or before.verdict is Verdict.OK
    return worked and after.verdict in (Verdict.CRASH, Verdict.OTHER)


def _untidy(bench: Workbench, made: Sequence[FixStep]) -> Iterable[tuple[Place, str]]:
    first: dict[str, bytes] = {}
    last: dict[str, FixStep] = {}
    for step in made:
        first.setdefault(step.path, step.before)
        last[step.path] = step
    for path, step in sorted(last.items()):
        real = bench.analysis.sources.modules[step.cut.importer].path
        for found in bench.tidy.new_findings(real, first[path], step.after):
            yield Place(path, found.line_number), found.code
