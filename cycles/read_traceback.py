"""Read the traceback that somebody pastes: as Python prints it, as pytest does, or its last line alone."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cycles.errors import CyclesError

BEGIN = "Traceback (most recent call last)"
BODY = "<module>"
"""The code of a frame in which the body of a module runs."""

_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<code>.*))?$', re.MULTILINE)
_NAMED_ERROR = r"(?:\w+\.)*\w*(?:Error|Exception|Warning)\b.*$"
_ERROR = re.compile(rf"^{_NAMED_ERROR}", re.MULTILINE)
_CIRCULAR = "most likely due to a circular import"

# What pytest prints: a title between underscores for each failure, and `path:line: in code` for a frame. Of the first
# frame and the last one it may show the source above instead, and end the line with the name of the error, or nothing.
_TITLE = re.compile(r"^_+ \w.* _+$", re.MULTILINE)
_PYTEST_FRAME = re.compile(r"^(?P<path>\S.*?\.py):(?P<line>\d+): ?(?:in (?P<code>.*)|[\w.]*)$", re.MULTILINE)
_PYTEST_ERROR = re.compile(rf"^E +({_NAMED_ERROR})", re.MULTILINE)
_SEPARATOR = re.compile(r"^(?:_ ){3,}_?$", re.MULTILINE)
_CHAINED = re.compile(
    r"^(?:The above exception was the direct cause|During handling of the above exception)", re.MULTILINE
)
_FUNCTION = re.compile(r"[> ] +(?:@|def |async def )")

# What CPython 3.11 to 3.14 says where a module is asked too early.
_ASKED = re.compile(r"partially initialized module '(?P<module>[\w.]+)'")
_SUBMODULE = re.compile(r"cannot access submodule '(?P<name>\w+)' of module '(?P<package>[\w.]+)'")


@dataclass(frozen=True, slots=True)
class Traceback:
    """What Python prints of an exception: its last line, and the frames (path, line, code) from the outermost on.

    `is_whole` says whether it begins where Python begins; without frames only the error is known.
    """

    error: str
    frames: tuple[tuple[str, int, str], ...]
    is_whole: bool = True


def read_traceback(text: str) -> Traceback:
    """Read the last traceback in a text, whatever is around it; raises CyclesError where there is none.

    Of the failures that pytest reports, the first one is taken that a circular import has caused.
    """
    start = text.rfind(BEGIN)
    last = text[max(start, 0) :]
    frames = [(found["path"], int(found["line"]), found["code"] or BODY) for found in _FRAME.finditer(last)]
    if frames:
        errors = [found[0] for found in _ERROR.finditer(last)]
        return Traceback(errors[-1] if errors else "", tuple(frames), is_whole=start >= 0)
    if by_pytest := _read_pytest(text):
        return by_pytest
    for line in text.splitlines():
        if _CIRCULAR in line and module_asked(line):
            return Traceback(line.removeprefix("E ").strip(), (), is_whole=False)
    raise CyclesError("there is no traceback on stdin; paste it whole, from `Traceback` to the error")


def module_asked(error: str) -> str | None:
    """Return the module that an error says is asked for something too early; None where it says no such thing.

    >>> module_asked("cannot access submodule 'a' of module 'shop' (most likely due to a circular import)")
    'shop.a'
    """
    if found := _ASKED.search(error):
        return found["module"]
    if found := _SUBMODULE.search(error):
        return f"{found['package']}.{found['name']}"
    return None


def _read_pytest(text: str) -> Traceback | None:
    """Read what pytest prints of failures: the first that a circular import causes, or the last."""
    starts = [0, *(found.start() for found in _TITLE.finditer(text)), len(text)]
    failures = [
        (errors[-1], frames)
        for start, end in itertools.pairwise(starts)
        for section in [_CHAINED.split(text[start:end])[-1]]
        if (errors := _PYTEST_ERROR.findall(section)) and (frames := tuple(_pytest_frames(section)))
    ]
    if not failures:
        return None
    return Traceback(*next((failure for failure in failures if _CIRCULAR in failure[0]), failures[-1]))


def _pytest_frames(section: str) -> Iterator[tuple[str, int, str]]:
    """Yield the frames of one failure; where source is shown, it begins with the `def` of a function."""
    shown_from = 0
    for found in _PYTEST_FRAME.finditer(section):
        source = _SEPARATOR.split(section[shown_from : found.start()])[-1]
        lines = [line for line in source.splitlines() if line.startswith((">", "  "))]
        is_function = bool(lines and _FUNCTION.match(lines[0]))
        yield found["path"], int(found["line"]), found["code"] or ("a function" if is_function else BODY)
        shown_from = found.end()
