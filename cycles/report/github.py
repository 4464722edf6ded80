"""Write what a check found as workflow commands, which GitHub shows as annotations next to the code."""

from collections.abc import Mapping

from cycles.report.format import clean, counted
from cycles.report.notices import Level, Notice, Notices

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
