"""`cycles draw --startup`: the tree of what holds what, read from the SVG and the Markdown that are written."""

import random
from dataclasses import replace
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from conftest import write_files
from cycles.render.startup_diagram import holding_markdown, holding_svg
from cycles.render.style import OTHERS, PALETTE
from cycles.startup.holders import Held, held_tree
from cycles.startup.startup_values import EntryKind, LoadEdge, PaidModule, Unfollowed
from inside import cycles
from picture_measures import SVG, area, measures
from started import Started
from test_diagrams import contrast
from test_draw import on_a_terminal
from test_startup import SHOP

OWN, OTHER = PALETTE[:2]
VERDICT = "importing shop.main loads 6 of 8 own modules and 3 other distributions (379 B of source); report holds heavy"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return Started(tmp_path_factory.mktemp("shop"), SHOP, "shop.main").report


def held_by(tree) -> dict[str, str]:
    return {node.name: tree[node.holder].name if node.holder >= 0 else "" for node in tree}


def nodes(svg: str) -> dict[str, ET.Element]:
    """The boxes of a picture by the first lines of their tooltips."""
    found = [group for group in ET.fromstring(svg).iter(f"{SVG}g") if group.get("class") == "node"]
    return {group.findtext(f"{SVG}title").splitlines()[0]: group for group in found}


def box(group: ET.Element) -> ET.Element:
    return next(rect for rect in group.iter(f"{SVG}rect") if rect.get("class") == "box")


def shown(group: ET.Element) -> list[str]:
    return [text.text for text in group.iter(f"{SVG}text")]


def of(shop, sizes: dict[str, int], edges: list[tuple[str, str]], others: dict[str, str] | None = None, **changes):
    """A report of made up modules; `others` are those of distributions."""
    others = others or {}
    modules = [
        PaidModule(name, own=name not in others, distribution=others.get(name, ""), path="", size=size, certain=True)
        for name, size in sizes.items()
    ]
    row = shop.distributions[0]
    rows = [replace(row, name=name) for name in sorted({*others.values()})]
    return replace(
        shop,
        modules=tuple(modules),
        edges=tuple(LoadEdge(importer, imported, imported, None) for importer, imported in edges),
        distributions=tuple(rows),
        own_modules=len(modules) - len(others),
        **changes,
    )


def flat(shop, count: int, name: str = "shop.m{}"):
    """ENTRY, and many modules that it holds, each smaller than the one before."""
    names = [name.format(number) for number in range(count)]
    sizes = {"shop.main": 10, **{name: 1000 // (place + 1) for place, name in enumerate(names)}}
    return of(shop, sizes, [("", "shop.main"), *(("shop.main", name) for name in names)])


def deep(shop, count: int, name: str = "shop.m{}"):
    """A chain of modules, of which each holds the next."""
    names = ["shop.main", *(name.format(number) for number in range(count))]
    return of(shop, dict.fromkeys(names, 100), list(zip(["", *names], names, strict=False)))


def test_modules_and_distributions_stand_below_what_every_chain_passes(shop):
    tree = held_tree(shop)

    assert held_by(tree) == {
        "shop.main": "",
        "shop": "shop.main",
        "shop.report": "shop.main",
        "heavy": "shop.report",
        "numeric": "heavy",
        "shop.registry": "shop.main",
        "shop.sources": "shop.registry",
        "shop.sources.stripe": "shop.registry",
        "stripe-sdk": "shop.sources.stripe",
    }
    assert (tree[0].total, tree[0].below) == (379, 8)
    assert {row.name: row.held_by[-1] for row in shop.distributions if row.held_by and not row.behind} == {
        "heavy": "shop.report",
        "stripe-sdk": "shop.sources.stripe",
    }


def test_holders_are_those_without_which_nothing_leads_there(shop):
    choose = random.Random(18)
    for _ in range(60):
        own, parts = [f"m{number}" for number in range(7)], [f"x{number}" for number in range(5)]
        others = {name: choose.choice("AB") for name in parts}
        edges = [("", "m0"), *(tuple(choose.sample([*own, *parts], 2)) for _ in range(16))]
        graph = nx.DiGraph(edges)
        reached = nx.descendants(graph, "")
        report = of(
            shop,
            {name: choose.randrange(50) for name in sorted(reached)},
            edges,
            {name: others[name] for name in parts if name in reached},
            entry=replace(shop.entry, module="m0", text="m0"),
        )

        tree = held_tree(report)

        assert [node.holder < place for place, node in enumerate(tree)] == [True] * len(tree)
        assert tree[0].total == sum(module.size for module in report.modules)
        members = {node.name: {n for n in reached if others.get(n, n) == node.name} for node in tree}
        for place, node in enumerate(tree):
            for above in tree[1:]:
                without = graph.subgraph(set(graph) - members[above.name])
                holds = not members[node.name] & nx.descendants(without, "")
                if is_above(tree, place, above):
                    assert holds
                elif above.own:
                    assert not holds or above is node


def test_what_stands_on_the_way_and_is_not_listed_holds_nothing(shop):
    report = of(shop, {"shop.main": 1, "a": 2}, [("", "shop.main"), ("shop.main", "left_out"), ("left_out", "a")])

    assert held_by(held_tree(report)) == {"shop.main": "", "a": "shop.main"}


def test_a_module_by_way_of_a_part_of_a_distribution_is_held_by_the_module_that_asks_for_that_part(shop):
    edges = [("", "shop.main"), ("shop.main", "a"), ("shop.main", "x.one"), ("a", "x.two"), ("x.two", "b")]
    report = of(shop, {"shop.main": 1, "a": 2, "x.one": 3, "x.two": 4, "b": 5}, edges, {"x.one": "x", "x.two": "x"})

    assert held_by(held_tree(report)) == {"shop.main": "", "a": "shop.main", "x": "shop.main", "b": "a"}


def is_above(tree, place: int, above: Held) -> bool:
    while place > 0:
        place = tree[place].holder
        if tree[place] is above:
            return True
    return False


def test_the_picture_says_what_is_loaded_what_holds_it_and_that_sizes_are_bytes(shop):
    root = ET.fromstring(holding_svg(shop, held_tree(shop)))

    assert root.findtext(f"{SVG}title") == VERDICT
    assert root.get("role") == "img"
    words = root.findtext(f"{SVG}desc")
    assert "Sizes are bytes of source: nothing was executed, so there are no seconds here." in words
    assert "heavy, 39 B, held by shop.report" in words


def test_areas_are_sizes_and_what_is_held_stands_to_the_right_within_its_holder(shop):
    report = flat(shop, 4)
    tree = held_tree(report)

    found = {name: area(box(group)) for name, group in nodes(holding_svg(report, tree)).items()}

    x, y, width, height = found["shop.main"]
    assert all(found[node.name][0] > x + width for node in tree[1:])
    assert all(
        y <= found[node.name][1] and found[node.name][1] + found[node.name][3] <= y + height for node in tree[1:]
    )
    assert [round((found[node.name][3] + 1.5) / (height + 1.5) * tree[0].total) for node in tree] == [
        node.total for node in tree
    ]


def test_own_modules_and_distributions_differ_in_colour_and_by_a_mark(shop):
    report = of(shop, {"shop.main": 50, "x": 50}, [("", "shop.main"), ("shop.main", "x")], {"x": "heavy"})

    found = nodes(holding_svg(report, held_tree(report)))

    marks = {name: [rect.get("class") for rect in group.iter(f"{SVG}rect")] for name, group in found.items()}
    assert marks == {"shop.main": ["box"], "heavy": ["box", "on-color"]}
    assert {name: box(group).get("fill") for name, group in found.items()} == {"shop.main": OWN, "heavy": OTHER}
    assert contrast("#1F2328", OTHER) >= 4.5


@pytest.mark.parametrize("make", [flat, deep])
@pytest.mark.parametrize(
    "name", ["shop.m{}", "shop.{}_a_module_with_a_name_of_very_many_letters_indeed", "W" * 300 + "{}"]
)
@pytest.mark.parametrize("count", [0, 3, 30, 800])
def test_names_can_be_read_in_a_readme_and_stay_within_their_boxes(shop, make, name, count):
    report = make(shop, count, name)

    svg = holding_svg(report, held_tree(report))

    assert measures(svg).names >= 8
    assert measures(svg).outside == []
    for group in nodes(svg).values():
        x, y, width, height = area(box(group))
        for text in group.iter(f"{SVG}text"):
            assert float(text.get("x")) + float(text.get("textLength")) <= x + width
            assert y < float(text.get("y")) - 7
            assert float(text.get("y")) < y + height
    assert len(svg) < 100_000


def test_what_is_too_small_is_counted_in_one_box(shop):
    report = flat(shop, 100)

    found = nodes(holding_svg(report, held_tree(report)))

    (rest,) = (group for name, group in found.items() if name.endswith("too small to be named here"))
    assert box(rest).get("fill") == OTHERS
    count = 101 - (len(found) - 1)
    assert shown(rest)[-1] == f"{count} more"
    assert shown(rest)[0].endswith("kB")


def test_what_is_too_small_is_counted_by_the_innermost_package_that_is_large_enough(shop):
    sizes = {
        "shop.main": 1000,
        **{f"shop.core.{name}.m{number}": 40 for name in ("orders", "prices") for number in range(20)},
        **{f"shop.core.tiny{number}.m": 4 for number in range(30)},
        **{f"shop.m{number}": 20 for number in range(30)},
    }
    report = of(shop, sizes, [("", "shop.main"), *(("shop.main", name) for name in sizes if name != "shop.main")])

    found = nodes(holding_svg(report, held_tree(report)))

    assert sorted(found, key=lambda name: (name != "shop.main", float(box(found[name]).get("y")))) == [
        "shop.main",
        "core.orders: 20 more, each too small to be named here",
        "core.prices: 20 more, each too small to be named here",
        "core: 30 more, each too small to be named here",
        "30 more, each too small to be named here",
    ]


def test_a_distribution_that_no_module_alone_holds_says_who_imports_it(shop):
    edges = [
        ("", "shop.main"),
        ("shop.main", "shop.a"),
        ("shop.main", "shop.b"),
        ("shop.a", "heavy"),
        ("shop.b", "heavy"),
    ]
    sizes = {"shop.main": 100, "shop.a": 100, "shop.b": 100, "heavy": 200}
    report = of(shop, sizes, edges, {"heavy": "heavy"})
    rows = [replace(row, importers=("shop.a", "shop.b")) for row in report.distributions]
    report = replace(report, distributions=tuple(rows))

    found = nodes(holding_svg(report, held_tree(report)))

    assert shown(found["heavy"]) == ["200 B · 2 modules import it", "heavy"]
    assert found["heavy"].findtext(f"{SVG}title").splitlines()[-1] == "imported by shop.a, shop.b"


def test_what_is_too_deep_is_counted_in_the_last_box(shop):
    report = deep(shop, 20)

    found = nodes(holding_svg(report, held_tree(report)))

    assert list(found) == ["shop.main", *(f"shop.m{number}" for number in range(8))]
    assert shown(found["shop.m7"]) == ["1 kB · holds 12", "m7"]


def test_a_name_of_any_length_leaves_the_others_legible(shop):
    report = replace(deep(shop, 9), entry=replace(shop.entry, text="漢" * 5000))

    svg = holding_svg(report, held_tree(report))

    assert measures(svg).names >= 8
    assert len(svg) < 100_000


def test_nothing_loaded_and_nothing_to_measure_is_a_picture_too(shop):
    report = of(shop, {"shop.main": 0, "shop.a": 0}, [("", "shop.main"), ("shop.main", "shop.a")])

    svg = holding_svg(report, held_tree(report))

    assert list(nodes(svg)) == ["shop.main"]
    assert ET.fromstring(svg).findtext(f"{SVG}title").endswith("and 0 other distributions (0 B of source)")


def test_what_is_only_possible_or_not_known_is_said(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/main.py": "import sys\nif len(sys.argv) > 3:\n    import p.maybe\nimport missing_sdk\n",
        "p/maybe.py": "X = 'some text that makes it large enough to have a box of its own'\n",
    }
    report = Started(tmp_path, files, "p.main").report
    tree = held_tree(report)

    svg = holding_svg(report, tree)

    assert box(nodes(svg)["p.maybe"]).get("stroke-dasharray")
    assert shown(nodes(svg)["p.maybe"])[-1].startswith("maybe ?")
    for text in (svg, holding_markdown(report, tree)):
        assert "1 distribution is not installed here: its size is not known and counts as 0." in text
        assert "is only possible" in text


def test_what_makes_the_tree_less_than_the_truth_is_said(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/main.py": "import p.a\nraise ValueError('no')\n",
        "p/a.py": "",
    }
    doubtful = {"cut_off": True, "unfollowed": (Unfollowed("p/a.py", 1, "a computed name"),)}
    report = replace(Started(tmp_path, files, "p.main").report, **doubtful)
    tree = held_tree(report)

    for text in (ET.fromstring(holding_svg(report, tree)).findtext(f"{SVG}desc"), holding_markdown(report, tree)):
        assert "Importing p.main is predicted to fail at p/main.py:2; what comes after is only possible." in text
        assert "1 place could not be followed: more may be loaded than is shown here." in text
        assert "Not all code was followed to its end" in text


def test_a_title_that_is_too_long_goes_on_in_a_note(shop):
    edges = [("", "shop.main"), ("shop.main", "W" * 40), *(("W" * 40, name) for name in ("a", "b", "c"))]
    report = of(
        shop,
        {"shop.main": 9, "W" * 40: 9, "a": 7, "b": 8, "c": 9},
        edges,
        {name: name.upper() * 30 for name in ("a", "b", "c")},
    )

    root = ET.fromstring(holding_svg(report, held_tree(report)))

    assert root.findtext(f"{SVG}title") == (
        "importing shop.main loads 2 of 2 own modules and 3 other distributions (42 B of source)"
    )
    notes = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "muted"]
    assert notes[0] == f"{'W' * 40} holds {'C' * 30} and 2 more."


@pytest.mark.parametrize(
    ("kind", "begin"),
    [
        (EntryKind.MODULE, "importing shop.main loads"),
        (EntryKind.CALLABLE, "importing and calling shop.main loads"),
        (EntryKind.SCRIPT, "running shop.main loads"),
        (EntryKind.DJANGO, "django.setup() with shop.main loads"),
    ],
)
def test_the_title_says_what_is_started(shop, kind, begin):
    report = replace(shop, entry=replace(shop.entry, kind=kind))

    root = ET.fromstring(holding_svg(report, held_tree(report)))

    assert root.findtext(f"{SVG}title").startswith(begin)


HOSTILE = "<b>&\"']]>`|x`\x1b[31m\u202e\nnew ::error::x @team **"


def test_hostile_names_are_text_and_nothing_else(shop):
    report = of(
        shop,
        {"shop.main": 50, HOSTILE: 90, "x": 90},
        [("", "shop.main"), ("shop.main", HOSTILE), (HOSTILE, "x")],
        {"x": HOSTILE},
        entry=replace(shop.entry, text=HOSTILE),
    )
    tree = held_tree(report)

    svg, document = holding_svg(report, tree), holding_markdown(report, tree)

    assert {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()} == {
        *("svg", "title", "desc", "style", "rect", "text", "g")
    }
    assert not {"\x1b", "\u202e"} & {*svg, *document}
    assert [line.lstrip(" ")[:2] for line in document.splitlines() if "new" in line][1:] == ["- "] * 3
    assert "<b>" not in document.splitlines()[0]


def test_the_list_in_markdown_is_the_tree(shop):
    assert holding_markdown(shop, held_tree(shop)) == (
        """\
**importing shop.main loads 6 of 8 own modules and 3 other distributions (379 B of source); report holds heavy.**

Each is held by what it stands below: without that, it would not be loaded; sizes include what it holds. Sizes are bytes of source: nothing was executed, so there are no seconds here.

- `shop.main` 379 B
  - `registry` 140 B
    - `sources.stripe` 81 B
      - **`stripe-sdk`** (distribution) 21 B
    - `sources` 0 B
  - `report` 92 B
    - **`heavy`** (distribution) 39 B
      - **`numeric`** (distribution) 0 B
  - `shop` 0 B
"""
    )


@pytest.mark.parametrize("make", [flat, deep])
def test_a_long_list_stays_under_the_limit_and_counts_what_it_leaves_out(shop, make):
    report = make(shop, 3000, "W" * 100 + "{}")

    document = holding_markdown(report, held_tree(report))

    items = [line for line in document.splitlines() if line.lstrip(" ").startswith("- ")]
    assert len(document) <= 60_000
    (more,) = (line for line in items if " more, " in line)
    assert len(items) - 1 + int(more.split()[1].replace(",", "")) == 3001


@pytest.fixture(autouse=True)
def environment(tmp_path, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "env"))


def draw(folder, *arguments):
    return cycles(folder, "draw", "--startup", "shop.main", *arguments)


def test_an_environment_and_settings_of_django_are_taken_as_by_cycles_startup(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/settings.py": "INSTALLED_APPS = ['app.shop']\n",
        "app/shop/__init__.py": "",
        "app/shop/models.py": "import heavy\n",
        "env/lib/python3.11/site-packages/django.py": "",
        "env/lib/python3.11/site-packages/heavy.py": "x = 1\n",
        "env/bin/python": "",
    }
    write_files(tmp_path, files)
    words = ("draw", "--startup", "app.settings", "--django", "--python", "env/bin/python")

    drawn = cycles(tmp_path, *words, "--format", "md")
    told, _ = on_a_terminal(*words, folder=tmp_path)

    assert (drawn.returncode, drawn.stdout.partition(";")[0]) == (
        0,
        "**django.setup() with app.settings loads 4 of 4 own modules and 2 other distributions (49 B of source)",
    )
    assert "cycles draw --startup app.settings --django --python env/bin/python -o startup.svg" in " ".join(
        told.split()
    )
    assert "**`heavy`** (distribution) 6 B" in drawn.stdout


@pytest.mark.parametrize("option", [("--django",), ("--python", "x")])
def test_how_to_start_says_nothing_of_cycles(tmp_path, option):
    done = cycles(write_files(tmp_path, {"app/__init__.py": ""}), "draw", "app", *option)

    assert (done.returncode, f"{option[0]} says how to start; add --startup ENTRY" in done.stderr) == (2, True)


def test_the_command_writes_a_file_and_says_so_and_the_bytes_are_the_same(tmp_path):
    write_files(tmp_path, SHOP)

    done = [draw(tmp_path, "-o", name) for name in ("one.svg", "two.svg", "three.md")]

    assert [(finished.stderr, finished.returncode) for finished in done] == [("", 0)] * 3
    assert done[0].stdout == "wrote one.svg  6 own modules, 3 other distributions\n"
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "three.md").read_text(encoding="utf-8").startswith("**importing shop.main loads 6 of 8 own")
    assert draw(tmp_path, "--format", "svg").stdout == (tmp_path / "one.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--by", "package"], "leave out --by"),
        (["--since", "main"], "leave out --since"),
        (["--view", "matrix"], "leave out --view"),
        (["shop", "--moves", "--graph", "all"], "leave out PACKAGE, --graph and --moves"),
        (["-o", "x.html"], "is not drawn as html; end FILE in .svg or .md"),
        (["-o", "x.dot"], "is not drawn as dot; end FILE in .svg or .md"),
        (["-o", "x.mmd"], "is not drawn as mmd; end FILE in .svg or .md"),
        (["--format", "dot"], "is not drawn as dot; end FILE in .svg or .md"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(tmp_path, arguments, sentence):
    write_files(tmp_path, SHOP)

    done = draw(tmp_path, *arguments)

    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 2, 1)
    assert done.stderr.endswith(f"{sentence}\n")


@pytest.mark.posix
def test_a_terminal_gets_no_picture_unless_asked(tmp_path):
    write_files(tmp_path, SHOP)

    shown_there = on_a_terminal("draw", "--startup", "shop.main", "--only", folder=tmp_path)

    command = "cycles draw --startup shop.main --only -o startup.svg"
    assert shown_there == (f"nothing is written yet; name a file:\n  {command}\n", 0)
    assert cycles(tmp_path, *command.split()[1:]).returncode == 0
