"""A record of the imports that a simulated interpreter executes: by which statement, and while which module runs."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Executed(NamedTuple):
    """What one statement or call asked for.

    Attributes:
        runner: the module whose body ran; "" for none.
        importer: the module in whose file it stands; "" for none.
        line_number: where.
        function: the function that it stands in; "" for the body of a module or class.
        imported: the module that it asked for: each package on the way to it by itself, unless it was there.
        names: what it took of a module that is not analysed, of which some may be modules.
        at: the line of the runner's body that was executed then.
    """

    runner: str
    importer: str
    line_number: int
    function: str
    imported: str
    names: tuple[str, ...] = ()
    at: int = 0


@dataclass(slots=True)
class Record:
    """All that was executed, in the order in which it first was, and whether that was certain.

    `computed` are the places that import modules whose names are not known: the module and the line. `is_whole`: no
    budget ended it.
    """

    executed: dict[Executed, bool] = field(default_factory=dict)
    computed: dict[tuple[str, int], None] = field(default_factory=dict)
    is_whole: bool = True

    def add(self, found: Executed, *, certain: bool) -> None:
        """Note that something was executed."""
        self.executed[found] = certain or self.executed.get(found, False)
