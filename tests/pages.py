"""Analyses for the HTML page that no files can give: hostile names, and very many modules."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import cycles.render
from cycles.enums import GraphName, Kind, Tag
from cycles.model import Analysis, Component, Dependency
from cycles.source.import_values import Import

ASSETS = Path(cycles.render.__file__).parent / "page"
HACK = "</script><script>window.hacked=1;alert(1)</script>"
HOSTILE = (
    HACK,
    "<img src=x onerror=window.hacked=1>",
    "\"'`${window.hacked=1}\\",
    "new\nline\r\x1b[31m\x00",
    "\u202eright-to-left\u2066\u2028",
    "]]><!--<![CDATA[",
    "&lt;b&gt;&#x3c;",
    "long" * 75,
    "a:b;c{d}e|f",
    "\udc80lone",
    "日本語のモジュール",
    "__proto__",
    "constructor",
)


def analysis_of(edges: Iterable[tuple[str, str]], lines: Mapping[tuple[str, str], str], package: str) -> Analysis:
    """An analysis with one component that these (importer, imported) make; every one is its own cause."""
    dependencies = tuple(
        Dependency(
            importer=importer,
            imported=imported,
            implied=False,
            imports=(
                Import(
                    importer=importer,
                    imported=imported,
                    path=f"{importer}.py",
                    line_number=number,
                    line_contents=lines.get((importer, imported), f"import {imported}"),
                    kind=list(Kind)[number % 5],
                    tags=(Tag.OPTIONAL,) if number % 7 == 0 else (),
                    names=(),
                ),
            ),
        )
        for number, (importer, imported) in enumerate(sorted(set(edges)), 1)
    )
    modules = tuple(sorted({name for edge in dependencies for name in (edge.importer, edge.imported)}))
    component = Component(
        number=1,
        modules=modules,
        inside=len(modules),
        shortest_cycle=modules[:2],
        dependencies=dependencies,
        eager_modules=0,
        held_by=(),
    )
    return Analysis(
        package=package,
        named=(package,),
        packages=(package,),
        folder="/project",
        project="/project",
        files=(),
        compiled=(),
        mentions=(),
        closing=(),
        modules=len(modules),
        imports=len(dependencies),
        skipped=(),
        self_imports=(),
        summaries=(),
        graph_name=GraphName.ALL,
        components=(component,),
    )


def hostile_analysis() -> Analysis:
    """A ring of hostile modules with chords, whose source lines are hostile as well."""
    names = [f"p.{name}" for name in HOSTILE]
    ring = list(zip(names, names[1:] + names[:1], strict=True))
    chords = [(names[0], names[2]), (names[2], names[0]), (names[5], names[1])]
    return analysis_of(
        [*ring, *chords], {edge: f"import x # {HOSTILE[0]} {edge[1]}" for edge in [*ring, *chords]}, HACK
    )


def many_modules(size: int, packages: int = 25, prefix: str = "p.") -> Analysis:
    """Layers of modules that import the next ones, and some imports back; `packages` modules in each package."""
    names = [f"{prefix}s{at // packages:02}.m{at:03}" if packages else f"{prefix}m{at:03}" for at in range(size)]
    down = [(names[at], names[at + step]) for at in range(size) for step in (1, 2, 7, 31) if at + step < size]
    back = [(names[at], names[at - 40]) for at in range(45, size, 25)]
    return analysis_of([*down, *back, (names[-1], names[0])], {}, "p")
