"""The command line: one module a command."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from typing import Annotated

import typer

from cycles import __version__
from cycles.cli.check import check
from cycles.cli.commands import QuickCommand, QuickGroup, spread
from cycles.cli.contract import contract
from cycles.cli.cuts import cuts
from cycles.cli.definitions import definitions
from cycles.cli.draw import draw
from cycles.cli.entries import entries
from cycles.cli.fix import fix
from cycles.cli.hints import sentence, usage_sentence
from cycles.cli.options import join_pairs
from cycles.cli.scc import scc
from cycles.cli.startup import startup
from cycles.cli.why import why
from cycles.errors import CyclesError

_COULD_NOT = 2

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
_EXAMPLES = (
    (scc, "ee.hogai --graph all"),
    (cuts, "ee.hogai 1 --keep 'ee.hogai.tools.**' ee.hogai.state"),
    (why, "ee.hogai ee.hogai.tools ee.hogai.chat_agent"),
    (entries, "ee.hogai 1 --run --setup 'import django; django.setup()'"),
    (definitions, "ee.hogai 1"),
    (draw, "ee.hogai 1 -o hogai.svg"),
    (fix, "ee.hogai 1 --write --test 'pytest -q'"),
    (startup, "ee.hogai.graph --without pandas"),
    (check, "ee.hogai --since main"),
    (contract, "ee.hogai --write"),
)
for _command, _example in _EXAMPLES:
    _epilog = f"Example: cycles {_command.__name__} {_example}"
    app.command(cls=QuickCommand, epilog=_epilog)(spread(_command))


def run_command(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; returns the exit status: 0 (done), 1 (found) or 2 (could not)."""
    # Plugins of pydantic that happen to be installed are none of our business, and looking for them takes time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    stdout = sys.stdout
    wanted = copy(app)
    # To find out what options a command has takes time: for all commands only where none is named.
    wanted.registered_commands = [
        found for found in app.registered_commands if found.callback and found.callback.__name__ in arguments[:1]
    ] or app.registered_commands
    try:
        status = wanted(args=join_pairs(arguments), prog_name="cycles", standalone_mode=False)
    except CyclesError as error:
        return _complain(sentence(error, arguments))
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
            return _complain(usage_sentence(said(), arguments))
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


@app.callback()
def _main(
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass
