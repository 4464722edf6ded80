"""`cycles draw --since`: what a change adds to import cycles, removes from them and keeps, beside what git and eyes say."""

import re
from xml.etree import ElementTree as ET

import pytest

from cycles.render.layout_program import find_engine
from git_history import ENVIRONMENT, History
from inside import cycles
from picture_measures import labels, lines, measures
from pictures import boxes

pytestmark = pytest.mark.skipif(find_engine() is None, reason="needs a layout engine")
# Two cycles: a → b → c → a, and d ⇄ e.
FILES = {
    "p/__init__.py": "",
    "p/a.py": "import p.b\n",
    "p/b.py": "import p.c\n",
    "p/c.py": "import p.a\n",
    "p/d.py": "import p.e\n",
    "p/e.py": "import p.d\n",
    "p/f.py": "import p.g\n",
    "p/g.py": "",
}
SINCE = ("draw", "p", "--since", "HEAD", "--no-merge-base")


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch):
    for name, value in ENVIRONMENT.items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)


@pytest.fixture
def history(tmp_path) -> History:
    made = History(tmp_path / "repository")
    made.commit(FILES)
    return made


def drawn(history: History, *options: str) -> tuple[str, ET.Element]:
    finished = cycles(history.folder, *SINCE, *options, "--format", "svg")
    assert (finished.stderr, finished.returncode) == ("", 0)
    return finished.stdout, ET.fromstring(finished.stdout)


def looks(root: ET.Element) -> dict[str, str]:
    """How each line looks: cut for what is new, gone for what is gone, nothing for what is kept."""
    return {
        f"{group.attrib['data-importer'][4:]} {group.attrib['data-imported'][4:]}": group.attrib["class"][5:]
        for group in root.iter()
        if group.get("data-importer")
    }


def test_one_picture_shows_what_is_new_gone_and_kept(history):
    history.write({"p/e.py": "", "p/g.py": "\nimport p.f\n"})

    text, root = drawn(history)

    assert looks(root) == {"d e": "", "e d": "gone", "f g": "", "g f": "cut"}
    assert sorted(words for words, _ in labels(root)) == ["+1", "-1"]
    shown = {element.text for element in root.iter()}
    assert {
        "p since HEAD: 2 modules newly on import cycles, 2 modules on none any more",
        "import-time · modules on cycles 5 → 5 · imports to cut 2 → 2",
        "1 import added, 1 import removed",
        "g → f",
        "p/g.py:2",
        "e → d",
        "p/e.py:1 then",
    } <= shown
    seen = measures(text)
    assert (sorted(boxes(text)), seen.behind, seen.overlapping) == (["n-p.d", "n-p.e", "n-p.f", "n-p.g"], [], [])


def test_an_import_that_was_there_before_is_kept_although_its_modules_were_on_no_cycle(history):
    history.write({"p/g.py": "import p.f\n"})

    assert looks(drawn(history)[1]) == {"f g": "", "g f": "cut"}


def test_an_import_that_is_still_there_is_kept_although_its_modules_are_on_no_cycle_any_more(history):
    history.write({"p/c.py": ""})

    assert looks(drawn(history)[1]) == {"a b": "", "b c": "", "c a": "gone"}


def test_a_renamed_module_is_the_same_one(history):
    history.git("mv", "p/c.py", "p/moved.py")
    history.write({"p/b.py": "import p.moved\n", "p/g.py": "import p.f\n"})

    assert looks(drawn(history)[1]) == {"f g": "", "g f": "cut"}


def test_what_goes_with_an_added_import_has_no_number_of_its_own(history):
    history.write({"p/q/__init__.py": "import p.a\n", "p/q/r.py": "", "p/a.py": "import p.b\nimport p.q.r\n"})

    root = drawn(history)[1]

    assert looks(root) == {"a q": "cut", "q a": "cut"}
    assert sorted(words for words, _ in labels(root)) == ["+1", "+2"]


def test_nothing_is_drawn_where_nothing_changed(history):
    history.write({"p/f.py": "import p.g\nX = 1\n"})

    finished = cycles(history.folder, *SINCE, "-o", "x.svg")

    assert (finished.stdout, finished.returncode) == ("", 0)
    assert finished.stderr == (
        "cycles: no import on a cycle was added or removed since HEAD (import-time): nothing is drawn\n"
    )
    assert not (history.folder / "x.svg").exists()


def test_of_a_large_change_as_much_is_drawn_as_can_be_read(history):
    names = [f"a_module_with_a_long_name_{number}" for number in range(60)]
    others = {f"p/{name}.py": f"import p.hub\nimport p.{names[(number * 7 + 1) % 60]}\n" for number, name in enumerate(names)}  # fmt: skip
    history.write({**others, "p/hub.py": "".join(f"import p.{name}\n" for name in names)})

    text, root = drawn(history)

    seen = measures(text)
    assert seen.names >= 8
    assert (seen.behind, seen.overlapping) == ([], [])
    assert 2 <= len(boxes(text)) <= 24
    assert set(looks(root).values()) == {"cut"}
    said = next(element.text for element in root.iter() if (element.text or "").startswith("180 imports added"))
    assert re.fullmatch(r"180 imports added \(\d+ drawn\), 0 imports removed", said)
    assert len(lines(root)) < 180


def test_markdown_mermaid_and_dot_show_the_same_change(history):
    history.write({"p/e.py": "", "p/g.py": "import p.f\n"})

    document = cycles(history.folder, *SINCE, "--format", "md").stdout
    chart = cycles(history.folder, *SINCE, "--format", "mmd").stdout
    dot = cycles(history.folder, *SINCE, "--format", "dot").stdout

    assert document.startswith("**p since HEAD: 2 modules newly on import cycles, 2 modules on none any more.**\n")
    assert f"```mermaid\n{chart}```\n" in document
    assert document.endswith("| +1 | `g → f` | p/g.py:1 |\n| -1 | `e → d` | p/e.py:1 then |\n")
    assert "Red with +: added. Green with -: removed." in document
    assert [line.strip().partition(" stroke")[0] for line in chart.splitlines() if "linkStyle" in line] == [
        "linkStyle 3", "linkStyle 1",
    ]  # fmt: skip
    assert (dot.count("#BB2211"), dot.count("#1A7F37")) == (2, 1)


def test_a_comment_of_check_holds_the_picture_of_the_change(history):
    history.write({"p/e.py": "", "p/g.py": "import p.f\n"})

    comment = cycles(history.folder, "check", "p", "--since", "HEAD", "--no-merge-base", "--format", "markdown").stdout

    assert cycles(history.folder, *SINCE, "--format", "mmd").stdout in comment
    assert comment.count("```mermaid") == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("-o", "x.html"), "what changed since a revision is drawn in one way; leave out --view, or end FILE in"),
        (("--view", "matrix"), "what changed since a revision is drawn in one way"),
        (("--moves",), "--since draws what changed, not a plan: leave out N, --keep, --cut and --moves"),
        (("--keep", "p.a", "p.b"), "--since draws what changed, not a plan"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(history, options, sentence):
    finished = cycles(history.folder, *SINCE, *options)

    assert (finished.stdout, finished.returncode) == ("", 2)
    assert finished.stderr.startswith(f"cycles: {sentence}")
    assert finished.stderr.count("\n") == 1
