"""Show as text what was done to a configuration of import-linter."""

from rich.text import Text

from cycles.model import GeneratedContract
from cycles.report.format import clean, counted
from cycles.report.text import TextStyle, join_lines, shell_lines

CHECKED = "kept, with the imports that import-linter sees"


def contract_as_text(made: GeneratedContract, reason: str, command: str, style: TextStyle) -> str:
    """Return which contract a file has now, for what `reason` it is that file, and how to run the contract."""
    exceptions = counted(len(made.exceptions), "exception") if made.exceptions else "locked, no exceptions"
    said = [
        f"contract  {clean(made.name)}",
        f"file      {clean(made.file)}: {exceptions}, {made.state}",
        *([f"because   {reason}"] if reason else []),
        f"checked   {CHECKED}",
    ]
    return join_lines([*map(Text, said), *shell_lines(f"next      {clean(command)}", style)], style)
