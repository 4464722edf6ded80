"""Every output of every sample project; run it to rewrite the expected files."""

from collections.abc import Iterator
from pathlib import Path

from cycles.analysis import analyse
from cycles.cuts import take_apart
from cycles.entrances import entrances
from cycles.reports.cutting_document import cuttings_as_json, cuttings_schema, reason_schema
from cycles.reports.document import as_json, json_schema
from cycles.reports.entrances_document import entrances_as_json, entrances_schema
from cycles.reports.text import as_text, cuttings_as_text, entrances_as_text
from cycles.words import GraphName
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
        analysis = analyse(package, folders=[SAMPLES / sample], roots=roots, graph=graph, count_cuts=True)
        yield expected / f"scc-{graph}.json", as_json(analysis)
        yield expected / f"scc-{graph}.txt", as_text(analysis, number=None, everything=False, width=80, color=False)
        for component in analysis.components[:1]:
            name = f"scc-{graph}-{component.number}.txt"
            yield expected / name, as_text(analysis, number=component.number, everything=True, width=80, color=False)
        analysis = analyse(package, folders=[SAMPLES / sample], roots=roots, graph=graph)
        cuttings = tuple(take_apart(analysis.components))
        yield expected / f"cuts-{graph}.json", cuttings_as_json(analysis, cuttings, single=False)
        text = cuttings_as_text(analysis, cuttings, everything=False, width=80, color=False)
        yield expected / f"cuts-{graph}.txt", text
    analysis = analyse(package, folders=[SAMPLES / sample], roots=roots)
    found = entrances(analysis)
    yield expected / "entries-predicted.json", entrances_as_json(analysis, found)
    text = entrances_as_text(analysis, found, everything=False, width=80, color=False)
    yield expected / "entries-predicted.txt", text


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
    README.write_text(executed(README.read_text(encoding="utf-8"), PROJECT), encoding="utf-8")


if __name__ == "__main__":
    main()
