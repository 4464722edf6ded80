"""Print the lowest version that pyproject.toml allows of each dependency, as constraints for pip (`make lowest`)."""

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement


def lowest(requirement: Requirement) -> str:
    """The constraint that holds a requirement at its lower bound; raises ValueError where it has none."""
    bounds = [bound.version for bound in requirement.specifier if bound.operator in (">=", "==", "~=")]
    if len(bounds) != 1:
        message = f"{requirement} must have one lower bound"
        raise ValueError(message)
    return f"{requirement.name}=={bounds[0]}"


def main() -> None:
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in map(Requirement, tomllib.loads(text)["project"]["dependencies"]):
        if not requirement.marker or requirement.marker.evaluate():
            sys.stdout.write(f"{lowest(requirement)}\n")


if __name__ == "__main__":
    main()
