"""Pictures as a reader sees them: everything in it once, all that stays points down, in any engine's hands."""

import json
import re
import stat
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import golden
from cycles import cuts
from cycles.api import analyze, plan_all
from cycles.enums import GraphName, Kind, View
from cycles.errors import CyclesError
from cycles.model import CutRequest
from cycles.render import style
from cycles.render.choose_view import DrawOptions, dot_picture, mermaid_picture, svg_picture
from cycles.render.layering import foundations_first, least_upward, transitive_reduction
from cycles.render.layout_program import Engine, find_engine, run_engine
from cycles.render.markdown import as_markdown, mermaid_block
from cycles.render.matrix import component_matrix
from cycles.render.scene import check_template, link, scene_of
from picture_measures import first_cut, labels, measures
from pictures import SVG, boxes, covered, made_up, scenes, upward

ENGINE = find_engine()
DRAWN = DrawOptions(engine=ENGINE)
NO_ENGINE = DrawOptions()
HOSTILE = (
    "<script>alert(1)</script>",
    'quo"te',
    "apo'strophe",
    "back\\slash",
    "back\\",
    "\\N\\G\\l",
    "new\nline\ttab",
    "esc\x1b[31m",
    "nul\x00",
    "a:b:c",
    "bidi\u202eabc\u2066",
    "long" * 75,
    "]]>",
    "per%cent %s",
    "lone\ud800surrogate",
    "not a character\ufffe\uffff",
    "&amp;&lt;",
    "<b>html</b>",
    "pipe|`tick`",
    "graph",
    "n1",
    "{path}",
    "名前.モジュール",
    "-->",
    "",
    " ",
)


def sample_scenes():
    for sample in golden.samples():
        package, roots = golden.OTHER_ARGUMENTS.get(sample, (sample, ()))
        for graph in GraphName:
            analysis = analyze(package, folders=[golden.SAMPLES / sample], roots=roots, graph=graph)
            yield from scenes(analysis)


SCENES = list(sample_scenes())


@cache
def pictures_of_samples(options):
    """The picture of each scene: each kind of them is drawn once for all tests."""
    return [svg_picture(found, options) for found in SCENES]


def shop(**links: str):
    analysis = analyze("shop", folders=[golden.SAMPLES / "shop"])
    return scene_of(analysis, next(cuts.plan_cuts(analysis.components)), **links)


def core():
    folder = golden.SAMPLES / "agent_core"
    return scenes(analyze("ee.hogai", folders=[folder]))[0]


def ring(size: int, prefix: str = "p", **options):
    """A component of `size` modules, each of which imports the next."""
    names = [f"{prefix}.m{number:03}" for number in range(size)]
    analysis, component = made_up(*pairwise([*names, names[0]]), **options)
    plan = next(cuts.plan_cuts([component], CutRequest(allow_reexports=True)))
    return scene_of(analysis, plan)


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
@pytest.mark.parametrize("all_imports", [False, True])
def test_a_diagram_holds_every_module_once_and_what_stays_points_down(all_imports):
    drawn = pictures_of_samples(DrawOptions(all_imports=all_imports, engine=ENGINE))
    for found, picture in zip(SCENES, drawn, strict=True):
        assert picture.view is View.DIAGRAM
        assert sorted(boxes(picture.text)) == sorted(f"n-{module.name}" for module in found.modules)
        assert upward(picture.text) == []


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
@pytest.mark.parametrize("names", [("p.a", "p.b"), ("p", "p.builders.latex"), ("p.a_module_with_a_long_name", "p.b")])
def test_two_modules_that_import_each_other_have_two_lines_that_can_be_told_apart(names):
    first, second = names
    analysis, component = made_up((first, second), (second, first))
    found = scene_of(analysis, next(cuts.plan_cuts([component], CutRequest(allow_reexports=True))))

    picture = svg_picture(found, DRAWN)

    assert picture.view is View.DIAGRAM
    assert covered(picture.text) == []
    assert upward(picture.text) == []


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_no_label_hides_much_of_the_line_that_leads_back():
    assert [covered(picture.text) for picture in pictures_of_samples(DRAWN)] == [[] for _ in SCENES]


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_names_can_be_read_and_nothing_hides_anything():
    for picture in pictures_of_samples(DRAWN):
        seen = measures(picture.text)

        assert seen.names >= 8
        assert (seen.behind, seen.overlapping, seen.outside) == ([], [], [])


@pytest.mark.parametrize("view", [View.AUTO, View.DIAGRAM, View.MATRIX])
def test_the_first_cut_is_in_the_part_of_a_picture_that_is_seen_at_once(view):
    for picture in pictures_of_samples(DrawOptions(view, engine=ENGINE)):
        assert first_cut(picture.text)[1] <= 700


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_the_plan_is_below_a_low_picture_beside_a_tall_one_and_above_a_tall_and_wide_one():
    def drawn(size: int, name: str) -> tuple[float, float, float, float]:
        names = [f"{name}.m{number:02}" for number in range(size)]
        analysis, component = made_up(*pairwise([*names, names[0]]), path=f"{name}.py")
        found = scene_of(analysis, next(cuts.plan_cuts([component], CutRequest(allow_reexports=True))))
        text = svg_picture(found, DRAWN).text
        areas = [[float(box.attrib[key]) for key in ("x", "y", "width", "height")] for box in boxes(text).values()]
        body = next(group for group in ET.fromstring(text).iter(f"{SVG}g") if "translate" in group.get("transform", ""))
        x, y = map(float, body.attrib["transform"][len("translate(") : -1].split())
        left, top = first_cut(text)
        return left - x, top - y, max(x + width for x, _, width, _ in areas), max(y + high for _, y, _, high in areas)

    left, top, right, bottom = drawn(4, "p")
    assert top > bottom
    left, top, right, bottom = drawn(20, "p")
    assert left > right
    assert 0 < top < bottom
    left, top, right, bottom = drawn(20, f"p.{'a_long_name_' * 8}")
    assert top < 0


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_what_many_modules_import_is_spread_over_more_layers():
    users = [f"p.part_{number}.with_a_long_name" for number in range(24)]
    analysis, component = made_up(
        *((user, "p.base") for user in users),
        *(("p.base", user) for user in users[:1]),
        *((users[number // 3], user) for number, user in enumerate(users) if number),
    )
    found = scene_of(analysis, next(cuts.plan_cuts([component], CutRequest(allow_reexports=True))))

    picture = svg_picture(found, DrawOptions(View.DIAGRAM, engine=ENGINE))

    seen = measures(picture.text)
    assert seen.names >= 8
    assert (len(boxes(picture.text)), seen.behind, seen.overlapping) == (25, [], [])


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_a_diagram_draws_every_step_and_says_how_many_imports_it_leaves_out():
    for found, picture in zip(SCENES, pictures_of_samples(DRAWN), strict=True):
        root = ET.fromstring(picture.text)

        lines = [group for group in root.iter(f"{SVG}g") if group.get("data-importer")]
        red = sorted(
            (line.attrib["data-importer"], line.attrib["data-imported"])
            for line in lines
            if "cut" in line.attrib["class"]
        )
        few = len(found.modules) <= 20
        drawn = [edge for edge in found.dependencies if edge.numbers or (edge.is_cut and few)]
        assert red == [(f"n-{edge.importer}", f"n-{edge.imported}") for edge in drawn]
        steps = [str(number) for number in range(1, len(found.plan.steps) + 1)]
        assert sorted(" ".join(words for words, _ in labels(root)).split()) == sorted(steps)
        notes = [text.text for text in root.iter(f"{SVG}text")]
        imports = "import" if len(found.dependencies) == 1 else "imports"
        assert f"{len(lines)} of {len(found.dependencies)} {imports} drawn" in notes


def test_without_the_cuts_the_order_is_one_in_which_everything_can_be_imported():
    for found in SCENES:
        ranks = found.ranks
        for edge in found.dependencies:
            assert edge.is_cut or ranks[edge.imported] < ranks[edge.importer]
        assert any(edge.is_cut for edge in found.dependencies)


@settings(deadline=None)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda edge: edge[0] > edge[1])))
def test_the_skeleton_is_the_transitive_reduction(edges):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(10))
    graph.add_edges_from(edges)

    assert transitive_reduction(edges, range(10)) == frozenset(nx.transitive_reduction(graph).edges)


@settings(deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda edge: edge[0] > edge[1])),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda edge: edge[0] != edge[1])),
    st.lists(st.sampled_from(["", "a", "b"]), min_size=8, max_size=8),
)
def test_what_stays_comes_after_what_it_imports_and_a_cut_before_where_it_can(staying, removed, groups):
    order = foundations_first(staying, removed, groups)

    assert sorted(order) == list(range(8))
    assert all(order.index(imported) < order.index(importer) for importer, imported in staying)
    if removed and not nx.DiGraph(staying).has_node(removed[0][0]):
        assert order.index(removed[0][0]) < order.index(removed[0][1])


def test_sub_packages_that_do_not_import_each_other_in_circles_all_point_down():
    staying = {("a", "b"): 1, ("b", "c"): 2, ("a", "c"): 1}

    assert least_upward(["a", "b", "c"], staying, {("c", "a"): 9}) == ["c", "b", "a"]


def test_the_matrix_has_what_stays_below_the_diagonal_and_the_cuts_above():
    for found in SCENES:
        root = ET.fromstring(component_matrix(found))

        ranks = found.ranks
        above = {edge for edge in found.dependencies if ranks[edge.importer] < ranks[edge.imported]}
        assert above <= {edge for edge in found.dependencies if edge.is_cut}
        names = [group.get("id") for group in root.iter(f"{SVG}g") if group.get("class") == "node"]
        assert names == [f"n-{module.name}" for module in found.modules]
        cells = [group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
        marks = [mark for cell in cells for mark in cell if mark.get("class", "").startswith("mark-")]
        assert len(marks) == len(found.dependencies)


@pytest.mark.parametrize("rays", [20, 60])
def test_the_numbers_of_neighbouring_cells_of_a_matrix_do_not_touch(rays):
    pairs = [(f"p.m{number:02}", "p.hub") for number in range(rays)]
    (scene,) = scenes(made_up(*pairs, *((other, one) for one, other in pairs))[0])
    root = ET.fromstring(component_matrix(scene))

    numbers = [text for text in root.iter(f"{SVG}text") if text.get("class") == "number" and text.get("x")]
    places = sorted((float(text.get("y") or 0), float(text.get("x") or 0), text) for text in numbers[-rays:])
    assert {text.text for _, _, text in places} == {str(number) for number in range(1, rays + 1)}
    for (y, x, one), (below, right, other) in pairwise(places):
        # Bold digits of DejaVu Sans are 0.7 em wide, and few fonts have wider ones.
        widths = [0.7 * float(text.get("font-size") or 0) * len(text.text or "") for text in (one, other)]
        assert y != below or right - x > sum(widths) / 2


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_sub_packages_are_drawn_with_the_imports_between_them():
    picture = svg_picture(core(), DrawOptions(View.PACKAGES, engine=ENGINE))

    assert (picture.view, picture.extent, picture.remarks) == (View.PACKAGES, "37 modules in 7 parts", ())
    assert len(boxes(picture.text)) == 7


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_a_view_that_cannot_be_is_replaced_and_that_is_said():
    alone = svg_picture(ring(4), DrawOptions(View.PACKAGES, engine=ENGINE))
    many = svg_picture(ring(61), DrawOptions(all_imports=True, engine=ENGINE))
    folded = svg_picture(ring(2), DrawOptions(View.PLAN, engine=ENGINE))

    assert (alone.view, alone.remarks) == (
        View.MATRIX,
        ("component 1 of p.m000 has no sub-packages to draw and is drawn as a matrix",),
    )
    assert many.view is View.DIAGRAM
    assert many.remarks == (
        "component 1 of p.m000: not all imports are drawn, since it has more than 60 modules or 150 imports",
    )
    assert folded.remarks == ("component 1 of p.m000 has nothing to fold and is drawn as a matrix",)


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_what_is_too_large_for_a_diagram_is_counted_not_tried(monkeypatch):
    monkeypatch.setattr("cycles.limits.DIAGRAM_ARROWS", 9)

    picture = svg_picture(ring(10), DRAWN)
    dot = dot_picture(ring(10), DRAWN)

    large = "component 1 of p.m000: too large for a diagram (10 imports)"
    assert (picture.view, picture.extent, picture.remarks) == (View.PLAN, "10 modules, 2 of them drawn", (large,))
    assert (dot.view, dot.extent, dot.remarks) == (View.PLAN, "10 modules, 2 of them drawn", (large,))


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
@pytest.mark.parametrize("kind", Kind)
def test_the_legend_explains_the_kinds_that_occur(kind):
    found = ring(3, kind=kind)
    words = {other: style.style_of(other, implied=False).words for other in Kind}

    for svg in (svg_picture(found, DRAWN).text, component_matrix(found)):
        shown = {text.text for text in ET.fromstring(svg).iter(f"{SVG}text")}
        assert shown & set(words.values()) == {words[kind]}


def test_without_an_engine_there_is_a_matrix():
    picture = svg_picture(shop(), NO_ENGINE)

    assert (picture.view, picture.extent) == (View.MATRIX, "9 modules, 18 imports")
    assert picture.remarks == ()


@pytest.mark.parametrize(
    "script",
    [
        "sleep 60",
        "sleep 60 & wait",
        "exit 3",
        "echo rubbish",
        "echo '{'",
        "echo '{}'",
        'echo \'{"objects": [{"id": "n0", "pos": "x"}]}\'',
        "echo '{\"objects\": 3}'",
        "yes '{'",
        "kill -9 $$",
        "head -c 10 /dev/urandom",
    ],
)
@pytest.mark.posix
def test_an_engine_that_sleeps_fails_or_prints_rubbish_costs_nothing_but_the_diagram(tmp_path, script):
    engine = fake(tmp_path, script)

    picture = svg_picture(shop(), DrawOptions(engine=engine, seconds=0.3))

    assert picture.view is View.MATRIX
    assert (
        picture.remarks[0]
        == "component 1 of shop: the layout engine failed on the diagram view, or needed more than 0.3 s"
    )
    ET.fromstring(picture.text)


@pytest.mark.posix
def test_an_engine_that_writes_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("cycles.limits.LAYOUT_BYTES", 1000)

    assert run_engine(fake(tmp_path, "yes '{'"), "digraph {}", output="json", seconds=60) is None


def test_an_engine_that_cannot_be_started_is_none(tmp_path):
    assert run_engine(Engine("given", str(tmp_path / "nothing")), "digraph {}", output="svg") is None


@pytest.mark.posix
def test_a_wanted_engine_must_be_there(tmp_path):
    program = fake(tmp_path, "exit 0").program

    assert find_engine(program) == Engine("given", program)
    with pytest.raises(CyclesError, match="is not a program that can be run"):
        find_engine(str(tmp_path / "nothing"))


@pytest.mark.posix
def test_the_systems_engine_is_the_last_choice(tmp_path, monkeypatch):
    monkeypatch.setattr("cycles.render.layout_program._bundled", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_engine() is None
    fake(tmp_path, "exit 0")
    assert find_engine() == Engine("system", str(tmp_path / "dot"))


def fake(folder: Path, script: str) -> Engine:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Engine("given", str(path))


@pytest.fixture(scope="module")
def hostile():
    """A component whose every module, path and statement is hostile."""
    names = [*HOSTILE, *(f"p.{name}" for name in HOSTILE[:9])]
    analysis, component = made_up(
        *pairwise([*names, names[0]]), line_contents="import " + " ".join(HOSTILE), path='src/<a> & "b"|`c`\x1b.py'
    )
    return analysis, next(cuts.plan_cuts([component]))


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
@pytest.mark.parametrize("view", View)
def test_hostile_names_and_lines_pass_through_svg(hostile, view):
    found = scene_of(*hostile, url_template="/x/{path}?a=1&b=%s#L{line}")

    picture = svg_picture(found, DrawOptions(view, engine=ENGINE))

    root = ET.fromstring(picture.text)
    if view not in (View.PACKAGES, View.PLAN):
        assert picture.view is (View.DIAGRAM if view is View.AUTO else view)
        assert len({group.get("id") for group in root.iter(f"{SVG}g") if group.get("class") == "node"}) == len(
            found.modules
        )
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "g", "a", "path", "circle",
    }  # fmt: skip
    assert not [character for character in picture.text if character != "\n" and not character.isprintable()]
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_hostile_names_and_lines_pass_through_dot(hostile):
    found = scene_of(*hostile)

    dot = dot_picture(found, NO_ENGINE).text

    assert not [character for character in dot if character not in "\n\t" and not character.isprintable()]
    laid = json.loads(run_engine(ENGINE, dot, output="json"))
    assert len([part for part in laid["objects"] if part.get("id", "").startswith("n")]) == len(found.modules)
    assert len(laid["edges"]) == sum(edge.skeleton for edge in found.dependencies)
    svg = ET.fromstring(run_engine(ENGINE, dot, output="svg"))
    texts = {text.text for text in svg.iter(f"{SVG}text")}
    assert {"<script>alert(1)</script>", "\\N\\G\\l", "a:b:c", "&amp;&lt;", "bidi\\u202eabc\\u2066"} <= texts


def test_hostile_names_and_lines_pass_through_markdown(hostile):
    found = scene_of(*hostile, url_template="/x/{path}#L{line}")

    text = as_markdown(hostile[0], [found], ["picture"])

    assert not [character for character in text if character != "\n" and not character.isprintable()]
    rows = [line for line in text.splitlines() if line.startswith("| 1 |")]
    assert len(rows) == 1
    assert "](</x/src/%3Ca%3E%20%26%20%22b%22%7C%60c%60%1B.py#L1>)" in rows[0]
    assert rows[0].replace("\\|", "").count("|") == 4


def test_hostile_names_pass_through_mermaid():
    analysis, component = made_up(*pairwise([*HOSTILE[:20], HOSTILE[0]]))
    found = scene_of(analysis, next(cuts.plan_cuts([component])))

    chart = mermaid_picture(found, NO_ENGINE).text

    labels = [line.strip() for line in chart.splitlines() if "[" in line]
    assert len(labels) == 20
    assert "n" in labels[0]
    assert not set("<>`|&\\'") & set("".join(labels).replace("<br>", ""))
    assert "#60;script#62;alert(1)#60;/script#62;" in chart


@pytest.mark.parametrize(
    "template",
    ["javascript:alert(1)//{path}", "JavaScript:{path}", "data:text/html,{path}", "https://x/{line}", "https://x/{path}/{branch}",
     "https://x/ {path}", "https://x/\n{path}", "file:///{path}", "{path}\u202e", "vbscript:{path}", "https://x/{path}#L{line"],
)  # fmt: skip
def test_only_templates_that_lead_to_a_file_are_taken(template):
    with pytest.raises(CyclesError, match="--url-template"):
        check_template(template)


@pytest.mark.parametrize(
    "template", ["https://x/{path}#L{line}", "../{path}", "/src/{path}", "HTTP://x/{path}", "{path}"]
)
def test_templates_that_lead_to_a_file_are_taken(template):
    check_template(template)


def test_a_link_quotes_the_path_and_nothing_else():
    assert link("https://x/{path}#L{line}", 'a b/"c"#?.py', 3) == "https://x/a%20b/%22c%22%23%3F.py#L3"
    assert link("{path}", "javascript:alert(1)", 1) == "javascript%3Aalert%281%29"
    assert link(None, "a.py", 1) is None


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_modules_link_to_their_file_and_imports_to_their_line():
    root = ET.fromstring(svg_picture(shop(url_template="https://x/{path}#L{line}"), DRAWN).text)

    links = {link.attrib["href"] for link in root.iter(f"{SVG}a")}
    assert {"https://x/shop/customers/__init__.py#L1", "https://x/shop/customers/loyalty.py#L7"} <= links
    assert root.get("role") == "group"


def test_texts_can_be_read_in_light_and_dark():
    on_color = style.LIGHT.ink
    pairs = [(on_color, color) for color in (*style.PALETTE, style.OTHERS)]
    for scheme in (style.LIGHT, style.DARK):
        texts = (scheme.ink, scheme.muted, scheme.cut)
        pairs += [(text, paper) for text in texts for paper in (scheme.paper, scheme.backdrop, scheme.plain)]

    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def contrast(first: str, second: str) -> float:
    """The contrast of WCAG 2."""

    def luminance(color: str) -> float:
        parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.skipif(ENGINE is None, reason="needs a layout engine")
def test_a_picture_says_in_words_what_it_shows():
    root = ET.fromstring(svg_picture(shop(), DRAWN).text)

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "9 modules of shop import each other; cutting 1 import ends it"
    assert root.find(f"{SVG}desc").text.endswith(
        "Imports to cut: 1: customers.loyalty → orders.history, shop/customers/loyalty.py:7"
    )
    tips = [title.text for title in root.iter(f"{SVG}title")]
    assert "shop/customers/loyalty.py:7  from shop.orders.history import spent_by" in "\n".join(tips)


def test_a_chart_shows_less_where_all_modules_would_be_illegible_and_nothing_where_all_of_it_is_asked_for():
    assert mermaid_picture(shop(), NO_ENGINE).extent == "9 modules, 10 of 18 imports drawn"
    assert mermaid_picture(core(), NO_ENGINE).extent == "37 modules, 13 of them drawn"
    assert mermaid_picture(core(), DrawOptions(View.PACKAGES)).extent == "37 modules in 7 parts"
    assert mermaid_picture(ring(40), DrawOptions(View.DIAGRAM)) is None


@pytest.mark.parametrize(("size", "is_drawn"), [(4, True), (7, False)])
def test_a_chart_has_no_more_lines_than_labels_have_room_beside_each_other(size, is_drawn):
    names = [f"p.{letter}" for letter in "abcdefg"[:size]]
    analysis, component = made_up(*((one, other) for one in names for other in names if one != other))
    found = scene_of(analysis, next(cuts.plan_cuts([component], CutRequest(allow_reexports=True))))

    assert bool(mermaid_picture(found, NO_ENGINE)) == is_drawn


def test_a_markdown_document_has_verdict_picture_and_plan():
    analysis = analyze("shop", folders=[golden.SAMPLES / "shop"])
    found = [scene_of(analysis, plan) for plan in plan_all(analysis.components)]

    text = as_markdown(analysis, found, [mermaid_block("flowchart TB\n", "What imports stands above.")])

    assert text.splitlines()[:3] == [
        "# Import cycles in shop",
        "",
        "**9 modules of shop import each other; cutting 1 import ends it.**",
    ]
    assert "| **import-time** | 1 | 9 | 9 | what runs on import |" in text
    assert "```mermaid\nflowchart TB\n```\n\nWhat imports stands above.\n" in text
    assert text.endswith(
        "| 1 | **`customers.loyalty`** → **`orders.history`**<br>shop/customers/loyalty.py:7"
        "<br>`from shop.orders.history import spent_by` | import `spent_by` inside `tier_of()`, the only place "
        "that uses it (line 20)<br>*no module left in cycles* |\n"
    )


def dense(size: int):
    """A component in which each module imports each other one, by long names."""
    names = [f"p.{'a_package_with_a_long_name.' * 3}module_number_{number:03}" for number in range(size)]
    analysis, component = made_up(
        *((one, other) for one in names for other in names if one != other),
        line_contents=f"from {names[0]} import something",
        path="src/" * 20 + "a_file_with_a_rather_long_name_of_its_own.py",
    )
    return analysis, scene_of(analysis, next(cuts.plan_cuts([component], CutRequest(allow_reexports=True))))


def test_a_long_plan_is_folded_and_a_document_fits_into_a_comment():
    analysis, found = dense(12)
    largest, huge = dense(30)

    text = as_markdown(analysis, [found], ["picture"])
    cut_off = as_markdown(largest, [huge] * 3, ["picture"] * 3)

    steps = len(found.plan.steps)
    assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == [str(number) for number in range(1, steps + 1)]
    assert f"<details><summary>{steps - 10} more steps</summary>\n\n| step |" in text
    assert text.count("</details>") == 1
    assert len(cut_off) <= 60_000
    assert f"… and {len(huge.plan.steps) - 60} more steps, which there is no room for." in cut_off


def test_no_word_of_the_plan_is_wider_than_its_column_may_be():
    analysis, found = dense(12)

    text = as_markdown(analysis, [found], ["picture"])

    rows = [line.replace("\\", "") for line in text.splitlines() if re.match(r"\| \d", line)]
    words = [word for row in rows for word in re.split(r"<br>|[ |]+", row)]
    assert rows
    assert max(len(word.strip("*`")) for word in words) <= 44


def test_a_chart_says_the_direction_of_a_line_that_points_up_and_its_colours_suit_light_and_dark():
    chart = mermaid_picture(shop(), NO_ENGINE)

    red = re.findall(r"stroke:(#[0-9A-F]{6}),stroke-width", chart.text)
    frames = re.findall(r"style g\d+ fill:none,stroke:(#[0-9A-F]{6})", chart.text)
    assert '-. "#9986; 1: loyalty<br>#8594; history" .-' in chart.text
    assert "color:" not in "".join(line for line in chart.text.splitlines() if "linkStyle" in line)
    assert len(frames) == 3
    for color in (*red, *frames):
        assert min(contrast(color, paper) for paper in ("#FFFFFF", "#0D1117")) >= 3
    assert chart.caption == (
        "What imports stands above what it imports. Red with ✂: import to cut, by its step of the plan. "
        "A line without a head points up: its label says what imports what."
    )


def test_lines_can_be_seen_in_light_and_dark_and_cuts_by_their_luminance_alone():
    for scheme in (style.LIGHT, style.DARK):
        for line in (scheme.line, scheme.cut):
            assert min(contrast(line, paper) for paper in (scheme.paper, scheme.backdrop)) >= 3
        assert contrast(scheme.line, scheme.cut) >= 1.7
        assert contrast(scheme.on_cut, scheme.cut) >= 4.5


@pytest.mark.skipif(ENGINE is None or ENGINE.name != "bundled", reason="other engines lay out otherwise")
def test_the_pictures_of_the_readme_and_of_a_sample_are_current():
    for path, text in golden.drawn():
        assert text == path.read_text(encoding="utf-8")
