"""What commands print of groups of modules, where `--by` asks for them."""

from pathlib import Path

from cycles.cli.common import pairs_to_keep_and_cut, style_for
from cycles.cli.options import CutOptions, ReportOptions
from cycles.group_moves import moves_between
from cycles.groups import against_layers, explain_groups, group_named, grouping_in, plan_groups
from cycles.lookup import import_at, place_in
from cycles.model import Analysis, Component, DependencyDetail, ImportChain
from cycles.report.groups import cuts_of_groups, cuts_to_layers, scc_of_groups, why_of_groups
from cycles.report.groups_json import (
    cuts_of_groups_as_json,
    cuts_to_layers_as_json,
    scc_of_groups_as_json,
    why_of_groups_as_json,
)


def scc_result(analysis: Analysis, number: int | None, shown: ReportOptions, *, as_json: bool) -> str:
    """Return what `cycles scc` prints of groups."""
    if as_json:
        return scc_of_groups_as_json(analysis, number=number)
    return scc_of_groups(analysis, style_for(shown), number=number)


def cuts_result(
    analysis: Analysis,
    components: tuple[Component, ...],
    choice: CutOptions,
    shown: ReportOptions,
    *,
    as_json: bool,
    cheapest: bool,
    evidence: bool,
    definitions: bool,
) -> str:
    """Return what `cycles cuts` prints of groups."""
    kept, chosen = pairs_to_keep_and_cut(components, choice)
    plans = plan_groups(
        analysis, components, keep=kept, cut=chosen, allow_reexports=choice.allow_reexports, cheapest=cheapest
    )
    moves = moves_between(analysis, plans, definitions=definitions)
    if as_json:
        return cuts_of_groups_as_json(analysis, plans, moves)
    typed = [*choice.typed(), *(["--cheapest"] if cheapest else [])]
    return cuts_of_groups(analysis, plans, moves, style_for(shown), evidence=evidence, typed=typed)


def layers_result(analysis: Analysis, layers: list[str], shown: ReportOptions, *, as_json: bool, evidence: bool) -> str:
    """Return what `cycles cuts --layers` prints."""
    found = against_layers(analysis, layers)
    if as_json:
        return cuts_to_layers_as_json(analysis, found)
    return cuts_to_layers(analysis, found, style_for(shown), evidence=evidence)


def why_result(analysis: Analysis, words: list[str], shown: ReportOptions, *, as_json: bool) -> str:
    """Return what `cycles why` prints of two groups, or of those between which an import leads."""
    found = _explained(analysis, words)
    if as_json:
        return why_of_groups_as_json(analysis, found)
    return why_of_groups(analysis, found, style_for(shown))


def _explained(analysis: Analysis, words: list[str]) -> DependencyDetail | ImportChain:
    if place := place_in(words[-1]):
        pair = import_at(analysis, *place, Path.cwd())
        return explain_groups(analysis, *(grouping_in(analysis).ends(*pair) or pair))
    importer, imported = (group_named(analysis, word) for word in words)
    return explain_groups(analysis, importer, imported)
