"""A shell that finds its commands late, inside a function."""

PROMPT = "> "


def run(line: str) -> str:
    """Run one line."""
    commands = __import__("dynamic_import.commands", fromlist=["find"])
    return commands.find(line)()
