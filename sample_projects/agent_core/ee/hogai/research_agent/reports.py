"""The node that writes the report."""

from ee.hogai.artifacts import Artifact, ArtifactKind
from ee.hogai.artifacts.handlers import show
from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import AssistantState, NodeName


@node(NodeName.REPORT)
class ReportNode(AssistantNode):
    """Makes the last message a report."""

    def run(self, state: AssistantState, kind: ArtifactKind = ArtifactKind.REPORT) -> AssistantState:
        """Append the report."""
        state.messages.append(show(Artifact(kind, state.messages[-1])))
        return state
