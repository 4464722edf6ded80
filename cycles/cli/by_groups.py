"""What commands print of groups of modules, where `--by` asks for them."""

from collections.abc import Sequence
from pathlib import Path

from cycles.cli.command_flow import style_for
from cycles.cli.options import ReportOptions
from cycles.find_in_analysis import import_at, place_in
from cycles.group_cycles import against_layers, group_named, grouping_in, plan_groups, why_groups
from cycles.model import Analysis, Component, CutRequest, DependencyDetail, ImportChain

# What each command prints is loaded where it prints it: `scc --by` is to take no longer than `scc`.


def scc_result(analysis: Analysis, number: int | None, shown: ReportOptions, *, as_json: bool) -> str:
    """Return what `cycles scc` prints of groups."""
    if as_json:
        from cycles.report.groups_json import scc_of_groups_as_json

        return scc_of_groups_as_json(analysis, number=number)
    from cycles.report.groups import scc_of_groups

    return scc_of_groups(analysis, style_for(shown), number=number)


def cuts_result(
    analysis: Analysis,
    components: tuple[Component, ...],
    request: CutRequest,
    shown: ReportOptions,
    typed: tuple[Sequence[str], Sequence[str]],
    *,
    as_json: bool,
    evidence: bool,
    definitions: bool,
) -> str:
    """Return what `cycles cuts` prints of groups; `typed` is what says which imports are cut, and the other options."""
    plans = plan_groups(analysis, components, request)
    from cycles.group_moves import moves_between

    moves = moves_between(analysis, plans, definitions=definitions)
    if as_json:
        from cycles.report.groups_json import cuts_of_groups_as_json

        return cuts_of_groups_as_json(analysis, plans, moves)
    from cycles.report.groups import cuts_of_groups

    return cuts_of_groups(analysis, plans, moves, style_for(shown), evidence=evidence, typed=typed)


def layers_result(analysis: Analysis, layers: list[str], shown: ReportOptions, *, as_json: bool, evidence: bool) -> str:
    """Return what `cycles cuts --layers` prints."""
    found = against_layers(analysis, layers)
    if as_json:
        from cycles.report.groups_json import cuts_to_layers_as_json

        return cuts_to_layers_as_json(analysis, found)
    from cycles.report.groups import cuts_to_layers

    return cuts_to_layers(analysis, found, style_for(shown), evidence=evidence)


def why_result(analysis: Analysis, words: list[str], shown: ReportOptions, *, as_json: bool) -> str:
    """Return what `cycles why` prints of two groups, or of those between which an import leads."""
    found = _explained(analysis, words)
    if as_json:
        from cycles.report.groups_json import why_of_groups_as_json

        return why_of_groups_as_json(analysis, found)
    from cycles.report.groups import why_of_groups

    return why_of_groups(analysis, found, style_for(shown))


def _explained(analysis: Analysis, words: list[str]) -> DependencyDetail | ImportChain:
    if place := place_in(words[-1]):
        pair = import_at(analysis, *place, Path.cwd())
        return why_groups(analysis, *(grouping_in(analysis).ends(*pair) or pair))
    importer, imported = (group_named(analysis, word) for word in words)
    return why_groups(analysis, importer, imported)
