"""Check what steps made of the files before anything is written: compiled, analysed again, first imports predicted."""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.enums import GraphName, Verdict
from cycles.graph.build import dependencies_of
from cycles.graph.components import possibly_cyclic_imports, strongly_connected
from cycles.limits import FIX_MODULES
from cycles.model import Analysis, CutPlan, FirstImport
from cycles.patching.steps import Workbench
from cycles.patching.values import Checks, FixStep, Place
from cycles.replay import modules_reached
from cycles.simulate.prediction import Library, Predictor
from cycles.source.classify import judge_mentions
from cycles.source.module import SourceCache
from cycles.source.reading import read_again
from cycles.source.text import decode, refusal_to_compile


@dataclass(frozen=True, slots=True)
class Edited:
    """The modules of an analysis with the edited texts."""

    analysis: Analysis
    texts: Mapping[str, str]

    @property
    def sources(self) -> SourceCache:
        """The files with the edited texts."""
        return self.analysis.sources.replace_texts(self.texts)

    def component_sizes(self, graph: GraphName, members: Collection[str]) -> list[int]:
        """Return the sizes of the components that hold any of some modules, found from the texts anew."""
        sources, compiled = self.sources, frozenset(self.analysis.compiled)
        mentions = read_again(self.analysis.mentions, sources, self.texts.keys())
        pairs = {(found.importer, found.imported) for found in mentions}
        possible = set(possibly_cyclic_imports(pairs, sources.modules))
        closing = [found for found in mentions if (found.importer, found.imported) in possible]
        made = dependencies_of(graph, judge_mentions(closing, sources, compiled), sources.modules)
        found = strongly_connected((importer, imported) for importer, imported, _ in made)
        inside = frozenset(members)
        return [len(modules) for modules in found if not inside.isdisjoint(modules)]

    def first_imports(self, entries: Sequence[str]) -> dict[str, FirstImport]:
        """Predict what becomes of some modules as first imports."""
        return predicted(self.analysis, self.sources, entries)


def predicted(analysis: Analysis, sources: SourceCache, entries: Sequence[str]) -> dict[str, FirstImport]:
    """Predict what becomes of some modules as first imports, from these texts."""
    predictor = Predictor(Library(sources, analysis.compiled, analysis.project, sys.version_info[:2]))
    found = {prediction.entry.module: prediction.entry for prediction in predictor.predict(entries)}
    predictor.forget()
    return found


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
    edited = Edited(analysis, texts)
    for module in texts:
        error = refusal_to_compile(edited.sources.file(module).tree)
        if error is not None:
            raise error
    graph = component.origin.graph_name if component.origin else analysis.graph_name
    sizes = edited.component_sizes(graph, component.modules)
    entries = [name for name in component.modules if name.rpartition(".")[2] != "__main__"]
    simulated, failing, crashes = None, list[FirstImport](), (0, 0)
    if made and (everything or len(modules_reached(analysis, entries)) <= FIX_MODULES):
        first = original or analysis
        before = predicted(first, first.sources, [name for name in entries if name in first.sources.modules])
        after = edited.first_imports(entries)
        simulated, crashes = len(entries), (_crashing(before), _crashing(after))
        failing = [after[name] for name in entries if _fails_newly(before.get(name), after[name])]
    return Checks(
        modules=sum(sizes),
        largest=max(sizes, default=0),
        simulated=simulated,
        crashed=crashes[0],
        crash=crashes[1],
        newly_failing=tuple(failing),
        untidy=tuple(_untidy(bench, made)),
    )


def check_moved(original: Analysis, moved: Analysis, members: Collection[str], *, everything: bool = False) -> Checks:
    """Return what is left on cycles of some modules once definitions are moved, and which first imports fail newly."""
    inside = frozenset(members)
    sizes = [len(found.modules) for found in moved.components if not inside.isdisjoint(found.modules)]
    entries = [name for name in sorted(members) if name.rpartition(".")[2] != "__main__"]
    simulated, failing, crashes = None, list[FirstImport](), (0, 0)
    if everything or len(modules_reached(original, entries)) <= FIX_MODULES:
        before, after = (predicted(found, found.sources, entries) for found in (original, moved))
        simulated, crashes = len(entries), (_crashing(before), _crashing(after))
        failing = [after[name] for name in entries if _fails_newly(before.get(name), after[name])]
    return Checks(sum(sizes), max(sizes, default=0), simulated, *crashes, newly_failing=tuple(failing))


def _crashing(found: Mapping[str, FirstImport]) -> int:
    return sum(entry.verdict is Verdict.CRASH for entry in found.values())


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
