"""The assistant, the face of the agent."""

from ee.hogai.assistant.main import Assistant

__all__ = ["Assistant"]
