"""A contract in; the built-in contracts of import-linter that come nearest to it, with their measured rates, out."""

from collections.abc import Iterator, Sequence

from cycles.contracts.block import toml_head, toml_strings
from cycles.contracts.draft import Draft
from cycles.contracts.exchange import Rival
from cycles.contracts.verification import Place, rivals_of
from cycles.errors import CyclesError


def as_builtin(contract: Draft, place: Place, roots: Sequence[str]) -> str:
    """The best built-in contract as TOML; what each of them catches and what it breaks for wrongly, as comments.

    Raises CyclesError where the code keeps none of them.
    """
    rivals = sorted(rivals_of(contract, place), key=_score, reverse=True)
    if not rivals:
        message = (
            f"no built-in contract of import-linter can be kept by {contract.packages[0]}; leave out --style builtin"
        )
        raise CyclesError(message)
    return "".join(f"{line}\n" for line in _lines(contract, rivals, toml_head(roots, with_type=False)))


def _lines(contract: Draft, rivals: Sequence[Rival], head: str) -> Iterator[str]:
    yield head
    yield f"# The built-in contracts nearest to {contract.id}, measured with new imports added one at a time:"
    for rival in rivals:
        caught, alarms = rival["caught"], rival["alarms"]
        yield (
            f"#   {rival['type']}: breaks for {_rate(caught)} that close a cycle ({contract.graph}), "
            f"and for {_rate(alarms)} that close none; {len(rival['ignored'])} imports ignored"
        )
    best = rivals[0]
    yield "[[tool.importlinter.contracts]]"
    yield f'id = "{contract.id}-{best["type"]}"'
    yield f'name = "{contract.packages[0]}: {best["type"]}"'
    yield f'type = "{best["type"]}"'
    for key, values in best["fields"].items():
        yield f"{key} = {toml_strings(values)}"
    if best["ignored"]:
        yield "ignore_imports = ["
        yield from (f'    "{importer} -> {imported}",' for importer, imported in best["ignored"])
        yield "]"


def _score(rival: Rival) -> float:
    """Detection less false alarms."""
    return _share(rival["caught"]) - _share(rival["alarms"])


def _share(figures: tuple[int, int]) -> float:
    return figures[0] / figures[1] if figures[1] else 0.0


def _rate(figures: tuple[int, int]) -> str:
    """A share in words."""
    return f"{figures[0]:,} of {figures[1]:,} ({_share(figures):.0%})" if figures[1] else "none of none"
