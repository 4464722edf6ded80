"""Pictures of real packages: every module once, and no import that stays points upward."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.api import analyze
from cycles.enums import GraphName, View
from cycles.render.choose_view import DrawOptions, mermaid_picture, svg_picture
from cycles.render.engine import find_engine
from cycles.render.matrix import as_matrix
from pictures import boxes, scenes, upward
from pinned import entries

pytestmark = pytest.mark.real
LARGEST = 166


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_every_component_can_be_drawn_and_what_stays_points_down(entry, graph):
    for found in scenes(analyze(entry.package, folders=[entry.folder], graph=graph)):
        ET.fromstring(svg_picture(found, DrawOptions(engine=find_engine())).text)
        ET.fromstring(as_matrix(found))
        mermaid_picture(found, DrawOptions())
        if len(found.modules) <= LARGEST:
            picture = svg_picture(found, DrawOptions(View.DIAGRAM, engine=find_engine()))

            assert (picture.view, picture.remarks) == (View.DIAGRAM, ())
            assert sorted(boxes(picture.text)) == sorted(f"n-{module.name}" for module in found.modules)
            assert upward(picture.text) == []
