"""Write what `cycles check` found as a comment on a pull request, in GitHub's Markdown."""

from collections.abc import Iterator, Sequence

from cycles.check.changes import Change, Finding
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
from cycles.report.escape import markdown_code, mermaid, shortened
from cycles.report.format import capital, common_prefix, counted, names, short
from cycles.report.pull_request_comment import LONG_LINE, LONG_NAME, LONG_PATH, code, comment, marker, prose
from cycles.source.imports import Import
from cycles.source.names import cycle_pairs

_SHOWN_FINDINGS = 5
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
        *_unread(change),
        *_not_compared(change),
    ]
    lines += [""] if errors else []
    lines += [line for finding in errors[:_SHOWN_FINDINGS] for line in _finding(finding, change.analysis.node, "\\")]
    lines += ["", *picture.splitlines()] if picture else _picture(errors, compared=compared)
    folded = [
        line for finding in (*errors[_SHOWN_FINDINGS:], *notes) for line in _finding(finding, change.analysis.node, "")
    ]
    told = [*_what_became(change)]
    folded += [*told, *_stale(change)]
    more = len(errors) - min(len(errors), _SHOWN_FINDINGS)
    # With nothing to compare with, there is one import a component.
    what = ("more import to blame", "more imports to blame") if compared else ("more component", "more components")
    about = [counted(more, *what)] if more else []
    makes = "that makes" if len(notes) == 1 else "that make"
    about += [f"{counted(len(notes), 'added import')} {makes} nothing worse"] if notes else []
    about += [f"what became of components and {change.analysis.node}s"] if told else []
    about += [counted(len(change.stale), "line") + " of the baseline that nothing needs"] if change.stale else []
    return comment(lines, about, folded, _sub(change))


def _about(change: Change) -> str:
    """Return what tells a comment from others: one about groups of modules is kept next to one about modules."""
    analysis = change.analysis
    return f"{analysis.package} by {' '.join(analysis.by.words)}" if analysis.by else analysis.package


def _said(change: Change) -> Iterator[str]:
    """Yield the verdict: a paragraph, or where there are several graphs a list."""
    sentences = [prose(sentence) for sentence in verdicts(change)]
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
    yield f"**Not read:** {code(where, LONG_PATH)} ({prose(first.reason)}){more}. What it imports is not known."


def _not_compared(change: Change) -> Iterator[str]:
    if sentence := not_compared(change.before):
        yield ""
        yield f"{capital(prose(sentence))}."


def _finding(finding: Finding, node: str, newline: str) -> Iterator[str]:
    """Yield an import and its cycle as an item of a list; on one line where there is no `newline`."""
    prefix = common_prefix(finding.cycle)
    cycle = "a cycle"
    if finding.cycle:
        cycle = circle(finding.cycle, lambda name: code(short(name, prefix), LONG_NAME))
    closes = "closes" if finding.is_error else "lies on"
    parts = [f"{closes} {cycle}{prose(around(finding, node))}"]
    if fix := instead(finding):
        parts.append(f"instead: {prose(fix)}")
    parts = [f"- {_statement(finding.imports[0])}", *parts]
    if newline:
        yield from (f"{'  ' if number else ''}{part}{newline}" for number, part in enumerate(parts[:-1]))
        yield f"  {parts[-1]}"
    else:
        yield f"{parts[0]}: {'; '.join(parts[1:])}"


def _statement(statement: Import) -> str:
    where = shortened(f"{statement.path}:{statement.line_number}", LONG_PATH)
    return f"**{markdown_code(where)}** {code(statement.line_contents.strip(), LONG_LINE)}"


def _what_became(change: Change) -> Iterator[str]:
    """Yield what became of components and modules; with nothing to compare with, nothing."""
    for found in change.graphs:
        yield from (_item(f"{found.graph}: {became(event, change.analysis.node)}.") for event in found.events)
        if found.freed:
            yield _item(f"{found.graph}: on no cycle any more: {names(found.freed)}.")
        if found.deleted:
            yield _item(f"{found.graph}: deleted: {names(found.deleted)}.")
    if change.renamed:
        yield _item(f"renamed: {names([f'{old} → {new}' for old, new in change.renamed])}.")


def _stale(change: Change) -> Iterator[str]:
    for line in change.stale:
        yield f"- nothing needs this line of the baseline any more: {code(line)}"
    if change.stale:
        yield f"- to take it out: {code(command(change, '--update'))}"


def _item(sentence: str) -> str:
    return f"- {prose(sentence)}"


def _sub(change: Change) -> str:
    """Return how to see this again, on the last line."""
    compared = prose(compared_with(change.before), LONG_PATH)
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
    drawn: dict[tuple[str, str], None] = {}
    named: set[str] = set()

    def box(name: str) -> str:
        if name in named:
            return boxes[name]
        named.add(name)
        return f'{boxes[name]}["{mermaid(shortened(short(name, prefix), LONG_NAME))}"]'

    yield from ("", "```mermaid", "flowchart LR")
    for finding in chosen:
        fresh = [edge for edge in cycle_pairs(finding.cycle) if edge not in drawn]
        drawn |= dict.fromkeys(fresh)
        if fresh:
            arrows = [f"{box(a)} {'==>' if (a, b) in red else '-->'} {box(b)}" for a, b in fresh]
            yield f"  {'; '.join(arrows)}"
    numbers = [str(number) for number, edge in enumerate(drawn) if edge in red]
    yield f"  linkStyle {','.join(numbers)} stroke:{_RED},stroke-width:4px"
    which = "to blame" if compared else "that are easiest to cut"
    yield from ("```", "", f"Thick and red: the imports {which}.")
