"""What `cycles entries --check` accepts: its baseline, read and written, and the modules that may be missing."""

from dataclasses import replace
from pathlib import Path

from cycles.cli.common import read_baseline_text, say_later
from cycles.cli.output import write_atomically
from cycles.model import Analysis, FirstImportReport
from cycles.report.entries_check import EntriesCheck, can_be_accepted, check_entries, read_baseline, updated_baseline


class Gate:
    """What `--check` accepts: read before anything runs, and written once it is known what fails."""

    def __init__(self, baseline: Path | None, optional: tuple[str, ...], *, strict: bool, may_be_missing: bool) -> None:
        """Read the baseline, if there is one; raises CyclesError where it cannot be read."""
        self._baseline, self._optional, self._strict = baseline, optional, strict
        self._text = read_baseline_text(baseline, may_be_missing=may_be_missing) if baseline else ""
        self._accepted = read_baseline(self._text, str(baseline))

    def judge(self, analysis: Analysis, found: FirstImportReport) -> EntriesCheck:
        """Judge what really became of the modules, or what was predicted."""
        known = {file.name for file in analysis.files} | set(analysis.compiled)
        return check_entries(
            found.runs or found.entries,
            accepted=self._accepted,
            gone=[name for name in self._accepted if name not in known and analysis.holds(name)],
            optional=self._optional,
            strict=self._strict,
        )

    def write(self, verdict: EntriesCheck) -> EntriesCheck:
        """Write what fails today into the baseline, and return what that makes of the verdict."""
        if not self._baseline:
            return verdict
        write_atomically(self._baseline, updated_baseline(self._text, str(self._baseline), verdict))
        new = tuple(filter(can_be_accepted, verdict.failing))
        left = tuple(module for module in verdict.failing if module not in new)
        say_later(
            f"{self._baseline}: {len(new):,} added, {len(verdict.stale):,} taken out, {len(verdict.accepted):,} stay"
        )
        if left:
            say_later(f"{left[0]} cannot be accepted: its name is no identifier; rename or --exclude the file")
        return replace(verdict, failing=left, accepted=tuple(sorted(new + verdict.accepted)), stale=())
