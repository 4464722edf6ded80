"""Download the packages of `corpus.txt`, without their dependencies, into the ignored folder `corpus/`."""

import subprocess
import sys

from pinned import Entry, entries


def download(entry: Entry) -> None:
    """Unpack one distribution, unless it is there."""
    if (entry.folder / entry.package.split(".", maxsplit=1)[0]).is_dir():
        return
    print(entry.distribution, file=sys.stderr)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-compile", "--target", str(entry.folder), entry.distribution),
        ],
        check=True,
    )


if __name__ == "__main__":
    for wanted in entries():
        download(wanted)
