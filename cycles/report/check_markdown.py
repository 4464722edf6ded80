"""Comments that bots make on a pull request, in GitHub's Markdown, short and with a marker: that of `cycles check`."""

import re
from collections.abc import Iterator, Sequence

from cycles.check.findings import Change, Finding
from cycles.report.check_words import (
    around,
    circle,
    command,
    compared_with,
    crashes,
    instead,
    not_compared,
    outcome,
    verdicts,
    what_became,
)
from cycles.report.escape import markdown_code, markdown_sentence, mermaid, shortened
from cycles.report.notices import Level, Notice, Notices
from cycles.report.wording import capital, common_prefix, counted, names, short
from cycles.source.import_values import Import
from cycles.source.module_names import cycle_pairs

_LONG_NAME, _LONG_PATH, _LONG_LINE, _LONG_SENTENCE = 100, 200, 160, 500
"""Characters that are shown of texts which nobody limits: no honest one is longer."""
_MOST_CHARACTERS = 60_000
"""GitHub takes 65,536, and a bot may want to add a sentence."""
_MOST_LINES = 60
_SHOWN = 5
_SHOWN_NAMES = 6
_MOST_BOXES = 12
"""A larger picture is not read in passing."""
_RED = "#E5534B"
"""It has a contrast of more than 3 both on white and on GitHub's dark grey."""


def check_as_markdown(change: Change, picture: str = "") -> str:
    """Return the comment: the verdict, the imports to blame, a picture of their cycles; the rest folded.

    A `picture` of the change that somebody made takes the place of that of the cycles.
    """
    compared = change.before.kind != "nothing"
    errors = [finding for finding in change.findings if finding.is_error]
    notes = [finding for finding in change.findings if not finding.is_error]
    lines = [
        marker("cycles check", _about(change)),
        *_said(change),
        *(line for sentence in crashes(change) for line in ("", f"**{capital(_prose(sentence))}.**")),
        *_unread(change),
        *_not_compared(change),
    ]
    lines += [""] if errors else []
    lines += [line for finding in errors[:_SHOWN] for line in _finding(finding, change.analysis.node, "\\")]
    lines += ["", *picture.splitlines()] if picture else _picture(errors, compared=compared)
    folded = [line for finding in (*errors[_SHOWN:], *notes) for line in _finding(finding, change.analysis.node, "")]
    told = [*_what_became(change)]
    folded += [*told, *_stale(change)]
    more = len(errors) - min(len(errors), _SHOWN)
    # With nothing to compare with, there is one import a component.
    what = ("more import to blame", "more imports to blame") if compared else ("more component", "more components")
    about = [counted(more, *what)] if more else []
    makes = "that makes" if len(notes) == 1 else "that make"
    about += [f"{counted(len(notes), 'added import')} {makes} nothing worse"] if notes else []
    about += [f"what became of components and {change.analysis.node}s"] if told else []
    about += [counted(len(change.stale), "line") + " of the baseline that nothing needs"] if change.stale else []
    return _comment(lines, about, folded, _sub(change))


def _about(change: Change) -> str:
    """Return what tells a comment from others: one about groups of modules is kept next to one about modules."""
    analysis = change.analysis
    return f"{analysis.package} by {' '.join(analysis.by.words)}" if analysis.by else analysis.package


def _said(change: Change) -> Iterator[str]:
    """Yield the verdict: a paragraph, or where there are several graphs a list."""
    sentences = [_prose(sentence) for sentence in verdicts(change)]
    head = f"**Import cycles: {outcome(change)}.**"
    yield ""
    if len(sentences) == 1 and outcome(change) == "none":
        yield f"**{capital(sentences[0])}.**"
        return
    if len(sentences) == 1:
        yield f"{head} {capital(sentences[0])}."
        return
    yield head
    yield ""
    yield from (f"- {sentence}." for sentence in sentences)


def _unread(change: Change) -> Iterator[str]:
    if not change.unread:
        return
    first = change.unread[0]
    where = first.path if first.line_number is None else f"{first.path}:{first.line_number}"
    more = f", and {counted(len(change.unread) - 1, 'more file')}" if len(change.unread) > 1 else ""
    yield ""
    yield f"**Not read:** {code(where, _LONG_PATH)} ({_prose(first.reason)}){more}. What it imports is not known."


def _not_compared(change: Change) -> Iterator[str]:
    if sentence := not_compared(change.before):
        yield ""
        yield f"{capital(_prose(sentence))}."


def _finding(finding: Finding, node: str, newline: str) -> Iterator[str]:
    """Yield an import and its cycle as an item of a list; on one line where there is no `newline`."""
    prefix = common_prefix(finding.cycle)
    cycle = "a cycle"
    if finding.cycle:
        cycle = circle(finding.cycle, lambda name: code(short(name, prefix), _LONG_NAME))
    closes = "closes" if finding.is_error else "lies on"
    parts = [f"{closes} {cycle}{_prose(around(finding, node))}"]
    if fix := instead(finding):
        parts.append(f"instead: {_prose(fix)}")
    parts = [f"- {_statement(finding.imports[0])}", *parts]
    if newline:
        yield from (f"{'  ' if number else ''}{part}{newline}" for number, part in enumerate(parts[:-1]))
        yield f"  {parts[-1]}"
    else:
        yield f"{parts[0]}: {'; '.join(parts[1:])}"


def _statement(statement: Import) -> str:
    where = shortened(f"{statement.path}:{statement.line_number}", _LONG_PATH)
    return f"**{markdown_code(where)}** {code(statement.line_contents.strip(), _LONG_LINE)}"


def _what_became(change: Change) -> Iterator[str]:
    """Yield what became of components and modules; with nothing to compare with, nothing."""
    for found in change.graphs:
        yield from (_item(f"{found.graph}: {sentence}.") for sentence in what_became(change, found, _SHOWN_NAMES))
    if change.renamed:
        yield _item(f"renamed: {names([f'{old} → {new}' for old, new in change.renamed])}.")


def _stale(change: Change) -> Iterator[str]:
    for line in change.stale:
        yield f"- nothing needs this line of the baseline any more: {code(line)}"
    if change.stale:
        yield f"- to take it out: {code(command(change, '--update'))}"


def _item(sentence: str) -> str:
    return f"- {_prose(sentence)}"


def _sub(change: Change) -> str:
    """Return how to see this again, on the last line."""
    compared = _prose(compared_with(change.before), _LONG_PATH)
    again = f"To see this again: {code(command(change))}"
    return f"{capital(compared)}. {again}" if compared else again


def _picture(findings: Sequence[Finding], *, compared: bool) -> Iterator[str]:
    """Yield the shortest cycles of the first findings as a Mermaid chart: as many as can be read in passing."""
    of_graph = [finding for finding in findings if finding.cycle and finding.graph is findings[0].graph]
    chosen: list[Finding] = []
    boxes: dict[str, str] = {}
    for finding in of_graph:
        further = dict.fromkeys((*boxes, *finding.cycle))
        if len(further) <= _MOST_BOXES:
            chosen.append(finding)
            boxes = {name: f"n{number}" for number, name in enumerate(further)}
    if not chosen:
        return
    prefix = common_prefix(boxes)
    red = {(finding.cycle[0], finding.cycle[1]) for finding in of_graph}
    drawn = list(dict.fromkeys(edge for finding in chosen for edge in cycle_pairs(finding.cycle)))
    labels = [f'{box}["{mermaid(shortened(short(name, prefix), _LONG_NAME))}"]' for name, box in boxes.items()]
    arrows = [f"{boxes[a]} {'==>' if (a, b) in red else '-->'} {boxes[b]}" for a, b in drawn]
    yield from ("", "```mermaid", "flowchart LR", f"  {'; '.join(labels)}", f"  {'; '.join(arrows)}")
    numbers = [str(number) for number, edge in enumerate(drawn) if edge in red]
    yield f"  linkStyle {','.join(numbers)} stroke:{_RED},stroke-width:4px"
    which = "to blame" if compared else "that are easiest to cut"
    yield from ("```", "", f"Thick and red: the imports {which}.")


def marker(command: str, package: str) -> str:
    """Return the hidden line by which a bot finds the comment that it is to replace.

    >>> marker("cycles check", "shop"), marker("cycles check", "a --> b")
    ('<!-- cycles check: shop -->', '<!-- cycles check: a %2d%2d%3e b -->')
    """
    # Two hyphens could end the comment.
    safe = re.sub(r"[^\w ./,-]|-(?!\w)|(?<!\w)-", lambda found: _percent(found[0]), package)
    return f"<!-- {command}: {shortened(safe, _LONG_PATH)} -->"


def _comment(lines: Sequence[str], about: Sequence[str], folded: Sequence[str], end: str) -> str:
    """Return a comment: some lines, what is folded behind a summary as far as there is room, and the last line."""
    room = _MOST_LINES - len(lines) - len(("", end, "")) - len(("", "summary", "", "", "/details"))
    text = "\n".join((*lines, *_details(about, folded, room), "", end, ""))
    return text if len(text) <= _MOST_CHARACTERS else "\n".join((*lines, "", end, ""))


def code(text: str, most: int = _LONG_SENTENCE) -> str:
    """Return text as code, not longer than a comment has room for."""
    return markdown_code(shortened(text, most))


def _prose(text: str, most: int = _LONG_SENTENCE) -> str:
    """Return a sentence of ours, not longer than a comment has room for; it may begin with a small letter."""
    return markdown_sentence(shortened(text, most))


def as_markdown(found: Notices) -> str:
    """Return what a check found as a comment: the verdict and the first errors, all else folded."""
    errors = found.of(Level.ERROR)
    rest = [*errors[_SHOWN:], *found.of(Level.WARNING), *found.of(Level.NOTE)]
    lines = [marker(found.command, found.package), "", *map(_prose, found.said)]
    lines += [""] if errors else []
    lines += [line for notice in errors[:_SHOWN] for line in _notice(notice)]
    return _comment(
        lines,
        [counted(len(rest), "more notice")],
        [line for notice in rest for line in _notice(notice)],
        f"To see this again: {code(found.again)}",
    )


def _notice(notice: Notice) -> Iterator[str]:
    where = ""
    if notice.place:
        line = f":{notice.place.line_number}" if notice.place.line_number else ""
        where = f"**{code(f'{notice.place.path}{line}', _LONG_PATH)}** "
    way = f" ({notice.chain(lambda name: code(name, _LONG_NAME))})" if notice.steps else ""
    yield f"- {where}{_prose(notice.text)}{way}"


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
