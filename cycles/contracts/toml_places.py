"""A TOML text in; the same with a contract, or its type, in each place where that may belong, out."""

import copy
import re
from collections.abc import Iterator

from cycles.contracts.block import CONTRACT_TYPE, as_inline_toml, as_toml, toml_head
from cycles.contracts.configuration import table, toml_document
from cycles.contracts.draft import Draft

_HEADER = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*importlinter[ \t]*\][^\n]*(?:\n|\Z)", re.MULTILINE)
_DOTTED = re.compile(r"^[ \t]*((?:tool[ \t]*\.[ \t]*)?importlinter)[ \t]*\.", re.MULTILINE)


def as_blocks(contract: Draft) -> tuple[str, str]:
    """The contract in each way in which it can be spelled: a table, or an element of an array."""
    return as_toml(contract), as_inline_toml(contract)


def has_type(text: str) -> bool:
    """Whether the contract type is registered."""
    types = _section(text).get("contract_types")
    return isinstance(types, list) and CONTRACT_TYPE in types


def contracts(text: str) -> list[str]:
    """The ids of all contracts."""
    found = _section(text).get("contracts")
    return [str(table_.get("id")) for table_ in found if isinstance(table_, dict)] if isinstance(found, list) else []


def with_section(text: str, roots: tuple[str, ...], newline: str) -> str:
    """The text with the table for import-linter at its end."""
    return _appended(text, toml_head(roots), newline)


def with_type(text: str, newline: str) -> Iterator[str]:
    """The contract type as an element of the array that is there, else in a line of its own."""
    if "contract_types" in _section(text):
        for place in _closing_brackets(text):
            for comma in ("", ", "):
                yield f'{text[:place]}{comma}"{CONTRACT_TYPE}"{text[place:]}'
    else:
        line = f'contract_types = ["{CONTRACT_TYPE}"]{newline}'
        for found in _HEADER.finditer(text):
            after = "" if found[0].endswith("\n") else newline
            yield f"{text[: found.end()]}{after}{line}{text[found.end() :]}"
        for found in _DOTTED.finditer(text):
            yield f"{text[: found.start()]}{found[1]}.{line}{text[found.start() :]}"


def with_contract(text: str, contract: Draft, newline: str) -> Iterator[str]:
    """The contract as a table at the end, else as an element of the array that is there."""
    yield _appended(text, as_toml(contract), newline)
    own = as_inline_toml(contract).replace("\n", newline)
    for place in _closing_brackets(text):
        line_start = text.rfind("\n", 0, place) + 1
        alone = not text[line_start:place].strip()
        before, after = (text[:line_start], text[line_start:]) if alone else (text[:place], text[place:])
        trimmed = before.rstrip()
        fresh = "" if alone else newline
        yield f"{before}{fresh}{own}{after}"
        yield f"{trimmed},{before[len(trimmed) :]}{fresh}{own}{after}"
        yield f"{before}    ,{newline}{own}{after}"


def without(text: str, contract_id: str, *, head: bool) -> str:
    """What a text says beside a contract and its type, and beside `head`, the section around them."""
    document = copy.deepcopy(toml_document(text))
    tool = table(document, "tool")
    section = table(tool, "importlinter")
    for key, own in (
        ("contracts", lambda item: _is(item, contract_id)),
        ("contract_types", lambda item: item == CONTRACT_TYPE),
    ):
        values = section.get(key)
        if isinstance(values, list):
            section[key] = [value for value in values if not own(value)]
            if not section[key]:
                del section[key]
    if head:
        tool.pop("importlinter", None)
        if not tool:
            document.pop("tool", None)
    return repr(document)


def _is(contract: object, contract_id: str) -> bool:
    return isinstance(contract, dict) and contract.get("id") == contract_id


def _section(text: str) -> dict[str, object]:
    return table(table(toml_document(text), "tool"), "importlinter")


def _appended(text: str, block: str, newline: str) -> str:
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    return text + gap + block.replace("\n", newline)


def _closing_brackets(text: str) -> Iterator[int]:
    """Where arrays may end, the last first."""
    return (found.start() for found in reversed(list(re.finditer(r"\]", text))))
