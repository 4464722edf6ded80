"""Files of accepted findings: one a line, sorted, with comments that stay with the line below them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cycles.errors import CyclesError

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")


@dataclass(frozen=True, slots=True)
class EntryLines:
    """A file divided into its header, each entry with the comments directly above it, and what follows the last.

    The header is what is above the last empty line before the first entry.
    """

    header: str
    entries: Mapping[str, str]
    trailer: str

    def updated(self, gone: Collection[str], new: Collection[str]) -> str:
        """Return the text without some entries and with new ones, sorted; what stays keeps its comments."""
        kept = {entry: block for entry, block in self.entries.items() if entry not in gone}
        kept |= {entry: f"{entry}\n" for entry in new if entry not in kept}
        return self.header + "".join(kept[entry] for entry in sorted(kept)) + self.trailer


def divided(text: str, path: str, is_entry: Callable[[str], bool], complaint: str) -> EntryLines:
    """Divide a file of accepted findings.

    Raises CyclesError, which names the line and ends with the complaint, where one is no entry.
    """
    header, waiting = "", ""
    entries: dict[str, str] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if _CONFLICT.match(line):
            raise CyclesError(f"{path}:{number}: a conflict marker of git; settle the conflict first")
        entry = line.partition("#")[0].strip()
        if entry and not is_entry(entry):
            raise CyclesError(f'{path}:{number}: "{entry}" {complaint}')
        waiting += f"{line}\n"
        if entry:
            entries.setdefault(entry, waiting)
            waiting = ""
        elif not line.strip() and not entries:
            header, waiting = header + waiting, ""
    return EntryLines(header, entries, waiting)
