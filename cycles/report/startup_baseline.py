"""Keep a start-up light: which distributions it may load, by a baseline, and settings of Ruff (rule TID253)."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from cycles.check.findings import EntryLines, divided
from cycles.errors import CyclesError
from cycles.report.startup import chain_words, startup_command
from cycles.report.terminal import TextStyle, as_text, next_commands, paragraph
from cycles.report.wording import clean, counted, wrapped
from cycles.startup.installed_distributions import normalized
from cycles.startup.ruff_bans import TopImport
from cycles.startup.startup_values import DistributionRow, StartupReport

_WIDTH = 98
_RULE = "TID253"
_SPECIAL = re.compile(r"[\[*?{}]")
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?")
BASELINE_HEAD = "# Distributions that importing {} loads, and that are accepted. One a line; comments stay.\n\n"


@dataclass(frozen=True, slots=True)
class StartupCheck:
    """What `cycles startup --check` says, as rows of the report and names of the baseline.

    Attributes:
        new: the distributions that are loaded and not accepted.
        accepted: the names of those that are.
        possible: those that are not accepted and only possible: they are not known to be loaded.
        stale: names of the baseline that are not loaded any more, sorted.
    """

    new: tuple[DistributionRow, ...]
    accepted: tuple[str, ...]
    possible: tuple[DistributionRow, ...]
    stale: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is loaded that is not accepted."""
        return not self.new


def check_startup(found: StartupReport, accepted: Iterable[str]) -> StartupCheck:
    """Judge the distributions of a report by those that are accepted, whatever the spelling of their names."""
    known = {normalized(name): name for name in accepted}
    rows = {normalized(row.name): row for row in found.distributions}
    others = [row for name, row in rows.items() if name not in known]
    return StartupCheck(
        new=tuple(row for row in others if row.certain),
        accepted=tuple(sorted(name for key, name in known.items() if key in rows)),
        possible=tuple(row for row in others if not row.certain),
        stale=tuple(sorted(name for key, name in known.items() if key not in rows)),
    )


def startup_baseline(text: str, path: str) -> EntryLines:
    """Return the distributions that a baseline accepts; raises CyclesError, which names the line, where it is none."""
    complaint = "is not the name of a distribution; a baseline has one a line, # a comment"
    return divided(text, path, lambda entry: _NAME.fullmatch(entry) is not None, complaint)


@as_text
def startup_check_as_text(
    found: StartupReport, check: StartupCheck, words: Sequence[str], style: TextStyle
) -> Iterator[Text]:
    """Return the verdict, and by which chain each new distribution is loaded."""
    name = clean(found.entry.text)
    accepted = counted(len(check.accepted), "accepted distribution")
    if check.passed:
        yield Text(f"importing {name} loads no distribution that is not accepted ({accepted})")
    else:
        new = counted(len(check.new), "distribution")
        yield Text(f"importing {name} loads {new} more than is accepted", style="bold red")
    for row in check.new:
        yield from _row(row, style)
    for row in check.possible:
        yield from paragraph(f"{clean(row.name)} is only possible: {chain_words(row.chain, '')}", style, look="dim")
    if check.stale:
        are = "is" if len(check.stale) == 1 else "are"
        yield from paragraph(
            f"{', '.join(map(clean, check.stale))} {are} not loaded any more; --update takes it out", style
        )
    if check.new:
        yield from next_commands(style, startup_command(words, "--without", check.new[0].name))


def _row(row: DistributionRow, style: TextStyle) -> Iterator[Text]:
    yield Text(f"  {clean(row.name)}", style="bold")
    yield from paragraph(chain_words(row.chain, ""), style, "    ")


def ruff_settings(banned: Sequence[str], found: Sequence[TopImport], loaded: Collection[str], entry: str) -> str:
    """Return the settings for a pyproject.toml.

    Args:
        banned: the modules that nothing is to import at its top.
        found: where modules of the project do.
        loaded: the modules that importing the entry loads: these must not.
        entry: what is started, for the error.

    Raises:
        CyclesError: where one does.

    """
    first = next((one for one in found if one.importer in loaded), None)
    if first is not None:
        raise CyclesError(
            f"importing {entry} still loads {first.imported}, by {first.path}:{first.line_number}; "
            "defer that first (--fix), then lock it"
        )
    return "".join(f"{line}\n" for line in _ruff_lines(banned, sorted({one.path for one in found})))


def _ruff_lines(banned: Sequence[str], off_path: Sequence[str]) -> Iterator[str]:
    names = ", ".join(banned)
    sentences = [f"No module imports {names} at its top: a function does, or `if TYPE_CHECKING`."]
    sentences += ["Ruff looks at one file at a time, and not into try, if and class bodies."]
    if off_path:
        sentences += ["The files below may, for importing the application does not load them today."]
    for sentence in sentences:
        yield from (f"# {line}" for line in wrapped(sentence, _WIDTH))
    yield "[tool.ruff.lint]"
    yield f'extend-select = ["{_RULE}"]'
    yield ""
    yield "[tool.ruff.lint.flake8-tidy-imports]"
    yield f"banned-module-level-imports = {json.dumps(list(banned), ensure_ascii=False)}"
    if off_path:
        yield ""
        yield "[tool.ruff.lint.extend-per-file-ignores]"
        for path in off_path:
            # A path is a pattern there.
            pattern = _SPECIAL.sub(r"[\g<0>]", path)
            yield f'{json.dumps(pattern, ensure_ascii=False)} = ["{_RULE}"]'
