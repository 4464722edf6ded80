"""The table of all tools by name."""

TOOLS: dict[str, type] = {}
