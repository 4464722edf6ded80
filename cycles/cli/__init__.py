"""The command line: one module a command."""

import itertools
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Annotated

import typer

from cycles import __version__
from cycles.cli.commands import QuickCommand, QuickGroup, spread
from cycles.cli.options import join_pairs
from cycles.errors import (
    CyclesError,
    KeptAndCutError,
    NoChainError,
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


_COULD_NOT = 2

_EXAMPLES = {
    "scc": "ee.hogai --graph all",
    "cuts": "ee.hogai 1 --keep 'ee.hogai.tools.**' ee.hogai.state",
    "why": "ee.hogai ee.hogai.tools ee.hogai.chat_agent",
    "entries": "ee.hogai 1 --run --setup 'import django; django.setup()'",
    "definitions": "ee.hogai 1",
    "draw": "ee.hogai 1 -o hogai.svg",
    "fix": "ee.hogai 1 --write --test 'pytest -q'",
    "startup": "ee.hogai.graph --without pandas",
    "check": "ee.hogai --since main",
    "contract": "ee.hogai --write",
}
"""The commands, each a function in a module of its name, as `--help` lists them."""


def app_with(names: Iterable[str] = _EXAMPLES) -> typer.Typer:
    """Return the program with some commands: to load the others, and to find out their options, takes time."""
    app = typer.Typer(
        cls=QuickGroup,
        name="cycles",
        help="Find the import cycles of a Python package, and the fewest imports to cut.",
        epilog="Begin with: cycles scc PACKAGE. Nothing of PACKAGE is executed, except by --run, --verify and --test.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_main)
    for name in names:
        command: Callable[..., None] = getattr(import_module(f"{__name__}.{name}"), name)
        app.command(cls=QuickCommand, epilog=f"Example: cycles {name} {_EXAMPLES[name]}")(spread(command))
    return app


def run_command(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; returns the exit status: 0 (done), 1 (found) or 2 (could not)."""
    # Plugins of pydantic that happen to be installed are none of our business, and looking for them takes time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    stdout = sys.stdout
    app = app_with([name for name in arguments[:1] if name in _EXAMPLES] or _EXAMPLES)
    try:
        status = app(args=join_pairs(arguments), prog_name="cycles", standalone_mode=False)
    except CyclesError as error:
        return _complain(_sentence(error, arguments))
    except OSError as error:
        _close_stdout()
        return _complain(f"cannot go on ({error}); make room, or name another place")
    except SystemExit as ended:
        if sys.stdout is not stdout:
            # The reader went away (`cycles … | head`): typer replaces stdout and ends with 1, which is no failure here.
            sys.stdout = stdout
            _close_stdout()
            return 0
        status = ended.code
    except Exception as error:
        # Wrong usage, by a class that typer does not export. It quotes what was typed.
        said = getattr(error, "format_message", None)
        if said is None:
            raise
        if arguments:
            return _complain(_usage_sentence(said(), arguments))
        # Nothing was typed: what it says is the help.
        typer.echo(said(), err=True)
        status = _COULD_NOT
    return status if isinstance(status, int) else 0


def _complain(message: str) -> int:
    from cycles.cli.output import remark

    remark(message)
    return _COULD_NOT


def _close_stdout() -> None:
    """Point stdout elsewhere, so that what is still to be written does not fail once more at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with one positional value
    if wanted:
        typer.echo(f"cycles {__version__}")
        raise typer.Exit


def _main(
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


def _usage_sentence(said: str, arguments: Sequence[str]) -> str:
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


def _in_graph(arguments: Sequence[str], graph: str) -> str:
    """Return the same command about another graph."""
    words = [*arguments]
    if "--graph" in words:
        place = words.index("--graph")
        del words[place : place + 2]
    kept = [word for word in words if not word.startswith("--graph=")]
    return shlex.join(["cycles", *kept, "--graph", graph])


def _sentence(error: CyclesError, arguments: Sequence[str]) -> str:
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
        case NoChainError(graphs=(graph, *_)):
            hint = f"in the graph {graph} there is a chain of imports: `{_in_graph(arguments, graph)}`"
        case NotOnCycleError(package=package):
            hint = f"`cycles scc {package}` lists the modules on cycles"
        case PackageNotFoundError(name=name, alike=()) if name.endswith(".py"):
            hint = "name a file of a package by its path from here"
        case PackageNotFoundError(alike=()):
            hint = "run it in the folder that holds the package, or add --source-root FOLDER"
        case _:
            return str(error)
    return f"{error}; {hint}"
