"""Keeps the artifacts of a conversation."""

from __future__ import annotations

from ee.hogai.artifacts.handlers import show
from ee.hogai.artifacts.store import save
from ee.hogai.artifacts.types import Artifact, ArtifactKind
from ee.hogai.chat_agent.state import ChatState


class ArtifactManager:
    """Saves artifacts and tells the conversation about them."""

    def add(self, state: ChatState, kind: ArtifactKind, text: str) -> ChatState:
        """Save an artifact and return the state that shows it."""
        artifact = Artifact(kind, text)
        state.artifacts.append(save(artifact))
        state.messages.append(show(artifact))
        return state

    def describe_tools(self) -> str:
        """Return the tools that can make artifacts."""
        from ee.hogai.tools.registry.lookup import tool_names

        return ", ".join(name for name in tool_names() if name.startswith("create"))
