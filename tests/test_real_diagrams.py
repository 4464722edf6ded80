"""Pictures of real packages: every module once, and no import that stays points upward."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.api import analyze
from cycles.render import as_matrix, as_svg, charted, find_engine
from cycles.words import GraphName, View
from pictures import boxes, drawings, upward
from pinned import entries

pytestmark = pytest.mark.real
LARGEST = 166


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_every_component_can_be_drawn_and_what_stays_points_down(entry, graph):
    for found in drawings(analyze(entry.package, folders=[entry.folder], graph=graph)):
        ET.fromstring(as_svg(found, find_engine()).svg)
        ET.fromstring(as_matrix(found))
        charted(found)
        if len(found.nodes) <= LARGEST:
            picture = as_svg(found, find_engine(), view=View.DIAGRAM)

            assert (picture.view, picture.remarks) == (View.DIAGRAM, ())
            assert sorted(boxes(picture.svg)) == sorted(f"n-{node.module}" for node in found.nodes)
            assert upward(picture.svg) == []
