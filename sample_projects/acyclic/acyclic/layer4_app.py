"""Layer 4: the program."""

import sys

from acyclic.layer2_parsing import parse
from acyclic.layer3_reports import report


def main() -> None:
    """Read lines and write the report."""
    sys.stdout.write(report(parse(line) for line in sys.stdin) + "\n")
