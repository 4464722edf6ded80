"""What lists, tuples, sets and dicts hold, as far as that is known.

A list, tuple or set keeps its items as one tuple; a dict keeps a pair of key and value under a key of its own for each,
in their order. Where there may be more in one, it says so.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from cycles.limits import MOST_ITEMS
from cycles.simulate.compile.instructions import Body, Fixed, Outside
from cycles.simulate.vm.scopes import Scopes
from cycles.simulate.vm.values import ABSENT, Absent, Class, Container, Module, Value

ITEMS, MORE, FACTORY, GIVEN = "<items>", "<more>", "<factory>", "<given>"
"""Keys under which a container keeps its items, that it may have others, what a `defaultdict` calls, and that code
which is not followed was given it: that most likely only read it."""
TABLES = {"dict", "defaultdict", "OrderedDict", "Counter", "ChainMap", "mappingproxy"}

_PAIR = 2
Plain: TypeAlias = str | float | tuple[str | float, ...]
"""What can be compared and put in order."""


class Containers(Scopes):
    """A simulated interpreter that has containers."""

    def collection(
        self, kind: str, items: Sequence[Value], fields: tuple[str, ...] = (), *, more: bool = False
    ) -> Container:
        """Return a new list, tuple or set."""
        values: dict[str, Value] = {ITEMS: tuple(items[:MOST_ITEMS])}
        if more or len(items) > MOST_ITEMS:
            values[MORE] = None
        made = Container(values, kind=kind, fields=fields)
        if kind in {"tuple", "frozenset"}:
            # What never changes needs no log.
            made.made = 1 << 60
            return made
        return self.allocate(made)

    def table(self, pairs: Iterable[tuple[Value, Value]], kind: str = "dict", *, more: bool = False) -> Container:
        """Return a new dict."""
        values: dict[str, Value] = {MORE: None} if more else {}
        for key, value in pairs:
            token = token_of(key)
            if token is None or len(values) > MOST_ITEMS:
                values[MORE] = None
                token = f"?{len(values)}"
            values[token] = (key, value)
        return self.allocate(Container(values, kind=kind))

    def items_of(self, container: Container) -> tuple[Value, ...]:
        """Return all that is known to be in a container: the keys of a dict."""
        if container.kind in TABLES:
            return tuple(pair[0] for pair in self.pairs_of(container))
        found = self.read(container, ITEMS)
        return found if isinstance(found, tuple) else ()

    def pairs_of(self, container: Container) -> list[tuple[Value, Value]]:
        """Return all that is known to be in a dict; what is no dict has nothing."""
        if container.kind not in TABLES:
            return []
        values = self.read_all(container)
        # What was put in under a name that is no key stands there alone.
        return [(held[0], held[1]) for held in values.values() if isinstance(held, tuple) and len(held) == _PAIR]

    def is_whole(self, container: Container) -> bool:
        """Whether a container has nothing but what is known to be in it."""
        return self.read(container, MORE) is ABSENT

    def item(self, container: Container, key: Value) -> Value | Absent:
        """Return what a container holds under a key; None where that is not known."""
        if container.kind not in TABLES:
            items = self.items_of(container)
            if isinstance(key, Fixed) and isinstance(key.value, int) and self.is_whole(container):
                return items[key.value] if -len(items) <= key.value < len(items) else ABSENT
            return None
        token = token_of(key)
        if token is None:
            return None
        found = self.read(container, token)
        if isinstance(found, tuple):
            return found[1]
        return ABSENT if self.is_whole(container) else None

    def put(self, container: Container, key: Value, value: Value) -> None:
        """Set an item of a container."""
        if container.kind in TABLES:
            token = token_of(key)
            if token is None or len(container.values) > MOST_ITEMS:
                self.set_value(container, MORE, None)
                token = f"?{len(container.values)}"
            before = self.item(container, key) if self.uncertainty else ABSENT
            self.set_value(container, token, (key, value if before is ABSENT else None))
            return
        items = list(self.items_of(container))
        if isinstance(key, Fixed) and isinstance(key.value, int) and -len(items) <= key.value < len(items):
            items[key.value] = value
            self.set_value(container, ITEMS, tuple(items))
        else:
            self.add_items(container, (value,), more=True)

    def add_items(self, container: Container, items: Sequence[Value], *, more: bool = False) -> None:
        """Add items to a list or set."""
        before = self.items_of(container)
        if container.kind in {"set", "frozenset"}:
            items = [one for one in items if one not in before]
        both = (*before, *items)
        if more or len(both) > MOST_ITEMS or self.uncertainty:
            self.set_value(container, MORE, None)
        if len(both) <= MOST_ITEMS:
            # Of what is uncertain it is enough that it may be there.
            before_all, self.uncertainty = self.uncertainty, 0
            self.set_value(container, ITEMS, both)
            self.uncertainty = before_all

    def remove(self, container: Container, key: Value) -> None:
        """Remove an item of a container, or nobody knows which."""
        token = token_of(key)
        if container.kind in TABLES and token is not None and not self.uncertainty:
            self.set_value(container, token, ABSENT)
        else:
            self.set_value(container, MORE, None)


def plain_of(value: Value) -> Plain | None:
    """Return the text or number that a value is, or the tuple of such; None where it is anything else."""
    if isinstance(value, Container) and value.kind == "tuple" and MORE not in value.values:
        held = value.values.get(ITEMS)
        parts = [one.value if isinstance(one, Fixed) else one for one in held] if isinstance(held, tuple) else [None]
        known = tuple(part for part in parts if isinstance(part, str | int | float))
        return known if len(known) == len(parts) else None
    plain = value.value if isinstance(value, Fixed) else value
    return plain if isinstance(plain, str | int | float) else None


def is_less(left: Value, right: Value) -> bool | None:
    """Return whether one value is less than another; None where that is not known."""
    one, other = plain_of(left), plain_of(right)
    if one is None or other is None or one != one or other != other:  # noqa: PLR0124  what is no number
        return None
    try:
        return one < other  # type: ignore[operator]
    except TypeError:
        return None


def cache_key(body: Body, tokens: Iterable[str | None] | None = None) -> str:
    """Return the key under which it is kept that a function gives the same again, or what it gave for arguments."""
    given = "" if tokens is None else [*tokens]
    return f"{body.module}:{body.first_line}:{body.name}{given}"


def token_of(key: Value) -> str | None:
    """Return the text under which a dict keeps a key; None where nobody knows what it is equal to."""
    match key:
        case str():
            return f"'{key}"
        case Fixed(value=value):
            return f"#{value!r}"
        case Outside(name=name) if "()" not in name:
            return f"@{name}"
        case Class(home=home, name=name):
            return f"@{home}:{name}:{key.line_numbers.start}"
        case Module(name=name):
            return f"@{name}"
    return None
