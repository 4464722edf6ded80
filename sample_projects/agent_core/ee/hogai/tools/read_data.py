"""Reads data of the project, or what the agent made of it before."""

from ee.hogai.artifacts import ArtifactKind
from ee.hogai.assistant.types import AssistantState
from ee.hogai.context import ContextManager
from ee.hogai.tools.base import HogTool
from posthog.schema import Query

READABLE = frozenset({"events", ArtifactKind.INSIGHT, ArtifactKind.REPORT})


class ReadDataTool(HogTool):
    """Runs a query such as `events sign up`."""

    name = "read_data"
    context = ContextManager

    def call(self, state: AssistantState, argument: str) -> str:
        """Return the query that would be run; raises ValueError for data of another kind."""
        kind, _, name = argument.partition(" ")
        if kind not in READABLE:
            raise ValueError(f"cannot read {kind}, only {', '.join(sorted(READABLE))}")
        return f"{Query(name)}\n{self.context(state).describe()}"
