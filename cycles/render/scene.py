"""What every picture of a component shows: modules and dependencies in order, what the plan does to them, and links."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from cycles.enums import GraphName, Kind
from cycles.errors import CyclesError
from cycles.fixes.definition_values import Move
from cycles.grouping import Grouping
from cycles.model import Analysis, CutPlan, CycleCount
from cycles.render.layering import foundations_first, transitive_reduction
from cycles.render.package_groups import colored_groups
from cycles.render.style import CUT, PALETTE, LineStyle, style_of
from cycles.report.terminal import head
from cycles.report.wording import common_prefix, short
from cycles.source.import_values import Import, Paired

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_FIELDS = re.compile(r"\{([^{}]*)\}")
_EXAMPLE = "https://example.org/blob/main/{path}#L{line}"
_HEAD_WIDTH = 120
"""Characters in which the further packages in the graph are named."""
_FEW_MODULES = 20
"""Among more of them, lines that only go with others would hide what is to be done: they cross most of the picture."""
_SHARE = 4
"""A group that holds more than a quarter of the modules is parted where it can be: its colour would say little."""


@dataclass(frozen=True, slots=True)
class DrawnModule:
    """A module. `label` is its name as shown, `group` the package that it is coloured with, "" for none.

    `path` is its file relative to the project, with forward slashes, None where it has none there; `url` is where to
    read it, None where no links are wanted.
    """

    name: str
    label: str
    group: str
    path: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class DrawnDependency(Paired):
    """A dependency. `kind` is the strongest of its imports, `cycles` the number that run through it.

    `steps` are the steps of the plan, counted from 1, that are needed to remove it, in order: it is
    gone with the last. Where they are empty it stays. `numbers` are those of them that a picture shows at it: each
    step has one dependency where it stands, that of its statement. `skeleton` says that no path of others that stay
    leads the same way, or that a step stands at it; among a few modules, also that it is removed. `url` is where to
    read its first statement.
    """

    kind: Kind
    implied: bool
    cycles: int
    steps: tuple[int, ...]
    numbers: tuple[int, ...]
    skeleton: bool
    imports: tuple[Import, ...]
    url: str | None

    @property
    def weight(self) -> int:
        """How many imports it stands for, counted as cuts."""
        return len({found.pair for found in self.imports})

    @property
    def is_cut(self) -> bool:
        """Whether it is gone after the whole plan."""
        return bool(self.steps)

    @property
    def is_companion(self) -> bool:
        """Whether it goes with steps of the plan that stand at others."""
        return self.is_cut and not self.numbers

    @property
    def style(self) -> LineStyle:
        """How it is drawn, with the plan in mind."""
        return CUT if self.is_cut else style_of(self.kind, implied=self.implied)


@dataclass(frozen=True, slots=True)
class Scene:
    """One component of `of`, ready to be drawn, and how to take it apart.

    `modules` come with the foundations first: each after all that it still imports once the plan is made.
    `dependencies` are sorted by importer and imported; those with `skeleton` are enough for a picture. `groups` of
    two or more modules come with the largest first, then by name: each has a colour. `others` names the further
    packages in the graph. `by` says which groups its modules are, where it was made of groups: then no cycles are
    counted. `moves` of definitions come before the plan.
    """

    package: str
    others: str
    graph: GraphName
    of: int
    plan: CutPlan
    prefix: str
    modules: tuple[DrawnModule, ...]
    dependencies: tuple[DrawnDependency, ...]
    groups: tuple[str, ...]
    url_template: str | None
    by: Grouping | None = None
    moves: tuple[Move, ...] = ()

    @property
    def node(self) -> str:
        """What its boxes are: modules, or groups of them."""
        return "module" if self.by is None else "group"

    @property
    def number(self) -> int:
        """The number of the component."""
        return self.plan.component.number

    @property
    def cycles(self) -> CycleCount:
        """How many cycles the component has."""
        return self.plan.ranking.cycles

    @property
    def ranks(self) -> Mapping[str, int]:
        """The place of every module in `modules`."""
        return {module.name: place for place, module in enumerate(self.modules)}


def scene_of(
    analysis: Analysis, plan: CutPlan, *, url_template: str | None = None, moves: Sequence[Move] = ()
) -> Scene:
    """Return what pictures show of a component of the analysis.

    Raises CyclesError where links cannot safely be made of the template.
    """
    if url_template is not None:
        check_template(url_template)
    names = plan.component.modules
    prefix = common_prefix(names)
    groups = list(colored_groups(names, len(PALETTE) + 1, _SHARE).values())
    counts = Counter(group for group in groups if group)
    dependencies, order = _dependencies(plan, groups, url_template)
    paths = _paths(analysis)
    packages = {module.name for module in analysis.files if module.is_package}
    return Scene(
        package=analysis.package,
        others=head(analysis, _HEAD_WIDTH)[1],
        graph=analysis.graph_name,
        of=len(analysis.components),
        plan=plan,
        prefix=prefix,
        modules=tuple(
            DrawnModule(
                name=names[place],
                label=short(names[place], prefix)
                + ("/__init__" if names[place] in packages and not analysis.by else ""),
                group=groups[place],
                path=paths.get(names[place]),
                url=link(url_template, paths.get(names[place]), 1),
            )
            for place in order
        ),
        dependencies=dependencies,
        groups=tuple(sorted((name for name in counts if counts[name] > 1), key=lambda name: (-counts[name], name))),
        url_template=url_template,
        by=analysis.by,
        moves=tuple(move for move in moves if {move.source, move.target.name} & set(names)),
    )


def _dependencies(
    plan: CutPlan, groups: Sequence[str], url_template: str | None
) -> tuple[tuple[DrawnDependency, ...], list[int]]:
    """Return the dependencies, and the order of the modules by their places in the component."""
    component = plan.component
    numbers = {step.pair: number for number, step in enumerate(plan.steps, 1)}
    steps = [_steps(dependency.imports, numbers) for dependency in component.dependencies]
    places = {module: place for place, module in enumerate(component.modules)}
    pairs = [(places[found.importer], places[found.imported]) for found in component.dependencies]
    staying = [pair for pair, needed in zip(pairs, steps, strict=True) if not needed]
    removed = sorted((needed[-1], pair) for pair, needed in zip(pairs, steps, strict=True) if needed)
    order = foundations_first(staying, [pair for _, pair in removed], groups)
    reduced = transitive_reduction(staying, order)
    shown = _numbers(plan, steps)
    found = zip(component.dependencies, pairs, steps, _through(plan), strict=True)
    drawn = [
        DrawnDependency(
            importer=dependency.importer,
            imported=dependency.imported,
            kind=dependency.kinds[0],
            implied=dependency.implied,
            cycles=through,
            steps=needed,
            numbers=shown.get(dependency.pair, ()),
            skeleton=pair in reduced or dependency.pair in shown or (bool(needed) and len(order) <= _FEW_MODULES),
            imports=dependency.imports,
            url=link(url_template, dependency.imports[0].path, dependency.imports[0].line_number),
        )
        for dependency, pair, needed, through in found
    ]
    return tuple(drawn), order


def _steps(imports: Sequence[Import], numbers: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    """Return the steps that together cut all imports, () where one of them stays."""
    found = {numbers.get(statement.pair, 0) for statement in imports}
    return () if 0 in found else tuple(sorted(found))


def _through(plan: CutPlan) -> Sequence[int]:
    """Return the cycles through each dependency; between groups none are counted."""
    return plan.ranking.through or [0] * len(plan.component.dependencies)


def _numbers(plan: CutPlan, steps: Sequence[tuple[int, ...]]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return the dependency at which each step is shown: what its statement names, else what most cycles run through.

    A package that a statement runs on the way, and no other module, may be what the component has of it.
    """
    through: dict[int, list[tuple[int, tuple[str, str]]]] = defaultdict(list)
    for dependency, needed, cycles in zip(plan.component.dependencies, steps, _through(plan), strict=True):
        for number in needed:
            through[number].append((-cycles, dependency.pair))
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, step in enumerate(plan.steps, 1):
        removed = sorted(through[number])
        ends = {pair for _, pair in removed}
        own = step.importer, step.imported
        if removed:
            found[own if own in ends else removed[0][1]].append(number)
    return {pair: tuple(numbers) for pair, numbers in found.items()}


def _paths(analysis: Analysis) -> dict[str, str]:
    """Return the file of every module that lies in the project, relative to it."""
    found = {}
    for module in analysis.files:
        path = os.path.relpath(module.path, analysis.project).replace(os.sep, "/")
        if not path.startswith("../"):
            found[module.name] = path
    return found


def check_template(template: str) -> None:
    """Raise CyclesError where a template is none that links can safely be made of.

    It names the file as {path} and perhaps the line as {line}; it is relative, or http, or https.
    """
    scheme = _SCHEME.match(template)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        raise CyclesError(f"--url-template begins with {scheme[0]}, but links can only be http, https or relative")
    names = _FIELDS.findall(template)
    rest = _FIELDS.sub("", template)
    known = "path" in names and not set(names) - {"path", "line"} and not set(rest) & {"{", "}"}
    if not known or not template.isprintable() or " " in template:
        raise CyclesError(
            f"--url-template {template} must hold {{path}}, may hold {{line}} and nothing else in braces: {_EXAMPLE}"
        )


def link(template: str | None, path: str | None, line_number: int) -> str | None:
    """Return the URL of a line of a file; None without template or file.

    >>> link("https://x/{path}#L{line}", "a b/c.py", 3)
    'https://x/a%20b/c.py#L3'
    """
    if template is None or path is None:
        return None
    values = {"path": quote(path, errors="backslashreplace"), "line": str(line_number)}
    return _FIELDS.sub(lambda found: values[found[1]], template)
