"""How the modules of a run use their names, each read once and within a limit."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from cycles.fixes.names_by_globals import names_bound
from cycles.source.file_text import UnreadableError
from cycles.source.import_statements import bound_names, named_by
from cycles.source.name_usage import Uses, uses_in
from cycles.source.source_file import SourceCache

_Leaf = tuple[str, str]
LIMIT = 24_000_000
"""Characters of source that are parsed for one answer; what lies beyond stays unknown."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A name that a module `must` have or may have.

    `asked`: nobody is known to take it from there. What is not `vital` may stay uncertain, as a statement binds it too.
    """

    module: str
    name: str
    must: bool
    asked: bool = False
    vital: bool = True


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
        """Likewise; `before` a line of the first module, whatever binds the name there later.

        Where stars may hand the name on, all that do must lead to the same definition.
        """
        found: dict[tuple[str, str], None] = {}
        waiting = [_Wanted(module, name, must=True, asked=True)]
        for wanted in waiting:
            after = self._after(wanted, may_bind, before)
            before = None
            if after is None and wanted.vital:
                return None
            for one in after or ():
                if isinstance(one, tuple):
                    found[one] = None
                elif not any((one.module, one.name) == (known.module, known.name) for known in waiting):
                    waiting.append(replace(one, vital=one.vital and wanted.vital))
        return next(iter(found)) if len(found) == 1 else None

    def _after(
        self, wanted: "_Wanted", may_bind: Callable[[str, str], bool], before: int | None
    ) -> list["_Leaf | _Wanted"] | None:
        """What a name of a module leads to: its definition, or names of others; None where that is not certain."""
        module, name, uses = wanted.module, wanted.name, self.uses(wanted.module)
        if isinstance(uses, str):
            return None
        bindings = [one for one in uses.bindings.get(name, []) if before is None or one.line_number < before]
        if may_bind(module, name):
            return None
        if len(bindings) > 1 or not all(one.sure for one in bindings):
            # A module that others take it from chooses what it is.
            return None if wanted.asked or any(one.sure for one in bindings) else [(module, name)]
        offered = self._offered(module, uses, name, before, sure=bool(bindings))
        if offered is None or not bindings:
            return None if wanted.must and not offered else offered
        passed = self._passed(module, name, uses, bindings[0].line_number)
        return None if passed is None else [passed, *offered]

    def _passed(self, module: str, name: str, uses: Uses, line_number: int) -> "_Leaf | _Wanted | None":
        """What the statement on a line binds a name to: a definition, or what an import takes; None: not certain."""
        nodes = [found.node for found in uses.imports.get(line_number, ())]
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
        return _Wanted(passed.module, passed.name, must=True) if passed.module in self.files else None

    def _offered(
        self, module: str, uses: Uses, name: str, before: int | None, *, sure: bool
    ) -> list["_Leaf | _Wanted"] | None:
        """The stars of a module that may hand a name on; None where one that cannot be followed may, unless `sure`."""
        found: list[_Leaf | _Wanted] = []
        for binding in uses.bindings.get("*", ()):
            if before is not None and binding.line_number >= before:
                continue
            for statement in uses.imports.get(binding.line_number, ()):
                for item in named_by(statement.node, module, is_package=self.files[module].is_package):
                    inner = self.uses(item.module)
                    if isinstance(inner, str) or not binding.sure or (inner.lists_exports and inner.exported is None):
                        if not sure:
                            return None
                    elif inner.exported is not None and inner.lists_exports:
                        found += (
                            [_Wanted(item.module, name, must=True, vital=not sure)] if name in inner.exported else []
                        )
                    elif not name.startswith("_"):
                        found.append(_Wanted(item.module, name, must=False, vital=not sure))
        return found

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
