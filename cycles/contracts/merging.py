"""A configuration and a contract in; the text with the contract in it, every other byte as it was, out.

No editor of TOML or INI: text is put where it may belong, the real parser reads the whole again,
and only a text that says what it said before, and the contract, is taken.
"""

import configparser
import tomllib
from collections.abc import Callable, Iterable

from cycles.contracts import ini_places, toml_places
from cycles.contracts.block import CONTRACT_TYPE, TYPE, begin, own_lines
from cycles.contracts.configuration import Configuration
from cycles.contracts.draft import Draft
from cycles.errors import CyclesError

_SECTION = "importlinter"


def merged(configuration: Configuration, contract: Draft, roots: tuple[str, ...]) -> str:
    """The text of the configuration with the contract in it; merging it again changes nothing.

    `roots` are the root packages where the file names none yet. Raises CyclesError, which names
    file and line, where the contract cannot be put in without touching what is not its own.
    """
    for registered in configuration.contract_types:
        if registered.partition(":")[0].strip() == TYPE and registered != CONTRACT_TYPE:
            line = configuration.line_number(registered)
            message = f'{configuration.path}:{line}: the contract type "{TYPE}" is another class there; rename that'
            raise CyclesError(message)
    places = toml_places if configuration.toml else ini_places
    newline = "\r\n" if "\r\n" in configuration.text else "\n"
    text = configuration.text
    if not configuration.present:
        text = _taken(configuration, contract, [places.with_section(text, roots, newline)], places.has_type)
    if not places.has_type(text):
        text = _taken(configuration, contract, places.with_type(text, newline), places.has_type)
    block = own_lines(contract.id).search(text)
    if block:
        spelled = (own.replace("\n", newline) for own in places.as_blocks(contract))
        candidates: Iterable[str] = [text[: block.start()] + own + text[block.end() :] for own in spelled]
    else:
        candidates = places.with_contract(text, contract, newline)
    return _taken(configuration, contract, candidates, lambda found: places.contracts(found).count(contract.id) == 1)


def _taken(
    configuration: Configuration, contract: Draft, candidates: Iterable[str], wanted: Callable[[str], bool]
) -> str:
    """The first candidate that holds what is wanted and says nothing else that is new."""
    said = _rest(configuration, configuration.text, contract)
    for candidate in candidates:
        try:
            if _rest(configuration, candidate, contract) == said and wanted(candidate):
                return candidate
        except (tomllib.TOMLDecodeError, configparser.Error, RecursionError):
            continue
    if own_lines(contract.id).search(configuration.text):
        message = (
            f"{configuration.path}:{configuration.line_number(begin(contract.id))}: something else stands between the "
            f'markers of "{contract.id}", or the contract itself beside them; move it out of there'
        )
        raise CyclesError(message)
    message = (
        f"{configuration.path}:{configuration.line_number(_SECTION)}: no place for the contract that leaves the rest "
        "as it is; write [tool.importlinter] as a table of its own, or name another file with --config"
    )
    raise CyclesError(message)


def _rest(configuration: Configuration, text: str, contract: Draft) -> str:
    """What a text says beside the contract and what it needs, as something to compare."""
    if not configuration.toml:
        return ini_places.without(text, contract.id, head=not configuration.present)
    return toml_places.without(text, contract.id, head=not configuration.present)
