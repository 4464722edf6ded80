"""Pictures of real packages: every module once, no import that stays points upward, and all of it can be read."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.api import analyze
from cycles.enums import GraphName, View
from cycles.render.choose_view import MATRIX_SIZES, DrawOptions, mermaid_picture, svg_picture
from cycles.render.layout_program import find_engine
from picture_measures import measures
from pictures import boxes, scenes, upward
from pinned import entries

pytestmark = pytest.mark.real
LARGEST = 166
MANY, LETTERS, FEWER_LETTERS = 60, 8, 7
BYTES = 400_000


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_every_component_can_be_drawn_and_what_stays_points_down(entry, graph):
    for found in scenes(analyze(entry.package, folders=[entry.folder], graph=graph)):
        mermaid_picture(found, DrawOptions())
        if len(found.modules) <= LARGEST:
            picture = svg_picture(found, DrawOptions(View.DIAGRAM, engine=find_engine()))

            assert (picture.view, picture.remarks) == (View.DIAGRAM, ())
            assert sorted(boxes(picture.text)) == sorted(f"n-{module.name}" for module in found.modules)
            assert upward(picture.text) == []


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_names_can_be_read_and_nothing_hides_anything(entry, graph):
    for found in scenes(analyze(entry.package, folders=[entry.folder], graph=graph)):
        pictures = [svg_picture(found, DrawOptions(engine=find_engine())).text]
        if len(found.modules) in MATRIX_SIZES:
            pictures.append(svg_picture(found, DrawOptions(View.MATRIX)).text)
        for text in pictures:
            seen = measures(text)

            assert seen.names >= (LETTERS if len(found.modules) <= MANY else FEWER_LETTERS)
            assert (seen.behind, seen.overlapping, seen.outside) == ([], [], [])
            assert len(text) < BYTES
