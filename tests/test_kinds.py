"""How each spelling of an import takes effect, by lines and by the tree, and what its statement names."""

import ast
import io
import sys
import tokenize
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kinds_by_ast
from conftest import write_files
from cycles.enums import Kind
from cycles.source import read_sources
from cycles.source.code_without_strings import code_of
from cycles.source.conditions import special_names
from cycles.source.enclosing_clauses import Clause, Doubtful, Lines, placed
from cycles.source.find_packages import locate
from cycles.source.import_kinds import Judge
from cycles.source.import_statements import Named, import_nodes, named_by, resolve

CASES = {
    "module level": ("import p.a", "eager"),
    "after a semicolon": ("x = 1; import p.a", "eager"),
    "class body": ("class C:\n    import p.a", "eager"),
    "one-line class": ("class C: import p.a", "eager"),
    "function": ("def f():\n    import p.a", "deferred"),
    "one-line function": ("def f(x={1: 2}): import p.a", "deferred"),
    "async function": ("async def f():\n    import p.a", "deferred"),
    "method": ("class C:\n    def f(self):\n        import p.a", "deferred"),
    "module getattr": ("def __getattr__(name):\n    import p.a", "deferred"),
    "after a docstring with a low line": ('def f():\n    """Say:\nif x:\n    """\n    import p.a', "deferred"),
    "after a docstring like code": ("class C:\n    '''\ndef f():\n'''\n    import p.a", "eager"),
    "after a continued header": ("def f(\n    a,\n    b=(1,\n2),\n) -> int:\n    import p.a", "deferred"),
    "after a joined header": ("if a and \\\nb:\n    import p.a", "eager conditional"),
    "joined to a header": ("if TYPE_CHECKING: \\\nimport p.a", "typing"),
    "after a comment of no indentation": ("def f():\n# if x:\n    import p.a", "deferred"),
    "tabs": ("def f():\n\tif x:\n\t\timport p.a", "deferred conditional"),
    "with": ("with x:\n    import p.a", "eager"),
    "suppress": ("with suppress(ImportError):\n    import p.a", "eager optional"),
    "suppress under an alias": (
        "from contextlib import suppress as quiet\nwith quiet(ImportError):\n    import p.a",
        "eager optional",
    ),
    "suppress assigned": ("quiet = contextlib.suppress\nwith quiet(ImportError):\n    import p.a", "eager optional"),
    "another suppress": ("with unsuppress(ImportError):\n    import p.a", "eager"),
    "suppress something else": ("with contextlib.suppress(KeyError):\n    import p.a", "eager"),
    "loop": ("for x in y:\n    import p.a", "eager conditional"),
    "else of a loop": ("while x:\n    pass\nelse:\n    import p.a", "eager conditional"),
    "match": ("match x:\n    case 1:\n        import p.a", "eager conditional"),
    "if": ("if x:\n    import p.a", "eager conditional"),
    "else": ("if x:\n    pass\nelse:\n    import p.a", "eager conditional"),
    "try": ("try:\n    import p.a\nexcept ImportError:\n    pass", "eager optional"),
    "try with a tuple": ("try:\n    import p.a\nexcept (KeyError, ImportError):\n    pass", "eager optional"),
    "try, second handler": (
        "try:\n    import p.a\nexcept KeyError:\n    pass\nexcept Exception as e:\n    pass",
        "eager optional",
    ),
    "try for another error": ("try:\n    import p.a\nexcept KeyError:\n    pass", "eager"),
    "bare except": ("try:\n    import p.a\nexcept:\n    pass", "eager optional"),
    "one-line try": ("try: import p.a\nexcept ImportError: p = None", "eager optional"),
    "handler": ("try:\n    pass\nexcept ImportError:\n    import p.a", "eager optional"),
    "handler of another error": ("try:\n    pass\nexcept KeyError:\n    import p.a", "eager conditional"),
    "else of a try": ("try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import p.a", "eager optional"),
    "finally": ("try:\n    pass\nexcept ImportError:\n    pass\nfinally:\n    import p.a", "eager"),
    "except star": ("try:\n    import p.a\nexcept* ImportError:\n    pass", "eager optional"),
    "own error class": ("try:\n    import p.a\nexcept MyImportError:\n    pass", "eager"),
    "TYPE_CHECKING": ("if TYPE_CHECKING:\n    import p.a", "typing"),
    "attribute": ("if t.TYPE_CHECKING:\n    import p.a", "typing"),
    "alias": ("from typing import TYPE_CHECKING as TC\nif TC:\n    import p.a", "typing"),
    "assigned": ("TC = typing.TYPE_CHECKING\nif TC:\n    import p.a", "typing"),
    "multi-line alias": (
        "from typing import (\n    Any,\n    TYPE_CHECKING as TC,\n)\nif TC:\n    import p.a",
        "typing",
    ),
    "alias in a comment": ("# use TYPE_CHECKING as fast here\nif fast:\n    import p.a", "eager conditional"),
    "alias in prose": ("'''\nTYPE_CHECKING as fast as\n'''\nif fast:\n    import p.a", "eager conditional"),
    "assigned and more": ("fast = TYPE_CHECKING or x\nif fast:\n    import p.a", "eager conditional"),
    "quotes in a comment": ("def f():\n    x = '''\nclass C:\nend'''  # the ''' ends\n    import p.a", "deferred"),
    "and-ed": ("if x and TYPE_CHECKING:\n    import p.a", "typing"),
    "or-ed": ("if x or TYPE_CHECKING:\n    import p.a", "eager conditional"),
    "not": ("if not TYPE_CHECKING:\n    import p.a", "eager"),
    "else of not": ("if not TYPE_CHECKING:\n    pass\nelse:\n    import p.a", "typing"),
    "else of TYPE_CHECKING": ("if TYPE_CHECKING:\n    pass\nelse:\n    import p.a", "eager"),
    "elif": ("if x:\n    pass\nelif TYPE_CHECKING:\n    import p.a", "typing conditional"),
    "elif after TYPE_CHECKING": ("if TYPE_CHECKING:\n    pass\nelif x:\n    import p.a", "eager conditional"),
    "else after not and elif": (
        "if not TYPE_CHECKING:\n    x\nelif y:\n    z\nelse:\n    import p.a",
        "typing conditional",
    ),
    "False": ("if False:\n    import p.a", "typing"),
    "0": ("if 0:\n    import p.a", "typing"),
    "MYPY": ("if MYPY:\n    import p.a", "typing"),
    "True": ("if True:\n    import p.a", "eager"),
    "else of True": ("if True:\n    pass\nelse:\n    import p.a", "typing"),
    "multi-line condition": ("if (\n    x\n    and TYPE_CHECKING  # why\n):\n    import p.a", "typing"),
    "typing in a function": ("def f():\n    if TYPE_CHECKING:\n        import p.a", "typing"),
    "function under typing": ("if TYPE_CHECKING:\n    def f():\n        import p.a", "typing"),
    "main": ('if __name__ == "__main__":\n    import p.a', "main"),
    "main, other way round": ("if '__main__' == __name__:\n    import p.a", "main"),
    "main and more": ('if __name__ == "__main__" and x:\n    import p.a', "main"),
    "else of main": ('if __name__ == "__main__":\n    pass\nelse:\n    import p.a', "eager"),
    "not main": ('if __name__ != "__main__":\n    import p.a', "eager"),
    "else of not main": ('if __name__ != "__main__":\n    pass\nelse:\n    import p.a', "main"),
    "function under main": ('if __name__ == "__main__":\n    def f():\n        import p.a', "deferred"),
}


def clauses_around(text: str, line_number: int) -> list[Clause | None]:
    """The clause around the first import on a line: by the lines, unless they are in doubt, and by the tree."""
    found: list[Clause | None] = []
    with suppress(Doubtful):
        found.append(Lines(text).clause_around(line_number))
    with suppress(SyntaxError):
        nodes = placed(ast.parse(text))
        imports = [(node, clause) for node, clause in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        found.append(next(clause for node, clause in imports if node.lineno == line_number))
    assert found
    return found


def kind_of(text: str, *, lazy: bool = False) -> str:
    """Kind and tags of the last import in a text, the same by both ways."""
    line_number = max(number for number, line in enumerate(text.split("\n"), 1) if "import p.a" in line)
    judge = Judge(special_names(text))
    judged = [judge.kind_and_tags(clause, lazy=lazy) for clause in clauses_around(text, line_number)]
    ((kind, tags),) = set(judged)
    return " ".join([kind, *tags])


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_the_kind_of_an_import(text, expected):
    assert kind_of(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_the_oracle_agrees(text, expected):
    if "TC = " in text:
        pytest.skip("the oracle does not follow assignments")
    statement, kind, tags = [
        found for found in kinds_by_ast.statements(ast.parse(text)) if ast.unparse(found[0]) == "import p.a"
    ][-1]

    assert isinstance(statement, ast.Import)
    assert " ".join([kind, *sorted(tags)]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lazy import p.a", "lazy"),
        ("if TYPE_CHECKING:\n    lazy import p.a", "typing"),
        ("def f[T: (int, str)](x: T):\n    import p.a", "deferred"),
        ('def f(x=t"{y!r:>{z}}"):\n    import p.a', "deferred"),
        ("try:\n    import p.a\nexcept ImportError, KeyError:\n    pass", "eager optional"),
        ("x = f'{'''\nif x:\n'''}'\nclass C:\n    import p.a", "eager"),
        ("if f'{x['a']}' == TYPE_CHECKING:\n    import p.a", "eager conditional"),
    ],
)  # fmt: skip
def test_syntax_newer_than_the_running_python(text, expected):
    assert kind_of(text, lazy="lazy import" in text) == expected


def test_what_lines_leave_in_doubt_is_unknown_where_python_is_too_old_for_the_syntax(tmp_path):
    newer = "try:\n    x\nexcept OSError, KeyError:\n    y\n"
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/b.py": f"{newer}x = 1; \\\nimport p.a\nimport p.a\n"})

    found = read_sources.read(locate("p", roots=(), folders=[tmp_path]))
    kinds = {judged.line_number: judged.kind for judged in read_sources.judge(found, found.mentions)}

    assert not found.skipped
    assert kinds == {6: Kind.UNKNOWN if sys.version_info < (3, 14) else Kind.EAGER, 7: Kind.EAGER}


@st.composite
def programs(draw) -> str:
    """Nested blocks with strings, comments and joins that look like code, and an import in each block."""
    header = st.sampled_from(
        [
            "def f():", "class C(  # if x:\n  object\n):", "if x:", "if TYPE_CHECKING:", "if (x and\n not y):",
            "with a as b, \\\n c:", "for i in [1,\n2]:", "if __name__ == '__main__':", "async def g(x='''\nif y:\n'''):",
        ]
    )  # fmt: skip
    filler = st.sampled_from(
        ['"""\nif z:\n  else:\n"""', "# else:", "x = [\n1,\n]", "y = 'if x:' \\\n 'b'", "", "z = f'{x:>{y}}'", 'r"\\\\"', "'\"\"\"'"]
    )  # fmt: skip
    lines: list[str] = []
    for depth in range(draw(st.integers(1, 5))):
        lines += [" " * depth + line for line in draw(st.lists(filler, max_size=3))]
        lines.append(" " * depth + f"import m{depth}")
        lines.append(" " * depth + draw(header))
        lines += [" " * (depth + 1) + line for line in draw(st.lists(filler, max_size=2))]
        lines.append(" " * (depth + 1) + "import last")
    return "\n".join(lines)


@given(programs())
def test_kinds_agree_with_the_parser_whatever_strings_look_like(text):
    judge = Judge(special_names(text))

    for statement, kind, tags in kinds_by_ast.statements(ast.parse(text)):
        for clause in clauses_around(text, statement.lineno):
            found, found_tags = judge.kind_and_tags(clause, lazy=False)
            assert (found, set(found_tags)) == (kind, tags)


def test_most_statements_leave_no_doubt():
    """The fast path is worth its lines: black lays code out so that it knows all but what stands behind a semicolon."""
    text = "".join(
        f"{text}\n" for text, _ in CASES.values() if "\\" not in text and "; " not in text and ": import" not in text
    )
    lines = Lines(text)
    doubtful = []
    for node, _ in placed(ast.parse(text)):
        if isinstance(node, ast.Import):
            try:
                lines.clause_around(node.lineno)
            except Doubtful:
                doubtful.append(node.lineno)

    assert doubtful == []


@given(programs())
def test_what_is_blanked_is_no_code(text):
    """Outside strings and comments nothing changes, and every line keeps its length."""
    code = code_of(text).split("\n")

    assert [len(line) for line in code] == [len(line) for line in text.split("\n")]
    fields = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.start[0] == token.end[0]:
            shown = code[token.start[0] - 1][token.start[1] : token.end[1]] if token.string.strip() else ""
        else:
            shown = "\n".join(code[token.start[0] : token.end[0] - 1])
        if token.type == tokenize.STRING and not token.string.startswith("f"):
            assert not shown.lstrip("r").strip()
        elif token.type == tokenize.COMMENT:
            assert not shown.strip()
        elif token.type in (tokenize.NAME, tokenize.OP):
            # From Python 3.12 on the braces around the fields of an f-string are tokens too.
            assert shown == token.string or (fields and token.string in "{}" and shown == " ")
        # 3.12 and later only.
        fields += (token.type == getattr(tokenize, "FSTRING_START", None)) - (
            token.type == getattr(tokenize, "FSTRING_END", None)
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f'{a!r:>{b}} c' # d", "f a!r: {b}"),
        ("f'{{a}} {b}'", "f b"),
        ('f"{", ".join(a)} {b[\'c\']}"', "f .join(a) b[ ]"),
        ('f"{a:\'>10}" + b', "f a: + b"),
        ("f'{x['a']}' + b", "f x[ ] + b"),
        ("rb'{a}' if'{b}'else c", "rb if else c"),
        ('f"""{a + """{b}"""}""" + c', "f a + + c"),
        ("f'{(lambda: a)()}' b", "f (lambda: a)() b"),
        ("'\\'' a", "a"),
        ("f'{a' b", "f a"),
    ],
)
def test_what_stands_in_the_braces_of_a_string_is_code(text, expected):
    code = code_of(text)

    assert code.split() == expected.split()
    assert len(code) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b", [("a.b", "", "a")]),
        ("import a.b as c, d", [("a.b", "", "c"), ("d", "", "d")]),
        ("from . import x", [("p.q", "x", "x")]),
        ("from .. import x as y", [("p", "x", "y")]),
        ("from ..r.s import (\n    x,  # one; (two\n    y as z,\n)", [("p.r.s", "x", "x"), ("p.r.s", "y", "z")]),
        ("from .r import x, \\\n    y; import z", [("p.q.r", "x", "x"), ("p.q.r", "y", "y")]),
        ("from a import *", [("a", "*", "*")]),
        ("from.import_x import y", [("p.q.import_x", "y", "y")]),
        ("from a . b import c", [("a.b", "c", "c")]),
        ("lazy from a import b", [("a", "b", "b")]),
        ("from .... import x", []),
        ("import\ta", [("a", "", "a")]),
    ],
)
def test_what_a_statement_names(text, expected):
    (node,) = import_nodes(text)

    found = named_by(node, "p.q.m", is_package=False)

    assert [(named.module, named.name, named.bound) for named in found] == expected


def test_a_package_is_one_level_closer_to_what_it_names():
    (node,) = import_nodes("from . import x")

    assert named_by(node, "p.q", is_package=True) == (Named("p.q", "x", "x"),)


def test_a_name_is_the_submodule_where_there_is_one():
    modules = {"p", "p.q", "p.q.m"}

    assert resolve(Named("p.q", "m", "m"), modules) == "p.q.m"
    assert resolve(Named("p.q", "f", "f"), modules) == "p.q"
    assert resolve(Named("p.q.compiled", "f", "f"), modules) == "p.q"
    assert resolve(Named("json", "", "json"), modules) is None
