"""Where the names of a module come from: through imports, stars, attributes and packages, to what defines them."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from cycles.fixes.module_usage import Modules
from cycles.source.file_text import UnreadableError
from cycles.source.import_statements import Named, named_by
from cycles.source.name_usage import Uses
from cycles.source.top_level_statements import Imported, Statements


class Link(NamedTuple):
    """That a module takes a name from another, whose name for it is the second; "" for the module itself."""

    module: str
    name: str


class Origin(NamedTuple):
    """What a name stands for, and the way to it.

    `through` are the modules on the way, each with the name that it has for it; the last one defines it. `name` is ""
    where the module itself is meant, or a name of it that was not found.
    """

    module: str
    name: str
    through: tuple[Link, ...]


@dataclass(slots=True)
class Outline:
    """What the names of one module stand for.

    Attributes:
        statements: its top-level statements.
        defined: by name, the places of the statements that bind it other than by an import.
        imported: by name, what its imports that run bind to it.
        typed: likewise, those for type checkers.
        stars: the modules of which it takes every name.
    """

    statements: Statements
    defined: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    imported: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    typed: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    stars: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Scope(Outline):
    """Likewise, and how the module uses names."""

    uses: Uses


class Origins:
    """The scopes of the modules read so far."""

    def __init__(self, modules: Modules) -> None:
        """Nothing is read yet."""
        self.modules = modules
        self._scopes: dict[str, Scope | None] = {}
        self._outlines: dict[str, Outline | None] = {}
        self._found: dict[tuple[str, str], tuple[Origin, ...]] = {}

    def scope(self, module: str) -> Scope | None:
        """The scope of a module; None where its file cannot be followed."""
        if module not in self._scopes:
            self._scopes[module] = self._read(module)
        return self._scopes[module]

    def _read(self, module: str) -> Scope | None:
        if module not in self.modules.files:
            return None
        file = self.modules.sources.file(module)
        try:
            # Before the uses, which drop the syntax tree.
            statements = Statements(file, self.modules.sources.versions)
        except (UnreadableError, RecursionError):
            return None
        uses = self.modules.uses(module)
        file.forget_tree()
        if isinstance(uses, str):
            return None
        scope = Scope(statements, uses=uses)
        self._fill(scope, module)
        return scope

    def _outline(self, module: str) -> Outline | None:
        """The scope of a module that was read, else what is found out faster: functions are not looked into."""
        if scope := self._scopes.get(module):
            return scope
        if module not in self._outlines:
            self._outlines[module] = None
            file = self.modules.sources.file(module)
            try:
                self.modules.left -= len(file.text)
                if self.modules.left < 0:
                    return None
                outline = Outline(Statements(file, self.modules.sources.versions, inside=False))
            except (UnreadableError, RecursionError):
                return None
            file.forget_tree()
            self._fill(outline, module)
            self._outlines[module] = outline
        return self._outlines[module]

    def _fill(self, scope: Outline, module: str) -> None:
        for place, statement in enumerate(scope.statements.found):
            for name in statement.names:
                scope.defined[name].append(place)
            for imported in statement.imports:
                if not imported.body:
                    self._add(scope, module, imported)

    def _add(self, scope: Outline, module: str, imported: Imported) -> None:
        bound = scope.typed if imported.typing else scope.imported
        for item in self.items(module, imported):
            if item.bound == "*":
                if item.module in self.modules.files and not imported.typing:
                    scope.stars.append(item.module)
            else:
                bound[item.bound].append(self.link(item, imported.node))

    def items(self, module: str, imported: Imported) -> tuple[Named, ...]:
        """The items of an import statement of a module."""
        return named_by(imported.node, module, is_package=self.modules.files[module].is_package)

    def link(self, item: Named, node: ast.stmt) -> Link:
        """What an item of an import statement binds its name to."""
        if not item.name:
            top = item.module.partition(".")[0]
            return Link(top if item.bound == top and isinstance(node, ast.Import) else item.module, "")
        submodule = f"{item.module}.{item.name}"
        return Link(submodule, "") if submodule in self.modules.files else Link(item.module, item.name)

    def of_name(self, module: str, name: str) -> tuple[Origin, ...]:
        """What a name of a module may stand for, of those that modules of the run define; none for any other."""
        if (module, name) not in self._found:
            self._found[module, name] = tuple(dict.fromkeys(self._search(Link(module, name))))
        return self._found[module, name]

    def _search(self, start: Link) -> Iterator[Origin]:
        seen = {start}
        waiting: list[tuple[Link, tuple[Link, ...]]] = [(start, (start,))]
        while waiting:
            here, way = waiting.pop()
            if here.module not in self.modules.files:
                continue
            scope = self._outline(here.module) if here.name else None
            if scope is None or here.name in scope.defined:
                yield Origin(here.module, here.name if scope else "", way)
            if scope is None:
                continue
            after = [*scope.imported.get(here.name, ()), *scope.typed.get(here.name, ())]
            if not after and here.name not in scope.defined:
                submodule = f"{here.module}.{here.name}"
                after = [Link(star, here.name) for star in scope.stars]
                if submodule in self.modules.files:
                    # Whoever imports it makes it an attribute of its package, which need not do so itself.
                    waiting.append((Link(submodule, ""), (*way[:-1], Link(submodule, ""))))
            for link in after:
                if link not in seen:
                    seen.add(link)
                    waiting.append((link, (*way, link)))

    def of_chain(self, links: Iterable[Link], attributes: tuple[str, ...]) -> Iterator[tuple[Origin, tuple[str, ...]]]:
        """Yield what attributes of imported things stand for, each with the attributes that are read of that."""
        for link in links:
            if link.module not in self.modules.files:
                continue
            found = self.of_name(*link) if link.name else (Origin(link.module, "", (link,)),)
            if not found:
                yield Origin(link.module, "", (link,)), attributes
            for origin in found:
                yield from self._attribute(origin, attributes)

    def _attribute(self, origin: Origin, attributes: tuple[str, ...]) -> Iterator[tuple[Origin, tuple[str, ...]]]:
        """Yield what attributes of a module stand for; those of a definition are not looked at."""
        waiting = [(origin, attributes)]
        while waiting:
            origin, attributes = waiting.pop()
            if origin.name or not attributes:
                yield origin, attributes
                continue
            found = self.of_name(origin.module, attributes[0])
            if not found:
                yield origin, attributes
            # The module is named by the attribute; what it is called in there is a step of its own.
            waiting += (
                (Origin(inner.module, inner.name, (*origin.through, *inner.through)), attributes[1:]) for inner in found
            )
