"""Find every import between module files, in child processes that a hostile file may crash (`grimp_worker`).

A child that dies is started again with half of the files, until the file that kills it is alone.
"""

import marshal
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cycles.enums import Form
from cycles.errors import CyclesError
from cycles.processes import Process, end, finish, start
from cycles.source.file_text import relative_path
from cycles.source.import_values import ModuleFile, RawImport, Skipped

if TYPE_CHECKING:  # the child loads it
    from cycles.source.grimp_worker import Answer, Failure, Line, Request

_WORKER = Path(__file__).with_name("grimp_worker.py")

_ONLY_PYTHON = "grimp cannot read it, although Python can"


@dataclass(frozen=True, slots=True)
class Scanning:
    """A scan under way: the modules, and the running child, if there is anything to scan."""

    modules: tuple[ModuleFile, ...]
    child: "_Child | None"


def start_scan(modules: tuple[ModuleFile, ...], known: Collection[str] = ()) -> Scanning:
    """Start a child that scans all modules but the known ones; the caller may do something else meanwhile."""
    wanted = [number for number, module in enumerate(modules) if module.name not in known]
    return Scanning(modules, _start(modules, wanted) if wanted else None)


def abandon_scan(scanning: Scanning) -> None:
    """End the child of a scan that nobody waits for any more."""
    if scanning.child:
        end(scanning.child.process)
        _finish(scanning.child)


def finish_scan(scanning: Scanning, base: Path) -> tuple[list[RawImport], list[Skipped], list[Skipped]]:
    """Return the imports between the modules, in no particular order, and the files that could not be read.

    Last come those that grimp, and with it import-linter, cannot read, although Python can.

    A child that dies costs two more. Raises CyclesError where none can be started.
    """
    modules = scanning.modules
    imports: dict[int, list[Line]] = {}
    failures: list[Failure] = []
    only_python: list[Failure] = []
    children = [scanning.child] if scanning.child else []
    while children:
        child = children.pop()
        answer, died = _finish(child)
        chunk = child.chunk
        if answer is not None:
            imports.update(answer[0])
            failures += answer[1]
            only_python += ((index, _ONLY_PYTHON, 0) for index in answer[2])
        elif len(chunk) == 1:
            reason = f"the parser crashed on it ({died}): its code nests too deeply"
            failures.append((chunk[0], reason, 0))
        else:
            half = len(chunk) // 2
            children += [_start(modules, part) for part in (chunk[half:], chunk[:half])]
    mentions = [
        RawImport(modules[importer].name, modules[imported].name, line_number, Form.LAZY if lazy else Form.PLAIN)
        for importer, found in imports.items()
        for imported, line_number, lazy in found
    ]
    skipped, unlinted = (
        [
            Skipped(relative_path(modules[index].path, base), line_number or None, reason)
            for index, reason, line_number in found
        ]
        for found in (failures, only_python)
    )
    return mentions, skipped, unlinted


@dataclass(frozen=True, slots=True)
class _Child:
    """A running `grimp_worker`, what it was asked to scan, and where its answer and its complaints arrive."""

    process: Process
    chunk: Sequence[int]
    answer: IO[bytes]
    complaints: IO[bytes]


def _start(modules: Sequence[ModuleFile], chunk: Sequence[int]) -> _Child:
    """Start a child on some of the modules. Files, not pipes: neither side ever waits for the other to read."""
    names = [(module.name, module.folder, module.path, module.is_package) for module in modules]
    request: Request = (names, list(chunk))
    answer, complaints = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115  closed by _finish
    with tempfile.TemporaryFile() as question:
        question.write(marshal.dumps(request))
        question.seek(0)
        command = [sys.executable, "-P", str(_WORKER)]
        process = start(command, stdin=question, stdout=answer, stderr=complaints)
    if process is None:
        raise CyclesError("the scan of imports was stopped; start again")
    return _Child(process, chunk, answer, complaints)


def _finish(child: _Child) -> "tuple[Answer | None, str]":
    """A child's answer; or None and how it died."""
    with child.answer as answer, child.complaints as complaints:
        status = finish(child.process)
        if status == 0:
            answer.seek(0)
            return marshal.load(answer), ""  # noqa: S302  from our own child
        if status == 1:
            complaints.seek(0)
            last = complaints.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise CyclesError(f"the scanner of imports could not be started ({last}); reinstall cycles")
        return None, f"exit status {status}" if status > 0 else f"signal {-status}"
