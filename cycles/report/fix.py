"""Show as text what `cycles fix` made, what it refused and why, and what was checked; and write the patches."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import Rule
from cycles.fixes.definition_values import MoveRule
from cycles.model import Analysis
from cycles.patching.diff import unified
from cycles.patching.fix_result import Checks, Fixed, FixMove, FixStep, MovedFirst, Warned
from cycles.report.fix_words import NO_DEFER, TAKES_LONG, evidence, what_to_do
from cycles.report.terminal import TextStyle, as_text, headline, listed, next_lines, paragraph, section, title_of
from cycles.report.wording import (
    capital,
    clean,
    command_line,
    common_prefix,
    counted,
    imported_first,
    names,
    no_cycles,
    place,
    ranges,
    short,
)

_SHOWN_STEPS = 12
_SHOWN_WARNINGS = 5
_INDENT = "     "
_SHOWN_FILES = 4
_LONGEST_SUBJECT = 80
_PLACED = (Rule.EDIT, Rule.PATCHED, Rule.RELOADED)
_EACH = (Rule.CODE, Rule.NO_DEFER)
"""Rules that say of each step something else, or nothing more."""
_RULES = {
    Rule.CODE: "it takes a change of code, not only of imports",
    Rule.EDIT: "the text there cannot be edited safely",
    Rule.OUTSIDE: "the file lies outside of the project",
    Rule.KEPT: "not asked for",
    Rule.NO_DEFER: NO_DEFER,
    Rule.PATCHED: "a test replaces the name there (--accept-patched makes it anyway)",
    Rule.RELOADED: "a test loads modules anew, and would get another copy (--accept-patched makes it anyway)",
    Rule.FIRST_IMPORT: "with it a module could not be imported first any more",
    Rule.TESTS: "with it a test fails that passed before",
    Rule.LINT: "Ruff would complain of it",
}


def patches(moved: MovedFirst, fixed: Sequence[Fixed]) -> bytes:
    """Return a patch a move and a made step, in order, each with a subject and a body; `git apply` takes them."""
    parts = [_patch_of_move(move) for move in moved.moves]
    parts += [_patch_of_step(found, step) for found in fixed for step in found.made]
    return b"\n".join(filter(None, parts))


def patch(subject: str, sentence: str, *files: tuple[str, bytes | None, bytes], more: Sequence[str] = ()) -> bytes:
    """Return what becomes of files, each a path and its bytes before and after, below a message; b"" for nothing.

    The body of the message has lines of at most 72 columns.
    """
    changed = b"".join(unified(*file) for file in files)
    body = [str(line) for line in paragraph(sentence, TextStyle(width=72), indent="")]
    message = "\n".join([f"Subject: {subject}", "", *body, *more, ""])
    return message.encode("utf-8", "surrogateescape") + b"\n" + changed if changed else b""


@as_text
def fix_as_text(
    analysis: Analysis,
    moved: MovedFirst,
    fixed: Sequence[Fixed],
    style: TextStyle,
    *,
    written: bool,
    options: Sequence[str] = (),
) -> Iterator[Text]:
    """Return what was made of each component, with what was checked.

    `options` are what else was typed, a component's number first: what to type next repeats it.
    """
    if not analysis.components:
        yield headline(analysis, style, f"   {analysis.graph_name}")
        yield Text(f"  {no_cycles(analysis)}")
    blocks = [*([_moved(analysis, moved, style)] if moved.moves or moved.refused else [])]
    blocks += [_component(analysis, found, style) for found in fixed]
    for number, block in enumerate(blocks):
        if number:
            yield Text()
        yield from block
    files = moved.files(fixed)
    if blocks:
        yield Text()
    if blocks and not files:
        yield Text("nothing is changed")
    elif files and written:
        yield Text(f"wrote {counted(len(files), 'file')}: {names(sorted(files), _SHOWN_FILES)}")
    elif files:
        yield Text("nothing is written yet: the patches are on stdout, and --write makes them")
    if files and written:
        yield from next_lines(style, command_line(analysis, "scc"), command_line(analysis, "check"))
    elif files:
        yield from next_lines(style, command_line(analysis, "fix", *options, "--write"))


def _moved(analysis: Analysis, moved: MovedFirst, style: TextStyle) -> Iterator[Text]:
    """Show the definitions that are moved first, and those that cannot be."""
    if moved.moves:
        definitions = sum(len(one.move.definitions) for one in moved.moves)
        checks = moved.checks
        left = ""
        if checks is not None:
            # A module that is new may lie on a cycle too: without it more seem to be left than there were.
            known = {file.name for file in analysis.files}
            new = len({one.move.target.name for one in moved.moves} - known)
            made = f"; {counted(new, 'module is', 'modules are')} new" if new else ""
            still = f": {checks.modules:,} modules left on cycles{made}"
            left = still if checks.modules else ": no cycle is left of theirs"
        yield headline(analysis, style, f"   {counted(definitions, 'definition')} moved{left}")
    else:
        yield headline(analysis, style, "   no definition is moved")
    for number, one in enumerate(moved.moves, 1):
        defined = [name for definition in one.move.definitions for name in definition.names[:1]]
        yield Text(f"{number:>3}  {clean(one.files[0][0])}:{one.move.definitions[0].line_number}", style="bold")
        back = "it" if len(defined) == 1 else "them"
        told = f"move {names(defined)} ({counted(one.move.lines, 'line')}) to {clean(one.files[1][0])}"
        yield from paragraph(f"{told}, and import {back} back", style, indent=_INDENT)
        target = clean(one.move.target.name)
        becomes = f"__module__ becomes {target}: pickles and tests" if one.move.has_module else "tests"
        yield from paragraph(f"{becomes} that replace names may notice", style, indent=_INDENT, look="dim")
        if one.move.loggers:
            yield from paragraph(f"what moves logs as {target} then", style, indent=_INDENT, look="dim")
        for warning in one.warnings[:_SHOWN_WARNINGS]:
            yield from paragraph(
                f"{place(warning.place)}  a test replaces what moves, or what that uses",
                style,
                indent=_INDENT,
                look="yellow",
            )
    for component, refused in moved.refused:
        name = short(refused.definition.name, common_prefix(component.modules))
        stays = f"{name} stays (line {refused.line_number}): " if refused.rule is not MoveRule.NO_MOVE else ""
        yield from paragraph(f"component #{component.number}: {stays}{refused.rule}", style)
    if moved.checks is not None:
        yield from paragraph(" · ".join(first_imports_words(moved.checks)), style)


def _component(analysis: Analysis, found: Fixed, style: TextStyle) -> Iterator[Text]:
    component, checks = found.component, found.checks
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    before, after = len(component.modules), checks.modules
    left = "no cycle is left" if not after else f"{before:,} → {after:,} {found.analysis.node}s on cycles"
    refused = [step for step in found.refused if step.rule is not Rule.KEPT]
    wanted = len(found.made) + len(refused)
    yield from paragraph(f"{len(found.made):,} of {counted(wanted, 'cut')} made: {left}", style, look="bold")
    if found.made:
        yield from section("made")
        yield from listed(found.made, _SHOWN_STEPS, style, lambda step: _step(step, style, what_to_do(step.cut)))
    if refused:
        yield from section("left to you", "bold yellow")
        yield from _left_to_you(refused, style)
    warned = [(warning, step) for step in found.made for warning in step.warnings]
    if warned:
        yield from section("tests may notice", "bold yellow")
        lines = dict.fromkeys(
            f"{place(warning.place)}  {_RULES[warning.rule].partition(' (')[0]}" for warning, _ in warned
        )
        yield from listed(list(lines), _SHOWN_WARNINGS, style, lambda line: paragraph(line, style))
    if found.made:
        yield from section("checked")
        yield from paragraph(" · ".join(_checked(found)), style)
    if checks.runs_tell_nothing:
        first = min(checks.import_failures, key=lambda entry: (entry.missing is None, entry.module))
        said = first.error or first.reason or ""
        sentence = f"--run tells nothing: 0 of {counted(checks.imported or 0, 'module')} can really be imported"
        which = "an interpreter that has what they import" if first.missing else "another interpreter"
        sentence += f", before or after ({clean(said)}); name {which} with --python"
        yield from paragraph(sentence, style, look="bold yellow")


def _step(step: FixStep, style: TextStyle, sentence: str) -> Iterator[Text]:
    """Show the place to look at, what is left after the step, and a sentence."""
    where = f"{step.number:>3}  {place(step.cut.imports[0])}"
    left = "no cycle left" if not step.modules_left else f"{step.modules_left:,} left"
    room = style.width - cell_len(where) - 2
    yield Text.assemble((where, "bold"), (left.rjust(room) if step.is_made and len(left) <= room else "", "dim"))
    yield from paragraph(sentence, style, indent=_INDENT)


def _left_to_you(refused: Sequence[FixStep], style: TextStyle) -> Iterator[Text]:
    """Show the refused steps; a reason that several share is said once, before them."""
    alike: dict[Rule, list[FixStep]] = {}
    for step in refused:
        alike.setdefault(step.rule or Rule.CODE, []).append(step)
    for rule, steps in alike.items():
        if rule in _EACH or len(steps) == 1:
            yield from listed(steps, _SHOWN_STEPS, style, lambda step: _step(step, style, refusal_words(step)))
            continue
        places = list(dict.fromkeys(_where(step) for step in steps))
        where = f"{places[0]}{' and elsewhere' if places[1:] else ''}"
        yield from paragraph(f"{_RULES[rule]}{where}: steps {ranges([step.number for step in steps])}", style)
        yield from listed(steps, _SHOWN_STEPS, style, lambda step: _step(step, style, _by_hand(step)))


def _by_hand(step: FixStep) -> str:
    """Say what a person must do for a step that was refused."""
    return f"by hand: {what_to_do(step.cut)}"


def _where(step: FixStep) -> str:
    """Return the place that made a rule refuse a step, in parentheses; "" where it is no place that matters."""
    if step.place and step.rule in _PLACED:
        return f" ({place(step.place)})"
    return ""


def refusal_words(step: FixStep) -> str:
    """Say which rule refused a step, and what a person must do."""
    rule = step.rule or Rule.CODE
    if rule is Rule.CODE and step.cut.fix is not None:
        return evidence(step.cut.fix, step.cut)
    if rule is Rule.NO_DEFER:
        return what_to_do(step.cut)
    return f"{_RULES[rule]}{_where(step)}; {_by_hand(step)}"


def _checked(found: Fixed) -> Iterator[str]:
    checks = found.checks
    yield "the edited files compile"
    last = found.steps[-1] if found.steps else None
    expected = last.modules_left if last else len(found.component.modules)
    agree = "as predicted" if checks.modules == expected else f"{expected:,} were predicted"
    yield f"analysed again: {counted(checks.modules, found.analysis.node)} on cycles, {agree}"
    yield from first_imports_words(checks)
    if checks.imported is not None and not checks.runs_tell_nothing:
        fine = f", {checks.imported - len(checks.import_failures):,} can be" if checks.import_failures else ""
        yield f"{counted(checks.imported, 'module')} really imported first{fine}, none newly fails"
    if checks.tests is not None:
        failing = f" ({counted(checks.tests, 'test')} failed before already)" if checks.tests else ""
        yield f"the tests pass as before{failing}"
    if checks.untidy:
        place, code = checks.untidy[0]
        yield f"Ruff newly says {code} ({clean(place.path)}:{place.line_number})"


def first_imports_words(checks: Checks) -> Iterator[str]:
    """Say what becomes of first imports."""
    if checks.simulated is None:
        yield f"first imports not predicted, {TAKES_LONG}"
        return
    if checks.newly_failing:
        first = checks.newly_failing[0]
        yield f"so {clean(first.module)} could not be imported first any more: nothing is moved"
        return
    before = imported_first(checks.simulated - checks.new, checks.before)
    after = imported_first(checks.simulated, checks.after)
    if checks.crashed < len(checks.before) or checks.crash < len(checks.after):
        yield from (
            [f"predicted before and now: {after}"]
            if before == after
            else [
                f"predicted before: {before}",
                f"predicted now: {after}",
            ]
        )
        return
    was = f"{checks.crashed or 'none'} of {counted(checks.simulated, 'module')} crashed when imported first"
    now = f"{checks.crash:,} {'does' if checks.crash == 1 else 'do'}" if checks.crash else "none does"
    yield f"{was}, and {now} now" if checks.crash == checks.crashed else f"{was}; now {now}"


def _patch_of_move(one: FixMove) -> bytes:
    moved = [name for definition in one.move.definitions for name in definition.names[:1]]
    defined, target = names(moved, 3), clean(one.move.target.name)
    goes, are, whose = ("goes", "is", "Its") if len(moved) == 1 else ("go", "are", "Their")
    sentence = f"{defined} of {clean(one.move.source)} ({counted(one.move.lines, 'line')}) {goes} to {target}"
    sentence += f", and {are} imported back."
    if one.move.has_module:
        sentence += f" {whose} __module__ becomes {target}."
    if one.move.loggers:
        sentence += f" What moves logs as {target}."
    return patch(f"Move {defined} to {target}", sentence, *one.files, more=_told(one.warnings))


def _told(warnings: Sequence[Warned]) -> list[str]:
    found = [
        f"Tests may notice: {warning.place.path}:{warning.place.line_number}." for warning in dict.fromkeys(warnings)
    ]
    return found[:_SHOWN_WARNINGS]


def _patch_of_step(found: Fixed, step: FixStep) -> bytes:
    prefix = common_prefix(found.component.modules)
    importer, imported = short(step.cut.importer, prefix), short(step.cut.imported, prefix)
    begin = f"[{step.number}/{len(found.steps)}] Break an import cycle: "
    subject = f"{begin}{importer} no longer imports {imported}"
    if len(subject) > _LONGEST_SUBJECT:
        last = importer.rpartition(".")[2], imported.rpartition(".")[2]
        subject = f"{begin}{last[0]} no longer imports {last[1]}"
    left = "No cycle is left then."
    if step.modules_left:
        modules = counted(step.modules_left, found.analysis.node)
        left = f"Then {modules} of {len(found.component.modules):,} are on cycles."
    file = step.path, step.before, step.after
    return patch(subject, f"{capital(what_to_do(step.cut))}. {left}", file, more=_told(step.warnings))
