"""Imports and files in; who takes a name from a module, out: from the text of single statements."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cycles.source.module import SourceCache
from cycles.source.text import UnreadableError, parse
from cycles.source.values import Mention

_LONGEST = 400
"""Lines of one statement that are looked at."""

Place = tuple[str, int]


class Takers:
    """Who mentions each module, and the lines of their files, read once."""

    def __init__(self, mentions: Iterable[Mention], sources: SourceCache) -> None:
        """Nothing is read yet."""
        self.sources = sources
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            self.mentions[mention.imported].append(mention)
        self.lines: dict[str, Sequence[str]] = {}
        self.attributes: dict[str, frozenset[str]] = {}
        self.found: dict[str, _Taken] = {}

    def taker(self, module: str, name: str, *, public: bool) -> Place | None:
        """The first module by name, and its line, that takes `name` from `module`; `public`: a star takes it too."""
        taken = self._taken(module)
        if name in taken.names:
            return taken.names[name]
        if public and taken.star:
            return taken.star
        return self._through(module, name, but=module)

    def leans(self, importer: str, module: str) -> Place | None:
        """Who may use `module` as an attribute of its package although only `importer` imports it."""
        package, _, name = module.rpartition(".")
        if not package or any(mention.importer != importer for mention in self.mentions[module]):
            return None
        return self._through(package, name, but=importer)

    def statement(self, module: str, line_number: int) -> str:
        """The lines that a statement may take, from where it begins."""
        return "\n".join(self._lines(module)[line_number - 1 : line_number - 1 + _LONGEST])

    def _through(self, module: str, name: str, *, but: str) -> Place | None:
        """Who holds a module as an object and uses an attribute of that name."""
        for importer, line_number in self._taken(module).holders:
            if importer != but and name in self._attributes(importer):
                return importer, line_number
        return None

    def _attributes(self, module: str) -> frozenset[str]:
        if module not in self.attributes:
            self.attributes[module] = frozenset(_ATTRIBUTE.findall("\n".join(self._lines(module))))
        return self.attributes[module]

    def _taken(self, module: str) -> "_Taken":
        if module not in self.found:
            self.found[module] = self._read(module)
        return self.found[module]

    def _lines(self, module: str) -> Sequence[str]:
        if module not in self.lines:
            try:
                self.lines[module] = self.sources.file(module).text.split("\n")
            except (UnreadableError, KeyError):
                self.lines[module] = ()
        return self.lines[module]

    def _read(self, module: str) -> "_Taken":
        taken = _Taken()
        last = module.rpartition(".")[2]
        for mention in self.mentions.get(module, ()):
            if mention.importer == module:
                continue
            place = (mention.importer, mention.line_number)
            node = _from_statement(self.statement(*place))
            if node is None or any(alias.name == last for alias in node.names):
                taken.holders.append(place)
            for alias in node.names if node else ():
                if alias.name == "*":
                    taken.star = taken.star or place
                else:
                    taken.names.setdefault(alias.name, place)
        return taken


@dataclass(slots=True)
class _Taken:
    names: dict[str, Place] = field(default_factory=dict)
    star: Place | None = None
    holders: list[Place] = field(default_factory=list)


_ATTRIBUTE = re.compile(r"\.\s*(\w+)")
_FROM = re.compile(r"\s*(?:lazy\s+)?(from\b[^\n(]*?\bimport\b\s*)(\([^()]*\)|[^\n;#(]*)")


def _from_statement(text: str) -> ast.ImportFrom | None:
    """The statement, None where it is no `from`, or none that can be told from its text alone."""
    joined = re.sub(r"#[^\n]*", "", text.partition("\n\n\n")[0]).replace("\\\n", " ")
    found = _FROM.match(joined)
    if found is None:
        return None
    try:
        (node,) = parse(f"{found[1]}{found[2].strip()}").body
    except (UnreadableError, ValueError):
        return None
    return node if isinstance(node, ast.ImportFrom) else None
