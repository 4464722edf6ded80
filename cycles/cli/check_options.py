"""What `--check` of commands shares: formats that other services read, and the baseline of `cycles entries`."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cycles.cli.command_flow import read_baseline_text, say_later
from cycles.cli.options import CheckFormat
from cycles.cli.output import write_atomically
from cycles.errors import CyclesError
from cycles.model import Analysis, FirstImportReport
from cycles.report.wording import counted

if TYPE_CHECKING:
    from cycles.check.findings import Change
    from cycles.report.entries_verdicts import EntriesCheck
    from cycles.report.notices import Notices

SERVICES = (CheckFormat.MARKDOWN, CheckFormat.GITHUB, CheckFormat.SARIF)


class Gate:
    """What `--check` accepts: read before anything runs, and written once it is known what fails."""

    def __init__(self, baseline: Path | None, optional: tuple[str, ...], *, strict: bool, may_be_missing: bool) -> None:
        """Read the baseline, if there is one; raises CyclesError where it cannot be read."""
        from cycles.report.entries_verdicts import read_baseline

        self._baseline, self._optional, self._strict = baseline, optional, strict
        self._text = read_baseline_text(baseline, may_be_missing=may_be_missing) if baseline else ""
        self._accepted = read_baseline(self._text, str(baseline))

    def judge(self, analysis: Analysis, found: FirstImportReport) -> "EntriesCheck":
        """Judge what really became of the modules, or what was predicted."""
        from cycles.report.entries_verdicts import check_entries

        known = {file.name for file in analysis.files} | set(analysis.compiled)
        return check_entries(
            found.runs or found.entries,
            accepted=self._accepted,
            gone=[name for name in self._accepted if name not in known and analysis.holds(name)],
            optional=self._optional,
            strict=self._strict,
        )

    def write(self, verdict: "EntriesCheck") -> "EntriesCheck":
        """Write what fails today into the baseline, and return what that makes of the verdict."""
        from cycles.report.entries_verdicts import can_be_accepted, updated_baseline

        if not self._baseline:
            return verdict
        write_atomically(self._baseline, updated_baseline(self._text, str(self._baseline), verdict))
        new = tuple(filter(can_be_accepted, verdict.failing))
        left = tuple(module for module in verdict.failing if module not in new)
        gone, kept = len(verdict.stale), len(verdict.accepted)
        say_updated(self._baseline, len(new), gone, kept, is_new=not self._text)
        if left:
            say_later(f"{left[0]} cannot be accepted: its name is no identifier; rename or --exclude the file")
        return replace(verdict, failing=left, accepted=tuple(sorted(new + verdict.accepted)), stale=())


def say_updated(baseline: Path, added: int, gone: int, kept: int, *, is_new: bool) -> None:
    """Say on stderr, once the job is done, how many lines a baseline has got, lost and kept."""
    if is_new:
        say_later(f"wrote {baseline}: {counted(added, 'line')}")
    else:
        say_later(f"{baseline}: {added:,} added, {gone:,} taken out, {kept:,} stay")


def need_check(output_format: CheckFormat, *, check: bool) -> None:
    """Raise CyclesError where a format has nothing to say without `--check`."""
    if output_format in SERVICES and not check:
        raise CyclesError(f"--format {output_format} prints what --check finds; add --check")


def for_services(
    output_format: CheckFormat, notices: "Callable[[str | None], Notices]", markdown: Callable[[], str]
) -> str:
    """Return what a check found in the format of a service; on GitHub it becomes the summary of the job, too.

    Args:
        output_format: one of SERVICES.
        notices: returns the notices, with paths as seen from a folder where one is given.
        markdown: returns the comment.

    """
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if output_format is CheckFormat.MARKDOWN:
        return markdown()
    if output_format is CheckFormat.GITHUB:
        from cycles.report.notices import as_github

        append_summary(os.environ.get("GITHUB_STEP_SUMMARY"), markdown)
        return as_github(notices(workspace))
    from cycles.report.notices import as_sarif

    return as_sarif(notices(workspace))


def cycles_for_services(output_format: CheckFormat, change: "Change", picture: Callable[[], str] = str) -> str:
    """Return what became of import cycles in the format of a service; a comment may show a picture of the change."""
    from cycles.report.check_markdown import check_as_markdown
    from cycles.report.check_words import check_notices

    return for_services(
        output_format,
        lambda workspace: check_notices(change, workspace),
        lambda: check_as_markdown(change, picture()),
    )


def append_summary(path: str | None, markdown: Callable[[], str]) -> None:
    """Append Markdown to the summary of a job; nothing where there is no `path`, a remark where that fails."""
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(f"{markdown()}\n")
    except OSError as error:
        say_later(f"the job summary {path} cannot be written ({error.strerror})")
