"""Every output of every sample project; run it to rewrite the expected files."""

from collections.abc import Iterator
from pathlib import Path

from cycles.api import analyze, hoists, prices, take_apart
from cycles.contracts.contract import Contract, as_toml
from cycles.contracts.generate import Choice, covered_packages, plan_contract
from cycles.contracts.linter import seen_by_linter
from cycles.diagrams import as_dot, as_svg, charted, drawing, find_engine, sketched
from cycles.model import Analysis
from cycles.reports.cutting_document import cuttings_as_json, cuttings_schema, reason_schema
from cycles.reports.document import as_json, json_schema
from cycles.reports.entrances_document import entrances_as_json, entrances_schema
from cycles.reports.text import as_text, cuttings_as_text, entrances_as_text
from cycles.simulate.first_imports import entrances
from cycles.words import GraphName
from inside import linter_here
from readme import executed

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "sample_projects"
README = PROJECT / "README.md"
SCHEMAS = {
    PROJECT / "cycles" / "reports" / "schemas" / f"{command}.json": schema
    for command, schema in (
        ("scc", json_schema),
        ("cuts", cuttings_schema),
        ("why", reason_schema),
        ("entries", entrances_schema),
    )
}
README_PICTURE = PROJECT / "docs" / "shop.svg"
OTHER_ARGUMENTS = {
    "agent_core": ("ee.hogai", ("posthog",)),
    "implied_init": ("outer", ("inner",)),
    "namespace_ring": ("nsring", ()),
}


def samples() -> list[str]:
    return sorted(path.name for path in SAMPLES.iterdir() if path.is_dir())


def outputs(sample: str) -> Iterator[tuple[Path, str]]:
    """Where each output is expected, and what it is."""
    package, roots = OTHER_ARGUMENTS.get(sample, (sample, ()))
    expected = SAMPLES / sample / "expected"
    for graph in GraphName:
        analysis = analyze(package, folders=[SAMPLES / sample], roots=roots, graph=graph, count_cuts=True)
        yield expected / f"scc-{graph}.json", as_json(analysis)
        yield expected / f"scc-{graph}.txt", as_text(analysis, number=None, everything=False, width=80, color=False)
        for component in analysis.components[:1]:
            name = f"scc-{graph}-{component.number}.txt"
            yield expected / name, as_text(analysis, number=component.number, everything=True, width=80, color=False)
        analysis = analyze(package, folders=[SAMPLES / sample], roots=roots, graph=graph)
        cuttings = tuple(take_apart(analysis, analysis.components))
        yield expected / f"cuts-{graph}.json", cuttings_as_json(analysis, cuttings, single=False)
        text = cuttings_as_text(analysis, cuttings, everything=False, width=80, color=False)
        yield expected / f"cuts-{graph}.txt", text
        if graph is GraphName.RUNTIME:
            cheap = tuple(take_apart(analysis, analysis.components, cheapest=True, allow_reexports=True))
            text = cuttings_as_text(analysis, cheap, hoists(analysis, cheap), everything=False, width=80, color=False)
            yield expected / f"cuts-{graph}-cheapest-hoist.txt", text
        for found in (drawing(analysis, cutting) for cutting in cuttings[:1]):
            yield expected / f"draw-{graph}.dot", as_dot(sketched(found).sketch)
            if chart := charted(found):
                yield expected / f"draw-{graph}.mmd", chart[0]
        yield expected / f"contract-{graph}.toml", as_toml(contract_of(analysis))
    analysis = analyze(package, folders=[SAMPLES / sample], roots=roots)
    found = entrances(analysis)
    yield expected / "entries-predicted.json", entrances_as_json(analysis, found)
    text = entrances_as_text(analysis, found, everything=False, width=80, color=False)
    yield expected / "entries-predicted.txt", text


def readme_picture() -> str:
    """The shop sample as the README shows it, by the engine in use."""
    analysis = analyze("shop", folders=[SAMPLES / "shop"])
    return as_svg(drawing(analysis, next(take_apart(analysis, analysis.components))), find_engine()).svg


def contract_of(analysis: Analysis) -> Contract:
    """The contract for an analysis, where none is in force."""
    wanted = Contract(covered_packages(analysis, None), analysis.graph)
    with linter_here():
        seen = seen_by_linter(analysis, wanted)
    choice = Choice(prices=prices(analysis, analysis.components))
    return plan_contract(analysis.components, wanted, None, seen, choice)


def main() -> None:
    for path, schema in SCHEMAS.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(schema(), encoding="utf-8")
    for sample in samples():
        written = set()
        for path, text in outputs(sample):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.add(path)
        for path in sorted(set((SAMPLES / sample / "expected").iterdir()) - written):
            path.unlink()
    README_PICTURE.parent.mkdir(exist_ok=True)
    README_PICTURE.write_text(readme_picture(), encoding="utf-8")
    README.write_text(executed(README.read_text(encoding="utf-8"), PROJECT), encoding="utf-8")


if __name__ == "__main__":
    main()
