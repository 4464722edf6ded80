"""What the source layer says of files and imports: frozen values."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from cycles.enums import Form, Kind, Tag
from cycles.source.module_names import Pair

_LAMBDA = re.compile(r"<lambda (\d+):(\d+)>$")


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module, the file that defines it, and the root folder it was found under."""

    name: str
    path: str
    is_package: bool
    folder: str


class RawImport(NamedTuple):
    """One module names another on a line: an import of which nothing else is known yet."""

    importer: str
    imported: str
    line_number: int
    form: Form

    @property
    def pair(self) -> Pair:
        """Importer and imported."""
        return self.importer, self.imported


class ClassifiedImport(NamedTuple):
    """A mention, and how it takes effect: all that a graph needs of an import."""

    importer: str
    imported: str
    line_number: int
    form: Form
    kind: Kind
    tags: tuple[Tag, ...]

    @property
    def pair(self) -> Pair:
        """Importer and imported."""
        return self.importer, self.imported


@dataclass(frozen=True, slots=True)
class Paired:
    """Something that has an importer and what that imports."""

    importer: str
    imported: str

    @property
    def pair(self) -> Pair:
        """Importer and imported."""
        return self.importer, self.imported


@dataclass(frozen=True, slots=True)
class Import(Paired):
    """One import statement, as far as it names one module.

    `from p import module, name` names two modules and is two imports. `path` is relative to the
    project's folder, with forward slashes; `line_contents` is the statement's first line.
    """

    path: str
    line_number: int
    line_contents: str
    kind: Kind
    tags: tuple[Tag, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class FunctionPlace:
    """A function, by its dotted name, and the line of its `def`; or a lambda, whose name tells line and column."""

    function: str
    line_number: int

    @property
    def lambda_at(self) -> tuple[int, int] | None:
        """Where a lambda begins: its line, and the column in bytes; None for a function."""
        found = _LAMBDA.search(self.function)
        return (int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        """What people call it.

        >>> print(FunctionPlace("C.pay", 7), FunctionPlace(lambda_path("C", 7, 12), 7), sep=", ")
        C.pay(), the lambda on line 7
        """
        return f"{self.function}()" if self.lambda_at is None else f"the lambda on line {self.line_number}"


def lambda_path(around: str, line_number: int, column: int) -> str:
    """Return the dotted name of a lambda in a function or class, "" for the module."""
    return f"{around}.<lambda {line_number}:{column}>".removeprefix(".")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that could not be read, and why. `line_number` is None where no line is to blame."""

    path: str
    line_number: int | None
    reason: str
