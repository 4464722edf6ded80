"""Generated modules, and what groups of them come to, by networkx: an oracle that shares no code with `cycles`."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import networkx as nx
import pytest
from hypothesis import strategies as st

from cycles.enums import GraphName
from cycles.source.module_names import Pair

Statement = tuple[str, str, str]
"""Importer, imported, and where the statement stands."""

PACKAGES = ("p", "p.a", "p.a.sub", "p.b")
MODULES = (*PACKAGES, "p.a.x", "p.a.sub.y", "p.a.sub.z", "p.b.x", "p.b.y", "p.c")
LINES = {
    "body": "from {} import Name\n",
    "function": "def function_{}():\n    from {} import Name\n    return Name\n",
    "typing": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from {} import Name\n",
}
PLACES = {
    GraphName.IMPORT_TIME: ("body",),
    GraphName.RUNTIME: ("body", "function"),
    GraphName.ALL: ("body", "function", "typing"),
}
NAMES = ("p.a.sub=low", "p.b=low", "p.a=high")


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    pair = st.permutations(MODULES).map(lambda names: (names[0], names[1]))
    pairs = draw(st.lists(pair, min_size=2, max_size=18, unique=True))
    return [(*pair, draw(st.sampled_from(sorted(LINES)))) for pair in pairs]


def files_of(found: Iterable[Statement]) -> dict[str, str]:
    texts = dict.fromkeys(MODULES, "class Name: pass\n")
    for number, (importer, imported, place) in enumerate(found):
        line = LINES[place]
        texts[importer] += line.format(number, imported) if place == "function" else line.format(imported)
    return {
        module.replace(".", "/") + ("/__init__.py" if module in PACKAGES else ".py"): text
        for module, text in texts.items()
    }


Model = tuple[tuple[str, ...], tuple[tuple[int, int], ...]]
"""The module of each definition, and which definition uses which."""
LEAVES = tuple(name for name in MODULES if name not in PACKAGES)


@st.composite
def definitions(draw: st.DrawFn) -> Model:
    homes = tuple(draw(st.lists(st.sampled_from(LEAVES), min_size=4, max_size=9)))
    number = st.integers(0, len(homes) - 1)
    pairs = draw(st.lists(st.tuples(number, number), min_size=3, max_size=14, unique=True))
    return homes, tuple((one, other) for one, other in pairs if one != other)


def statements_between(model: Model) -> list[Statement]:
    homes, uses = model
    ends = {(homes[one], homes[other]) for one, other in uses if homes[one] != homes[other]}
    return [(*pair, "body") for pair in sorted(ends)]


def texts_of(model: Model) -> dict[str, str]:
    """Each definition is a name `D`, by its number, and an import stands above those that use it."""
    homes, uses = model
    texts = {name.replace(".", "/") + ("/__init__.py" if name in PACKAGES else ".py"): "" for name in MODULES}
    for module in LEAVES:
        taken = {(homes[other], other) for one, other in uses if homes[one] == module != homes[other]}
        lines = [f"from {home} import D{other}" for home, other in sorted(taken)]
        for number, home in enumerate(homes):
            if home == module:
                lines.append(f"def D{number}(): return {[f'D{other}' for one, other in uses if one == number]}")
        texts[f"{module.replace('.', '/')}.py"] = "\n".join(lines).replace("'", "") + "\n"
    return texts


def edges(found: Iterable[Statement], graph: GraphName) -> dict[Pair, set[Pair]]:
    """The dependencies between modules, and the imports that make each, as Python's import system has them."""
    made: dict[Pair, set[Pair]] = {}
    for importer, imported, place in found:
        if place in PLACES[graph]:
            parts = imported.split(".")
            run = [".".join(parts[:count]) for count in range(1, len(parts))] if graph is not GraphName.ALL else []
            running = [package for package in run if not f"{importer}.".startswith(f"{package}.")]
            for module in (imported, *running):
                made.setdefault((importer, module), set()).add((importer, imported))
    return made


def group(by: str, module: str) -> str:
    """The group of a module, said once more."""
    if by.startswith("package"):
        return ".".join(module.split(".")[: 1 + int(by.partition(":")[2] or 1)])
    return "low" if module.startswith(("p.a.sub", "p.b")) else "high" if module.startswith("p.a") else module


def grouped(
    by: str, made: dict[Pair, set[Pair]], moved: Mapping[str, str] = MappingProxyType({})
) -> dict[Pair, set[Pair]]:
    """The dependencies between groups; `moved` are modules that belong to another group than their name says."""
    found: dict[Pair, set[Pair]] = {}
    for (importer, imported), causes in made.items():
        if by == "siblings":
            one, other = importer.split("."), imported.split(".")
            while one and other and one[0] == other[0]:
                del one[0], other[0]
            if not (one and other):
                continue
            around = importer.split(".")[: len(importer.split(".")) - len(one)]
            ends = ".".join([*around, one[0]]), ".".join([*around, other[0]])
        else:
            ends = moved.get(importer) or group(by, importer), moved.get(imported) or group(by, imported)
        if ends[0] != ends[1]:
            found.setdefault(ends, set()).update(causes)
    return found


def knots(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    found = nx.strongly_connected_components(nx.DiGraph(list(pairs)))
    return sorted((tuple(sorted(names)) for names in found if len(names) > 1), key=lambda names: (-len(names), names))


def words(by: str) -> str | tuple[str, ...]:
    return NAMES if by == "names" else by


EVERY = pytest.mark.parametrize("by", ["package", "package:2", "siblings", "names"])
