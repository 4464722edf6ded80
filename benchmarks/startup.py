"""Print how far `cycles startup` finds what real packages load, and what its plans save; into `benchmarks/STARTUP.md`.

Each entry is looked at without executing anything, and then really imported in an environment of its own, where
another hook than the product's says what is loaded. Plans are made in memory, and what they save is measured.
"""

import datetime as dt
import gc
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cycles.api import analyze
from cycles.children.run_python import Interpreter
from cycles.children.startup_runs import measure
from cycles.errors import CyclesError
from cycles.startup.distributions_held import report
from cycles.startup.django import django_entry
from cycles.startup.entry import find_entry
from cycles.startup.installed_distributions import Environment, environment_of
from cycles.startup.loaded_graph import Ground, Loaded, ground_of
from cycles.startup.measured_costs import Measurement, measured, start_of
from cycles.startup.plan import Planner
from cycles.startup.startup_values import Goal, StartupPlan, StartupReport
from cycles.startup.verify import verify
from startup_locks import HEAD, lock_row

PROJECT = Path(__file__).parents[1]
ENVIRONMENTS = Path(os.environ.get("STARTUP_ENVS") or PROJECT / "build" / "startup").absolute()
PYTHON = os.environ.get("STARTUP_PYTHON", "python3.12")
TRUTH = PROJECT / "benchmarks" / "startup_truth.py"
LIST = PROJECT / "benchmarks" / "startup.txt"
PAGE = PROJECT / "benchmarks" / "STARTUP.md"
LIMIT = 180.0
DJANGO = "django:"
"""What entries begin with that are settings of Django: `django.setup()`."""
_SHOWN = 4
_SECTIONS = (
    (
        "Reach",
        (
            "Next to a real import whose `__import__` and `import_module` are hooked: the project's own modules, and the other"
            " distributions that executed imports of the project name. `wanted` are the four figures to reach; `s` is"
            " processor time, that of the processes which read the project included.\n\n"
            "What is missed is named in texts, mostly of settings, which libraries read: caches, filters of logs, classes that"
            " `import_string` loads. What is found and not loaded stands behind conditions that only a run decides: the"
            " protobuf of wandb's `proto.v5`, settings of prefect, of sentry."
        ),
        "| entry | own modules | recall | precision | distributions | recall | precision | wanted | missed | not loaded | s |",
    ),
    (
        "Measuring",
        (
            "What `--run` adds to the report: children that import the entry, the processor time that these take together, and"
            " what is spent besides, to read what they wrote and to join it to what was foreseen."
        ),
        "| entry | children | their s | besides s |",
    ),
    (
        "Plans",
        (
            "Statements to cut, by three goals (`s`: the processor time of each; the first pays for what all share); the first"
            " plan that is possible is made in memory and measured, each module the least of three runs. `foretold` is what the"
            " simulation said of a plan before anything ran, `foreseen` the share of the time that is not spent with the plan, `noise` by"
            " how much halves of the runs of the same differ, and half as much more; what is smaller is `not shown`: a plan without edits is to"
            " change nothing, or not more than 5 %. Garbage collection is a sixth of these times, and full collections come"
            " or not: `foreseen` plays them again without what is gone."
        ),
        "| entry | without | wanted | deferrals | cheapest | fewest | s | foretold | gone | before | after | saved | foreseen | noise |",
    ),
    (
        "The lock",
        (
            "The contract type `startup` next to import-linter's own `forbidden`, for something that the package may import: whole"
            " runs of `lint-imports` with one contract, without a cache, and of these what the check takes by itself. `forbidden`"
            " asks the graph alone; `startup` looks at the statements, to tell those that run on import."
        ),
        HEAD,
    ),
)
"""Of each table: what it is about, what it says, and its columns."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list says of one entry: how well it is to be found, and plans with the statements that they are to take."""

    name: str
    entry: str
    roots: tuple[str, ...]
    figures: tuple[str, ...]
    plans: tuple[tuple[tuple[str, ...], str], ...]
    locks: tuple[str, ...]


def lines() -> Iterator[list[str]]:
    """The lines of the list, in words."""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words:
            yield words


def environments() -> dict[str, list[str]]:
    """What each environment holds."""
    return {words[1]: words[2:] for words in lines() if words[0] == "env"}


def cpu() -> float:
    """Return the processor time that was spent so far, that of children too."""
    return sum(os.times()[:4])


def source_folder(name: str, site: str) -> list[str]:
    """Return the folder within an environment's packages that an application puts on the path, if it does."""
    return [os.path.join(site, words[2]) for words in lines() if words[:2] == ["source", name]]


def wanted(names: Collection[str]) -> list[Wanted]:
    """The entries of some environments, all where none is named."""
    plans: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}
    locks: dict[tuple[str, str], list[str]] = {}
    for words in lines():
        if words[0] == "plan":
            without = () if words[3] == "-" else tuple(words[3].split(","))
            plans.setdefault((words[1], words[2]), []).append((without, words[4]))
        elif words[0] == "lock":
            locks.setdefault((words[1], words[2]), []).append(words[3])
    return [
        Wanted(
            name,
            entry,
            () if roots == "-" else tuple(roots.split(",")),
            tuple(figures),
            tuple(plans.get((name, entry), ())),
            tuple(locks.get((name, entry), ())),
        )
        for kind, name, entry, roots, *figures in (words for words in lines() if words[0] == "entry")
        if not names or name in names
    ]


def build(name: str, distributions: Sequence[str]) -> Path:
    """Return the interpreter of an environment, which is made where it is not there."""
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    if not (folder / "ok").exists():
        base = shutil.which(PYTHON) or sys.executable
        print(f"making {folder} with {base}", file=sys.stderr)
        subprocess.run([base, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *distributions], check=True)
        (folder / "ok").touch()
    return python


@dataclass(frozen=True, slots=True)
class Subject:
    """An entry, as it is found without executing anything."""

    wanted: Wanted
    ground: Ground
    report: StartupReport
    loaded: Loaded
    interpreter: Interpreter
    seconds: float


def look_at(one: Wanted, python: Path) -> Subject:
    """Find what an entry loads, without executing anything."""
    environment = environment_of(str(python), [])
    added = source_folder(one.name, environment.folders[0])
    folders = tuple(map(Path, (*added, *environment.folders)))
    begin = cpu()
    if one.entry.startswith(DJANGO):
        entry = django_entry(one.entry.removeprefix(DJANGO), Environment(folders, environment.version))
    else:
        entry = find_entry(one.entry, (PROJECT / "build", *folders), environment)
    top = entry.module.partition(".")[0]
    analysis = analyze(top, folders=folders, roots=one.roots)
    ground = ground_of(analysis, entry, environment)
    found, loaded = report(ground)
    seconds = cpu() - begin
    empty = ENVIRONMENTS / "empty"
    empty.mkdir(exist_ok=True)
    interpreter = Interpreter(
        python=str(python),
        folder=str(empty),
        environment={"PATH": os.environ["PATH"], "HOME": str(empty), "LANG": "C.UTF-8"},
        project=analysis.project,
        source_folders=tuple(added),
        timeout=LIMIT,
    )
    return Subject(one, ground, found, loaded, interpreter, seconds)


def truth(subject: Subject) -> dict[str, object]:
    """What a real import loads."""
    path = ENVIRONMENTS / f"{subject.wanted.name}-{subject.ground.entry.module}.json"
    interpreter = subject.interpreter
    django = DJANGO if subject.wanted.entry.startswith(DJANGO) else ""
    command = [interpreter.python, TRUTH, f"{django}{subject.ground.entry.module}", path]
    added = {"PYTHONPATH": os.pathsep.join(interpreter.source_folders)} if interpreter.source_folders else {}
    surroundings = {**interpreter.environment, **added}
    subprocess.run(command, cwd=interpreter.folder, env=surroundings, check=True, capture_output=True)
    return json.loads(path.read_text(encoding="utf-8"))


def reach(subject: Subject) -> str:
    """A row: own modules, and distributions that executed own imports name, beside the truth."""
    ground, found = subject.ground, subject.report
    real = truth(subject)
    if real["failure"]:
        return f"| {subject.wanted.entry} | {real['failure']} | | | | | | | | | |"
    own = {name for name in real["modules"] if ground.is_own(name)}
    own_found = {module.name for module in found.modules if module.own}
    named = {
        distribution
        for importer, _, imported, taken in real["executed"]
        if ground.is_own(importer)
        for name in (imported, *taken)
        if (distribution := _distribution(ground, name))
    }
    named_found = {
        distribution
        for edge in found.edges
        if edge.statement and ground.is_own(edge.statement[0])
        if (distribution := _distribution(ground, edge.imported))
    }
    words = [
        subject.wanted.entry,
        f"{len(own)}",
        *_figures(own, own_found),
        f"{len(named)}",
        *_figures(named, named_found),
        " ".join(subject.wanted.figures),
        _some(own - own_found, named - named_found),
        _some(own_found - own, named_found - named),
        f"{subject.seconds:.1f}",
    ]
    return f"| {' | '.join(words)} |"


def _distribution(ground: Ground, name: str) -> str:
    """The distribution of a module that is none of the project's own; "" of those of the standard library."""
    top = name.partition(".")[0]
    if ground.is_own(name) or top in ground.foreign.own_tops or top in sys.stdlib_module_names:
        return ""
    return ground.environment.distribution_of(name) if ground.environment.find(top) else ""


def _figures(real: Collection[str], found: Collection[str]) -> tuple[str, str]:
    both = len(set(real) & set(found))
    return f"{both / len(real):.3f}" if real else "–", f"{both / len(found):.3f}" if found else "–"


def _some(*names: Collection[str]) -> str:
    listed = [name for group in names for name in sorted(group)]
    return ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN}" if len(listed) > _SHOWN else "")


def measuring(subject: Subject) -> tuple[str, Measurement]:
    """A row: what `--run` starts and spends, beyond the report; and what it finds."""
    begin = os.times()
    runs = measure(start_of(subject.ground.entry), subject.interpreter)
    found = measured(subject.ground, subject.loaded, runs)
    end = os.times()
    theirs = end.children_user + end.children_system - begin.children_user - begin.children_system
    ours = end.user + end.system - begin.user - begin.system
    return f"| {subject.wanted.entry} | {len(runs)} | {theirs:.1f} | {ours:.2f} |", found


def plans(subject: Subject, measurement: Measurement) -> Iterator[str]:
    """A row for each plan: how many statements it takes, and what it saves when it is made in memory."""
    for without, size in subject.wanted.plans:
        yield f"| {subject.wanted.entry} | {', '.join(without) or '(no edit)'} | {size} | {_plan(subject, measurement, without)} |"


def _plan(subject: Subject, measurement: Measurement, without: Sequence[str]) -> str:
    planner = Planner(subject.ground, subject.report, subject.loaded)
    try:
        names = planner.distributions(without)
    except CyclesError as error:
        return str(error)
    made: list[StartupPlan] = []
    seconds: list[float] = []
    for goal in (Goal.DEFERRALS, Goal.CHEAPEST, Goal.FEWEST) if names else ():
        begin = cpu()
        made.append(planner.plan(names, goal))
        seconds.append(cpu() - begin)
    sizes = [str(len(plan.steps)) if plan.possible else "none" for plan in made] or ["0"] * 3
    nothing = StartupPlan((), Goal.FEWEST, (), 0, (), (), 0, 0)
    plan = next((plan for plan in (*made, *([] if names else [nothing])) if plan.possible), None)
    told = "; ".join(filter(None, map(_told, made))) or "–"
    head = [*sizes, " ".join(f"{one:.1f}" for one in seconds), told]
    hard = sum(not step.edits for step in plan.steps) if plan else 0
    if plan is None or hard:
        # What is left as it is loads it all the same: there is nothing to be measured.
        why = f"{hard} of {len(plan.steps)} steps take a change of code" if plan else "no plan"
        return " | ".join([*head, why, *["–"] * 5])
    verified = verify(subject.ground, measurement, plan, subject.interpreter)
    state = "yes" if verified.holds else verified.failure.error or "fails" if verified.failure else "no"
    before, after = verified.before, verified.after
    words = [
        *head,
        state[:80],
        f"{before.nanoseconds / 1e6:.0f} ms {before.kilobytes // 1024} MB",
        f"{after.nanoseconds / 1e6:.0f} ms {after.kilobytes // 1024} MB",
        f"{verified.saved:.1%}{'' if verified.shown else ' (not shown)'}",
        f"{verified.foreseen:.1%}",
        f"{verified.noise:.1%}",
    ]
    return " | ".join(words)


def _told(plan: StartupPlan) -> str:
    """What is said of a plan before anybody edits."""
    replay = plan.replay
    if replay is None or replay.holds:
        return ""
    failing = [f"{found.module} fails" for found in replay.failing[:1]]
    return f"{plan.goal}: {', '.join([*failing, *(f'{name} stays' for name in replay.still)])}"


def main() -> None:
    """`startup.py NAME...`: only these environments; the page is written where all are looked at."""
    # As the command does.
    gc.disable()
    names = sys.argv[1:]
    rows: list[list[str]] = [[], [], [], []]
    for one in wanted(names):
        subject = look_at(one, build(one.name, environments()[one.name]))
        for found, row in zip(rows, _rows(subject), strict=True):
            for line in row:
                found.append(line)
                print(line, flush=True)
        # A simulation and its report refer to each other.
        gc.collect()
    if not names:
        PAGE.write_text(_page(rows), encoding="utf-8")


def _rows(subject: Subject) -> Iterator[Iterable[str]]:
    """Yield what each table says of an entry."""
    yield [reach(subject)]
    row, measurement = measuring(subject)
    yield [row]
    yield plans(subject, measurement)
    yield [
        lock_row(subject.wanted.entry, without, subject.ground.environment.folders[0])
        for without in subject.wanted.locks
    ]


def _page(rows: Sequence[Sequence[str]]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()}, where {os.getloadavg()[2]:.0f} processes wanted to run"
    sections = []
    for (title, text, head), found in zip(_SECTIONS, rows, strict=True):
        sections += ["", f"## {title}", "", text, "", head, f"|{'---|' * (head.count('|') - 1)}", *found]
    return "\n".join(
        [
            "# What applications load, found without executing them, and what plans save",
            "",
            (
                f"Measured {dt.datetime.now(dt.UTC):%Y-%m-%d} by `make startup` on {machine}; each entry in an environment of its own"
                " (Python 3.12), as `benchmarks/startup.txt` lists them."
            ),
            *sections,
            "",
        ]
    )


if __name__ == "__main__":
    main()
