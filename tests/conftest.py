"""What tests share: packages written to disk, analyses of them, a browser; and which tests cannot run here."""

import os
import shutil
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from browser import Tab, browser, find_program
from cycles.api import analyze
from cycles.enums import GraphName
from cycles.model import Analysis
from opened import Page

# How long an example takes says nothing of the code: the machine may be busy.
settings.register_profile("cycles", deadline=None)
settings.load_profile("cycles")

Files = Mapping[str, str | bytes]


SCRIPTS = sysconfig.get_path("scripts")


def program(name: str) -> str:
    """The console script of that name in the environment of the tests, wherever their interpreter lies."""
    found = shutil.which(name, path=SCRIPTS)
    assert found, f"no program {name} in {SCRIPTS}; run the tests by `make test`"
    return found


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
        return analyze(package, folders=[tmp_path], graph=graph, **options)

    return analyse_files


def pairs(analysis: Analysis) -> list[str]:
    """The dependencies inside components, drawn."""
    return [
        f"{dependency.importer} {'~>' if dependency.implied else '->'} {dependency.imported}"
        for component in analysis.components
        for dependency in component.dependencies
    ]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for each process of tests."""
    with browser(find_program() or "", tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def page(chromium: Tab, tmp_path: Path) -> Iterator[Page]:
    """A page of our own in the browser; nobody may have complained and nothing may have left it in the end."""
    chromium.size(1440, 900)
    opened = Page(chromium, tmp_path)
    yield opened
    assert chromium.troubles() == []
    assert set(chromium.requests()) <= {opened.file.as_uri()}


def permissions_bind(folder: Path) -> bool:
    """Whether a file that nobody may read cannot be read: root reads it, unless that capability was taken away."""
    path = folder / "secret"
    path.touch(mode=0)
    return not os.access(path, os.R_OK)


@pytest.fixture(autouse=True)
def _able(request: pytest.FixtureRequest) -> None:
    """Skip, with the reason, what the marker of a test says that it needs and what is not here."""
    if request.node.get_closest_marker("posix") and os.name != "posix":
        pytest.skip("needs POSIX: process groups, forks, signals, FIFOs or a shell")
    if request.node.get_closest_marker("permissions") and not permissions_bind(request.getfixturevalue("tmp_path")):
        pytest.skip("root may read everything; an ordinary user runs it in test_robustness.py")
