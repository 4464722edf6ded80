"""A small `jq`: the program and the options that our pages use, by the library behind the real one."""

import json
import sys

import jq


def main(arguments: list[str]) -> int:
    """Run `jq [-r] [-e] [-c] PROGRAM` on stdin; returns its exit status."""
    options = {argument for argument in arguments if argument.startswith("-")}
    (program,) = (argument for argument in arguments if not argument.startswith("-"))
    found = jq.compile(program).input_text(sys.stdin.read())
    for value in found.all():
        text = value if "-r" in options and isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        sys.stdout.write(f"{text}\n")
    last = found.all()[-1:]
    return int("-e" in options and last in ([], [None], [False]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
