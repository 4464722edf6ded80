"""What `cycles check` has to say next to the code: each import to blame, and what could not be looked at."""

from collections.abc import Iterator

from cycles.check.values import Change, Finding
from cycles.enums import GraphName
from cycles.report.check_words import around, command, instead, message, not_compared, outcome, title, verdicts
from cycles.report.format import capital, graph_meaning
from cycles.report.notices import Level, Notice, Notices, Repository, Rule

_COMMAND = "cycles check"
_REMEDY = (
    "Remove the import, make it where it is needed, take the name from the module that defines it, or move what both "
    "modules need into a third one."
)


def check_notices(change: Change, workspace: str | None = None) -> Notices:
    """Return the notices; paths are as seen from the `workspace`, the folder of the repository."""
    repository = Repository(change.analysis, workspace)
    findings = [_finding(finding, change, repository) for finding in change.findings]
    return Notices(
        command=_COMMAND,
        package=change.analysis.package,
        said=tuple(f"Import cycles: {outcome(change)}. {sentence}." for sentence in verdicts(change)),
        passed=change.passed,
        rules=tuple(_rule(found.graph, change.analysis.node) for found in change.graphs),
        found=(*findings, *_about_the_check(change, repository)),
        again=command(change),
    )


def _rule(graph: GraphName, node: str) -> Rule:
    of_modules = node == "module"
    crash = ", and may crash when they are imported" if of_modules and graph is GraphName.IMPORT_TIME else ""
    which = "Modules" if of_modules else "Groups of modules"
    meaning = (
        f"{which} that import each other in a cycle cannot be understood, tested or moved one at a time{crash}. "
        f'The graph "{graph}" holds {graph_meaning(graph)}.'
    )
    closed = "an import cycle" if of_modules else "a cycle between groups of modules"
    return Rule(_rule_name(graph, node), f"An import closes {closed} ({graph})", meaning, _REMEDY)


def _rule_name(graph: GraphName, node: str) -> str:
    return f"import-cycle/{graph}" if node == "module" else f"{node}-cycle/{graph}"


def _finding(finding: Finding, change: Change, repository: Repository) -> Notice:
    first = finding.imports[0]
    fix = instead(finding)
    more = [capital(around(finding, change.analysis.node).removeprefix("; ")), f"Instead: {fix}" if fix else ""]
    return Notice(
        level=Level.ERROR if finding.is_error else Level.NOTE,
        title=title(finding),
        text=message(finding),
        place=repository.place(first.path, first.line_number, first.importer, first.line_contents),
        rule=_rule_name(finding.graph, change.analysis.node),
        steps=tuple(
            repository.place(link.path, link.line_number, module, link.line_contents)
            for module, link in zip(finding.cycle, finding.links, strict=True)
        ),
        end=finding.cycle[0] if finding.cycle else "",
        advice=". ".join(filter(None, more)),
        identity=(finding.graph, finding.importer, finding.imported),
        is_new=finding.added if change.before.kind != "nothing" else None,
    )


def _about_the_check(change: Change, repository: Repository) -> Iterator[Notice]:
    """Yield what could not be looked at, and which lines of the baseline are not needed."""
    if sentence := not_compared(change.before):
        yield Notice(Level.WARNING, "Not compared", sentence)
    for file in change.unread:
        text = f"what it imports is not known: {file.reason}"
        yield Notice(Level.WARNING, "Not read", text, repository.place(file.path, file.line_number))
    for line in change.stale:
        text = f"nothing needs this line any more: {line}"
        take_out = f"To take it out: {command(change, '--update')}"
        yield Notice(Level.WARNING, "Stale baseline", text, repository.place(change.before.name), advice=take_out)
