"""`cycles contract`."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    By,
    Config,
    CutOptions,
    Format,
    Graph,
    Output,
    OutputFormat,
    Packages,
    ScopeOptions,
    without_component,
)

if TYPE_CHECKING:
    from cycles.contracts.config_file import Configuration
    from cycles.model import GeneratedContract


def contract(
    package: Packages = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Write it into import-linter's configuration file.")] = False,
    config: Config = None,
    allow_growth: Annotated[
        bool, typer.Option("--allow-growth", help="Accept new imports on cycles, and list them as exceptions.")
    ] = False,
    graph: Graph = None,
    by: By = None,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    choice: CutOptions,
    scope: ScopeOptions,
) -> None:
    """Write the import-linter contract that lets no new cycle in.

    While there are cycles, the contract lists the imports that `cycles cuts` plans to cut as exceptions; once there
    are none, it has no exceptions. With N it covers only the smallest package that holds that component, with all
    components in it.
    """
    from cycles.api import costs
    from cycles.cli.command_flow import analysed, component_number, cut_request, say_later
    from cycles.contracts.generate import as_text, as_written, find_target, generate, generated
    from cycles.make_analysis import components_touching
    from cycles.report.json_by_command import contract_as_json

    folder = Path.cwd()
    packages, wanted = without_component(package)
    # import-linter looks at what is excluded here, too.
    selection = replace(scope, exclude=None).selection(packages, by)
    with analysed(selection, graph=graph, whole=True) as analysis:
        number = component_number(analysis, wanted)
        target = find_target(analysis, number, folder=folder, config=config)
        components = components_touching(analysis, target.wanted.packages)
        # How each of the thousands of imports between groups can be cut takes too long to find out.
        known = None if by else costs(components)
        made = generate(analysis, components, target, cut_request(components, choice), known)
        configuration = target.configuration
        modules = {file.name for file in analysis.files}
        named = config is not None
        text = as_written(made, target, modules, named=named, allow_growth=allow_growth) if write else None
    if number is not None and len(components) > 1:
        say_later(
            f"component #{number} reaches through {' and '.join(target.wanted.packages)}: "
            f"the contract covers all {len(components)} components there"
        )
    if scope.exclude:
        say_later("the contract covers the excluded modules too, for import-linter looks at them")
    state = put(configuration, text, known=target.before is not None)
    result = generated(made, as_text(made, configuration), os.path.relpath(configuration.path, folder), state)
    document = contract_as_json(analysis, result) if output_format is Format.JSON else None
    show_contract(result, target.reason(), configuration, Path(analysis.folder), output, write=write, document=document)


def put(configuration: "Configuration", text: str | None, *, known: bool) -> str:
    """Write a text with a contract in it, unless it is None; returns what became of a contract that was `known`."""
    from cycles.cli.output import write_atomically

    if text is None:
        return "shown"
    if text == configuration.text:
        return "unchanged"
    write_atomically(configuration.path, text)
    return "rewritten" if known else "new"


def show_contract(
    made: "GeneratedContract",
    reason: str,
    configuration: "Configuration",
    source_root: Path,
    output: Path | None,
    *,
    write: bool,
    document: str | None = None,
) -> None:
    """Print a contract, or where it was written what it says and how to run it; or the `document` instead of either."""
    from cycles.cli.command_flow import deliver, text_style
    from cycles.cli.output import remark
    from cycles.contracts.generate import lint_command
    from cycles.report.contract import CHECKED, contract_as_text

    if not write:
        remark(f"checked: {CHECKED}")
        if reason:
            remark(f"to be {reason}")
    if document is None and write:
        command = lint_command(configuration, Path.cwd(), source_root)
        document = contract_as_text(made, reason, command, text_style(output))
    deliver(document or made.text, output)
