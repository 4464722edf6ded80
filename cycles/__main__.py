"""`python -m cycles`."""

from cycles.cli import run

run()
