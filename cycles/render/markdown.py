"""Write a Markdown document of an analysis: a summary, and for every component its picture and its plan."""

from collections.abc import Iterator, Sequence

from cycles.model import Analysis, Cut, PlanStep
from cycles.render.captions import summary
from cycles.render.mermaid import READING
from cycles.render.scene import Scene
from cycles.render.source_links import link
from cycles.report.escape import markdown as escaped
from cycles.report.escape import markdown_code as code
from cycles.report.fix_words import evidence
from cycles.report.format import clean, counted, graph_meaning, place, what_holds
from cycles.report.text import head
from cycles.source.values import Import

_COLUMNS = ("step", "importer", "imported", "where", "statement", "how", "modules then left in cycles")
"""Of the table of the plan."""
_MOST_STATEMENTS = 5
_HEAD_WIDTH = 240
"""Characters of packages to name: some lines of a page."""


def as_markdown(analysis: Analysis, scenes: Sequence[Scene], pictures: Sequence[str]) -> str:
    """Return the document in GitHub's Markdown, with a picture for each scene.

    A picture is a block of Markdown itself: a Mermaid chart (`mermaid_block`), the reference to an
    image (`image`), or a sentence.
    """
    lines = [*_summary(analysis)]
    for scene, picture in zip(scenes, pictures, strict=True):
        within = f" in {escaped(scene.prefix)}" if scene.prefix else ""
        lines += ["", f"## Component {scene.number}: {counted(len(scene.modules), 'module')}{within}", ""]
        held = what_holds(scene.plan.component, everything=False)
        lines += [f"{escaped(summary(scene))}; {escaped(held)}.", "", picture, "", *_plan(scene)]
    return "\n".join(lines) + "\n"


def mermaid_block(chart: str) -> str:
    """Return a Mermaid chart as a block, and how to read it."""
    return f"```mermaid\n{chart}```\n\n{READING}"


def image(name: str, scene: Scene) -> str:
    """Return a reference to a picture in a file in the folder of the document."""
    quoted = name.replace("%", "%25").replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C")
    return f"![Import cycles of {counted(len(scene.modules), 'module')}]({clean(quoted)})"


def _summary(analysis: Analysis) -> Iterator[str]:
    yield f"# Import cycles in {escaped(analysis.package)}"
    yield ""
    unread = f", {counted(len(analysis.skipped), 'file')} not read" if analysis.skipped else ""
    about, others = head(analysis, _HEAD_WIDTH)
    if others:
        yield f"{escaped(about + others)}"
        yield ""
    yield f"{counted(analysis.modules, 'module')}, {counted(analysis.imports, 'import')}{unread}."
    yield ""
    yield "| graph | components | modules in cycles | largest | |"
    yield "|---|--:|--:|--:|---|"
    for found in analysis.summaries:
        name = f"**{found.name}**" if found.name is analysis.graph_name else str(found.name)
        yield f"| {name} | {found.components:,} | {found.modules:,} | {found.largest:,} | {graph_meaning(found.name)} |"


def _plan(scene: Scene) -> Iterator[str]:
    """Write a row for each step of the plan, with the statements to edit."""
    cuts = {(cut.importer, cut.imported): cut for cut in scene.plan.ranking.cuts}
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|--:|---|---|---|---|---|--:|"
    for number, step in enumerate(scene.plan.steps, 1):
        cells = _cells(step, cuts.get((step.importer, step.imported)), scene.url_template)
        yield f"| {' | '.join((str(number), *cells))} |"


def _cells(step: PlanStep, cut: Cut | None, url_template: str | None) -> tuple[str, ...]:
    imports = cut.imports if cut else ()
    listed = imports[:_MOST_STATEMENTS]
    more = [f"… {len(imports) - len(listed)} more"] if len(imports) > len(listed) else []
    return (
        _code(step.importer),
        _code(step.imported),
        "<br>".join([*(_where(found, url_template) for found in listed), *more]),
        "<br>".join(_code(found.line_contents) for found in listed),
        escaped(evidence(cut.fix, cut)) if cut and cut.fix else "",
        f"{step.modules_left:,}" if step.modules_left else "none",
    )


def _where(statement: Import, url_template: str | None) -> str:
    url = link(url_template, statement.path, statement.line_number)
    shown = escaped(place(statement))
    return shown if url is None else f"[{shown}](<{url.replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')}>)"


def _code(text: str) -> str:
    """Return text as code; the bar is escaped, as a table wants it."""
    return code(text).replace("|", "\\|")
