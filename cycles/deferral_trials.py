"""Try deferred imports of which only values tell whether they run on import: made in memory, and simulated.

What follows values of all kinds at once tells neither the entries of a table apart nor the branches of a condition. The
simulation does, for the modules as they are. Nothing is executed.
"""

import sys
from collections import defaultdict

from cycles.enums import Verdict
from cycles.fixes.cut_fixes import Sources
from cycles.fixes.edits import RefusedError, apply, edits_of
from cycles.graph.components import reached, reached_by_imports
from cycles.limits import TRIAL_STEPS, Steps
from cycles.model import Component, CutFix, Origin
from cycles.simulate.prediction import Library, Predictor
from cycles.simulate.vm.record import Record
from cycles.source.names import Pair


class Trials:
    """Trials of cuts of one analysis, as many as there are steps for: one for each module that may run."""

    def __init__(self, origin: Origin, read: Sources) -> None:
        """Nothing is tried yet."""
        self._origin, self._read, self._steps = origin, read, Steps(TRIAL_STEPS)
        self._leading: dict[str, set[str]] = defaultdict(set)
        self._whole: Library | None = None

    def holds(self, component: Component, pair: Pair, fix: CutFix) -> bool:
        """Whether every module that leads to a cut can be imported first with it made, and no deferred import runs.

        That is in all supported releases of Python, on all platforms, and whatever libraries of which nothing is known
        do with what they are given. False also where there are no steps left.
        """
        importer = pair[0]
        entries = self._leading_to(importer)
        most = len(reached_by_imports(self._origin.mentions, self._origin.sources.modules, entries))
        if most > self._steps.left:
            return False
        self._steps.take(most)
        try:
            edits = edits_of([fix], self._read.modules, self._read.project)
        except RefusedError:
            return False
        sources = self._origin.sources
        edited = sources.replace_texts({importer: apply(sources.file(importer).text, edits)})
        record = Record()
        predictor = Predictor(self._library().edited(edited, [importer]), record=record)
        found = predictor.predict(sorted(entries))
        predictor.forget()
        return all(prediction.entry.verdict is Verdict.OK for prediction in found) and not any(
            (one.importer, one.imported) == pair and one.function and one.runner in component.modules
            for one in record.executed
        )

    def _library(self) -> Library:
        """The modules as they are: what is read of those that are not edited serves all trials."""
        if self._whole is None:
            origin = self._origin
            version = max(sys.version_info[:2], min(origin.sources.versions or ((0, 0),)))
            self._whole = Library(origin.sources, origin.compiled, origin.project, version, anywhere=True)
        return self._whole

    def _leading_to(self, module: str) -> set[str]:
        """The modules that lead to a module by imports of any kind, with it: while one of them runs, that may run."""
        if not self._leading:
            for mention in self._origin.mentions:
                self._leading[mention.imported].add(mention.importer)
            for name in self._origin.sources.modules:
                self._leading[name.rpartition(".")[0]].add(name)
        found = reached(self._leading, [module]) & self._origin.sources.modules.keys()
        return {name for name in found if name.rpartition(".")[2] != "__main__"}
