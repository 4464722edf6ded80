"""A contract that drives or locks packages, and its text for a configuration: TOML or INI, between two markers."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from cycles.contracts.check import Pair
from cycles.model import Step
from cycles.wording import counted, wrapped
from cycles.words import GraphName

TYPE = "acyclic_modules"
CONTRACT_TYPE = f"{TYPE}: cycles.contracts.acyclic.AcyclicModulesContract"
EXCEPTIONS = "ignore_imports"
_WIDTH = 98


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: the packages that it covers, and the cuts of the plan, which it excepts, in their order.

    `proven`: no fewer cuts would do. `notes` are sentences on what the contract does not speak of.
    `title` and `options` were given to the contract in force by hand.
    """

    packages: tuple[str, ...]
    graph: GraphName
    plan: tuple[Step, ...] = ()
    proven: bool = True
    notes: tuple[str, ...] = ()
    title: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """What import-linter knows it by; a contract for another graph is another contract."""
        return "-".join(["cycles", *self.packages[0].split("."), self.graph])

    @property
    def name(self) -> str:
        """What it demands, for people."""
        return self.title or f"{' and '.join(self.packages)}: no import cycles between modules ({self.graph})"

    @property
    def excepted(self) -> tuple[Pair, ...]:
        """The cuts of the plan, in its order."""
        return tuple((step.importer, step.imported) for step in self.plan)

    @property
    def roots(self) -> tuple[str, ...]:
        """The root packages that import-linter needs for it."""
        return tuple(sorted({package.partition(".")[0] for package in self.packages}))

    @property
    def fields(self) -> Mapping[str, str | Sequence[str]]:
        """What it says to import-linter, in the order in which it is written."""
        exceptions = [f"{importer} -> {imported}" for importer, imported in self.excepted]
        return {
            "id": self.id,
            "name": self.name,
            "type": TYPE,
            "packages": self.packages,
            "graph": self.graph,
            **dict(self.options),
            **({EXCEPTIONS: exceptions} if exceptions else {}),
        }


def begin(contract_id: str) -> str:
    """Return the marker above a contract."""
    return f"# cycles: begin {contract_id}"


def end(contract_id: str) -> str:
    """Return the marker below a contract."""
    return f"# cycles: end {contract_id}"


def own_lines(contract_id: str) -> re.Pattern[str]:
    """Return a pattern for the lines from marker to marker."""
    first, last = re.escape(begin(contract_id)), re.escape(end(contract_id))
    return re.compile(rf"^[ \t]*{first}[ \t]*\r?\n(?:.*\n)*?[ \t]*{last}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def as_toml(contract: Contract) -> str:
    """Return the contract as a table; every line ends with a newline."""
    fields = "".join(f"{key} = {value}\n" for key, value in _toml_fields(contract))
    return _between_markers(contract, f"[[tool.importlinter.contracts]]\n{fields}")


def as_inline_toml(contract: Contract) -> str:
    """Return the contract as an inline table: an element of an array, with a comma behind it."""
    fields = ", ".join(f"{key} = {value}" for key, value in _toml_fields(contract))
    return indent(_between_markers(contract, f"{{ {fields} }},\n"), "    ")


def as_ini(contract: Contract) -> str:
    """Return the contract as a section of an INI file."""
    lines = [f"[importlinter:contract:{contract.id}]\n"]
    for key, value in contract.fields.items():
        if key == EXCEPTIONS:
            lines += [f"{key} =\n", *(f"    {comment}\n    {cut}\n" for comment, cut in _steps(contract.plan))]
        elif not isinstance(value, str):
            lines += [f"{key} =\n", *(f"    {item}\n" for item in value)]
        elif key != "id":
            lines.append(f"{key} = {ini_value(value)}\n")
    return _between_markers(contract, "".join(lines))


def ini_value(value: str) -> str:
    """Return a text as an INI file spells it."""
    return value.replace("%", "%%")


def toml_head(roots: Sequence[str]) -> str:
    """Return the table that import-linter needs above all contracts."""
    names = json.dumps(roots, ensure_ascii=False)
    return f'[tool.importlinter]\nroot_packages = {names}\ncontract_types = ["{CONTRACT_TYPE}"]\n'


def ini_head(roots: Sequence[str]) -> str:
    """Return the same for an INI file."""
    names = "".join(f"    {root}\n" for root in roots)
    return f"[importlinter]\nroot_packages =\n{names}contract_types =\n    {CONTRACT_TYPE}\n"


def _toml_fields(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield every field with its value; an exception has a line of its own: a cut that is made takes that with it."""
    for key, value in contract.fields.items():
        if key == EXCEPTIONS:
            lines = (f'    {comment}\n    "{cut}",\n' for comment, cut in _steps(contract.plan))
            yield key, f"[\n{''.join(lines)}]"
        else:
            yield key, json.dumps(value, ensure_ascii=False)


def _between_markers(contract: Contract, text: str) -> str:
    comments = "".join(f"# {line}\n" for line in _comments(contract))
    return f"{begin(contract.id)}\n{comments}{text}{end(contract.id)}\n"


def _comments(contract: Contract) -> Iterator[str]:
    if contract.plan:
        few = "proven fewest" if contract.proven else "lines may only go"
        yield f"Still to be cut, in this order: {counted(len(contract.plan), 'import')} ({few})."
        yield "Once one is cut, the same command takes its line out."
    else:
        yield "Locked: nothing is excepted."
    for note in contract.notes:
        yield from wrapped(note, _WIDTH)


def _steps(plan: Sequence[Step]) -> Iterator[tuple[str, str]]:
    """Yield a comment and an exception for every cut of a plan."""
    for number, step in enumerate(plan, 1):
        left = f"{counted(step.modules_left, 'module')} left in cycles" if step.modules_left else "no cycle left"
        yield f"# {number} of {len(plan)}: {left}", f"{step.importer} -> {step.imported}"
