"""Write what `cycles check` found as workflow commands, which GitHub shows as annotations beside the code."""

from collections.abc import Iterator, Mapping

from cycles.check.values import Change, Finding
from cycles.report.check_words import (
    command,
    instead,
    last_line,
    message,
    not_compared,
    outcome,
    seen_from,
    title,
    verdicts,
)
from cycles.report.format import clean, counted

_MOST = 10
"""GitHub shows no more annotations of a level for a step."""
_TITLE = "cycles check"


def check_as_github(change: Change, workspace: str | None = None) -> str:
    """Return the verdict, then a command for each import to blame, and for all else that somebody should know.

    Paths are as seen from the `workspace`, the folder of the repository.
    """
    errors = [_annotation("error", found, change, workspace) for found in change.findings if found.is_error]
    notes = [_annotation("notice", found, change, workspace) for found in change.findings if not found.is_error]
    warnings = [*_unread(change, workspace), *_stale(change, workspace)]
    if sentence := not_compared(change.before):
        warnings.insert(0, workflow_command("warning", {"title": _TITLE}, sentence))
    said = [f"Import cycles: {outcome(change)}. {sentence}." for sentence in verdicts(change)]
    if not errors and not change.passed:
        errors = [workflow_command("error", {"title": _TITLE}, " ".join(said))]
    shown = [*errors[:_MOST], *warnings[:_MOST], *notes[: _MOST - 1]]
    hidden = len(errors) + len(warnings) + len(notes) - len(shown)
    if hidden:
        rest = f"{counted(hidden, 'more line')} of this kind: {command(change)}"
        shown.append(workflow_command("notice", {"title": _TITLE}, rest))
    return "".join(f"{line}\n" for line in (*said, *shown))


def workflow_command(name: str, properties: Mapping[str, str], text: str) -> str:
    r"""Return a workflow command, escaped as GitHub's own toolkit escapes it.

    >>> workflow_command("error", {"file": "a,b.py", "line": "3"}, "100%\nsure")
    '::error file=a%2Cb.py,line=3::100%25%0Asure'
    """
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(text)}"


def _annotation(level: str, finding: Finding, change: Change, workspace: str | None) -> str:
    statement = finding.imports[0]
    place = {
        "file": seen_from(workspace, statement.path, change),
        "line": str(statement.line_number),
        "endLine": str(last_line(change, statement)),
        "title": title(finding),
    }
    fix = instead(finding)
    return workflow_command(level, place, message(finding) + (f"\nInstead: {fix}" if fix else ""))


def _unread(change: Change, workspace: str | None) -> Iterator[str]:
    for file in change.unread:
        line = {} if file.line_number is None else {"line": str(file.line_number)}
        place = {"file": seen_from(workspace, file.path, change), **line, "title": "Not read"}
        yield workflow_command("warning", place, f"what it imports is not known: {file.reason}")


def _stale(change: Change, workspace: str | None) -> Iterator[str]:
    for line in change.stale:
        text = f"nothing needs this line any more: {line}\nTo take it out: {command(change, '--update')}"
        place = {"file": seen_from(workspace, change.before.name, change), "title": "Stale baseline"}
        yield workflow_command("warning", place, text)


def _data(text: str) -> str:
    return clean(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
