"""Show as text what was made of a plan for a start-up, and write its patches."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from cycles.enums import Rule
from cycles.patching.fix_result import Fixed
from cycles.report.fix import first_imports_words, patch, refusal_words
from cycles.report.fix_words import what_to_do
from cycles.report.startup import own_prefix, startup_command
from cycles.report.terminal import TextStyle, as_text, next_lines, paragraph, section
from cycles.report.wording import capital, clean, counted, joined, names, place, short
from cycles.startup.startup_values import StartupPlan, StartupReport

_INDENT = "     "
_FILES = 4


def startup_patches(found: StartupReport, plan: StartupPlan, fixed: Fixed) -> bytes:
    """Return a patch a made step, each with a subject and a body; `git apply` takes them."""
    prefix, without = own_prefix(found), ", ".join(map(clean, plan.without))
    parts = []
    for step in fixed.made:
        pair = f"{short(step.cut.importer, prefix)} no longer imports {short(step.cut.imported, prefix)} on import"
        subject = f"[{step.number}/{len(fixed.steps)}] Start without {without}: {pair}"
        parts.append(patch(subject, f"{capital(what_to_do(step.cut))}.", (step.path, step.before, step.after)))
    return b"\n".join(filter(None, parts))


@as_text
def startup_fix_as_text(
    found: StartupReport, plan: StartupPlan, fixed: Fixed, words: Sequence[str], style: TextStyle, *, written: bool
) -> Iterator[Text]:
    """Return what was made, what was refused and why, and what was checked; `words` ask for the same plan again."""
    without = joined([clean(name) for name in plan.without])
    what = f"{len(fixed.made):,} of {counted(len(fixed.steps), 'step')} made"
    yield Text.assemble((clean(found.entry.text), "bold"), f"   without {without}: {what}")
    refused = [step for step in fixed.refused if step.rule is not Rule.KEPT]
    for title, look, steps in (("made", "bold", fixed.made), ("left to you", "bold yellow", refused)):
        if steps:
            yield from section(title, look)
        for step in steps:
            yield Text.assemble(f"{step.number:>3}  ", (place(step.cut.imports[0]), "bold"))
            told = what_to_do(step.cut) if step.is_made else refusal_words(step)
            yield from paragraph(told, style, _INDENT)
    if fixed.made:
        yield from section("checked")
        checked = " · ".join(["the edited files compile", *first_imports_words(fixed.checks)])
        yield from paragraph(checked, style)
    yield Text()
    files = fixed.files
    if not files:
        yield Text("nothing is changed")
    elif written:
        yield Text(f"wrote {counted(len(files), 'file')}: {names(sorted(files), _FILES)}")
        yield from next_lines(style, startup_command(words, "--contract") if not refused else startup_command(words))
    else:
        yield from paragraph("nothing is written yet: the patches are on stdout, and --write makes them", style, "")
        yield from next_lines(style, startup_command(words, "--fix", "--write"))
