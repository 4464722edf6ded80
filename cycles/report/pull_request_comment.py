"""The frame of a comment that a bot makes on a pull request, in GitHub's Markdown: short, and with a marker."""

import re
from collections.abc import Iterator, Sequence

from cycles.report.escape import markdown_code, markdown_sentence, shortened
from cycles.report.format import capital, counted
from cycles.report.notices import Level, Notice, Notices

LONG_NAME, LONG_PATH, LONG_LINE, LONG_SENTENCE = 100, 200, 160, 500
"""Characters that are shown of texts which nobody limits: no honest one is longer."""
_MOST_CHARACTERS = 60_000
"""GitHub takes 65,536, and a bot may want to add a sentence."""
_MOST_LINES = 60
_SHOWN = 5


def marker(command: str, package: str) -> str:
    """Return the hidden line by which a bot finds the comment that it is to replace.

    >>> marker("cycles check", "shop"), marker("cycles check", "a --> b")
    ('<!-- cycles check: shop -->', '<!-- cycles check: a %2d%2d%3e b -->')
    """
    # Two hyphens could end the comment.
    safe = re.sub(r"[^\w ./,-]|-(?!\w)|(?<!\w)-", lambda found: _percent(found[0]), package)
    return f"<!-- {command}: {shortened(safe, LONG_PATH)} -->"


def comment(lines: Sequence[str], about: Sequence[str], folded: Sequence[str], end: str) -> str:
    """Return a comment: some lines, what is folded behind a summary as far as there is room, and the last line."""
    room = _MOST_LINES - len(lines) - len(("", end, "")) - len(("", "summary", "", "", "/details"))
    text = "\n".join((*lines, *_details(about, folded, room), "", end, ""))
    return text if len(text) <= _MOST_CHARACTERS else "\n".join((*lines, "", end, ""))


def code(text: str, most: int = LONG_SENTENCE) -> str:
    """Return text as code, not longer than a comment has room for."""
    return markdown_code(shortened(text, most))


def prose(text: str, most: int = LONG_SENTENCE) -> str:
    """Return a sentence of ours, not longer than a comment has room for; it may begin with a small letter."""
    return markdown_sentence(shortened(text, most))


def as_markdown(found: Notices) -> str:
    """Return what a check found as a comment: the verdict and the first errors, all else folded."""
    errors = found.of(Level.ERROR)
    rest = [*errors[_SHOWN:], *found.of(Level.WARNING), *found.of(Level.NOTE)]
    lines = [marker(found.command, found.package), "", *map(prose, found.said)]
    lines += [""] if errors else []
    lines += [line for notice in errors[:_SHOWN] for line in _item(notice)]
    return comment(
        lines,
        [counted(len(rest), "more notice")],
        [line for notice in rest for line in _item(notice)],
        f"To see this again: {code(found.again)}",
    )


def _item(notice: Notice) -> Iterator[str]:
    where = ""
    if notice.place:
        line = f":{notice.place.line_number}" if notice.place.line_number else ""
        where = f"**{code(f'{notice.place.path}{line}', LONG_PATH)}** "
    way = f" ({notice.chain(lambda name: code(name, LONG_NAME))})" if notice.steps else ""
    yield f"- {where}{prose(notice.text)}{way}"


def _details(about: Sequence[str], items: Sequence[str], room: int) -> Iterator[str]:
    """Yield the items behind a summary, as many lines of them as there is room for."""
    if not items:
        return
    shown = items if len(items) <= room else items[: room - 1]
    yield ""
    yield f"<details><summary>{capital('; '.join(about))}</summary>"
    yield ""
    yield from shown
    if len(items) > len(shown):
        yield f"- … {len(items) - len(shown):,} more"
    yield ""
    yield "</details>"


def _percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
