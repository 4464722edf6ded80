"""Arguments in; the same with each `--keep IMPORTER IMPORTED` as one value, out: typer has no repeatable pairs."""

from collections.abc import Iterable, Sequence

from cycles.errors import CyclesError

_OPTIONS = ("--keep", "--cut")
_ARROW = " -> "


def joined(arguments: Sequence[str]) -> list[str]:
    """Join the two values of every pair option; what is a pair already (`"a -> b"`) stays.

    >>> joined(["cuts", "p", "--keep", "p.a", "p.b"])
    ['cuts', 'p', '--keep', 'p.a -> p.b']
    """
    found: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument, equals, value = waiting.pop(0).partition("=")
        if argument in _OPTIONS and equals:
            waiting.insert(0, value)
        else:
            argument += equals + value
        found.append(argument)
        if argument in _OPTIONS and waiting and "->" not in waiting[0]:
            values, waiting = waiting[:2], waiting[2:]
            found.append(_ARROW.join(values))
    return found


def as_pairs(option: str, values: Iterable[str] | None) -> list[tuple[str, str]]:
    """The pairs that an option was given; raises CyclesError for half a pair."""
    pairs = []
    for value in values or ():
        importer, arrow, imported = (part.strip() for part in value.partition("->"))
        if not (importer and arrow and imported) or imported.startswith("-"):
            message = f"{option} takes an importer and an imported module, such as {option} shop.orders shop.customers"
            raise CyclesError(message)
        pairs.append((importer, imported))
    return pairs
