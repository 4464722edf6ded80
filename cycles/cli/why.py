"""`cycles why`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import By, Format, Graph, OutputFormat, ReportOptions
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from cycles.model import Analysis, CycleBehind, DependencyDetail, ImportChain
    from cycles.read_traceback import Traceback

_PAIR = 2


def why(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PACKAGE...] A B | FILE:LINE | -",
            help="Two modules, by name or file; an import by FILE:LINE; or - for a traceback on stdin.",
        ),
    ] = None,
    *,
    package: Annotated[
        list[str] | None,
        typer.Option(
            "--package",
            metavar="PACKAGE",
            help="Where to look (default: the package of A). Repeatable.",
        ),
    ] = None,
    graph: Graph = None,
    by: By = None,
    output_format: OutputFormat = Format.TEXT,
    shown: ReportOptions,
) -> None:
    """Explain one import: the cycles through it, and how to cut it.

    Where A does not import B on a cycle, the shortest chain of imports from A to B is shown. Names may be short, as
    reports print them, where PACKAGE is named. With - paste a traceback, and end it with ctrl-d: the cycle behind it is
    shown, with what to cut of it.
    """
    from cycles.cli.command_flow import analysed, deliver, style_for
    from cycles.config import read_config
    from cycles.find_in_analysis import place_in
    from cycles.read_traceback import read_traceback

    words = words or [""]
    asked = 1 if words[-1] == "-" or place_in(words[-1]) else _PAIR
    packages, meant = [*(package or ()), *words[:-asked]], words[-asked:]
    if len(meant) < asked:
        raise CyclesError(
            "name two modules, an import by FILE:LINE, or - for a traceback; such as `cycles why shop.app shop.orders`"
        )
    traceback = read_traceback(sys.stdin.read()) if meant == ["-"] else None
    if not packages and not read_config(Path.cwd()).packages:
        roots = [Path.cwd(), Path("src"), *(shown.scope.source_root or ())]
        packages = _packages_behind(traceback, roots) if traceback else [_package_of(meant[0])]
    if by and traceback:
        raise CyclesError("a traceback is about modules, not groups: leave out --by")
    with analysed(shown.scope.selection(packages, by), graph=graph) as analysis:
        if by:
            from cycles.cli.by_groups import why_result

            deliver(why_result(analysis, meant, shown, as_json=output_format is Format.JSON), shown.output)
            return
        from cycles.api import why_traceback

        found = why_traceback(analysis, traceback) if traceback else _answer(analysis, meant)
        if output_format is Format.JSON:
            from cycles.report.json_by_command import why_as_json

            result = why_as_json(analysis, found)
        else:
            from cycles.report.why import why_as_text

            result = why_as_text(analysis, found, style_for(shown))
    deliver(result, shown.output)


def _packages_behind(traceback: "Traceback", folders: list[Path]) -> list[str]:
    """Return the package to analyse for a traceback; raises CyclesError where it lies in none of the folders."""
    from cycles.find_in_analysis import top_level_packages

    packages = list(top_level_packages(traceback, folders))[:1]
    if not packages:
        subject = "no file of the traceback lies" if traceback.frames else "what the error names does not lie"
        raise CyclesError(f"{subject} in a package below this folder; name one with --package")
    return packages


def _package_of(words: str) -> str:
    """Return the package to analyse for a module that is named, or whose file is."""
    from cycles.find_in_analysis import place_in

    place = place_in(words)
    path = place[0] if place else words
    if path.endswith(".py") or "/" in path:
        folder = _file_meant(path).parent
        while (folder / "__init__.py").is_file() and (folder.parent / "__init__.py").is_file():
            folder = folder.parent
        return str(folder)
    return words.partition(".")[0]


def _file_meant(path: str) -> Path:
    """Return the file of a path from here or, as reports print it, from the folder of the project around."""
    from cycles.source.find_packages import project_folder

    here = Path.cwd()
    printed = project_folder(here) / path
    return printed if printed.exists() and not (here / path).exists() else here / path


def _answer(analysis: "Analysis", words: list[str]) -> "DependencyDetail | ImportChain | CycleBehind":
    from cycles.api import why_pair
    from cycles.find_in_analysis import import_at, module_named, place_in

    here = Path.cwd()
    if place := place_in(words[-1]):
        return why_pair(analysis, *import_at(analysis, *place, here))
    importer, imported = (module_named(analysis, word, here) for word in words)
    return why_pair(analysis, importer, imported)
