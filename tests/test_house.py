"""The Makefile, pyproject.toml and the workflows say the same: each of them is found out only when it fails elsewhere.

And the code says nothing twice that a test can see.
"""

import importlib
import pkgutil
import re
import tomllib
from dataclasses import fields, is_dataclass

import pytest
from packaging.requirements import Requirement

import cycles
import golden
from cycles.report.json_values import Document
from lowest import lowest

RUN_AS_FILES = ("__main__", "grimp_worker", "linter_worker", "first_import_child", "startup_child")
"""Modules that do something when they are imported, or that other interpreters run."""


def text_of(name: str) -> str:
    return (golden.PROJECT / name).read_text(encoding="utf-8")


def pyproject() -> dict:
    return tomllib.loads(text_of("pyproject.toml"))


def test_every_target_has_a_line_of_help_and_is_phony():
    makefile = text_of("Makefile")
    explained = re.findall(r"^([a-z]+):.*## .", makefile, re.MULTILINE)

    assert explained == re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    assert sorted(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) == sorted(explained)


@pytest.mark.parametrize("path", [".ci/run", ".pre-commit-config.yaml", ".github/workflows/ci.yml", "CONTRIBUTING.md", "README.md"])  # fmt: skip
def test_what_others_make_is_a_target(path):
    wanted = re.findall(r"(?:^|`|run: |entry: )make ([a-z]+)", text_of(path), re.MULTILINE)
    listed = re.findall(r"target: \[(.*)\]", text_of(path))
    wanted += [name for names in listed for name in names.split(", ")]

    assert wanted
    assert set(wanted) <= set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))


def test_ruff_is_the_same_before_a_commit_and_in_make_lint():
    (pinned,) = (found for found in pyproject()["dependency-groups"]["dev"] if found.startswith("ruff=="))
    before_a_commit = re.search(r"ruff-pre-commit\n +rev: v(\S+)", text_of(".pre-commit-config.yaml"))

    assert before_a_commit[1] == pinned.removeprefix("ruff==")


def test_ci_tests_every_python_that_is_promised():
    project = pyproject()["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    tested = re.search(r"^        python: \[(.*)\]$", text_of(".github/workflows/ci.yml"), re.MULTILINE)[1]

    assert re.findall(r"3\.\d+", tested) == promised
    assert project["requires-python"] == f">={promised[0]}"


def test_every_dependency_has_one_lower_bound_which_make_lowest_tries():
    for requirement in map(Requirement, pyproject()["project"]["dependencies"]):
        name, _, version = lowest(requirement).partition("==")
        assert requirement.name == name
        assert version in requirement.specifier


def test_a_dependency_without_a_lower_bound_is_named():
    with pytest.raises(ValueError, match="x must have one lower bound"):
        lowest(Requirement("x"))


def test_no_document_of_the_json_copies_a_value_that_could_be_written_as_it_is():
    names = [found.name for found in pkgutil.walk_packages(cycles.__path__, "cycles.")]
    modules = [importlib.import_module(name) for name in names if name.rpartition(".")[2] not in RUN_AS_FILES]
    classes = {found for module in modules for found in vars(module).values() if is_dataclass(found)}
    documents = {found for found in classes if isinstance(found, type) and issubclass(found, Document)}

    def shape(found: type) -> list[tuple[str, str]]:
        return [(field.name, str(field.type)) for field in fields(found)]

    values = {tuple(shape(found)): found for found in classes - documents}
    assert len(documents) > 40
    assert [
        (document, values[tuple(shape(document))])
        for document in documents
        if tuple(shape(document)) in values and values[tuple(shape(document))] not in document.__mro__
    ] == []
