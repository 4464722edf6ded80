"""Show as text what was done to a configuration of import-linter."""

from collections.abc import Iterator

from rich.text import Text

from cycles.model import GeneratedContract
from cycles.report.terminal import TextStyle, as_text, shell_lines, titled
from cycles.report.wording import clean, counted

CHECKED = "import-linter passes it, by the imports that it sees"


@as_text
def contract_as_text(made: GeneratedContract, reason: str, command: str, style: TextStyle) -> Iterator[Text]:
    """Return which contract a file has now, for what `reason` it is that file, and how to run the contract."""
    exceptions = counted(len(made.exceptions), "exception") if made.exceptions else "no exceptions"
    said = {
        "contract": clean(made.name),
        "file": f"{clean(made.file)}: {exceptions}, {made.state}",
        **({"because": reason} if reason else {}),
        "checked": CHECKED,
    }
    for title, sentence in said.items():
        yield from titled(title, sentence, style)
    yield from shell_lines(f"next      {clean(command)}", style)
