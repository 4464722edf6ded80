"""What runs while modules are imported, and whose annotations are evaluated: found by following values.

The bodies of the modules run, and every function that a value of a call may be. Which values reach a call is found by
going through the code that runs, and only that: nothing is executed. A list, set or table is taken for what it holds.
"""

import ast
from collections.abc import Iterable

from cycles.enums import DoubtReason
from cycles.fixes.import_time.evidence import Def, Mark, Site
from cycles.fixes.import_time.expressions import OF_BUILTINS
from cycles.fixes.import_time.flow import Bound, Class, Function, Instance
from cycles.fixes.import_time.statements import Statements
from cycles.fixes.known_libraries import EVALUATING
from cycles.fixes.module_usage import Modules
from cycles.limits import Steps
from cycles.model import RuntimeEvaluated
from cycles.source.file_text import UnreadableError


class FirstRuns(Statements):
    """What runs while some modules are imported; found out when it is first asked about."""

    def __init__(
        self,
        modules: Modules,
        names: Iterable[str],
        configured: RuntimeEvaluated,
        steps: Steps,
        *,
        whole: bool = True,
    ) -> None:
        """`names` are the modules whose bodies run: all of them, or not the `whole`."""
        super().__init__(modules, names, configured, steps)
        self._state, self._followed, self._whole = 0, whole, whole

    def runs(self, module: str, path: str, *, called: bool = True) -> Mark | None:
        """Where it shows that a function may run on import; None where it does not.

        Not `called`: what is seen to call it is taken not to; so that only what is not known may.
        """
        self._find()
        marks = self.run_marks if called else self.given_marks
        return self._or_limit(marks.get((module, path)), module, complete=self._followed)

    def reads(self, module: str, path: str) -> Mark | None:
        """Where it shows that annotations of a function, class or module (MODULE) may be evaluated."""
        self._find()
        self._find_readers()
        owner = path.rpartition(".")[0]
        found = [
            self.read_marks.get((module, path)),
            self.read_marks.get((module, f"{owner}.*") if owner else ("", "")),
        ]
        return self._or_limit(
            min(filter(None, found), key=lambda mark: bool(mark.reason), default=None),
            module,
            complete=self._whole and self.steps.left >= 0,
        )

    def _or_limit(self, mark: Mark | None, module: str, *, complete: bool) -> Mark | None:
        """What was found; where not all was gone through, that this may not be all."""
        return mark if mark or complete else Mark(module, 1, reason=DoubtReason.LIMIT)

    def _find(self) -> None:
        if self._state:
            return
        self._state = 1
        if self.steps.left < 0:
            self._followed = False
            return
        for name in self.names:
            self.load(name)
        self._settle()
        while self.steps.left >= 0 and self._give_to_unknown():
            self._settle()
        while self.doubts and self.steps.left >= 0:
            value, site = self.doubts.pop(0)
            self.doubted = site.place
            self.invoke(value, site)
            self._settle()
        self.doubted = None
        self._followed = self._whole and self.steps.left >= 0

    def _find_readers(self) -> None:
        """Go through functions that do not run on import but hand something to what evaluates annotations."""
        if self._state > 1 or self.steps.left < 0:
            return
        self._state, self.reading = 2, True
        words = [word.encode() for word in EVALUATING]
        for name in sorted(self.modules.files):
            try:
                data = self.modules.sources.file(name).data
            except UnreadableError:
                continue
            if any(word in data for word in words):
                self._read_in(name)
        self._inherit()

    def _read_in(self, module: str) -> None:
        """Go through the functions of a module in which one of these words stands."""
        if not self.load(module):
            return
        self._settle()
        file = self.modules.sources.file(module)
        for function in [function for function in self.code if function.module == module]:
            node, _ = self.code[function]
            end = getattr(node, "end_lineno", None) or function.line_number
            text = "\n".join(file.lines_between(function.line_number, end + 1))
            if any(word in text for word in EVALUATING):
                self._enter_with_self(function, Mark(module, function.line_number))
        self._settle()

    def _enter_with_self(self, function: Function, place: Mark) -> None:
        """Go through a function that nobody is seen to call; a method has an object of its class."""
        node, unit = self.code[function]
        if unit.owner and isinstance(node, Def) and (first := next(iter(node.args.args), None)):
            self.flows.add(("local", function, first.arg), Instance(unit.owner))
        self.enter(function, place)

    def _inherit(self) -> None:
        """What evaluates annotations of a class evaluates those of what it is derived from."""
        for (module, path), mark in list(self.read_marks.items()):
            for parent in self.ancestors(Class(module, path)):
                self.note(self.read_marks, (parent.module, parent.path), mark)

    def _settle(self) -> None:
        """Go through all code that runs, and let values flow, until nothing is new."""
        while self.steps.left >= 0:
            while self.waiting:
                self.steps.take(1)
                node, result, unit = self.waiting.pop()
                if isinstance(node, ast.stmt):
                    self.statement(node, unit)
                else:
                    self.expression(node, result, unit)
            self.flows.settle()
            if not self.waiting:
                return

    def _give_to_unknown(self) -> bool:
        """Let what nothing is known of do anything to what it is given; returns whether that is news."""
        news = False
        for called, name, site in self.unanswered:
            if self.flows.values.get(called) or name in OF_BUILTINS or name.startswith("_"):
                continue
            for value in [value for given in site.all_given for value in self.flows.values.get(given, ())]:
                if isinstance(value, Function | Class | Bound) and self.is_news("unknown", value, site.place):
                    self.read(value, site.place, methods=True)
                    self.invoke(value, Site(site.place, site.result))
                    news = True
        return news
