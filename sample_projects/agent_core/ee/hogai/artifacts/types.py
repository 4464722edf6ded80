"""What an artifact is."""

from dataclasses import dataclass
from enum import StrEnum


class ArtifactKind(StrEnum):
    """The kinds of artifacts."""

    INSIGHT = "insight"
    REPORT = "report"


@dataclass(frozen=True)
class Artifact:
    """Something that was made in a conversation."""

    kind: ArtifactKind
    text: str
