"""Draw what a change does to import cycles: the imports that are gone, new and kept, as a picture or a chart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from cycles.check.findings import Change, ChangedDependency, GraphChange
from cycles.enums import Presence, View
from cycles.graph.components import shortest_path
from cycles.render.captions import PlanLine
from cycles.render.choose_layout import arrange, least_letters, untangled
from cycles.render.choose_view import DrawOptions, Picture
from cycles.render.diagram_model import LONGEST_LABEL, Arrow, Box, Diagram, groups_named
from cycles.render.diagram_svg import diagram_as_svg
from cycles.render.dot import as_dot
from cycles.render.layering import least_upward
from cycles.render.markdown import mermaid_block, plan_table
from cycles.render.matrix import as_matrix
from cycles.render.mermaid import as_mermaid, for_chart, reading
from cycles.render.module_diagram import LONGEST_PACKAGE
from cycles.render.package_groups import colored_groups
from cycles.render.style import GONE, NEW, PALETTE, style_of
from cycles.render.text_metrics import ending, shortened
from cycles.report.escape import markdown as escaped
from cycles.report.wording import clean, common_prefix, counted, place, short
from cycles.source.module_names import Pair

_MOST_BOXES, _MOST_LINES = 24, 12
_SHARE = 4
_LONGEST_NAME, _LONGEST_PLACE = 38, 60
_STATEMENTS = 6
_SIGNS = {Presence.NEW: "+", Presence.GONE: "-"}


def change_diagram(change: Change, found: GraphChange, *, most: int = _MOST_BOXES) -> Diagram | None:
    """Return the imports on cycles that a change adds or removes, and the shortest cycles that they close or closed.

    There are as many of them as there is room for boxes. None where nothing is added or removed.
    """
    chosen = _chosen(found.difference, most)
    if not any(edge.presence is not Presence.KEPT for edge in chosen):
        return None
    names = sorted({end for edge in chosen for end in edge.pair})
    prefix, group_of = common_prefix(names), colored_groups(names, len(PALETTE), _SHARE)
    groups = groups_named(sorted({*group_of.values()} - {""}), prefix)
    order = _order(names, chosen)
    numbers = _numbers(chosen, found)
    lines = [line for edge in chosen if (line := _line(edge, numbers, prefix))]
    lines.sort(key=lambda line: (line.look == "gone", int(line.number[1:])))
    return Diagram(
        title=_title(change, found),
        notes=(_summary(found, change.analysis.node), _extent(found, chosen)),
        framed=False,
        boxes=tuple(_boxes(order, found, prefix, group_of, {group.name: group.color for group in groups})),
        arrows=tuple(_arrow(edge, order, numbers) for edge in chosen),
        groups=groups,
        plan=tuple(lines[:_MOST_LINES]),
        more=f"… and {len(lines) - _MOST_LINES:,} more" if len(lines) > _MOST_LINES else "",
        cut_words="",
        remarks=("Grey lines were there before and are there now: they close the cycles, or closed them.",),
    )


def _chosen(difference: Sequence[ChangedDependency], most: int) -> tuple[ChangedDependency, ...]:
    """Return what is new or gone, with the shortest cycles through it, as long as not too many modules are on these."""
    now = _leading(edge for edge in difference if edge.presence is not Presence.GONE)
    then = _leading(edge for edge in difference if edge.presence is not Presence.NEW)
    shown: set[str] = set()
    changed: set[Pair] = set()
    cycles: set[Pair] = set()
    for edge in sorted(difference, key=lambda edge: (edge.presence is Presence.GONE, edge.implied)):
        if edge.presence is Presence.KEPT:
            continue
        way = shortest_path((now if edge.presence is Presence.NEW else then).__getitem__, edge.imported, edge.importer)
        modules = {edge.importer, edge.imported, *way}
        if len(shown | modules) <= most:
            shown |= modules
            changed.add(edge.pair)
            cycles.update(pairwise(way))
    return tuple(edge for edge in difference if edge.pair in changed | cycles)


def _leading(edges: Iterable[ChangedDependency]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        found[edge.importer].append(edge.imported)
    return found


def _order(names: Sequence[str], edges: Iterable[ChangedDependency]) -> list[str]:
    """Return the names with the foundations first: what is kept points down, and what is new or gone up."""
    found = [(edge.pair, edge.presence is Presence.KEPT) for edge in edges]
    return least_upward(names, *({pair: 1 for pair, kept in found if kept is wanted} for wanted in (True, False)))


def _numbers(edges: Iterable[ChangedDependency], found: GraphChange) -> dict[Pair, str]:
    """Return at which dependency each statement that is new or gone stands, as +1 or -1: those to blame come first."""
    blamed = [finding.pair for finding in found.findings]
    at: dict[tuple[Presence, Pair], Pair] = {}
    for edge in sorted(edges, key=lambda edge: edge.implied):
        for statement in edge.imports[:1]:
            pair = statement.importer, statement.imported
            if edge.presence in _SIGNS:
                at.setdefault((edge.presence, pair), edge.pair)
    ordered = sorted(at, key=lambda key: (blamed.index(key[1]) if key[1] in blamed else len(blamed), key[1]))
    counts = dict.fromkeys(_SIGNS, 0)
    numbers = {}
    for presence, pair in ordered:
        counts[presence] += 1
        numbers[at[presence, pair]] = f"{_SIGNS[presence]}{counts[presence]}"
    return numbers


def _line(edge: ChangedDependency, numbers: Mapping[Pair, str], prefix: str) -> PlanLine | None:
    number = numbers.get(edge.pair)
    if number is None:
        return None
    statement = edge.imports[0]
    return PlanLine(
        number=number,
        cut=" → ".join(ending(short(name, prefix), _LONGEST_NAME) for name in statement.pair),
        place=ending(clean(place(statement)), _LONGEST_PLACE, "/") + (" then" if number.startswith("-") else ""),
        url=None,
        look="gone" if edge.presence is Presence.GONE else "cut",
    )


def _title(change: Change, found: GraphChange) -> str:
    """Say how many modules are newly on cycles, and how many on none any more."""
    since = shortened(clean(change.before.name or "the comparison"), _LONGEST_NAME)
    freed = len(found.freed) + len(found.deleted)
    said = [f"{counted(len(found.newly), change.analysis.node)} newly on import cycles"] if found.newly else []
    said += (
        [f"{counted(freed, change.analysis.node)} on {'none' if said else 'no import cycle'} any more"] if freed else []
    )
    package = shortened(clean(change.analysis.package), _LONGEST_NAME)
    return f"{package} since {since}: {', '.join(said) or f'the same {change.analysis.node}s on import cycles'}"


def _summary(found: GraphChange, node: str) -> str:
    then = len(found.before.modules) if found.before else 0
    cuts = f"{found.before.cuts.size if found.before else 0:,} → {found.now.cuts.size:,}"
    return f"{found.graph} · {node}s on cycles {then:,} → {len(found.now.modules):,} · imports to cut {cuts}"


def _extent(found: GraphChange, chosen: Sequence[ChangedDependency]) -> str:
    """Say how much was added and removed on cycles, and how much of that is drawn."""
    words = []
    for presence, word in ((Presence.NEW, "added"), (Presence.GONE, "removed")):
        every, drawn = (len(_statements(edges, presence)) for edges in (found.difference, chosen))
        words.append(f"{counted(every, 'import')} {word}{f' ({drawn:,} drawn)' if drawn < every else ''}")
    return ", ".join(words)


def _statements(edges: Iterable[ChangedDependency], presence: Presence) -> set[Pair]:
    """Return the imports that make some dependencies: what names a module also runs the packages around it."""
    return {found.pair for edge in edges if edge.presence is presence for found in edge.imports}


def _boxes(
    order: Sequence[str], found: GraphChange, prefix: str, group_of: Mapping[str, str], colors: Mapping[str, str]
) -> Iterator[Box]:
    words = dict.fromkeys(found.freed, "on no cycle now") | dict.fromkeys(found.deleted, "deleted")
    words |= dict.fromkeys(found.newly, "newly on a cycle")
    for name in order:
        package, _, last = short(name, prefix).rpartition(".")
        yield Box(
            name=name,
            label=shortened(last, LONGEST_LABEL),
            above=ending(package, LONGEST_PACKAGE),
            below=words.get(name, ""),
            frame="",
            color=colors.get(group_of[name]),
            tooltip=clean(name),
            url=None,
        )


def _arrow(edge: ChangedDependency, order: Sequence[str], numbers: Mapping[Pair, str]) -> Arrow:
    number = numbers.get(edge.pair)
    listed = [f"{place(found)}  {clean(found.line_contents)}" for found in edge.imports[:_STATEMENTS]]
    kept = style_of(edge.imports[0].kind, implied=edge.implied)
    return Arrow(
        importer=edge.importer,
        imported=edge.imported,
        up=order.index(edge.importer) < order.index(edge.imported),
        style={Presence.NEW: NEW, Presence.GONE: GONE, Presence.KEPT: kept}[edge.presence],
        label="",
        width=2.4 if number else 1.3,
        tooltip="\n".join((f"{clean(edge.importer)} → {clean(edge.imported)}  ({edge.presence})", *listed)),
        steps=(number,) if number else (),
    )


_FEWER_BOXES = (24, 16, 10, 6)
"""Fewer are tried where a picture would not be legible."""
_IN_PASSING = 12
"""A larger picture in a comment is not read in passing."""


def change_picture(change: Change, found: GraphChange, options: DrawOptions, suffix: str) -> Picture | None:
    """Return the picture as "svg", "dot", "mmd" or "md"; None where the change adds and removes nothing on cycles."""
    diagrams = _diagrams(change, found)
    if not diagrams:
        return None
    match suffix:
        case "dot":
            return Picture(as_dot(diagrams[0]), View.DIAGRAM, diagrams[0].notes[1])
        case "mmd" | "md":
            for diagram in diagrams:
                drawn = for_chart(diagram)
                chart = as_mermaid(drawn)
                if chart or diagram is diagrams[-1]:
                    break
            text = (chart or "") if suffix == "mmd" else _document(drawn, chart)
            return Picture(text, View.DIAGRAM, drawn.notes[1])
        case _:
            return _svg(diagrams, options)


def change_chart(change: Change) -> str | None:
    """Return the chart of the first graph that a change adds something to or removes something from, for a comment."""
    for found in change.graphs:
        if found.difference and (diagram := change_diagram(change, found, most=_IN_PASSING)):
            drawn = for_chart(diagram)
            if chart := as_mermaid(drawn):
                return mermaid_block(chart, reading(drawn))
    return None


def _diagrams(change: Change, found: GraphChange) -> list[Diagram]:
    made = [change_diagram(change, found, most=most) for most in _FEWER_BOXES]
    return [diagram for diagram in made if diagram]


def _svg(diagrams: list[Diagram], options: DrawOptions) -> Picture:
    if options.engine:
        letters = least_letters(len(diagrams[0].boxes))
        if arranged := arrange(diagrams, options.engine, seconds=options.seconds, letters=letters):
            best = untangled(arranged, options.engine, seconds=options.seconds, letters=letters)
            return Picture(diagram_as_svg(best.diagram, best.layout), View.DIAGRAM, best.diagram.notes[1])
    return Picture(as_matrix(diagrams[0], order=""), View.MATRIX, diagrams[0].notes[1])


def _document(diagram: Diagram, chart: str | None) -> str:
    lines = [f"**{escaped(diagram.title)}.**", "", *(f"{escaped(note)}\n" for note in diagram.notes)]
    lines += [mermaid_block(chart, reading(diagram)), ""] if chart else []
    return "\n".join((*lines, *plan_table(diagram))) + "\n"
