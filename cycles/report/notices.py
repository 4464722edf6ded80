"""What a check says to programs that show it next to the code: on GitHub, and as SARIF 2.1.0."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import quote

from cycles import __version__
from cycles.model import Analysis
from cycles.report.wording import chain, clean, counted
from cycles.source.file_text import UnreadableError

_Json = Mapping[str, object]
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"


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
    given = {key: _data(value).replace(":", "%3A").replace(",", "%2C") for key, value in properties.items()}
    return f"::{name} {','.join(f'{key}={value}' for key, value in given.items())}::{_data(text)}"


def _annotation(notice: Notice) -> str:
    place = notice.place
    where = {} if place is None else {"file": place.path}
    if place and place.line_number is not None:
        where |= {"line": str(place.line_number), "endLine": str(place.end_line_number or place.line_number)}
    text = "\n".join(filter(None, (notice.text, notice.chain(), notice.advice)))
    return workflow_command(_LEVELS[notice.level], {**where, "title": notice.title}, text)


def _data(text: str) -> str:
    return clean(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def as_sarif(found: Notices) -> str:
    """Return a log of one run, with a result for each notice that breaks a rule; in ASCII alone, it ends in a newline.

    Notices about the check itself are notifications of the tool. See
    https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
    """
    rules = [rule.name for rule in found.rules]
    notifications = [_notification(notice) for notice in found.found if not notice.rule]
    run = {
        "tool": {"driver": {"name": "cycles", "version": __version__, "rules": [*map(_rule, found.rules)]}},
        # The packages are part of it: results of one do not replace those of another.
        "automationDetails": {"id": f"{found.command}/{_quoted(found.package, safe='')}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the repository."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "python",
        "results": [_result(notice, rules.index(notice.rule)) for notice in found.found if notice.rule],
        "properties": {"verdict": [clean(sentence) for sentence in found.said]},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> _Json:
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.replace("/", "-").split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": f"{rule.meaning} {rule.remedy}"},
        "defaultConfiguration": {"level": "error"},
    }


def _result(notice: Notice, rule: int) -> _Json:
    from hashlib import sha256  # noqa: PLC0415  every command loads this module, for 3 ms more with OpenSSL

    following = [*(step.module for step in notice.steps[1:]), notice.end]
    steps = [
        _location(step, f"imports {clean(name)}")
        for step, name in zip(notice.steps, following, strict=bool(notice.steps))
    ]
    return {
        "ruleId": notice.rule,
        "ruleIndex": rule,
        "level": notice.level,
        "message": {"text": _message(notice)},
        **({"locations": [_location(notice.place)]} if notice.place else {}),
        "relatedLocations": [{"id": number, **step} for number, step in enumerate(steps, 1)],
        **({"codeFlows": [{"threadFlows": [{"locations": [{"location": step} for step in steps]}]}]} if steps else {}),
        # Lines move: a result is the same as long as its modules have their names.
        "partialFingerprints": {
            "cycles/v1": sha256("\0".join(notice.identity).encode("utf-8", "surrogatepass")).hexdigest()
        },
        **({} if notice.is_new is None else {"baselineState": "new" if notice.is_new else "unchanged"}),
    }


def _message(notice: Notice) -> str:
    """Return the message, in which each module on the way is a link to the import that it makes."""
    links = [f"[{_escaped(step.module)}]({number})" for number, step in enumerate(notice.steps, 1)]
    way = f": {' → '.join([*links, _escaped(notice.end)])}" if links else ""
    return f"{_escaped(notice.text)}{way}." + (f" {_escaped(notice.advice)}." if notice.advice else "")


def _notification(notice: Notice) -> _Json:
    place = {"locations": [_location(notice.place)]} if notice.place else {}
    return {"level": notice.level, "message": {"text": f"{_escaped(f'{notice.title}: {notice.text}')}."}, **place}


def _location(place: Place, message: str = "") -> _Json:
    lines = {"startLine": place.line_number, "endLine": place.end_line_number or place.line_number}
    region = {**lines, **({"snippet": {"text": clean(place.contents)}} if place.contents else {})}
    module = [{"fullyQualifiedName": clean(place.module), "kind": "module"}]
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(place.path),
            **({"region": region} if place.line_number else {}),
        },
        **({"logicalLocations": module} if place.module else {}),
        **({"message": {"text": _escaped(message)}} if message else {}),
    }


def _artifact(path: str) -> _Json:
    """Return where a file is; one outside of the repository has an absolute path."""
    if PurePath(path).is_absolute():
        return {"uri": f"file:///{_quoted(path.lstrip('/'))}"}
    return {"uri": _quoted(path), "uriBaseId": _ROOT}


def _quoted(text: str, safe: str = "/") -> str:
    return quote(text, safe=safe, errors="backslashreplace")


def _escaped(text: str) -> str:
    """Return text as a message has it: brackets would begin a link there, braces a placeholder."""
    plain = clean(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return plain.replace("{", "{{").replace("}", "}}")
