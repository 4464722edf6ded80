"""Write a Markdown document of an analysis: the verdict, and for every component its picture and its plan."""

from collections.abc import Iterable, Iterator, Sequence

from cycles.model import Analysis, Cut, PlanStep
from cycles.render.captions import plan_lines, summary, title
from cycles.render.diagram_model import Diagram
from cycles.render.scene import Scene, link
from cycles.render.text_metrics import ending, shortened
from cycles.report.escape import markdown as escaped
from cycles.report.escape import markdown_code as code
from cycles.report.escape import markdown_sentence
from cycles.report.fix_words import evidence
from cycles.report.terminal import head
from cycles.report.wording import clean, counted, graph_meaning, place, short, source_line, what_holds
from cycles.source.import_values import Import

_SHOWN = 10
"""Steps of a plan that are not folded."""
_MOST_CHARACTERS = 60_000
"""GitHub takes 65,536 in a comment, and somebody may want to add a sentence."""
_LIMITS = ((1000, 1000), (200, 1000), (60, 60), (20, 20), (_SHOWN, 10), (_SHOWN, 4), (3, 1))
"""How many steps of each plan, and how many components, are tried to be shown, in turn."""
_MOST_STATEMENTS = 3
_LONGEST_NAME, _LONGEST_WORD, _LONGEST_PATH, _LONGEST_STATEMENT, _LONGEST_FIX = 40, 32, 44, 100, 240
_HEAD_WIDTH = 240
"""Characters of packages to name: some lines of a page."""


def as_markdown(analysis: Analysis, scenes: Sequence[Scene], pictures: Sequence[str]) -> str:
    """Return the document in GitHub's Markdown, with a picture for each scene; no longer than a comment may be.

    A picture is a block of Markdown itself: a Mermaid chart (`mermaid_block`), the reference to an
    image (`image`), or a sentence.
    """
    return fitting(_document(analysis, scenes, pictures, *most) for most in _LIMITS)


def fitting(documents: Iterable[Iterable[str]]) -> str:
    """Return the first of some documents, as lines, that is no longer than a comment may be; else the last."""
    text = ""
    for lines in documents:
        text = "\n".join(lines) + "\n"
        if len(text) <= _MOST_CHARACTERS:
            break
    return text


def mermaid_block(chart: str, caption: str) -> str:
    """Return a Mermaid chart as a block, and how to read it."""
    return f"```mermaid\n{chart}```\n\n{escaped(caption)}"


def image(name: str, scene: Scene) -> str:
    """Return a reference to a picture in a file in the folder of the document."""
    quoted = name.replace("%", "%25").replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C")
    return f"![{escaped(title(scene))}]({clean(quoted)})"


def plan_table(diagram: Diagram) -> Iterator[str]:
    """Yield the lines of a diagram's plan as a table; those after the first ten are no part of a diagram."""
    yield "| | import | where |"
    yield "|---|---|---|"
    yield from (f"| {line.number} | {_code(line.cut)} | {escaped(line.place)} |" for line in diagram.plan)
    if diagram.more:
        yield from ("", f"{escaped(diagram.more)}.")


def _document(
    analysis: Analysis, scenes: Sequence[Scene], pictures: Sequence[str], steps: int, components: int
) -> Iterator[str]:
    yield f"# Import cycles in {escaped(analysis.package)}"
    yield ""
    if len(scenes) == 1:
        yield f"**{escaped(title(scenes[0]))}.**"
    yield from (f"- **{escaped(title(scene))}.**" for scene in scenes[:components] if len(scenes) > 1)
    if len(scenes) > components:
        yield f"- … and {counted(len(scenes) - components, 'more component')}, which there is no room for."
    yield ""
    yield from _summary(analysis)
    for scene, picture in zip(scenes[:components], pictures, strict=False):
        within = f" in {escaped(scene.prefix)}" if scene.prefix else ""
        number = f"Component {scene.number}: " if scene.of > 1 else ""
        held = "" if scene.by else f"; {escaped(what_holds(scene.plan.component, everything=False))}"
        yield from ("", f"## {number}{counted(len(scene.modules), scene.node)}{within}", "")
        yield from (f"{escaped(summary(scene))}{held}.", "", picture, "")
        yield from _plan(scene, steps)


def _summary(analysis: Analysis) -> Iterator[str]:
    unread = f", {counted(len(analysis.skipped), 'file')} not read" if analysis.skipped else ""
    about, others = head(analysis, _HEAD_WIDTH)
    if others:
        yield f"{escaped(about + others)}"
        yield ""
    yield f"{counted(analysis.modules, 'module')}, {counted(analysis.imports, 'import')}{unread}."
    yield ""
    yield f"| graph | components | {'groups' if analysis.by else 'modules'} in cycles | largest | |"
    yield "|---|--:|--:|--:|---|"
    for found in analysis.summaries:
        name = f"**{found.name}**" if found.name is analysis.graph_name else str(found.name)
        numbers = f"{found.components:,} | {found.modules:,} | {found.largest:,}"
        yield f"| {name} | {numbers} | {escaped(graph_meaning(found.name))} |"


def _plan(scene: Scene, most: int) -> Iterator[str]:
    """Write a row for each step of the plan, with the statements to edit; those after the first ten are folded."""
    cuts = {cut.pair: cut for cut in scene.plan.ranking.cuts}
    rows = [
        f"| {number} | {' | '.join(_cells(step, cuts.get(step.pair), scene))} |"
        for number, step in enumerate(scene.plan.steps[:most], 1)
    ]
    for line in plan_lines(scene)[: len(scene.moves)]:
        yield f"- {line.number}: {escaped(line.cut)}{f' ({escaped(line.place)})' if line.place else ''}"
    yield from ([""] if scene.moves else [])
    yield from _table(rows[:_SHOWN])
    if folded := rows[_SHOWN:]:
        yield from ("", f"<details><summary>{counted(len(folded), 'more step')}</summary>", "")
        yield from _table(folded)
        yield from ("", "</details>")
    if more := len(scene.plan.steps) - len(rows):
        yield from ("", f"… and {counted(more, 'more step')}, which there is no room for.")


def _table(rows: Sequence[str]) -> Iterator[str]:
    yield "| step | import to cut | how |"
    yield "|--:|---|---|"
    yield from rows


def _cells(step: PlanStep, cut: Cut | None, scene: Scene) -> tuple[str, ...]:
    imports = cut.imports if cut else ()
    listed = imports[:_MOST_STATEMENTS]
    importer, imported = (ending(short(name, scene.prefix), _LONGEST_NAME) for name in step.pair)
    lines = [f"**{_code(importer)}** →", f"**{_code(imported)}**"]
    if len(importer) + len(imported) < _LONGEST_NAME:
        lines = [" ".join(lines)]
    for found in listed:
        statement = _narrow(shortened(source_line(found), _LONGEST_STATEMENT))
        lines += [_where(found, scene.url_template), _code(statement)]
    lines += [f"… {len(imports) - len(listed)} more"] if len(imports) > len(listed) else []
    left = f"{counted(step.modules_left, scene.node) if step.modules_left else f'no {scene.node}'} left in cycles"
    how = [_sentence(shortened(evidence(cut.fix, cut), _LONGEST_FIX))] if cut and cut.fix else []
    return "<br>".join(lines), "<br>".join([*how, f"*{left}*"])


def _where(statement: Import, url_template: str | None) -> str:
    url = link(url_template, statement.path, statement.line_number)
    shown = escaped(ending(place(statement), _LONGEST_PATH, "/"))
    return shown if url is None else f"[{shown}](<{url.replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')}>)"


def _sentence(sentence: str) -> str:
    """Return a sentence of ours for a cell of a table."""
    return markdown_sentence(_narrow(sentence)).replace("|", "\\|")


def _narrow(text: str) -> str:
    """Return a text with the ends of long words: a column is as wide as its longest one."""
    return " ".join(ending(word, _LONGEST_WORD, "/" if "/" in word else ".") for word in text.split(" "))


def _code(text: str) -> str:
    """Return text as code; the bar is escaped, as a table wants it."""
    return code(text).replace("|", "\\|")
