"""Download the releases of `releases.txt` as wheels, without their dependencies, into the ignored folder `corpus/`."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pinned import PROJECT


@dataclass(frozen=True)
class Released:
    """A package, and its releases, oldest first."""

    package: str
    distribution: str
    versions: tuple[str, ...]

    def folder(self, version: str) -> Path:
        """Where a release is unpacked."""
        return PROJECT / "corpus" / "releases" / f"{self.distribution}-{version}"


def released() -> list[Released]:
    """The packages of `releases.txt`."""
    lines = Path(__file__).with_name("releases.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    return [Released(package, distribution, tuple(versions)) for package, distribution, *versions in words]


def download(one: Released, version: str) -> None:
    """Unpack one release, unless it is there."""
    if (one.folder(version) / one.package).is_dir():
        return
    print(f"{one.distribution}=={version}", file=sys.stderr)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--no-compile", "--ignore-requires-python", "--only-binary", ":all:"),
            *("--target", str(one.folder(version)), f"{one.distribution}=={version}"),
        ],
        check=True,
    )


if __name__ == "__main__":
    for one in released():
        for version in one.versions:
            download(one, version)
