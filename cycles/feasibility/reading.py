"""The files of modules in; how each uses its names, out, each read once and within a limit."""

from collections.abc import Mapping

from cycles.feasibility.uses import Uses, uses_of
from cycles.model import ModuleFile
from cycles.texts import UnreadableError, read_text

LIMIT = 24_000_000
"""Characters of source that are parsed for one answer; what lies beyond stays unknown."""


class Modules:
    """The modules read so far, and how much may still be read."""

    def __init__(self, files: Mapping[str, ModuleFile], limit: int = LIMIT) -> None:
        """Nothing is read yet."""
        self.files = files
        self.left = limit
        self._uses: dict[str, Uses | str] = {}

    def uses(self, module: str) -> Uses | str:
        """How a module uses its names; where that cannot be told, why not."""
        if module not in self._uses:
            self._uses[module] = self._read(module)
        return self._uses[module]

    def _read(self, module: str) -> Uses | str:
        if module not in self.files:
            return "its source is not there to be read"
        try:
            text = read_text(self.files[module].path)
            self.left -= len(text)
            if self.left < 0:
                return "not looked at: the component is too large"
            return uses_of(text)
        except UnreadableError:
            return "the file cannot be parsed"
        except RecursionError:
            return "the file is too deeply nested to be followed"
