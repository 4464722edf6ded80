"""A draft in; its text for a configuration file, out: TOML or INI, between markers that say whose it is."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from cycles.contracts.draft import Draft
from cycles.contracts.verdict import Pair
from cycles.model import Step
from cycles.wording import counted, wrapped

TYPE = "acyclic_modules"
CONTRACT_TYPE = f"{TYPE}: cycles.contracts.acyclic.AcyclicModulesContract"
_WIDTH = 98
TABLE = "[[tool.importlinter.contracts]]"


def begin(contract_id: str) -> str:
    """The marker above a contract."""
    return f"# cycles: begin {contract_id}"


def end(contract_id: str) -> str:
    """The marker below a contract."""
    return f"# cycles: end {contract_id}"


def own_lines(contract_id: str) -> re.Pattern[str]:
    """The lines from marker to marker."""
    first, last = re.escape(begin(contract_id)), re.escape(end(contract_id))
    return re.compile(rf"^[ \t]*{first}[ \t]*\r?\n(?:.*\n)*?[ \t]*{last}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def as_toml(contract: Draft) -> str:
    """The contract as a table of its own, its markers around it; every line ends with a newline.

    A cut that is made takes its line with it.
    """
    lines = [begin(contract.id), *_comments(contract), TABLE, *(f"{key} = {value}" for key, value in _fields(contract))]
    lines += _toml_exceptions(contract.plan)
    return "".join(f"{line}\n" for line in (*lines, end(contract.id)))


def as_inline_toml(contract: Draft) -> str:
    """The contract as an inline table: an element of an array, with a comma behind it."""
    fields = ", ".join(f"{key} = {value}" for key, value in _fields(contract))
    exceptions = _toml_exceptions(contract.plan)
    first = [f"{{ {fields}, {exceptions[0]}", *exceptions[1:-1], "] },"] if exceptions else [f"{{ {fields} }},"]
    lines = [begin(contract.id), *_comments(contract), *first, end(contract.id)]
    return "".join(f"    {line}\n" for line in lines)


def as_ini(contract: Draft) -> str:
    """The contract as a section of an INI file."""
    lines = [
        begin(contract.id),
        *_comments(contract),
        f"[importlinter:contract:{contract.id}]",
        f"name = {_ini_value(contract.name)}",
        f"type = {TYPE}",
        "packages =",
        *(f"    {package}" for package in contract.packages),
        f"graph = {contract.graph}",
        *(f"{key} = {_ini_value(value)}" for key, value in contract.options),
    ]
    if contract.plan:
        lines.append("ignore_imports =")
        for comment, (importer, imported) in _steps(contract.plan):
            lines += [f"    {comment}", f"    {importer} -> {imported}"]
    return "".join(f"{line}\n" for line in (*lines, end(contract.id)))


def toml_head(roots: Iterable[str], *, exclude_type_checking_imports: bool = False) -> str:
    """The table that import-linter needs above all contracts."""
    exclude = "exclude_type_checking_imports = true\n" if exclude_type_checking_imports else ""
    types = f'contract_types = ["{CONTRACT_TYPE}"]\n'
    return f"[tool.importlinter]\nroot_packages = {toml_strings(roots)}\n{exclude}{types}"


def ini_head(roots: Iterable[str]) -> str:
    """The same for an INI file."""
    names = "".join(f"    {root}\n" for root in roots)
    return f"[importlinter]\nroot_packages =\n{names}contract_types =\n    {CONTRACT_TYPE}\n"


def toml_strings(values: Iterable[str]) -> str:
    """Names as an array of strings."""
    quoted = (f'"{value}"' for value in values)
    return f"[{', '.join(quoted)}]"


def _fields(contract: Draft) -> Iterator[tuple[str, str]]:
    yield "id", f'"{contract.id}"'
    yield "name", json.dumps(contract.name, ensure_ascii=False)
    yield "type", f'"{TYPE}"'
    yield "packages", toml_strings(contract.packages)
    yield "graph", f'"{contract.graph}"'
    yield from ((key, json.dumps(value, ensure_ascii=False)) for key, value in contract.options)


def _ini_value(value: str) -> str:
    return value.replace("%", "%%")


def _toml_exceptions(plan: Sequence[Step]) -> list[str]:
    if not plan:
        return []
    lines = ["ignore_imports = ["]
    for comment, (importer, imported) in _steps(plan):
        lines += [f"    {comment}", f'    "{importer} -> {imported}",']
    return [*lines, "]"]


def _comments(contract: Draft) -> Iterator[str]:
    if contract.plan:
        few = "proven fewest" if contract.proven else "lines may only go"
        yield f"# Still to be cut, in this order: {counted(len(contract.plan), 'import')} ({few})."
        yield "# Once one is cut, the same command takes its line out."
    else:
        yield "# Locked: nothing is excepted."
    for note in contract.notes:
        yield from (f"# {line}" for line in wrapped(note, _WIDTH))


def _steps(plan: Sequence[Step]) -> Iterator[tuple[str, Pair]]:
    for number, step in enumerate(plan, 1):
        left = f"{counted(step.modules_left, 'module')} left in cycles" if step.modules_left else "no cycle left"
        yield f"# {number} of {len(plan)}: {left}", (step.importer, step.imported)
