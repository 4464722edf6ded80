"""Values of `cycles check` that no packages need be read for: what became of some modules, as a test wants it."""

from collections.abc import Sequence
from dataclasses import replace

from cycles.check.findings import Before, Change, ComponentEvent, Finding, GraphChange, Standing
from cycles.enums import Event, Feasibility, GraphName, Kind, Outcome
from cycles.model import CutBound, CutFix, FunctionPlace, NameFix
from cycles.source.import_values import Import
from pages import analysis_of


def an_import(importer: str, imported: str, line: int = 3, path: str = "", contents: str = "") -> Import:
    return Import(
        importer=importer,
        imported=imported,
        path=path or f"{importer.replace('.', '/')}.py",
        line_number=line,
        line_contents=contents or f"from {imported} import thing",
        kind=Kind.EAGER,
        tags=(),
        names=("thing",),
    )


def a_finding(cycle: Sequence[str], *, line: int = 3, graph: GraphName = GraphName.IMPORT_TIME, **given) -> Finding:
    """The import by which the first module of a cycle names the second."""
    links = tuple(an_import(*pair, line) for pair in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    values = {
        "graph": graph,
        "importer": cycle[0],
        "imported": cycle[1],
        "imports": links[:1],
        "cycle": tuple(cycle),
        "links": links,
        "fix": a_fix(links[0]),
        "component": cycle[0],
        "modules": len(cycle),
        "cuts": CutBound(1, 1),
        "added": True,
        "is_error": True,
    }
    return Finding(**values | given)


def a_fix(statement: Import, detail: str = "") -> CutFix:
    if detail:
        return CutFix(Feasibility.STRUCTURAL, statement.path, statement.line_number + 5, detail)
    name = NameFix(
        statement.importer,
        statement.line_number,
        "thing",
        "thing",
        Feasibility.DEFERRABLE,
        functions=(FunctionPlace("Basket.total", 12),),
    )
    detail = "thing is used only in Basket.total()"
    return CutFix(Feasibility.DEFERRABLE, statement.path, 14, detail, names=(name,))


def standing(modules: Sequence[str], cuts: int, at_least: int | None = None) -> Standing:
    components = (tuple(sorted(modules)),) if modules else ()
    return Standing(tuple(sorted(modules)), components, CutBound(cuts, cuts if at_least is None else at_least))


def a_graph(before: Standing | None, now: Standing, outcome: Outcome, **given) -> GraphChange:
    values = {"graph": GraphName.IMPORT_TIME, "newly": (), "freed": (), "deleted": (), "findings": (), "events": ()}
    return GraphChange(before=before, now=now, outcome=outcome, **values | given)


def a_change(*graphs: GraphChange, package: str = "shop", **given) -> Change:
    analysis = replace(analysis_of([("shop.a", "shop.b"), ("shop.b", "shop.a")], {}, package), selection=(package,))
    return Change(
        **{
            "analysis": analysis,
            "before": Before("revision", "main", "0123456789abcdef", is_merge_base=True),
            "graphs": graphs,
        }
        | given
    )


def worse(cycles: Sequence[Sequence[str]] = (("shop.a", "shop.b"),), **given) -> Change:
    """A change that adds an import to each cycle."""
    findings = tuple(a_finding(cycle, line=number) for number, cycle in enumerate(cycles, 3))
    newly = tuple(sorted({name for cycle in cycles for name in cycle}))
    old = ("shop.x", "shop.y", "shop.z")
    graph = a_graph(
        standing(old, 2),
        standing((*old, *newly), 2 + len(cycles)),
        Outcome.WORSE,
        newly=newly,
        findings=findings,
        events=(ComponentEvent(Event.NEW, (), (newly,)),),
    )
    return a_change(graph, **given)
