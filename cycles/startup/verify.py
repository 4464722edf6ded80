"""Really import ENTRY with the edits of a plan made in memory, and say what became of it: what is gone, time, failures.

Nothing is written. Times are compared between runs that take turns, so that a busy machine disturbs all alike; runs
without edits, whose modules are loaded in the same way as edited ones, and runs as they are without any of this, show
by how much runs of the same differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from cycles.children.run_python import Interpreter
from cycles.children.startup_runs import Children, ImportRun
from cycles.limits import MEASURED_RUNS
from cycles.processes import temporary_folder
from cycles.source.text_bindings import forget_texts
from cycles.startup.loaded_graph import Ground
from cycles.startup.measured_costs import OWN, STANDARD_LIBRARY, Measurement, start_of
from cycles.startup.measurement_values import Cost, Verification
from cycles.startup.simulated_trial import made
from cycles.startup.startup_values import StartupPlan

_SURE = 1.5
"""Ten pairs of halves are compared: of equals, an eleventh differs by more than all of these at times, and hardly ever
by half as much more."""
_Texts = Mapping[str, tuple[str, str]]


def verify(
    ground: Ground,
    measurement: Measurement,
    plan: StartupPlan,
    interpreter: Interpreter,
    progress: Callable[[str], None] = lambda _: None,
) -> Verification:
    """Import ENTRY with the edits of a plan, and without, several times each.

    Steps that no edit makes are left as they are: what they load is still loaded. Raises CyclesError where the
    interpreter cannot be started.
    """
    before, after = edited_texts(ground, plan)
    plain: list[ImportRun] = []
    unedited: list[ImportRun] = []
    edited: list[ImportRun] = []
    start = start_of(ground.entry)
    with temporary_folder() as folder:
        children = Children(start, interpreter, folder)
        # The first run reads other modules than before, whose byte code is not there yet.
        progress(f"importing {start.name} with the edits")
        first = children.run(after)
        for number in range(MEASURED_RUNS if first.complete else 0):
            progress(f"importing {start.name} without and with the edits, {number + 1} of {MEASURED_RUNS}")
            plain.append(children.run())
            unedited.append(children.run(before))
            edited.append(children.run(after))
    forget_texts()
    skipped = len(made(ground, plan.steps).skipped)
    found = _verification(measurement, plan, (plain, unedited, edited or [first]), after)
    return replace(found, skipped=skipped)


def edited_texts(ground: Ground, plan: StartupPlan) -> tuple[_Texts, _Texts]:
    """Return the files of the modules that a plan edits, with their texts as they are, and with the edits made."""
    sources = made(ground, plan.steps).sources
    modules = sorted({edit.module for step in plan.steps for edit in step.edits})
    files = [(name, ground.sources.file(name), sources.file(name)) for name in modules]
    changed = [(name, old, new) for name, old, new in files if old.text != new.text]
    return (
        {name: (old.module.path, old.text) for name, old, _ in changed},
        {name: (new.module.path, new.text) for name, _, new in changed},
    )


def _verification(
    measurement: Measurement,
    plan: StartupPlan,
    runs: tuple[Sequence[ImportRun], Sequence[ImportRun], Sequence[ImportRun]],
    texts: _Texts,
) -> Verification:
    """Say what became of a plan, by runs as they are, runs that load modules as edited ones, and edited ones."""
    plain, unedited, edited = runs
    failed = next((run.entry for run in edited if not run.complete), None)
    belongs = measurement.belongs
    now = {module.name: module for module in edited[-1].modules if module.there}
    left = {belongs[name] for name in now if name in belongs}
    loaded_before = {belongs[name] for name in measurement.there}
    still: dict[str, str] = {}
    for name, module in now.items():
        if belongs.get(name) in plan.without:
            still.setdefault(belongs[name], module.parent)
    cut = [(step.statement.importer, step.statement.line_number) for step in plan.steps]
    predicted = measurement.graph.saved(measurement.graph.without_statements(cut))
    # The least of several runs is taken module by module, so the sum of them is less than any run took.
    whole = measurement.graph.cost(measurement.graph.costs).nanoseconds
    bases = list(unedited) or list(plain)
    return Verification(
        before=_least(bases) if bases else measurement.found.total,
        after=_least(edited),
        predicted=predicted,
        foreseen=predicted.nanoseconds / max(1, whole),
        noise=_SURE * noise_of([*plain, *unedited]),
        gone=tuple(sorted(loaded_before - left - {OWN, STANDARD_LIBRARY})) if failed is None else (),
        still=tuple(sorted(still.items())),
        modules_gone=len(measurement.there - now.keys()) if failed is None else 0,
        edited=len(texts),
        untouched=tuple(sorted(texts.keys() - set(edited[-1].edited))) if failed is None else (),
        failure=failed,
    )


def undisturbed(runs: Sequence[ImportRun]) -> int:
    """Return what a run would take if nothing disturbed it: each module, and the rest, the least that it took.

    Another process slows down whole seconds of a run, and hardly ever the same module each time. On a busy machine two
    sets of three runs differ by 2 % so, and their quickest runs by 10 %.
    """
    taken = [{module.name: module.nanoseconds for module in run.modules} for run in runs]
    names = dict.fromkeys(name for each in taken for name in each)
    rest = min(run.nanoseconds - sum(each.values()) for run, each in zip(runs, taken, strict=True))
    return rest + sum(min(each.get(name, 0) for each in taken) for name in names)


def _least(runs: Sequence[ImportRun]) -> Cost:
    quickest = min(runs, key=lambda run: run.nanoseconds)
    return Cost(undisturbed(runs), quickest.kilobytes)


def noise_of(runs: Sequence[ImportRun]) -> float:
    """Return by what share two halves of runs of the same differ at most."""
    noise = 0.0
    for half in combinations(range(len(runs)), len(runs) // 2) if len(runs) > 1 else ():
        rest = [run for number, run in enumerate(runs) if number not in half]
        times = undisturbed([runs[number] for number in half]), undisturbed(rest)
        noise = max(noise, max(times) / max(1, min(times)) - 1)
    return noise
