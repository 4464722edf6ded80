"""Module files in; every import between them as grimp sees it, and the files that it could not read, out.

grimp runs in a child process (`worker`). A child that dies is started again with half of the
files, until the file that kills it stands alone.
"""

import codecs
import marshal
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cycles.model import Mention, ModuleFile, Skipped
from cycles.texts import read_text, relative_path
from cycles.words import CyclesError, Form

_WORKER = Path(__file__).with_name("worker.py")
_SHOWN_MESSAGE = 120
_TOO_FAR_UP = re.compile(r"^[ \t]*from\s+(\.{2,})", re.MULTILINE)

_Failure = tuple[int, str, str, int]
_Request = tuple[list[tuple[str, str]], list[int], dict[int, tuple[str, str]]]
_Answer = tuple[dict[int, list[tuple[int, int, bool]]], list[_Failure]]


@dataclass(frozen=True, slots=True)
class Scanning:
    """A scan under way: the modules, the texts that stand in for files, and the running child."""

    modules: tuple[ModuleFile, ...]
    texts: dict[int, tuple[str, str]]
    child: "_Child"


def start_scan(modules: tuple[ModuleFile, ...]) -> Scanning:
    """Start a child that scans all modules; the caller may do something else meanwhile."""
    texts = {
        index: (module.path, read_text(module.path)) for index, module in enumerate(modules) if _is_shadowed(module)
    }
    return Scanning(modules, texts, _start(modules, texts, range(len(modules))))


def finish_scan(scanning: Scanning, base: Path) -> tuple[list[Mention], list[Skipped]]:
    """The imports between the modules, in no particular order, and the files that could not be read.

    A child that dies costs two more. Raises CyclesError where grimp itself cannot be started.
    """
    modules = scanning.modules
    imports: dict[int, list[tuple[int, int, bool]]] = {}
    failures: list[_Failure] = []
    children = [scanning.child]
    while children:
        child = children.pop()
        answer, died = _finish(child)
        chunk = child.chunk
        if answer is not None:
            imports.update(answer[0])
            failures += answer[1]
        elif len(chunk) == 1:
            failures.append((chunk[0], "died", died, 0))
        else:
            half = len(chunk) // 2
            children += [_start(modules, scanning.texts, part) for part in (chunk[half:], chunk[:half])]
    mentions = [
        Mention(modules[importer].name, modules[imported].name, line_number, Form.LAZY if lazy else Form.PLAIN)
        for importer, found in imports.items()
        for imported, line_number, lazy in found
    ]
    return mentions, [_skipped(modules[failure[0]], failure, base) for failure in failures]


@dataclass(frozen=True, slots=True)
class _Child:
    """A running `worker`, what it was asked to scan, and where its answer and its complaints arrive."""

    process: subprocess.Popen[bytes]
    chunk: Sequence[int]
    answer: IO[bytes]
    complaints: IO[bytes]


def _start(modules: Sequence[ModuleFile], texts: Mapping[int, tuple[str, str]], chunk: Sequence[int]) -> _Child:
    """Start a child on some of the modules. Files, not pipes: neither side ever waits for the other to read."""
    names = [(module.name, module.folder) for module in modules]
    request: _Request = (names, list(chunk), {index: texts[index] for index in chunk if index in texts})
    answer, complaints = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115  closed by _finish
    with tempfile.TemporaryFile() as question:
        question.write(marshal.dumps(request))
        question.seek(0)
        command = [sys.executable, "-P", str(_WORKER)]
        process = subprocess.Popen(command, stdin=question, stdout=answer, stderr=complaints)  # noqa: S603  no shell
    return _Child(process, chunk, answer, complaints)


def _finish(child: _Child) -> tuple[_Answer | None, str]:
    """A child's answer; or None and how it died."""
    with child.process as process, child.answer as answer, child.complaints as complaints:
        status = process.wait()
        if status == 0:
            answer.seek(0)
            return marshal.load(answer), ""  # noqa: S302  from our own child
        if status == 1:
            complaints.seek(0)
            last = complaints.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
            message = f"grimp could not be started ({last}); reinstall cycles"
            raise CyclesError(message)
        return None, f"exit status {status}" if status > 0 else f"signal {-status}"


def _is_shadowed(module: ModuleFile) -> bool:
    """Whether grimp would read `a.py` where Python loads `a/__init__.py`."""
    return module.is_package and os.path.isfile(f"{os.path.dirname(module.path)}.py")


def _skipped(module: ModuleFile, failure: _Failure, base: Path) -> Skipped:
    """A failure as a sentence about the file."""
    _, name, message, number = failure
    line_number: int | None = number or None
    reason = f"grimp could not read it: {message[:_SHOWN_MESSAGE]}"
    match name:
        case "died":
            reason = f"the parser crashed on it ({message}): its code nests too deeply"
        case "SourceSyntaxError":
            reason = "invalid syntax"
        case "UnicodeError":
            line_number = _undecodable_line(module.path)
            reason = "its bytes do not fit its declared encoding (UTF-8 unless it says so)"
        case "PanicException" if line := _too_far_up(module):
            line_number = line
            reason = "a relative import that climbs above the top-level package"
        case "FileNotFoundError":
            reason = "the file vanished while it was read"
        case "PermissionError":
            reason = "no permission to read it"
    return Skipped(relative_path(module.path, base), line_number, reason)


def _undecodable_line(path: str) -> int | None:
    try:
        data = Path(path).read_bytes()
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return (
            None
            if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            else data.count(b"\n", 0, error.start) + 1
        )
    except OSError:
        return None
    return None


def _too_far_up(module: ModuleFile) -> int | None:
    """The first line with a relative import that leaves the top-level package."""
    try:
        text = read_text(module.path)
    except (OSError, UnicodeError, SyntaxError):
        return None
    depth = module.name.count(".") + (1 if module.is_package else 0)
    for found in _TOO_FAR_UP.finditer(text):
        if len(found[1]) > depth:
            return text.count("\n", 0, found.start()) + 1
    return None
