"""What the agent makes: insights, reports, notes."""

from ee.hogai.artifacts.manager import ArtifactManager
from ee.hogai.artifacts.types import Artifact, ArtifactKind

__all__ = ["Artifact", "ArtifactKind", "ArtifactManager"]
