"""The files of modules in; how each uses its names, out, each read once and within a limit."""

from cycles.source.module import SourceCache
from cycles.source.text import UnreadableError
from cycles.source.usage import Uses, uses_of

LIMIT = 24_000_000
"""Characters of source that are parsed for one answer; what lies beyond stays unknown."""


class Modules:
    """The modules read so far, and how much may still be read."""

    def __init__(self, sources: SourceCache, limit: int = LIMIT) -> None:
        """Nothing is read yet."""
        self.files = sources.modules
        self.sources = sources
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
            file = self.sources.file(module)
            self.left -= len(file.text)
            if self.left < 0:
                return "not looked at: the component is too large"
            found = uses_of(file.tree, file.text, file.special_names, self.sources.versions)
            file.forget_tree()
        except UnreadableError:
            return "the file cannot be parsed"
        except RecursionError:
            return "the file is too deeply nested to be followed"
        return found
