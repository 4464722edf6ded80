TOOLS = {}

from assistant.agent import Agent


class Summary(Agent):
    """Sums up what an agent found."""


TOOLS["summary"] = Summary
