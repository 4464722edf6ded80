"""Words in; words and an exit status out."""

import gc
import os
import sys
from typing import Annotated

import typer

from cycles import __version__
from cycles.cli.contract import contract
from cycles.cli.cuts import cuts
from cycles.cli.draw import draw
from cycles.cli.entries import entries
from cycles.cli.pairs import joined
from cycles.cli.scc import scc
from cycles.cli.why import why
from cycles.words import CyclesError

_COULD_NOT, _INTERRUPTED = 2, 130

app = typer.Typer(
    name="cycles",
    help="Find the import cycles of a Python package, what holds them together, and the smallest way out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog="Example: cycles scc ee.hogai --graph all")(scc)
app.command(epilog="Example: cycles cuts ee.hogai 1 --keep 'ee.hogai.tools.**' ee.hogai.state")(cuts)
app.command(epilog="Example: cycles draw ee.hogai 1 -o hogai.svg")(draw)
app.command(epilog="Example: cycles contract ee.hogai --write")(contract)
app.command(epilog="Example: cycles why ee.hogai ee.hogai.tools ee.hogai.chat_agent")(why)
app.command(epilog="Example: cycles entries ee.hogai 1 --run --setup 'import django; django.setup()'")(entries)


def run() -> None:
    """Run the command line; the process ends with 0 (done) or 2 (could not do the job)."""
    # A run lives for a second or so and makes no reference cycles worth collecting: this saves a fifth of it.
    gc.disable()
    # Plugins of pydantic that happen to be installed are none of our business, and looking for them takes time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        app(args=joined(sys.argv[1:]), prog_name="cycles")
    except CyclesError as error:
        _complain(str(error))
    except BrokenPipeError:
        # The reader went away (`cycles … | head`).
        _close_stdout()
        sys.exit(0)
    except OSError as error:
        _close_stdout()
        _complain(f"cannot go on ({error}); make room, or name another place")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _complain(message: str) -> None:
    """Print one line that no name in it can garble, and end."""
    from cycles.wording import clean

    sys.stderr.write(f"cycles: {clean(message)}\n")
    sys.exit(_COULD_NOT)


def _close_stdout() -> None:
    """Point stdout elsewhere, so that what is still to be written does not fail once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with one positional value
    if wanted:
        typer.echo(f"cycles {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass
