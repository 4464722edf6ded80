"""The node that turns a topic into questions."""

from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import NodeName
from ee.hogai.research_agent.prompts import QUESTIONS
from ee.hogai.research_agent.state import ResearchState


@node(NodeName.PLANNER)
class ResearchPlannerNode(AssistantNode):
    """Asks the questions that are always asked."""

    def run(self, state: ResearchState) -> ResearchState:
        """Append the questions."""
        topic = state.messages[-1]
        state.messages.append(" ".join(question.format(topic=topic) for question in QUESTIONS))
        return state
