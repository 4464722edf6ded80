"""Say in words what became of import cycles: the verdict, each component, each import; and as notices for services."""

from collections.abc import Callable, Iterator, Sequence

from cycles.check.findings import Before, Change, ComponentEvent, Finding, GraphChange, Standing
from cycles.enums import Event, GraphName, Outcome
from cycles.report.fix_words import how_to_make
from cycles.report.notices import Level, Notice, Notices, Repository, Rule
from cycles.report.wording import (
    capital,
    chain,
    clean,
    command_line,
    counted,
    cut_count_text,
    cuts_needed,
    graph_meaning,
    joined,
    names,
)

_SHORT_COMMIT = 10
_OUTCOMES = {Outcome.WORSE: "worse", Outcome.BETTER: "better", Outcome.SAME: "nothing worse"}


def outcome(change: Change) -> str:
    """Say in a word or two how the import cycles are."""
    if change.before.kind == "nothing":
        return "none" if change.passed else "found"
    return _OUTCOMES[change.outcome]


def verdicts(change: Change) -> tuple[str, ...]:
    """Say what became of each graph, in one sentence each that ends without a full stop.

    Where more than the import-time graph was asked for, they begin with its name.
    """
    named = [found.graph for found in change.graphs] != [GraphName.IMPORT_TIME]
    return tuple(f"{f'{found.graph}: ' if named else ''}{_verdict(found, change)}" for found in change.graphs)


def title(finding: Finding) -> str:
    """Return what a finding is, in a few words."""
    if not finding.added:
        return "Import cycle"
    return "New import cycle" if finding.is_error else "New import on a cycle that was there"


def message(finding: Finding) -> str:
    """Say what an import does, in one sentence that ends without a full stop; the modules of the cycle may follow."""
    does = f"{clean(finding.importer)} {'now ' if finding.added else ''}imports {clean(finding.imported)}"
    return f"{does}, which {'closes' if finding.is_error else 'lies on'} a cycle"


def around(finding: Finding, node: str) -> str:
    """Say as a clause how many modules or groups the component has, where these are more than the cycle has."""
    if finding.modules <= len(finding.cycle):
        return ""
    cuts = f"{cuts_needed(finding.cuts)} {_end(finding.cuts.size)}"
    return f"; {counted(finding.modules, node)} import each other there, {cuts} that"


def instead(finding: Finding) -> str:
    """Say how the import could be made differently; "" where that was not looked at."""
    return how_to_make(finding.fix, finding.imported, finding.imports) if finding.fix else ""


def circle(cycle: Sequence[str], shown: Callable[[str], str] = clean) -> str:
    """Return the modules of a cycle, the first one again at the end."""
    return chain((*cycle, *cycle[:1]), shown)


def _became(event: ComponentEvent, node: str) -> str:
    """Say what became of a component of modules or groups, in one sentence that ends without a full stop."""
    was, now = _components(event.before, node), _components(event.now, node)
    several = len(event.before) > 1
    match event.event:
        case Event.NEW:
            return f"a new component of {now}"
        case Event.GONE:
            return f"the component of {was} is gone"
        case Event.SPLIT:
            return f"the component{'s' if several else ''} of {was} split into components of {now}"
        case Event.MERGED:
            return f"the components of {was} merged into one of {now}"
        case Event.GROWN:
            return f"the component of {was} grew to {now}"
        case Event.SHRUNK:
            return f"the component of {was} shrank to {now}"


def what_became(change: Change, found: GraphChange, most: int) -> list[str]:
    """Say what became of components, and which modules are on no cycle any more or gone; of many names the first."""
    sentences = [_became(event, change.analysis.node) for event in found.events]
    packages = set(change.analysis.packages)
    deleted = [name for name in found.deleted if name.partition(".")[0] in packages]
    # Nothing is known of packages that nobody imports any more.
    left = sorted({name.partition(".")[0] for name in found.deleted} - packages)
    told = (("on no cycle any more", found.freed), ("deleted", deleted), ("not imported any more", left))
    return sentences + [f"{what}: {names(those, most)}" for what, those in told if those]


def not_compared(before: Before) -> str:
    """Say which files could not be compared, in a sentence that ends without a full stop; "" where all could be."""
    return f"not here as they were then, and not compared: {names(before.missing)}" if before.missing else ""


def compared_with(before: Before, *, written: bool = False) -> str:
    """Say what the packages are compared with, or into what they were `written`, as a clause; "" for nothing."""
    if before.kind == "nothing":
        return ""
    if before.kind == "baseline" and written:
        return f"written into the baseline {clean(before.name)}"
    if before.kind == "baseline":
        return f"compared with the baseline {clean(before.name)}"
    meant = f"where this branch left {clean(before.name)}" if before.is_merge_base else clean(before.name)
    commit = f" ({clean(before.commit[:_SHORT_COMMIT])})" if before.commit else ""
    return f"compared with {meant}{commit}"


def command(change: Change, *more: str) -> str:
    """Return the command line that makes this check again, with `more` after it."""
    graphs = [found.graph for found in change.graphs]
    words = [word for graph in graphs for word in ("--graph", graph)] if graphs != [GraphName.IMPORT_TIME] else []
    match change.before.kind:
        case "revision":
            words += ["--since", change.before.name]
            words += [] if change.before.is_merge_base else ["--no-merge-base"]
        case "baseline":
            words += ["--baseline", change.before.name]
        case _:
            pass
    words += ["--strict"] if change.strict else []
    return f"cycles {command_line(change.analysis, 'check', *words, *more)}"


def _verdict(found: GraphChange, change: Change) -> str:
    was, now, node = found.before, found.now, change.analysis.node
    if was is None or (change.written and not now.modules):
        return _alone(now, node)
    if change.written:
        return f"{_figures(now, node)}, accepted from now on"
    if found.outcome is Outcome.BETTER:
        if not now.modules:
            return f"no import cycle is left of {_figures(was, node)}"
        return f"{_pair(was)} → {_pair(now)} ({node}s on import cycles, cuts to end them)"
    return f"{_why(found, was, node, strict=change.strict)}{_compared(was, now, node)}"


def _alone(now: Standing, node: str) -> str:
    if not now.modules:
        return "no import cycles" if node == "module" else f"no import cycles between {node}s"
    modules, components = counted(len(now.modules), node), counted(len(now.components), "component")
    return f"{modules} are on import cycles, in {components}; {cuts_needed(now.cuts)} {_end(now.cuts.size)} them"


def _why(change: GraphChange, was: Standing, node: str, *, strict: bool) -> str:
    """Say what is worse, as the first half of a sentence."""
    if change.outcome is Outcome.WORSE and change.newly:
        are = f"{node} is" if len(change.newly) == 1 else f"{node}s are"
        return f"{len(change.newly):,} {are} newly on an import cycle: {names(change.newly)}; "
    if change.outcome is Outcome.WORSE:
        more = change.now.cuts.size - was.cuts.size
        return f"{more:,} more {'cut is' if more == 1 else 'cuts are'} needed to end the import cycles; "
    errors = sum(finding.is_error for finding in change.findings)
    if errors and strict:
        lie = "import lies" if errors == 1 else "imports lie"
        return f"{errors:,} added {lie} on import cycles, and the check is strict; "
    return ""


def _compared(was: Standing, now: Standing, node: str) -> str:
    if _pair(was) != _pair(now):
        return f"before {_figures(was, node)}, now {len(now.modules):,} and {cut_count_text(now.cuts)}"
    return f"{_figures(now, node)}, as before" if now.modules else f"{_alone(now, node)}, as before"


def _figures(standing: Standing, node: str) -> str:
    return f"{counted(len(standing.modules), node)} and {cuts_needed(standing.cuts)}"


def _pair(standing: Standing) -> str:
    return f"({len(standing.modules):,}, {cut_count_text(standing.cuts)})"


def _end(cuts: int) -> str:
    return "ends" if cuts == 1 else "end"


def _components(groups: Sequence[Sequence[str]], node: str) -> str:
    return joined([f"{counted(len(modules), node)} ({names(modules, 2)})" for modules in groups])


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
