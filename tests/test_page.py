"""The HTML page, used in a real browser as a person would: what cuts leave, and what can be seen of it."""

import random

import networkx as nx
import pytest

from cycles.enums import View
from cycles.model import Component
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page import as_page
from opened import SOLVED, needs_browser, removed_by, sample
from pages import hostile_analysis, many_modules
from pictures import scenes


@needs_browser
@pytest.mark.parametrize("name", ["shop", "agent_core"])
def test_cutting_the_plan_in_the_picture_leaves_what_python_says_and_no_cycle_in_the_end(page, name):
    (plan,) = page.show(sample(name))
    size = len(plan.component.modules)
    begin = page.counters()

    assert (begin["modules"], begin["rest"], page.sizes()) == (size, len(plan.steps), [size])
    pairs = [(found.importer, found.imported) for found in plan.component.dependencies]
    cuts = {(cut.importer, cut.imported): cut for cut in plan.ranking.cuts}
    for number, step in enumerate(plan.steps, 1):
        gone = [pairs.index(pair) for pair in cuts[step.importer, step.imported].removes]
        line = ", ".join(f'.line[data-dependency="{place}"]:not(.hidden)' for place in gone)
        page.tab.double_click(line)
        found = page.counters()
        assert (found["modules"], max(page.sizes(), default=0)) == (step.modules_left, step.largest_left)
        assert found["rest"] == len(plan.steps) - number
    assert page.text("#sentence") == SOLVED
    assert page.tab.ask("document.querySelectorAll('.box.free').length") == 0


@needs_browser
def test_without_an_engine_there_are_matrix_and_lists(page):
    (plan,) = page.show(sample("agent_core"), laid_out=False)

    assert page.shown("[role=tab]") == ["Matrix", "Imports"]
    assert page.text("#notice") == (
        "There is no picture: no layout engine was there when this page was made. The matrix and the list of imports show all."
    )
    for step, left in zip(plan.steps, range(len(plan.steps) - 1, -1, -1), strict=True):
        page.tab.click("#plan .row:not(.made) .cut")
        assert (page.counters()["modules"], page.counters()["rest"]) == (step.modules_left, left)
    assert page.text("#sentence") == SOLVED


@needs_browser
def test_the_matrix_can_be_used_as_well(page):
    (plan,) = page.show(sample("agent_core"))
    modules = page.tab.ask("[...document.querySelectorAll('.box')].map(one => one.querySelector('title').textContent)")
    rows = {module: len(modules) - 1 - place for place, module in enumerate(modules)}
    page.tab.press("2")
    page.settled()
    ground = page.area(".matrix .ground")
    cell = ground["width"] / len(modules)

    for dependency in removed_by(plan):
        edge = plan.component.dependencies[dependency]
        assert rows[edge.importer] < rows[edge.imported], "cuts lie above the diagonal"
        x = ground["left"] + (rows[edge.imported] + 0.5) * cell
        y = ground["top"] + (rows[edge.importer] + 0.5) * cell
        page.tab.click_at(x, y)
        assert page.shown("#details h2")[0].startswith(edge.importer.removeprefix("ee.hogai."))
        page.tab.press("Enter")
    assert page.text("#sentence") == SOLVED


def components_without(component: Component, made: set[tuple[str, str]]) -> set[frozenset[str]]:
    """The components once some (importer, module named) are cut, by networkx."""
    graph = nx.DiGraph()
    for edge in component.dependencies:
        if any((found.importer, found.imported) not in made for found in edge.imports):
            graph.add_edge(edge.importer, edge.imported)
    return {frozenset(part) for part in nx.strongly_connected_components(graph) if len(part) > 1}


@needs_browser
@pytest.mark.parametrize(("seed", "by"), [(1, ()), (2, ()), (3, "package")])
def test_any_cuts_leave_the_components_that_networkx_finds(page, analysed, seed, by):
    dice = random.Random(seed)
    packages = "abcdefg" if by else "abc"
    names = [f"p.{package}.m{number}" for package in packages for number in range(2 if by else 6)]
    modules = {name: dice.sample(names, 2) for name in names}
    files = {
        f"{name.replace('.', '/')}.py": "".join(f"import {other}\n" for other in found)
        for name, found in modules.items()
    }
    inits = {f"p/{package}/__init__.py": f"from p.{package}.m0 import x\n" for package in packages}
    plans = page.show(analysed({"p/__init__.py": "", **inits, **files}, by=by))
    component, cuts = plans[0].component, plans[0].ranking.cuts
    page.tab.press("3")
    made: set[tuple[str, str]] = set()

    for _ in range(25):
        number = dice.randrange(len(cuts))
        made ^= {(cuts[number].importer, cuts[number].imported)}
        page.tab.click(f'#ranked button.cut[data-cut="{number}"]')
        page.tab.press("1")
        drawn = page.tab.ask(
            "[...document.querySelectorAll('.box')].map(one => [one.dataset.component, one.querySelector('title').textContent])"
        )
        found = {
            place: frozenset(name for other, name in drawn if other == place) for place, _ in drawn if place != "-1"
        }
        assert set(found.values()) == components_without(component, made)
        page.tab.press("3")


@needs_browser
def test_choosing_an_import_shows_where_it_stands_and_a_shortest_cycle(page):
    (plan,) = page.show(sample("shop"))
    (step,) = plan.steps

    page.tab.click(f'.line[data-dependency="{removed_by(plan)[0]}"]')
    chain = page.shown("#details .chain li")
    assert page.shown("#details .pair") == [f"{step.importer[5:]} → {step.imported[5:]}"]
    assert page.shown("#details .place") == ["shop/customers/loyalty.py:7"]
    assert chain[0].endswith("#1")
    graph = nx.DiGraph((found.importer, found.imported) for found in plan.component.dependencies)
    assert len(chain) == 1 + nx.shortest_path_length(graph, step.imported, step.importer)
    assert page.text("#details .preview") == "Cut now, it frees 9 modules and leaves no cycle."
    assert page.tab.ask("document.querySelectorAll('.line.marked').length") >= len(chain)


@needs_browser
def test_every_cause_of_a_dependency_is_listed_and_can_be_cut_singly(page, analysed):
    analysis = analysed(
        {
            "p/__init__.py": "",
            "p/a.py": "import p.b.x\nimport p.b.y\n",
            "p/b/__init__.py": "import p.a\n",
            "p/b/x.py": "",
            "p/b/y.py": "",
        }
    )
    (plan,) = page.show(analysis)
    pairs = [(edge.importer, edge.imported) for edge in plan.component.dependencies]
    line = f'.line[data-dependency="{pairs.index(("p.a", "p.b"))}"]'

    page.tab.click(line)
    assert page.shown("#details .pair") == ["a → b.x", "a → b.y"]
    page.tab.double_click(line)
    page.settled()
    assert page.shown("#details button.cut") == ["Restore", "Restore"]
    assert page.counters()["modules"] == 0
    page.tab.click("#details button.cut")
    assert page.counters()["modules"] == 2
    page.tab.double_click(line)
    assert page.counters()["modules"] == 0
    page.tab.press("Enter")
    assert page.shown("#details button.cut") == ["Cut", "Cut"]


@needs_browser
def test_cuts_can_be_undone_and_made_again_by_buttons_and_keys(page):
    page.show(sample("agent_core"))
    trail = []

    for act in ("n", "n", "u", "r", "p", "u", "u", "x", "u"):
        page.tab.press(act)
        trail.append(page.counters()["modules"])
    assert trail == [32, 22, 32, 22, 0, 22, 32, 37, 32]
    for button, left in (("next", 22), ("whole", 0), ("undo", 22), ("redo", 0), ("reset", 37)):
        page.tab.click(f"#{button}")
        assert page.counters()["modules"] == left


@needs_browser
def test_filters_hide_imports_and_sub_packages_but_cut_nothing(page):
    (plan,) = page.show(sample("agent_core"))
    lines = "document.querySelectorAll('.line:not(.hidden)[data-bundle]').length"
    everything = page.tab.ask(lines)

    page.tab.click('[data-look="runs"]')
    assert 0 < page.tab.ask(lines) < everything
    page.tab.click('[data-look="runs"]')
    page.tab.click("summary")
    page.tab.click('[data-group="0"]')
    (group,) = page.shown('label:has([data-group="0"])')
    hidden = page.tab.ask("[...document.querySelectorAll('.box.hidden title')].map(one => one.textContent)")
    assert hidden
    assert group == f"chat_agent ({len(hidden)})"
    assert all(module.startswith("ee.hogai.chat_agent") for module in hidden)
    assert page.counters()["modules"] == len(plan.component.modules)
    page.tab.press("a")
    page.tab.click('[data-group="0"]')
    assert page.tab.ask(lines) == len(plan.component.dependencies)


@needs_browser
def test_hostile_names_and_lines_are_text_and_nothing_else(page):
    (plan,) = page.show(hostile_analysis())
    for key in ("a", "n", "3", "2", "1", "v", "v", "ArrowRight", "p"):
        page.tab.press(key)
        assert page.tab.ask("window.hacked") is None
    shown = page.tab.ask("document.body.innerText")

    assert page.text("#sentence") == "No cycle left."
    assert len(page.shown(".box")) == len(plan.component.modules)
    assert "</script><script>window.hacked=1" in page.tab.ask("document.getElementById('plan').textContent")
    for character in "\x1b\u202e\u2066\x00\u2028":
        assert character not in shown
    assert page.tab.ask("document.querySelectorAll('script').length") == 2
    page.settled()


@needs_browser
def test_the_policy_stops_what_was_put_into_the_page(page):
    page.show(sample("shop"))
    text = page.file.read_text(encoding="utf-8")
    put_in = (
        "<script>window.hacked=1</script><img src='http://example.invalid/x.png' onerror='window.hacked=1'>"
        "<p onclick='window.hacked=1' style='color:red' id='victim'>x</p><link rel=stylesheet href='http://example.invalid/x.css'>"
    )
    page.file.write_text(text.replace("</body>", f"{put_in}</body>"), encoding="utf-8")
    page.open()
    page.tab.click("#victim")
    page.tab.ask("fetch('http://example.invalid/').catch(() => 0)")
    refused = [event["params"]["entry"]["text"] for event in page.tab.events if event["method"] == "Log.entryAdded"]
    events = [(event["method"], event["params"]) for event in page.tab.events]
    asked = {
        found["requestId"]
        for method, found in events
        if method == "Network.requestWillBeSent" and found["request"]["url"].startswith("http")
    }
    blocked = {
        found["requestId"]
        for method, found in events
        if method == "Network.loadingFailed" and found.get("blockedReason") == "csp"
    }
    page.tab.events.clear()

    assert page.tab.ask("window.hacked") is None
    assert page.tab.ask("getComputedStyle(document.getElementById('victim')).color") != "rgb(255, 0, 0)"
    for what in ("inline script", "inline event handler", "inline style", "the image", "Connecting"):
        assert any(what in line and "Content Security Policy" in line for line in refused), what
    assert asked <= blocked


@needs_browser
def test_a_package_without_cycles_says_so(page, analysed):
    page.show(analysed({"p/__init__.py": "", "p/a.py": ""}))

    assert page.text("#none") == "p: no import cycles"
    assert page.shown("#page") == []


@needs_browser
def test_it_begins_with_what_was_asked_for_and_links_to_the_code(page):
    analysis = sample("shop")
    drawn = scenes(analysis, "https://example.org/{path}#L{line}")
    text = as_page(analysis, drawn, DrawOptions(View.MATRIX, all_imports=True))
    page.file.write_text(text, encoding="utf-8")
    page.open()

    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]
    page.tab.press("1")
    assert page.tab.ask("document.getElementById('all').getAttribute('aria-pressed')") == "true"
    links = page.tab.ask("[...document.querySelectorAll('#plan a')].map(one => [one.textContent, one.href, one.rel])")
    assert links == [
        ["shop/customers/loyalty.py:7", "https://example.org/shop/customers/loyalty.py#L7", "noopener noreferrer"]
    ]


@needs_browser
def test_what_is_freed_folds_away_and_the_rest_fills_the_room(page):
    (plan,) = page.show(sample("agent_core"))
    whole = page.boxes()

    page.tab.press("n")
    page.tab.press("n")
    rest = page.boxes()
    assert len(whole) - len(rest) == len(whole) - plan.steps[1].modules_left == 15
    assert page.shown("#free") == ["Show 15 free modules"]
    room = page.area("#graph")
    for box in rest:
        found = page.tab.ask(
            f"[...document.querySelectorAll('.box')].find(one => one.querySelector('title').textContent === {box!r}).getBoundingClientRect().toJSON()"
        )
        assert room["left"] <= found["left"] <= found["right"] <= room["right"]
        assert room["top"] <= found["top"] <= found["bottom"] <= room["bottom"]
    width = max(x + width for x, _, width, _ in rest.values())
    assert width < max(x + width for x, _, width, _ in whole.values())
    page.tab.click("#free")
    assert page.boxes() == whole
    assert page.tab.ask("document.querySelectorAll('.box.free').length") == 15
    page.tab.press("o")
    assert page.boxes() == rest


@needs_browser
@pytest.mark.parametrize("unfolded", [False, True])
def test_closing_up_keeps_boxes_apart_and_in_their_order(page, unfolded):
    page.show(many_modules(60))
    if unfolded:
        page.tab.press("o")
    before = page.boxes()

    while page.counters()["rest"]:
        page.tab.press("n")
        boxes = page.boxes()
        for one, (x, y, width, height) in boxes.items():
            for other, (across, down, wide, high) in boxes.items():
                if one < other:
                    assert x + width <= across or across + wide <= x or y + height <= down or down + high <= y
                    if page.counters()["modules"]:
                        assert (y < down) == (before[one][1] < before[other][1])


@needs_browser
def test_in_the_end_the_layers_stand_in_full_colour_and_all_points_down(page):
    (plan,) = page.show(sample("agent_core"))
    page.tab.press("p")
    boxes = page.boxes()
    lines = page.tab.ask(
        "[...document.querySelectorAll('.line[data-dependency]:not(.hidden)')].map(one => [Number(one.dataset.dependency), one.getAttribute('class')])"
    )

    assert len(boxes) == len(plan.component.modules)
    assert (
        page.tab.ask("document.querySelectorAll('.box.free, .graph .line.idle, .graph .line.gone:not(.hidden)').length")
        == 0
    )
    cut = {edge for cut in plan.cuts for edge in cut.removes}
    for number, _ in lines:
        edge = plan.component.dependencies[number]
        assert boxes[edge.importer][1] + boxes[edge.importer][3] <= boxes[edge.imported][1], edge
    assert {number for number, _ in lines}.isdisjoint(removed_by(plan))
    assert len(lines) > len(cut)
    page.tab.press("u")
    assert page.text("#sentence") != SOLVED


@needs_browser
def test_packages_can_be_looked_into(page):
    page.show(sample("agent_core"))
    page.tab.press("v")
    packages = page.boxes()

    assert "ee.hogai.chat_agent: 16 modules" in packages
    place = list(packages).index("ee.hogai.chat_agent: 16 modules")
    page.tab.click(f'[data-box="{place}"]')
    assert page.shown("#details h2") == ["ee.hogai.chat_agent: 16 modules"]
    assert page.boxes() == packages, "a click only chooses"
    page.tab.click('[data-do="enter"][data-value="ee.hogai.chat_agent"]')
    inside = page.boxes()
    assert "ee.hogai.chat_agent.insights_graph: 4 modules" in inside
    assert page.shown("#crumbs li") == ["ee.hogai", "chat_agent"]
    page.tab.press("p")
    assert page.text("#sentence") == SOLVED
    page.tab.press("b")
    assert page.boxes() == packages
    page.tab.double_click(f'[data-box="{place}"]')
    assert page.boxes() == inside


@needs_browser
def test_an_import_of_the_plan_is_shown_in_the_package_that_shows_it(page):
    (plan,) = page.show(sample("agent_core"))
    page.tab.press("v")

    for number in range(len(plan.steps)):
        page.tab.click(f"#plan .row:nth-child({number + 1}) .pair")
        assert page.tab.ask("document.querySelectorAll('.graph .line.chosen:not(.hidden)').length") == 1


@needs_browser
def test_five_hundred_modules_are_shown_by_their_packages(page):
    (plan,) = page.show(many_modules(500))

    assert len(plan.component.modules) == 500
    assert len(page.boxes()) == 20
    assert page.shown("#view") == []
    page.tab.double_click('[data-box="3"]')
    assert len(page.boxes()) > 25
    page.tab.press("2")
    room, ground = page.area("#matrix"), page.area(".matrix .ground")
    assert room["top"] <= ground["top"] <= ground["bottom"] <= room["bottom"]
    assert room["left"] <= ground["left"] <= ground["right"] <= room["right"]


@needs_browser
def test_more_modules_side_by_side_are_left_to_the_matrix(page):
    page.show(many_modules(400, packages=0))

    assert page.shown("[role=tab]") == ["Matrix", "Imports"]
    assert page.text("#notice") == (
        "There is no picture: 400 modules side by side are too many for one. The matrix and the list of imports show all."
    )
    page.tab.press("n")
    assert page.counters()["rest"] == page.tab.ask("document.querySelectorAll('#plan .row').length") - 1


@needs_browser
def test_a_long_list_is_whole_and_a_cut_leaves_its_rows(page):
    (plan,) = page.show(many_modules(500))
    page.tab.press("3")

    rows = page.tab.ask("document.querySelectorAll('#ranked .row').length")
    assert rows == len(plan.ranking.cuts) > 1500
    page.tab.ask("window.rows = [...document.querySelectorAll('#ranked .row')]")
    page.tab.press("n")
    page.tab.click("#ranked .row:last-child .cut")
    assert page.tab.ask("[...document.querySelectorAll('#ranked .row')].every((row, at) => row === window.rows[at])")
    assert page.shown("#ranked .row:last-child .cut") == ["Restore"]
    room, last = page.area("#panel-imports"), page.area("#ranked .row:last-child")
    assert room["top"] <= last["top"] <= last["bottom"] <= room["bottom"] + 1


@needs_browser
def test_the_search_shortens_the_list_of_imports(page):
    (plan,) = page.show(sample("agent_core"))
    page.tab.press("3")
    page.tab.press("/")
    for letter in "planner":
        page.tab.press(letter)

    wanted = [cut for cut in plan.ranking.cuts if "planner" in f"{cut.importer} {cut.imported}"]
    assert len(page.shown("#ranked .row")) == len(wanted) > 0


@needs_browser
def test_the_plan_is_scrolled_to_the_next_step_and_the_page_is_not(page):
    page.tab.size(390, 844)
    page.show(sample("agent_core"))

    for number in range(2, 6):
        page.tab.press("n")
        room, row = page.area("#plan"), page.area(f"#plan .row:nth-child({number})")
        assert room["top"] - 1 <= row["top"] < room["bottom"]
    assert page.tab.ask("scrollY") == 0


@needs_browser
def test_what_crashes_when_imported_first_is_said_as_long_as_the_plan_is_followed(page):
    page.show(sample("agent_core"), with_fixes=True)
    crashing = []

    assert page.counters()["crashing"] == 35
    assert "crashes when imported first" in page.text(".crash-words")
    for _ in range(5):
        page.tab.press("n")
        crashing.append(page.counters()["crashing"])
        page.tab.press("o")
        assert page.tab.ask("document.querySelectorAll('.box.crashing').length") == crashing[-1]
        page.tab.press("o")
    assert crashing == [30, 14, 14, 5, 0]
    page.tab.press("x")
    page.tab.click("#plan .row:nth-child(3) .cut")
    assert "crashing" not in page.counters(), "nobody has looked at that"
    assert page.shown(".crash-words") == []
