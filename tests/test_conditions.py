"""Conditions beside what a real interpreter makes of them, in every world that the evaluator speaks of."""

import ast
import platform
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from cycles.source.build_configuration import supported_versions
from cycles.source.conditions import SpecialNames, Truth, World, all_versions, holds, special_names, truth, truth_of

VERSIONS = ((3, 8), (3, 11), (3, 12))
NAMES = SpecialNames(
    typing=frozenset({"TYPE_CHECKING", "MYPY", "TC"}),
    sys=frozenset({"sys", "_s"}),
    version_info=frozenset({"version_info", "v"}),
)
ATOMS = [
    "TYPE_CHECKING",
    "typing.TYPE_CHECKING",
    "TC",
    "True",
    "0",
    "''",
    "None",
    "__debug__",
    "anything",
    "anything.at.all()",
    "__name__ == '__main__'",
    "'__main__' != __name__",
    "__name__ == 'p'",
    *(
        f"{version} {compared} {number}"
        for version in ("sys.version_info", "v", "_s.version_info[:2]")
        for compared in ("<", "<=", ">", ">=", "==", "!=")
        for number in ("(3,)", "(3, 8)", "(3, 11)", "(3, 11, 4)", "(4, 0)")
    ),
    "(3, 9) <= sys.version_info",
    "3 > sys.version_info[0]",
    "sys.version_info.major == 2",
    "sys.version_info.minor >= 12",
    "sys.version_info[1] in (8, 9)",
    "sys.platform == 'win32'",
    "sys.platform in ('linux', 'darwin')",
    "sys.platform not in ['linux']",
    "_s.platform.startswith('lin')",
    "os.name == 'nt'",
    "platform.system() == 'Linux'",
    "platform.python_implementation() == 'PyPy'",
    "sys.implementation.name != 'cpython'",
    "(w := sys.version_info >= (3, 9))",
]
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
    ),
    max_leaves=5,
)  # fmt: skip
PLATFORMS = [("linux", "posix", "Linux", "cpython", "CPython"), ("win32", "nt", "Windows", "pypy", "PyPy")]


class VersionInfo(tuple):
    __slots__ = ()
    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])


def outcomes(condition: str, version, *, as_main: bool, platforms) -> set[bool]:
    """What a real interpreter says, whatever the micro release, the platform and all that is not known."""
    found = set()
    for micro in (0, 4, 99):
        for name, os_name, system, implementation, spelled in platforms:
            for anything in (False, True):
                info = VersionInfo((*version, micro, "final", 0))
                system_module = SimpleNamespace(
                    version_info=info, platform=name, implementation=SimpleNamespace(name=implementation)
                )
                scope = {
                    "TYPE_CHECKING": False,
                    "TC": False,
                    "typing": SimpleNamespace(TYPE_CHECKING=False),
                    "anything": (anything and SimpleNamespace(at=SimpleNamespace(all=lambda: True))) or Falsy(),
                    "__name__": "__main__" if as_main else "p",
                    "sys": system_module,
                    "_s": system_module,
                    "v": info,
                    "os": SimpleNamespace(name=os_name),
                    "platform": SimpleNamespace(
                        system=lambda system=system: system, python_implementation=lambda spelled=spelled: spelled
                    ),
                }
                found.add(bool(eval(condition, scope)))  # noqa: S307  a condition from the list above
    return found


class Falsy:
    at = SimpleNamespace(all=lambda: False)

    def __bool__(self) -> bool:
        return False


@settings(max_examples=1500, deadline=None)
@given(condition=CONDITIONS, version=st.sampled_from(VERSIONS), as_main=st.booleans(), any_platform=st.booleans())
def test_what_is_said_to_hold_holds_and_what_is_not_known_may_go_either_way(condition, version, as_main, any_platform):
    here = (sys.platform, "posix", platform.system(), "cpython", "CPython")
    node = ast.parse(condition, mode="eval").body

    said = holds(node, NAMES, World(version, any_platform=any_platform, as_main=as_main))

    possible = outcomes(condition, version, as_main=as_main, platforms=PLATFORMS if any_platform else [here])
    assert said is None or possible == {said}


@settings(max_examples=500, deadline=None)
@given(condition=CONDITIONS)
def test_the_truth_over_versions_is_what_every_version_says(condition):
    node = ast.parse(condition, mode="eval").body
    imported, as_script = (
        set().union(*(outcomes(condition, version, as_main=main, platforms=PLATFORMS) for version in VERSIONS))
        for main in (False, True)
    )

    said = truth_of(node, NAMES, VERSIONS)

    if said in (Truth.NEVER, Truth.AS_MAIN):
        assert imported == {False}
    if said in (Truth.ALWAYS, Truth.AS_MODULE):
        assert imported == {True}
    if said in (Truth.NEVER, Truth.ALWAYS):
        assert imported == as_script


@pytest.mark.parametrize("atom", ATOMS)
def test_what_one_condition_alone_decides_is_known(atom):
    """Carefulness is no excuse: what every world answers alike is answered."""
    node = ast.parse(atom, mode="eval").body
    for version in VERSIONS:
        possible = outcomes(atom, version, as_main=False, platforms=PLATFORMS)
        if len(possible) == 1 and "'p'" not in atom:
            assert holds(node, NAMES, World(version, any_platform=True)) is possible.pop()


@pytest.mark.parametrize(
    ("text", "typing", "system", "version"),
    [
        ("from typing import TYPE_CHECKING as TC", {"TC"}, set(), set()),
        ("from typing import Any, TYPE_CHECKING as TC, cast", {"TC"}, set(), set()),
        ("import typing as t\nTC = t.TYPE_CHECKING", {"TC"}, set(), set()),
        ("TC: bool = TYPE_CHECKING  # why", {"TC"}, set(), set()),
        ("import sys as _sys\n_sys.version_info", set(), {"_sys"}, set()),
        ("import os, sys as s\ns.version_info", set(), {"s"}, set()),
        ("from sys import version_info as v", set(), set(), {"v"}),
        ("v = sys.version_info", set(), set(), {"v"}),
        ("v = sys.version_info[0]", set(), set(), set()),
        ("x = 1", set(), set(), set()),
    ],
)
def test_names_that_stand_for_what_conditions_are_made_of(text, typing, system, version):
    found, plain = special_names(text), SpecialNames()

    assert found == SpecialNames(plain.typing | typing, plain.sys | system, plain.version_info | version)


def test_a_condition_that_cannot_be_read_is_unknown():
    assert truth("x = 1", SpecialNames()) is Truth.UNKNOWN
    assert truth("(" * 500 + ")" * 500, SpecialNames()) is Truth.UNKNOWN
    assert truth("a or " * 1000 + "a", SpecialNames()) is Truth.UNKNOWN
    assert truth("not " * 400 + "a", SpecialNames()) is Truth.UNKNOWN


@given(
    st.sampled_from([">=", ">", "<", "<=", "==", "!=", "~="]),
    st.sampled_from(["3.8", "3.11", " 3.12 ", "3.11.4", "3.99", "4.0", "2.7"]),
    st.sampled_from(["", ",<4", ", != 3.13"]),
)
def test_the_supported_versions_are_those_that_packaging_allows(operator, version, more):
    allowed = SpecifierSet(f"{operator}{version}{more}", prereleases=True)
    with tempfile.TemporaryDirectory() as folder:
        text = f'[project]\nname = "p"\nrequires-python = "{operator}{version}{more}"\n'
        (Path(folder) / "pyproject.toml").write_text(text, encoding="utf-8")

        found = supported_versions(Path(folder))

    expected = [
        (major, minor)
        for major, minor in all_versions()
        if any(f"{major}.{minor}.{micro}" in allowed for micro in range(100))
    ]
    assert found == (tuple(expected) or None)
