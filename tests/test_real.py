"""On real packages, never on figures tuned by hand: agreement with tools that share no code with `cycles`."""

import ast
import importlib.util
import subprocess
import sys
import warnings
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import kinds_by_ast

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.enums import Form, GraphName, Tag
from cycles.source import read_sources as sources
from cycles.source.file_text import relative_path
from cycles.source.find_packages import locate
from pinned import Entry, entries

pytestmark = [
    pytest.mark.real,
    pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package),
]
GRIMP = (
    "import sys; sys.path.insert(0, '.'); import grimp; graph = grimp.build_graph({package!r}, cache_dir=None)\n"
    "for module in graph.modules: print(module)\n"
    "for module in graph.modules:\n"
    "    for imported in graph.find_modules_directly_imported_by(module):\n"
    "        for found in graph.get_import_details(importer=module, imported=imported):\n"
    "            print(module, imported, found['line_number'])\n"
)


@cache
def reading(entry: Entry) -> sources.Reading:
    return sources.read(locate(entry.package, roots=(), folders=[entry.folder]))


def test_all_has_exactly_the_edges_of_grimp(entry):
    command = [sys.executable, "-c", GRIMP.format(package=entry.package)]
    output = subprocess.run(command, cwd=entry.folder, capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in output.splitlines()]
    modules = {line[0] for line in lines if len(line) == 1}
    edges = {tuple(line) for line in lines if len(line) == 3}
    found = reading(entry)
    # What has no source is in no graph; the packages on the way to it are, in the other two.
    ours = {(a, b, str(line)) for a, b, line, form in found.mentions if form is not Form.DYNAMIC and b in found.modules}
    dropped = found.modules.keys() - modules

    assert modules <= found.modules.keys()
    assert edges <= ours
    assert all(_below_a_plain_folder(found.modules[name].path, entry) for name in dropped)
    for importer, imported, _ in ours - edges:
        assert dropped & {importer, imported}


def test_the_parser_of_cpython_finds_what_grimp_finds(entry, tmp_path, monkeypatch):
    (tmp_path / "grimp.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    found = sources.read(locate(entry.package, roots=(), folders=[entry.folder]))

    left_out = {skipped.path for skipped in found.skipped} - {skipped.path for skipped in reading(entry).skipped}
    assert set(found.mentions) == {
        mention
        for mention in reading(entry).mentions
        if relative_path(found.modules[mention.importer].path, entry.folder) not in left_out
    }
    # What is written for a later Python than the one that runs.
    assert len(left_out) <= len(found.modules) // 100


def _below_a_plain_folder(path: str, entry: Entry) -> bool:
    """Whether a folder without `__init__.py` makes grimp drop a module."""
    above = Path(path).relative_to(entry.folder).parents
    return any(not (entry.folder / folder / "__init__.py").is_file() for folder in list(above)[:-1])


def test_kinds_tags_and_names_agree_with_the_parser(entry):
    found = reading(entry)
    mentions = [mention for mention in found.mentions if mention.form is not Form.DYNAMIC]
    by_module = defaultdict(list)
    for statement in sources.describe(found, sources.judge(found, mentions)):
        by_module[statement.importer].append(statement)

    for module, statements in by_module.items():
        for line_number, expected in _parsed(Path(found.modules[module].path)).items():
            for statement in statements:
                if statement.line_number == line_number:
                    tags = frozenset(statement.tags) & {Tag.OPTIONAL, Tag.CONDITIONAL}
                    assert (statement.kind, tags) in [(kind, tags) for kind, tags, _ in expected], statement
                    assert any(set(statement.names) <= names for _, _, names in expected), statement


def _parsed(path: Path) -> dict[int, list[tuple[str, frozenset[str], set[str]]]]:
    """Kind, tags and names of the import statements of a file, by line; nothing where 3.11 cannot parse it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, RecursionError):
            return {}
    found = defaultdict(list)
    for node, kind, tags in kinds_by_ast.statements(tree):
        names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
        found[node.lineno].append((kind, tags, names))
    return found


def test_literal_dynamic_imports_agree_with_the_parser(entry):
    found = reading(entry)
    ours = {(a, b, line) for a, b, line, form in found.mentions if form is Form.DYNAMIC}
    expected = set()
    for module in found.modules.values():
        data = Path(module.path).read_bytes()
        if b"import_module" in data or b"__import__" in data:
            expected |= {(module.name, *call) for call in _dynamic_calls(data, module, found.modules)}

    assert ours == expected


def _dynamic_calls(data: bytes, module, modules) -> set[tuple[str, int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(data)
    packages = {"__name__": module.name, "__package__": module.name}
    if not module.is_package:
        packages["__package__"] = module.name.rpartition(".")[0]
    calls = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(text)), *rest]
            ):
                package = next(iter([*rest, *(keyword.value for keyword in node.keywords)]), None)
                if name not in ("import_module", "__import__"):
                    continue
                if text.startswith(".") and isinstance(package, ast.Constant | ast.Name):
                    named = package.value if isinstance(package, ast.Constant) else packages.get(package.id)
                    text = importlib.util.resolve_name(text, named) if named else ""
                while text and text not in modules:
                    text = text.rpartition(".")[0]
                if text:
                    calls.add((text, node.func.end_lineno))
    return calls


def test_the_three_graphs_of_every_package(entry):
    from cycles.api import analyze

    for graph in GraphName:
        analysis = analyze(entry.package, folders=[entry.folder], graph=graph)
        # No import can name what has a dot in its name: it is no module that anybody could miss.
        assert all(Path(skipped.path).name.count(".") > 1 for skipped in analysis.skipped), analysis.skipped
        summary = next(summary for summary in analysis.summaries if summary.name is graph)
        assert summary.components == len(analysis.components)
        assert summary.modules == sum(len(component.modules) for component in analysis.components)
        for component in analysis.components:
            assert all(edge.imports for edge in component.dependencies)


def test_runtime_holds_import_time(entry):
    from cycles.api import analyze

    analysis = analyze(entry.package, folders=[entry.folder])
    at_import, at_runtime = (
        {(edge.importer, edge.imported) for edge in analysis.graph(name).dependencies}
        for name in (GraphName.IMPORT_TIME, GraphName.RUNTIME)
    )

    assert at_import <= at_runtime
