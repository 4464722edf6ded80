"""How the modules of a run use their names, each read once and within a limit."""

from cycles.source.import_statements import bound_names, named_by
from cycles.source.module import SourceCache
from cycles.source.text import UnreadableError
from cycles.source.usage import Uses, uses_in

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

    def leaf_of(self, module: str, name: str) -> tuple[str, str] | None:
        """The module that defines what another has under a name, and its name there; None where that is not certain."""
        seen = set[tuple[str, str]]()
        while (module, name) not in seen:
            seen.add((module, name))
            uses = self.uses(module)
            bindings = [] if isinstance(uses, str) else uses.bindings.get(name, [])
            if isinstance(uses, str) or uses.lookup or len(bindings) != 1 or not bindings[0].sure:
                return None
            nodes = [found.node for found in uses.imports.get(bindings[0].line_number, ())]
            node = next((node for node in nodes if name in bound_names(node)), None)
            if node is None:
                return module, name
            named = named_by(node, module, is_package=self.files[module].is_package)
            passed = next((found for found in named if found.bound == name), None)
            if passed is None or f"{passed.module}.{passed.name}" in self.files or passed.module not in self.files:
                return None
            module, name = passed.module, passed.name
        return None

    def _read(self, module: str) -> Uses | str:
        if module not in self.files:
            return "its source is not there to be read"
        file = self.sources.file(module)
        try:
            self.left -= len(file.text)
            if self.left < 0:
                return "not looked at: the component is too large"
            return uses_in(file, self.sources.versions)
        except UnreadableError:
            return "the file cannot be parsed"
        except RecursionError:
            return "the file is too deeply nested to be followed"
