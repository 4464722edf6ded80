"""Which distribution a module belongs to, and where it is, as the metadata and the folders of an environment say."""

import ast
import importlib.metadata
import sys
from pathlib import Path

import grimp
import pytest
import rich

from conftest import write_files
from cycles.source.import_values import ModuleFile
from cycles.source.source_file import SourceFile
from cycles.startup.installed_distributions import Environment, environment_of, normalized
from cycles.startup.unsimulated_modules import EagerImport, Foreign
from started import SITE, distribution, installed


@pytest.fixture
def environment(tmp_path):
    def of(files):
        write_files(tmp_path, files)
        return Environment([tmp_path / SITE], (3, 11))

    return of


def test_a_module_belongs_to_the_distribution_that_lists_it(environment):
    found = environment(installed("PyYAML", {"yaml/__init__.py": "", "_yaml/__init__.py": ""}))

    assert found.distribution_of("yaml.loader") == "PyYAML"
    assert found.modules_of("pyyaml") == {"yaml", "_yaml"}
    assert found.version_of("pyyaml") == "1.0"
    assert found.distributions() == {"PyYAML"}


def test_distributions_that_share_a_namespace_are_told_apart(environment):
    found = environment(
        {
            **installed("google-api", {"google/api/__init__.py": "", "google/api/core.py": ""}),
            **installed("google-auth", {"google/auth/__init__.py": ""}),
        }
    )

    assert found.distribution_of("google.api.core") == "google-api"
    assert found.distribution_of("google.auth") == "google-auth"
    assert found.distribution_of("google.auth.inner") == "google-auth"
    assert found.find("google").file is None
    assert not found.find("google").is_compiled


def test_what_no_distribution_lists_stands_for_itself(environment):
    found = environment({f"{SITE}/loose/__init__.py": ""})

    assert found.distribution_of("loose.inner") == "loose"
    assert found.version_of("loose") is None


def test_metadata_without_a_record_name_top_levels(environment):
    found = environment(
        {
            f"{SITE}/old-1.0.egg-info/PKG-INFO": "Name: old\nVersion: 3\n",
            f"{SITE}/old-1.0.egg-info/top_level.txt": "older\n",
        }
    )

    assert found.distribution_of("older") == "old"
    assert found.version_of("old") == "3"


def test_modules_are_found_as_the_interpreter_would(environment):
    found = environment(
        {
            f"{SITE}/pack/__init__.py": "",
            f"{SITE}/pack/one.py": "",
            f"{SITE}/pack/fast.cpython-311-x86_64-linux-gnu.so": "",
            f"{SITE}/single.py": "",
            f"{SITE}/plain/inner/one.py": "",
        }
    )

    assert found.find("pack").file.is_package
    assert found.find("pack.one").file.path.endswith("pack/one.py")
    assert found.find("pack.fast").is_compiled
    assert found.find("single").file.name == "single"
    assert found.find("plain.inner").file is None
    assert found.find("plain.inner.one").file.name == "plain.inner.one"
    assert found.find("pack.two") is None
    assert [found.is_installed(name) for name in ("pack", "nothing", "json")] == [True, False, None]


def test_folders_of_path_files_are_looked_in_and_their_code_is_left_alone(environment, tmp_path):
    write_files(tmp_path, {"work/src/mine/__init__.py": ""})
    found = environment(
        {f"{SITE}/mine.pth": f"# comment\nimport os; os.abort()\n{tmp_path}/work/src\n{tmp_path}/no/such\n"}
    )

    assert found.folders == (str(tmp_path / SITE), str(tmp_path / "work/src"))
    assert found.find("mine").file.is_package


def test_an_interpreter_is_known_by_the_folders_next_to_it(tmp_path):
    write_files(tmp_path, {"env/bin/python": "", f"{SITE}/pack/__init__.py": ""})

    found = environment_of(str(tmp_path / "env/bin/python"), ())

    assert (found.folders, found.version) == ((str(tmp_path / SITE),), (3, 11))
    assert environment_of(str(tmp_path / "no/bin/python"), ()).folders == ()
    assert environment_of(None, ()).version == sys.version_info[:2]


def test_the_running_environment_is_as_importlib_metadata_says():
    folder = Path(importlib.metadata.distribution("networkx").locate_file(""))
    found = Environment([folder])
    owners = importlib.metadata.packages_distributions()

    for top in ("networkx", "yaml", "rich", "grimp", "hypothesis", "pytest", "_pytest", "jsonschema"):
        assert [found.distribution_of(top)] == sorted(set(owners[top])), top
    for name in ("networkx", "PyYAML", "rich"):
        assert found.version_of(name) == importlib.metadata.version(name)


def test_names_are_compared_as_pip_does():
    assert normalized("Flask_SQL.Alchemy") == "flask-sql-alchemy"
    assert distribution("a-b", "a.py")[f"{SITE}/a_b-1.0.dist-info/METADATA"].splitlines()[1] == "Name: a-b"


def test_what_is_read_at_the_top_of_modules_is_what_a_parser_finds():
    """Of all modules of rich and grimp: the lines, and absolute names, of what is not of the standard library."""
    foreign = Foreign(Environment([]), ())
    paths = [path for package in (rich, grimp) for path in sorted(Path(package.__file__).parent.rglob("*.py"))]
    for path in paths:
        file = SourceFile(ModuleFile("a.b.c.d.e", str(path), is_package=False, folder=""))
        nodes = [
            node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        top = {node.lineno for node in ast.parse(path.read_bytes()).body}

        found = list(foreign.eager_imports(file))

        assert {one.line_number for one in found} <= {node.lineno for node in nodes}
        assert {(one.line_number, one.item.module) for one in found if _counts(one, top)} == {
            (node.lineno, module)
            for node in nodes
            if node.lineno in top
            for module in _named(node)
            if module.partition(".")[0] not in sys.stdlib_module_names
        }
    assert len(paths) > 100


def _counts(one: EagerImport, top: set[int]) -> bool:
    return one.line_number in top and one.item.module.partition(".")[0] not in sys.stdlib_module_names


def _named(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [".".join(filter(None, ["a.b.c.d.e".rsplit(".", node.level)[0] if node.level else "", node.module]))]
