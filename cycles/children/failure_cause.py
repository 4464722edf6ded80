"""Tell a failure that an import cycle causes from every other one, by its traceback and by the code that it shows.

The rule. Modules whose bodies are in a traceback are *under way*: each imports the next. That alone is no cycle. A
failure is one where the code that fails, from the innermost of these bodies on, asks for something of a module under
way further up that this module's body has yet to make or may yet change:

- an ImportError or AttributeError says so: "cannot import name 'X' from 'm'", "module 'm' has no attribute 'X'";
- whatever the error, an expression that fails, or a call that leads there, reads a name taken from such a module;
- a function of such a module runs there and reads one of that module's own names.

The name is *yet to be made* where the rest of the module's body binds it, sets something on it or calls something of
it, or where a function of the module changes it. So these are no cycles, though modules are under way: a missing
dependency or a syntax error however deep in a chain of imports, a name that nothing ever provides, and a complete
helper that refuses its arguments. What cannot be read is taken to change everything. Each exception behind the one
that is raised (`from`, or while it was handled) is judged the same way.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain as chained
from operator import itemgetter
from typing import NamedTuple

from cycles.source.text_bindings import FUNCTIONS, ModuleText, is_bound, text_of

BODY = "<module>"
_ASKED = [
    re.compile(pattern.replace("NAME", "'(?P<name>[^']*)'").replace("MODULE", "'(?P<module>[^']*)'"))
    for pattern in (
        r"ImportError: cannot import name NAME from (?P<partial>partially initialized module )?MODULE",
        r"AttributeError: (?P<partial>partially initialized )?module MODULE(?: from '[^']*')? has no attribute NAME",
        r"AttributeError: (?P<partial>cannot access submodule) NAME of module MODULE",
    )
]
"""What CPython 3.8 to 3.15 says of a name that a module does not have."""
_NEVER = ("ModuleNotFoundError:", "SyntaxError:", "IndentationError:", "TabError:", "SystemExit", "KeyboardInterrupt")
"""Failures that nothing under way could have prevented: there is no module, or no Python in it, or somebody ends it."""
_Span = tuple[int, int, int, int]


class Frame(NamedTuple):
    """One frame of a traceback; `span` is where its expression begins and ends, if Python tells."""

    path: str
    line_number: int
    code: str
    module: str
    span: _Span | None = None


class Raised(NamedTuple):
    """An exception: the last line of its traceback, and the frames of that, outermost first."""

    line: str
    frames: tuple[Frame, ...]


def is_cycle(chain: Sequence[Raised], settled: Mapping[str, Collection[str]]) -> bool:
    """Return whether an import cycle causes a failure, by the rule of this module.

    Args:
        chain: the exception, and those behind it.
        settled: by module, the names that it has bound to modules which are complete.

    """
    under_way: dict[str, Frame] = {}
    for raised in chain:
        bodies = [frame for frame in raised.frames if frame.code == BODY]
        for frame in bodies:
            under_way.setdefault(frame.module, frame)
        innermost = bodies[-1].module if bodies else next(reversed(under_way), "")
        if _is_missed(raised.line, under_way):
            return True
        above = {module: frame for module, frame in under_way.items() if module != innermost}
        if raised.line.startswith(_NEVER) or not above:
            continue
        absent = raised.line.startswith("NameError:")
        asked = chained.from_iterable(_asked(frame, above) for frame in _stretch(raised.frames))
        if any(
            name not in settled.get(module, ()) and _is_unfinished(above[module], name, absent=absent)
            for module, name in asked
        ):
            return True
    return False


def _stretch(frames: Sequence[Frame]) -> Iterable[Frame]:
    """Return the frames from the innermost body on; those of a recursion once."""
    begin = max((place for place, frame in enumerate(frames) if frame.code == BODY), default=0)
    return dict.fromkeys(frames[begin:])


def _is_missed(line: str, under_way: Mapping[str, Frame]) -> bool:
    """Whether the error is that a module which is still under way lacks a name that it would have had later."""
    for pattern in _ASKED:
        if found := pattern.match(line):
            module, name = found["module"], found["name"]
            if f"{module}.{name}" in under_way:
                return True
            # A compiled body leaves no frame, but Python knows.
            return _is_unfinished(under_way[module], name) if module in under_way else bool(found["partial"])
    return False


def _is_unfinished(body: Frame, name: str | None, *, absent: bool = True) -> bool:
    """Whether the rest of a module's body, from the statement that it has reached, may bind or change a name.

    None stands for any name. One that is `absent` may also come from code that does not name it.
    """
    text = text_of(body.path, body.module)
    if text is None:
        return True
    statement = _statement(text.tree, body)
    now = statement.lineno if statement else body.line_number
    lines = chained.from_iterable(text.changes.values()) if name is None else text.changes.get(name, ())
    return any(not line or line >= now for line in (*lines, *(text.anything if absent else ())))


def _asked(frame: Frame, above: Mapping[str, Frame]) -> Iterator[tuple[str, str | None]]:
    """Yield what the expression that a frame has reached takes from modules under way: (module, name)."""
    text = text_of(frame.path, frame.module)
    if text is None or not (frame.module in above or _may_take(text, above)):
        return
    own = _own_names(text.tree, frame)
    for name, attributes in _chains(text.tree, frame):
        if name in own:
            continue
        if frame.module in above:
            yield frame.module, name
        for module, taken in _sources(text.taken.get(name, ()), frame):
            path = [module, *([taken] if taken else []), *attributes]
            lengths = range(len(path), 0, -1)
            found = next((length for length in lengths if ".".join(path[:length]) in above), None)
            if found is not None:
                yield ".".join(path[:found]), path[found] if found < len(path) else None


def _may_take(text: ModuleText, above: Collection[str]) -> bool:
    """Whether a file imports anything of the packages of some modules: libraries do not, and need no closer look."""
    packages = {module.partition(".")[0] for module in above}
    return any(source.partition(".")[0] in packages for sources in text.taken.values() for _, source, _ in sources)


def _sources(taken: Sequence[tuple[int, str, str | None]], frame: Frame) -> Sequence[tuple[str, str | None]]:
    """Return what a name may stand for: in a body what was imported last, in a function any of it."""
    before = sorted((item for item in taken if item[0] <= frame.line_number), key=itemgetter(0))
    return [item[1:] for item in (before[-1:] if frame.code == BODY else taken)]


def _chains(tree: ast.Module, frame: Frame) -> Iterator[tuple[str, list[str]]]:
    """Yield every name that the expression reads, with the attributes that are taken of it one after the other.

    Why somebody raises an exception is decided before: there, what the function has read so far counts.
    """
    statement = _statement(tree, frame)
    if statement is None:
        return
    nodes, span = list(_walked(statement)), frame.span
    if isinstance(statement, ast.Raise):
        around = _function(tree, frame) or _statement(tree, frame, outermost=True)
        nodes = [node for node in ast.walk(around or statement) if getattr(node, "lineno", 0) <= frame.line_number]
        span = None
    outer = {node.value: node for node in nodes if isinstance(node, ast.Attribute)}
    read = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    # Where several names are bound at once, the expression that fails is their list.
    for name in [node for node in read if _within(node, span)] or read:
        attributes = []
        attribute = outer.get(name)
        while attribute is not None:
            attributes.append(attribute.attr)
            attribute = outer.get(attribute)
        yield name.id, attributes


def _within(node: ast.expr, span: _Span | None) -> bool:
    return span is None or span[:2] <= (node.lineno, node.col_offset) <= span[2:]


def _statement(tree: ast.Module, frame: Frame, *, outermost: bool = False) -> ast.stmt | None:
    """Return the innermost statement that a frame has reached, or the outermost; its decorators belong to it.

    Before Python 3.11 only the line is known.
    """
    place = frame.span[:2] if frame.span else (frame.line_number, 0)
    found: ast.stmt | None = None
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.stmt):
                begin = min((one.lineno, one.col_offset) for one in (node, *getattr(node, "decorator_list", ())))
                end = node.end_lineno or begin[0], node.end_col_offset or 0
                if not (begin <= place <= end if frame.span else begin[0] <= place[0] <= end[0]):
                    continue
                # Where only the line is known, a part of the statement that stands on it may have run already.
                if outermost or (not frame.span and node.lineno == frame.line_number):
                    return node
                found = node
            if isinstance(node, (ast.stmt, ast.excepthandler, ast.match_case)):
                waiting.append(node)
    return found


def _walked(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without those of the statements in it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def _function(tree: ast.Module, frame: Frame) -> ast.AST | None:
    """Return the outermost function around a line that a frame of a function has reached."""
    functions = (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))
    around = (node for node in functions if node.lineno <= frame.line_number <= (node.end_lineno or 0))
    return None if frame.code == BODY else next(around, None)


def _own_names(tree: ast.Module, frame: Frame) -> Collection[str]:
    """Return the names that the functions around a line bind: they hide those of the module."""
    function = _function(tree, frame)
    inside = list(ast.walk(function)) if function else []
    shared = {name for node in inside if isinstance(node, ast.Global) for name in node.names}
    bound = {node.id for node in inside if isinstance(node, ast.Name) and is_bound(node)}
    return {node.arg for node in inside if isinstance(node, ast.arg)} | (bound - shared)
