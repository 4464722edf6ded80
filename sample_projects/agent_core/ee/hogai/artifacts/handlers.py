"""How each kind of artifact is shown."""

from ee.hogai.artifacts.types import Artifact, ArtifactKind
from ee.hogai.assistant.types import NodeName
from ee.hogai.utils.text import shorten

MADE_BY = {ArtifactKind.INSIGHT: NodeName.GENERATOR, ArtifactKind.REPORT: NodeName.REPORT}


def show(artifact: Artifact) -> str:
    """Return an artifact on one line."""
    return f"[{MADE_BY[artifact.kind]}] {shorten(artifact.text)}"
