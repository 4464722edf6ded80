"""Put import statements where they are wanted: into functions, and under `TYPE_CHECKING`."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from cycles.fixes.text_changes import Change, Page, Position, Refusal, RefusedError, share_line
from cycles.source.conditions import SpecialNames, Truth, truth_of
from cycles.source.import_statements import ImportNode
from cycles.source.module_names import relative_name
from cycles.source.source_file import SourceFile
from cycles.source.tree_nodes import Function

Taken = tuple[str, str]
"""An import statement up to the first name that it takes, and one name: "from p import " and "a as b"."""

_LONGEST = 88
"""Columns of a line that is written: what Black and Ruff allow unless they are told otherwise."""
_TYPING = ("typing", "typing_extensions")


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments that go with imports, by what these begin with: lines above them, and what is behind them."""

    above: dict[str, Sequence[str]] = field(default_factory=dict)
    behind: dict[str, str] = field(default_factory=dict)


def written(taken: Iterable[Taken], indentation: str = "", comments: Comments | None = None) -> list[str]:
    """Return import statements that take some names, one for each module, without the indentation of their first lines.

    Heads may begin with `lazy`. Of the `comments`, those above are taken out once they are written.

    >>> written([("from p import ", "a"), ("import ", "os"), ("from p import ", "b as c")])
    ['from p import a, b as c', 'import os']
    """
    together: dict[str, list[str]] = defaultdict(list)
    for head, name in dict.fromkeys(taken):
        together[head if "from " in head else f"{head}{name}"].append(name)
    found: list[str] = []
    for head, names in together.items():
        line = head + ", ".join(names) if "from " in head else head
        if len(indentation) + len(line) > _LONGEST and len(names) > 1:
            line = "\n".join([f"{head}(", *(f"{indentation}    {name}," for name in names), f"{indentation})"])
        above = comments.above.pop(head, ()) if comments else ()
        if comments and head in comments.behind:
            first, newline, rest = line.partition("\n")
            line = f"{first}  {comments.behind[head]}{newline}{rest}"
        found.append(f"\n{indentation}".join([*above, line]))
    return found


def spelled_like(taken: Iterable[Taken], tree: ast.Module, package: str) -> list[Taken]:
    """Return what to take as a module would spell it: by leading dots, where it imports all of its own package so.

    `package` is the one that it is in, or itself.
    """
    top = package.partition(".")[0]
    own = [
        node.level if isinstance(node, ast.ImportFrom) else 0
        for node in tree.body
        if isinstance(node, ImportNode)
        and (
            (isinstance(node, ast.ImportFrom) and node.level)
            or any(name.partition(".")[0] == top for name in _modules_of(node))
        )
    ]
    if not own or not all(own):
        return list(taken)
    parts = ((head, head.split(), name) for head, name in taken)
    return [
        (f"from {relative_name(words[1], package) or words[1]} import " if words[0] == "from" else head, name)
        for head, words, name in parts
    ]


def _modules_of(node: ImportNode) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def into_function(
    page: Page,
    tree: ast.Module,
    function: Function,
    taken: Iterable[Taken],
    comments: Comments | None = None,
) -> Change:
    """Import at the beginning of a function, after its docstring; with the `comments` on what it imports."""
    documented = ast.get_docstring(function, clean=False) is not None
    if documented and len(function.body) == 1:
        raise RefusedError(Refusal.LAYOUT, function.lineno)
    first = function.body[1 if documented else 0]
    position = statement_start(page, first)
    if page.begins_line(position):
        indentation = page.before(position)
        above = (function.body[0].end_lineno if documented else None) or function.lineno
        line_number = position[0]
        while line_number - 1 > above and _is_bare(page.lines[line_number - 2]):
            line_number -= 1
        lines = "".join(f"{indentation}{line}\n" for line in written(taken, indentation, comments))
        apart = not isinstance(first, ImportNode) and page.lines[line_number - 1].strip()
        return Change((line_number, 0), (line_number, 0), lines + ("\n" if apart else ""))
    outer, colon = page.before(page.start(function)), _colon_before(page, position)
    if colon and not documented and not outer.strip():
        indentation = outer + unit_of(page, tree)
        lines = "".join(f"\n{indentation}{line}" for line in written(taken, indentation, comments))
        return Change(colon, position, f"{lines}\n\n{indentation}")
    return Change(position, position, "".join(f"{line}; " for line in written(taken)))


def takes_lines(page: Page, function: Function) -> bool:
    """Whether imports stand on lines of their own in a function, so that comments can."""
    position = statement_start(page, function.body[0])
    documented = ast.get_docstring(function, clean=False) is not None
    alone = not page.before(page.start(function)).strip() and not documented
    return page.begins_line(position) or (alone and _colon_before(page, position) is not None)


def _colon_before(page: Page, position: Position) -> Position | None:
    """Where the header of a block ends whose first statement is on the same line, also on one joined to it."""
    line_number, before = position[0], page.before(position).rstrip()
    while not before and line_number > 1 and page.lines[line_number - 2].endswith("\\"):
        line_number -= 1
        before = page.lines[line_number - 1][:-1].rstrip()
    return (line_number, len(before)) if before.endswith(":") else None


def under_type_checking(
    page: Page,
    file: SourceFile,
    bound: Collection[str],
    taken: Iterable[Taken],
    comments: Comments | None = None,
) -> Iterator[Change]:
    """Import under `if TYPE_CHECKING:`, in the first such block of the module or in a new one after its imports.

    `bound` are the names that the module binds already, `comments` those on what is imported.
    """
    tree = file.tree
    for node in tree.body:
        if isinstance(node, ast.If) and _can_take_types(page, node, file.special_names):
            last = list(takewhile(lambda one: isinstance(one, ImportNode), node.body))[-1]
            indentation = page.before(page.start(node.body[0]))
            yield _lines_at(
                page, last.end_lineno or 0, [indentation + line for line in written(taken, indentation, comments)]
            )
            return
    start, end = _header(tree)
    condition = _condition(tree.body[start:end])
    if condition is None:
        condition = "TYPE_CHECKING"
        if condition in bound:
            raise RefusedError(Refusal.TYPE_CHECKING)
        # Above what takes names of `typing` already, which it can join then.
        alike = (node for node in tree.body[start:end] if isinstance(node, ast.ImportFrom) and node.module == "typing")
        position = statement_start(page, next(alike, tree.body[start]))
        if page.begins_line(position):
            yield Change((position[0], 0), (position[0], 0), "from typing import TYPE_CHECKING\n")
        else:
            yield Change(position, position, "from typing import TYPE_CHECKING; ")
    unit = unit_of(page, tree)
    block = [f"if {condition}:", *(unit + line for line in written(taken, unit, comments))]
    if end > start:
        while share_line(tree.body, end - 1):
            end += 1
        yield _lines_at(page, tree.body[end - 1].end_lineno or 0, ["", *block], apart=True)
    else:
        position = statement_start(page, tree.body[start])
        if not page.begins_line(position):
            raise RefusedError(Refusal.LAYOUT)
        yield Change((position[0], 0), (position[0], 0), "\n".join(["", *block, "", ""]))


def offered_lazily(page: Page, tree: ast.Module, there: ast.FunctionDef | None, taken: Iterable[Taken]) -> Change:
    """Let the `__getattr__` of a module import names when it is asked for them, a new one unless one is `there`."""
    asked = there.args.args[0].arg if there else "name"
    unit = unit_of(page, tree) if there else "    "
    lines: list[str] = []
    for head, spelled in dict.fromkeys(taken):
        name = spelled.rpartition(" as ")[2]
        (statement,) = written([(head, spelled)])
        lines += [f'if {asked} == "{name}":', f"{unit}{statement}", "", f"{unit}return {name}"]
    if there is not None:
        documented = ast.get_docstring(there, clean=False) is not None
        position = statement_start(page, there.body[1 if documented and len(there.body) > 1 else 0])
        if not page.begins_line(position) or (documented and len(there.body) == 1):
            raise RefusedError(Refusal.LAYOUT, there.lineno)
        outer = page.before(position)
        return Change((position[0], 0), (position[0], 0), "".join(f"{outer}{line}".rstrip() + "\n" for line in lines))
    lines += [
        'message = f"module {__name__!r} has no attribute {name!r}"',
        "raise AttributeError(message)",
    ]
    body = "".join(f"{unit}{line}".rstrip() + "\n" for line in lines)
    text = f"\n\ndef __getattr__(name: str) -> object:\n{body}"
    last = max((number for number, line in enumerate(page.lines, 1) if line.strip()), default=0)
    if not last:
        raise RefusedError(Refusal.LAYOUT)
    return page.after_line(last, text)


def after_imports(page: Page, tree: ast.Module, taken: Iterable[Taken]) -> Change:
    """Import after the imports at the beginning of a module, or where these would be."""
    start, end = _header(tree)
    if end > start:
        while share_line(tree.body, end - 1):
            end += 1
        return _lines_at(page, tree.body[end - 1].end_lineno or 0, written(taken))
    position = statement_start(page, tree.body[start])
    if not page.begins_line(position):
        raise RefusedError(Refusal.LAYOUT, position[0])
    return Change((position[0], 0), (position[0], 0), "\n".join([*written(taken), "", ""]))


def _is_bare(line: str) -> bool:
    """Whether a line holds no code."""
    return not line.strip() or line.lstrip().startswith("#")


def statement_start(page: Page, node: ast.stmt) -> Position:
    """Where a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    if not decorators:
        return page.start(node)
    # Brackets may part a decorator from its sign, which begins a line.
    line_number = decorators[0].lineno
    while not page.lines[line_number - 1].lstrip().startswith("@"):
        line_number -= 1
    return line_number, page.lines[line_number - 1].index("@")


def unit_of(page: Page, tree: ast.Module) -> str:
    """What the first block of a module is indented by."""
    for node in tree.body:
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and page.begins_line(statement_start(page, body[0])):
            return page.before(statement_start(page, body[0]))
    return "    "


def _lines_at(page: Page, after: int, lines: Sequence[str], *, apart: bool = False) -> Change:
    """Put lines after one, also where that is the last and has no end; `apart`: with a blank line behind them."""
    position = page.line_after(after)
    if position[0] == after:
        return Change(position, position, "".join(f"\n{line}" for line in lines))
    blank = "\n" if apart and page.lines[position[0] - 1].strip() else ""
    return Change(position, position, "".join(f"{line}\n" for line in lines) + blank)


def _can_take_types(page: Page, node: ast.If, names: SpecialNames) -> bool:
    """Whether a statement is a plain `if TYPE_CHECKING:` that begins with imports, so that one more may stand there."""
    if node.orelse or not isinstance(node.test, ast.Name | ast.Attribute):
        return False
    alone = not any(share_line(node.body, place) for place in range(len(node.body)))
    begins = isinstance(node.body[0], ImportNode) and page.begins_line(page.start(node.body[0]))
    return alone and begins and truth_of(node.test, names) is Truth.NEVER


def _header(tree: ast.Module) -> tuple[int, int]:
    """The place of the first statement that is no docstring and no `__future__` import, and the end of its imports."""
    start = 0
    for node in tree.body:
        is_docstring = start == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not (is_docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__")):
            break
        start += 1
    end = start
    while end < len(tree.body) and isinstance(tree.body[end], ImportNode):
        end += 1
    if start == len(tree.body):
        raise RefusedError(Refusal.LAYOUT)
    return start, end


def _condition(header: Iterable[ast.stmt]) -> str | None:
    """How the imports of a module spell `TYPE_CHECKING`, None where they do not import it."""
    through = None
    for node in header:
        for alias in node.names if isinstance(node, ImportNode) else ():
            bound = alias.asname or alias.name
            if isinstance(node, ast.ImportFrom) and node.module in _TYPING and alias.name == "TYPE_CHECKING":
                return bound
            if isinstance(node, ast.Import) and alias.name in _TYPING:
                through = f"{bound}.TYPE_CHECKING"
    return through
