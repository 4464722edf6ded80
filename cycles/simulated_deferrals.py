"""Try deferred imports of which only values tell whether they run on import: made in memory, and simulated.

What follows values of all kinds at once tells neither the entries of a table apart nor the branches of a condition. The
simulation does, for the modules as they are. Nothing is executed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from cycles.enums import Verdict
from cycles.fixes.cut_fixes import Sources
from cycles.fixes.edits import RefusedError, apply, edits_of
from cycles.graph.components import reached, reached_by_imports
from cycles.limits import REPLAY_MODULES, TRIAL_STEPS, Steps
from cycles.model import Component, CutFix, Origin
from cycles.simulate.compile.module import Library, library_as_is
from cycles.simulate.simulate_first_imports import Prediction, Predictor
from cycles.simulate.vm.import_record import Record
from cycles.source.module_names import Pair


class Trials:
    """Trials of cuts of one analysis; each component has steps for as many, one for each module that may run."""

    def __init__(self, origin: Origin, read: Sources) -> None:
        """Nothing is tried yet."""
        self._origin, self._read = origin, read
        self._steps: dict[int, Steps] = defaultdict(lambda: Steps(TRIAL_STEPS))
        self._leading: dict[str, set[str]] = defaultdict(set)
        self._libraries: dict[bool, Library] = {}

    def holds(self, component: Component, pair: Pair, fix: CutFix) -> bool:
        """Whether every module that leads to a cut can be imported first with it made, and no deferred import runs.

        That is in all supported releases of Python, on all platforms, and whatever libraries of which nothing is known
        do with what they are given. False also where there are no steps left.
        """
        tried = self._simulated(component, {pair: fix}, self._leading_to(pair[0]), anywhere=True)
        if tried is None:
            return False
        found, record = tried
        return all(one.entry.verdict is Verdict.OK for one in found) and pair not in _run(record, component, sure=False)

    def running(self, component: Component, fixes: Mapping[Pair, CutFix]) -> Collection[Pair]:
        """The cuts of a component whose deferred imports are sure to run on import where all these fixes are made.

        No one is found where there are no steps left, or more modules would run than in a replay.
        """
        entries = {name for name in component.modules if name in self._origin.sources.modules}
        tried = self._simulated(component, fixes, entries, anywhere=False)
        return sorted(_run(tried[1], component, sure=True).intersection(fixes)) if tried else ()

    def _simulated(
        self, component: Component, fixes: Mapping[Pair, CutFix], entries: Collection[str], *, anywhere: bool
    ) -> tuple[Sequence[Prediction], Record] | None:
        """Import modules first with fixes made, as far as there are edits that make them; None without steps for it."""
        sources = self._origin.sources
        entries = sorted(name for name in entries if name.rpartition(".")[2] != "__main__")
        most = len(reached_by_imports(self._origin.mentions, sources.modules, entries))
        steps = self._steps[component.number]
        if most > min(steps.left, REPLAY_MODULES):
            return None
        steps.take(most)
        texts: dict[str, str] = {}
        for importer, group in groupby(sorted(fixes.items()), key=lambda item: item[0][0]):
            try:
                edits = edits_of([fix for _, fix in group], self._read.modules, self._read.project)
            except RefusedError:
                continue
            texts[importer] = apply(sources.file(importer).text, edits)
        if not texts:
            return None
        if anywhere not in self._libraries:
            known = library_as_is(sources, self._origin.compiled, self._origin.project)
            if anywhere:
                known = Library(sources, known.compiled, known.project, known.version, anywhere=True)
            self._libraries[anywhere] = known
        record = Record()
        # What is read of modules that are not edited serves all trials.
        library = self._libraries[anywhere].edited(sources.replace_texts(texts), list(texts))
        predictor = Predictor(library, record=record)
        # Where only a record is wanted, what crashes for certain does not matter; finding it takes as long again.
        found = predictor.predict(entries, settled=anywhere)
        predictor.forget()
        return found, record

    def _leading_to(self, module: str) -> set[str]:
        """The modules that lead to a module by imports of any kind, with it: while one of them runs, that may run."""
        if not self._leading:
            for mention in self._origin.mentions:
                self._leading[mention.imported].add(mention.importer)
            for name in self._origin.sources.modules:
                self._leading[name.rpartition(".")[0]].add(name)
        return reached(self._leading, [module]) & self._origin.sources.modules.keys()


def _run(record: Record, component: Component, *, sure: bool) -> set[Pair]:
    """What imports in functions imported, by importer, while modules of a component ran: all, or what is sure."""
    return {
        (one.importer, one.imported)
        for one, certain in record.executed.items()
        if one.function and one.runner in component.modules and (certain or not sure)
    }
