"""Language models."""

from ee.hogai.llm.client import Completion, LLMClient

__all__ = ["Completion", "LLMClient"]
