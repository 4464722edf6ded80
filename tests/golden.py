"""Every output of every sample project; run it to rewrite the expected files."""

from collections.abc import Iterator
from pathlib import Path

from api_page import with_results
from cycles.api import analyze, costs, find_hoistable, plan_all
from cycles.check.compare import check
from cycles.contracts.contract_text import Contract, as_toml
from cycles.contracts.generate import covered_packages, generated, with_plan
from cycles.contracts.linter import seen_by_linter
from cycles.enums import GraphName, View
from cycles.model import Analysis, CutRequest
from cycles.render.choose_view import MATRIX_SIZES, DrawOptions, dot_picture, mermaid_picture, svg_picture
from cycles.render.layout_program import find_engine
from cycles.render.scene import scene_of
from cycles.report.check import check_as_text
from cycles.report.check_json import check_as_json
from cycles.report.cuts import CutsDetails, cuts_as_text
from cycles.report.entries import entries_as_text
from cycles.report.json_by_command import contract_as_json, cuts_as_json, entries_as_json, scc_as_json
from cycles.report.scc import scc_as_text
from cycles.report.terminal import TextStyle
from cycles.simulate.first_import_report import entrances
from inside import linter_here
from json_schemas import schemas
from module_tree import with_tree
from readme import executed

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "sample_projects"
README = PROJECT / "README.md"
PAGES = (
    README,
    *(
        PROJECT / "docs" / f"{name}.md"
        for name in (
            "ci",
            "contract",
            "definitions",
            "draw",
            "first-imports",
            "fix",
            "from-a-traceback",
            "json",
            "packages",
            "startup",
        )
    ),
)
"""The pages with console blocks."""
CONTRIBUTING = PROJECT / "CONTRIBUTING.md"
API_PAGE = PROJECT / "docs" / "api.md"
SCHEMAS = PROJECT / "cycles" / "report" / "schemas"
OTHER_ARGUMENTS = {
    "agent_core": ("ee.hogai", ()),
    "implied_init": ("outer", ()),
    "namespace_ring": ("nsring", ()),
    "slow_start": ("assistant", ()),
}


def samples() -> list[str]:
    return sorted(path.name for path in SAMPLES.iterdir() if path.is_dir())


def outputs(sample: str) -> Iterator[tuple[Path, str]]:
    """Where each output is expected, and what it is."""
    package, roots = OTHER_ARGUMENTS.get(sample, (sample, ()))
    expected = SAMPLES / sample / "expected"
    for graph in GraphName:
        analysis = analyze(package, folders=[SAMPLES / sample], roots=roots, graph=graph, count_cuts=True)
        yield expected / f"scc-{graph}.json", scc_as_json(analysis)
        yield expected / f"scc-{graph}.txt", scc_as_text(analysis, TextStyle())
        for component in analysis.components[:1]:
            name = f"scc-{graph}-{component.number}.txt"
            yield expected / name, scc_as_text(analysis, TextStyle(everything=True), number=component.number)
        analysis = analyze(package, folders=[SAMPLES / sample], roots=roots, graph=graph)
        plans = tuple(plan_all(analysis.components))
        yield expected / f"cuts-{graph}.json", cuts_as_json(analysis, plans)
        text = cuts_as_text(analysis, plans, TextStyle())
        yield expected / f"cuts-{graph}.txt", text
        if graph is GraphName.RUNTIME:
            cheap = tuple(plan_all(analysis.components, CutRequest(cheapest=True, allow_reexports=True)))
            details = CutsDetails(evidence=True, ranking=True, hoists=find_hoistable(analysis, cheap))
            text = cuts_as_text(analysis, cheap, TextStyle(), details)
            yield expected / f"cuts-{graph}-cheapest-hoist.txt", text
        for scene in (scene_of(analysis, plan) for plan in plans[:1]):
            yield expected / f"draw-{graph}.dot", dot_picture(scene, DrawOptions()).text
            if chart := mermaid_picture(scene, DrawOptions()):
                yield expected / f"draw-{graph}.mmd", chart.text
        contract = contract_of(analysis)
        text = as_toml(contract)
        yield expected / f"contract-{graph}.toml", text
        made = generated(contract, text, "pyproject.toml", "shown")
        yield expected / f"contract-{graph}.json", contract_as_json(analysis, made)
        change = check(analysis, [graph])
        yield expected / f"check-{graph}.json", check_as_json(change)
        yield expected / f"check-{graph}.txt", check_as_text(change, TextStyle())
    analysis = analyze(package, folders=[SAMPLES / sample], roots=roots)
    found = entrances(analysis)
    yield expected / "entries-predicted.json", entries_as_json(analysis, found)
    text = entries_as_text(analysis, found, TextStyle())
    yield expected / "entries-predicted.txt", text


def drawn() -> Iterator[tuple[Path, str]]:
    """The pictures that are kept: of the README, and of the sample that is large enough for a matrix; by the engine in use."""
    for package, sample, picture in (
        ("shop", "shop", PROJECT / "docs" / "shop.svg"),
        ("ee.hogai", "agent_core", SAMPLES / "agent_core" / "cycles.svg"),
    ):
        analysis = analyze(package, folders=[SAMPLES / sample])
        scene = scene_of(analysis, next(plan_all(analysis.components)))
        yield picture, svg_picture(scene, DrawOptions(engine=find_engine())).text
        if len(scene.modules) in MATRIX_SIZES:
            yield picture.with_stem("cycles-matrix"), svg_picture(scene, DrawOptions(View.MATRIX)).text


def contract_of(analysis: Analysis) -> Contract:
    """The contract for an analysis, where none is in force."""
    wanted = Contract(covered_packages(analysis, None), analysis.graph_name)
    with linter_here():
        seen = seen_by_linter(analysis, wanted)
    known = costs(analysis.components)
    return with_plan(analysis.components, wanted, None, seen, costs=known)


def api_page() -> str:
    return with_results(API_PAGE.read_text(encoding="utf-8"), SAMPLES / "shop")


def main() -> None:
    SCHEMAS.mkdir(exist_ok=True)
    for command, schema in schemas().items():
        (SCHEMAS / f"{command}.json").write_text(schema, encoding="utf-8")
    for sample in samples():
        written = set()
        for path, text in outputs(sample):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.add(path)
        for path in sorted(set((SAMPLES / sample / "expected").iterdir()) - written):
            path.unlink()
    for path, text in drawn():
        path.write_text(text, encoding="utf-8")
    API_PAGE.write_text(api_page(), encoding="utf-8")
    tree = with_tree(CONTRIBUTING.read_text(encoding="utf-8"), PROJECT / "cycles")
    CONTRIBUTING.write_text(tree, encoding="utf-8")
    for page in PAGES:
        page.write_text(executed(page.read_text(encoding="utf-8"), PROJECT), encoding="utf-8")


if __name__ == "__main__":
    main()
