"""Lines of pictures: few of them cross, and each can be followed around the corners of boxes."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycles.render.choose_layout import Arranged, arrange, quality, untangled
from cycles.render.dot import Way
from cycles.render.geometry import Point
from cycles.render.html_page_diagrams import Drawer
from cycles.render.layout import lay_out
from cycles.render.layout_program import find_engine
from cycles.render.line_separation import straight_lines
from cycles.render.module_diagram import module_diagram, module_diagrams
from opened import sample
from pages import analysis_of
from pictures import scenes

ENGINE = find_engine()
needs_engine = pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
FIRST_EDITION = 25
"""Crossings of the modules of agent_core in the first HTML page that there was."""


def crossing(one: list[complex], other: list[complex]) -> bool:
    """Whether two lines cross, by each pair of their pieces: ends that touch do not."""

    def side(start: complex, end: complex, point: complex) -> float:
        return ((end - start).conjugate() * (point - start)).imag

    return any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for a, b in pairwise(one)
        for c, d in pairwise(other)
    )


def arranged(diagrams) -> Arranged:
    return untangled(arrange(diagrams, ENGINE, seconds=20, letters=8), ENGINE, seconds=20, letters=8)


@needs_engine
def test_lines_of_all_modules_cross_much_less_than_they_did_and_are_counted_as_by_brute_force():
    (scene,) = scenes(sample("agent_core"))
    whole = Drawer(ENGINE, 20).pictures(scene).whole

    routes = [[complex(*point) for point in route.along()] for route in whole.layout.routes]
    count = sum(crossing(*pair) for pair in combinations(routes, 2))
    assert count == quality(whole.diagram, whole.layout).crossings
    assert count <= FIRST_EDITION * 2 / 3


@needs_engine
def test_no_way_to_lay_a_picture_out_that_is_tried_has_fewer_crossings():
    (scene,) = scenes(sample("agent_core"))
    found = arranged([module_diagram(scene)])

    ways = [
        Way(patient=True, straight=True, loose=loose, backward=back)
        for loose in (False, True)
        for back in (False, True)
    ]
    for way in (Way(), Way(patient=True), *ways):
        layout = lay_out(found.diagram, ENGINE, seconds=20, way=way)
        assert quality(found.diagram, layout).crossings >= found.quality.crossings


@needs_engine
def test_colours_take_the_place_of_frames_where_lines_cross_less_without():
    upper, lower = (
        [f"p.{'ab'[(place + swap) % 2]}.{name}{place}" for place in range(4)] for swap, name in enumerate("st")
    )
    zigzag = [*zip(upper, lower, strict=True), *zip(upper, lower[1:], strict=False), ("p.base", "p.top")]
    around = [*(("p.top", name) for name in upper), *((name, "p.base") for name in lower)]
    ring = [("p.a.m", "p.b.n"), ("p.b.n", "p.b.o"), ("p.b.o", "p.a.k"), ("p.a.k", "p.a.m")]
    found = []
    for edges in ([*zigzag, *around], ring):
        (scene,) = scenes(analysis_of(edges, {}, "p"))
        assert next(module_diagrams(scene)).framed
        found.append(arranged(module_diagrams(scene)))

    assert [one.diagram.framed for one in found] == [False, True]
    assert [one.quality.crossings for one in found] == [0, 0]


POINTS = st.builds(Point, st.integers(-200, 200).map(float), st.integers(-200, 200).map(float))
ROUTES = st.lists(st.lists(POINTS, min_size=2, max_size=6, unique=True), min_size=1, max_size=6)


@given(ROUTES)
def test_straight_lines_keep_their_ends_and_are_curves(routes):
    drawn = straight_lines(routes)

    assert [(line[0], line[-1]) for line in drawn] == [(route[0], route[-1]) for route in routes]
    assert {len(line) % 3 for line in drawn} == {1}


@given(st.lists(POINTS, min_size=2, max_size=6, unique=True))
def test_a_line_alone_stays_near_its_bends(route):
    (line,) = straight_lines([route])

    ends = [*line[::3]]
    assert all(min(_away(end, *piece) for piece in pairwise(route)) < 0.01 for end in ends)
    assert all(min(abs(complex(*bend) - complex(*end)) for end in ends) <= 9.01 for bend in route)


def _away(point: Point, start: Point, end: Point) -> float:
    """How far a point is from a piece of a line."""
    at, one, other = complex(*point), complex(*start), complex(*end)
    along = ((at - one) * (other - one).conjugate()).real / abs(other - one) ** 2
    return abs(at - (one + (other - one) * min(1, max(0, along))))


def test_lines_that_pass_a_corner_go_side_by_side_around_it_and_do_not_cross_there():
    corner = Point(100.0, 100.0)
    outer = [Point(150.0, 0.0), corner, Point(140.0, 200.0)]
    inner = [Point(190.0, 50.0), corner, Point(180.0, 150.0)]
    drawn = straight_lines([outer, inner])

    middles = [min(point.x for point in line) for line in drawn]
    assert middles[0] <= middles[1] - 3
    mirrored = [[Point(-x, y) for x, y in route] for route in (outer, inner)]
    assert [max(point.x for point in line) for line in straight_lines(mirrored)] == [-middle for middle in middles]
    assert not crossing(*([complex(*point) for point in line] for line in drawn))
