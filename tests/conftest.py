"""What tests share: packages written to disk, and analyses of them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cycles.analysis import analyse
from cycles.model import Analysis
from cycles.words import GraphName

Files = Mapping[str, str | bytes]


def write_files(folder: Path, files: Files) -> Path:
    """Write files below a folder; a text is written as UTF-8, without a change of newlines."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def analysed(tmp_path: Path) -> Callable[..., Analysis]:
    """Write files and analyse the package `p` among them."""

    def analyse_files(
        files: Files, package: str = "p", graph: GraphName = GraphName.IMPORT_TIME, **options
    ) -> Analysis:
        write_files(tmp_path, files)
        return analyse(package, folders=[tmp_path], graph=graph, **options)

    return analyse_files


def pairs(analysis: Analysis) -> list[str]:
    """The dependencies inside components, drawn."""
    return [
        f"{dependency.importer} {'~>' if dependency.implied else '->'} {dependency.imported}"
        for component in analysis.components
        for dependency in component.dependencies
    ]
