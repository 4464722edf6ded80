"""How the modules of a run use their names, each read once and within a limit."""

import ast
from collections.abc import Callable

from cycles.fixes.globals_takers import names_bound
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
        self._bound: dict[str, frozenset[str] | None] = {}

    def uses(self, module: str) -> Uses | str:
        """How a module uses its names; where that cannot be told, why not."""
        if module not in self._uses:
            self._uses[module] = self._read(module)
        return self._uses[module]

    def leaf_of(self, module: str, name: str) -> tuple[str, str] | None:
        """The module that defines what another has under a name, and its name there; None where that is not certain."""
        leaf = self.leaf_or_module(module, name)
        return leaf if leaf and leaf[1] else None

    def leaf_or_module(self, module: str, name: str) -> tuple[str, str] | None:
        """Likewise; where the name stands for a module, that one and ""."""
        return self._leaf(module, name, self._may_bind)

    def _leaf(
        self, module: str, name: str, may_bind: Callable[[str, str], bool], before: int | None = None
    ) -> tuple[str, str] | None:
        """Likewise; `before` a line of the first module, whatever binds the name there later."""
        seen = set[tuple[str, str]]()
        while (module, name) not in seen:
            seen.add((module, name))
            uses = self.uses(module)
            bindings = [] if isinstance(uses, str) else uses.bindings.get(name, [])
            bindings = [one for one in bindings if before is None or one.line_number < before]
            before = None
            if isinstance(uses, str) or len(bindings) != 1 or not bindings[0].sure or may_bind(module, name):
                return None
            nodes = [found.node for found in uses.imports.get(bindings[0].line_number, ())]
            node = next((node for node in nodes if name in bound_names(node)), None)
            if node is None:
                return module, name
            named = named_by(node, module, is_package=self.files[module].is_package)
            passed = next((found for found in named if found.bound == name), None)
            # `import a.b` binds `a`, which is more than one module.
            if passed is None or (not passed.name and "." in passed.module and passed.module.startswith(f"{name}.")):
                return None
            inner = f"{passed.module}.{passed.name}" if passed.name else passed.module
            if inner in self.files:
                return (inner, "") if self.is_only_a_module(inner) else None
            if passed.module not in self.files:
                return None
            module, name = passed.module, passed.name
        return None

    def is_only_a_module(self, module: str) -> bool:
        """Whether its package knows a module by its name, and by nothing else that bears it."""
        package, _, last = module.rpartition(".")
        uses = self.uses(package) if package in self.files else ""
        if isinstance(uses, str):
            return not package
        others = uses.bindings.keys() & {last, "__getattr__"}
        return not others and not self._may_bind(package, last)

    def _may_bind(self, module: str, name: str) -> bool:
        """Whether a module may get a name in a way that no statement of it spells out."""
        uses = self.uses(module)
        if isinstance(uses, str) or uses.lookup is None:
            return False
        if module not in self._bound:
            self._bound[module] = names_bound(self.sources.file(module).tree, module, self._function)
        bound = self._bound[module]
        return bound is None or name in bound

    def _function(
        self, module: str, name: str, before: int | None
    ) -> tuple[str, ast.FunctionDef | ast.AsyncFunctionDef] | None:
        """The function that a name of a module stands for, as its statements say, and the module that defines it."""
        leaf = self._leaf(module, name, lambda _module, _name: False, before)
        if leaf is None or not leaf[1]:
            return None
        found = (node for node in self.sources.file(leaf[0]).tree.body if getattr(node, "name", None) == leaf[1])
        node = next(found, None)
        return (leaf[0], node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None

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
