"""Draw what holds what of a start-up: boxes as high as the source that is loaded, right of each what it holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.render.geometry import Rectangle
from cycles.render.markdown import fitting
from cycles.render.style import OTHERS, PALETTE
from cycles.render.svg_elements import Element, add, add_label, as_text, identifier
from cycles.render.svg_page import LegendEntry, SvgPage, begin_svg
from cycles.render.text_metrics import ending, shortened, text_width
from cycles.report.escape import markdown as escaped
from cycles.report.escape import markdown_code as code
from cycles.report.startup import own_prefix, size_words
from cycles.report.wording import clean, counted, failed_at, first_of, short
from cycles.startup.holders import Held
from cycles.startup.startup_values import EntryKind, StartupReport

_OWN, _OTHER = PALETTE[0], PALETTE[1]
_LETTERS, _SMALL = 11.0, 10.5
_COLUMNS = 9
"""Nine of the narrowest columns, and the margins, leave names 8 pixels high in a README."""
_NARROWEST, _WIDEST, _BODY = 112.0, 320.0, 800.0
_ROW, _TWO_ROWS = 16.0, 31.0
_LOWEST, _HIGHEST, _A_NODE = 150.0, 720.0, 26.0
_GAP, _PAD, _MARK = 1.5, 6.0, 7.0
_WIDEST_TITLE, _WIDEST_NOTE = 1000.0, 1000.0
_TITLE_LETTERS = 15.0
_LONGEST_NAME, _LONGEST_ENTRY, _LONGEST_IN_LIST = 40, 48, 60
_LONGEST_TEXT = 250
_DESCRIBED = 8
_NAMED = 8
_LIMITS = (400, 200, 100, 50, 20)
"""How many modules and distributions of a list are tried to be named, in turn."""
_COUNTS = "Sizes are bytes of source: nothing was executed, so there are no seconds here."
_READING = (
    "Right of a box stands what it holds: what would not be loaded without it. Its height counts that and its own."
)


@dataclass(frozen=True, slots=True)
class _Box:
    """A place in the picture: of one node, or (`node` is None) of the smallest that a node holds.

    These are `count` with all that they hold, of which `own` are own modules; all in `package` where that is not "".
    """

    node: int | None
    holder: int
    column: int
    y: float
    height: float
    total: int
    count: int = 1
    own: int = 0
    package: str = ""


def holding_svg(found: StartupReport, tree: Sequence[Held]) -> str:
    """Return an SVG document of the tree that `held_tree` made of a report.

    An icicle plot (J. B. Kruskal, J. M. Landwehr, "Icicle plots: better displays for hierarchical clustering",
    The American Statistician 37(2), 1983), from left to right, so that names are read as they are.
    """
    height = min(_HIGHEST, max(_LOWEST, _A_NODE * len(tree)))
    boxes = list(_boxes(tree, height))
    columns = 1 + max(box.column for box in boxes)
    page = _page(found, tree, boxes)
    beside = max(_BODY, text_width(page.title, _TITLE_LETTERS, bold=True))
    width = min(_WIDEST, max(_NARROWEST, beside / columns))
    root, body = begin_svg(page, width * columns, height)
    for number, box in enumerate(boxes):
        area = Rectangle(box.column * width, box.y, width - _GAP, box.height - _GAP)
        _add_box(body, found, tree, box, area, number)
    return as_text(root)


def holding_markdown(found: StartupReport, tree: Sequence[Held]) -> str:
    """Return the tree as a list in GitHub's Markdown, under 60,000 characters: the verdict first."""
    return fitting(_document(found, tree, most) for most in _LIMITS)


def holding_extent(found: StartupReport) -> str:
    """Say what was drawn."""
    own = sum(module.own for module in found.modules)
    return f"{counted(own, 'own module')}, {counted(len(found.distributions), 'other distribution')}"


def _children(tree: Sequence[Held]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for place, node in enumerate(tree):
        found[node.holder].append(place)
    return found


def _boxes(tree: Sequence[Held], height: float) -> Iterator[_Box]:
    """Yield what is high enough to be named: a box for each node, and one for all the others of its holder."""
    children = _children(tree)
    scale = height / max(tree[0].total, 1)
    waiting = [_Box(0, -1, 0, 0.0, height, tree[0].total)]
    while waiting:
        box = waiting.pop()
        yield box
        if box.node is None or box.column + 1 == _COLUMNS:
            continue
        y, rest = box.y, []
        for child in children[box.node]:
            high = tree[child].total * scale
            if high < _ROW:
                rest.append(child)
                continue
            waiting.append(_Box(child, box.node, box.column + 1, y, high, tree[child].total))
            y += high
        for package, members in _by_package(tree, rest, _ROW / scale):
            total = sum(tree[child].total for child in members)
            if total * scale >= _ROW:
                # What a node holds comes right after it.
                folded = [place for child in members for place in range(child, child + 1 + tree[child].below)]
                own = sum(tree[place].own for place in folded)
                high = total * scale
                waiting.append(_Box(None, box.node, box.column + 1, y, high, total, len(folded), own, package))
                y += high


def _by_package(tree: Sequence[Held], places: Sequence[int], least: float) -> list[tuple[str, list[int]]]:
    """Return what is too small to be named by its packages, the innermost that are large enough; "" for the rest.

    The largest comes first, the rest last.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for place in places:
        groups[tree[place].name.rpartition(".")[0] if tree[place].own else ""].append(place)
    found: list[tuple[str, list[int]]] = []
    depth = max((package.count(".") for package in groups), default=0)
    for dots in range(depth, -1, -1):
        for package in sorted(name for name in groups if name and name.count(".") == dots):
            members = groups.pop(package)
            # Of a whole application that says nothing.
            if dots and sum(tree[place].total for place in members) >= least:
                found.append((package, members))
            else:
                groups[package.rpartition(".")[0]] += members
    found.sort(key=lambda group: (-sum(tree[place].total for place in group[1]), group[0]))
    return [*found, ("", groups[""])]


def _add_box(
    body: Element, found: StartupReport, tree: Sequence[Held], box: _Box, area: Rectangle, number: int
) -> None:
    if box.node is None:
        name, color, own, certain = _more(found, box), OTHERS, True, True
        words = size_words(box.total)
        words += f" · {box.own:,} own, {box.count - box.own:,} other" if box.own < box.count else ""
        id_ = identifier(f"more {number}")
    else:
        node = tree[box.node]
        own, certain, color = node.own, node.certain, _OWN if node.own else _OTHER
        name = _name(found, node) + ("" if certain else " ?")
        folded = f" · holds {node.below:,}" if box.column + 1 == _COLUMNS and node.below else ""
        importers = _importers(found, node)
        words = size_words(node.total) + folded
        words += f" · {len(importers):,} modules import it" if len(importers) > 1 else ""
        id_ = identifier(node.name if own else f"{node.name} (distribution)")
    group = add(body, "g", class_="node", id=id_)
    add(group, "title", _tooltip(found, tree, box))
    frame = add(group, "rect", class_="box", fill=color, x=area.x, y=area.y, width=area.width, height=area.height)
    if not certain:
        frame.set("stroke-dasharray", "4 2")
    _add_words(group, name, words, area, marked=not own)


def _add_words(group: Element, name: str, words: str, area: Rectangle, *, marked: bool) -> None:
    """Add a name and below it what is said of it, or in a low box behind it where there is room; a mark before both."""
    low = area.height + _GAP < _TWO_ROWS
    x, y = area.x + _PAD, area.y + (area.height / 2 + 0.35 * _LETTERS if low else 14.0)
    if marked:
        add(group, "rect", class_="on-color", x=x, y=y - _MARK - 0.5, width=_MARK, height=_MARK)
        x += _MARK + _PAD / 2
    room = area.x + area.width - x - _PAD / 2
    if not low:
        add_label(group, _fitted(words, room, _SMALL), x, y + 13, _SMALL, "on-color")
    else:
        parts = words.split(" · ")
        behind = [" · ".join([name, *parts[:count]]) for count in range(len(parts), 0, -1)]
        name = next((whole for whole in behind if text_width(whole, _LETTERS) <= room), name)
    add_label(group, _fitted(name, room, _LETTERS), x, y, _LETTERS, "on-color")


def _more(found: StartupReport, box: _Box) -> str:
    """Return what many modules together are called."""
    if not box.package:
        return f"{box.count:,} more"
    return f"{short(box.package, own_prefix(found))}: {box.count:,} more"


def _importers(found: StartupReport, node: Held) -> tuple[str, ...]:
    """Return who imports a distribution that no module alone holds."""
    if node.own or node.holder:
        return ()
    return next((row.importers for row in found.distributions if row.name == node.name), ())


def _tooltip(found: StartupReport, tree: Sequence[Held], box: _Box) -> str:
    if box.node is None:
        holder = clean(tree[box.holder].name)
        more = f"{_more(found, box)}, each too small to be named here"
        return f"{more}\n{size_words(box.total)}\nheld by {holder}"
    node = tree[box.node]
    lines = [clean(node.name), f"{size_words(node.size)}, with what it holds {size_words(node.total)}"]
    lines += [f"held by {clean(tree[node.holder].name)}"] if node.holder >= 0 else [_subject(found, _LONGEST_ENTRY)]
    importers = [clean(name) for name in _importers(found, node)]
    if importers:
        lines.append(f"imported by {first_of(importers[:_NAMED], len(importers))}")
    lines += [] if node.certain else ["only possible: a condition that cannot be read decides"]
    return "\n".join(lines)


def _page(found: StartupReport, tree: Sequence[Held], boxes: Sequence[_Box]) -> SvgPage:
    title, clause = _title(found, tree), _clause(found, tree)
    whole = f"{title}; {clause}" if clause else title
    fits = text_width(whole, _TITLE_LETTERS, bold=True) <= _WIDEST_TITLE
    notes = [f"{clause}."] if clause and not fits else []
    notes += [_READING, _COUNTS, *_doubts(found)]
    named = sum(box.node is not None for box in boxes)
    remarks = (
        [f"{named:,} of {len(tree):,} are named here; the others are too small or too deep."]
        if named < len(tree)
        else []
    )
    remarks += _small_print(found, marked=any(box.node is not None and not tree[box.node].certain for box in boxes))
    largest = sorted(tree[1:], key=lambda node: (-node.total, node.name))[:_DESCRIBED]
    listed = "; ".join(
        f"{clean(node.name)}, {size_words(node.total)}, held by {clean(tree[node.holder].name)}" for node in largest
    )
    legend = [LegendEntry("own module", color=_OWN)]
    if any(not node.own for node in tree):
        legend.append(LegendEntry("other distribution, with a dark square", color=_OTHER))
    if any(box.node is None for box in boxes):
        legend.append(LegendEntry("more, each too small to be named", color=OTHERS))
    return SvgPage(
        title=_fitted(whole if fits else title, _WIDEST_TITLE, _TITLE_LETTERS * 1.1),
        notes=tuple(_fitted(note, _WIDEST_NOTE, _LETTERS) for note in notes),
        description=f"{whole}. {' '.join(notes)}{f' The largest: {listed}.' if listed else ''}",
        plan=(),
        more="",
        legend=tuple(legend),
        remarks=tuple(_fitted(remark, _WIDEST_NOTE, _SMALL) for remark in remarks),
    )


def _title(found: StartupReport, tree: Sequence[Held]) -> str:
    own = sum(module.own for module in found.modules)
    others = counted(len(found.distributions), "other distribution")
    loads = f"loads {own:,} of {counted(found.own_modules, 'own module')} and {others}"
    return f"{_subject(found, _LONGEST_ENTRY)} {loads} ({size_words(tree[0].total)} of source)"


def _subject(found: StartupReport, most: int) -> str:
    text = ending(clean(found.entry.text), most)
    match found.entry.kind:
        case EntryKind.MODULE:
            return f"importing {text}"
        case EntryKind.CALLABLE:
            return f"importing and calling {text}"
        case EntryKind.SCRIPT:
            return f"running {text}"
        case EntryKind.DJANGO:
            return f"django.setup() with {ending(clean(found.entry.module), most)}"


def _clause(found: StartupReport, tree: Sequence[Held]) -> str:
    """Say which own module holds the largest distribution that one does, besides ENTRY; "" where none does."""
    held = [node for node in tree if not node.own and node.holder > 0 and tree[node.holder].own]
    if not held:
        return ""
    largest = min(held, key=lambda node: (-node.total, node.name))
    others = sum(node.holder == largest.holder for node in held) - 1
    rest = f" and {others:,} more" if others else ""
    holder = ending(_name(found, tree[largest.holder]), _LONGEST_NAME)
    return f"{holder} holds {ending(clean(largest.name), _LONGEST_NAME)}{rest}"


def _name(found: StartupReport, node: Held) -> str:
    """Return a short name: modules of the only own package without it."""
    if not node.own or node.holder < 0:
        return clean(node.name)
    return short(node.name, own_prefix(found))


def _doubts(found: StartupReport) -> Iterator[str]:
    """Yield what makes the tree less than the truth."""
    failure = found.failure
    if failure is not None:
        name = ending(clean(failure.module), _LONGEST_NAME)
        yield f"Importing {name} is predicted to fail{failed_at(failure)}; what comes after is only possible."
    if found.unfollowed:
        yield f"{counted(len(found.unfollowed), 'place')} could not be followed: more may be loaded than is shown here."
    if found.cut_off:
        yield "Not all code was followed to its end: what could not be is only possible."


def _small_print(found: StartupReport, *, marked: bool) -> Iterator[str]:
    if marked:
        yield "? is only possible: a condition that cannot be read decides."
    missing = sum(not row.installed for row in found.distributions)
    if missing:
        are, their = ("is", "its") if missing == 1 else ("are", "their")
        distributions = counted(missing, "distribution")
        yield f"{distributions} {are} not installed here: {their} size is not known and counts as 0."


def _document(found: StartupReport, tree: Sequence[Held], most: int) -> Iterator[str]:
    clause = _clause(found, tree)
    yield f"**{escaped(_title(found, tree) + (f'; {clause}' if clause else ''))}.**"
    yield ""
    listed = "Each is held by what it stands below: without that, it would not be loaded; sizes include what it holds."
    yield f"{listed} {_COUNTS}"
    # Those above come first among equals, so that what is shown hangs together.
    shown = set(sorted(range(len(tree)), key=lambda place: (-tree[place].total, place))[:most])
    marked = any(not tree[place].certain for place in shown)
    for sentence in (*_doubts(found), *_small_print(found, marked=marked)):
        yield from ("", escaped(sentence))
    yield ""
    children = _children(tree)
    waiting: list[tuple[int, str]] = [(0, _item(found, tree[0], 0))]
    while waiting:
        place, line = waiting.pop()
        yield line
        if place < 0:
            continue
        depth = (len(line) - len(line.lstrip(" "))) // 2 + 1
        rest = [child for child in children[place] if child not in shown]
        if rest:
            count = sum(1 + tree[child].below for child in rest)
            size = size_words(sum(tree[child].total for child in rest))
            waiting.append((-1, f"{'  ' * depth}- {count:,} more, {size}"))
        waiting += [(child, _item(found, tree[child], depth)) for child in reversed(children[place]) if child in shown]


def _item(found: StartupReport, node: Held, depth: int) -> str:
    name = code(ending(_name(found, node), _LONGEST_IN_LIST))
    shown = name if node.own else f"**{name}** (distribution)"
    doubt = "" if node.certain else " ?"
    return f"{'  ' * depth}- {shown}{doubt} {size_words(node.total)}"


def _fitted(text: str, room: float, size: float) -> str:
    """Return a text, or what there is room for: of a name the last parts, of a sentence both ends."""
    shorten = shortened if " " in text else ending
    most = min(len(text), _LONGEST_TEXT)
    shown = shorten(text, most)
    while text_width(shown, size) > room and most > 1:
        most -= 1
        shown = shorten(text, most)
    return shown
