"""The node that calls the tools which the model asked for."""

from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import AssistantState, NodeName
from ee.hogai.chat_agent.toolkit import TOOLKIT
from ee.hogai.tools import SearchTool


@node(NodeName.EXECUTOR)
class ExecutorNode(AssistantNode):
    """Calls a tool for a message such as `/todo plan; build`; any other command is searched for."""

    toolkit = TOOLKIT
    fallback = SearchTool

    def run(self, state: AssistantState) -> AssistantState:
        """Append what the tool returns, if the last message asks for one."""
        command, _, argument = state.messages[-1].partition(" ")
        if command.startswith("/"):
            by_name = {tool.name: tool for tool in self.toolkit[state.mode]}
            tool = by_name.get(command[1:], self.fallback)
            state.messages.append(tool().call(state, argument))
        return state
