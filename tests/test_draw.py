"""`cycles draw` as a user meets it: files, one line for each, exit statuses, the same bytes."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import golden
from conftest import write_files
from cycles.api import analyze
from cycles.cli.draw_output import Wanted, deliver_drawings
from cycles.cli.options import DrawingFormat
from cycles.cuts import plan_cuts
from cycles.enums import GraphName, View
from cycles.render.choose_view import DrawOptions
from cycles.render.layout_program import Engine, find_engine
from picture_measures import labels
from pictures import boxes
from test_cli import CYCLES, SHOP, run

pytestmark = pytest.mark.skipif(find_engine() is None, reason="needs a layout engine")
CORE = golden.SAMPLES / "agent_core"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def ring(size: int) -> dict[str, str]:
    modules = {f"p/m{number}.py": f"import p.m{(number + 1) % size}" for number in range(size)}
    return {"p/__init__.py": "", **modules}


@pytest.mark.parametrize("suffix", ["svg", "dot", "gv", "mmd", "mermaid"])
def test_the_suffix_says_what_is_written(tmp_path, suffix):
    file = tmp_path / f"shop.{suffix}"

    finished = run("draw", "shop", "-o", str(file))

    assert (finished.stderr, finished.returncode) == ("", 0)
    # A chart has no thin lines for what goes with the step of another.
    drawn = 10 if suffix in ("mmd", "mermaid") else 11
    assert finished.stdout == f"wrote {file}  9 modules, {drawn} of 18 imports drawn\n"
    start = {"svg": "<svg ", "dot": "digraph", "gv": "digraph"}.get(suffix, "flowchart TB\n")
    assert file.read_text(encoding="utf-8").startswith(start)
    assert names(tmp_path) == [file.name]


def test_several_components_are_several_files(tmp_path):
    finished = run("draw", "shop", "--graph", "all", "-o", str(tmp_path / "shop.svg"))

    assert finished.stdout.count("wrote ") == 2
    assert names(tmp_path) == ["shop-1.svg", "shop-2.svg"]


def test_a_large_component_gets_a_matrix_beside_its_diagram(tmp_path):
    finished = run("draw", "ee.hogai", "1", "-o", str(tmp_path / "core.svg"), folder=CORE)

    assert finished.stdout == (
        f"wrote {tmp_path}/core.svg  37 modules, 59 of 83 imports drawn\n"
        f"wrote {tmp_path}/core-matrix.svg  37 modules, 83 imports\n"
    )
    assert names(tmp_path) == ["core-matrix.svg", "core.svg"]


@pytest.mark.parametrize("view", ["matrix", "packages"])
def test_a_view_can_be_asked_for(tmp_path, view):
    run("draw", "shop", "--view", view, "-o", str(tmp_path / "shop.svg"))

    text = (tmp_path / "shop.svg").read_text(encoding="utf-8")
    assert ("3 parts" in text, "mark-cut" in text.partition("</style>")[2]) == (
        view == "packages",
        view == "matrix",
    )


def test_a_markdown_document_holds_all_components(tmp_path):
    finished = run("draw", "shop", "--graph", "all", "-o", str(tmp_path / "shop.md"))

    text = (tmp_path / "shop.md").read_text(encoding="utf-8")
    assert finished.stdout == f"wrote {tmp_path}/shop.md  2 components\n"
    assert [text.count(part) for part in ("## Component ", "```mermaid", "| step |")] == [2, 2, 2]


def test_a_markdown_document_refers_to_pictures_where_a_chart_would_be_too_large(tmp_path):
    write_files(tmp_path, ring(40))

    finished = run("draw", "p", "--view", "diagram", "-o", "out (1).md", folder=tmp_path)

    assert finished.stdout.splitlines() == [
        "wrote out (1).md  1 component",
        "wrote out (1).svg  40 modules, 40 of 40 imports drawn",
        "wrote out (1)-matrix.svg  40 modules, 40 imports",
    ]
    text = (tmp_path / "out (1).md").read_text(encoding="utf-8")
    assert "](out%20%281%29.svg)" in text
    assert "](out%20%281%29-matrix.svg)" in text
    assert (
        "Too large for Mermaid: `cycles draw p 1 -o FILE.svg` draws it."
        in run("draw", "p", "--view", "diagram", "--format", "md", folder=tmp_path).stdout
    )


@pytest.mark.parametrize("arguments", [["--format", "dot"], ["--format", "dot", "-o", "-"]])
def test_one_drawing_can_go_to_stdout(arguments):
    finished = run("draw", "shop", *arguments)

    assert finished.stdout == (SHOP / "expected" / "draw-import-time.dot").read_text(encoding="utf-8")
    assert (finished.stderr, finished.returncode) == ("", 0)


def test_a_pipe_gets_svg():
    assert ET.fromstring(run("draw", "shop").stdout).get("role") == "img"


def on_a_terminal(*arguments: str, folder: Path) -> tuple[str, int]:
    """What a command shows on a terminal, and its exit status."""
    import pty

    ours, its = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    process = subprocess.Popen([CYCLES, *arguments], cwd=folder, stdout=its, stderr=subprocess.DEVNULL, env=environment)
    os.close(its)
    shown = b""
    # Linux ends the stream by an error, once nobody can write to it any more.
    with suppress(OSError):
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), process.wait()


@pytest.mark.posix
def test_a_terminal_gets_no_svg_unless_asked(tmp_path):
    shutil.copytree(SHOP / "shop", tmp_path / "shop")

    shown, status = on_a_terminal("draw", "shop", folder=tmp_path)

    commands = [line.strip() for line in shown.splitlines() if line.startswith("  cycles ")]
    assert (status, names(tmp_path)) == (0, ["shop"])
    assert f"name a file, for {tmp_path}:" in " ".join(shown.split())
    assert commands == [f"cycles draw shop -o cycles.{suffix}" for suffix in ("svg", "html", "md")]
    for command in commands:
        assert run(*command.split()[1:], folder=tmp_path).returncode == 0
    assert names(tmp_path) == ["cycles.html", "cycles.md", "cycles.svg", "shop"]
    assert on_a_terminal("draw", "shop", "--format", "svg", folder=tmp_path)[0].startswith("<svg")
    assert "-o cycles.svg\n      2 pictures, cycles-1.svg to cycles-2.svg\n" in on_a_terminal("draw", "shop", "--graph", "all", folder=tmp_path)[0]  # fmt: skip
    assert "cycles draw shop 2 --graph all -o cycles.svg\n" in on_a_terminal("draw", "shop", "2", "--graph", "all", folder=tmp_path)[0]  # fmt: skip


def test_without_cycles_nothing_is_drawn_and_the_other_graphs_are_named(tmp_path):
    finished = run("draw", "deferred_edge", "-o", str(tmp_path / "x.svg"), folder=golden.SAMPLES / "deferred_edge")

    assert (finished.stdout, finished.returncode) == ("", 0)
    assert finished.stderr == (
        "cycles: deferred_edge has no import cycles at import time; the graphs runtime and all have some (--graph runtime): nothing is drawn\n"
    )
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["-o", "x.png"],
            'cannot tell the format from "x.png"; end it in .svg, .html, .dot, .mmd or .md, or add --format',
        ),
        (["-o", "nowhere/x.svg"], "cannot write nowhere/x.svg (No such file or directory); name a file in a folder"),
        (["--view", "matrix", "-o", "x.dot"], "a matrix cannot be written as dot; name a file that ends in .svg"),
        (["--engine", "nothing-such"], "the layout engine nothing-such is not a program that can be run"),
        (["--url-template", "javascript:{path}"], "--url-template begins with javascript:, but links can only be"),
        (["7", "-o", "x.svg"], "shop has no component 7: import-time has only component 1"),
        (["--graph", "all"], "there are 2 components; choose one (`cycles draw shop 1 --graph all`)"),
        (["--keep", "a", "b"], "--keep a b matches no import inside a component"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(arguments, sentence):
    finished = run("draw", "shop", *arguments)

    assert (finished.stdout, finished.returncode) == ("", 2)
    assert finished.stderr.startswith(f"cycles: {sentence}")
    assert finished.stderr.count("\n") == 1


def test_a_component_too_large_for_mermaid_is_one_sentence(tmp_path):
    write_files(tmp_path, ring(40))

    finished = run("draw", "p", "--view", "diagram", "-o", "x.mmd", folder=tmp_path)

    assert finished.stderr == "cycles: component 1 is too large for Mermaid; write it to a file that ends in .svg\n"
    assert finished.returncode == 2


def test_sub_packages_that_are_not_there_are_said_so(tmp_path):
    write_files(tmp_path, ring(4))

    chart = run("draw", "p", "-o", "x.mmd", "--view", "packages", folder=tmp_path)
    dot = run("draw", "p", "-o", "x.dot", "--view", "packages", folder=tmp_path)

    assert (chart.stderr, chart.returncode) == (
        "cycles: component 1 has no sub-packages to draw; leave out --view\n",
        2,
    )
    assert (dot.stderr, dot.returncode) == (
        "cycles: component 1 of p has no sub-packages to draw and is drawn as a diagram\n",
        0,
    )


@pytest.mark.parametrize("suffix", ["svg", "dot", "md", "mmd"])
def test_the_same_input_gives_the_same_bytes(tmp_path, suffix):
    texts = set()
    for seed in ("0", "1"):
        file = tmp_path / f"{seed}.{suffix}"
        run(
            "draw",
            "ee.hogai",
            "--view",
            "packages",
            "--root",
            "posthog",
            "-o",
            str(file),
            folder=CORE,
            PYTHONHASHSEED=seed,
        )
        texts.add(file.read_text(encoding="utf-8"))

    assert len(texts) == 1


def test_a_cut_that_is_asked_for_is_drawn(tmp_path):
    run("draw", "shop", "--cut", "shop.orders.basket", "shop.customers", "-o", str(tmp_path / "x.svg"))

    root = ET.fromstring((tmp_path / "x.svg").read_text(encoding="utf-8"))
    red = [
        (line.get("data-importer"), line.get("data-imported"))
        for line in root.iter()
        if line.get("class") == "line cut"
    ]
    assert ("n-shop.orders.basket", "n-shop.customers") in red


@pytest.mark.posix
def test_an_engine_from_the_environment_that_fails_leaves_a_matrix(tmp_path):
    engine = tmp_path / "dot"
    engine.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    engine.chmod(0o755)

    finished = run("draw", "shop", "-o", str(tmp_path / "x.svg"), CYCLES_DOT=str(engine))

    assert finished.stdout == f"wrote {tmp_path}/x.svg  9 modules, 18 imports\n"
    assert finished.stderr.splitlines()[-1] == "cycles: component 1 of shop is drawn as a matrix"
    assert finished.returncode == 0


def test_where_nothing_is_drawn_the_commands_that_draw_keep_what_was_typed(capsys):
    analysis = analyze("shop", folders=[SHOP])
    wanted = Wanted(None, None, DrawOptions(), None, ("--keep", "a", "b.**"))

    deliver_drawings(analysis, list(plan_cuts(analysis.components)), wanted)

    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  cycles ")]
    assert commands == [f"  cycles draw shop -o cycles.{suffix} --keep a 'b.**'" for suffix in ("svg", "html", "md")]


@pytest.mark.parametrize(("output", "expected"), [("x.svg", ["x.dot", "x.svg"]), ("x.md", ["x.md"])])
def test_without_any_engine_there_is_a_matrix_and_the_diagram_for_one(tmp_path, capsys, output, expected):
    analysis = analyze("shop", folders=[SHOP])
    wanted = Wanted(
        output=tmp_path / output,
        drawing_format=DrawingFormat(output.partition(".")[2]),
        options=DrawOptions(),
        url_template=None,
    )

    deliver_drawings(analysis, list(plan_cuts(analysis.components)), wanted)

    assert names(tmp_path) == expected
    said = "no layout engine for diagrams (pip install graphviz-pure, or install Graphviz): a matrix is drawn"
    beside = f"; for Graphviz the diagram is {expected[0]}"
    assert capsys.readouterr().err == (f"cycles: {said}{beside}\n" if len(expected) == 2 else "")


def test_without_an_engine_one_sentence_speaks_of_all_components(tmp_path, capsys):
    folder = write_files(tmp_path / "src", {**ring(3), "p/a.py": "import p.b", "p/b.py": "import p.a"})
    analysis = analyze("p", folders=[folder])
    wanted = Wanted(
        output=tmp_path / "x.svg",
        drawing_format=DrawingFormat.SVG,
        options=DrawOptions(),
        url_template=None,
    )

    deliver_drawings(analysis, list(plan_cuts(analysis.components)), wanted)

    assert names(tmp_path) == ["src", "x-1.dot", "x-1.svg", "x-2.dot", "x-2.svg"]
    assert capsys.readouterr().err == (
        "cycles: no layout engine for diagrams (pip install graphviz-pure, or install Graphviz): "
        "2 matrices are drawn; for Graphviz the diagrams are x-1.dot to x-2.dot\n"
    )


@pytest.mark.posix
def test_an_engine_that_hangs_gets_less_time_for_each_further_component(tmp_path, capsys, monkeypatch):
    engine = tmp_path / "dot"
    engine.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    engine.chmod(0o755)
    monkeypatch.setattr("cycles.cli.draw_output._SECONDS_AFTER_FAILURE", 0.1)
    analysis = analyze("shop", folders=[SHOP], graph=GraphName.ALL)
    wanted = Wanted(
        output=tmp_path / "x.svg",
        drawing_format=DrawingFormat.SVG,
        options=DrawOptions(View.DIAGRAM, engine=Engine("given", str(engine)), seconds=0.2),
        url_template=None,
    )

    deliver_drawings(analysis, list(plan_cuts(analysis.components)), wanted)

    said = capsys.readouterr().err
    assert [f"failed on the diagram view, or needed more than {seconds} s" in said for seconds in (0.2, 0.1)] == [
        True,
        True,
    ]
    assert names(tmp_path) == ["dot", "x-1.svg", "x-2.svg"]


def test_groups_are_drawn_with_what_leads_both_ways_and_the_statements_to_cut(tmp_path):
    finished = run("draw", "shop", "1", "--by", "package", "--graph", "runtime", "-o", str(tmp_path / "x.svg"))
    chart = run("draw", "shop", "1", "--by", "package", "--graph", "runtime", "--format", "md")

    text = (tmp_path / "x.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert finished.stdout == f"wrote {tmp_path}/x.svg  5 groups, 13 imports, 3 cuts\n"
    assert sorted(boxes(text)) == [
        "n-shop.catalog", "n-shop.customers", "n-shop.notifications", "n-shop.orders", "n-shop.payments",
    ]  # fmt: skip
    assert sorted(words for words, _ in labels(root)) == ["1", "1", "1", "1", "1", "2", "2", "3", "4"]
    shown = [element.text for element in root.iter() if element.text]
    assert "5 groups of shop import each other; cutting 3 imports ends it" in shown
    assert {"customers.loyalty → orders.history", "shop/customers/loyalty.py:7", "shop/catalog/stock.py:17"} <= {*shown}
    assert "| 3 | **`catalog.stock`** → **`orders`**<br>shop/catalog/stock.py:17<br>" in chart.stdout
    assert "*no group left in cycles* |" in chart.stdout


def test_what_groups_do_not_have_is_said():
    finished = run("draw", "shop", "--by", "package", "--moves")

    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert "leave out --moves; `cycles cuts` with both options lists them" in finished.stderr


def test_moves_are_drawn_before_the_cuts_that_they_make_cheaper(tmp_path):
    run("draw", "shop", "2", "--moves", "--graph", "runtime", "-o", str(tmp_path / "x.svg"))
    text = run("draw", "shop", "2", "--moves", "--graph", "runtime", "--format", "md").stdout

    shown = [element.text for element in ET.fromstring((tmp_path / "x.svg").read_text(encoding="utf-8")).iter()]
    assert "3 modules of shop import each other; moving 3 definitions and cutting 2 imports ends it" in shown
    assert {"M1", "M1 leaves", "move __version__: shop → _version (new)", "shop/__init__.py:3"} <= {*shown}
    assert r"- M1: move \_\_version\_\_: shop → \_version (new) (shop/\_\_init\_\_.py:3)" in text
