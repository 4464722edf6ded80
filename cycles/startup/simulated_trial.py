"""Make the edits of a plan in memory, and simulate again: what is still loaded, and what fails that did not?"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cycles.enums import Verdict
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import RefusedError, apply, edits_of
from cycles.limits import REPLAY_MODULES, STARTUP_BLAMED
from cycles.model import FirstImport
from cycles.simulate.simulate_first_imports import Predictor, predict
from cycles.startup.loaded_graph import Edited, Ground, Loaded, library_of, load
from cycles.startup.startup_values import StartupPlan, StartupReplay, StartupStep
from cycles.startup.statement_costs import origin_of
from cycles.startup.statement_cut import Place


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a plan, and what ENTRY loads then."""

    replay: StartupReplay
    loaded: Loaded


def try_out(ground: Ground, before: Loaded, plan: StartupPlan, without: Collection[str]) -> Trial:
    """Simulate ENTRY and the modules that a plan touches, with its steps made.

    Steps that take a change of code are simulated as if the names that they take were there without an import.
    """
    edited = made(ground, plan.steps)
    loaded = load(ground, edited)
    still = {module.distribution for module in loaded.modules if module.distribution in without}
    entries = _affected(ground, plan)
    failing: list[FirstImport] = []
    if loaded.failure and not before.failure:
        failing.append(loaded.failure)
    failing += _newly_failing(ground, edited, entries)
    blamed = _blamed(ground, plan) if loaded.failure and not before.failure else ()
    replay = StartupReplay(
        still=tuple(sorted(still)),
        simulated=len(entries) + 1,
        failing=tuple(failing),
        taken_out=sum(not step.edits for step in plan.steps),
        blamed=blamed,
    )
    return Trial(replay, loaded)


def made(ground: Ground, steps: Sequence[StartupStep]) -> Edited:
    """Return the modules with the edits of steps made, and the statements of all that no edit makes.

    In a module with such a one none is edited: their lines would move.
    """
    texts: dict[str, str] = {}
    skipped: set[Place] = set()
    by_importer: dict[str, list[StartupStep]] = defaultdict(list)
    for step in steps:
        by_importer[step.statement.importer].append(step)
    for importer, several in sorted(by_importer.items()):
        text = _edited(ground, importer, several)
        if text is None:
            skipped.update((importer, step.statement.line_number) for step in several)
        else:
            texts[importer] = text
    sources = ground.sources.replace_texts(texts) if texts else ground.sources
    return Edited(sources, frozenset(texts), frozenset(skipped))


def _edited(ground: Ground, module: str, steps: Sequence[StartupStep]) -> str | None:
    """Return the text of a module with all steps made in it together; None where edits do not make all of them."""
    if not all(step.edits for step in steps):
        return None
    read = sources_of(origin_of(ground))
    try:
        edits = edits_of((step.fix for step in steps), read.modules, read.project)
    except RefusedError:
        return None
    return apply(ground.sources.file(module).text, edits)


def _affected(ground: Ground, plan: StartupPlan) -> list[str]:
    """Return the own modules whose first import a plan may change: those it edits, and those on the same cycles."""
    touched = {step.statement.importer for step in plan.steps}
    numbers = {step.component for step in plan.steps} - {None}
    for component in ground.analysis.components:
        if component.number in numbers and len(component.modules) <= REPLAY_MODULES:
            touched.update(component.modules)
    for step in plan.steps:
        touched.update(name for name in step.statement.imports if name in ground.analysis.sources.modules)
    return sorted(name for name in touched if name.rpartition(".")[2] != "__main__")


def _newly_failing(ground: Ground, edited: Edited, entries: Sequence[str]) -> list[FirstImport]:
    """Return the modules that can be imported first as they are, and not with the plan made."""
    # Only what fails for sure is asked for: whether a possible crash ever happens makes no difference.
    now = [found.entry for found in predict(library_of(ground, edited), entries, settled=False)]
    bad = [found.module for found in now if found.verdict in (Verdict.CRASH, Verdict.OTHER)]
    before = predict(library_of(ground), bad) if bad else ()
    fine = {found.entry.module for found in before if found.entry.verdict is Verdict.OK}
    return [found for found in now if found.module in fine]


def _blamed(ground: Ground, plan: StartupPlan) -> tuple[int, ...]:
    """Return the steps of which each, left out alone, keeps ENTRY from failing; none where that takes too long."""
    if len(plan.steps) > STARTUP_BLAMED:
        return ()
    found: list[int] = []
    for number in range(1, len(plan.steps) + 1):
        rest = [step for place, step in enumerate(plan.steps, 1) if place != number]
        if failure_of(ground, made(ground, rest)) is None:
            found.append(number)
    return tuple(found)


def failure_of(ground: Ground, edited: Edited) -> FirstImport | None:
    """Return what becomes of ENTRY with edits made, where it fails."""
    predictor = Predictor(library_of(ground, edited))
    predictions, _ = predictor.recorded([ground.entry.module])
    predictor.forget()
    failure = predictions[0].entry
    return failure if failure.verdict in (Verdict.CRASH, Verdict.OTHER) else None


def unmasked(ground: Ground, place: Place) -> FirstImport | None:
    """Return how ENTRY fails where one statement imports nothing; None where it does not."""
    return failure_of(ground, Edited(ground.sources, skipped=frozenset({place})))
