"""Write definitions that move where they go: into a new module, or into one that is there."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cycles.fixes.insert_imports import Taken, after_imports, spelled_like, under_type_checking, written
from cycles.fixes.lambda_to_function import import_inside
from cycles.fixes.movable_definitions import is_logger
from cycles.fixes.name_occurrences import spots_in
from cycles.fixes.name_origins import Link, Origins, Scope
from cycles.fixes.remove_imports import without_names, without_statements
from cycles.fixes.text_changes import Change, Page, Refusal, RefusedError
from cycles.source.file_text import encoding_of
from cycles.source.import_statements import ImportNode, bound_name, futures_of, named_by
from cycles.source.import_values import FunctionPlace, ModuleFile
from cycles.source.module_names import package_of
from cycles.source.name_usage import Use, uses_in
from cycles.source.source_file import SourceFile
from cycles.source.tree_nodes import nodes_in, statements_in


@dataclass(frozen=True, slots=True)
class Code:
    """Definitions cut out of a module, and the imports that they need elsewhere.

    Attributes:
        names: those that they bind.
        bodies: their texts, in order, with the comments above them.
        large: whether a function or a class is among them.
        taken: what they need while the program runs.
        typed: what only type checkers need.
        deferred: what their functions use of the module that they leave.
        futures: the `__future__` imports of that module.
        loggers: the loggers of a module that they use, each with the statement that makes it.
    """

    names: tuple[str, ...]
    bodies: tuple[str, ...]
    large: bool
    taken: tuple[Taken, ...]
    typed: tuple[Taken, ...]
    deferred: tuple[Taken, ...]
    futures: tuple[str, ...]
    loggers: dict[str, str]


def as_new_module(code: Code, module: ModuleFile, first_party: Collection[str], like: ast.Module) -> str:
    """Return the text of a new module: the imports that the definitions need, and these as they were.

    `first_party` are the top-level packages whose imports come last, but for relative ones, which are as in `like`.
    """
    package = module.name.rpartition(".")[0]
    taken = {
        *spelled_like(code.taken, like, package),
        *([("from typing import ", "TYPE_CHECKING")] if code.typed else []),
    }
    parts = [f"from __future__ import {name}\n" for name in code.futures]
    sections: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for line in written(sorted(taken, key=lambda one: (one[0].startswith("from"), one))):
        top = line.split()[1].partition(".")[0]
        sections[1 if top in first_party else 0 if top else 2].append(line)
    parts += ["\n".join(section) + "\n" for section in sections.values() if section]
    if code.typed:
        typed = written(sorted(set(spelled_like(code.typed, like, package))), "    ")
        parts.append("if TYPE_CHECKING:\n" + "".join(f"    {line}\n" for line in typed))
    parts += code.loggers.values()
    gap = "\n\n" if code.large else "\n" if parts else ""
    text = "\n".join(parts) + gap * bool(parts) + ("\n\n" if code.large else "").join(code.bodies)
    return _deferring(text, module, spelled_like(code.deferred, like, package)) if code.deferred else text


def _deferring(text: str, module: ModuleFile, taken: Collection[Taken]) -> str:
    """Import what the functions of a module use in these functions."""
    file = SourceFile(module, text=text)
    uses, tree, page = uses_in(file), file.tree, Page(text)
    spots = spots_in(tree, text, {name for _, name in taken})
    by_function: dict[FunctionPlace, list[Taken]] = defaultdict(list)
    for head, name in taken:
        for place in uses.places(name):
            if place.use is not Use.TYPING and place.outermost is not None:
                by_function[place.outermost].append((head, name))
    deferred = sorted(by_function.items(), key=lambda one: one[0].line_number)
    return page.with_changes(import_inside(page, tree, spots, deferred))


def into_module(code: Code, target: str, source: str, origins: Origins) -> list[Change]:
    """Return the changes that put definitions into a module that is there.

    Raises:
        RefusedError: where the module cannot take them: it has another meaning for one of the names, or the text
            cannot be edited safely.

    """
    scope, file = origins.scope(target), origins.modules.sources.file(target)
    if scope is None or scope.uses.lookup or not file.tree.body or code.deferred:
        raise RefusedError(Refusal.UNREAD)
    own = [scope.statements.found[place].node for name in code.loggers for place in scope.defined.get(name, ())]
    if len(own) != len(code.loggers) or not all(map(is_logger, own)):
        raise RefusedError(Refusal.NOT_FOUND)
    if code.futures != futures_of(file.tree):
        raise RefusedError(Refusal.ANNOTATION)
    if not all(body.isascii() for body in code.bodies) and not encoding_of(file.data).startswith("utf-8"):
        raise RefusedError(Refusal.ENCODING)
    return _Target(file, scope, source, target, origins).changes(code)


class _Target:
    """A module that definitions go to."""

    def __init__(self, file: SourceFile, scope: Scope, source: str, target: str, origins: Origins) -> None:
        self.file, self.scope, self.source, self.target, self.origins = file, scope, source, target, origins
        self.tree, self.page = file.tree, Page(file.text)
        self.is_package = origins.modules.files[target].is_package

    def changes(self, code: Code) -> list[Change]:
        """All changes, in no order."""
        found = [change for name in code.names for change in self.without_import(name)]
        at_top = bool(found)
        found += self.without_local_imports(code.names)
        taken = [one for one in code.taken if not self.has(one, typed=False)]
        typed = [one for one in code.typed if one not in taken and not self.has(one, typed=True)]
        package = package_of(self.target, is_package=self.is_package)
        if taken:
            found.append(after_imports(self.page, self.tree, spelled_like(taken, self.tree, package)))
        if typed:
            typed = spelled_like(typed, self.tree, package)
            found += under_type_checking(self.page, self.file, self.scope.uses.bindings, typed)
        return [*found, self.placed(code, at_top=at_top)]

    def has(self, taken: Taken, *, typed: bool) -> bool:
        """Whether the module has what definitions need under the same name, or can import it; RefusedError: neither."""
        head, spelled = taken
        name = spelled.rpartition(" as ")[2].partition(".")[0]
        if head == f"from {self.target} import ":
            if spelled != name or name not in self.scope.defined:
                raise RefusedError(Refusal.NOT_FOUND)
            return True
        uses = self.scope.uses
        if name not in uses.bindings and name not in uses.loads and name not in self.scope.defined:
            return False
        there = self.scope.imported.get(name) or (self.scope.typed.get(name) if typed else None)
        bindings = uses.bindings.get(name, [])
        if not there or len(bindings) != 1 or not (bindings[0].sure or typed) or not self.is_same(there, name):
            raise RefusedError(Refusal.NOT_FOUND)
        return True

    def is_same(self, links: Sequence[Link], name: str) -> bool:
        """Whether imports of the module give a name the same meaning as in the one that definitions leave."""
        before = self.origins.scope(self.source)
        if before is None:
            return False
        others = before.imported.get(name) or before.typed.get(name, [])
        if list(links) == list(others):
            return True
        here, there = self.origins.of_name(self.target, name), self.origins.of_name(self.source, name)
        return bool(here) and {one[:2] for one in here} == {one[:2] for one in there}

    def without_import(self, name: str) -> Iterator[Change]:
        """Take out the import of a definition that moves here; RefusedError where the name is used otherwise."""
        uses = self.scope.uses
        if name not in uses.bindings and name not in uses.loads and name not in self.scope.defined:
            return
        origins = self.origins.of_name(self.target, name)
        only = len(uses.bindings.get(name, ())) == 1 and name not in self.scope.defined
        if not only or {one[:2] for one in origins} != {(self.source, name)}:
            raise RefusedError(Refusal.NOT_FOUND)
        for block in self.blocks():
            for at, node in enumerate(block):
                if isinstance(node, ImportNode):
                    gone = [place for place, alias in enumerate(node.names) if bound_name(node, alias) == name]
                    if gone and len(gone) < len(node.names):
                        yield from without_names(self.page, node, gone)
                        return
                    if gone:
                        yield from without_statements(self.page, block, [at], whole=block is self.tree.body)
                        return
        raise RefusedError(Refusal.NOT_FOUND)

    def without_local_imports(self, names: Collection[str]) -> Iterator[Change]:
        """Take out the imports in functions of definitions that move here, where nothing else binds their names."""
        bound = {one.id for one in nodes_in(self.tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        outer = [id(block) for block in self.blocks()]
        for holder in statements_in(self.tree.body):
            block: list[ast.stmt] = getattr(holder, "body", [])
            for at, node in enumerate(block if id(block) not in outer else ()):
                items = (
                    named_by(node, self.target, is_package=self.is_package) if isinstance(node, ast.ImportFrom) else ()
                )
                if not items or any(
                    (one.module, one.name) != (self.source, one.bound) or one.bound not in names or one.bound in bound
                    for one in items
                ):
                    continue
                for change in without_statements(self.page, block, [at], whole=False):
                    end = change.end[0]
                    while not (at or change.text or self.page.lines[end - 1].strip()):
                        end += 1
                    yield change._replace(end=(end, 0) if end > change.end[0] else change.end)

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """The blocks in which imports are looked for: the module's, and those of its conditions."""
        yield self.tree.body
        yield from (node.body for node in self.tree.body if isinstance(node, ast.If))

    def placed(self, code: Code, *, at_top: bool) -> Change:
        """Put the definitions where the module has what they need: after its imports where it uses them, else last."""
        body = self.tree.body
        gap = "\n\n" if code.large else "\n"
        text = ("\n\n" if code.large else "").join(code.bodies)
        if not at_top:
            last = body[-1]
            if isinstance(last, ast.If) and _is_main(last):
                line_number = last.lineno
                while self.page.lines[line_number - 2].startswith("#"):
                    line_number -= 1
                return Change((line_number, 0), (line_number, 0), f"{text}\n\n")
            end = max(number for number, line in enumerate(self.page.lines, 1) if line.strip())
            return self.page.after_line(end, gap + text)
        at = 0
        while at < len(body) and (_is_text(body[at]) or isinstance(body[at], ImportNode | ast.If | ast.Try)):
            at += 1
        if not at:
            raise RefusedError(Refusal.LAYOUT)
        end = body[at - 1].end_lineno or 1
        for name in code.names:
            if any(place.line_number <= end and place.use is not Use.TYPING for place in self.scope.uses.places(name)):
                raise RefusedError(Refusal.LAYOUT, end)
        if any(head == f"from {self.target} import " for head, _ in code.taken):
            # What they need of this module may come later in it.
            raise RefusedError(Refusal.LAYOUT, end)
        return self.page.after_line(end, gap + text)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_main(node: ast.If) -> bool:
    """Whether a statement is the usual `if __name__ == "__main__":`."""
    test = node.test
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"
