"""Make the fixes of cuts, as edits of the text of modules, and apply edits to text: nothing is written.

Edits stand at places of the syntax tree: what is between them stays as it is, whatever ends the lines.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from cycles.enums import MOVED, Feasibility
from cycles.fixes.insert_imports import Comments, Taken, offered_lazily, takes_lines, under_type_checking, written
from cycles.fixes.lambda_to_function import import_inside
from cycles.fixes.make_lazy import getattr_of, has_lazy_imports
from cycles.fixes.module_usage import Modules
from cycles.fixes.name_occurrences import Spot, spots_in
from cycles.fixes.remove_imports import without_names, without_statements
from cycles.fixes.rewire_to_leaf import is_rewritten
from cycles.fixes.text_changes import Change, Page, Position, Refusal, RefusedError
from cycles.model import CutFix, Edit, NameFix
from cycles.source.file_text import UnreadableError, decode, encoding_of, parse_with_lazy, relative_path
from cycles.source.import_statements import ImportNode, bound_name
from cycles.source.import_values import FunctionPlace
from cycles.source.module_names import package_of, relative_name
from cycles.source.name_usage import Use, Uses, inner_imports
from cycles.source.tree_nodes import statements_in

__all__ = [
    "Refusal",
    "RefusedError",
    "apply",
    "apply_to_bytes",
    "as_themselves",
    "composed",
    "edits_of",
    "names_at",
    "without_imports",
]

_FOR_TOOLS = re.compile(
    r"\s*#\s*(?:!|-\*-|coding|isort|fmt|ruff|pylint|mypy|pyright|type:|noqa|flake8|pragma|yapf|nosec)", re.IGNORECASE
)
_BEHIND = re.compile(r"[^#;'\"]*(#.*)")
"""The comment behind an import, or behind the bracket in its first line."""
_HASH = re.compile(r"\s+(?=#)")
_OF_ORDER = re.compile(r"#\s*(?:isort|fmt|yapf|ruff:\s*isort)\b", re.IGNORECASE)
_OF_PLACE = re.compile(rf"{_OF_ORDER.pattern}|#\s*noqa\b", re.IGNORECASE)
_OF_TYPES = re.compile(rf"{_OF_ORDER.pattern}|#\s*noqa:\s*TC\d+(?:\s*,\s*TC\d+)*$", re.IGNORECASE)
_NEWLINE = re.compile(r"\r\n|\r|\n")


def edits_of(fixes: Iterable[CutFix], modules: Modules, project: Path, *, checked: bool = True) -> tuple[Edit, ...]:
    """Return the edits that make some fixes together, sorted; no two of them overlap.

    Args:
        fixes: those of cuts that are to be made.
        modules: how the modules use their names.
        project: what the paths of edits are relative to.
        checked: whether to see that what they make is Python; a caller who parses it anyhow need not.

    Raises:
        RefusedError: where one of them cannot be made by moving imports, or cannot be written down.

    """
    by_module: dict[str, dict[NameFix, None]] = defaultdict(dict)
    for fix in fixes:
        if not fix.names:
            raise RefusedError(Refusal.NO_MOVE, fix.line_number, fix.path)
        for name in fix.names:
            by_module[name.importer][name] = None
    found: list[Edit] = []
    for importer, names in sorted(by_module.items()):
        path = relative_path(modules.files[importer].path, project)
        try:
            changes = _Editor(importer, modules).changes(tuple(names))
        except RefusedError as refused:
            raise RefusedError(refused.reason, refused.line_number, path) from refused
        edits = [Edit(importer, path, *change.start, *change.end, change.text) for change in changes]
        if checked:
            try:
                parse_with_lazy(apply(modules.sources.file(importer).text, edits))
            except UnreadableError as error:
                raise RefusedError(Refusal.LAYOUT, error.line_number or 1, path) from error
        found += edits
    return tuple(found)


def apply(text: str, edits: Iterable[Edit]) -> str:
    r"""Return a text with edits made; every other character stays, also those that end the lines.

    >>> apply("a = 1\r\nb = 2\r\n", [Edit("m", "m.py", 1, 0, 2, 0, ""), Edit("m", "m.py", 2, 4, 2, 5, "3")])
    'b = 3\r\n'
    """
    newlines = list(_NEWLINE.finditer(text))
    starts = [0, *(found.end() for found in newlines)]
    ends = [*(found.start() for found in newlines), len(text)]

    def offset(line_number: int, column: int) -> int:
        return min(starts[line_number - 1] + column, ends[line_number - 1])

    made: list[str] = []
    at = 0
    for edit in sorted(edits):
        start = offset(edit.line_number, edit.column)
        newline = newlines[min(edit.line_number, len(newlines)) - 1][0] if newlines else "\n"
        made += [text[at:start], edit.text.replace("\n", newline)]
        at = offset(edit.end_line_number, edit.end_column)
    return "".join([*made, text[at:]])


def apply_to_bytes(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes of a source file with edits made: encoding, byte order mark and all other bytes stay.

    Raises:
        RefusedError: where its encoding does not give the same bytes back, or has none for a text of an edit.
        UnreadableError: where the file cannot be decoded.

    """
    edits = list(edits)
    encoding = encoding_of(data)
    text = data.decode(encoding, "surrogateescape")
    try:
        if text.encode(encoding, "surrogateescape") == data:
            return apply(text, edits).encode(encoding, "surrogateescape")
    except UnicodeError:
        pass
    line_number, path = (edits[0].line_number, edits[0].path) if edits else (1, "")
    raise RefusedError(Refusal.ENCODING, line_number, path)


def names_at(data: bytes, places: Collection[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield where import statements take something with one of some places in it, and the name that this binds."""
    for node in statements_in(parse_with_lazy(decode(data))[0].body):
        if isinstance(node, ImportNode):
            for one in node.names:
                columns = range(one.col_offset, one.end_col_offset or 0)
                if any(line_number == one.lineno and column in columns for line_number, column in places):
                    yield (one.lineno, one.col_offset), bound_name(node, one)


def without_imports(data: bytes, places: Collection[tuple[int, int]]) -> bytes:
    """Return the bytes of a file without what import statements take at some places: lines, and columns in bytes.

    Raises:
        RefusedError: where the text cannot be edited safely.
        UnreadableError: where it is no Python.

    """
    text = decode(data)
    tree, page = parse_with_lazy(text)[0], Page(text)
    changes: list[Change] = []
    waiting: list[Sequence[ast.stmt]] = [tree.body]
    while waiting:
        block = waiting.pop()
        whole: list[int] = []
        for at, node in enumerate(block):
            if _is_empty_without(node, places):
                whole.append(at)
                continue
            waiting += (inner for name in ("body", "orelse") if (inner := getattr(node, name, None)))
            if isinstance(node, ImportNode) and (gone := _taken_at(node, places)):
                changes += without_names(page, node, gone)
        changes += without_statements(page, block, whole, whole=block is tree.body)
    edits = [Edit("", "", *change.start, *change.end, change.text) for change in composed(page, changes)]
    return apply_to_bytes(data, edits)


def as_themselves(data: bytes, places: Collection[tuple[int, int]]) -> bytes:
    """Return the bytes of a file in which what `from` imports take at some places is imported as itself.

    Raises UnreadableError where it is no Python.
    """
    text = decode(data)
    edits = [
        Edit(
            "",
            "",
            one.end_lineno or 0,
            one.end_col_offset or 0,
            one.end_lineno or 0,
            one.end_col_offset or 0,
            f" as {one.name}",
        )
        for node in statements_in(parse_with_lazy(text)[0].body)
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if (one.lineno, one.col_offset) in places and one.asname is None
    ]
    return apply_to_bytes(data, edits)


def _taken_at(node: ImportNode, places: Collection[tuple[int, int]]) -> set[int]:
    return {number for number, one in enumerate(node.names) if (one.lineno, one.col_offset) in places}


def _is_empty_without(node: ast.stmt, places: Collection[tuple[int, int]]) -> bool:
    """Whether nothing is left of an import statement, or of an `if TYPE_CHECKING:` with nothing but such."""
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return len(_taken_at(node, places)) == len(names)
        case ast.If(test=ast.Name() | ast.Attribute(), body=body, orelse=[]):
            return all(isinstance(one, ImportNode) and _is_empty_without(one, places) for one in body)
    return False


class _Editor:
    """The changes to one module as they come together."""

    def __init__(self, importer: str, modules: Modules) -> None:
        uses = modules.uses(importer)
        if isinstance(uses, str):
            raise RefusedError(Refusal.UNREAD)
        self.uses: Uses = uses
        self.file, self.is_package = modules.sources.file(importer), modules.files[importer].is_package
        self.tree = self.file.tree
        self.page = Page(self.file.text)
        self.made: list[Change] = []
        self.gone: dict[ImportNode, set[int]] = defaultdict(set)
        self.instead: dict[ImportNode, list[Taken]] = defaultdict(list)
        self.deferred: dict[FunctionPlace, list[Taken]] = defaultdict(list)
        self.typed: list[Taken] = []
        self.offered: list[Taken] = []
        self.comments = Comments()
        self.native = has_lazy_imports(modules.sources.versions)

    def changes(self, names: Sequence[NameFix]) -> list[Change]:
        """All changes, in order."""
        try:
            return self._changes(names)
        finally:
            self.file.forget_tree()

    def _changes(self, names: Sequence[NameFix]) -> list[Change]:
        self.spots = spots_in(self.tree, self.file.text, {name.bound for name in names})
        for name in names:
            self.look_at(name, names)
        self.edit_statements()
        deferred = sorted(self.deferred.items(), key=lambda one: (one[0].line_number, one[0].function))
        # First, as it takes the comments: they are about the module rather than about the first of several functions.
        if self.typed:
            self.made += under_type_checking(self.page, self.file, self.uses.bindings, self.typed, self.comments)
        self.made += import_inside(self.page, self.tree, self.spots, deferred, self.comments)
        if self.offered:
            self.made.append(offered_lazily(self.page, self.tree, getattr_of(self.tree), self.offered))
        return composed(self.page, self.made)

    def look_at(self, name: NameFix, names: Sequence[NameFix]) -> None:
        """Collect what becomes of one name, one of those whose fixes are made."""
        node, place = self.statement_of(name)
        self.gone[node].add(place)
        if name.leaf is not None:
            self.instead[node].append(self.from_leaf(name, node))
            if name.attributes:
                self.made += self.rewritten(name)
            return
        if name.feasibility is Feasibility.LAZY:
            self.make_lazy(name, node, place)
            return
        # A name that is moved must be found wherever it is used: in functions, or in annotations that nobody evaluates.
        typed = (Use.EVALUATED, Use.TYPING)
        path = self.path_of(name)
        body = [
            place
            for place in self.uses.places(name.bound)
            if not place.outermost and place.use not in typed and place.attributes[: len(path)] == path
        ]
        if name.feasibility not in MOVED or not all(is_rewritten(place, name.bound, names) for place in body):
            raise RefusedError(Refusal.NO_MOVE, name.line_number)
        if name.only_goes:
            going = {(one.line_number, one.name) for one in names}
            if not going.issuperset(inner_imports(self.uses, name.name)):
                return
            name = self.as_used(name, names)
        taken = _taken(node, node.names[place])
        for function in name.functions:
            self.deferred[function].append(taken)
        if name.typed:
            self.typed.append(taken)
        if name.quoted:
            self.made += self.in_quotes(name)

    def path_of(self, name: NameFix) -> tuple[str, ...]:
        """What is read of a name that other modules of its package bind too, where it stands for this one."""
        shared = len(self.uses.bindings.get(name.bound, ())) > 1 and name.name.startswith(f"{name.bound}.")
        return tuple(name.name.split(".")[1:]) if shared else ()

    def as_used(self, name: NameFix, names: Sequence[NameFix]) -> NameFix:
        """Say where a package is used whose modules are imported no more either, and not in the same function."""
        places = self.uses.places(name.bound)
        inner = {place for one in names if one.name.startswith(f"{name.name}.") for place in one.functions}
        used = (place.outermost for place in places if place.use is Use.FUNCTION and place.outermost)
        functions = dict.fromkeys(place for place in used if place not in inner)
        quoted = sorted({place.line_number for place in places if place.use is Use.EVALUATED})
        typed = any(place.use in (Use.EVALUATED, Use.TYPING) for place in places)
        return replace(name, functions=tuple(functions), typed=typed, quoted=tuple(quoted))

    def from_leaf(self, name: NameFix, node: ImportNode) -> Taken:
        """What a statement says that takes a name, or a module, from where it is defined: relative where it was."""
        package, _, last = (name.leaf or "").rpartition(".")
        module, there = (name.leaf, name.leaf_name) if name.leaf_name else (package, last)
        renamed = there if name.local == there else f"{there} as {name.local}"
        if not module:
            return "import ", renamed
        if isinstance(node, ast.ImportFrom) and node.level:
            around = package_of(name.importer, is_package=self.is_package)
            module = relative_name(module, around) or module
        return f"from {module} import ", renamed

    def make_lazy(self, name: NameFix, node: ImportNode, place: int) -> None:
        """Import a name when it is asked for: by `lazy`, or by the `__getattr__` of the module."""
        head, spelled = _taken(node, node.names[place])
        if self.native:
            self.instead[node].append((f"lazy {head}", spelled))
            return
        for function in name.functions:
            self.deferred[function].append((head, spelled))
        # Type checkers take a name that is bound to itself for one that others may take.
        listed = name.bound in (self.uses.exported or ()) or " as " in spelled
        self.typed.append((head, spelled if listed else f"{spelled} as {spelled}"))
        self.offered.append((head, spelled))

    def statement_of(self, name: NameFix) -> tuple[ImportNode, int]:
        """The statement that takes a name, and the place of the name in it."""
        for line_number, column in self.spots.blocks:
            block, at = self.spots.blocks[line_number, column]
            node = block[at]
            if line_number == name.line_number and isinstance(node, ImportNode):
                for place, alias in enumerate(node.names):
                    if (alias.name, bound_name(node, alias)) == (name.name, name.bound):
                        if self.page.after(self.page.start(node)).startswith("lazy"):
                            break
                        return node, place
        raise RefusedError(Refusal.NOT_FOUND, name.line_number)

    def edit_statements(self) -> None:
        """Take names out of statements, and put others in their place."""
        whole: dict[int, tuple[list[ast.stmt], list[int]]] = {}
        for node, gone in self.gone.items():
            block, at = self.spots.blocks[node.lineno, node.col_offset]
            start, instead = self.page.start(node), self.instead[node]
            indentation = self.page.before(start) if self.page.begins_line(start) else None
            lines = written(instead, indentation or "")
            text = "; ".join(lines) if indentation is None else f"\n{indentation}".join(lines)
            if len(gone) < len(node.names):
                self.made += without_names(self.page, node, gone)
                behind = "; " if indentation is None else f"\n{indentation}"
                if text:
                    self.made.append(Change(start, start, text + behind))
            elif text:
                self.made.append(Change(start, self.page.end(node), text))
            else:
                whole.setdefault(id(block), (block, []))[1].append(at)
                self.made += self.comments_above(block, at)
                self.comment_behind(node)
        for block, places in whole.values():
            self.made += without_statements(self.page, block, places, whole=block is self.tree.body)

    def comments_above(self, block: Sequence[ast.stmt], at: int) -> Iterator[Change]:
        """Take out the comments right above an import that goes, unless they are about the next one too.

        They go where it goes. The first lines of a file are about the file, and what tools are told stays.
        """
        node, lines = block[at], self.page.lines
        start = self.page.start(node)
        first = start[0]
        while first > 1 and lines[first - 2].startswith(f"{self.page.before(start)}#"):
            first -= 1
        above = lines[first - 1 : start[0] - 1]
        stays = first == 1 or not self.page.begins_line(start) or any(map(_FOR_TOOLS.match, above))
        if not above or stays or self.goes_on(block, at) or not isinstance(node, ImportNode):
            return
        inside = [self.spots.functions.get(one.line_number) for one in self.deferred if one.lambda_at is None]
        if len(inside) < len(self.deferred) or not all(one and takes_lines(self.page, one) for one in inside):
            return
        for head in _heads(node):
            self.comments.above.setdefault(head, [line.strip() for line in above])
        yield Change((first, 0), (start[0], 0), "")

    def comment_behind(self, node: ImportNode) -> None:
        """Keep the comment of an import that goes, but for what tools are told of the place where it was."""
        end = self.page.end(node) if node.end_lineno == node.lineno else (node.lineno, self.page.start(node)[1])
        comment = _BEHIND.match(self.page.after(end))
        if not comment or not self.page.begins_line(self.page.start(node)):
            return
        # What an import is for tells nobody who imports it for types alone; there nothing may use it.
        of_place = _OF_PLACE if self.deferred else _OF_TYPES
        kept = "  ".join(part for part in _HASH.split(comment[1].strip()) if not of_place.match(part))
        for head in _heads(node) if kept else ():
            self.comments.behind.setdefault(head, kept)

    def goes_on(self, block: Sequence[ast.stmt], at: int) -> bool:
        """Whether an import that stays is on the line after one of a block."""
        after = block[at + 1] if at + 1 < len(block) else None
        if not isinstance(after, ImportNode) or after.lineno != (block[at].end_lineno or 0) + 1:
            return False
        return len(self.gone.get(after, ())) < len(after.names) or bool(self.instead.get(after))

    def spots_of(self, name: NameFix, lines: Collection[int]) -> Iterator[Spot]:
        """Where a name, with its attributes, stands on some lines."""
        attributes = tuple(filter(None, name.attributes.split(".")))
        for place in self.uses.places(name.bound):
            in_text = place.line_number in lines and place.column >= 0
            if in_text and place.attributes[: len(attributes)] == attributes:
                spot = self.spots.uses[name.bound].get((place.line_number, place.column))
                if spot is None or spot.in_string:
                    raise RefusedError(Refusal.STRING, place.line_number)
                yield spot

    def rewritten(self, name: NameFix) -> Iterator[Change]:
        """Call an attribute of a module by a name of its own."""
        last = name.attributes.count(".")
        for spot in self.spots_of(name, name.rewritten):
            yield Change(self.page.start(spot.node), self.page.end(spot.chain[last]), name.local or "")

    def in_quotes(self, name: NameFix) -> Iterator[Change]:
        """Quote the annotations that evaluate a name: whole ones, as parts of them may be operands."""
        for spot in self.spots_of(name, name.quoted):
            if spot.annotation is not None:
                start, end = self.page.start(spot.annotation), self.page.end(spot.annotation)
                yield Change(start, end, _quoted(spot.annotation, self.page.between(start, end)))


def _taken(node: ImportNode, alias: ast.alias) -> Taken:
    """What an import statement says of one name."""
    head = f"from {'.' * node.level}{node.module or ''} import " if isinstance(node, ast.ImportFrom) else "import "
    return head, f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _heads(node: ImportNode) -> Iterator[str]:
    """Yield what the statements begin with that take the names of one."""
    for one in node.names:
        head, spelled = _taken(node, one)
        yield head if "from " in head else f"{head}{spelled}"


def _quoted(annotation: ast.expr, text: str) -> str:
    r"""Return an annotation as a string.

    >>> _quoted(ast.parse("dict[\n  'A', B]").body[0].value, "dict[\n  'A', B]")
    '"dict[\'A\', B]"'
    """
    for spelled in (text, ast.unparse(annotation)):
        for quote in ('"', "'"):
            if not {quote, "\n", "\\"} & set(spelled) and not isinstance(annotation, ast.Starred):
                return f"{quote}{spelled}{quote}"
    raise RefusedError(Refusal.ANNOTATION, annotation.lineno)


def composed(page: Page, changes: Iterable[Change]) -> list[Change]:
    """Return changes in order: all that is put in at one place is one, and so are lines that go together.

    Raises RefusedError where two overlap.
    """
    inserted: dict[Position, str] = defaultdict(str)
    replaced: list[Change] = []
    for change in sorted(dict.fromkeys(changes), key=lambda change: change[:2]):
        if change.start == change.end:
            inserted[change.start] += change.text
        elif replaced and not replaced[-1].text and not change.text and replaced[-1].end == change.start:
            replaced[-1] = Change(replaced[-1].start, change.end, "")
        else:
            replaced.append(change)
    for place, change in enumerate(replaced):
        wider = page.without_blank_lines(change)
        # What is put in where a blank line would go stands in for what goes.
        if not any(wider.start < at < wider.end for at in inserted):
            replaced[place] = wider
    found = sorted([*replaced, *(Change(at, at, text) for at, text in inserted.items())])
    for before, after in pairwise(found):
        if after.start < before.end:
            raise RefusedError(Refusal.LAYOUT, after.start[0])
    return found
