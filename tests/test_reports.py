"""What text says where the samples are too small to show it."""

from collections.abc import Callable

import pytest

from cycles.api import plan_all, why
from cycles.cuts.counting.simple_cycles import count_cycles
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import Analysis, CutRequest
from cycles.report.cuts import cuts_as_text
from cycles.report.fix_words import evidence
from cycles.report.scc import scc_as_text
from cycles.report.terminal import TextStyle
from cycles.report.why import why_as_text
from cycles.report.wording import clean, counted

PAIRS = {f"p/{pair}{side}.py": f"import p.{pair}{other}\n" for pair in "abcdefg" for side, other in ("xy", "yx")}
RING = {f"p/r{number}.py": f"import p.r{(number + 1) % 9}\n" for number in range(9)}


def test_a_module_is_named_with_its_package_and_two_places_are_not_the_only_one(analysed):
    uses = "from p.q import http\n\ndef f():\n    return http.X\n\ndef g():\n    return http.X\n"
    analysis = analysed(
        {"p/__init__.py": "", "p/q/__init__.py": "", "p/q/http.py": "import p.a\nX = p.a.f\n", "p/a.py": uses}
    )
    (plan,) = plan_all(analysis.components, CutRequest(cut=[("p.a", "p.q.http")]))

    (found,) = (evidence(cut.fix, cut) for cut in plan.cuts if cut.fix)

    assert found == "import http from p.q inside f() and g(), the only places that use it (the first: line 4)"


@pytest.fixture
def large(analysed: Callable[..., Analysis]) -> Analysis:
    bad = {f"p/bad{number}.py": "if x\n" for number in range(7)}
    own = {f"p/own{number}.py": f"def f():\n    import p.own{number}\n" for number in range(6)}
    return analysed({"p/__init__.py": "", **PAIRS, **RING, **bad, **own})


def overview(analysis: Analysis, *, everything: bool) -> str:
    return scc_as_text(analysis, TextStyle(everything=everything))


def test_the_overview_cuts_off_what_is_long_and_says_so(large):
    text = overview(large, everything=False)

    assert "… 5 more steps back to r0" in text
    assert "… 3 more components with 6 modules: --all" in text
    assert "self-imports  a module that imports itself" in text
    assert "… 2 more: --all" in text
    assert text.count("p/bad") == 5


def test_all_shows_everything(large):
    text = overview(large, everything=True)

    assert "--all" not in text
    assert text.count("p/bad") == 7
    assert text.count("p/own") == 6
    assert text.count("  #") == 8


def test_cuts_of_many_components_are_cut_off_too(large):
    plans = tuple(plan_all(large.components))

    text = cuts_as_text(large, plans, TextStyle())

    assert "… 5 more components that need 5 cuts: --all" in text


def test_colour_is_only_added(large):
    plain = overview(large, everything=False)
    coloured = scc_as_text(large, TextStyle(color=True))

    assert "\x1b[1m" in coloured
    assert [line for line in plain.splitlines() if "components" in line] != []


OUTER = {
    "p/__init__.py": "import q.leaf\n",
    "p/deep/__init__.py": "",
    "p/deep/mod.py": "NAME = 1\n",
    "p/deep/other.py": "",
    "q/__init__.py": "",
    "q/leaf.py": "from p.deep.mod import NAME\nimport p.deep.other\n",
}


def test_why_explains_an_implied_dependency_with_several_causes(analysed):
    analysis = analysed(OUTER, roots=["q"])

    text = why_as_text(analysis, why(analysis, "q.leaf", "p"), TextStyle())

    assert text == (
        "p · with q\n"
        "\n"
        "q.leaf → p\n"
        "  via __init__, in component #1 · import-time\n"
        "\n"
        "  q/leaf.py:1\n"
        "    from p.deep.mod import NAME\n"
        "    takes NAME\n"
        "    runs p on the way to p.deep.mod\n"
        "  q/leaf.py:2\n"
        "    import p.deep.other\n"
        "    runs p on the way to p.deep.other\n"
        "\n"
        "cycles    1 cycle through this dependency\n"
        "shortest  q.leaf → p → q.leaf\n"
        "\n"
        "cut       q.leaf → p.deep.mod\n"
        "          remove NAME: nothing uses it\n"
        "          alone it changes nothing: the 2 cuts shown here must be made together\n"
        "\n"
        "cut       q.leaf → p.deep.other\n"
        "          check what importing it does: p is not used; it may be imported for\n"
        "          its effect\n"
        "          alone it changes nothing: the 2 cuts shown here must be made together\n"
        "\n"
        "next  cycles cuts p 1 --root q\n"
    )


def test_why_says_what_a_cut_does(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "import p.b\nimport p.c\n",
        "p/b.py": "import p.a\n",
        "p/c.py": "import p.a\nimport p.b\n",
    }
    analysis = analysed(files, graph=GraphName.ALL)

    def effect(importer: str, imported: str) -> str:
        reason = why(analysis, importer, imported)
        return why_as_text(analysis, reason, TextStyle())

    assert "alone it ends all cycles" not in effect("p.a", "p.b")
    assert "alone it breaks 1 cycle but frees no module: all 3 still import each" in effect("p.a", "p.b")
    assert "alone it breaks 2 cycles and frees 1 module of 3; the largest" in effect("p.a", "p.c")


def test_why_refuses_what_is_on_no_cycle(analysed):
    analysis = analysed(OUTER, roots=["q"])

    with pytest.raises(CyclesError, match=r"p\.deep\.mod is in no component of import-time"):
        why(analysis, "q.leaf", "p.deep.mod")


def test_hostile_text_is_shown_as_escapes():
    assert (
        clean("a\x00\x1b[0m\u202e\u2066\u200b\ufeff\u2028\n é漢") == r"a\x00\x1b[0m\u202e\u2066\u200b\ufeff\u2028\n é漢"
    )


def test_why_guesses_the_module_that_was_meant(large):
    with pytest.raises(CyclesError, match=r"no module q\.r1 among those analysed; did you mean p\.r1\?"):
        why(large, "q.r1", "p.r2")


def test_a_number_of_cycles_that_python_would_not_print_is_told_by_its_order():
    """A ring in which each step can be made in two ways: 2 to the power of its length."""
    length = 150
    edges = [(f"m{i}", f"{side}{i}") for i in range(length) for side in "ab"]
    edges += [(f"{side}{i}", f"m{(i + 1) % length}") for i in range(length) for side in "ab"]
    modules = tuple(sorted({module for edge in edges for module in edge}))
    place = {module: number for number, module in enumerate(modules)}

    counts = count_cycles(len(modules), tuple(sorted((place[a], place[b]) for a, b in edges)))

    assert counts.exact
    assert counted(counts.total, "cycle") == "about 10^45 cycles"


def test_a_reason_that_names_no_import_is_said_once_and_each_step_names_its_modules(analysed):
    files = {f"p/{at}.py": f"def f():\n    import p.{to}\n" for at, to in ("ab", "bc", "cb", "de", "ed")}
    files["p/b.py"] += "\n\ndef g():\n    import p.a\n"
    analysis = analysed({"p/__init__.py": "", **files}, graph=GraphName.RUNTIME)

    first, second = (cuts_as_text(analysis, [plan], TextStyle()) for plan in plan_all(analysis.components))

    assert first.split("\n\n")[1].splitlines() == [
        "  1  p/b.py:2                                                      2 modules left",
        "     b → c: move code",
        "  2  p/b.py:6                                                       no cycle left",
        "     b → a: move code",
        "  move code: the import is inside a function already, and this graph counts it",
        "  there too",
    ]
    assert second.split("\n\n")[1].splitlines()[1:] == [
        "     d → e: move code (the import is inside a function already, and this graph",
        "     counts it there too)",
    ]
