"""A contract in; that import-linter keeps it now and breaks it for every new cycle, in figures, out."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.contracts.block import as_toml, toml_head
from cycles.contracts.draft import Draft, Line
from cycles.contracts.exchange import Answer, Request
from cycles.processes import run, temporary_folder
from cycles.words import CyclesError

_LINTED_CUTS = 20
"""So many cuts are added again under `lint-imports` itself, each a contract of one run."""
_ERROR_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where import-linter finds the packages: the folders of each root, and what it leaves out."""

    folders: Mapping[str, tuple[str, ...]]
    exclude_type_checking_imports: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rehearsal came to.

    `cuts` break the contract when added again, each alone, `linted` of them under `lint-imports`
    too. `closing`: how many new imports that close a cycle were caught, of how many; `harmless`: how
    many others were let pass. `everywhere`: these were all that could be added inside the former
    components (inside the packages, where there are none), else a sample.
    """

    cuts: int
    closing: tuple[int, int]
    harmless: tuple[int, int]
    everywhere: bool
    linted: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """The figures in words, to be read one after the other."""
        again = f"{self.cuts:,} of {self.cuts:,} cuts added again break it"
        sample = "" if self.everywhere else " (a sample)"
        return (
            "kept now, and by lint-imports",
            *([again] if self.cuts else []),
            f"{self.closing[0]:,} of {self.closing[1]:,} closing pairs caught{sample}",
            f"{self.harmless[1] - self.harmless[0]:,} of {self.harmless[1]:,} false alarms{sample}",
        )


def linted_imports(place: Place, packages: Sequence[str]) -> frozenset[Line]:
    """Every import inside the packages that import-linter sees; raises CyclesError where it cannot read them."""
    answer = _ask(place, packages, "all", [], rehearse=False)
    return frozenset((importer, imported, line_number) for importer, imported, line_number in answer["imports"])


def verified(contract: Draft, place: Place) -> Figures:
    """Rehearse a contract; raises CyclesError, which says what went wrong, where it fails in anything."""
    answer = _ask(place, contract.packages, contract.graph, contract.excepted, rehearse=True)
    again, cuts = answer["cuts"]
    caught, closing = answer["closing"]
    passed, harmless = answer["harmless"]
    if not answer["kept"] or (again, caught, passed) != (cuts, closing, harmless):
        message = (
            f"the contract {contract.id} failed its rehearsal (kept: {answer['kept']}, cuts {again} of {cuts}, "
            f"closing {caught} of {closing}, harmless {passed} of {harmless}) and is not written; please report this"
        )
        raise CyclesError(message)
    linted = _linted(replace(contract, title="", options=()), place)
    return Figures(cuts, answer["closing"], answer["harmless"], answer["everywhere"], linted)


def options_read(text: str, name: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    """What import-linter itself reads in a configuration of that file name: its own options, and those of contracts."""
    with temporary_folder() as folder:
        path = Path(folder, name)
        path.write_bytes(text.encode())
        finished = _run("rehearsal", "options", {}, folder, str(path))
    if finished.returncode:
        message = f"import-linter cannot read {name} as it would be written: {_last_line(finished.stderr)}"
        raise CyclesError(message)
    session, contracts = json.loads(finished.stdout)
    return session, contracts


def _request(
    place: Place, packages: Sequence[str], graph: str, excepted: Iterable[tuple[str, str]], *, rehearse: bool
) -> Request:
    return Request(
        folders={root: list(folders) for root, folders in place.folders.items()},
        exclude_type_checking_imports=place.exclude_type_checking_imports,
        packages=list(packages),
        graph=graph,
        excepted=list(excepted),
        rehearse=rehearse,
    )


def _ask(
    place: Place, packages: Sequence[str], graph: str, excepted: Iterable[tuple[str, str]], *, rehearse: bool
) -> Answer:
    """Ask the child process; raises CyclesError where it cannot answer."""
    request = _request(place, packages, graph, excepted, rehearse=rehearse)
    with temporary_folder() as folder:
        finished = _run("rehearsal", "main", request, folder)
    if finished.returncode:
        how = f"exit status {finished.returncode}" if finished.returncode > 0 else f"signal {-finished.returncode}"
        error = f"it died ({how}) {_last_line(finished.stderr)}".strip()
    else:
        answer: Answer = json.loads(finished.stdout)
        if not answer["error"]:
            return answer
        error = answer["error"]
    message = f"import-linter cannot read {' and '.join(packages)}: {error[:_ERROR_SHOWN]}; fix that first"
    raise CyclesError(message)


def _linted(contract: Draft, place: Place) -> int:
    """Ask import-linter about the contract, and about one more for each exception that is left out of it."""
    chosen = _spread(range(len(contract.plan)), _LINTED_CUTS)
    variants = [
        # Ids must be unique within a file.
        replace(contract, plan=(*contract.plan[:index], *contract.plan[index + 1 :]), variant=f"-without-{index + 1}")
        for index in chosen
    ]
    head = toml_head(sorted(place.folders), exclude_type_checking_imports=place.exclude_type_checking_imports)
    with temporary_folder() as folder:
        path = Path(folder, "contracts.toml")
        path.write_text(head + "".join(map(as_toml, (contract, *variants))), encoding="utf-8")
        finished = _run("rehearsal", "lint", place.folders, folder, str(path))
    expected = {contract.id: True, **{variant.id: False for variant in variants}}
    if finished.returncode or json.loads(finished.stdout) != expected:
        said = _last_line(finished.stderr) if finished.returncode else _last_line(finished.stdout)
        message = f"lint-imports does not agree with the contract {contract.id}, which is not written; it says: {said}"
        raise CyclesError(message)
    return len(variants)


def _spread(numbers: Sequence[int], most: int) -> list[int]:
    """At most so many of the numbers, evenly spread."""
    return [numbers[index * len(numbers) // most] for index in range(most)] if len(numbers) > most else list(numbers)


def _run(
    module: str, function: str, request: object, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a function of a module of this package in a process of its own, away from the project."""
    own = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.append({own!r}); from cycles.contracts.{module} import {function}; {function}()"
    return run([sys.executable, "-P", "-c", code, *arguments], json.dumps(request), folder)


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2][:_ERROR_SHOWN]
