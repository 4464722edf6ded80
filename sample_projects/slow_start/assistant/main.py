"""What a server starts."""

import assistant.sources  # fills the registry
from assistant import search
from assistant.agent import Agent
from assistant.registry import SOURCES


class Assistant(Agent):
    """Answers with all sources."""

    def refund(self, number):
        return self.sources["payments"]().refund(number)

    def find(self, words):
        return search.Index().find(words)


def create():
    return Assistant(SOURCES)
