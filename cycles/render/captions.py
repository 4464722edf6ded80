"""A drawing or one of its imports in; the words and the link that stand for it in every picture, out."""

from cycles.render.scene import Drawing, Edge
from cycles.render.source_links import link
from cycles.render.text_metrics import rounded_count, shortened
from cycles.wording import clean, counted, place

_LONGEST_NAME, _LONGEST_STATEMENT = 80, 160


def title(drawing: Drawing, parts: str = "") -> str:
    """What a picture of the component is called; `parts` say what its modules are shown in."""
    where = shortened(clean(drawing.prefix or drawing.package), _LONGEST_NAME)
    number = f" · component {drawing.number} of {drawing.of}" if drawing.of > 1 else ""
    return f"Import cycles in {where}: {counted(len(drawing.nodes), 'module')}{parts}{number}"


def summary(drawing: Drawing) -> str:
    """The graph, its cycles, and how many cuts leave none."""
    cycles = counted(drawing.cycles.count, "cycle")
    several = f"{cycles}" if drawing.cycles.exact else f"at least {cycles}"
    proof = "proven fewest" if drawing.cuts == drawing.lower_bound else f"at least {drawing.lower_bound:,} are needed"
    verb = "leaves" if drawing.cuts == 1 else "leave"
    return f"{drawing.graph} · {several} · {counted(drawing.cuts, 'cut')} {verb} none ({proof})"


def cut_label(edge: Edge) -> str:
    """The steps of the plan that remove an import, and the cycles through it; "" where it stays."""
    return f"#{'+'.join(map(str, edge.steps))}: {rounded_count(edge.cycles)}" if edge.steps else ""


def tip(edge: Edge, *, exact: bool) -> str:
    """What is said of an import when one points at it: its names, its statements, its cycles."""
    names = f"{clean(edge.importer)} → {clean(edge.imported)}"
    statements = [
        f"{place(found)}  {shortened(clean(found.line_contents), _LONGEST_STATEMENT)}" for found in edge.imports
    ]
    kinds = ", ".join(dict.fromkeys(found.kind for found in edge.imports))
    runs = "runs the package on the way" if edge.implied else kinds
    cycles = f"{'' if exact else 'at least '}{counted(edge.cycles, 'cycle')} through it"
    steps = f", step {' and '.join(map(str, edge.steps))} of the plan" if edge.steps else ""
    return "\n".join((f"{names}  ({runs})", *statements, f"{cycles}{steps}"))


def edge_url(template: str | None, edge: Edge) -> str | None:
    """Where the first statement of an import is to be read; None without template."""
    first = edge.imports[0]
    return link(template, first.path, first.line_number)
