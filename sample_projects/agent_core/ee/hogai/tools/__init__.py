"""The tools that the agent can call."""

from ee.hogai.tools.create_insight import CreateInsightTool
from ee.hogai.tools.read_data import ReadDataTool
from ee.hogai.tools.search import SearchTool
from ee.hogai.tools.todo import TodoTool

__all__ = ["CreateInsightTool", "ReadDataTool", "SearchTool", "TodoTool"]
