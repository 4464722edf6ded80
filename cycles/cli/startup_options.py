"""The options of `cycles startup` that execute something or write locks, and which of them go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cycles.cli.output import need_process_groups
from cycles.errors import CyclesError


@dataclass(frozen=True, slots=True)
class StartupOptions:
    """What was asked for besides the report and its plans."""

    run: bool
    verify: bool
    setup: str | None
    timeout: float | None
    contract: bool
    config: Path | None
    ruff: bool
    check: bool
    baseline: Path | None
    update: bool

    @property
    def executes(self) -> bool:
        """Whether ENTRY is really imported."""
        return self.run or self.verify

    @property
    def locks(self) -> bool:
        """Whether a lock is wanted, or judged, instead of a report."""
        return self.contract or self.ruff or self.check

    def need(self, without: Sequence[str] | None, *, plans: bool) -> None:
        """Raise CyclesError where options contradict each other, or lack another; `plans`: a plan is to be made."""
        for needy, others, given, reason in (
            (self.verify, "--without DIST", without, "--verify tries a plan"),
            (self.contract, "--without DIST", without, "--contract forbids what is named"),
            (self.ruff, "--without DIST", without, "--ruff forbids what is named"),
            (self.setup is not None, "--run", self.executes, "--setup says how ENTRY is really imported"),
            (self.timeout is not None, "--run", self.executes, "--timeout says how ENTRY is really imported"),
            (self.config is not None, "--contract", self.contract, "--config says where a contract goes"),
            (self.check, "--baseline FILE", self.baseline, "--check judges by what is accepted"),
            (self.baseline is not None, "--check", self.check, "--baseline says what --check accepts"),
            (self.update, "--check --baseline FILE", self.check, "--update writes a baseline"),
        ):
            if needy and not given:
                raise CyclesError(f"{reason}; add {others}")
        wanted = {"--contract": self.contract, "--ruff": self.ruff, "--check": self.check, "--verify": self.verify}
        several = [name for name, given in wanted.items() if given]
        several += ["a plan"] if plans and self.locks else []
        if len(several) > 1:
            raise CyclesError(f"{' and '.join(several)} are different answers; ask for one of them")
        if self.executes:
            need_process_groups("--verify" if self.verify else "--run")
