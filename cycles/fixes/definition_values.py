"""Definitions and what they need, the levels at which a component falls apart, and moves: frozen values, sorted."""

from dataclasses import dataclass
from enum import StrEnum

from cycles.model import Component, Edit
from cycles.source.import_values import ModuleFile


class Need(StrEnum):
    """When one definition needs another, the strongest first."""

    IMPORT = "import"
    """While its module runs."""
    MAYBE = "maybe"
    """While its module runs, if somebody evaluates an annotation or calls a lambda then."""
    ANNOTATION = "annotation"
    """While its module runs, but only in an annotation, which quotes would keep from that."""
    CALL = "call"
    """When a function of it is called."""
    TYPING = "typing"
    """Never: only type checkers do."""


class Level(StrEnum):
    """From where names are taken once every import that can be is deferred, or under `TYPE_CHECKING`."""

    AS_WRITTEN = "as-written"
    """From the modules that the imports name."""
    DEFINING = "defining-module"
    """From the modules that define them."""
    LAZY = "lazy-packages"
    """Likewise, and package `__init__`s import what they offer when it is asked for (PEP 562)."""


@dataclass(frozen=True, slots=True, order=True)
class Definition:
    """A top-level statement of a module, or all of them that bind one name.

    Attributes:
        names: those that it binds, sorted; none where it binds none.
        line_number: where its first statement begins.
        lines: how many lines its statements have together.
    """

    module: str
    line_number: int
    names: tuple[str, ...]
    lines: int

    @property
    def name(self) -> str:
        """Its name, with its module: the one that it binds, or the first of them, or its line."""
        return f"{self.module}.{self.names[0]}" if self.names else f"{self.module}:{self.line_number}"


@dataclass(frozen=True, slots=True)
class DefinitionNeed:
    """That one definition needs another, when, and the line that says so: of a function that it calls, or its own."""

    definition: Definition
    needed: Definition
    need: Need
    line_number: int


@dataclass(frozen=True, slots=True)
class ModuleNeed:
    """That a module needs another whatever it takes of it: for what importing that does, or for what it offers."""

    importer: str
    imported: str
    line_number: int


@dataclass(frozen=True, slots=True)
class Recursion:
    """Definitions of two or more modules that need each other, directly or indirectly, sorted."""

    definitions: tuple[Definition, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that they are in, sorted."""
        return tuple(sorted({definition.module for definition in self.definitions}))


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """What is left of a component at a level, and the fewest definitions found that end it by moving.

    Attributes:
        modules: those still on cycles, sorted.
        perhaps: likewise, where annotations that may be evaluated, and lambdas that may be called, count too.
        moved: definitions that leave no cycle once each is in a module of its own and imported back; None where
            none were found that do, or nobody looked.
        lower_bound: no fewer moved definitions do.
    """

    level: Level
    modules: tuple[str, ...]
    perhaps: tuple[str, ...]
    moved: tuple[Definition, ...] | None
    lower_bound: int


@dataclass(frozen=True, slots=True)
class DefinitionGraph:
    """The definitions of a component's modules, and what they need.

    Attributes:
        definitions: by module and line.
        needs: of definitions of different modules and of one, each pair once, with its strongest need.
        module_needs: imports wanted for their effect, and what `__init__`s and `__all__` offer to others.
        at_import: definitions that need each other while their modules run.
        perhaps_at_import: likewise, where annotations that may be evaluated then count too.
        when_run: definitions that need each other when the program runs.
        levels: one of each, in the order of `Level`.
        unread: modules that could not be followed.
    """

    component: Component
    definitions: tuple[Definition, ...]
    needs: tuple[DefinitionNeed, ...]
    module_needs: tuple[ModuleNeed, ...]
    at_import: tuple[Recursion, ...]
    perhaps_at_import: tuple[Recursion, ...]
    when_run: tuple[Recursion, ...]
    levels: tuple[LevelFigures, ...]
    unread: tuple[str, ...]


class MoveRule(StrEnum):
    """Why definitions are not moved."""

    NO_MOVE = "no small set of definitions was found whose move ends the component"
    CONDITIONAL = "it stands in a block that may not run"
    REBOUND = "several statements bind its name"
    SHARED_LINE = "it shares a line with other code"
    OWN_MODULE = "it asks which module it is in, or looks names up while it runs"
    GLOBAL = "it declares names global, or is declared global"
    REGISTERED = "a decorator may register it, in an order that matters"
    NEEDED_HERE = "it needs a name of its module while it runs that is not moved with it"
    DOCTEST = "its doctest uses a name of its module that does not go along"
    NO_PACKAGE = "the modules that need it share no package for a new module"
    LAYOUT = "the text is laid out so that it cannot be edited safely"


@dataclass(frozen=True, slots=True)
class Move:
    """Definitions of one module that go to another, and are imported back.

    Attributes:
        definitions: those that move, sorted: with what only they need.
        wanted: those of them that stand in the way.
        source: the module that they leave.
        target: the module that they go to.
        is_new: whether the move makes it.
        lines: how many lines move.
        has_module: whether functions or classes are among them, which tell the module that they are in.
        read: the names of the source that they read while the program runs, sorted.
        loggers: those of them that are the logger of a module, of which the target has its own.
        text: what the target holds then.
        edits: what becomes of the source.
        target_edits: what becomes of the target; none where it is new.
        path: where the target is, relative to the project.
    """

    definitions: tuple[Definition, ...]
    wanted: tuple[Definition, ...]
    source: str
    target: ModuleFile
    is_new: bool
    lines: int
    has_module: bool
    read: tuple[str, ...]
    loggers: tuple[str, ...]
    text: str
    edits: tuple[Edit, ...]
    target_edits: tuple[Edit, ...]
    path: str


@dataclass(frozen=True, slots=True)
class RefusedMove:
    """A definition that would have to move and cannot, why, and the line that shows it."""

    definition: Definition
    rule: MoveRule
    line_number: int


@dataclass(frozen=True, slots=True)
class MovePlan:
    """The moves that leave a component to be taken apart by imports alone: all of them, or none and what is in the way.

    No fewer moved definitions than `lower_bound` do, where each is imported back.
    """

    moves: tuple[Move, ...]
    refused: tuple[RefusedMove, ...]
    lower_bound: int
