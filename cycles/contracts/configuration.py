"""A folder in; the configuration of import-linter that is in force there, and what it says, out."""

import configparser
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cycles.contracts.block import TYPE, begin, end, own_lines
from cycles.contracts.verdict import Pair
from cycles.errors import CyclesError
from cycles.source.names import inside

_IN_ORDER = ("setup.cfg", ".importlinter", "pyproject.toml")
_SECTION = "importlinter"
_ALERTING = ("unmatched_ignore_imports_alerting", "redundant_ignore_imports_alerting")
_HEADER = re.compile(
    r"^[ \t]*\[+[ \t]*(?:tool[ \t]*\.[ \t]*)?importlinter\b|^[ \t]*(?:tool\.)?importlinter\b", re.MULTILINE
)
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of a configuration, as far as it matters here; `options` are those of the contract type's alerting."""

    id: str
    name: str
    type: str
    packages: tuple[str, ...]
    excepted: tuple[Pair, ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration file: its text with the newlines that it has, and what import-linter reads in it.

    `present` is False where it has no section for import-linter. In a new file all is empty.
    """

    path: Path
    text: str
    toml: bool
    present: bool
    roots: tuple[str, ...]
    exclude_type_checking_imports: bool
    contract_types: tuple[str, ...]
    contracts: tuple[Contract, ...]

    def covers(self, packages: Collection[str]) -> bool:
        """Whether the packages lie inside the root packages."""
        return all(any(inside(package, root) for root in self.roots) for package in packages)

    def own(self, contract_id: str) -> Contract | None:
        """The contract that `cycles` keeps under that id; None where there is none.

        Raises CyclesError where the id is somebody else's, and where the markers do not stand around it.
        """
        found = next((contract for contract in self.contracts if contract.id == contract_id), None)
        where = f"{self.path}:{self.line_number(contract_id)}"
        if found and found.type != TYPE:
            message = f'{where}: the contract id "{contract_id}" is taken by one of type {found.type}; rename that'
            raise CyclesError(message)
        lines = [line.strip() for line in self.text.split("\n")]
        markers = lines.count(begin(contract_id)), lines.count(end(contract_id))
        if (found or any(markers)) and (markers != (1, 1) or not own_lines(contract_id).search(self.text)):
            message = (
                f'{where}: the contract "{contract_id}" does not stand between its two markers '
                f'("{begin(contract_id)}", "{end(contract_id)}"); put them back, or delete it with them'
            )
            raise CyclesError(message)
        return found

    def line_number(self, text: str) -> int:
        """The first line that holds a text, not as the beginning of a longer name; else the first line."""
        found = re.search(rf"{re.escape(text)}(?![\w-])", self.text)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1


def in_force(folder: Path) -> Configuration | None:
    """The configuration that `lint-imports` reads in a folder.

    Raises CyclesError where there are two, of which it would silently read the first, and where one is broken.
    """
    found = [
        configuration
        for name in _IN_ORDER
        if (folder / name).is_file()
        if (configuration := read(folder / name)).present
    ]
    if len(found) > 1:
        both = " and ".join(f"{other.path}:{_header_line(other.text)}" for other in found[:2])
        message = f"{both} both configure import-linter, which reads only the first; name one with --config"
        raise CyclesError(message)
    return found[0] if found else None


def is_found(path: Path, folder: Path) -> bool:
    """Whether `lint-imports` looks at that file in a folder, and at no other before it."""
    looked_at = [folder / name for name in _IN_ORDER if (folder / name).is_file() or folder / name == path]
    return looked_at[:1] == [path]


def read(path: Path) -> Configuration:
    """Read a configuration file; raises CyclesError, which names the line, where import-linter could not."""
    toml = path.suffix == ".toml"
    if not path.exists():
        return Configuration(path, "", toml, False, (), False, (), ())  # noqa: FBT003  as the fields are named above
    if not path.is_file():
        message = f"{path} is no regular file; name another with --config"
        raise CyclesError(message)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"{path}:{line}: not UTF-8; save it as UTF-8"
        raise CyclesError(message) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check its permissions, or name another with --config"
        raise CyclesError(message) from error
    if text.startswith(_BYTE_ORDER_MARK):
        message = f"{path}:1: begins with a byte order mark, which import-linter cannot read; save it without"
        raise CyclesError(message)
    session, contracts = _toml_sections(path, text) if toml else _ini_sections(path, text)
    roots = _strings(session.get("root_packages", session.get("root_package")))
    return Configuration(
        path=path,
        text=text,
        toml=toml,
        present=bool(session),
        roots=roots,
        exclude_type_checking_imports=str(session.get("exclude_type_checking_imports")) in ("True", "true"),
        contract_types=_strings(session.get("contract_types")),
        contracts=tuple(map(_contract, contracts)),
    )


def toml_document(text: str) -> dict[str, object]:
    """The document that a TOML text stands for; raises tomllib.TOMLDecodeError."""
    return tomllib.loads(text)


def table(document: object, key: str) -> dict[str, object]:
    """A table in a table, empty where there is none."""
    found = document.get(key) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def ini_document(text: str) -> configparser.ConfigParser:
    """The sections of an INI text, as import-linter reads them; raises configparser.Error."""
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser


def _toml_sections(path: Path, text: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    document = config.toml_document(text.encode(), path)
    session = dict(table(table(document, "tool"), _SECTION))
    contracts = session.pop("contracts", [])
    found = (
        [dict(contract) for contract in contracts if isinstance(contract, dict)] if isinstance(contracts, list) else []
    )
    return (session or {"contracts": []} if found else session), found


def _ini_sections(path: Path, text: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    session: dict[str, object] = {}
    contracts: list[dict[str, object]] = []
    try:
        parser = ini_document(text)
        for name in parser.sections():
            if name == _SECTION:
                session = {"": "", **dict(parser[name])}  # even an empty section is in force
            elif name.startswith(f"{_SECTION}:"):
                contracts.append({**dict(parser[name]), "id": name.rpartition(":")[2]})
    except configparser.Error as error:
        message = f"{path}:{_ini_line(error, text)}: import-linter cannot read it ({_first_line(error)}); fix it first"
        raise CyclesError(message) from error
    return session, contracts


def _first_line(error: configparser.Error) -> str:
    return " ".join(error.message.split())


def _ini_line(error: configparser.Error, text: str) -> int:
    """Where an INI file is broken."""
    match error:
        case configparser.MissingSectionHeaderError() | configparser.DuplicateSectionError() if error.lineno:
            return error.lineno
        case configparser.DuplicateOptionError() if error.lineno:
            return error.lineno
        case configparser.ParsingError():
            return error.errors[0][0]
        case configparser.InterpolationError():
            found = re.search(rf"^{re.escape(error.option)}[ \t]*[=:]", text, re.MULTILINE | re.IGNORECASE)
            return text.count("\n", 0, found.start()) + 1 if found else 1
    return 1


def _contract(options: dict[str, object]) -> Contract:
    excepted = []
    for expression in _strings(options.get("ignore_imports")):
        importer, _, imported = expression.partition("->")
        excepted.append((importer.strip(), imported.strip()))
    return Contract(
        id=str(options.get("id", "")),
        name=" ".join(_strings(options.get("name"))),
        type=str(options.get("type", "")),
        packages=_strings(options.get("packages")),
        excepted=tuple(excepted),
        options=tuple((key, str(options[key])) for key in _ALERTING if key in options),
    )


def _strings(value: object) -> tuple[str, ...]:
    """One or several values, however the format spells them."""
    if isinstance(value, str):
        return tuple(line.strip() for line in value.split("\n") if line.strip())
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _header_line(text: str) -> int:
    found = _HEADER.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
