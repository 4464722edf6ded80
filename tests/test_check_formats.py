"""`cycles check` as Markdown, as annotations and as SARIF: whole where names are honest, unharmed where they are not."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import cmarkgfm
import jsonschema
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st

import golden
from changes import a_change, a_finding, a_fix, a_graph, an_import, standing, worse
from cycles.api import analyze
from cycles.check.findings import Before, Change, ComponentEvent
from cycles.cli.check_options import append_summary
from cycles.enums import Event, GraphName, Outcome, Verdict
from cycles.model import FirstImport, FirstImportReport, ImportLink
from cycles.report.check_markdown import as_markdown, check_as_markdown, marker
from cycles.report.check_words import check_notices, verdicts
from cycles.report.entries_verdicts import check_entries, entries_notices
from cycles.report.notices import Notices, as_github, as_sarif
from cycles.report.wording import clean, common_prefix
from cycles.source.import_values import Skipped
from hostile_names import FOLDERS, STEMS
from pages import HOSTILE
from test_cli import run

_SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
_ACCIDENTS = (
    "@everyone",
    "#1",
    "GH-1",
    "https://example.org/x",
    "www.example.org",
    "a@example.org",
    "-->",
    "--!>",
    "</details>",
    "<summary>",
    "~~~",
    "1. one",
    "- item",
    "![x](y)",
    "[x][y]",
    "<!--",
    "\\",
    "&amp;",
    "&#64;me",
    "$x$",
    ":tada:",
    "**b**",
    "%0A::error::x",
    "##[error]x",
    "{0}",
    "[x](1)",
)
_names = st.sampled_from((*STEMS, *FOLDERS, *HOSTILE, *_ACCIDENTS)) | st.text(min_size=1, max_size=40)
_SPACES = re.compile(r"\s+")


def check_as_github(change: Change, workspace: str | None = None) -> str:
    return as_github(check_notices(change, workspace))


def check_as_sarif(change: Change, workspace: str | None = None) -> str:
    return as_sarif(check_notices(change, workspace))


def _hostile(names: list[str], sentence: str) -> Change:
    """A change in which every text is one of the names, or holds it."""
    one, two, three = (names * 3)[:3]
    cycle = (f"{one}.a", f"{two}.b", f"{three}.c")
    statement = an_import(*cycle[:2], 7, f"{one}/{two}.py", f"from {two} import {three}")
    finding = a_finding(cycle, imports=(statement,), fix=a_fix(statement, sentence))
    note = replace(finding, is_error=False, added=False, modules=9)
    events = tuple(ComponentEvent(event, (cycle[:2], cycle), (cycle, cycle[1:])) for event in Event)
    graph = a_graph(
        standing((), 0),
        standing(cycle, 1),
        Outcome.WORSE,
        newly=cycle,
        findings=(finding, note),
        events=events,
        freed=(one,),
        deleted=(two,),
    )
    return a_change(
        graph,
        package=one,
        before=Before("revision", two, three, is_merge_base=True),
        unread=(Skipped(f"{one}/{three}.py", 3, sentence),),
        stale=(f"import-time: {one} -> {two}",),
        renamed=((one, two),),
    )


class _Page(HTMLParser):
    """The tags of a page with their attributes, and its texts, in code and elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[tuple[str, tuple[tuple[str, str | None], ...]]] = set()
        self.comments: list[str] = []
        self.code: list[str] = []
        self.words = self.text = ""
        self._in_code = False
        self.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, tuple(attrs)))
        if tag == "code":
            self._in_code = True
            self.code.append("")

    def handle_endtag(self, tag):
        self._in_code = self._in_code and tag != "code"

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        self.text += data
        if self._in_code:
            self.code[-1] += data
        else:
            self.words += data


def _without_spaces(text: str) -> str:
    return _SPACES.sub("", text)


def test_a_worse_change_as_markdown():
    assert check_as_markdown(worse()) == (
        "<!-- cycles check: shop -->\n"
        "\n"
        "**Import cycles: worse.** 2 modules are newly on an import cycle: `shop.a` and `shop.b`; "
        "before 3 modules and 2 cuts, now 5 and 3.\n"
        "\n"
        "- **`shop/a.py:3`** `from shop.b import thing`\\\n"
        "  closes `a` → `b` → `a`\\\n"
        "  instead: import thing inside `Basket.total()`\n"
        "\n"
        "```mermaid\n"
        "flowchart LR\n"
        '  n0["a"]; n1["b"]\n'
        "  n0 ==> n1; n1 --> n0\n"
        "  linkStyle 0 stroke:#E5534B,stroke-width:4px\n"
        "```\n"
        "\n"
        "Thick and red: the imports to blame.\n"
        "\n"
        "<details><summary>What became of components and modules</summary>\n"
        "\n"
        "- import-time: a new component of 2 modules (`shop.a` and `shop.b`).\n"
        "\n"
        "</details>\n"
        "\n"
        "Compared with where this branch left main (`0123456789`). To see this again: `cycles check shop --since main`\n"
    )


@pytest.mark.parametrize(
    ("graph", "kind", "said"),
    [
        (a_graph(None, standing((), 0), Outcome.SAME), "nothing", "**No import cycles.**"),
        (
            a_graph(None, standing(("a", "b"), 1), Outcome.WORSE),
            "nothing",
            "**Import cycles: found.** 2 modules are on import cycles, in 1 component; 1 cut ends them.",
        ),
        (
            a_graph(standing("abc", 2), standing("abc", 2), Outcome.SAME),
            "revision",
            "**Import cycles: nothing worse.** 3 modules and 2 cuts, as before.",
        ),
        (
            a_graph(standing((), 0), standing((), 0), Outcome.SAME),
            "baseline",
            "**Import cycles: nothing worse.** No import cycles, as before.",
        ),
        (
            a_graph(standing("abcd", 9), standing("abc", 9, 7), Outcome.SAME),
            "revision",
            "**Import cycles: nothing worse.** Before 4 modules and 9 cuts, now 3 and ≤ 9.",
        ),
        (
            a_graph(standing("abcde", 12), standing("abc", 4), Outcome.BETTER),
            "revision",
            "**Import cycles: better.** (5, 12) → (3, 4) (modules on import cycles, cuts to end them).",
        ),
        (
            a_graph(standing("abc", 2), standing((), 0), Outcome.BETTER),
            "revision",
            "**Import cycles: better.** No import cycle is left of 3 modules and 2 cuts.",
        ),
        (
            a_graph(standing("abc", 2), standing("abc", 3), Outcome.WORSE),
            "revision",
            "**Import cycles: worse.** 1 more cut is needed to end the import cycles; before 3 modules and 2 cuts, now 3 and 3.",
        ),
    ],
)
def test_the_verdict_is_one_sentence(graph, kind, said):
    change = a_change(graph, before=Before(kind, "main" if kind != "nothing" else ""))

    assert check_as_markdown(change).splitlines()[2].replace("`", "") == said


def test_what_became_of_modules_is_told():
    graph = a_graph(
        standing("abc", 2), standing((), 0), Outcome.BETTER, freed=("shop.a", "shop.b"), deleted=("shop.c_x",)
    )
    change = a_change(graph, renamed=(("shop.old_b", "shop.b"),))

    assert check_as_markdown(change).splitlines()[4:10] == [
        "<details><summary>What became of components and modules</summary>",
        "",
        "- import-time: on no cycle any more: `shop.a` and `shop.b`.",
        "- import-time: deleted: `shop.c_x`.",
        "- renamed: `shop.old_b` → `shop.b`.",
        "",
    ]


def test_a_strict_check_says_why_it_fails_where_nothing_is_worse():
    finding = a_finding(("shop.a", "shop.b"))
    graph = a_graph(standing("abc", 2), standing("abc", 2), Outcome.SAME, findings=(finding,))

    assert verdicts(a_change(graph, strict=True)) == (
        "1 added import lies on import cycles, and the check is strict; 3 modules and 2 cuts, as before",
    )


def test_an_import_whose_cycle_was_not_looked_for_is_named_all_the_same():
    finding = replace(a_finding(("shop.a", "shop.b"), modules=700), cycle=(), links=())
    graph = a_graph(standing("abc", 2), standing("abc", 3), Outcome.WORSE, findings=(finding,))
    change = a_change(graph)
    run = _checked(check_as_sarif(change))

    assert "- **`shop/a.py:3`** `from shop.b import thing`\\\n  closes a cycle; 700 modules" in check_as_markdown(
        change
    )
    assert "mermaid" not in check_as_markdown(change)
    assert "::shop.a now imports shop.b, which closes a cycle%0A700 modules" in check_as_github(change)
    assert run["results"][0]["message"]["text"].startswith("shop.a now imports shop.b, which closes a cycle")


def test_what_could_not_be_compared_is_said():
    graph = a_graph(standing("abc", 2), standing("abc", 2), Outcome.SAME)
    change = a_change(graph, before=Before("revision", "main", missing=("vendor/lib",)))
    run = _checked(check_as_sarif(change))

    assert "\n\nNot here as they were then, and not compared: `vendor/lib`.\n" in check_as_markdown(change)
    assert (
        "warning",
        {"title": "Not compared"},
        "not here as they were then, and not compared: vendor/lib",
    ) in _commands(check_as_github(change))
    assert "vendor/lib" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_several_graphs_have_a_verdict_each():
    graph = a_graph(standing("abc", 2), standing("abc", 2), Outcome.SAME)
    text = check_as_markdown(a_change(graph, replace(graph, graph=GraphName.ALL)))

    assert text.splitlines()[2:6] == [
        "**Import cycles: nothing worse.**",
        "",
        "- import-time: 3 modules and 2 cuts, as before.",
        "- all: 3 modules and 2 cuts, as before.",
    ]
    assert "`cycles check shop --graph import-time --graph all --since main`" in text


def test_the_baseline_is_named_with_the_command_that_makes_it_smaller():
    graph = a_graph(standing("abc", 2), standing("abc", 2), Outcome.SAME)
    change = a_change(graph, before=Before("baseline", "cycles.txt"), stale=("import-time: shop.a -> shop.b",))

    assert check_as_markdown(change).splitlines()[4:] == [
        "<details><summary>1 line of the baseline that nothing needs</summary>",
        "",
        "- nothing needs this line of the baseline any more: `import-time: shop.a -> shop.b`",
        "- to take it out: `cycles check shop --baseline cycles.txt --update`",
        "",
        "</details>",
        "",
        "Compared with the baseline `cycles.txt`. To see this again: `cycles check shop --baseline cycles.txt`",
    ]


@pytest.mark.parametrize("cycles", [1, 5, 6, 40, 400])
@pytest.mark.parametrize("length", [2, 5, 40])
def test_a_comment_has_at_most_60_lines_and_says_how_much_is_left_out(cycles, length):
    found = [tuple(f"shop.m{number}_{place}" for place in range(length)) for number in range(cycles)]
    graph = replace(worse(found).graphs[0], events=tuple(ComponentEvent(Event.NEW, (), (names,)) for names in found))
    text = check_as_markdown(a_change(graph, stale=("x",) * cycles, unread=(Skipped("a.py", None, "no"),) * cycles))
    listed = len(re.findall(r"^- ", text, re.MULTILINE))
    (more,) = re.findall(r"^- … ([\d,]+) more$", text, re.MULTILINE) or ["0"]
    more = int(more.replace(",", ""))

    assert text.count("\n") <= 60
    # An import, an event and a stale line for each cycle, and how to take these lines out.
    assert listed - bool(more) + more == 3 * cycles + 1
    assert ("mermaid" in text) == (length <= 12)


def test_texts_without_end_do_not_make_a_comment_too_long():
    name = "`" * 5_000
    cycles = [tuple(f"{name}{number}.{place}" for place in range(12)) for number in range(60)]
    change = a_change(worse(cycles).graphs[0], package=name, unread=(Skipped(name, None, name),), stale=(name,) * 40)

    assert len(check_as_markdown(change)) < 60_000


_TAGS = {
    *((tag, ()) for tag in ("p", "strong", "ul", "li", "code", "br", "details", "summary")),
    ("pre", (("lang", "mermaid"),)),
}


@given(st.lists(_names, min_size=1, max_size=3), _names)
@example(["-->\n<script>"], "@me")
@example(["`"], "``` x")
@example([" "], "  ")
@example(["|"], "a|b\n\n# c")
@example(["www.example.org"], "café")
def test_markdown_shows_hostile_names_as_they_are(names, sentence):
    text = check_as_markdown(_hostile(names, sentence))
    page = _Page(text)
    one, two, three = (names * 3)[:3]

    assert page.tags == _TAGS
    assert page.comments == [text.partition("\n")[0].removeprefix("<!--").removesuffix("-->")]
    # GitHub makes links of such texts, unless they are code.
    assert not re.search(r"[@#_/\\<>`*~&$\[\]]|www\.\w|://", page.words)
    if len(one) + len(two) < 60:
        assert f"{clean(f'{one}/{two}.py:7')}" in [code for code in page.code if "/" in code]
    if len(two) + len(three) < 60:
        assert clean(f"from {two} import {three}".strip()) in page.code
    assert _without_spaces(clean(sentence))[:200] in _without_spaces(page.text) or len(sentence) > 200
    assert text.count("\n") <= 60
    assert len(text) < 60_000


_BOX = r'n\d+\["(?:[\w ./,:·▲…()-]|#\d+;)*"\]'
_BOXES = re.compile(rf"  {_BOX}(?:; {_BOX})*")
_ARROW = r"n\d+ (?:==>|-->) n\d+"
_ARROWS = re.compile(rf"  {_ARROW}(?:; {_ARROW})*")


@given(st.lists(_names, min_size=3, max_size=3))
@example(["#35;", '"]; click n0 "javascript:alert(1)"', "%%{init: {}}%%"])
@example(["end", "`x`", "a<br>b"])
def test_a_picture_shows_hostile_names_and_nothing_else(names):
    """The grammar of the lines is Mermaid's for boxes with quoted labels; `#35;` is how it writes a character."""
    cycle = tuple(f"{name}.{place}" for place, name in enumerate(names))
    text = check_as_markdown(worse([cycle]))
    (chart,) = re.findall(r"```mermaid\n(.*?)\n```\n", text, re.DOTALL)
    head, boxes, arrows, look = chart.split("\n")
    labels = [
        re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label) for label in re.findall(r'\["([^"]*)"\]', boxes)
    ]

    assert head == "flowchart LR"
    assert _BOXES.fullmatch(boxes)
    assert _ARROWS.fullmatch(arrows)
    assert look == "  linkStyle 0 stroke:#E5534B,stroke-width:4px"
    prefix = common_prefix(cycle)
    shown = [clean(name.removeprefix(f"{prefix}.") if prefix else name) for name in cycle]
    assert [label for label in labels if "…" not in label] == [
        name for name in shown if len(name) <= 100 and "…" not in name
    ]


@given(_names)
def test_the_marker_is_a_comment_on_one_line_and_differs_by_package(name):
    line = marker("cycles check", name)
    (comment,) = _Page(line).comments

    assert len(line.splitlines()) == 1
    assert line == f"<!--{comment}-->"
    assert "--" not in comment
    assert not comment.endswith("-")
    if len(line) < 200:
        encoded = comment.removeprefix(" cycles check: ").removesuffix(" ")
        assert unquote(encoded, errors="surrogatepass") == name


def _commands(text: str) -> list[tuple[str, Mapping[str, str], str]]:
    """What GitHub's runner makes of the lines of a log (ActionCommand.TryParseV2, and V1 for `##[`)."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        assert "##[" not in line
        if not line.lstrip().startswith("::"):
            continue
        head, _, data = line.lstrip()[2:].partition("::")
        name, _, given = head.partition(" ")
        properties = {}
        for part in filter(None, given.split(",")):
            key, _, value = part.partition("=")
            properties[key] = _unescaped(value, {"%3A": ":", "%2C": ","})
        found.append((name, properties, _unescaped(data, {})))
    return found


def _unescaped(text: str, more: Mapping[str, str]) -> str:
    for written, meant in {"%0D": "\r", "%0A": "\n", **more}.items():
        text = text.replace(written, meant)
    return text.replace("%25", "%")


def test_a_worse_change_as_annotations():
    note = a_finding(("shop.c", "shop.d"), line=9, is_error=False, modules=4)
    change = worse(unread=(Skipped("shop/bad.py", 3, "invalid syntax"),))
    graph = replace(change.graphs[0], findings=(*change.graphs[0].findings, note))
    text = check_as_github(replace(change, graphs=(graph,)))

    assert text.splitlines()[0] == (
        "Import cycles: worse. 2 modules are newly on an import cycle: shop.a and shop.b; before 3 modules and 2 cuts, now 5 and 3."
    )
    assert _commands(text) == [
        (
            "error",
            {"file": "shop/a.py", "line": "3", "endLine": "3", "title": "New import cycle"},
            "shop.a now imports shop.b, which closes a cycle\nshop.a → shop.b → shop.a\nInstead: import thing inside Basket.total()",
        ),
        (
            "warning",
            {"file": "shop/bad.py", "line": "3", "endLine": "3", "title": "Not read"},
            "what it imports is not known: invalid syntax",
        ),
        (
            "notice",
            {"file": "shop/c.py", "line": "9", "endLine": "9", "title": "New import on a cycle that was there"},
            "shop.c now imports shop.d, which lies on a cycle\nshop.c → shop.d → shop.c\n4 modules import each other there, 1 cut ends that. Instead: import thing inside Basket.total()",
        ),
    ]


def test_no_more_than_ten_annotations_of_a_level_and_then_how_many_more():
    change = worse([(f"shop.a{number}", f"shop.b{number}") for number in range(14)], stale=("x",) * 12)
    found = _commands(check_as_github(change))
    levels = [name for name, _, _ in found]

    assert [levels.count(level) for level in ("error", "warning", "notice")] == [10, 10, 1]
    assert found[-1] == (
        "notice",
        {"title": "cycles check"},
        "6 more notices: cycles check shop --since main",
    )


def test_a_check_that_fails_without_an_import_to_blame_is_an_error_all_the_same():
    change = a_change(a_graph(standing("abc", 2), standing("abc", 3), Outcome.WORSE))
    ((level, properties, text),) = _commands(check_as_github(change))

    assert (level, properties) == ("error", {"title": "cycles check"})
    assert text.startswith("Import cycles: worse. 1 more cut is needed")


@given(st.lists(_names, min_size=1, max_size=3), _names)
@example(["a\n::error::b"], "##[error]x")
@example(["%0A,:=\r"], "::")
def test_annotations_say_hostile_names_and_nothing_else(names, sentence):
    change = _hostile(names, sentence)
    found = _commands(check_as_github(change))
    statement = change.findings[0].imports[0]

    assert [name for name, _, _ in found] == ["error", "warning", "warning", "notice"]
    assert [set(properties) for _, properties, _ in found] == [
        {"file", "line", "endLine", "title"},
        {"file", "line", "endLine", "title"},
        {"file", "title"},
        {"file", "line", "endLine", "title"},
    ]
    path = found[0][1]["file"]
    assert "\n".join(map(clean, re.split("\r|\n", path))) == "\n".join(map(clean, re.split("\r|\n", statement.path)))
    assert clean(statement.imported).replace("\\x3a", ":") in found[0][2].replace("\\x3a", ":")


def _checked(text: str) -> dict:
    assert text.isascii()
    log = json.loads(text)
    jsonschema.Draft7Validator(_SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    return run


def test_the_schema_can_say_no():
    log = json.loads(check_as_sarif(worse()))
    log["runs"][0]["results"][0]["level"] = "bad"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(_SCHEMA).validate(log)


def test_a_worse_change_as_sarif():
    change = worse()
    note = a_finding(("shop.c", "shop.d"), line=9, is_error=False, added=False)
    graphs = (replace(change.graphs[0], findings=(*change.findings, note)),)
    run = _checked(
        check_as_sarif(replace(change, graphs=graphs, unread=(Skipped("shop/bad.py", 3, "invalid syntax"),)))
    )
    (driver,) = run["tool"].values()
    error, second = run["results"]

    assert [rule["id"] for rule in driver["rules"]] == ["import-cycle/import-time"]
    assert (error["level"], error["baselineState"], error["ruleId"]) == ("error", "new", "import-cycle/import-time")
    assert (second["level"], second["baselineState"]) == ("note", "unchanged")
    assert error["message"] == {
        "text": "shop.a now imports shop.b, which closes a cycle: [shop.a](1) → [shop.b](2) → shop.a. Instead: import thing inside Basket.total()."
    }
    assert error["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "shop/a.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3, "endLine": 3, "snippet": {"text": "from shop.b import thing"}},
    }
    along = [place["physicalLocation"]["artifactLocation"]["uri"] for place in error["relatedLocations"]]
    assert along == ["shop/a.py", "shop/b.py"]
    (unread,) = run["invocations"][0]["toolExecutionNotifications"]
    assert unread["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 3}
    assert run["invocations"][0]["executionSuccessful"] is True


def test_without_anything_to_compare_with_no_result_is_new_or_old():
    finding = a_finding(("shop.a", "shop.b"), added=False)
    graph = a_graph(None, standing(("shop.a", "shop.b"), 1), Outcome.WORSE, findings=(finding,))
    run = _checked(check_as_sarif(a_change(graph, before=Before("nothing"))))

    assert "baselineState" not in run["results"][0]


def test_the_fingerprint_of_a_result_stays_when_lines_and_files_move():
    def fingerprint(*further: str, **given) -> str:
        finding = a_finding(("shop.a", "shop.b", *further), **given)
        graph = a_graph(standing((), 0), standing(("shop.a", "shop.b"), 1), Outcome.WORSE, findings=(finding,))
        (result,) = _checked(check_as_sarif(a_change(graph)))["results"]
        return result["partialFingerprints"]["cycles/v1"]

    moved = an_import("shop.a", "shop.b", 99, "lib/shop/a.py", "import shop.b as b")
    assert fingerprint() == fingerprint(imports=(moved,), line=99) == fingerprint("shop.c")
    assert len({fingerprint(), fingerprint(imported="shop.c"), fingerprint(importer="shop.c")}) == 3


@given(st.lists(_names, min_size=1, max_size=3), _names)
def test_sarif_keeps_its_schema_and_names_whole(names, sentence):
    change = _hostile(names, sentence)
    run = _checked(check_as_sarif(change))
    (error, _) = run["results"]
    message = error["message"]["text"]
    links = re.findall(r"(?<!\\)\[((?:\\.|[^\\\]])*)\]\((\d)\)", message)

    uri = error["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    path = change.findings[0].imports[0].path
    assert re.fullmatch(r"[A-Za-z0-9._~/%:-]+", uri)
    assert unquote(uri.removeprefix("file:///")) == path.encode("utf-8", "backslashreplace").decode().lstrip(
        "/" * path.startswith("/")
    )
    unescaped = [re.sub(r"\\(.)", r"\1", text).replace("{{", "{").replace("}}", "}") for text, _ in links]
    assert [clean(name) for name in change.findings[0].cycle] == unescaped
    assert not set("{}") & set(re.sub(r"\{\{|\}\}", "", message)), "a single brace begins or ends a placeholder"
    assert [number for _, number in links] == ["1", "2", "3"]


def test_the_last_line_of_a_statement_is_told(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "__init__.py").write_text("")
    (shop / "a.py").write_text("\n\nfrom shop.b import (\n    one,\n    two,\n)\n")
    (shop / "b.py").write_text("one = two = 1\nimport shop.a\n")
    change = replace(worse(), analysis=analyze("shop", folders=[tmp_path]))

    ((_, properties, _),) = _commands(check_as_github(change))
    assert (properties["line"], properties["endLine"]) == ("3", "6")


def test_paths_are_as_the_repository_has_them_where_the_packages_lie_deeper():
    change = worse(unread=(Skipped("/elsewhere/bad.py", None, "no"),))
    deeper = replace(change, analysis=replace(change.analysis, project="/work/repo/backend"))
    run = _checked(check_as_sarif(deeper, "/work/repo"))
    (unread,) = run["invocations"][0]["toolExecutionNotifications"]

    assert [properties["file"] for _, properties, _ in _commands(check_as_github(deeper, "/work/repo"))] == [
        "backend/shop/a.py",
        "/elsewhere/bad.py",
    ]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "backend/shop/a.py",
        "uriBaseId": "SRCROOT",
    }
    assert unread["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///elsewhere/bad.py"}
    assert check_as_github(deeper, "/other") == check_as_github(deeper)


def test_the_red_of_a_picture_is_seen_by_light_and_by_dark():
    (red,) = re.findall(r"stroke:#(\w{6})", check_as_markdown(worse()))

    def luminance(color: str) -> float:
        parts = [int(color[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for paper in ("FFFFFF", "0D1117"):
        bright, dark = sorted((luminance(red), luminance(paper)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 3, paper


def test_a_summary_is_appended_to_what_other_steps_said(tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    append_summary(str(path), lambda: "one\n")
    append_summary(str(path), lambda: "two\n")
    append_summary(None, lambda: "nowhere")
    append_summary(str(tmp_path / "none" / "summary.md"), lambda: "nowhere")

    assert path.read_text() == "before\none\n\ntwo\n\n"


def _first_imports(names: list[str], error: str, **given) -> Notices:
    """What a check of first imports says in which every text is one of the names, or the error."""
    one, two, three = (names * 3)[:3]
    links = (
        ImportLink(f"{one}.a", f"{two}.b", f"{one}/{two}.py", 3),
        ImportLink(f"{two}.b", f"{three}.c", f"{two}.py", 4),
    )
    entries = tuple(
        FirstImport(f"{name}.{place}", verdict, error, f"{three}/x.py", 7, links, reason=error)
        for place, name in enumerate((one, two, three))
        for verdict in (Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN)
    )
    report = FirstImportReport(None, (), (), entries, 0, None, ())
    analysis = replace(worse().analysis, package=one, selection=(one,))
    return entries_notices(analysis, report, check_entries(entries, gone=[f"{one}.gone"]), **given)


def test_first_imports_that_fail_alike_are_one_notice():
    entries = tuple(
        FirstImport(
            f"shop.{name}", Verdict.CRASH, "ImportError: no x (most likely due to a circular import)", "shop/a.py", line
        )
        for name, line in (("b", 3), ("c", 3), ("a", 3), ("d", 9))
    )
    report = FirstImportReport(None, (), (), (*entries, FirstImport("shop.e", Verdict.OK)), 0, None, ())
    check = check_entries(report.entries, accepted=["shop.d", "shop.e"])
    found = entries_notices(worse().analysis, report, check, baseline="first.txt")

    assert as_github(found) == (
        "First imports, predicted: 3 modules of 5 cannot be imported first; 1 accepted by the baseline.\n"
        "::error file=shop/a.py,line=3,endLine=3,title=Cannot be imported first::shop.a, shop.b and shop.c: ImportError: no x\n"
        "::warning file=first.txt,title=Stale baseline::the baseline need not list shop.e any more; --update takes it out\n"
    )
    assert as_markdown(found) == (
        "<!-- cycles entries: shop -->\n"
        "\n"
        "First imports, predicted: 3 modules of 5 cannot be imported first; 1 accepted by the baseline.\n"
        "\n"
        "- **`shop/a.py:3`** `shop.a`, `shop.b` and `shop.c`: `ImportError`: no x\n"
        "\n"
        "<details><summary>1 more notice</summary>\n"
        "\n"
        "- **`first.txt`** the baseline need not list `shop.e` any more; `--update` takes it out\n"
        "\n"
        "</details>\n"
        "\n"
        "To see this again: `cycles entries shop --check --baseline first.txt`\n"
    )


def test_a_failure_outside_of_the_project_is_shown_where_the_project_asks_for_it():
    links = (
        ImportLink("shop.a", "lib", "shop/a.py", 3),
        ImportLink("lib", "lib.x", "/site-packages/lib/__init__.py", 1),
    )
    entry = FirstImport("shop.a", Verdict.OTHER, "ImportError: no", "/site-packages/lib/x.py", 8, links)
    report = FirstImportReport(None, (), (), (entry,), 0, None, ())
    found = entries_notices(worse().analysis, report, check_entries([entry]))

    assert [(properties["file"], properties["line"]) for _, properties, _ in _commands(as_github(found))] == [
        ("shop/a.py", "3")
    ]


@given(st.lists(_names, min_size=1, max_size=3), _names)
@example(["a\n::error::b"], "##[error]x\n\n# y")
def test_first_imports_survive_hostile_names(names, error):
    found = _first_imports(names, error)
    page = _Page(as_markdown(found))
    commands = _commands(as_github(found))
    run = _checked(as_sarif(found))

    assert page.tags <= _TAGS
    assert len(page.comments) == 1
    assert not re.search(r"[@#_/\\<>`*~&$\[\]]|www\.\w|://", page.words)
    assert [name for name, _, _ in commands] == sorted(
        (name for name, _, _ in commands), key=["error", "warning", "notice"].index
    )
    assert {"error", "warning"} <= {name for name, _, _ in commands} <= {"error", "warning", "notice"}
    assert {result["ruleId"] for result in run["results"]} <= {f"first-import/{verdict}" for verdict in Verdict}


@pytest.mark.parametrize("arguments", [("entries", "shop"), ("scc", "shop"), ("check", "shop")])
def test_every_check_ends_with_1_and_has_the_same_formats(arguments, tmp_path):
    """The shop has one component, and crashes in it; the acyclic sample has neither."""
    acyclic = (arguments[0], "acyclic")
    check = () if arguments[0] == "check" else ("--check",)

    for output_format in ("markdown", "github", "sarif"):
        summary = tmp_path / f"{output_format}.md"
        bad = run(*arguments, *check, "--format", output_format, GITHUB_STEP_SUMMARY=str(summary))
        good = run(*acyclic, *check, "--format", output_format, folder=golden.SAMPLES / "acyclic")
        assert (bad.returncode, good.returncode) == (1, 0)
        assert summary.exists() == (output_format == "github")
        match output_format:
            case "markdown":
                assert re.match(r"<!-- cycles \w+: shop -->\n", bad.stdout)
                shown = bad.stdout
            case "github":
                assert summary.read_text() == f"{shown}\n"
                assert {name for name, _, _ in _commands(bad.stdout)} == {"error"}
                assert _commands(good.stdout) == []
            case _:
                assert len(_checked(bad.stdout)["results"]) >= 1
                assert _checked(good.stdout)["results"] == []


@pytest.mark.parametrize("command", ["entries", "scc"])
def test_the_formats_of_services_need_a_check(command):
    finished = run(command, "shop", "--format", "sarif")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr == "cycles: --format sarif prints what --check finds; add --check\n"
