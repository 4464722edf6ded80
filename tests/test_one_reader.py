"""Python is read in one place: who parses, judges conditions and resolves relative names, by the product's own syntax."""

import ast
import importlib.util

from hypothesis import example, given
from hypothesis import strategies as st

import golden
from cycles.source.module_names import absolute_name

PRODUCT = golden.PROJECT / "cycles"
FILES = {path.relative_to(PRODUCT).as_posix(): path for path in sorted(PRODUCT.rglob("*.py"))}
IN_THE_USERS_INTERPRETER = {"children/first_import_child.py", "children/startup_child.py"}
"""They import what the user asks for, in a process of its own, and nothing of `cycles`."""


def files_with(*sources: str) -> set[str]:
    """The files that hold one of some expressions: a name, an attribute, or a text."""
    wanted = {ast.dump(ast.parse(source, mode="eval").body) for source in sources}
    kinds = (ast.Name, ast.Attribute, ast.Constant)
    return {
        name
        for name, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, kinds) and ast.dump(node) in wanted
    }


def files_that_define(*names: str) -> set[str]:
    return {
        file
        for file, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef) and node.name in names
    }


def test_one_module_parses_files_and_one_parses_statements():
    """Expressions and statements on lines that are quoted one by one are parsed where their names are read."""
    found = files_with("ast.parse", "compile", "symtable.symtable", "tokenize.generate_tokens", "tokenize.tokenize")

    assert found - IN_THE_USERS_INTERPRETER == {"source/file_text.py", "source/import_statements.py"}


def test_one_module_decodes_source_files():
    assert files_with("tokenize.detect_encoding", "tokenize.open") == {"source/file_text.py"}


def test_one_module_knows_what_conditions_mean():
    """Two more write `TYPE_CHECKING` into code that they make."""
    assert files_with("'version_info'", "'MYPY'") == {"source/conditions.py"}
    assert files_with("'TYPE_CHECKING'") == {
        "source/conditions.py",
        "fixes/insert_imports.py",
        "fixes/write_moved_code.py",
    }


def test_one_module_takes_lazy_statements_for_plain_ones():
    assert files_that_define("without_lazy", "parse_with_lazy") == {"source/file_text.py"}


def test_one_module_makes_relative_names_absolute():
    assert files_that_define("absolute_name") == {"source/module_names.py"}
    assert files_with("importlib.util.resolve_name", "resolve_name") == set()


def test_one_module_looks_for_strongly_connected_components():
    assert files_that_define("scc_ids") == {"graph/components.py"}
    assert files_with("nx.strongly_connected_components", "networkx.strongly_connected_components") == set()


parts = st.sampled_from(["a", "b", "cd"])


@given(st.integers(0, 5), st.lists(parts, max_size=3), st.lists(parts, min_size=1, max_size=4))
@example(1, [], ["a"])
@example(3, ["b"], ["a", "b"])
def test_relative_names_mean_what_python_says(level, rest, package):
    name = "." * level + ".".join(rest or ([] if level else ["a"]))
    try:
        expected = importlib.util.resolve_name(name, ".".join(package))
    except ImportError:
        expected = None

    # Python leaves the dot behind a package that is named by dots alone; `import_module` takes it away.
    assert absolute_name(name, ".".join(package)) == (expected and expected.rstrip("."))
