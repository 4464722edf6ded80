"""`cycles contract`."""

from pathlib import Path
from typing import Annotated

import typer

from cycles.cli.options import (
    AllowReexports,
    Chosen,
    Exclude,
    Graph,
    Keep,
    Only,
    Packages,
    Roots,
    Selection,
    SourceRoots,
    as_pairs,
    without_component,
)


def contract(
    package: Packages,
    write: Annotated[bool, typer.Option("--write", help="Write it into import-linter's configuration file.")] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="That file (default: the one that import-linter reads here)."),
    ] = None,
    allow_growth: Annotated[
        bool, typer.Option("--allow-growth", help="Accept new imports on cycles, and list them as exceptions.")
    ] = False,
    graph: Graph = None,
    keep: Keep = None,
    cut: Chosen = None,
    allow_reexports: AllowReexports = False,
    root: Roots = None,
    only: Only = False,
    exclude: Exclude = None,
    source_root: SourceRoots = None,
) -> None:
    """Write the import-linter contract that lets no new cycle in.

    While there are cycles, the contract lists the imports that `cycles cuts` plans to cut as exceptions; once there
    are none, it has no exceptions. With N it covers the package around that component only.
    """
    from cycles.api import components_touching, costs
    from cycles.cli.common import analysed, component_number, deliver, say_later
    from cycles.cli.system import remark, write_atomically
    from cycles.contracts.generate import (
        CHECKED,
        CutChoice,
        as_text,
        as_written,
        find_target,
        generate,
        lint_command,
        written_message,
    )

    kept, chosen = tuple(as_pairs("--keep", keep)), tuple(as_pairs("--cut", cut))
    folder = Path.cwd()
    packages, wanted = without_component(package)
    selection = Selection(packages, root, source_root, None, only)
    with analysed(selection, graph=graph, whole=True) as analysis:
        number = component_number(analysis, wanted)
        target = find_target(analysis, number, folder=folder, config=config)
        components = components_touching(analysis, target.wanted.packages)
        choice = CutChoice(kept, chosen, allow_reexports, costs(components))
        made = generate(analysis, components, target, choice)
        text = (
            as_written(
                made,
                target,
                {file.name for file in analysis.files},
                named=config is not None,
                allow_growth=allow_growth,
            )
            if write
            else as_text(made, target)
        )
    if exclude:
        say_later("the contract covers the excluded modules too, for import-linter looks at them")
    if not write:
        remark(f"checked: {CHECKED}")
        if target.reason():
            remark(f"to be {target.reason()}")
        deliver(text, None)
        return
    configuration = target.configuration
    if text != configuration.text:
        write_atomically(configuration.path, text)
    deliver(written_message(made, target, text, lint_command(configuration, folder, Path(analysis.folder))), None)
