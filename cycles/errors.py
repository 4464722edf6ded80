"""Errors that the user can put right, each with what it is about in fields; the command line says what to type."""


class CyclesError(Exception):
    """What was asked for cannot be done; the message says what is wrong."""


class PackageNotFoundError(CyclesError):
    """No folder that was looked in holds the package.

    Attributes:
        name: what was asked for.
        alike: the names of packages that may have been meant, best first; empty where there are none.
    """

    def __init__(self, name: str, folder: str, alike: tuple[str, ...] = (), meant: str = "") -> None:
        """`folder` is where it was looked for first; `meant` says more of the first one `alike`."""
        what = "package" if name.replace(".", "").isidentifier() else "package or path"
        what = "file" if name.endswith(".py") else what
        question = f"; did you mean {meant or alike[0]}?" if alike else ""
        super().__init__(f'no {what} "{name}" under {folder}{question}')
        self.name = name
        self.alike = alike


class NotOnCycleError(CyclesError):
    """A module, or what one module imports of another, is on no cycle of the graph."""

    def __init__(self, what: str, package: str) -> None:
        """`what` is a clause for people; `package` is the one that was analysed."""
        super().__init__(what)
        self.package = package


class NoChainError(NotOnCycleError):
    """No chain of imports leads from one module, or group of them, to another in a graph; or back to the same one.

    Attributes:
        graphs: the names of the other graphs in which one does.
    """

    def __init__(self, ends: tuple[str, str], package: str, graph: str, graphs: tuple[str, ...]) -> None:
        """`ends` are the two modules; `graph` is where it was looked for a chain; `package` is what was analysed."""
        importer, imported = ends
        no_chain = f"{importer} does not import {imported}, not even through others,"
        super().__init__(
            f"{f'{importer} is on no cycle' if importer == imported else no_chain} in the graph {graph}", package
        )
        self.graphs = graphs


class NoMatchError(CyclesError):
    """A pair of module expressions that should be kept, or cut, matches no import inside a component."""

    def __init__(self, pattern: tuple[str, str], role: str) -> None:
        """`role` is "keep" or "cut"."""
        super().__init__(f"no import inside a component matches {' -> '.join(pattern)}, which is to {role}")
        self.pattern = pattern
        self.role = role


class KeptAndCutError(CyclesError):
    """What one module imports of another should be both kept and cut."""

    def __init__(self, importer: str, imported: str) -> None:
        """The arguments are the two modules."""
        super().__init__(f"{importer} -> {imported} is both kept and cut")
        self.importer = importer
        self.imported = imported


class UncuttableError(CyclesError):
    """Every import of some cycle should be kept."""

    def __init__(self, cycle: tuple[str, ...], *, reexports: bool = False) -> None:
        """`cycle` does not repeat its first module at the end; cut `reexports` would break it."""
        what = "what a package imports of its own modules" if reexports else "each of its imports"
        super().__init__(f"the cycle {' -> '.join([*cycle, cycle[0]])} cannot be broken: {what} is kept")
        self.cycle = cycle
        self.reexports = reexports
