"""The HTML page in a browser, as tests use it."""

import json
from pathlib import Path

import pytest

import golden
from browser import Tab, find_program
from cycles.api import analyze, plan_all
from cycles.model import Analysis, CutPlan
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page import as_page
from cycles.render.layout_program import find_engine
from cycles.render.scene import scene_of
from pictures import scenes

needs_browser = pytest.mark.skipif(
    find_program() is None, reason="NO BROWSER: the HTML page is not tested; `make browser` installs Chromium"
)
SOLVED = "No cycle left."


class Page:
    """A page of our own in the browser; nobody may have complained and nothing may have left it in the end."""

    def __init__(self, tab: Tab, folder: Path) -> None:
        self.tab, self.file = tab, folder / "page.html"

    def show(self, analysis: Analysis, *, laid_out: bool = True, with_fixes: bool = False) -> tuple[CutPlan, ...]:
        drawn = [scene_of(analysis, plan) for plan in plan_all(analysis.components)] if with_fixes else scenes(analysis)
        engine = find_engine() if laid_out else None
        self.file.write_text(as_page(analysis, drawn, DrawOptions(engine=engine)), encoding="utf-8")
        self.open()
        return tuple(scene.plan for scene in drawn)

    def open(self, address: str = "") -> None:
        self.tab.open(self.file, address)

    def counters(self) -> dict[str, int]:
        found = self.tab.ask(
            "Object.fromEntries([...document.querySelectorAll('[data-counter]')].map(one => [one.dataset.counter, one.textContent]))"
        )
        return {name: int(text.replace(",", "")) for name, text in found.items()}

    def sizes(self) -> list[int]:
        """The sizes of the components that are left."""
        return [int(size) for size in self.tab.ask("document.getElementById('counters').dataset.sizes").split()]

    def text(self, selector: str) -> str:
        return self.tab.ask(f"document.querySelector({json.dumps(selector)}).textContent")

    def shown(self, selector: str) -> list[str]:
        """The texts of all elements that can be seen."""
        script = f"[...document.querySelectorAll({json.dumps(selector)})].filter(one => one.checkVisibility()).map(one => one.textContent)"
        return self.tab.ask(script)

    def boxes(self) -> dict[str, list[float]]:
        """The title of every box that is drawn, and where it is: x, y, width, height."""
        script = (
            "[...document.querySelectorAll('.box:not(.hidden)')].map(one => [one.querySelector('title').textContent, "
            "['x', 'y', 'width', 'height'].map(name => Number(one.querySelector('rect').getAttribute(name)))])"
        )
        return dict(self.tab.ask(script))

    def area(self, selector: str) -> dict[str, float]:
        """Where an element is on the screen: left, top, right, bottom, width, height."""
        return self.tab.ask(f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()")

    def looked(self, selector: str = ".graph") -> str:
        """What part of a drawing is looked at."""
        return self.tab.ask(f"document.querySelector('{selector} > g').getAttribute('transform')")

    def settled(self) -> str:
        """What the address holds after #, once it is up to date."""
        self.tab.ask("new Promise(done => setTimeout(done, 200))")
        return self.tab.ask("location.hash")


def sample(name: str) -> Analysis:
    package, roots = golden.OTHER_ARGUMENTS.get(name, (name, ()))
    return analyze(package, folders=[golden.SAMPLES / name], roots=roots)


def removed_by(plan: CutPlan) -> list[int]:
    """For each step of the plan the dependency that shows it, of those that go with it alone."""
    pairs = {(edge.importer, edge.imported): place for place, edge in enumerate(plan.component.dependencies)}
    cuts = {(cut.importer, cut.imported): cut for cut in plan.ranking.cuts}
    through = plan.ranking.through
    named = [(step.importer, step.imported) for step in plan.steps]
    return [
        min((pairs[gone] for gone in cuts[own].removes), key=lambda place: (place != pairs.get(own), -through[place]))
        for own in named
    ]
