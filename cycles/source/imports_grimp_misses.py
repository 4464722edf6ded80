"""Imports that grimp does not see: literal `import_module("…")` and `__import__("…")` calls, modules without source.

Modules without source are compiled ones, and ones that are made when a project is built. grimp leaves a statement that
takes names from them out (`from pkg.sub._compiled import x`). Importing them still runs the packages on the way.
What grimp may see wrong is read here too: files in other encodings than UTF-8.
"""

import ast
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from cycles.enums import Form
from cycles.source.code_without_strings import code_of
from cycles.source.enclosing_clauses import Clause, placed
from cycles.source.file_text import UnreadableError, declares_encoding, may_not_be_utf_8
from cycles.source.import_statements import Named, imports_of, named_by, nearest_known
from cycles.source.import_values import ModuleFile, RawImport
from cycles.source.module_names import absolute_name, package_of
from cycles.source.source_file import SourceCache, SourceFile
from cycles.source.tree_nodes import children_of, first_line

_FUNCTIONS = ("import_module", "__import__")
_CALL = re.compile(
    r"""(?:import_module|__import__)\s*\(\s*(?:name\s*=\s*)?[rRuU]?(["'])([^"'\\\n]+)\1\s*"""
    r"""(?:,\s*(?:package\s*=\s*)?(["']|__package__|__name__)|[,)"'])"""
)
# Patterns that begin with letters, which `re` finds five times faster than ones that begin with a choice.
_FROM = re.compile(rb"from\b([^#;:()=,\x27\x22]{1,300}?)\bimport\b")
_IMPORT = re.compile(rb"import\b((?:[\w\x80-\xff \t\f,]|\\\r?\n?){1,300}\.(?:[\w.\x80-\xff \t\f,]|\\\r?\n?){1,300})")
_QUOTES_IN_COMMENT = re.compile(rb"#[^\n]*(?:\x27\x27\x27|\x22\x22\x22)")
_DOTTED = re.compile(rb"[\w\x80-\xff]+(?:[\s\\]*\.[\s\\]*[\w\x80-\xff]+)+")


@dataclass(slots=True)
class Unseen:
    """What grimp does not see of some modules, or sees wrong.

    `undecodable` are, by name, the modules whose declared encoding does not fit: grimp, which decodes as browsers do,
    reads some files that Python refuses. `reread` are those in other encodings, whose imports are all in `mentions`:
    grimp honours cookies that CPython ignores.
    """

    mentions: list[RawImport] = field(default_factory=list)
    undecodable: dict[str, UnreadableError] = field(default_factory=dict)
    reread: set[str] = field(default_factory=set)

    def beside(self, seen: Iterable[RawImport]) -> Iterator[RawImport]:
        """All imports, with those that grimp sees, but for those of undecodable modules; in no particular order."""
        yield from (found for found in self.mentions if found.importer not in self.undecodable)
        wrong = {*self.undecodable, *self.reread}
        yield from (found for found in seen if found.importer not in wrong)


def find_unseen(sources: SourceCache, among: Iterable[str] | None = None, *, by_grimp: bool = True) -> Unseen:
    """Find the literal dynamic imports of known modules, the imports of missing ones, and what grimp may see wrong.

    They are looked for in all modules or `among`. Files that cannot be read are left to the scan, which is `by_grimp`
    or by CPython's own parser.
    """
    functions = [function.encode() for function in _FUNCTIONS]
    missing = _Missing(sources.modules)
    unseen = Unseen()
    for name in sources.modules if among is None else among:
        file = sources.file(name)
        try:
            data = file.data
        except UnreadableError:
            continue
        if b"\0" in data:
            # Python refuses it anywhere, grimp only in code.
            line_number = data.count(b"\n", 0, data.index(b"\0")) + 1
            unseen.undecodable[name] = UnreadableError("a NUL character", line_number)
            continue
        dynamic = any(function in data for function in functions)
        declared = declares_encoding(data)
        try:
            if dynamic or declared:
                file.text  # noqa: B018  it is decoded
        except UnreadableError as error:
            unseen.undecodable[name] = error
            continue
        if by_grimp and declared and may_not_be_utf_8(data):
            with suppress(UnreadableError):
                unseen.mentions += mentions_in(data, file.module, sources.modules)
                unseen.reread.add(name)
        with suppress(UnreadableError):
            unseen.mentions += missing.imports_in(file, data, decoded=declared)
            if dynamic:
                unseen.mentions += _dynamic_imports(file, sources.modules)
    return unseen


def mentions_in(data: bytes | str, module: ModuleFile, known: Container[str]) -> Iterator[RawImport]:
    """The imports of known modules as CPython's own parser finds them; raises UnreadableError."""
    for imported, line_number, is_lazy in imports_of(data, module.name, known, is_package=module.is_package):
        yield RawImport(module.name, imported, line_number, Form.LAZY if is_lazy else Form.PLAIN)


def literal_calls(text: str) -> list[str]:
    """Return the absolute names in the literal dynamic imports of a text, as far as it alone tells."""
    calls = [found for found in _CALL.finditer(text) if not found[2].startswith(".")]
    code = code_of(text) if calls else ""
    return [found[2] for found in calls if not code[found.start()].isspace()]


class _Missing:
    """Looks for imports of modules inside the known packages that are neither known nor attributes of such modules."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.tops = {name.partition(".")[0] for name in known}
        self.harmless: dict[str | None, set[bytes]] = defaultdict(set)
        """By package, texts after a `from` that name no missing module there: most stand in many files. Absolute ones,
        which name none wherever they stand, are under None."""

    def imports_in(self, file: SourceFile, data: bytes, *, decoded: bool) -> Iterator[RawImport]:
        """The imports of missing modules; `imported` of each is the module that the statement names.

        The statements are looked at one by one only where a quick search finds such a name: in the bytes, or the text
        where the bytes must be `decoded`.
        """
        module = file.module
        if decoded or b"\r" in data:
            data = file.text.encode("utf-8", "surrogatepass")
        package = package_of(module.name, is_package=module.is_package)
        unknown = {*_FROM.findall(data)} - self.harmless[None] - self.harmless[package]
        suspicious = {found for found in unknown if self._is_suspect(found, package)}
        starts = [found.start() for found in _FROM.finditer(data) if found[1] in suspicious] if suspicious else []
        starts += (found.start() for found in _IMPORT.finditer(data) if self._names_one(found[1]))
        seen: set[tuple[str, int]] = set()
        at, line_number = 0, 1
        for start in sorted(starts):
            line_number += data.count(b"\n", at, start)
            at = start
            line_start = data.rfind(b"\n", 0, start) + 1
            if not (_is_surely_code(data, line_start, start) or file.lines.holds_import(line_number)):
                continue
            form = Form.LAZY if data[line_start:start].lstrip().startswith(b"lazy") else Form.PLAIN
            for node in file.imports_on(line_number):
                for item in named_by(node, module.name, is_package=module.is_package):
                    if (item.module, line_number) not in seen and self._is_missing(item):
                        seen.add((item.module, line_number))
                        yield RawImport(module.name, item.module, line_number, form)

    def _is_suspect(self, taken_from: bytes, package: str) -> bool:
        """Whether the module that a statement takes names from is not known, as far as its name alone tells."""
        module = absolute_name(_normal(taken_from), package)
        if module is not None and self._lies_in(module) and module not in self.known:
            return True
        self.harmless[package if taken_from.lstrip(b" \t\f\\").startswith(b".") else None].add(taken_from)
        return False

    def _names_one(self, imported: bytes) -> bool:
        """Whether one of the modules after an `import` is not known."""
        return any(self._is_missing(Named(_normal(name), "", "")) for name in _DOTTED.findall(imported))

    def _is_missing(self, item: Named) -> bool:
        """Whether grimp sees no known module in an item: it looks at what is named and one level up, no further."""
        names = (item.module, f"{item.module}.{item.name}" if item.name else item.module.rpartition(".")[0])
        return self._lies_in(item.module) and not any(name in self.known for name in names)

    def _lies_in(self, module: str) -> bool:
        """Whether importing a module may run a known package on the way: a top-level name alone runs none."""
        top, dot, _ = module.partition(".")
        return bool(dot) and top in self.tops


def _is_surely_code(data: bytes, line_start: int, start: int) -> bool:
    """Whether what begins a line of a file is in no string and no comment: so most imports, without a look at lines."""
    double, single = data.count(b'"' * 3, 0, line_start), data.count(b"'" * 3, 0, line_start)
    balanced = not (double and single) and (double + single) % 2 == 0
    return balanced and not data[line_start:start].strip() and not _QUOTES_IN_COMMENT.search(data, 0, line_start)


def _normal(name: bytes) -> str:
    text = "".join(name.decode("utf-8", "replace").replace("\\", " ").split())
    # Python knows identifiers by their normal form (PEP 3131).
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _dynamic_imports(file: SourceFile, known: Container[str]) -> Iterator[RawImport]:
    """The literal dynamic imports of known modules; the clauses around them are kept with the file.

    Where the file cannot be parsed, the text alone says where they are, and nothing what is around them.
    """
    module = file.module
    literal = [(found.start(), found[2], found[3]) for found in _CALL.finditer(file.text)]
    if not any(package if name.startswith(".") else nearest_known(name, known) for _, name, package in literal):
        return
    lines = [file.text.count("\n", 0, start) + 1 for start, _, _ in literal]
    try:
        calls = list(_calls(file.tree, lines, module, known))
    except UnreadableError:
        for (start, name, _), line_number in zip(literal, lines, strict=True):
            if not file.code[start].isspace() and (imported := nearest_known(name, known)):
                yield RawImport(module.name, imported, line_number, Form.DYNAMIC)
        return
    file.forget_tree()
    for line_number, imported, clause in calls:
        file.calls.setdefault((line_number, imported), clause)
        yield RawImport(module.name, imported, line_number, Form.DYNAMIC)


def _calls(
    tree: ast.Module, lines: Collection[int], module: ModuleFile, known: Container[str]
) -> Iterator[tuple[int, str, Clause | None]]:
    """Line, imported module and clause of each call on one of some lines, in the order of the text.

    A lambda counts as a function.
    """
    found: list[tuple[int, int, str, Clause | None]] = []
    for statement, around in placed(tree):
        if not any(first_line(statement) <= line <= (statement.end_lineno or line) for line in lines):
            continue
        waiting = [(node, around) for node in children_of(statement)]
        while waiting:
            node, clause = waiting.pop()
            if isinstance(node, ast.stmt):
                continue
            if isinstance(node, ast.Call) and (imported := _imported(node, module, known)):
                found.append((node.func.end_lineno or node.lineno, node.col_offset, imported, clause))
            if isinstance(node, ast.Lambda):
                waiting.append((node.args, clause))
                waiting.append((node.body, Clause("def", "lambda", clause)))
            else:
                waiting += [(child, clause) for child in children_of(node)]
    found.sort(key=lambda call: call[:2])
    yield from ((line_number, imported, clause) for line_number, _, imported, clause in found)


def _imported(call: ast.Call, module: ModuleFile, known: Container[str]) -> str | None:
    """The known module that a call imports, None where it imports none or its name is computed."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    arguments = {keyword.arg: keyword.value for keyword in call.keywords}
    arguments.update(zip(("name", "package"), call.args, strict=False))
    match arguments.get("name"):
        case ast.Constant(value=str(name)) if function in _FUNCTIONS:
            pass
        case _:
            return None
    if not name.startswith("."):
        return nearest_known(name, known)
    match arguments.get("package"):
        case ast.Constant(value=str(package)):
            pass
        case ast.Name(id="__name__"):
            package = module.name
        case ast.Name(id="__package__"):
            package = package_of(module.name, is_package=module.is_package)
        case _:
            return None
    return nearest_known(absolute_name(name, package) or "", known)
