"""What `[tool.cycles]` in pyproject.toml says for every command."""

import json

import jsonschema
import pytest

from conftest import write_files
from test_cli import run, schema

FILES = {
    "src/acme/__init__.py": "",
    "src/acme/a.py": "import acme.b\nimport lib\n",
    "src/acme/b.py": "import acme.c\n",
    "src/acme/c.py": "import acme.a\n",
    "src/acme/tests/__init__.py": "",
    "lib/__init__.py": "import acme.a\n",
    "deep/er/note.txt": "",
}


def configured(folder, text):
    return write_files(folder, {**FILES, "pyproject.toml": f"[tool.cycles]\n{text}\n"})


@pytest.mark.parametrize("package", ['"acme"', '"src/acme"', '["acme"]', '"src"'])
@pytest.mark.parametrize("folder", [".", "deep/er", "src/acme"])
def test_commands_look_at_the_package_that_is_configured(tmp_path, package, folder):
    configured(tmp_path, f"package = {package}")

    found = json.loads(run("scc", "--format", "json", folder=tmp_path / folder).stdout)

    assert [component["modules"][:3] for component in found["components"]] == [["acme.a", "acme.b", "acme.c"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["scc", "1"],
        ["scc", "#b"],
        ["cuts", "1"],
        ["why", "acme.a", "acme.b"],
        ["why", "a", "b"],
        ["entries"],
        ["draw", "1", "--format", "dot"],
        ["contract", "1"],
    ],
)
def test_no_command_needs_to_be_told_what_is_configured(tmp_path, arguments):
    """Without PACKAGE each says what it says with it, but for the commands that it names."""
    configured(tmp_path, 'package = "acme"')
    words = [arguments[0], *(["acme"] if arguments[1:2] != ["acme.a"] else []), *arguments[1:]]

    short, long = run(*arguments, folder=tmp_path), run(*words, folder=tmp_path)

    assert (short.returncode, short.stderr) == (long.returncode, long.stderr)
    assert short.stdout.partition("next  ")[0] == long.stdout.partition("next  ")[0] != ""


def test_what_is_typed_overrules_the_package_that_is_configured(tmp_path):
    configured(tmp_path, 'package = "acme"')

    assert run("scc", "lib", folder=tmp_path).stdout.startswith("lib · with acme ")


def test_only_and_exclude_are_those_of_the_options(tmp_path):
    configured(tmp_path, 'package = "acme"\nonly = true\nexclude = ["acme.tests"]')
    by_configuration = json.loads(run("scc", "--format", "json", folder=tmp_path).stdout)
    (tmp_path / "pyproject.toml").write_text("")
    by_options = json.loads(
        run("scc", "acme", "--only", "--exclude", "acme.tests", "--format", "json", folder=tmp_path).stdout
    )

    assert by_configuration == by_options
    assert (by_options["packages"], by_options["modules"]) == (["acme"], 4)


def planned(folder, *arguments):
    (component,) = json.loads(run("cuts", "acme", "--only", "--format", "json", *arguments, folder=folder).stdout)["components"]  # fmt: skip
    return [(step["importer"], step["imported"]) for step in component["plan"]]


@pytest.mark.parametrize("graph", ["import-time", "all"])
def test_keep_and_cut_are_those_of_the_options(tmp_path, graph):
    configured(tmp_path, 'keep = ["acme.a -> acme.b", "acme.b -> *.c"]')
    assert planned(tmp_path, "--graph", graph) == [("acme.c", "acme.a")]

    configured(tmp_path, 'cut = ["acme.b -> acme.c"]')
    assert planned(tmp_path, "--graph", graph) == [("acme.b", "acme.c")]


def test_a_cut_that_is_made_may_stay_in_the_configuration(tmp_path):
    configured(tmp_path, 'cut = ["acme.b -> acme.gone"]\nkeep = ["acme.x -> acme.y"]')

    finished = run("cuts", "acme", folder=tmp_path)

    assert (finished.returncode, finished.stderr) == (0, "")
    assert run("cuts", "acme", "--cut", "acme.b", "acme.gone", folder=tmp_path).returncode == 2


def test_the_contract_keeps_what_is_configured(tmp_path):
    configured(tmp_path, 'package = "acme"\nonly = true\nkeep = ["acme.a -> acme.b", "acme.b -> acme.c"]')

    finished = run("contract", "--format", "json", folder=tmp_path)
    document = json.loads(finished.stdout)

    jsonschema.validate(document, schema("contract"))
    assert document["exceptions"] == [["acme.c", "acme.a"]]


def test_a_contract_as_json_says_what_became_of_it(tmp_path):
    configured(tmp_path, "")

    def contract(*arguments):
        document = json.loads(run("contract", "acme", "--only", "--format", "json", *arguments, folder=tmp_path).stdout)
        jsonschema.validate(document, schema("contract"))
        return document["state"], document["file"], document["exceptions"]

    (pair,) = contract()[2]
    assert contract() == ("shown", "pyproject.toml", [pair])
    assert contract("--write") == ("new", "pyproject.toml", [pair])
    assert contract("--write") == ("unchanged", "pyproject.toml", [pair])
    assert contract("--write", "--cut", *pair) == ("unchanged", "pyproject.toml", [pair])
    importer = tmp_path / "src" / f"{pair[0].replace('.', '/')}.py"
    importer.write_text(importer.read_text().replace(f"import {pair[1]}\n", ""))
    assert contract("--write") == ("rewritten", "pyproject.toml", [])


def test_a_contract_goes_to_a_file_or_to_stdout(tmp_path):
    configured(tmp_path, "")
    shown = run("contract", "acme", "--only", folder=tmp_path).stdout

    assert run("contract", "acme", "--only", "-o", "-", folder=tmp_path).stdout == shown != ""
    assert run("contract", "acme", "--only", "-o", "c.toml", folder=tmp_path).stdout == ""
    assert (tmp_path / "c.toml").read_text(encoding="utf-8") == shown
