"""Generate the contract that keeps what importing an application loads small, for the configuration in force."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.contracts.config_file import Configuration, strings, with_contract
from cycles.contracts.contract_text import StartupLock
from cycles.contracts.generate import as_text, need_file, place_of
from cycles.contracts.linter import eager_ways
from cycles.errors import CyclesError
from cycles.model import Analysis, GeneratedContract
from cycles.report.wording import first_of

_ALERTING = "unmatched_allow_alerting"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class LockRequest:
    """A lock for a configuration, whether it stands there already, and the one in force where that is another."""

    lock: StartupLock
    configuration: Configuration
    known: bool
    lacking: Configuration | None


def find_lock(wanted: StartupLock, *, folder: Path, config: Path | None) -> LockRequest:
    """Find where a lock goes; it also forbids what the one in force there does, and keeps what was said by hand.

    Raises CyclesError where the configuration cannot be used, or does not show external packages.
    """
    configuration, lacking = place_of(wanted, folder, config)
    before = configuration.known(wanted)
    lock = _joined(wanted, before) if before else wanted
    section = configuration.section
    if section is not None and lock.needs_external:
        said = configuration.values("include_external_packages")
        if said not in (("True",), ("true",)):
            problem = "import-linter sees no package of others; set include_external_packages = true there"
            raise configuration.error("importlinter", problem)
    return LockRequest(lock, configuration, before is not None, lacking)


def check_lock(analysis: Analysis, lock: StartupLock) -> None:
    """Raise CyclesError where import-linter would not keep a lock, or cannot read the packages."""
    ways = eager_ways(analysis, lock.entries, lock.forbidden, lock.packages, lock.allow, lock.django_settings)
    if not ways:
        return
    places = [f"{way[-1][0]}:{way[-1][2]}" for way in ways]
    raise CyclesError(
        f"{lock.what} still loads {ways[0][-1][1]}, by {first_of(places[:_SHOWN], len(places))}; "
        "defer that first (--fix), then lock it"
    )


def write_lock(request: LockRequest, *, named: bool) -> str:
    """Return the text of the configuration with the lock in it; `named`: the file was asked for by its name.

    Raises CyclesError where there is no configuration, and where that would touch what is not its own.
    """
    if request.lacking is None and not named:
        need_file(request.configuration)
    return with_contract(request.configuration, request.lock)


def described(request: LockRequest, folder: Path, state: str) -> GeneratedContract:
    """Return what a lock says, and what became of it."""
    lock = request.lock
    allowed = [tuple(part.strip() for part in expression.split("->")) for expression in lock.allow]
    return GeneratedContract(
        id=lock.id,
        name=lock.name,
        covers=lock.entries or (lock.django_settings,),
        roots=lock.packages,
        exceptions=tuple((pair[0], pair[-1]) for pair in allowed),
        plan=(),
        proven=True,
        notes=(),
        text=as_text(lock, request.configuration),
        file=os.path.relpath(request.configuration.path, folder),
        state=state,
    )


def _joined(wanted: StartupLock, before: Mapping[str, object]) -> StartupLock:
    """Return what is wanted, and what the lock before it forbids and allows."""
    forbidden = tuple(sorted({*wanted.forbidden, *strings(before.get("forbidden"))}))
    former = replace(wanted, forbidden=tuple(strings(before.get("forbidden"))))
    title = " ".join(strings(before.get("name")))
    return replace(
        wanted,
        entries=tuple(dict.fromkeys([*wanted.entries, *strings(before.get("entries"))])),
        forbidden=forbidden,
        allow=tuple(strings(before.get("allow"))),
        title="" if title == former.name else title,
        options=((_ALERTING, str(before[_ALERTING])),) if _ALERTING in before else (),
    )
