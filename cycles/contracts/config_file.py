"""Read a configuration of import-linter, and put a contract into its text with every other byte as it was.

No editor of TOML or INI: text is put where it may belong, the real parser reads the whole again, and
only a text that says what it said before, and the contract, is taken.
"""

import configparser
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.contracts.contract_text import (
    EXCEPTIONS,
    SIBLINGS_TYPE,
    TYPE,
    Contract,
    Written,
    as_ini,
    as_inline_toml,
    as_toml,
    block_pattern,
    head,
    markers,
)
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import PlanStep
from cycles.source.module_names import inside
from cycles.toml_files import toml_document, without_conflicts

_IN_ORDER = ("setup.cfg", ".importlinter", "pyproject.toml")
_SECTION = "importlinter"
_ALERTING = ("unmatched_ignore_imports_alerting", "redundant_ignore_imports_alerting")
_BYTE_ORDER_MARK = "\ufeff"

_TOML_HEADER = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*importlinter[ \t]*\][^\n]*(?:\n|\Z)", re.MULTILINE)
_TOML_DOTTED = re.compile(r"^[ \t]*((?:tool[ \t]*\.[ \t]*)?importlinter)[ \t]*\.", re.MULTILINE)
_INI_HEADER = re.compile(r"^\[importlinter\][^\n]*(?:\n|\Z)", re.MULTILINE)
_Edit = tuple[int, int, str]
"""Where a piece of a text begins and ends, and the lines to put in its place."""
_INI_TYPES = re.compile(r"^contract_types[ \t]*[=:][^\n]*(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration file: its text with the newlines that it has, and what its parser reads in that.

    `others` is what does not concern import-linter; `section` its own options, None where it would find none;
    `contracts` the options of each contract, with its id.
    """

    path: Path
    text: str
    others: Mapping[str, object]
    section: Mapping[str, object] | None
    contracts: tuple[Mapping[str, object], ...]

    @property
    def toml(self) -> bool:
        """Whether it is TOML, by the rule of import-linter; else it is INI."""
        return self.path.suffix == ".toml"

    def values(self, key: str) -> tuple[str, ...]:
        """Return what its section says under a key."""
        return strings((self.section or {}).get(key))

    def covers(self, packages: Iterable[str]) -> bool:
        """Return whether the packages lie inside the root packages."""
        roots = self.values("root_packages") or self.values("root_package")
        return all(any(inside(package, root) for root in roots) for package in packages)

    def own(self, wanted: Contract) -> Contract | None:
        """Return the contract that `cycles` keeps here under the id of another; None where there is none.

        Raises CyclesError as `known` does.
        """
        # What one type said is said by the other where it is import-linter's own.
        found = self.known(wanted, TYPE)
        return _contract(found, wanted.graph) if found else None

    def known(self, wanted: Written, *replaced: str) -> Mapping[str, object] | None:
        """Return the options of the contract that `cycles` keeps here under an id; None where there is none.

        It may be of a type that is `replaced`.

        Raises CyclesError where the id is somebody else's, and where the markers are not around it.
        """
        found = next((options for options in self.contracts if options.get("id") == wanted.id), None)
        if found and found.get("type") not in (*replaced, wanted.type):
            problem = f'the contract id "{wanted.id}" is taken by one of type {found.get("type")}; rename that'
            raise self.error(wanted.id, problem)
        begin, end = markers(wanted.id)
        lines = [line.strip() for line in self.text.split("\n")]
        counts = lines.count(begin), lines.count(end)
        if (found or any(counts)) and (counts != (1, 1) or not block_pattern(wanted.id).search(self.text)):
            problem = f'the contract "{wanted.id}" is not between its two markers ("{begin}", "{end}")'
            raise self.error(wanted.id, f"{problem}; put them back, or delete it with them")
        return found

    def line_number(self, text: str) -> int:
        """Return the first line that holds a text, not as the beginning of a longer name; else the first line."""
        return _line_number(self.text, re.search(rf"{re.escape(text)}(?![\w-])", self.text))

    def error(self, text: str, problem: str) -> CyclesError:
        """Return an error that names the line of a text in the file."""
        return CyclesError(f"{self.path}:{self.line_number(text)}: {problem}")

    def without(self, contract: Written, *, section: bool) -> str:
        """Return what it says besides a contract and its type, and besides `section`, as a text to compare."""
        types = sorted(known for known in self.values("contract_types") if known != contract.contract_type)
        options = {
            key: value for key, value in (self.section or {}).items() if key not in ("contract_types", "contracts")
        }
        others = sorted(_dumped(found) for found in self.contracts if found.get("id") != contract.id)
        return _dumped([self.others, types, options if section else {}, others])


def in_force(folder: Path) -> Configuration | None:
    """Return the configuration that `lint-imports` reads in a folder.

    Raises CyclesError where there are two, of which it would silently read the first, and where one is broken.
    """
    there = [read(folder / name) for name in _IN_ORDER if (folder / name).is_file()]
    found = [configuration for configuration in there if configuration.section is not None]
    if len(found) > 1:
        both = " and ".join(f"{other.path}:{other.line_number(_SECTION)}" for other in found[:2])
        raise CyclesError(f"{both} both configure import-linter, which reads only the first; name one with --config")
    return found[0] if found else None


def is_found(path: Path, folder: Path) -> bool:
    """Return whether `lint-imports` looks at that file in a folder, and at no other before it."""
    looked_at = [folder / name for name in _IN_ORDER if (folder / name).is_file() or folder / name == path]
    return looked_at[:1] == [path]


def read(path: Path) -> Configuration:
    """Read a configuration file, which need not be there yet.

    Raises CyclesError, which names the line, where import-linter could not read it.
    """
    if path.exists() and not path.is_file():
        raise CyclesError(f"{path} is not a regular file; name another with --config")
    try:
        content = path.read_bytes() if path.exists() else b""
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CyclesError(f"{path}:{line}: not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise CyclesError(
            f"{path} cannot be read ({error.strerror}); check its permissions, or name another with --config"
        ) from error
    if text.startswith(_BYTE_ORDER_MARK):
        raise CyclesError(f"{path}:1: begins with a byte order mark, which import-linter cannot read; save it without")
    text = without_conflicts(text)
    content = text.encode()
    try:
        if path.suffix == ".toml":
            toml_document(content, path)  # it says what is wrong, and where
        return _parsed(path, text)
    except configparser.Error as error:
        reason = " ".join(error.message.split())
        raise CyclesError(
            f"{path}:{_ini_line(error, text)}: import-linter cannot read it ({reason}); fix it first"
        ) from error


def with_contract(configuration: Configuration, contract: Written) -> str:
    """Return the text of the configuration with the contract in it; doing it again changes nothing.

    Raises CyclesError, which names file and line, where that would touch what is not its own.
    """
    for known in configuration.values("contract_types"):
        if known.partition(":")[0].strip() == contract.type and known != contract.contract_type:
            raise configuration.error(known, f'the contract type "{contract.type}" is another class there; rename that')
    text, toml = configuration.text, configuration.toml
    if configuration.section is None:
        text = _taken(configuration, text, [_at_end(text, head(contract, toml=toml))], contract)
    elif contract.contract_type and contract.contract_type not in configuration.values("contract_types"):
        text = _taken(configuration, text, _places_of_type(text, contract.contract_type, toml=toml), contract)
    spelled = (as_toml(contract), as_inline_toml(contract)) if toml else (as_ini(contract),)
    block = block_pattern(contract.id).search(text)
    edits = ((*block.span(), own) for own in spelled) if block else _places_of_contract(text, *spelled)
    return _taken(configuration, text, edits, contract, whole=True)


def _taken(
    configuration: Configuration, text: str, edits: Iterable[_Edit], contract: Written, *, whole: bool = False
) -> str:
    """Return the text after the first edit that adds our contract type, or the `whole` contract, and nothing else.

    Raises CyclesError where there is none.
    """
    newline = "\r\n" if "\r\n" in configuration.text else "\n"
    said = configuration.without(contract, section=configuration.section is not None)
    for start, stop, lines in edits:
        edited = text[:start] + lines.replace("\n", newline) + text[stop:]
        try:
            found = _parsed(configuration.path, edited)
        except (tomllib.TOMLDecodeError, configparser.Error, RecursionError):
            continue
        own = [options for options in found.contracts if options.get("id") == contract.id]
        types = found.values("contract_types")
        is_known = not contract.contract_type or contract.contract_type in types
        as_meant = is_known and (not whole or (len(own) == 1 and _holds(own[0], contract.fields)))
        if as_meant and found.without(contract, section=configuration.section is not None) == said:
            return edited
    if block_pattern(contract.id).search(configuration.text):
        problem = f'something else is between the markers of "{contract.id}", or the contract is outside them'
        raise configuration.error(markers(contract.id)[0], f"{problem}; move it")
    raise configuration.error(
        _SECTION,
        "no place for the contract that leaves the rest as it is; write [tool.importlinter] as a table of its own, "
        "or name another file with --config",
    )


def _holds(options: Mapping[str, object], fields: Mapping[str, str | bool | Sequence[str]]) -> bool:
    """Return whether a contract says what it is meant to say; a default section of INI may add to that."""
    return all(strings(options.get(key)) == strings(value) for key, value in fields.items())


def _places_of_type(text: str, contract_type: str, *, toml: bool) -> Iterator[_Edit]:
    """Yield edits that put the contract type where it may belong."""
    line = f'contract_types = ["{contract_type}"]\n' if toml else f"    {contract_type}\n"
    below = {_TOML_HEADER: line} if toml else {_INI_TYPES: line, _INI_HEADER: f"contract_types =\n{line}"}
    for pattern, lines in below.items():
        for found in pattern.finditer(text):
            yield found.end(), found.end(), lines if found[0].endswith("\n") else f"\n{lines}"
    if toml:
        for found in _TOML_DOTTED.finditer(text):
            yield found.start(), found.start(), f"{found[1]}.{line}"
        for place in _closing_brackets(text):
            for comma in ("", ", "):
                yield place, place, f'{comma}"{contract_type}"'


def _places_of_contract(text: str, block: str, element: str = "") -> Iterator[_Edit]:
    """Yield edits that put a contract at the end or, as an element of TOML, where an array may end."""
    yield _at_end(text, block)
    for bracket in _closing_brackets(text) if element else ():
        place = len(text[:bracket].rstrip(" \t"))
        fresh = "" if text[:place].endswith("\n") else "\n"
        # The element before may have no comma yet, and a comment after it.
        for comma in ("", "    ,\n"):
            yield place, place, f"{fresh}{comma}{element}"


def _at_end(text: str, block: str) -> _Edit:
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return len(text), len(text), gap + block


def _closing_brackets(text: str) -> Iterator[int]:
    """Yield where arrays may end, the last first."""
    return (found.start() for found in reversed(list(re.finditer(r"\]", text))))


def _parsed(path: Path, text: str) -> Configuration:
    """Parse a text as the file of that name; raises what its parser raises."""
    if path.suffix == ".toml":
        document = tomllib.loads(text)
        tool = _table(document, "tool")
        section = _table(tool, _SECTION)
        if section:
            del tool[_SECTION]
        if not tool:
            document.pop("tool", None)
        listed = section.get("contracts")
        contracts = [found for found in listed if isinstance(found, dict)] if isinstance(listed, list) else []
        return Configuration(path, text, document, section or None, tuple(contracts))
    parser = configparser.ConfigParser()
    parser.read_string(text)
    own = [name for name in parser.sections() if name.startswith(f"{_SECTION}:")]
    return Configuration(
        path,
        text,
        others={name: dict(parser.items(name, raw=True)) for name in parser if name not in (_SECTION, *own)},
        section=dict(parser[_SECTION]) if _SECTION in parser else None,
        contracts=tuple({**parser[name], "id": name.rpartition(":")[2]} for name in own),
    )


def _contract(options: Mapping[str, object], graph: GraphName) -> Contract:
    """Return a contract as a configuration has it."""
    cuts = (expression.partition("->") for expression in strings(options.get(EXCEPTIONS)))
    found = Contract(
        packages=strings(options.get("packages") or options.get("ancestors")),
        graph=graph,
        plan=tuple(PlanStep(importer.strip(), imported.strip(), 0, 0) for importer, _, imported in cuts),
        options=tuple((key, str(options[key])) for key in _ALERTING if key in options),
        by=("siblings",) if options.get("type") == SIBLINGS_TYPE else strings(options.get("by")),
    )
    name = " ".join(strings(options.get("name")))
    return found if name == found.name else replace(found, title=name)


def _ini_line(error: configparser.Error, text: str) -> int:
    """Return the line in which an INI file is broken."""
    if isinstance(error, configparser.InterpolationError):
        key = rf"^{re.escape(error.option)}[ \t]*[=:]"
        return _line_number(text, re.search(key, text, re.MULTILINE | re.IGNORECASE))
    # Most errors have one line, some a list of them.
    line: int | None = getattr(error, "lineno", None) or getattr(error, "errors", [(1, "")])[0][0]
    return line or 1


def _line_number(text: str, found: re.Match[str] | None) -> int:
    """Return the line in which a match begins; the first where there is none."""
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _table(document: dict[str, object], key: str) -> dict[str, object]:
    """Return a table in a table, an empty one where there is none."""
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """Return one or several values, however the format spells them."""
    if value is None or isinstance(value, list | tuple):
        return tuple(map(str, value or ()))
    return tuple(line.strip() for line in str(value).split("\n") if line.strip())


def _dumped(value: object) -> str:
    """Return a value as a text to compare: there nan is itself, and keys have no order."""
    return json.dumps(value, sort_keys=True, default=repr)
