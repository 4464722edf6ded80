"""Show as text what a change makes worse, the imports to blame, and what to do next."""

from collections.abc import Iterator

from rich.text import Text

from cycles.check.findings import Change, Finding, GraphChange
from cycles.enums import GraphName, Outcome
from cycles.report.check_words import (
    circle,
    command,
    compared_with,
    instead,
    not_compared,
    title,
    verdicts,
    what_became,
)
from cycles.report.terminal import (
    TextStyle,
    as_text,
    headline,
    listed,
    next_commands,
    paragraph,
    section,
    statement_lines,
)
from cycles.report.wording import clean, command_line, common_prefix, counted, short, whole_size

_SHOWN_FINDINGS = 5
_SHOWN_NAMES = 8
_INDENT = "    "


@as_text
def check_as_text(change: Change, style: TextStyle) -> Iterator[Text]:
    """Return what became of import cycles: the verdict first, then the imports to blame."""
    compared = compared_with(change.before, written=change.written)
    analysis = change.analysis
    yield headline(analysis, style, f"   {whole_size(analysis)}")
    if compared:
        yield from paragraph(compared, style, look="dim")
    for sentence, found in zip(verdicts(change), change.graphs, strict=True):
        yield from paragraph(sentence, style, look=_look(change, found))
    for found in change.graphs:
        errors = [one for one in found.findings if one.is_error]
        notes = [one for one in found.findings if not one.is_error]
        for findings in (errors, notes):
            if findings:
                yield from section(_heading(change, findings, _in(change, found)))
                yield from listed(
                    findings, _SHOWN_FINDINGS, style, lambda one: _finding(one, change.analysis.node, style)
                )
        if found.before:
            yield from _what_became(change, found, style)
    yield from _rest(change, style)
    yield from _next(change, style)


def _look(change: Change, found: GraphChange) -> str:
    if found.outcome is Outcome.WORSE or (change.strict and any(one.is_error for one in found.findings)):
        return "bold red"
    return "green" if found.outcome is Outcome.BETTER or not found.now.modules else ""


def _heading(change: Change, findings: list[Finding], where: str) -> str:
    """Say what the findings of a list are; `where` names their graph."""
    first = findings[0]
    if change.before.kind == "nothing":
        return f"the shortest cycle{' of each component' if len(findings) > 1 else ''}{where}, at its cheapest cut"
    if first.is_error:
        return f"{title(first)}{'s' if len(findings) > 1 else ''}{where}"
    return f"no worse for it: {'added imports' if first.added else 'imports'} on cycles{where}"


def _finding(one: Finding, node: str, style: TextStyle) -> Iterator[Text]:
    yield from statement_lines(one.imports[0], style, "  ")
    if one.cycle:
        prefix = common_prefix(one.cycle)
        around = f", in a component of {counted(one.modules, node)}" if one.modules > len(one.cycle) else ""
        closes = "closes" if one.is_error else "lies on"
        cycle = circle(one.cycle, lambda name: short(name, prefix))
        yield from paragraph(f"{closes} {cycle}{around}", style, indent=_INDENT)
    if instead(one):
        yield from paragraph(f"instead: {instead(one)}", style, indent=_INDENT)


def _in(change: Change, found: GraphChange) -> str:
    return f" in {found.graph}" if len(change.graphs) > 1 else ""


def _what_became(change: Change, found: GraphChange, style: TextStyle) -> Iterator[Text]:
    """Show which modules are freed or gone, and what became of the components."""
    lines = what_became(change, found, max(len(found.freed), 1) if style.everything else _SHOWN_NAMES)
    if lines:
        what = f"what became of the {'component' if found.events else change.analysis.node}s"
        yield from section(f"{what}{_in(change, found)}")
        yield from (line for sentence in lines for line in paragraph(sentence, style))


def _rest(change: Change, style: TextStyle) -> Iterator[Text]:
    """Show renamed modules, lines of the baseline that are not needed, and what could not be looked at."""
    if change.renamed:
        pairs = [f"{clean(old)} → {clean(name)}" for old, name in change.renamed]
        yield from section("renamed")
        yield from listed(pairs, _SHOWN_NAMES, style, lambda pair: paragraph(pair, style))
    if change.stale:
        yield from section(f"not needed in {clean(change.before.name)} any more", "bold yellow")
        yield from listed(change.stale, _SHOWN_NAMES, style, lambda line: paragraph(clean(line), style))
    if sentence := not_compared(change.before):
        yield Text()
        yield from paragraph(sentence, style, look="yellow")


def _next(change: Change, style: TextStyle) -> Iterator[Text]:
    commands = []
    if change.stale:
        commands.append(command(change, "--update").removeprefix("cycles "))
    first = next((one for one in change.findings if one.is_error), None)
    if first is not None:
        graph = [] if first.graph is change.analysis.graph_name else ["--graph", str(first.graph)]
        found = [
            command_line(change.analysis, "why", *_ends(change, first), *graph),
            command_line(change.analysis, "cuts", *graph),
        ]
        # A new cycle makes doubtful whether the package can still be imported: looked at only where asked, as that
        # takes longer than all else here.
        if first.graph is GraphName.IMPORT_TIME and change.before.kind != "nothing" and change.analysis.by is None:
            found.insert(0, command_line(change.analysis, "entries", "--check"))
        # Without a change to blame it is the plan that says what to do.
        commands += reversed(found) if change.before.kind == "nothing" else found
    yield from next_commands(style, *commands)


def _ends(change: Change, finding: Finding) -> tuple[str, str]:
    """Return what to ask `cycles why` about: the two modules, or the groups that the import links."""
    if change.analysis.by is not None and finding.cycle:
        return finding.cycle[0], finding.cycle[1]
    return finding.pair
