"""Show as text what was done to a configuration of import-linter."""

from rich.text import Text

from cycles.model import GeneratedContract
from cycles.report.terminal import TextStyle, join_lines, shell_lines
from cycles.report.wording import clean, counted, wrapped

CHECKED = "import-linter passes it, by the imports that it sees"
_TITLE = 10


def contract_as_text(made: GeneratedContract, reason: str, command: str, style: TextStyle) -> str:
    """Return which contract a file has now, for what `reason` it is that file, and how to run the contract."""
    exceptions = counted(len(made.exceptions), "exception") if made.exceptions else "no exceptions"
    said = {
        "contract": clean(made.name),
        "file": f"{clean(made.file)}: {exceptions}, {made.state}",
        **({"because": reason} if reason else {}),
        "checked": CHECKED,
    }
    lines = [
        Text(f"{'' if number else title:<{_TITLE}}{line}")
        for title, sentence in said.items()
        for number, line in enumerate(wrapped(sentence, style.width - _TITLE))
    ]
    return join_lines([*lines, *shell_lines(f"next      {clean(command)}", style)], style)
