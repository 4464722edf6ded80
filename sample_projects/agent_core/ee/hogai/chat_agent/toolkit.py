"""The tools of each mode."""

import ee.hogai.tools as hogai_tools
from ee.hogai.tools.base import HogTool
from posthog.schema import AgentMode

TOOLKIT: dict[AgentMode, tuple[type[HogTool], ...]] = {
    AgentMode.CHAT: (hogai_tools.SearchTool, hogai_tools.CreateInsightTool, hogai_tools.TodoTool),
    AgentMode.RESEARCH: (hogai_tools.ReadDataTool, hogai_tools.CreateInsightTool),
}


def tools_for(mode: AgentMode) -> list[HogTool]:
    """Return a new tool of each kind that a mode may use."""
    return [tool() for tool in TOOLKIT[mode]]
