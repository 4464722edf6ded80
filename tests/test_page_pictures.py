"""The pictures of the HTML page, as they are laid out when it is written."""

import networkx as nx
import pytest

from cycles.render.diagram_model import Arrow
from cycles.render.html_page_diagrams import Drawer, PagePicture, PagePictures
from cycles.render.layout_program import find_engine
from cycles.render.scene import Scene
from opened import sample
from pages import analysis_of, many_modules
from pictures import scenes


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Scene, PagePictures]]:
    drawer = Drawer(find_engine(), 20)
    analyses = [sample("agent_core"), many_modules(60)]
    return [(scene, drawer.pictures(scene)) for analysis in analyses for scene in scenes(analysis)]


def pictures_of(found: PagePictures) -> list[PagePicture]:
    return [picture for picture in (found.whole, found.after, *found.levels.values()) if picture]


def test_every_picture_has_each_module_once_at_most_and_its_package_all_of_its_own(drawn):
    for scene, found in drawn:
        for picture in pictures_of(found):
            shown = [member for box in picture.boxes for member in box.members]
            assert len(shown) == len(set(shown))
        for package, picture in found.levels.items():
            inside = {module for box in picture.boxes if not box.outside for module in box.members}
            names = {module.name for module in scene.modules}
            assert inside == {name for name in names if f"{name}.".startswith(f"{package}." if package else "")}


def test_every_package_can_be_entered_from_the_one_around_it(drawn):
    for _, found in drawn:
        entered = {box.enter for picture in found.levels.values() for box in picture.boxes if not box.outside}
        first, *others = found.levels
        assert set(others) <= entered
        assert entered - {None} <= set(found.levels)
        assert first not in entered


def ends(arrow: Arrow) -> tuple[str, str]:
    return arrow.importer, arrow.imported


def test_what_a_level_leaves_out_is_said_by_a_path_of_others_or_leads_up(drawn):
    for scene, found in drawn:
        for picture in found.levels.values():
            places = {
                member: box.name
                for shown, box in zip(picture.boxes, picture.diagram.boxes, strict=True)
                for member in shown.members
            }
            ranks = {box.name: rank for rank, box in enumerate(picture.diagram.boxes)}
            arrows = {ends(arrow) for arrow in picture.diagram.arrows}
            down = nx.DiGraph([pair for pair in arrows if ranks[pair[0]] > ranks[pair[1]]])
            for edge in scene.dependencies:
                pair = places.get(edge.importer), places.get(edge.imported)
                if None in pair or pair[0] == pair[1] or ranks[pair[0]] < ranks[pair[1]]:
                    continue
                assert nx.has_path(down, *pair)


def test_no_line_of_a_picture_runs_behind_a_box_that_it_does_not_touch(drawn):
    for _, found in drawn:
        for picture in pictures_of(found):
            areas = {box.name: area for box, area in zip(picture.diagram.boxes, picture.layout.boxes, strict=True)}
            for arrow, route in zip(picture.diagram.arrows, picture.layout.routes, strict=True):
                for name, area in areas.items():
                    if name in ends(arrow):
                        continue
                    assert not any(
                        area.x + 1 < x < area.x + area.width - 1 and area.y + 1 < y < area.y + area.height - 1
                        for x, y in route.along()
                    ), (arrow.importer, arrow.imported, name)


def test_around_a_package_stand_twelve_boxes_at_most_and_the_rest_in_one():
    inside = [f"p.a.m{number}" for number in range(3)]
    outside = [f"p.m{number:02}" for number in range(30)]
    ring = [*inside, *outside]
    edges = [*zip(ring, [*ring[1:], ring[0]], strict=True), *((inside[0], name) for name in outside)]
    (scene,) = scenes(analysis_of(edges, {}, "p"))
    level = Drawer(find_engine(), 20).pictures(scene).levels["p.a"]

    around = [box for box in level.boxes if box.outside]
    assert len(around) == 12
    assert [(box.title, len(box.members)) for box in around if len(box.members) > 1] == [("elsewhere: 19 modules", 19)]


def test_after_the_plan_nothing_points_up(drawn):
    for _, found in drawn:
        if found.after:
            assert not any(arrow.up for arrow in found.after.diagram.arrows)


def test_without_an_engine_there_is_no_picture_and_a_reason():
    (scene,) = scenes(sample("shop"))
    found = Drawer(None, 20).pictures(scene)

    assert pictures_of(found) == []
    assert found.unlaid == "no layout engine was there when this page was made"
