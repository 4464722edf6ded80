"""The components of the runtime graph in; a lock by Ruff on deferred imports, where it is exact, out."""

from collections.abc import Collection, Iterable

from cycles.contracts.draft import Line
from cycles.enums import Kind
from cycles.model import Component
from cycles.report.format import counted, wrapped
from cycles.source.names import inside

_WIDTH = 98


def as_ruff(runtime: Iterable[Component], package: str, linted: Collection[Line]) -> str:
    """Configuration of Ruff that bans the one module which may only be imported in functions; else why there is none.

    Its rule TID253 bans a module for every importer. So it is exact where all lazy imports that close
    cycles name one module, and nothing imports that module, or one below it, in another way.
    """
    deferred: dict[Line, str] = {}
    for component in runtime:
        for dependency in component.dependencies:
            for statement in dependency.imports:
                if statement.kind is Kind.DEFERRED and inside(statement.importer, package):
                    deferred[statement.importer, statement.imported, statement.line_number] = statement.imported
    targets = sorted(set(deferred.values()))
    if not targets:
        return _sentence("no deferred import closes a cycle, so there is nothing for it to hold")
    if len(targets) > 1:
        count = counted(len(targets), "module")
        return _sentence(
            f"the deferred imports that close cycles name {count} ({targets[0]}, {targets[1]} …), "
            "and it cannot tell which importer may not import which"
        )
    target = targets[0]
    others = {
        (importer, line_number, imported)
        for importer, imported, line_number in linted
        if inside(imported, target) and (importer, imported, line_number) not in deferred
    }
    if others:
        importer, line_number, imported = min(others)
        return _sentence(
            f"{importer} imports {imported} too (line {line_number}), where no cycle asks for a function, "
            "and would be blamed for it"
        )
    return (
        f"# Ruff, for an editor: {target} may only be imported in functions. It does not look into if, try, with\n"
        "# and classes, and sees no packages that run on the way: the contract above does.\n"
        '[tool.ruff.lint]\nextend-select = ["TID253"]\n\n'
        f'[tool.ruff.lint.flake8-tidy-imports]\nbanned-module-level-imports = ["{target}"]\n'
    )


def _sentence(why: str) -> str:
    lines = wrapped(f"Ruff (TID253) would not be exact here: {why}.", _WIDTH)
    return "".join(f"# {line}\n" for line in lines)
