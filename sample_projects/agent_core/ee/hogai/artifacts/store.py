"""Artifacts, in memory."""

from ee.hogai.artifacts.types import Artifact

_artifacts: list[Artifact] = []


def save(artifact: Artifact) -> int:
    """Keep an artifact and return its number."""
    _artifacts.append(artifact)
    return len(_artifacts)
