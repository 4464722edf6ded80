"""Enums that all parts of `cycles` share. It imports nothing heavy, so that `--help` is instant."""

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """How an import statement takes effect."""

    EAGER = "eager"
    DEFERRED = "deferred"
    LAZY = "lazy"
    TYPING = "typing"
    MAIN = "main"
    UNKNOWN = "unknown"


class Tag(StrEnum):
    """What else is known of an import, besides its kind."""

    OPTIONAL = "optional"
    """It is in a `try` that handles ImportError (or `with suppress(ImportError)`)."""
    CONDITIONAL = "conditional"
    """Whether it runs depends on a condition, a loop or another exception."""
    DYNAMIC = "dynamic"
    """A literal `import_module("…")` or `__import__("…")`."""
    EXTENSION = "extension"
    """What it takes from `imported` are compiled modules inside that package."""
    LAZY = "lazy"
    """A PEP 810 `lazy` import made eager by a use of its name at module level."""


class GraphName(StrEnum):
    """Which of the imports a graph holds."""

    IMPORT_TIME = "import-time"
    RUNTIME = "runtime"
    ALL = "all"


class View(StrEnum):
    """How a component is drawn."""

    AUTO = "auto"
    """The first of the others whose names can be read in a README, and whose lines can be followed."""
    DIAGRAM = "diagram"
    """Every module."""
    PLAN = "plan"
    """The modules at the ends of the cuts, the others folded into the lines."""
    PACKAGES = "packages"
    MATRIX = "matrix"


class Presence(StrEnum):
    """What became of an import."""

    NEW = "new"
    GONE = "gone"
    KEPT = "kept"


class Verdict(StrEnum):
    """What becomes of a module that is the first import of a fresh interpreter."""

    OK = "ok"
    CRASH = "crash"
    """An import cycle makes it fail: a name or module is asked for before it is there."""
    OTHER = "other"
    """It fails for another reason."""
    UNKNOWN = "unknown"
    """It cannot be told without running it."""


class Outcome(StrEnum):
    """What a change does to the import cycles."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"


class Event(StrEnum):
    """What became of a strongly connected component."""

    NEW = "new"
    """None of its modules was on a cycle."""
    GROWN = "grown"
    SHRUNK = "shrunk"
    MERGED = "merged"
    """It holds modules of several components."""
    SPLIT = "split"
    """Its modules are in several components now."""
    GONE = "gone"


class Feasibility(StrEnum):
    """How a cut can be made, from the easiest to the hardest; the hardest of several statements determines it."""

    UNUSED = "unused"
    """What it takes is used nowhere: remove it."""
    TYPE_ONLY = "type-only"
    """Used only where nothing is evaluated: move it under `TYPE_CHECKING`."""
    DEFERRABLE = "deferrable"
    """Used only inside functions that do not run on import: import there, or `lazy` (PEP 810)."""
    ANNOTATION = "annotation"
    """Used in annotations that Python evaluates: quote these, then as above."""
    REWIRABLE = "rewirable"
    """It is only passed on there: take it from the module that defines it."""
    SPLIT = "split"
    """The module's body needs a part of it, which can be taken from where it is defined; the rest as above."""
    LAZY = "lazy"
    """The package only offers it to others: import it when it is asked for (PEP 562), or `lazy` (PEP 810)."""
    TYPING = "already typing"
    """Under `TYPE_CHECKING` already; in this graph only removing it is a cut."""
    DEFERRED = "already deferred"
    """In a function, lazy, or for `__main__` already; in this graph only removing it is a cut."""
    COUPLED = "coupled"
    """It could be deferred, but this graph would count it all the same: code must move."""
    CONDITIONAL = "conditional binding"
    """The name is bound in a branch, or more than once."""
    REEXPORT = "re-export"
    """Others take the name from here: deferring it only moves the dependency to them."""
    REGISTRATION = "registration"
    """Nothing of it is used: it may be imported for what it does."""
    STRUCTURAL = "structural"
    """The module's own body needs it: base class, decorator, default, call."""
    UNKNOWN = "unknown"
    """It cannot be told."""


MOVED = (Feasibility.UNUSED, Feasibility.TYPE_ONLY, Feasibility.DEFERRABLE, Feasibility.ANNOTATION)
"""How a name can be cut by moving its import."""
EASY = (*MOVED, Feasibility.REWIRABLE, Feasibility.SPLIT, Feasibility.LAZY)
"""The kinds of fix that need no change but to the imports, and to annotations."""
INTO_FUNCTIONS = (Feasibility.DEFERRABLE, Feasibility.ANNOTATION)
"""Those of them that may import inside functions."""


class Way(StrEnum):
    """A way to make cuts that is preferred to others where it is asked for."""

    TYPE = "type"
    """Under `TYPE_CHECKING`, annotations quoted where that is needed."""
    DEFER = "defer"
    """Inside functions."""
    REWIRE = "rewire"
    """From the module that defines the name."""
    LAZY = "lazy"
    """By `lazy` imports, or when a name of a package is asked for."""
    MOVE = "move"
    """By moving definitions."""


class Rule(StrEnum):
    """Why `cycles fix` does not make a cut, or what it warns of."""

    CODE = "code"
    """It takes a change of code, not only of imports."""
    EDIT = "edit"
    """The text cannot be edited safely."""
    OUTSIDE = "outside"
    """The file is not part of the project."""
    KEPT = "not asked"
    """It was not asked for."""
    NO_DEFER = "no-defer"
    """It would import inside functions, which is not wanted."""
    PATCHED = "patched"
    """A test replaces the name in the module that takes it."""
    RELOADED = "reloaded"
    """A test empties `sys.modules` or reloads modules: a deferred import then binds another copy."""
    FIRST_IMPORT = "first import"
    """With it a module cannot be imported first that could be before."""
    TESTS = "tests"
    """With it a test fails that passed before."""
    LINT = "lint"
    """Ruff would complain of what it did not complain of before."""


class DoubtReason(StrEnum):
    """What code outside the analysed packages could do that nobody can see in them."""

    DECORATED = "decorated"
    """It decorates the function or class."""
    DERIVED = "derived"
    """The class is derived from it."""
    GIVEN = "given"
    """The function or class is given to it as an argument."""
    LIMIT = "limit"
    """It is known of nothing that does, but not all code that runs on import was followed to its end."""


class Form(IntEnum):
    """How an import is written."""

    PLAIN = 0
    LAZY = 1
    DYNAMIC = 2
