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
import tokenize
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from cycles.model import CyclesError, Skipped
from cycles.sources.files import ModuleFile, relative_path
from cycles.sources.mentions import Form, Mention

_WORKER = Path(__file__).with_name("worker.py")
_SHOWN_MESSAGE = 120
_COOKIE_REACH = 400
_TOO_FAR_UP = re.compile(r"^[ \t]*from\s+(\.{2,})", re.MULTILINE)

_Failure = tuple[int, str, str, int]
_Request = tuple[list[tuple[str, str]], list[int], dict[int, tuple[str, str]]]
_Answer = tuple[dict[int, list[tuple[int, int, bool]]], list[_Failure]]


def scan(modules: Sequence[ModuleFile], base: Path) -> tuple[list[Mention], list[Skipped]]:
    """Scan all modules with grimp; costs one process, and two more per halving for a file that kills it.

    Returns the imports in no particular order and what was skipped. Raises CyclesError where grimp
    itself cannot be started.
    """
    names = [(module.name, module.folder) for module in modules]
    texts = {
        index: (module.path, read_text(module.path)) for index, module in enumerate(modules) if _is_shadowed(module)
    }
    imports: dict[int, list[tuple[int, int, bool]]] = {}
    failures: list[_Failure] = []
    waiting = [list(range(len(modules)))]
    while waiting:
        chunk = waiting.pop()
        answer, died = _run((names, chunk, {index: texts[index] for index in chunk if index in texts}))
        if answer is not None:
            imports.update(answer[0])
            failures += answer[1]
        elif len(chunk) == 1:
            failures.append((chunk[0], "died", died, 0))
        else:
            half = len(chunk) // 2
            waiting += [chunk[half:], chunk[:half]]
    mentions = [
        Mention(modules[importer].name, modules[imported].name, line_number, Form.LAZY if lazy else Form.PLAIN)
        for importer, found in imports.items()
        for imported, line_number, lazy in found
    ]
    return mentions, [_skipped(modules[failure[0]], failure, base) for failure in failures]


def read_text(path: str) -> str:
    """The source text of a module file, decoded as Python would; raises OSError, UnicodeError or SyntaxError."""
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(codecs.BOM_UTF8) or b"coding" in data[:_COOKIE_REACH]:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        text = data.decode(encoding)
    else:
        text = data.decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_shadowed(module: ModuleFile) -> bool:
    """Whether grimp would read `a.py` where Python loads `a/__init__.py`."""
    return module.is_package and os.path.isfile(f"{os.path.dirname(module.path)}.py")


def _run(
    request: _Request,
) -> tuple[_Answer | None, str]:
    """One child's answer; or None and how it died."""
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as reply, tempfile.TemporaryFile() as errors:
        question.write(marshal.dumps(request))
        question.seek(0)
        command = [sys.executable, "-P", str(_WORKER)]
        child = subprocess.run(command, stdin=question, stdout=reply, stderr=errors, check=False)  # noqa: S603  no shell
        if child.returncode == 0:
            reply.seek(0)
            return marshal.load(reply), ""  # noqa: S302  from our own child
        if child.returncode == 1:
            errors.seek(0)
            last = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
            message = f"grimp could not be started ({last}); reinstall cycles"
            raise CyclesError(message)
        return None, f"exit status {child.returncode}" if child.returncode > 0 else f"signal {-child.returncode}"


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
