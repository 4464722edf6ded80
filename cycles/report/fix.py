"""Show as text what `cycles fix` made, what it refused and why, and what was checked; and write the patches."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import Rule
from cycles.model import Analysis
from cycles.patching.diff import unified
from cycles.patching.values import Fixed, FixStep
from cycles.report.fix_words import evidence, what_to_do
from cycles.report.format import clean, command_line, common_prefix, counted, no_cycles, place, short
from cycles.report.text import TextStyle, headline, join_lines, listed, next_commands, paragraph, section, title_of

_SHOWN_STEPS = 12
_SHOWN_WARNINGS = 5
_INDENT = "     "
_RULES = {
    Rule.CODE: "it takes a change of code, not only of imports",
    Rule.EDIT: "the text there cannot be edited safely",
    Rule.OUTSIDE: "the file lies outside of the project",
    Rule.KEPT: "not asked for",
    Rule.NO_DEFER: "it would import inside functions (--no-defer)",
    Rule.PATCHED: "a test replaces the name there (--accept-patched makes it all the same)",
    Rule.RELOADED: "a test loads modules anew, and would get another copy (--accept-patched makes it all the same)",
    Rule.FIRST_IMPORT: "with it a module could not be imported first any more",
    Rule.TESTS: "with it a test fails that passed before",
    Rule.LINT: "Ruff would complain of it",
}


def patches(fixed: Sequence[Fixed]) -> bytes:
    """Return a patch a made step, in order, each with a subject and a body fit for a commit; `git apply` takes them."""
    parts: list[bytes] = []
    for found in fixed:
        for step in found.made:
            changed = unified(step.path, step.before, step.after)
            if changed:
                parts.append(_message(found, step).encode("utf-8", "surrogateescape") + b"\n" + changed)
    return b"\n".join(parts)


def fix_as_text(analysis: Analysis, fixed: Sequence[Fixed], style: TextStyle, *, written: bool) -> str:
    """Return what was made of each component, with what was checked."""
    return join_lines(_lines(analysis, fixed, style, written=written), style)


def _lines(analysis: Analysis, fixed: Sequence[Fixed], style: TextStyle, *, written: bool) -> Iterator[Text]:
    if not fixed:
        yield headline(analysis, style, f"   {analysis.graph_name}")
        yield Text(f"  {no_cycles(analysis)}")
    for number, found in enumerate(fixed):
        if number:
            yield Text()
        yield from _component(analysis, found, style)
    files = sorted({path for found in fixed for path in found.files})
    if fixed:
        yield Text()
    if fixed and not files:
        yield Text("nothing is changed")
    elif files and written:
        yield Text(f"wrote {counted(len(files), 'file')}; git diff shows them")
    elif files:
        yield Text("nothing is written yet: the patches are on stdout, and --write makes them")
    if files and written:
        yield from next_commands(style, command_line(analysis, "scc"), command_line(analysis, "check"))
    elif files:
        yield from next_commands(style, command_line(analysis, "fix", "--write"))


def _component(analysis: Analysis, found: Fixed, style: TextStyle) -> Iterator[Text]:
    component, checks = found.component, found.checks
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    before, after = len(component.modules), checks.modules
    left = "no cycle is left" if not after else f"{before:,} → {after:,} modules on cycles"
    refused = [step for step in found.refused if step.rule is not Rule.KEPT]
    wanted = len(found.made) + len(refused)
    yield from paragraph(f"{len(found.made):,} of {counted(wanted, 'cut')} made: {left}", style, look="bold")
    if found.made:
        yield from section("made")
        yield from listed(found.made, _SHOWN_STEPS, style, lambda step: _step(step, style, what_to_do(step.cut)))
    if refused:
        yield from section("left to you", "bold yellow")
        yield from listed(refused, _SHOWN_STEPS, style, lambda step: _step(step, style, _why(step)))
    warned = [(warning, step) for step in found.made for warning in step.warnings]
    if warned:
        yield from section("tests may notice", "bold yellow")
        lines = dict.fromkeys(
            f"{clean(warning.place.path)}:{warning.place.line_number}  {_RULES[warning.rule].partition(' (')[0]}"
            for warning, _ in warned
        )
        yield from listed(list(lines), _SHOWN_WARNINGS, style, lambda line: paragraph(line, style))
    if found.made:
        yield from section("checked")
        yield from paragraph(" · ".join(_checked(found)), style)


def _step(step: FixStep, style: TextStyle, sentence: str) -> Iterator[Text]:
    """Show the place to look at, what is left after the step, and a sentence."""
    where = f"{step.number:>3}  {place(step.cut.imports[0])}"
    left = "no cycle left" if not step.modules_left else f"{step.modules_left:,} left"
    room = style.width - cell_len(where) - 2
    yield Text.assemble((where, "bold"), (left.rjust(room) if step.is_made and len(left) <= room else "", "dim"))
    yield from paragraph(sentence, style, indent=_INDENT)


def _why(step: FixStep) -> str:
    """Say which rule refused a step, and what a person must do."""
    rule = step.rule or Rule.CODE
    if rule is Rule.CODE and step.cut.fix is not None:
        return f"{_RULES[rule]}: {evidence(step.cut.fix, step.cut)}"
    where = f" ({clean(step.place.path)}:{step.place.line_number})" if step.place else ""
    return f"{_RULES[rule]}{where}; by hand: {what_to_do(step.cut)}"


def _checked(found: Fixed) -> Iterator[str]:
    checks = found.checks
    yield "the edited files compile"
    last = found.steps[-1] if found.steps else None
    expected = last.modules_left if last else len(found.component.modules)
    agree = "as predicted" if checks.modules == expected else f"{expected:,} were predicted"
    yield f"analysed again: {counted(checks.modules, 'module')} on cycles, {agree}"
    if checks.simulated is None:
        yield "first imports not predicted, as that would run many modules: --replay does it"
    else:
        failing = f"{len(checks.newly_failing):,} newly fail" if checks.newly_failing else "none newly fails"
        yield f"{counted(checks.simulated, 'first import')} predicted, {failing}"
    if checks.imported is not None:
        yield f"{counted(checks.imported, 'module')} really imported first, none newly fails"
    if checks.tests is not None:
        failing = f" ({counted(checks.tests, 'test')} failed before already)" if checks.tests else ""
        yield f"the tests pass as before{failing}"
    if checks.untidy:
        place = checks.untidy[0]
        yield f"Ruff has {counted(len(checks.untidy), 'new finding')} ({clean(place.path)}:{place.line_number})"


def _message(found: Fixed, step: FixStep) -> str:
    """Return the message of a commit: the subject, and what is done, in lines of at most 72 columns."""
    prefix = common_prefix(found.component.modules)
    pair = f"{short(step.cut.importer, prefix)} no longer imports {short(step.cut.imported, prefix)}"
    subject = f"Subject: [{step.number}/{len(found.steps)}] Break an import cycle: {pair}"
    style = TextStyle(width=72)
    left = (
        "No cycle is left then."
        if not step.modules_left
        else f"Then {counted(step.modules_left, 'module')} of {len(found.component.modules):,} are on cycles."
    )
    sentence = what_to_do(step.cut)
    body = [str(line) for line in paragraph(f"{sentence[:1].upper()}{sentence[1:]}. {left}", style, indent="")]
    warned = [
        f"Tests may notice: {warning.place.path}:{warning.place.line_number}."
        for warning in dict.fromkeys(step.warnings)
    ]
    return "\n".join([subject, "", *body, *warned[:_SHOWN_WARNINGS], ""])
