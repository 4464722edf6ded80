"""A plan for a start-up as a plan of cuts, so that the same hands make it: patches, checks, and what is refused."""

from collections.abc import Sequence
from dataclasses import replace

from cycles.fixes.judge_import import HARDNESS
from cycles.model import (
    Analysis,
    Component,
    Cut,
    CutFix,
    CutPlan,
    CutSet,
    CycleCount,
    PlanStep,
    Ranking,
)
from cycles.source.import_values import Import
from cycles.startup.loaded_graph import Ground
from cycles.startup.startup_values import StartupPlan, StartupStep
from cycles.startup.statement_costs import origin_of


def analysis_of(ground: Ground) -> Analysis:
    """Return the analysis with the modules that only ENTRY has, such as a script."""
    return replace(ground.analysis, sources=ground.sources)


def as_cut_plan(ground: Ground, plan: StartupPlan) -> CutPlan:
    """Return the statements of a plan as cuts: one for all that one module takes of another, in order."""
    steps: dict[tuple[str, str], list[StartupStep]] = {}
    for step in plan.steps:
        steps.setdefault((step.statement.importer, step.statement.imports[0]), []).append(step)
    cuts = tuple(_cut(pair, found) for pair, found in steps.items())
    component = Component(
        number=0,
        modules=tuple(sorted({cut.importer for cut in cuts})),
        inside=0,
        shortest_cycle=(),
        dependencies=(),
        eager_modules=0,
        held_by=(),
        origin=origin_of(ground),
    )
    pairs = tuple(sorted(steps))
    return CutPlan(
        component=component,
        ranking=Ranking(CycleCount(0, exact=True, measure="cycles"), (), cuts),
        cut_set=CutSet(pairs, 0, len(pairs), proven=True, certificate=(), cost=0),
        steps=tuple(PlanStep(cut.importer, cut.imported, 0, 0) for cut in cuts),
    )


def _cut(pair: tuple[str, str], steps: Sequence[StartupStep]) -> Cut:
    imports = tuple(
        Import(
            importer=step.statement.importer,
            imported=pair[1],
            path=step.statement.path,
            line_number=step.statement.line_number,
            line_contents=step.statement.line_contents,
            kind=step.statement.kind,
            tags=(),
            names=(),
        )
        for step in steps
    )
    fix = _together([step.fix for step in steps])
    return Cut(*pair, cycles=0, frees=None, largest_left=None, removes=(), reexport=False, imports=imports, fix=fix)


def _together(fixes: Sequence[CutFix]) -> CutFix:
    """Return what several fixes come to: the hardest decides."""
    hardest = max(fixes, key=lambda fix: HARDNESS[fix.feasibility])
    names = tuple(dict.fromkeys(name for fix in fixes for name in fix.names))
    detail = "; ".join(dict.fromkeys(fix.detail for fix in fixes))
    return replace(hardest, names=names, detail=detail, doubt=next((fix.doubt for fix in fixes if fix.doubt), None))
