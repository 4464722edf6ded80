"""`cycles contract`."""

from pathlib import Path
from typing import Annotated

import typer

from cycles.cli.options import AllowReexports, Chosen, Graph, Keep, Number, Package, Roots, SourceRoots
from cycles.cli.pairs import as_pairs


def contract(
    package: Package,
    number: Number = None,
    write: Annotated[bool, typer.Option("--write", help="Put it into the configuration of import-linter.")] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="The configuration (default: the one in force here)."),
    ] = None,
    allow_growth: Annotated[
        bool, typer.Option("--allow-growth", help="Let the contract in force except more imports than before.")
    ] = False,
    graph: Graph = None,
    keep: Keep = None,
    cut: Chosen = None,
    allow_reexports: AllowReexports = False,
    root: Roots = None,
    source_root: SourceRoots = None,
) -> None:
    """Print the import-linter contract that keeps a package on its way out of cycles, and then free of them.

    While there are cycles, it excepts the imports of the plan of `cycles cuts` (it drives); once there
    are none, it excepts nothing (it locks). With a number it covers the package around one component.
    It is printed or written only after it has been rehearsed: kept now, broken by every new cycle.
    """
    from cycles.api import prices
    from cycles.cli.job import analysed, check_number, deliver
    from cycles.contracts.draft import Choice
    from cycles.contracts.making import as_report, as_text, as_written, make, packages_in_force, packages_of
    from cycles.rim import remark, write_atomically

    kept, chosen = tuple(as_pairs("--keep", keep)), tuple(as_pairs("--cut", cut))
    with analysed(package, graph=graph, roots=root, source_roots=source_root) as analysis:
        check_number(analysis, number)
        packages = packages_in_force(analysis, packages_of(analysis, number), folder=Path.cwd(), config=config)
        components = list(analysis.components)
        for other in packages[1:]:
            with analysed(other, graph=analysis.graph, roots=[*analysis.roots], source_roots=source_root) as further:
                components += (found for found in further.components if found not in components)
        choice = Choice(kept, chosen, allow_reexports, prices(analysis, components))
        made = make(analysis, components, packages, choice, folder=Path.cwd(), config=config)
        text = as_written(made, named=config is not None, allow_growth=allow_growth) if write else as_text(made)
    if not write:
        remark(f"verified: {' · '.join(made.figures.sentences)}")
        deliver(text, None)
        return
    if text != made.configuration.text:
        write_atomically(made.configuration.path, text)
    deliver(as_report(made, text), None)
