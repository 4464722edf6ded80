"""The import-linter contract type that keeps what importing an application loads small.

`contract_types = ["startup: cycles.contracts.startup.StartupContract"]` makes it known to import-linter. That name is
public, for configurations hold it; and whatever is imported here is loaded by each run of `lint-imports`.
"""

from collections.abc import Iterator, Sequence

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields
from importlinter.application.contract_utils import AlertLevel
from importlinter.application.output import console
from importlinter.domain.helpers import MissingImport
from importlinter.domain.imports import ImportExpression

from cycles.contracts.project_linter_graph import matching_imports, path_of
from cycles.contracts.surely_loaded import Loaded, Step, loaded_by, started_by_django
from cycles.errors import CyclesError
from cycles.source.module_names import Pair, inside

_SHOWN = 10


class StartupContract(Contract):
    """Importing the `entries` does not load what is `forbidden`.

    Only what runs while they are imported counts: no import in a function or under `TYPE_CHECKING`, and no lazy one.
    With `django_settings` entries are also what `django.setup()` imports with these settings: they are read anew each
    time, so that an app counts as soon as it is installed; what stands in its `ready()` counts too.
    `allow` are imports that may be: what one module imports of another; behind them nothing is looked at.
    """

    type_name = "startup"

    entries = fields.ListField(subfield=fields.StringField(), required=False)
    django_settings = fields.StringField(required=False)
    forbidden = fields.ListField(subfield=fields.StringField())
    allow = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    unmatched_allow_alerting = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  import-linter's own
        """Look for what importing the entries loads; the graph stays as it is."""
        values = vars(self)
        roots: list[str] = self.session_options["root_packages"]
        # What is called then imports no more at module level.
        entries = [str(entry).partition(":")[0] for entry in values["entries"] or ()]
        called: tuple[Pair, ...] = ()
        if values["django_settings"]:
            started, called = _started(values["django_settings"], roots)
            entries += [module for module in started if module in graph.modules]
        forbidden: list[str] = values["forbidden"]
        exceptions: set[ImportExpression] = values["allow"] or set()
        self._check_names(graph, entries, forbidden, roots)
        matched = {expression: matching_imports(graph, expression) for expression in sorted(exceptions, key=str)}
        unmatched = [f"No matches for allowed import {found}." for found, pairs in matched.items() if not pairs]
        alerting: AlertLevel = values["unmatched_allow_alerting"]
        if unmatched and alerting is AlertLevel.ERROR:
            raise MissingImport("\n".join(unmatched))
        allowed = frozenset[Pair]().union(*matched.values())
        loaded = loaded_by(graph, entries, forbidden, roots, allowed, called)
        return ContractCheck(
            kept=not loaded.forbidden,
            warnings=unmatched if alerting is AlertLevel.WARN else [],
            metadata={"loaded": loaded},
            ignored_import_count=len(allowed),
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print by which imports each forbidden package is loaded, with a shortest way to the nearest of them."""
        loaded: Loaded = check.metadata["loaded"]
        roots: list[str] = self.session_options["root_packages"]
        for name in vars(self)["forbidden"]:
            steps = [step for step in loaded.forbidden if inside(step.loaded, name)]
            if steps:
                for style, line in _broken_lines(name, steps, loaded, roots):
                    console.print(line, style=style, markup=False, emoji=False, soft_wrap=True)

    def _check_names(
        self, graph: ImportGraph, entries: Sequence[str], forbidden: Sequence[str], roots: Sequence[str]
    ) -> None:
        """Raise ValueError where a name stands for nothing that import-linter could see."""
        if not entries:
            raise ValueError("entries or django_settings must say what is started.")
        for entry in entries:
            if entry not in graph.modules:
                raise ValueError(f"Module '{entry}' of entries does not exist.")
        for name in forbidden:
            if any(inside(name, root) for root in roots):
                if name not in graph.modules:
                    raise ValueError(f"Module '{name}' of forbidden does not exist.")
                continue
            if "." in name:
                top = name.partition(".")[0]
                raise ValueError(
                    f"'{name}' is not a module of {' or '.join(roots)}; of others only the top is seen: '{top}'."
                )
            if str(self.session_options.get("include_external_packages")) not in ("True", "true"):
                raise ValueError(
                    f"'{name}' is external: the top level configuration must have include_external_packages=True."
                )


def _started(settings: str, roots: Sequence[str]) -> tuple[tuple[str, ...], tuple[Pair, ...]]:
    """Return what Django imports and calls; raises ValueError where no root has the settings."""
    try:
        return started_by_django(settings, roots)
    except CyclesError as error:
        raise ValueError(f"Module '{settings}' of django_settings does not exist.") from error


def _broken_lines(name: str, steps: Sequence[Step], loaded: Loaded, roots: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield lines, each with its style: a shortest way to something forbidden, and the other imports that load it."""
    from cycles.report.wording import clean  # noqa: PLC0415  a contract that is kept prints nothing

    way = loaded.way(steps[0])
    yield "red", f"Importing {clean(way[0].importer)} loads {clean(name)}:"
    yield "", ""
    for step in way:
        yield "red", f"    {clean(step.importer)} -> {clean(step.loaded)}"
        yield "", f"        {clean(_place(step, roots))}"
    yield "", ""
    others = [
        step for step in steps[1:] if (step.importer, step.line_number) != (way[-1].importer, way[-1].line_number)
    ]
    if others:
        yield "red", "    so do these, each by a way of its own:"
        for step in others[:_SHOWN]:
            yield "", f"        {clean(_place(step, roots))}"
        if len(others) > _SHOWN:
            yield "", f"        … {len(others) - _SHOWN:,} more"
        yield "", ""


def _place(step: Step, roots: Sequence[str]) -> str:
    """Return the line of a step, with what it names, and what that runs where it is another module."""
    way = "" if step.named == step.loaded else f"  (runs {step.loaded})"
    line = f":{step.line_number}" if step.line_number else ", on a line that is not known"
    return f"{path_of(step.importer, roots)}{line}  imports {step.named}{way}"
