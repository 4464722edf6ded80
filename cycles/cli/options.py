"""The options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cycles.enums import GraphName


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class DrawingFormat(StrEnum):
    """What a drawing is written as."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mmd"
    MARKDOWN = "md"
    HTML = "html"


Package = Annotated[str, typer.Argument(metavar="PACKAGE", help="A dotted name (a sub-package too) or a path.")]
Number = Annotated[int | None, typer.Argument(metavar="[N]", help="The number of one component.")]
Graph = Annotated[GraphName | None, typer.Option("--graph", help="Which imports count (default: import-time).")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.")]
Roots = Annotated[
    list[str] | None, typer.Option("--root", metavar="PACKAGE", help="A further root package (repeatable).")
]
SourceRoots = Annotated[
    list[Path] | None,
    typer.Option("--source-root", metavar="FOLDER", help="A folder that holds packages (repeatable)."),
]
Everything = Annotated[bool, typer.Option("--all", help="Show what is otherwise cut off.")]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        metavar="IMPORTER IMPORTED",
        help="An import that must stay (repeatable; * stands for one part of a name, ** for one or more).",
    ),
]
Chosen = Annotated[
    list[str] | None,
    typer.Option("--cut", metavar="IMPORTER IMPORTED", help="An import that will go in any case (repeatable)."),
]
AllowReexports = Annotated[
    bool, typer.Option("--allow-reexports", help="Also cut a package's imports of its own modules.")
]
