"""Show as text which definitions of a component need each other, and which to move before imports are cut."""

from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import GraphName
from cycles.fixes.definition_values import (
    Definition,
    DefinitionGraph,
    DefinitionNeed,
    Level,
    LevelFigures,
    Move,
    MovePlan,
    MoveRule,
    Need,
    Recursion,
)
from cycles.model import Analysis, Component
from cycles.report.terminal import (
    TextStyle,
    as_text,
    headline,
    listed,
    next_commands,
    next_without_cycles,
    paragraph,
    section,
    title_of,
)
from cycles.report.wording import command_line, common_prefix, counted, first_of, joined, no_cycles, short

_SHOWN_NEEDS = 8
_SHOWN_GROUPS = 4
_SHOWN_NAMES = 6
_SHOWN_MOVED = 8
_LEVELS = {
    Level.AS_WRITTEN: "once every import that can be is deferred or typed",
    Level.DEFINING: "if names are then taken from where they are defined",
    Level.LAZY: "if packages then import them lazily, too",
}
_WHEN = {
    Need.IMPORT: "",
    Need.MAYBE: "perhaps",
    Need.ANNOTATION: "annotation",
    Need.CALL: "when called",
    Need.TYPING: "typing",
}


@as_text
def definitions_as_text(analysis: Analysis, graphs: Sequence[DefinitionGraph], style: TextStyle) -> Iterator[Text]:
    """Return what the definitions of components need of each other, one component after the other."""
    if not graphs:
        yield headline(analysis, style)
        yield from paragraph(no_cycles(analysis), style, look="green")
        yield from next_without_cycles(analysis, style, "definitions")
    for place, graph in enumerate(graphs):
        if place:
            yield Text()
        yield from _component(analysis, graph, style)


def meaning(graph: DefinitionGraph, name: GraphName) -> str:
    """Say in a sentence or two what a definition graph means."""
    figures = f"{counted(len(graph.component.modules), 'module')}, {counted(len(graph.definitions), 'definition')}"
    said = [f"{figures}: {_at_import(graph)}"]
    written, defining, lazy = graph.levels
    if not written.modules:
        when = "when the imports that can be are deferred or typed" if name is GraphName.IMPORT_TIME else "by name"
        said.append(f"none is left on a cycle {when}, so nothing needs to move")
    elif defining.modules:
        said.append(f"taking names where they are defined leaves {counted(len(defining.modules), 'module')}")
        said.append(_ending(defining, lazy))
    else:
        said.append("taking names where they are defined ends it")
    sentence = "; ".join(filter(None, said)) + "."
    if graph.when_run:
        them = f"{_size(graph.when_run)} {'is' if _count(graph.when_run) == 1 else 'are'} mutually recursive"
        return f"{sentence} When the program runs, {them}."
    return f"{sentence} When the program runs, none is mutually recursive with one of another module."


def _at_import(graph: DefinitionGraph) -> str:
    if graph.at_import:
        return f"at import time {_size(graph.at_import)} need each other"
    known = "is known to need" if graph.perhaps_at_import else "needs"
    return f"at import time none {known} itself"


def _ending(defining: LevelFigures, lazy: LevelFigures) -> str:
    """Say what ends a component in which names are taken from where they are defined."""
    if defining.moved:
        return f"{_moving(defining.moved)} ends it"
    if not lazy.modules:
        return "packages that import lazily end it"
    if lazy.moved:
        return f"with packages that import lazily, {_moving(lazy.moved)} ends it"
    return "no move that ends it was found"


def _moving(moved: Sequence[Definition]) -> str:
    lines = counted(sum(definition.lines for definition in moved), "line")
    return f"moving {counted(len(moved), 'definition')} ({lines})"


def _size(found: Sequence[Recursion]) -> str:
    modules = len({module for one in found for module in one.modules})
    return f"{counted(_count(found), 'definition')} in {counted(modules, 'module')}"


def _count(found: Sequence[Recursion]) -> int:
    return sum(len(one.definitions) for one in found)


def _component(analysis: Analysis, graph: DefinitionGraph, style: TextStyle) -> Iterator[Text]:
    component = graph.component
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    yield from paragraph(meaning(graph, analysis.graph_name), style)
    if graph.unread:
        unread = joined([short(module, prefix) for module in graph.unread[:_SHOWN_NAMES]])
        yield from paragraph(f"not followed, so that more may need each other: {unread}", style, look="yellow")
    yield from section("modules left on cycles")
    for figures in _telling(graph.levels):
        yield from _level(figures, style)
    last = next((figures for figures in graph.levels[1:] if figures.modules), None)
    if last is not None:
        yield from _holding(graph, last.modules, prefix, analysis.graph_name, style)
    for figures in graph.levels[1:]:
        if figures.moved:
            yield from section(f"to move ({'lazy packages' if figures.level is Level.LAZY else 'names as defined'})")
            yield from listed(figures.moved, _SHOWN_MOVED, style, lambda found: _moved(found, prefix, style.width))
    for title, found in (
        ("need each other at import time", graph.at_import),
        ("may need each other at import time", () if graph.at_import else graph.perhaps_at_import),
        ("mutually recursive when the program runs", graph.when_run),
    ):
        if found:
            yield from section(title)
            yield from listed(found, _SHOWN_GROUPS, style, lambda group: _group(group, prefix, style))
    yield from next_commands(style, *(command_line(analysis, name, component.number) for name in ("cuts", "scc")))


def _telling(levels: Sequence[LevelFigures]) -> Iterator[LevelFigures]:
    """Yield levels, each on top of the one before, up to one after which none leaves fewer modules on cycles."""
    for figures in levels:
        yield figures
        if not figures.modules and len(figures.perhaps) == len(levels[-1].perhaps):
            return


def _level(figures: LevelFigures, style: TextStyle) -> Iterator[Text]:
    what = _LEVELS[figures.level]
    left = f"{len(figures.modules):>5,}  "
    note = ""
    if figures.modules and figures.level is not Level.AS_WRITTEN:
        if figures.moved is None:
            note = "  no move found"
        else:
            least = "" if len(figures.moved) == figures.lower_bound else f", at least {figures.lower_bound:,}"
            note = f"  move {len(figures.moved):,}{least}"
    more = len(figures.perhaps) - len(figures.modules)
    perhaps = f"  (perhaps {len(figures.perhaps):,})" if more else ""
    note = f"{perhaps}{note}"
    if cell_len(left + what + note) <= style.width:
        yield Text.assemble(left, what, (note, "cyan"))
    else:
        yield from paragraph(f"{len(figures.modules):,} {what}{note}", style)


def _holding(
    graph: DefinitionGraph, modules: Collection[str], prefix: str, name: GraphName, style: TextStyle
) -> Iterator[Text]:
    """Show what needs what between the modules that are left, the needs that hold them most first."""
    held = {
        GraphName.IMPORT_TIME: [Need.IMPORT],
        GraphName.RUNTIME: [Need.IMPORT, Need.CALL],
        GraphName.ALL: list(Need),
    }
    found = [
        one
        for one in graph.needs
        if one.need in held[name]
        and one.definition.module != one.needed.module
        and {one.definition.module, one.needed.module} <= set(modules)
    ]
    if found:
        yield from section("what holds them")
        yield from listed(found, _SHOWN_NEEDS, style, lambda one: _need(one, prefix, style))


def _need(found: DefinitionNeed, prefix: str, style: TextStyle) -> Iterator[Text]:
    user = f"{short(found.definition.name, prefix)}"
    line = f"  line {found.line_number}"
    when = f"  {_WHEN[found.need]}" if _WHEN[found.need] else ""
    needed = short(found.needed.name, prefix)
    if cell_len(f"  {user} → {needed}{line}{when}") <= style.width:
        yield Text.assemble(f"  {user} → {needed}", (line, "dim"), (when, "magenta"))
    else:
        yield Text.assemble(f"  {user}", (line, "dim"))
        yield Text.assemble(f"    → {needed}", (when, "magenta"))


def _moved(definition: Definition, prefix: str, width: int) -> Iterator[Text]:
    name, lines = short(definition.name, prefix), counted(definition.lines, "line")
    where = f"  line {definition.line_number}, {lines}"
    if cell_len(name + where) + 2 <= width:
        yield Text.assemble(f"  {name}", (where, "dim"))
    else:
        yield Text(f"  {name}")
        yield Text(f"  {where}", style="dim")


def _group(group: Recursion, prefix: str, style: TextStyle) -> Iterator[Text]:
    size = f"{counted(len(group.definitions), 'definition')} in {counted(len(group.modules), 'module')}"
    names = [short(definition.name, prefix) for definition in group.definitions]
    yield from paragraph(f"{size}: {first_of(style.first(names, _SHOWN_NAMES), len(names))}", style)


@as_text
def moves_as_text(planned: Sequence[tuple[Component, MovePlan]], style: TextStyle) -> Iterator[Text]:
    """Return the moves of components, and a line for each component that is cheaper to take apart without."""
    return (line for component, plan in planned for line in _moves_of(component, plan, style))


def _moves_of(component: Component, plan: MovePlan, style: TextStyle) -> Iterator[Text]:
    prefix = common_prefix(component.modules)
    name = f"component #{component.number} around {short(component.name, prefix)}"
    if not plan.moves:
        why = "no move leaves cuts that take less change of code"
        if plan.refused:
            refused = plan.refused[0]
            named = f"{short(refused.definition.name, prefix)} (line {refused.line_number}): "
            why = f"{'' if refused.rule is MoveRule.NO_MOVE else named}{refused.rule}"
        yield from paragraph(f"{name}: nothing to move; {why}", style, "")
        yield Text()
        return
    number = sum(len(move.definitions) for move in plan.moves)
    lines = sum(move.lines for move in plan.moves)
    yield from section(f"{name}: move {counted(number, 'definition')} ({counted(lines, 'line')}) first")
    for place, move in enumerate(plan.moves, start=1):
        yield from _move(place, move, prefix, style)
    yield Text()


def _move(place: int, move: Move, prefix: str, style: TextStyle) -> Iterator[Text]:
    names = [name for definition in move.definitions for name in definition.names[:1]]
    shown = first_of(style.first(names, _SHOWN_NAMES), len(names))
    yield from paragraph(f"{place}  {shown}  {counted(move.lines, 'line')}", style)
    made = "a new module" if move.is_new else "which is there"
    yield from paragraph(
        f"{short(move.source, prefix)} → {short(move.target.name, prefix)}, {made}; imported back", style, "     "
    )
    yield from paragraph(
        f"__module__ becomes {move.target.name}; pickles and tests that replace names may notice",
        style,
        "     ",
        "dim",
    )
