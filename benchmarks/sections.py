"""Write parts of a report that several scripts share."""

import re
from pathlib import Path


def write_section(path: Path, name: str, lines: list[str]) -> None:
    """Write lines between the markers of a part of a file; a part that is new comes last."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    part = "\n".join([begin, "", *lines, "", end])
    known = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    text = known.sub(lambda _: part, text) if known.search(text) else f"{text.rstrip()}\n\n{part}\n".lstrip()
    path.write_text(text, encoding="utf-8")
