"""Read files in TOML, and say in one sentence what is wrong with one."""

import re
import tomllib
from pathlib import Path

from cycles.errors import CyclesError

_ANY_BLOCK = re.compile(r"^[ \t]*# cycles: begin (\S+)[ \t]*\r?\n(?:.*\n)*?[ \t]*# cycles: end \1[ \t]*$", re.MULTILINE)
_CONFLICT = re.compile(
    r"^<<<<<<< .*\n((?:.*\n)*?)(?:^\|\|\|\|\|\|\| .*\n(?:.*\n)*?)?^=======\r?\n((?:.*\n)*?)^>>>>>>> .*\n", re.MULTILINE
)


def without_conflicts(text: str) -> str:
    """Return a text without git's conflict markers between the markers of a contract: both sides stay.

    `cycles contract --write` makes anew what is there.
    """

    def merged(block: re.Match[str]) -> str:
        return _CONFLICT.sub(lambda found: found[1] + found[2], block[0])

    return _ANY_BLOCK.sub(merged, text) if "<<<<<<<" in text else text


def toml_document(content: bytes, path: Path) -> dict[str, object]:
    """Return what a TOML file says; raises CyclesError, which names file and line, where it is not valid TOML."""
    try:
        text = without_conflicts(content.decode("utf-8"))
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        line_number = content.count(b"\n", 0, error.start) + 1
        raise CyclesError(f"{path}:{line_number}: not UTF-8; save it as UTF-8") from error
    except ValueError as error:
        # A TOMLDecodeError, or a number of more digits than Python converts.
        found = re.search(r"line (\d+)", str(error))
        line_number = int(found[1]) if found else text.count("\n") + 1
        raise CyclesError(f"{path}:{line_number}: not valid TOML ({error}); fix it first") from error
    except RecursionError as error:
        raise CyclesError(f"{path}: not valid TOML (it nests too deeply); fix it first") from error
