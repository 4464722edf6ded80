"""Which imports there are once a definition is in another module: no file is edited."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from cycles.enums import Form, Kind
from cycles.fixes.definition_values import Definition
from cycles.fixes.movable_definitions import refusal, statements_of
from cycles.fixes.name_origins import Origins, Scope
from cycles.source.import_statements import Named
from cycles.source.import_values import ClassifiedImport
from cycles.source.top_level_statements import TopLevel

_Places = Sequence[TopLevel]


def in_between(origins: Origins, importer: str, imported: str, lines: Collection[int]) -> Iterator[tuple[str, str]]:
    """Yield definitions whose move may end what one module imports of another on some lines, as (module, name).

    What it takes could stand in the importer, and what alone uses it where that is from.
    """
    scope = origins.scope(importer)
    items = [item for line in lines for item in _items(origins, importer, line, imported)]
    taken = {found for item in items for found in origins.of_name(imported, item.name) if found.name}
    yield from sorted((found.module, found.name) for found in taken if found.module != importer)
    if scope is None:
        return
    bound = {item.bound for item in items}
    users = [
        one
        for one in scope.statements.found
        if bound & _read_by([one]) or any(line in _span(one) and one.names for line in lines)
    ]
    if len(users) == 1 and users[0].names:
        yield importer, users[0].names[0]


def definition_of(origins: Origins, module: str, name: str) -> Definition | None:
    """Return the definition of a name in a module, where it can move."""
    scope = origins.scope(module)
    if scope is None or name not in scope.defined:
        return None
    statements = [scope.statements.found[place] for place in scope.defined[name]]
    lines = sum(len(_span(one)) for one in statements)
    found = Definition(module, statements[0].line_number, statements[0].names, lines)
    return found if refusal(origins, found) is None else None


def relocated(
    judged: Iterable[ClassifiedImport], origins: Origins, definition: Definition, target: str
) -> Iterator[ClassifiedImport]:
    """Yield all imports as they are once a definition is in another module that is there.

    Whoever takes it takes it from there. It brings along the imports that it uses; those that nothing else uses leave
    the module where it was. What it needs of that module is imported from there, and what that one needs of it back.
    """
    source = definition.module
    scope = origins.scope(source)
    if scope is None:
        yield from judged
        return
    own = [one for _, one in statements_of(origins, definition)]
    rest = [one for one in scope.statements.found if one not in own]
    for found in judged:
        if found.imported == source:
            yield from _taken_anew(origins, found, definition, target)
        elif found.importer == source:
            yield from _brought_along(origins, scope, found, target, (own, rest))
        else:
            yield found
    line = definition.line_number
    names = set(definition.names)
    if _read_by(own) & (scope.defined.keys() - names):
        yield ClassifiedImport(target, source, line, Form.PLAIN, Kind.EAGER, ())
    if names & (_read_by(rest) | (scope.uses.exported or frozenset())):
        yield ClassifiedImport(source, target, line, Form.PLAIN, Kind.EAGER, ())


def _taken_anew(
    origins: Origins, found: ClassifiedImport, definition: Definition, target: str
) -> Iterator[ClassifiedImport]:
    """Yield an import of the module that a definition leaves, as what it takes of that one and of the other."""
    names = set(definition.names)
    items = list(_items(origins, found.importer, found.line_number, found.imported))
    taken = {item.name for item in items if item.module == found.imported}
    scope = origins.scope(found.importer)
    readings = (reading for one in (scope.statements.found if scope else ()) for reading in one.readings)
    bound = {item.bound for item in items}
    by_attribute = any(reading.name in bound and names & set(reading.attributes) for reading in readings)
    if (names & taken or "*" in taken or by_attribute) and found.importer != target:
        yield found._replace(imported=target)
    if not taken or not taken <= names:
        yield found


def _brought_along(
    origins: Origins, scope: Scope, found: ClassifiedImport, target: str, parts: tuple[_Places, _Places]
) -> Iterator[ClassifiedImport]:
    """Yield an import of the module that a definition leaves, as one of that module, of the target, or of both."""
    own, rest = parts
    inside = any(found.line_number in _span(one) for one in own)
    bound = {item.bound for item in _items(origins, found.importer, found.line_number, found.imported)}
    goes = inside or bool(bound & _read_by(own)) or "*" in bound
    offered = bound & (_read_by(rest) | (scope.uses.exported or frozenset()))
    is_package = origins.modules.files[found.importer].is_package
    if goes and found.imported != target:
        yield found._replace(importer=target)
    if not inside and (not goes or offered or is_package or "*" in bound):
        yield found


def _items(origins: Origins, module: str, line: int, imported: str) -> Iterator[Named]:
    """Yield what an import statement on a line takes of a module, or as that module."""
    scope = origins.scope(module)
    for one in scope.statements.found if scope else ():
        for statement in one.imports if line in _span(one) else ():
            if statement.node.lineno == line:
                for item in origins.items(module, statement):
                    if imported in (item.module, f"{item.module}.{item.name}"):
                        yield item


def _span(one: TopLevel) -> range:
    return range(one.line_number, one.end_line_number + 1)


def _read_by(statements: Iterable[TopLevel]) -> set[str]:
    return {reading.name for one in statements for reading in one.readings}
