"""What the agent keeps from one conversation to the next."""

from ee.hogai.memory.collector import MemoryCollector

__all__ = ["MemoryCollector"]
