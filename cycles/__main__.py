"""Start the `cycles` command, or `python -m cycles`: signals first, then the command line."""

import gc
import signal
import sys


def run() -> None:
    """Run the command line, and end the process: 0 done, 2 could not do the job, 130 and 143 on SIGINT and SIGTERM."""
    # Until all is loaded, and again once all is done, an interrupt ends the process without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # A run lives for a second or so and makes no reference cycles worth collecting: this saves a fifth of it.
    gc.disable()
    from cycles.processes import Interrupted, interruptible, silence  # noqa: PLC0415  signals come first

    sys.unraisablehook = silence
    try:
        with interruptible():
            from cycles.cli.output import open_standard_streams  # noqa: PLC0415

            open_standard_streams()
            from cycles.cli import run_command  # noqa: PLC0415

            status = run_command(sys.argv[1:])
    except Interrupted as interrupted:
        status = 128 + interrupted.number
    # Nor has Python to look through everything once more at exit: 25 ms.
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    run()
