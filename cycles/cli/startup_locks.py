"""What `cycles startup` offers to keep a start-up light: contracts, settings of Ruff, and a baseline."""

from collections.abc import Sequence
from pathlib import Path

from cycles.cli.check_options import say_updated
from cycles.cli.command_flow import deliver, read_baseline_text, say_later
from cycles.cli.contract import put, show_contract
from cycles.cli.output import write_atomically
from cycles.contracts.contract_text import StartupLock
from cycles.contracts.generate import why_separate
from cycles.contracts.generate_startup import check_lock, described, find_lock, write_lock
from cycles.errors import CyclesError
from cycles.report.startup_baseline import BASELINE_HEAD, StartupCheck, check_startup, ruff_settings, startup_baseline
from cycles.report.wording import clean
from cycles.startup.loaded_graph import Ground
from cycles.startup.ruff_bans import top_imports
from cycles.startup.startup_values import EntryKind, StartupReport


def locked_names(ground: Ground, asked: Sequence[str], *, others_whole: bool) -> tuple[str, ...]:
    """Return the modules that distributions, or names of modules, stand for; sorted.

    `others_whole`: of other distributions only top-level names can be told apart. Raises CyclesError where a name
    stands for nothing, or for a part of a top-level name that others share.
    """
    environment, found = ground.environment, set[str]()
    for name in asked:
        tops = environment.modules_of(name)
        if not tops:
            if not name.replace(".", "_").isidentifier() or not (ground.is_own(name) or environment.find(name)):
                raise CyclesError(
                    f'"{name}" is neither a distribution that is installed nor a module; correct --without'
                )
            tops = frozenset([name])
        public = {top for top in tops if not top.startswith("_")} or set(tops)
        shared = [top for top in sorted(public) if not ground.is_own(top) and _is_shared(ground, top, name)]
        if shared and others_whole:
            raise CyclesError(
                f"other distributions share the name {shared[0]} with {name}, and cannot be told apart here; "
                "use --check --baseline FILE"
            )
        found |= public
    return tuple(sorted(found))


def _is_shared(ground: Ground, top: str, name: str) -> bool:
    """Whether a top-level name belongs to several distributions, or only a part of it is meant."""
    owners = [other for other in ground.environment.distributions() if top in ground.environment.modules_of(other)]
    return len(owners) > 1 or ("." in top and bool(ground.environment.find(name)))


def write_contract(
    ground: Ground, without: Sequence[str], *, write: bool, config: Path | None, output: Path | None
) -> None:
    """Print the contract that forbids ENTRY to load some distributions, or write it into the configuration."""
    entry = ground.entry
    if entry.kind is EntryKind.SCRIPT:
        raise CyclesError(
            f"import-linter knows modules of packages only, and {entry.text} is a script; lock what it imports"
        )
    settings = entry.module if entry.kind is EntryKind.DJANGO else ""
    packages = tuple(sorted({name.partition(".")[0] for name in ground.analysis.packages}))
    names = locked_names(ground, without, others_whole=True)
    wanted = StartupLock(() if settings else (entry.module,), names, packages, django_settings=settings)
    folder = Path.cwd()
    request = find_lock(wanted, folder=folder, config=config)
    check_lock(ground.analysis, request.lock)
    configuration = request.configuration
    text = write_lock(request, named=config is not None) if write else None
    state = put(configuration, text, known=request.known)
    result = described(request, folder, state)
    reason = why_separate(request.lacking, packages)
    show_contract(result, reason, configuration, Path(ground.analysis.folder), output, write=write)


def write_ruff(ground: Ground, found: StartupReport, without: Sequence[str], output: Path | None) -> None:
    """Print the settings of Ruff that forbid importing some distributions at the top of modules."""
    names = locked_names(ground, without, others_whole=False)
    loaded = {module.name for module in found.modules if module.own}
    imports = top_imports(ground.analysis, names)
    text = ruff_settings(names, imports, loaded, found.entry.text)
    say_later(
        f"only files of {' and '.join(ground.analysis.packages)} were looked at; Ruff looks at all that it is given"
    )
    deliver(text, output)


def can_be_locked(ground: Ground, asked: Sequence[str]) -> bool:
    """Whether a contract can forbid some distributions: their names must be known."""
    try:
        locked_names(ground, asked, others_whole=True)
    except CyclesError:
        return False
    return True


class StartupGate:
    """What `--check` accepts: read before anything is looked at, and written once it is known what is loaded."""

    def __init__(self, baseline: Path, *, may_be_missing: bool) -> None:
        """Read the baseline; raises CyclesError where it cannot be read."""
        self._path = baseline
        text = read_baseline_text(baseline, may_be_missing=may_be_missing)
        self._is_new = not text
        self._lines = startup_baseline(text, str(baseline))

    def judge(self, found: StartupReport) -> StartupCheck:
        """Judge what is loaded."""
        return check_startup(found, self._lines.entries)

    def write(self, check: StartupCheck, found: StartupReport) -> StartupCheck:
        """Write what is loaded today into the baseline, and return what that makes of the verdict."""
        names = [row.name for row in (*check.new, *check.possible)]
        head = BASELINE_HEAD.format(clean(found.entry.text))
        write_atomically(self._path, self._lines.updated(check.stale, names, head))
        say_updated(self._path, len(names), len(check.stale), len(check.accepted), is_new=self._is_new)
        return StartupCheck((), tuple(sorted([*check.accepted, *names])), (), ())
