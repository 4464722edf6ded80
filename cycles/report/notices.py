"""What a check says to programs that show it next to the code: the values that all such formats are written from."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from cycles.model import Analysis
from cycles.report.format import chain, clean
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
