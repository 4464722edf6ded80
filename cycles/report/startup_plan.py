"""Show how importing an application can do without some distributions, or why it cannot: text for people."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from cycles.enums import MOVED, Feasibility
from cycles.model import CutFix, FirstImport
from cycles.report.fix_words import how_to_make, unless
from cycles.report.startup import chain_words, failure_lines, own_prefix, size_words, startup_command
from cycles.report.startup_measured import verified_lines
from cycles.report.terminal import TextStyle, as_text, listed, more, next_commands, paragraph, section, titled
from cycles.report.wording import clean, counted, joined, place, short, with_more
from cycles.source.import_values import Import
from cycles.startup.measurement_values import Verification
from cycles.startup.startup_values import (
    Goal,
    Obstacle,
    StartupPlan,
    StartupReplay,
    StartupReport,
    StartupStep,
    Statement,
)

_STEPS = 12
_INDENT = "     "
_SHOWN = 6
_GOALS = {
    Goal.FEWEST: ("the fewest statements", "--fewest"),
    Goal.CHEAPEST: ("the least work", "--cheapest"),
    Goal.DEFERRALS: ("removing and moving statements alone", ""),
}
_HARD = {Feasibility.LAZY: "names imported when they are asked for"}


@as_text
def startup_unloaded_as_text(
    found: StartupReport, names: Sequence[str], words: Sequence[str], style: TextStyle, *, lockable: bool
) -> Iterator[Text]:
    """Say that nothing has to go for ENTRY to do without some distributions; `words` ask for the same entry again.

    `lockable`: whether a contract can keep it so.
    """
    which = joined([clean(name) for name in names])
    far = "" if found.complete else " as far as was followed"
    yield Text.assemble((clean(found.entry.text), "bold"), f"   without {which}: nothing to do")
    yield from paragraph(
        f"importing {clean(found.entry.text)} does not load {'it' if len(names) == 1 else 'them'}{far}", style
    )
    yield from failure_lines(found, style)
    if lockable:
        without = (word for name in names for word in ("--without", name))
        yield from next_commands(style, startup_command(words, *without, "--contract"))


@as_text
def startup_plan_as_text(
    found: StartupReport,
    plans: Sequence[StartupPlan],
    words: Sequence[str],
    style: TextStyle,
    *,
    proof: bool,
    verified: Verification | None = None,
) -> Iterator[Text]:
    """Return the first plan, how the others differ, and what became of it; `words` ask for the same entry again."""
    plan = plans[0]
    names = joined([clean(name) for name in plan.without])
    prefix = own_prefix(found)
    yield Text.assemble((clean(found.entry.text), "bold"), f"   without {names}: {_verdict(plan)}")
    yield from failure_lines(found, style)
    if plan.obstacles:
        yield from _obstacles(plan, prefix, style)
    elif plan.steps:
        shown = style.first(plan.steps, _STEPS)
        for number, step in enumerate(shown, 1):
            yield Text()
            yield from _step(step, number, prefix, style)
        yield from more(len(plan.steps) - len(shown))
        yield Text()
        yield from _effects(plan, style)
        if proof:
            yield from _proof(plan, prefix, style)
    for other in plans[1:]:
        yield from _other(plan, other, prefix, style)
    if verified:
        yield from verified_lines(verified, plan, style)
    yield from _next(plan, words, style)


def _verdict(plan: StartupPlan) -> str:
    if plan.obstacles:
        return f"no plan of {_GOALS[plan.goal][0]}" if plan.goal is Goal.DEFERRALS else "impossible"
    if not plan.steps:
        return "it is not loaded, and nothing is to be done"
    size = counted(len(plan.steps), "statement")
    if len(plan.steps) == plan.lower_bound:
        return f"{size}, and no fewer suffice"
    return f"{size} for {_GOALS[plan.goal][0]}; {plan.lower_bound:,} would suffice"


def _step(step: StartupStep, number: int, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show a statement: what to do, the chain that it is on, and who pays for it then."""
    statement = step.statement
    yield Text.assemble(f"{number:>3}  ", (place(statement), "bold"))
    yield from paragraph(clean(statement.line_contents), style, _INDENT)
    yield from paragraph(_to_do(statement, step.fix), style, _INDENT)
    yield from paragraph(chain_words(step.chain, prefix), style, _INDENT, look="dim")
    if who := list(_payers(step)):
        yield from paragraph(f"then paid for by {' or by '.join(who)}", style, _INDENT, look="dim")
    if step.component is not None:
        yield from paragraph(f"it lies on component #{step.component} of import-time", style, _INDENT, look="yellow")


def _payers(step: StartupStep) -> Iterator[str]:
    """Yield who loads what is gone once a step is made."""
    if step.first_call:
        shown = [f"{clean(function.function)}()" for function in step.first_call[:_SHOWN]]
        calls = with_more(shown, len(step.first_call))
        yield f"the first call of {joined(calls).replace(' and ', ' or ')}"
    if step.fix.feasibility is Feasibility.LAZY:
        yield f"whoever asks {clean(step.statement.importer)} for it first"


def _to_do(statement: Statement, fix: CutFix) -> str:
    if fix.feasibility is Feasibility.REEXPORT:
        return f"{clean(fix.detail)}: a module __getattr__ (PEP 562) can load it on first use"
    named = statement.imports[0] if statement.imports else ""
    place, line = (statement.path, statement.line_number), statement.line_contents
    return how_to_make(fix, named, [Import(statement.importer, named, *place, line, statement.kind, (), ())])


def _effects(plan: StartupPlan, style: TextStyle) -> Iterator[Text]:
    """Say what is gone, and what became of the plan in memory."""
    gone = with_more([clean(name) for name in style.first(plan.gone, _SHOWN)], len(plan.gone))
    what = f"{joined(gone)}: " if gone else ""
    figures = f"{counted(plan.gone_modules, 'module')}, {size_words(plan.gone_size)} of source"
    yield from titled("gone", f"{what}{figures}", style)
    if plan.replay is not None:
        yield from _replayed(plan.replay, plan, style)


def _replayed(replay: StartupReplay, plan: StartupPlan, style: TextStyle) -> Iterator[Text]:
    if replay.still:
        still = joined([clean(name) for name in replay.still])
        sentence = f"with these statements cut {still} is still loaded: by code that the chains above do not show"
        yield from titled("replayed", sentence, style, "bold red")
    for failure in replay.failing[:_SHOWN]:
        yield from titled("fails", f"after this plan {_fails(failure)}", style, "bold red")
    if replay.blamed:
        steps = joined([str(number) for number in replay.blamed])
        yield from titled("", f"keep the statement of step {steps}, and it does not", style)
    if replay.failing:
        places = [plan.steps[number - 1].statement for number in replay.blamed]
        keep = " ".join(f"--keep {clean(one.importer)} {clean(one.imports[0])}" for one in places if one.imports)
        if keep:
            yield from titled("", f"another plan: {keep}", style)
    if replay.holds:
        how = f"{counted(replay.simulated, 'first import')} simulated with the edits made: none fails that did not"
        yield from titled("replayed", how, style)
    if replay.taken_out:
        what = (
            f"{counted(replay.taken_out, 'statement')} no edit of imports makes: simulated as if the names were there"
        )
        yield from titled("", what, style)


def _fails(failure: FirstImport) -> str:
    where = f" ({clean(failure.path)}:{failure.line_number})" if failure.path else ""
    said = f": {clean(failure.error)}" if failure.error else ""
    return f"importing {clean(failure.module)} fails{where}{said}"


def _obstacles(plan: StartupPlan, prefix: str, style: TextStyle) -> Iterator[Text]:
    for obstacle in plan.obstacles:
        yield Text()
        yield from paragraph(_held_by(obstacle), style)
        yield from paragraph(chain_words(obstacle.chain, prefix), style, _INDENT, look="dim")
        unmasks = dict(obstacle.unmasks)
        for number, (statement, fix) in enumerate(obstacle.statements):
            yield Text(f"{_INDENT}{place(statement)}", style="bold")
            yield from paragraph(clean(statement.line_contents), style, f"{_INDENT}  ")
            yield from paragraph(_why(fix), style, f"{_INDENT}  ")
            if number in unmasks:
                told = f"it hides a crash: without it {_fails(unmasks[number])}"
                yield from paragraph(told, style, f"{_INDENT}  ", "bold red")


def _held_by(obstacle: Obstacle) -> str:
    name = clean(obstacle.distribution)
    through = f", by way of {clean(obstacle.third_party)}" if obstacle.third_party else ""
    if not obstacle.statements:
        return f"{name} stays{through}: no statement of the project leads there"
    return f"{name} stays{through}: no edit of imports ends this chain; change the code at one of its statements"


def _why(fix: CutFix) -> str:
    doubt = unless(fix.doubt) if fix.doubt else ""
    to_do = ": move what uses it into functions" if fix.feasibility is Feasibility.STRUCTURAL else ""
    return f"{clean(fix.detail)}{doubt}{to_do}"


def _other(plan: StartupPlan, other: StartupPlan, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Say how another plan differs."""
    what, option = _GOALS[other.goal]
    if other.obstacles:
        if plan.obstacles:
            return
        yield from section(f"no plan by {what}", "bold yellow")
        hard = [step for step in plan.steps if step.fix.feasibility not in MOVED]
        if hard:
            kinds = joined(sorted({_HARD.get(step.fix.feasibility, str(step.fix.feasibility)) for step in hard}))
            yield from paragraph(f"{len(hard):,} of the {len(plan.steps):,} statements above take more: {kinds}", style)
        yield from _obstacles(other, prefix, style)
        return
    if {step.statement for step in other.steps} == {step.statement for step in plan.steps}:
        return
    lines = ", ".join(f"{short(step.statement.importer, prefix)}:{step.statement.line_number}" for step in other.steps)
    size = counted(len(other.steps), "statement")
    tail = f" ({option})" if option else ""
    yield from titled("or", f"{size} by {what}{tail}: {lines}", style)


def _proof(plan: StartupPlan, prefix: str, style: TextStyle) -> Iterator[Text]:
    yield from section("proof: chains of which no two share a statement")
    yield from listed(plan.proof, _STEPS, style, lambda chain: paragraph(chain_words(chain, prefix), style))


def _next(plan: StartupPlan, words: Sequence[str], style: TextStyle) -> Iterator[Text]:
    asked = [word for name in plan.without for word in ("--without", name)]
    option = _GOALS[plan.goal][1]
    asked += [option] if option else []
    if any(obstacle.statements for obstacle in plan.obstacles):
        yield from next_commands(style, startup_command(words, *asked[: 2 * len(plan.without)]))
    able = {"--fix": any(step.edits for step in plan.steps), "--proof": bool(plan.steps)}
    yield from next_commands(style, *(startup_command(words, *asked, name) for name in able if able[name]))
