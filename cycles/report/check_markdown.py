"""Write what `cycles check` found as a comment on a pull request, in GitHub's Markdown."""

import re
from collections.abc import Iterator, Sequence

from cycles.check.values import Change, Finding
from cycles.report.check_words import (
    around,
    became,
    circle,
    command,
    compared_with,
    instead,
    not_compared,
    outcome,
    verdicts,
)
from cycles.report.escape import markdown_code, markdown_sentence, mermaid, shortened
from cycles.report.format import common_prefix, counted, short
from cycles.source.values import Import

_MOST_CHARACTERS = 60_000
"""GitHub takes 65,536, and a bot may want to add a sentence."""
_MOST_LINES = 60
_SHOWN_FINDINGS = 5
_MOST_BOXES = 12
"""A larger picture is not read in passing."""
_LONG_NAME, _LONG_PATH, _LONG_LINE, _LONG_SENTENCE = 100, 200, 160, 500
"""Characters that are shown of texts which nobody limits: no honest one is longer."""
_RED = "#E5534B"
"""It has a contrast of more than 3 both on white and on GitHub's dark grey."""


def marker(package: str) -> str:
    """Return the hidden line by which a bot finds the comment that it is to replace.

    >>> marker("shop"), marker("a --> b")
    ('<!-- cycles check: shop -->', '<!-- cycles check: a %2d%2d%3e b -->')
    """
    # Two hyphens could end the comment.
    safe = re.sub(
        r"[^\w ./,-]|-(?!\w)|(?<!\w)-", lambda found: "".join(f"%{byte:02x}" for byte in _bytes(found[0])), package
    )
    return f"<!-- cycles check: {shortened(safe, _LONG_PATH)} -->"


def check_as_markdown(change: Change) -> str:
    """Return the comment: the verdict, the imports to blame, a picture of their cycles; the rest folded."""
    errors = [finding for finding in change.findings if finding.is_error]
    notes = [finding for finding in change.findings if not finding.is_error]
    lines = [marker(change.analysis.package), *_said(change), *_unread(change), *_not_compared(change)]
    lines += [""] if errors else []
    lines += [line for finding in errors[:_SHOWN_FINDINGS] for line in _finding(finding, "\\")]
    lines += _picture(errors, compared=change.before.kind != "nothing")
    folded = [line for finding in errors[_SHOWN_FINDINGS:] for line in _finding(finding, "")]
    folded += [line for finding in notes for line in _finding(finding, "")]
    folded += [_item(f"{found.graph}: {became(event)}.") for found in change.graphs for event in found.events]
    folded += _stale(change)
    more = len(errors) - min(len(errors), _SHOWN_FINDINGS)
    about = [counted(more, "more import to blame", "more imports to blame")] if more else []
    about += [counted(len(notes), "added import", "added imports") + " that make nothing worse"] if notes else []
    about += ["what became of the components"] if any(found.events for found in change.graphs) else []
    about += [counted(len(change.stale), "line") + " of the baseline that nothing needs"] if change.stale else []
    end = ["", _sub(change), ""]
    room = _MOST_LINES - len(lines) - len(end) - 5
    return _fitting(lines, [*_details(about, folded, room)], end)


def _fitting(lines: Sequence[str], details: Sequence[str], end: Sequence[str]) -> str:
    """Return the lines as one text, without the details where these are too much for a comment."""
    text = "\n".join((*lines, *details, *end))
    return text if len(text) <= _MOST_CHARACTERS else "\n".join((*lines, *end))


def _said(change: Change) -> Iterator[str]:
    """Yield the verdict: a paragraph, or where there are several graphs a list."""
    sentences = [markdown_sentence(shortened(sentence, _LONG_SENTENCE)) for sentence in verdicts(change)]
    head = f"**Import cycles: {outcome(change)}.**"
    yield ""
    if len(sentences) == 1 and outcome(change) == "none":
        yield f"**{_capital(sentences[0])}.**"
        return
    if len(sentences) == 1:
        yield f"{head} {_capital(sentences[0])}."
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
    yield (
        f"**Not read:** {markdown_code(shortened(where, _LONG_PATH))} "
        f"({markdown_sentence(shortened(first.reason, _LONG_SENTENCE))}){more}. What it imports is not known."
    )


def _not_compared(change: Change) -> Iterator[str]:
    if sentence := not_compared(change.before):
        yield ""
        yield f"{_capital(markdown_sentence(shortened(sentence, _LONG_SENTENCE)))}."


def _finding(finding: Finding, newline: str) -> Iterator[str]:
    """Yield an import and its cycle as an item of a list; on one line where there is no `newline`."""
    prefix = common_prefix(finding.cycle)
    cycle = "a cycle"
    if finding.cycle:
        cycle = circle(finding.cycle, lambda name: markdown_code(shortened(short(name, prefix), _LONG_NAME)))
    closes = "closes" if finding.is_error else "lies on"
    parts = [f"{closes} {cycle}{markdown_sentence(around(finding))}"]
    if fix := instead(finding):
        parts.append(f"instead: {markdown_sentence(shortened(fix, _LONG_SENTENCE))}")
    parts = [f"- {_statement(finding.imports[0])}", *parts]
    if newline:
        yield from (f"{'  ' if number else ''}{part}{newline}" for number, part in enumerate(parts[:-1]))
        yield f"  {parts[-1]}"
    else:
        yield f"{parts[0]}: {'; '.join(parts[1:])}"


def _statement(statement: Import) -> str:
    where = shortened(f"{statement.path}:{statement.line_number}", _LONG_PATH)
    return f"**{markdown_code(where)}** {markdown_code(shortened(statement.line_contents.strip(), _LONG_LINE))}"


def _stale(change: Change) -> Iterator[str]:
    for line in change.stale:
        yield f"- nothing needs this line of the baseline any more: {markdown_code(shortened(line, _LONG_SENTENCE))}"
    if change.stale:
        yield f"- to take it out: {markdown_code(shortened(command(change, '--update'), _LONG_SENTENCE))}"


def _item(sentence: str) -> str:
    return f"- {markdown_sentence(shortened(sentence, _LONG_SENTENCE))}"


def _details(about: Sequence[str], items: Sequence[str], room: int) -> Iterator[str]:
    """Yield the items behind a summary, as many lines of them as there is room for."""
    if not items:
        return
    shown = items if len(items) <= room else items[: room - 1]
    yield ""
    yield f"<details><summary>{_capital('; '.join(about))}</summary>"
    yield ""
    yield from shown
    if len(items) > len(shown):
        yield f"- … {len(items) - len(shown):,} more"
    yield ""
    yield "</details>"


def _sub(change: Change) -> str:
    """Return how to see this again, on the last line."""
    compared = markdown_sentence(shortened(compared_with(change.before), _LONG_PATH))
    again = f"To see this again: {markdown_code(shortened(command(change), _LONG_SENTENCE))}"
    return f"{_capital(compared)}. {again}" if compared else again


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
    drawn: dict[tuple[str, str], None] = {}
    named: set[str] = set()

    def box(name: str) -> str:
        if name in named:
            return boxes[name]
        named.add(name)
        return f'{boxes[name]}["{mermaid(shortened(short(name, prefix), _LONG_NAME))}"]'

    yield from ("", "```mermaid", "flowchart LR")
    for finding in chosen:
        edges = zip(finding.cycle, (*finding.cycle[1:], finding.cycle[0]), strict=True)
        fresh = [edge for edge in edges if edge not in drawn]
        drawn |= dict.fromkeys(fresh)
        if fresh:
            arrows = [f"{box(a)} {'==>' if (a, b) in red else '-->'} {box(b)}" for a, b in fresh]
            yield f"  {'; '.join(arrows)}"
    numbers = [str(number) for number, edge in enumerate(drawn) if edge in red]
    yield f"  linkStyle {','.join(numbers)} stroke:{_RED},stroke-width:4px"
    which = "to blame" if compared else "that are easiest to cut"
    yield from ("```", "", f"Thick and red: the imports {which}.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
