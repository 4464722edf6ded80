"""An INI text in; the same with a contract, or its type, in each place where that may belong, out."""

import configparser
import re
from collections.abc import Iterator

from cycles.contracts.block import CONTRACT_TYPE, as_ini, ini_head
from cycles.contracts.draft import Draft

_HEADER = re.compile(r"^\[importlinter\][^\n]*(?:\n|\Z)", re.MULTILINE)
_TYPES = re.compile(r"^contract_types[ \t]*[=:][^\n]*(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)
_SECTION, _PREFIX = "importlinter", "importlinter:"


def as_blocks(contract: Draft) -> tuple[str, ...]:
    """The contract in the one way in which this format can spell it."""
    return (as_ini(contract),)


def has_type(text: str) -> bool:
    """Whether the contract type is registered."""
    return CONTRACT_TYPE in _parsed(text).get(_SECTION, "contract_types", fallback="").split("\n")


def contracts(text: str) -> list[str]:
    """The ids of all contracts."""
    return [name.rpartition(":")[2] for name in _parsed(text).sections() if name.startswith(_PREFIX)]


def with_section(text: str, roots: tuple[str, ...], newline: str) -> str:
    """The text with the section for import-linter at its end."""
    return _appended(text, ini_head(roots), newline)


def with_type(text: str, newline: str) -> Iterator[str]:
    """The contract type as the first line of the value that is there, else as a value of its own."""
    own = f"    {CONTRACT_TYPE}{newline}"
    pattern, before = (_TYPES, "") if _has_types(text) else (_HEADER, f"contract_types ={newline}")
    for found in pattern.finditer(text):
        after = "" if found[0].endswith("\n") else newline
        yield f"{text[: found.end()]}{after}{before}{own}{text[found.end() :]}"


def with_contract(text: str, contract: Draft, newline: str) -> Iterator[str]:
    """The contract as a section at the end."""
    yield _appended(text, as_ini(contract), newline)


def without(text: str, contract_id: str, *, head: bool) -> str:
    """What a text says beside a contract and its type, and beside `head`, the section around them."""
    parser = _parsed(text)
    said: list[tuple[str, list[tuple[str, str]]]] = [("", sorted(parser.defaults().items()))]
    for name in parser.sections():
        if name.startswith(_PREFIX) and name.rpartition(":")[2] == contract_id:
            continue
        if name == _SECTION and head:
            continue
        items = [(key, value) for key, value in parser.items(name, raw=True) if key != "contract_types"]
        if name == _SECTION and (types := _other_types(parser)):
            items.append(("contract_types", types))
        said.append((name, items))
    return repr(said)


def _other_types(parser: configparser.ConfigParser) -> str:
    lines = parser.get(_SECTION, "contract_types", raw=True, fallback="").strip().split("\n")
    return "\n".join(line for line in lines if line != CONTRACT_TYPE)


def _has_types(text: str) -> bool:
    return _parsed(text).has_option(_SECTION, "contract_types")


def _parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser


def _appended(text: str, block: str, newline: str) -> str:
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    return text + gap + block.replace("\n", newline)
