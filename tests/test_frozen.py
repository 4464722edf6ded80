"""Quickly made frozen dataclasses, next to those of the standard library."""

import copy
import dataclasses
import pickle
from inspect import signature

import pytest

from cycles import frozen

MAKERS = [dataclasses.dataclass, frozen.dataclass]


def described(make, slots):
    """A class with all that fields can have, made by `make`."""

    @make(frozen=True, slots=slots, order=True)
    class Described:
        """Something."""

        name: str
        number: int = 3
        hidden: list[str] = dataclasses.field(default_factory=list, repr=False, compare=False)

    Described.__qualname__ = "Described"
    return Described


@frozen.dataclass(frozen=True, slots=True)
class Base:
    """What others are derived from."""

    name: str

    def __post_init__(self):
        if not self.name:
            raise ValueError("a name is needed")


@frozen.dataclass(frozen=True, slots=True)
class Derived(Base):
    """What is derived from it."""

    more: tuple[str, ...] = ()


@pytest.mark.parametrize("slots", [True, False])
def test_a_class_does_what_that_of_the_standard_library_does(slots):
    said = []
    for make in MAKERS:
        made = described(make, slots)
        one, same, other = made("a", hidden=["x"]), made(name="a"), made("b", 1)
        said.append(
            (
                [repr(one), one.hidden, same.hidden, hash(one) == hash(same), hash(one) == hash(("a", 3))],
                [one == same, one != other, one == "a", one < other, one <= same, other > one, other >= one],
                [field.name for field in dataclasses.fields(made)],
                dataclasses.replace(one, number=5).number,
                dataclasses.asdict(other),
                signature(made).parameters.keys(),
                [parameter.annotation for parameter in signature(made).parameters.values()],
                made.__match_args__,
                hasattr(one, "__dict__"),
                copy.copy(one) == one,
                copy.deepcopy(one).hidden,
            )
        )

    assert said[0] == said[1]


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_of_it_can_be_changed(make):
    one = described(make, slots=True)("a")

    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.name
    with pytest.raises(TypeError):
        sorted([one, "a"])


def test_fields_of_a_base_come_first_and_what_it_checks_is_checked():
    one = Derived("a", ("b",))

    assert (one.name, one.more, one == Derived("a", ("b",)), one == Base("a")) == ("a", ("b",), True, False)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  its own
    with pytest.raises(ValueError, match="a name is needed"):
        Derived("")


def test_without_equality_each_is_only_itself():
    @frozen.dataclass(frozen=True, slots=True, eq=False)
    class Apart:
        """Equal to nothing else."""

        name: str

    one = Apart("a")

    assert one == one
    assert one != Apart("a")
    assert len({one, Apart("a")}) == 2


def test_what_is_not_to_be_frozen_can_be_changed():
    @frozen.dataclass(slots=True)
    class Open:
        """Not frozen."""

        name: str

    one = Open("a")
    one.name = "b"

    assert one == Open("b")


def test_a_class_without_fields_has_equal_values():
    @frozen.dataclass(frozen=True, slots=True)
    class Nothing:
        """No fields."""

    assert (Nothing() == Nothing(), hash(Nothing()) == hash(Nothing()), repr(Nothing())[-9:]) == (
        True,
        True,
        "Nothing()",
    )
