"""What a check says to programs that show it next to the code: values that all formats are written from, and GitHub's.

Workflow commands are what GitHub shows as annotations.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from cycles.model import Analysis
from cycles.report.format import chain, clean, counted
from cycles.source.text import UnreadableError


class Level(StrEnum):
    """How much a notice matters."""

    ERROR = "error"
    """It makes the check fail."""
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; the module that the file is, and the source line, where they are known."""

    path: str
    line_number: int | None = None
    end_line_number: int | None = None
    module: str = ""
    contents: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a check found.

    Attributes:
        level: how much it matters.
        title: what it is, in a few words.
        text: the same in a sentence that ends without a full stop.
        place: where it is; None where it is nowhere.
        rule: the identifier of the rule that is broken; "" where it is about the check itself.
        steps: the imports that lead to it, in order.
        end: the module that the last step imports.
        advice: what to do about it; "" where nothing is known.
        identity: what stays the same when lines move.
        is_new: whether it was not there before; None where there is nothing to compare with.
    """

    level: Level
    title: str
    text: str
    place: Place | None = None
    rule: str = ""
    steps: tuple[Place, ...] = ()
    end: str = ""
    advice: str = ""
    identity: tuple[str, ...] = ()
    is_new: bool | None = None

    def chain(self, shown: Callable[[str], str] = clean) -> str:
        """Return the modules on the way; "" where there are no steps."""
        return chain((*(step.module for step in self.steps), self.end), shown) if self.steps else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that notices are about; `meaning` and `remedy` are whole sentences."""

    name: str
    title: str
    meaning: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Notices:
    """All that a check says.

    Attributes:
        command: the command that checked, such as "cycles check".
        package: what it checked.
        said: the verdict, as whole sentences.
        passed: whether it is a good one.
        rules: the rules that were checked.
        found: what was found, in the order to show it in.
        again: the command line that checks again.
    """

    command: str
    package: str
    said: tuple[str, ...]
    passed: bool
    rules: tuple[Rule, ...]
    found: tuple[Notice, ...]
    again: str

    def of(self, level: Level) -> tuple[Notice, ...]:
        """Return the notices of one level."""
        return tuple(notice for notice in self.found if notice.level is level)


@dataclass(frozen=True, slots=True)
class Repository:
    """The folder that services know the files of an analysis by; None where it is the one of the analysis."""

    analysis: Analysis
    folder: str | None = None

    def place(self, path: str, line_number: int | None = None, module: str = "", contents: str = "") -> Place:
        """Return a place as seen from the folder, where it lies in that."""
        whole = PurePath(self.analysis.project, path)
        if self.folder and whole.is_relative_to(self.folder):
            path = whole.relative_to(self.folder).as_posix()
        return Place(path, line_number, self._last_line(module, line_number), module, contents)

    def _last_line(self, module: str, line_number: int | None) -> int | None:
        """The last line of the import statement that begins on a line; the same where the file cannot be had."""
        if line_number is None:
            return None
        try:
            return max(self.analysis.sources.file(module).last_line_of_import(line_number), line_number)
        except (KeyError, UnreadableError):
            return line_number


_MOST = 10
"""GitHub shows no more annotations of a level for a step."""
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def as_github(found: Notices) -> str:
    """Return the verdict, then a command for each notice, errors first; where some are left out, how many."""
    errors, warnings, notes = found.of(Level.ERROR), found.of(Level.WARNING), found.of(Level.NOTE)
    if not errors and not found.passed:
        errors = (Notice(Level.ERROR, found.command, " ".join(found.said)),)
    shown = [*errors[:_MOST], *warnings[:_MOST], *notes[: _MOST - 1]]
    if hidden := len(errors) + len(warnings) + len(notes) - len(shown):
        shown.append(Notice(Level.NOTE, found.command, f"{counted(hidden, 'more notice')}: {found.again}"))
    return "".join(f"{line}\n" for line in (*map(clean, found.said), *map(_annotation, shown)))


def workflow_command(name: str, properties: Mapping[str, str], text: str) -> str:
    r"""Return a workflow command, escaped as GitHub's own toolkit escapes it.

    >>> workflow_command("error", {"file": "a,b.py", "line": "3"}, "100%\nsure")
    '::error file=a%2Cb.py,line=3::100%25%0Asure'
    """
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(text)}"


def _annotation(notice: Notice) -> str:
    place = notice.place
    where = {} if place is None else {"file": place.path}
    if place and place.line_number is not None:
        where |= {"line": str(place.line_number), "endLine": str(place.end_line_number or place.line_number)}
    text = "\n".join(filter(None, (notice.text, notice.chain(), notice.advice)))
    return workflow_command(_LEVELS[notice.level], {**where, "title": notice.title}, text)


def _data(text: str) -> str:
    return clean(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
