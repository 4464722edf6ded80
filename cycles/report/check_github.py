"""Write what `cycles check` found as workflow commands, which GitHub shows as annotations beside the code."""

from collections.abc import Iterator, Mapping

from cycles.check.values import Change, Finding
from cycles.report.check_words import command, instead, last_line, message, outcome, title, verdicts
from cycles.report.format import clean, counted

_MOST = 10
"""GitHub shows no more annotations of a level for a step."""
_TITLE = "cycles check"


def check_as_github(change: Change) -> str:
    """Return the verdict, then a command for each import to blame, and for all else that somebody should know."""
    errors = [_annotation("error", found, change) for found in change.findings if found.is_error]
    notes = [_annotation("notice", found, change) for found in change.findings if not found.is_error]
    warnings = [*_unread(change), *_stale(change)]
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


def _annotation(level: str, finding: Finding, change: Change) -> str:
    statement = finding.imports[0]
    place = {
        "file": statement.path,
        "line": str(statement.line_number),
        "endLine": str(last_line(change, statement)),
        "title": title(finding),
    }
    fix = instead(finding)
    return workflow_command(level, place, message(finding) + (f"\nInstead: {fix}" if fix else ""))


def _unread(change: Change) -> Iterator[str]:
    for file in change.unread:
        line = {} if file.line_number is None else {"line": str(file.line_number)}
        place = {"file": file.path, **line, "title": "Not read"}
        yield workflow_command("warning", place, f"what it imports is not known: {file.reason}")


def _stale(change: Change) -> Iterator[str]:
    for line in change.stale:
        text = f"nothing needs this line any more: {line}\nTo take it out: {command(change, '--update')}"
        yield workflow_command("warning", {"file": change.before.name, "title": "Stale baseline"}, text)


def _data(text: str) -> str:
    return clean(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
