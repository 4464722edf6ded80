"""The HTML page, used in a real browser as a person would: pointed at, clicked, typed into."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

import golden
from browser import Tab, find_program
from cycles.api import analyze
from cycles.cuts import take_apart
from cycles.enums import View
from cycles.model import Analysis, Component, Cutting
from cycles.render.choose_view import DrawOptions
from cycles.render.engine import find_engine
from cycles.render.html_page import as_page
from pages import hostile_analysis, many_modules

needs_browser = pytest.mark.skipif(
    find_program() is None, reason="NO BROWSER: the HTML page is not tested; `make browser` installs Chromium"
)


class Page:
    """A page of our own in the browser; nobody may have complained and nothing may have left it in the end."""

    def __init__(self, tab: Tab, folder: Path) -> None:
        self.tab, self.file = tab, folder / "page.html"

    def show(self, analysis: Analysis, *, laid_out: bool = True, address: str = "") -> tuple[Cutting, ...]:
        cuttings = tuple(take_apart(analysis.components))
        engine = find_engine() if laid_out else None
        self.file.write_text(as_page(analysis, cuttings, DrawOptions(engine=engine)), encoding="utf-8")
        self.open(address)
        return cuttings

    def open(self, address: str = "") -> None:
        self.tab.open(self.file, address)

    def counters(self) -> dict[str, int]:
        found = self.tab.ask(
            "Object.fromEntries([...document.querySelectorAll('[data-counter]')].map(one => [one.dataset.counter, one.textContent]))"
        )
        return {name: int(text.replace(",", "")) for name, text in found.items()}

    def text(self, selector: str) -> str:
        return self.tab.ask(f"document.querySelector({json.dumps(selector)}).textContent")

    def shown(self, selector: str) -> list[str]:
        """The texts of all elements that can be seen."""
        script = f"[...document.querySelectorAll({json.dumps(selector)})].filter(one => one.checkVisibility()).map(one => one.textContent)"
        return self.tab.ask(script)

    def settled(self) -> str:
        """What the address holds after #, once it is up to date."""
        self.tab.ask("new Promise(done => setTimeout(done, 200))")
        return self.tab.ask("location.hash")


@pytest.fixture
def page(chromium: Tab, tmp_path: Path) -> Iterator[Page]:
    chromium.size(1280, 800)
    opened = Page(chromium, tmp_path)
    yield opened
    assert chromium.troubles() == []
    assert set(chromium.requests()) <= {opened.file.as_uri()}


def sample(name: str) -> Analysis:
    package, roots = golden.OTHER_ARGUMENTS.get(name, (name, ()))
    return analyze(package, folders=[golden.SAMPLES / name], roots=roots)


def removed_by(cutting: Cutting) -> list[int]:
    """For each step of the plan a dependency that goes with it alone."""
    pairs = {(edge.importer, edge.imported): place for place, edge in enumerate(cutting.component.dependencies)}
    cuts = {(cut.importer, cut.imported): cut for cut in cutting.ranking.cuts}
    return [pairs[cuts[step.importer, step.imported].removes[0]] for step in cutting.plan]


@needs_browser
@pytest.mark.parametrize("laid_out", [True, False], ids=["engine", "no-engine"])
@pytest.mark.parametrize("name", ["shop", "agent_core"])
def test_clicking_the_cuts_of_the_plan_leaves_what_python_says_and_no_cycle_in_the_end(page, name, laid_out):
    (cutting,) = page.show(sample(name), laid_out=laid_out)
    size = len(cutting.component.modules)
    begin = page.counters()

    assert begin == {"modules": size, "components": 1, "largest": size, "rest": len(cutting.plan)}
    for number, (step, dependency) in enumerate(zip(cutting.plan, removed_by(cutting), strict=True), 1):
        page.tab.click(f'.line[data-dependency="{dependency}"]')
        found = page.counters()
        assert (found["modules"], found["largest"]) == (step.modules_left, step.largest_left)
        assert found["rest"] == len(cutting.plan) - number
    assert page.text("#sentence") == "No cycle left."
    assert page.tab.ask("document.querySelectorAll('.box:not(.free)').length") == 0


@needs_browser
def test_the_matrix_can_be_clicked_as_well(page):
    (cutting,) = page.show(sample("agent_core"))
    page.tab.press("2")
    modules = page.tab.ask("[...document.querySelectorAll('.box')].map(one => one.querySelector('title').textContent)")
    rows = {module: len(modules) - 1 - place for place, module in enumerate(modules)}

    for dependency in removed_by(cutting):
        edge = cutting.component.dependencies[dependency]
        left, top, cell, gutter, above = page.tab.ask(
            "(() => { const one = document.querySelector('.matrix'), area = one.getBoundingClientRect();"
            " return [area.left, area.top, ...['cell', 'gutter', 'top'].map(name => Number(one.dataset[name]))]; })()"
        )
        x = left + gutter + (rows[edge.imported] + 0.5) * cell
        y = top + above + (rows[edge.importer] + 0.5) * cell
        assert rows[edge.importer] < rows[edge.imported], "cuts lie above the diagonal"
        page.tab.click_at(x, y)
    assert page.text("#sentence") == "No cycle left."


def components_without(component: Component, made: set[tuple[str, str]]) -> set[frozenset[str]]:
    """The components once some (importer, module named) are cut, by networkx."""
    graph = nx.DiGraph()
    for edge in component.dependencies:
        if any((found.importer, found.imported) not in made for found in edge.imports):
            graph.add_edge(edge.importer, edge.imported)
    return {frozenset(part) for part in nx.strongly_connected_components(graph) if len(part) > 1}


@needs_browser
@pytest.mark.parametrize("seed", [1, 2])
def test_any_cuts_leave_the_components_that_networkx_finds(page, analysed, seed):
    dice = random.Random(seed)
    names = [f"p.{package}.m{number}" for package in "abc" for number in range(6)]
    modules = {name: dice.sample(names, 2) for name in names}
    files = {
        f"{name.replace('.', '/')}.py": "".join(f"import {other}\n" for other in found)
        for name, found in modules.items()
    }
    packages = {f"p/{package}/__init__.py": f"from p.{package}.m0 import x\n" for package in "abc"}
    cuttings = page.show(analysed({"p/__init__.py": "", **packages, **files}))
    component, cuts = cuttings[0].component, cuttings[0].ranking.cuts
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
def test_pointing_at_an_import_shows_where_it_stands_and_a_shortest_cycle(page):
    (cutting,) = page.show(sample("shop"))
    (step,) = cutting.plan

    page.tab.hover(f'.line[data-dependency="{removed_by(cutting)[0]}"]')
    chain = page.shown("#details .chain li")
    assert page.shown("#details .pair") == [f"{step.importer[5:]} → {step.imported[5:]}"]
    assert page.shown("#details .place") == ["shop/customers/loyalty.py:7"]
    assert chain[0].endswith("#1")
    assert len(chain) == len(cutting.component.shortest_cycle)
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
    (cutting,) = page.show(analysis)
    pairs = [(edge.importer, edge.imported) for edge in cutting.component.dependencies]
    line = f'.line[data-dependency="{pairs.index(("p.a", "p.b"))}"]'

    page.tab.hover(line)
    assert page.shown("#details .pair") == ["a → b.x", "a → b.y"]
    page.tab.click(line)
    assert page.shown("#details button.cut") == ["Restore", "Restore"]
    assert page.counters()["modules"] == 0
    page.tab.click("#details button.cut")
    assert page.counters()["modules"] == 2
    page.tab.click(line)
    assert page.counters()["modules"] == 0
    page.tab.click(line)
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
def test_what_is_seen_is_in_the_address_and_seen_again_when_it_is_opened(page):
    page.show(sample("agent_core"))
    for act in ("n", "n", "2", "t", "t"):
        page.tab.press(act)
    page.tab.click('[data-look="runs"]')
    page.tab.click("#plan tr:nth-child(4) .pair")
    before = [page.text(f"#{name}") for name in ("counters", "sentence", "trail", "details", "plan", "theme")]
    address = page.settled()

    page.open(address)
    assert [page.text(f"#{name}") for name in ("counters", "sentence", "trail", "details", "plan", "theme")] == before
    assert page.tab.ask("document.querySelector('[data-look=runs]').checked") is False
    assert page.shown("[role=tabpanel]") == page.shown("#panel-matrix")
    assert page.settled() == address


@needs_browser
@pytest.mark.parametrize(
    "address",
    [
        "#%",
        "#v=00000000&cut1=0.1.2",
        "#tab=constructor&view=__proto__&theme=toString&hide=hasOwnProperty.__proto__",
        "#n=999999999999&cut1=-1.1e3.99999999.NaN&in=__proto__&at=d99999",
        "#cut1=" + "1." * 60_000,
        "#in=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&at=<script>",
    ],
    ids=["broken", "other-page", "prototype", "numbers", "long", "markup"],
)
def test_a_hostile_address_does_no_harm(page, address):
    (cutting,) = page.show(sample("shop"))
    version = re.search(r'"version":"(\w+)"', page.file.read_text(encoding="utf-8"))[1]

    page.open(address if "v=" in address else f"{address}&v={version}")
    assert page.counters()["modules"] in {len(cutting.component.modules), 0}
    page.tab.press("p")
    assert page.text("#sentence") == "No cycle left."


@needs_browser
def test_filters_hide_imports_and_sub_packages_but_cut_nothing(page):
    (cutting,) = page.show(sample("agent_core"))
    lines = "document.querySelectorAll('.line:not(.hidden)[data-bundle]').length"
    everything = page.tab.ask(lines)

    page.tab.click('[data-look="runs"]')
    assert 0 < page.tab.ask(lines) < everything
    page.tab.click('[data-look="runs"]')
    page.tab.click("summary")
    page.tab.click('[data-group="0"]')
    hidden = page.tab.ask("[...document.querySelectorAll('.box.hidden title')].map(one => one.textContent)")
    assert hidden
    assert all(module.startswith("ee.hogai.chat_agent") for module in hidden)
    assert page.counters()["modules"] == len(cutting.component.modules)
    page.tab.press("a")
    page.tab.click('[data-group="0"]')
    assert page.tab.ask(lines) == len(cutting.component.dependencies)


@needs_browser
def test_search_marks_what_it_finds_and_goes_from_one_to_the_next(page):
    page.show(sample("agent_core"))
    page.tab.press("/")
    for letter in "state":
        page.tab.press(letter)

    found = page.tab.ask("[...document.querySelectorAll('.box.found title')].map(one => one.textContent)")
    assert sorted(found) == ["ee.hogai.chat_agent.state", "ee.hogai.research_agent.state"]
    assert page.text("#matches") == "2 matches"
    page.tab.press("Enter")
    first = page.text("#details h3")
    page.tab.press("Enter")
    assert sorted([first, page.text("#details h3")]) == sorted(found)
    assert page.text("#matches") == "2 of 2 matches"


@needs_browser
def test_all_can_be_done_with_keys(page):
    page.show(sample("shop"))

    page.tab.press("?")
    assert page.shown("#help h2") == ["Keys"]
    page.tab.press("Escape")
    assert page.shown("#help h2") == []
    page.tab.press("ArrowRight")
    assert page.tab.ask("document.activeElement.dataset.dependency") is not None
    page.tab.press("Enter")
    assert page.text("#sentence") == "No cycle left."
    page.tab.press("Escape")
    assert page.shown("#details .hint")
    before = page.tab.ask("document.querySelector('.graph > g').getAttribute('transform')")
    page.tab.press("+")
    page.tab.press("l")
    assert page.tab.ask("document.querySelector('.graph > g').getAttribute('transform')") != before
    page.tab.press("f")
    assert page.tab.ask("document.querySelector('.graph > g').getAttribute('transform')") == before


@needs_browser
def test_packages_can_be_looked_into(page):
    page.show(sample("agent_core"))
    page.tab.press("v")
    packages = page.shown(".box > text")

    assert "chat_agent · 16" in packages
    place = packages.index("chat_agent · 16")
    page.tab.click(f'[data-box="{place}"] > text')
    assert "insights_graph · 4" in page.shown(".box > text")
    assert page.shown("#crumbs li") == ["ee.hogai", "chat_agent"]
    page.tab.press("p")
    assert page.text("#sentence") == "No cycle left."
    page.tab.press("b")
    assert page.shown(".box > text") == packages


@needs_browser
def test_five_hundred_modules_begin_with_their_packages(page):
    (cutting,) = page.show(many_modules(500))

    assert len(cutting.component.modules) == 500
    assert len(page.shown(".box")) == 20
    assert page.shown("#view") == ["Show modules"]
    page.tab.click("#view")
    assert page.tab.ask("document.querySelectorAll('.box').length") == 500
    page.tab.press("p")
    assert page.text("#sentence") == "No cycle left."
    page.tab.press("2")
    assert page.tab.ask("Number(document.querySelector('.matrix').dataset.cell)") >= 1


@needs_browser
def test_more_modules_stay_with_packages_and_say_so(page):
    page.show(many_modules(600))

    assert page.text("#notice").startswith(
        "600 modules are too many for one picture of modules: these are their packages"
    )
    assert page.shown("#view") == []
    page.tab.press("v")
    assert len(page.shown(".box")) == 24


@needs_browser
def test_more_modules_in_no_package_are_left_to_the_matrix(page):
    page.show(many_modules(600, packages=0))

    assert (
        page.text("#notice")
        == "600 modules and packages side by side are too many for a picture: the matrix and the list of imports show them."
    )
    page.tab.press("n")
    assert page.counters()["rest"] == page.tab.ask("document.querySelectorAll('#plan tr').length") - 1


@needs_browser
def test_hostile_names_and_lines_are_text_and_nothing_else(page):
    (cutting,) = page.show(hostile_analysis())
    for key in ("a", "n", "3", "2", "1", "v", "v", "ArrowRight", "p"):
        page.tab.press(key)
        assert page.tab.ask("window.hacked") is None
    shown = page.tab.ask("document.body.innerText")

    assert page.text("#sentence") == "No cycle left."
    assert len(page.shown(".box")) == len(cutting.component.modules)
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
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_it_fits_the_screen(page, width, dark):
    page.tab.size(width, 800, dark=dark)
    page.show(sample("agent_core"))

    assert page.tab.ask("document.documentElement.scrollWidth") <= width
    paper = page.tab.ask("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")


@needs_browser
def test_a_package_without_cycles_says_so(page, analysed):
    page.show(analysed({"p/__init__.py": "", "p/a.py": ""}))

    assert page.text("#none") == "p: no import cycles"
    assert page.shown("#page") == []


@needs_browser
def test_without_an_engine_every_import_that_stays_points_down(page):
    (cutting,) = page.show(sample("agent_core"), laid_out=False)
    page.tab.press("a")
    high = dict(
        page.tab.ask(
            "[...document.querySelectorAll('.box')].map(one => [one.querySelector('title').textContent, Number(one.querySelector('rect').getAttribute('y'))])"
        )
    )
    planned = {
        edge
        for step in cutting.plan
        for cut in cutting.ranking.cuts
        if (cut.importer, cut.imported) == (step.importer, step.imported)
        for edge in cut.removes
    }

    for edge in cutting.component.dependencies:
        if (edge.importer, edge.imported) not in planned:
            assert high[edge.importer] < high[edge.imported], edge


@needs_browser
def test_arrows_turn_tabs_and_the_skip_link_leaves_the_cuts(page):
    page.show(sample("agent_core"))
    page.tab.press("n")

    page.tab.ask("document.getElementById('tab-graph').focus()")
    page.tab.press("ArrowRight")
    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]
    page.tab.ask("document.getElementById('skip').focus()")
    page.tab.press("Enter")
    assert page.tab.ask("document.activeElement.id") == "details"
    assert page.counters()["modules"] == 32
    assert "cut1=" in page.settled()


@needs_browser
def test_it_begins_with_what_was_asked_for_and_links_to_the_code(page):
    analysis = sample("shop")
    cuttings = tuple(take_apart(analysis.components))
    template = "https://example.org/{path}#L{line}"
    text = as_page(analysis, cuttings, DrawOptions(View.MATRIX, all_imports=True), url_template=template)
    page.file.write_text(text, encoding="utf-8")
    page.open()

    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]
    page.tab.press("1")
    assert page.tab.ask("document.getElementById('all').getAttribute('aria-pressed')") == "true"
    links = page.tab.ask("[...document.querySelectorAll('#plan a')].map(one => [one.textContent, one.href, one.rel])")
    assert links == [
        ["shop/customers/loyalty.py:7", "https://example.org/shop/customers/loyalty.py#L7", "noopener noreferrer"]
    ]
