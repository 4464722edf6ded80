"""The modes of a chat and what they are called."""

from ee.hogai.assistant.types import NodeName
from posthog.schema import AgentMode

FIRST_NODE = {AgentMode.CHAT: NodeName.ROOT, AgentMode.RESEARCH: NodeName.PLANNER}
TITLES = {AgentMode.CHAT: "Chat", AgentMode.RESEARCH: "Deep research"}
