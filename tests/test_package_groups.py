"""Packages as groups: every level has all its parts, and no group is out of proportion where packages allow better."""

from collections import Counter

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from cycles.render.package_groups import balanced_groups, package_levels

NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(".".join)
MODULES = st.lists(NAMES, min_size=1, max_size=40, unique=True)


def sizes(modules, most=8, share=4):
    return dict(Counter(balanced_groups(modules, most, share).values()).most_common())


def test_an_only_child_is_looked_through_wherever_it_stands():
    below = [f"q.{part}.m{number}" for part in "abc" for number in range(6)]

    assert sizes([f"p.{name}" for name in below] + ["r.s"]) == {"p.q.a": 6, "p.q.b": 6, "p.q.c": 6, "/*": 1}
    assert sizes([*below, "r.s"]) == {"q.a": 6, "q.b": 6, "q.c": 6, "/*": 1}
    assert sizes(below) == {"q.a": 6, "q.b": 6, "q.c": 6}


def test_a_package_that_holds_nearly_all_is_parted_and_one_that_does_not_fall_apart_stays_whole():
    deep = [f"p.core.{part}.m{number}" for part in "abcd" for number in range(10)]
    flat = [f"p.flat.m{number}" for number in range(30)]

    assert sizes([*deep, "p.core.x", "p.y"]) == {
        "p.core.a": 10, "p.core.b": 10, "p.core.c": 10, "p.core.d": 10, "p.core/*": 1, "p/*": 1,
    }  # fmt: skip
    assert sizes([*flat, "p.y"]) == {"p.flat": 30, "p/*": 1}
    assert sizes(flat) == {"p.flat": 30}


def test_where_there_are_more_packages_than_groups_the_smallest_are_together():
    modules = [f"p.k{part}.m{number}" for part in range(9) for number in range(part + 2)]

    assert sizes(modules, most=4) == {"p/*": 2 + 3 + 4 + 5 + 6 + 7, "p.k8": 10, "p.k7": 9, "p.k6": 8}


@given(MODULES, st.integers(2, 9), st.sampled_from([4, 8]))
def test_every_module_is_in_one_group_and_lies_below_its_name(modules, most, share):
    found = balanced_groups(modules, most, share)

    assert list(found) == modules
    assert len(set(found.values())) <= most
    for module, group in found.items():
        package = group.removesuffix("/*")
        assert not package or module == package or module.startswith(f"{package}.")
    assert found == {name: balanced_groups(modules[::-1], most, share)[name] for name in modules}


@given(MODULES)
def test_the_levels_are_the_tree_of_packages_without_only_children(modules):
    tree = nx.DiGraph()
    for module in modules:
        parts = ("", *module.split("."))
        # What ends a name is a node of its own: the package's own module.
        path = [".".join(parts[1 : length + 1]) for length in range(len(parts))] + [(module,)]
        nx.add_path(tree, path)

    levels = package_levels(modules)

    forks = {node for node in tree if tree.out_degree(node) > 1}
    assert set(levels) == forks
    for package, parts in levels.items():
        below = [{leaf[0] for leaf in [child, *nx.descendants(tree, child)] if isinstance(leaf, tuple)} for child in tree[package]]  # fmt: skip
        assert sorted(part.modules for part in parts) == sorted(tuple(sorted(found)) for found in below)
        assert {part.name for part in parts if part.is_package} == {part.name for part in parts} & forks - {package}
