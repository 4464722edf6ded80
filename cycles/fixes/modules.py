"""How the modules of a run use their names, each read once and within a limit."""

import ast
import re
from collections import defaultdict
from typing import NamedTuple

from cycles.source.code import code_of
from cycles.source.import_statements import bound_names, named_by
from cycles.source.known_calls import ANYTHING, HOOK, USED
from cycles.source.module import SourceCache
from cycles.source.outline import Around, outline_of, surroundings
from cycles.source.text import UnreadableError, parse
from cycles.source.usage import Uses, uses_in

LIMIT = 24_000_000
"""Characters of source that are parsed for one answer; what lies beyond stays unknown."""


_GAP = 200
"""Characters of white space that are looked at between a dot and a name."""


_BEHIND_DOT = re.compile(r"\.\s*(\w+)(\()?")
_GETATTR = re.compile(r"""\bgetattr\([^,()]*,\s*["'](\w+)["']|\bgetattr\b""")
_ITSELF = re.compile(r"\b(?:self|cls|mcs|mcls|super|type)\b")
_HANDING = re.compile(
    r"(?:=|return|[(,])\s*(?:self|cls)\s*(?:$|[,)])|\bcls\(|type\(self\)\(|__class__\(|^\s*(?:self|cls)\s*,"
)
_EVALUATING = re.compile(
    rb"\b(?:get_type_hints|get_annotations|resolve_types|eval_str|__annotations__"
    rb"|pydantic|typer|fastapi|sqlmodel|msgspec)\b"
)
_ASKED = re.compile(r"\b(?:isinstance|issubclass)\([^()]*,\s*\(?[\w., \n]*$")


class Mention(NamedTuple):
    """What stands around a line that holds a word, and what a function does there with what that stands for."""

    around: Around
    does: int


class Modules:
    """The modules read so far, and how much may still be read."""

    def __init__(self, sources: SourceCache, limit: int = LIMIT) -> None:
        """Nothing is read yet."""
        self.files = sources.modules
        self.sources = sources
        self.left = limit
        self._uses: dict[str, Uses | str] = {}
        self._surroundings: dict[str, list[Around]] = {}
        self._dotted: dict[str, dict[tuple[str, ...], set[str]]] = {}
        self._evaluates: dict[str, bool] = {}
        self._outer: dict[str, Uses | None] = {}

    def uses(self, module: str) -> Uses | str:
        """How a module uses its names; where that cannot be told, why not."""
        if module not in self._uses:
            self._uses[module] = self._read(module)
        return self._uses[module]

    def text(self, module: str) -> str:
        """The text of a module, empty where it cannot be read."""
        try:
            return self.sources.file(module).text
        except (UnreadableError, KeyError):
            return ""

    def has(self, module: str, word: str) -> bool:
        """Whether the bytes of a module hold a word, as part of another or not."""
        try:
            return word.encode() in self.sources.file(module).data
        except (UnreadableError, KeyError):
            return False

    def evaluates(self, module: str) -> bool:
        """Whether the bytes of a module hold a word of what evaluates annotations."""
        if module not in self._evaluates:
            try:
                self._evaluates[module] = _EVALUATING.search(self.sources.file(module).data) is not None
            except (UnreadableError, KeyError):
                self._evaluates[module] = module in self.files
        return self._evaluates[module]

    def mentions(self, module: str, word: str, *, dotted: bool) -> set[Mention]:
        """The lines of a module that hold a word, behind a dot or not, in code or not, by what stands around them."""
        found: set[Mention] = set()
        if word.isascii() and not self.has(module, word):
            return found
        text, around = self.text(module), self.surroundings(module)
        line = last = 0
        for match in re.finditer(rf"{re.escape(word)}(?<!\w{re.escape(word)})(?!\w)", text):
            at = match.start()
            if dotted and not text[max(at - _GAP, 0) : at].rstrip().endswith((".", "\\")):
                continue
            line += text.count("\n", last, at)
            last = at
            found.add(Mention(around[line], _done_to(text, at, match.end())))
        return found

    def dotted_words(self, module: str) -> dict[tuple[str, ...], set[str]]:
        """The words behind dots in a module, by the two outermost names around them; () for its body.

        In a method those count that may be of its own object: on a line that names it, or anywhere where that is
        handed on.
        `getattr` stands for any word; a word that is called is there once more, with an opening parenthesis.
        """
        if module not in self._dotted:
            found = self._dotted[module] = defaultdict(set)
            others: dict[tuple[str, ...], set[str]] = defaultdict(set)
            handed = set[tuple[str, ...]]()
            text = self.text(module)
            lines = zip(text.split("\n"), code_of(text).split("\n"), self.surroundings(module), strict=False)
            for spelled, line, around in lines:
                names = around.names[:2] if around.in_function else ()
                if len(names) > 1 and _HANDING.search(line):
                    handed.add(names)
                if "." not in line and "getattr" not in line:
                    continue
                its_own = not names or line.lstrip().startswith(".") or _ITSELF.search(line)
                words = found if its_own else others
                words[names].update(match[1] for match in _BEHIND_DOT.finditer(line))
                words[names].update(f"{match[1]}(" for match in _BEHIND_DOT.finditer(line) if match[2])
                if "getattr" in line:
                    words[names].update(match[1] or "getattr" for match in _GETATTR.finditer(spelled))
            for names in handed:
                found[names] |= others[names]
        return self._dotted[module]

    def in_function(self, module: str, line_number: int) -> bool:
        """Whether a line of a module stands in a function, as far as indentation shows it."""
        around = self.surroundings(module)
        return line_number <= len(around) and around[line_number - 1].in_function

    def surroundings(self, module: str) -> list[Around]:
        """What stands around each line of a module."""
        if module not in self._surroundings:
            self._surroundings[module] = surroundings(self.text(module).split("\n"))
        return self._surroundings[module]

    def known(self, module: str) -> Uses | None:
        """How a module uses its names where that was asked before, None otherwise."""
        uses = self._uses.get(module)
        return uses if isinstance(uses, Uses) else None

    def outer(self, module: str) -> Uses | None:
        """How a module uses its names outside of functions, None where that cannot be told; it costs a fourth."""
        if uses := self.known(module):
            return uses
        if module not in self._outer:
            self._outer[module] = self._read_outer(module)
        return self._outer[module]

    def _read_outer(self, module: str) -> Uses | None:
        try:
            file = self.sources.file(module)
            try:
                tree: ast.Module | None = parse(outline_of(file.text))
            except UnreadableError:
                # Lines alone do not always show where a function ends.
                tree = None
            return uses_in(file, self.sources.versions, tree)
        except (UnreadableError, RecursionError):
            return None

    def leaf_of(self, module: str, name: str) -> tuple[str, str] | None:
        """The module that defines what another has under a name, and its name there; None where that is not certain."""
        seen = set[tuple[str, str]]()
        while (module, name) not in seen:
            seen.add((module, name))
            uses = self.uses(module)
            bindings = [] if isinstance(uses, str) else uses.bindings.get(name, [])
            if isinstance(uses, str) or uses.lookup or len(bindings) != 1 or not bindings[0].sure:
                return None
            nodes = [found.node for found in uses.imports.get(bindings[0].line_number, ())]
            node = next((node for node in nodes if name in bound_names(node)), None)
            if node is None:
                return module, name
            named = named_by(node, module, is_package=self.files[module].is_package)
            passed = next((found for found in named if found.bound == name), None)
            if passed is None or f"{passed.module}.{passed.name}" in self.files or passed.module not in self.files:
                return None
            module, name = passed.module, passed.name
        return None

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


def _done_to(text: str, at: int, end: int) -> int:
    """What a function does with what a word in it stands for, as far as the characters around it show."""
    after = text[end : end + 2]
    if after[:1] == "(" or (after[:1] == "." and after[1:] != "_"):
        return USED
    return HOOK if _ASKED.search(text, max(at - _GAP, 0), at) else ANYTHING
