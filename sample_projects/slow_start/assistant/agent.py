from assistant.tools import TOOLS


class Agent:
    tools = TOOLS

    def __init__(self, sources):
        self.sources = sources
