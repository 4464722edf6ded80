"""The HTML page as text: what it may hold, what it may do, and that all of it can be read."""

import json
import re
import subprocess
import sys

import pytest

import golden
from cycles.api import analyze
from cycles.errors import CyclesError
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page import as_page
from cycles.render.layout_program import Engine, find_engine
from cycles.render.style import OTHERS, PALETTE
from pages import ASSETS, HOSTILE, hostile_analysis, many_modules
from pictures import scenes


def test_the_page_is_the_same_whatever_the_hash_seed():
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pages import many_modules\n"
        "from pictures import scenes\n"
        "from cycles.render.choose_view import DrawOptions\n"
        "from cycles.render.layout_program import find_engine\n"
        "from cycles.render.html_page import as_page\n"
        "analysis = many_modules(48)\n"
        "options = DrawOptions(engine=find_engine())\n"
        "print(as_page(analysis, scenes(analysis), options))\n"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=golden.PROJECT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        for seed in ("1", "2")
    ]

    assert run[0].stdout == run[1].stdout
    assert run[0].stdout.startswith(b"<!DOCTYPE html>")


def test_the_data_cannot_end_its_element_and_hold_no_control_characters():
    analysis = hostile_analysis()
    text = as_page(analysis, scenes(analysis), DrawOptions(engine=find_engine()))
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)

    assert not set("<>&\u2028\u2029") & set(data)
    assert data.isascii()
    assert data.isprintable()
    assert text.count("<script") == text.count("</script") == 2
    assert text.encode("utf-8").decode("utf-8") == text
    names = [module["name"] for module in json.loads(data)["components"][0]["modules"]]
    assert len(names) == len(HOSTILE)


def test_the_policy_names_no_other_origin_and_nothing_unsafe():
    analysis = hostile_analysis()
    text = as_page(analysis, scenes(analysis), DrawOptions())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)

    assert re.sub(r"sha256-[A-Za-z0-9+/=]{44}", "HASH", policy).split("; ") == [
        "default-src 'none'",
        "script-src 'HASH'",
        "style-src 'HASH'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]


def test_the_scripts_are_small_and_share_no_name():
    scripts = {path.name: path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.js"))}
    names = re.findall(r"^(?:function|const|let|class) (\w+)", "\n".join(scripts.values()), flags=re.MULTILINE)

    assert sorted(set(names)) == sorted(names)
    assert sum(len(text.splitlines()) for text in scripts.values()) <= 1400
    for name, text in scripts.items():
        assert text.startswith("// "), name
        assert len(text.splitlines()) <= 250, name
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|localStorage", text
        ), name
        assert re.findall(r"https?://[^\"']*", text) in ([], ["http://www.w3.org/2000/svg"]), name


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_text_can_be_read():
    """The Web Content Accessibility Guidelines ask for a contrast of 4.5."""
    style = "".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.css")))
    colors = dict(re.findall(r"--(\w+): light-dark\((#\w+, #\w+)\)", style))

    for scheme in (0, 1):
        color = {name: pair.split(", ")[scheme] for name, pair in colors.items()}
        assert contrast(color["mark"], color["paper"]) >= 3
        for text in ("ink", "muted", "cut", "accent", "good"):
            for ground in ("paper", "panel"):
                assert contrast(color[text], color[ground]) >= 4.5, (text, ground, scheme)
        assert contrast(color["ink"], color["plain"]) >= 4.5
    assert ".colored > .name { fill: #1f2328; }" in style
    assert min(contrast("#1f2328", fill) for fill in (*PALETTE, OTHERS)) >= 4.5


def data_of(text: str) -> dict:
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    return json.loads(data)


def test_all_components_are_in_the_page_and_laid_out_up_to_300_modules():
    analysis = analyze("shop", folders=[golden.SAMPLES / "shop"], graph="runtime")
    text = as_page(analysis, scenes(analysis), DrawOptions(engine=find_engine()))
    large = many_modules(301, packages=100)
    undrawn = as_page(large, scenes(large), DrawOptions(engine=find_engine()))

    assert [len(component["modules"]) for component in data_of(text)["components"]] == [15, 3]
    assert all(component["whole"] and component["after"] for component in data_of(text)["components"])
    (component,) = data_of(undrawn)["components"]
    assert (component["whole"], component["after"]) == (None, None)
    assert [len(picture["boxes"]) for picture in component["levels"].values()] == [4, 102, 102, 102]


@pytest.mark.posix
def test_an_engine_that_fails_is_asked_once_and_then_no_more(tmp_path):
    asked = tmp_path / "asked"
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\necho >> {asked}\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    analysis = analyze("shop", folders=[golden.SAMPLES / "shop"], graph="runtime")
    engine = Engine(name="given", program=str(program))
    text = as_page(analysis, scenes(analysis), DrawOptions(engine=engine))

    for component in data_of(text)["components"]:
        assert (component["whole"], component["after"], component["levels"]) == (None, None, {})
        assert component["unlaid"] == "the layout engine failed when this page was made"
    assert asked.read_text(encoding="utf-8") == "\n"


def test_a_template_for_links_must_lead_to_the_web():
    analysis = hostile_analysis()

    with pytest.raises(CyclesError, match="javascript:"):
        scenes(analysis, "javascript:alert({path})")


def test_the_command_writes_one_page_with_all_components(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "cycles", "draw", "shop", "--graph", "all", "-o", tmp_path / "x.html"],
        cwd=golden.SAMPLES / "shop",
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == f"wrote {tmp_path / 'x.html'}  2 components to explore in a browser\n"
    assert len(data_of((tmp_path / "x.html").read_text(encoding="utf-8"))["components"]) == 2
