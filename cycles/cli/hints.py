"""What to type next, for errors that do not know the command line, and for those of typer."""

import itertools
import re
from collections.abc import Sequence

from cycles.errors import (
    CyclesError,
    KeptAndCutError,
    NoMatchError,
    NotOnCycleError,
    PackageNotFoundError,
    UncuttableError,
)

# What typer says, and what we say; `{help}` is the command that lists what there is.
_USAGE = (
    (r"No such option: (?P<a>\S+) .*?(?P<b>--[\w-]+)\W*", "no such option {a}; did you mean {b}?"),
    (r"No such option: (?P<a>.+)", "no such option {a}; `{help}` lists them"),
    (r"No such command '(?P<a>.*)'\. Did you mean (?P<b>'.*')\?", "no such command {a}; did you mean {b}?"),
    (r"No such command '(?P<a>.*)'\.", "no such command {a}; to look at a package, type `cycles scc {a}`"),
    (r"Option '(?P<a>.*)' requires an argument\.", "{a} needs a value; `{help}` says which"),
    (r"Option '(?P<a>.*)' does not take a value\.", "{a} takes no value; type {a} alone"),
    (r"Missing command\.", "name a command; `{help}` lists them"),
    (
        r"Invalid value for '(?P<a>[^']*)': (Value error, )?(?P<b>'.*') is not one of (?P<c>.*)\.",
        '{a} cannot be "{b}"; type one of {c}',
    ),
    (r"Invalid value for '(?P<a>[^']*)': Input should be a valid integer.*", "{a} needs a whole number"),
    (r"Invalid value for '(?P<a>[^']*)': Input should be a valid number.*", "{a} needs a number"),
    (
        r"Invalid value for '(?P<a>[^']*)': Input should be greater than or equal to (?P<b>\S+)",
        "{a} must be at least {b}",
    ),
    (r"Invalid value for '(?P<a>[^']*)': (?P<b>.*)", "{a} cannot be that ({b}); `{help}` says what it takes"),
)


def usage_sentence(said: str, arguments: Sequence[str]) -> str:
    """Return in one sentence what is wrong with a command line, given what typer says, and what to do next."""
    command = f"cycles {arguments[0]} --help" if arguments and arguments[0].isalpha() else "cycles --help"
    if said.startswith("No such command"):
        command = "cycles --help"
    said = " ".join(said.split())
    for pattern, ours in _USAGE:
        if found := re.fullmatch(pattern, said):
            parts = {name: (text or "").replace("'", "") for name, text in found.groupdict().items()}
            return ours.format(**parts, help=command)
    return f"{said.rstrip('.')}; see `{command}`"


def _is_last_of_several(word: str, arguments: Sequence[str]) -> bool:
    """Tell whether a word is where a component may be, after a package."""
    words = [*itertools.takewhile(lambda argument: not argument.startswith("-"), arguments[1:])]
    return len(words) > 1 and words[-1] == word and arguments[0] not in ("why", "check")


def sentence(error: CyclesError, arguments: Sequence[str]) -> str:
    """Return what is wrong with a command line and what to do next, in one sentence."""
    match error:
        case PackageNotFoundError(name=name) if _is_last_of_several(name, arguments):
            hint = f"for the component that a module is in, type '#{name}' with the quotes"
        case NoMatchError(pattern=(importer, imported), role=role):
            what = f"--{role} {importer} {imported} matches no import inside a component"
            return f"{what}; `cycles cuts --rank --all` lists them"
        case KeptAndCutError():
            hint = "drop one of the two options"
        case UncuttableError(reexports=reexports):
            hint = "add --allow-reexports" if reexports else "drop a --keep"
        case NotOnCycleError(package=package):
            hint = f"`cycles scc {package}` lists the modules on cycles"
        case PackageNotFoundError(name=name, alike=()) if name.endswith(".py"):
            hint = "name a file of a package by its path from here"
        case PackageNotFoundError(alike=()):
            hint = "run it in the folder that holds the package, or add --source-root FOLDER"
        case _:
            return str(error)
    return f"{error}; {hint}"
