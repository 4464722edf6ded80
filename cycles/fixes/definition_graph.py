"""The definition graph of a component as a value: what needs what, what is recursive, and the levels."""

from collections.abc import Collection

from cycles.enums import GraphName
from cycles.fixes.cut_fixes import Sources, first_runs_of
from cycles.fixes.definition_levels import Levels
from cycles.fixes.definitions import STRENGTH, Needs, cyclic_groups, needs_of
from cycles.fixes.needs_and_moves import DefinitionGraph, DefinitionNeed, Level, ModuleNeed, Need, Recursion
from cycles.model import Component

_AT_IMPORT = (Need.IMPORT, Need.ANNOTATION)


def definition_graph(component: Component, graph: GraphName, sources: Sources) -> DefinitionGraph:
    """Return the definitions of a component in a graph, and what they need."""
    needs, origins = needs_of(component.modules, sources.modules, first_runs_of(component.modules, sources))
    levels = Levels(needs, origins, graph, component.modules)
    return DefinitionGraph(
        component=component,
        definitions=tuple(needs.definitions),
        needs=tuple(
            DefinitionNeed(needs.definitions[number], needs.definitions[other], found.need, found.line_number)
            for number, between in enumerate(needs.between)
            for other, found in sorted(between.items())
        ),
        module_needs=_module_needs(needs, frozenset(component.modules)),
        at_import=_recursion(needs, _AT_IMPORT),
        perhaps_at_import=_recursion(needs, (*_AT_IMPORT, Need.MAYBE)),
        when_run=_recursion(needs, [need for need in Need if need is not Need.TYPING]),
        levels=tuple(map(levels.figures, Level)),
        unread=tuple(needs.unread),
    )


def _module_needs(needs: Needs, members: Collection[str]) -> tuple[ModuleNeed, ...]:
    offers = [
        ModuleNeed(offer.module, link.module, offer.line_number) for offer in needs.offers for link in offer.links
    ]
    of_modules = [
        ModuleNeed(needs.definitions[number].module, module, found.line_number)
        for number, modules in enumerate(needs.of_modules)
        for module, found in modules.items()
        if module in members and STRENGTH[found.need] <= STRENGTH[Need.ANNOTATION]
    ]
    every = {*needs.effects, *offers, *of_modules}
    return tuple(sorted(every, key=lambda found: (found.importer, found.line_number, found.imported)))


def _recursion(needs: Needs, counted: Collection[Need]) -> tuple[Recursion, ...]:
    """Definitions that need each other, where they are in two or more modules."""
    following = [[other for other, found in between.items() if found.need in counted] for between in needs.between]
    groups = ([needs.definitions[number] for number in group] for group in cyclic_groups(following))
    found = [Recursion(tuple(sorted(group))) for group in groups if len({one.module for one in group}) > 1]
    return tuple(sorted(found, key=lambda one: (-len(one.definitions), one.definitions)))
