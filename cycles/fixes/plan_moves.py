"""Plan which definitions to move so that a component can be taken apart by imports alone, and make the moves as edits.

A definition goes to a new module in the package that it shares with those who need it, and is imported back where it
was, before anything that may ask for it there. Nothing is written.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from cycles.enums import GraphName
from cycles.fixes.cut_fixes import Sources, first_runs_of
from cycles.fixes.definition_graph import Levels
from cycles.fixes.definition_values import Definition, Level, Move, MovePlan, MoveRule, Need, RefusedMove
from cycles.fixes.definitions import Needs, needs_of
from cycles.fixes.edits import apply, composed
from cycles.fixes.insert_imports import Taken, spelled_like, written
from cycles.fixes.module_usage import Modules
from cycles.fixes.movable_definitions import FUNCTIONS, Homes, loggers_in, refusal, statements_of, usual_name
from cycles.fixes.name_origins import Origins, Scope
from cycles.fixes.name_users import used_in_examples
from cycles.fixes.remove_imports import without_names, without_statements
from cycles.fixes.text_changes import Change, Page, Position, Refusal, RefusedError, share_line
from cycles.fixes.write_moved_code import Code, as_new_module, into_module
from cycles.limits import MOVED_TOGETHER
from cycles.model import Component, Edit
from cycles.source.file_text import UnreadableError, parse_with_lazy, relative_path
from cycles.source.import_statements import ImportNode, bound_name, futures_of
from cycles.source.import_values import ModuleFile
from cycles.source.module_names import inside, package_of
from cycles.source.name_usage import Use
from cycles.source.top_level_statements import TopLevel
from cycles.source.tree_nodes import first_line

_WHILE_RUNNING = (Need.IMPORT, Need.MAYBE, Need.ANNOTATION)
_EVALUATING = ("get_type_hints", "eval_str")
"""What makes objects of annotations that are texts, by the names of the module that they are in."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class _MoveError(Exception):
    def __init__(self, definition: Definition, rule: MoveRule, line_number: int = 0) -> None:
        super().__init__(rule)
        self.refused = RefusedMove(definition, rule, line_number or definition.line_number)


class MovePlanner:
    """Plans moves of a component's definitions, whose needs are found out once."""

    def __init__(self, component: Component, graph: GraphName, sources: Sources, taken: Collection[str] = ()) -> None:
        """Read what the definitions need of each other; modules in `taken` are edited or made by other moves."""
        running = first_runs_of(component.modules, sources)
        self._needs, self._origins = needs_of(component.modules, sources.modules, running)
        self._component, self._graph, self._project = component, graph, sources.project
        self._mentions, self._taken = sources.mentions, taken
        self._loggers = loggers_in(self._needs, self._origins)

    def fewest(self, *, defer: bool = True) -> MovePlan:
        """Return the fewest moves found that leave a component to be taken apart by imports alone.

        `defer`: imports may go into functions.
        None are needed where names can be taken from where they are defined. Where packages would have to import lazily
        besides, these imports are left to the plan of cuts.
        """
        levels = Levels(self._needs, self._origins, self._graph, self._component.modules, defer=defer)
        figures = levels.figures(Level.DEFINING)
        if figures.modules and figures.moved is None:
            lazy = levels.figures(Level.LAZY)
            if lazy.moved is None:
                first = next(one for one in self._needs.definitions if one.module in lazy.modules)
                refused = RefusedMove(first, MoveRule.NO_MOVE, first.line_number)
                return MovePlan((), (refused,), lazy.lower_bound)
            figures = lazy
        if not figures.moved:
            return MovePlan((), (), 0)
        return self._made(figures.moved, figures.lower_bound)

    def named(self, named: Collection[tuple[str, str]]) -> MovePlan | None:
        """Return the moves of some definitions, given as (module, name); None where one is not defined there.

        Those that cuts cannot do without are few at times where the fewest for the whole component are many. What they
        need of their modules while these run goes along; None also where that is too much for one move.
        """
        definitions = self._needs.definitions
        defined = {(one.module, name): number for number, one in enumerate(definitions) for name in one.names}
        if not named or not defined.keys() >= set(named):
            return None
        wanted = _with_needs(self._needs, [defined[one] for one in named], self._loggers)
        if len(wanted) > MOVED_TOGETHER:
            return None
        return self._made(sorted(definitions[number] for number in wanted), 0)

    def at_home(self, plan: MovePlan) -> MovePlan | None:
        """Return a plan whose definitions go to modules that are there, where one fits; None where none does."""
        wanted = [definition for move in plan.moves for definition in move.wanted]
        homes = Homes(self._needs, self._origins, self._mentions)
        found = self._made(wanted, plan.lower_bound, homes)
        return found if any(not move.is_new for move in found.moves) else None

    def _made(self, wanted: Sequence[Definition], lower_bound: int, homes: Homes | None = None) -> MovePlan:
        mover = _Mover(self._needs, self._origins, self._loggers, self._project, self._taken, homes)
        try:
            return MovePlan(mover.moves(wanted), (), lower_bound)
        except _MoveError as error:
            return MovePlan((), (error.refused,), lower_bound)


def _with_needs(needs: Needs, wanted: Iterable[int], copied: Collection[int]) -> list[int]:
    """Return some definitions with what they need of their modules while these run, but `copied` ones; by number."""
    found = list(dict.fromkeys(wanted))
    for number in found:
        for other, need in needs.between[number].items():
            inner = needs.definitions[other].module == needs.definitions[number].module
            if inner and need.need in _WHILE_RUNNING and other not in found and other not in copied:
                found.append(other)
    return found


def texts_after(moves: Iterable[Move], modules: Modules) -> dict[str, str]:
    """Return the texts of the modules that some moves change or make, by name."""
    found: dict[str, str] = {}
    for move in moves:
        found[move.source] = apply(modules.sources.file(move.source).text, move.edits)
        found[move.target.name] = move.text
    return found


class _Mover:
    def __init__(
        self,
        needs: Needs,
        origins: Origins,
        loggers: Collection[int],
        project: Path,
        taken: Collection[str],
        usual: Homes | None,
    ) -> None:
        self.needs, self.origins, self.project = needs, origins, project
        self.modules, self.usual = origins.modules, usual
        self.taken_homes = {*taken}
        """Modules that are edited or made already, which no other move may touch."""
        self.number = {definition: number for number, definition in enumerate(needs.definitions)}
        self.homes: dict[tuple[str, str], str] = {}
        """The new module of each name that moves, by its module and itself."""
        self.wanted: set[Definition] = set()
        self.loggers = loggers

    def moves(self, wanted: Sequence[Definition]) -> tuple[Move, ...]:
        """Return the moves of some definitions, those of one module together."""
        by_source: dict[str, list[Definition]] = defaultdict(list)
        self.wanted = set(wanted)
        for definition in wanted:
            by_source[definition.module].append(definition)
        groups = {source: self.with_helpers(source, group) for source, group in sorted(by_source.items())}
        self.taken_homes.update(groups)
        for source, group in groups.items():
            for definition in group:
                self.check(definition)
            package = self.package(source, group)
            if not self.goes_home(source, group, package):
                self.goes_to(source, group, self.leaf(package, group))
        return tuple(self.move(source, group) for source, group in groups.items())

    def goes_to(self, source: str, group: Sequence[Definition], target: str) -> None:
        self.homes |= {(source, name): target for definition in group for name in definition.names}

    def goes_home(self, source: str, group: Sequence[Definition], package: str) -> bool:
        """Let some definitions go to a module that is there, the first that can take them; returns whether one can."""
        if self.usual is None:
            return False
        numbers = {self.number[definition] for definition in group}
        nodes = [one.node for definition in group for _, one in statements_of(self.origins, definition)]
        for target in self.usual.of(source, numbers, package, nodes):
            if target in self.taken_homes or self.is_spread(target):
                continue
            self.goes_to(source, group, target)
            try:
                self.move(source, group)
            except _MoveError:
                self.homes = {key: home for key, home in self.homes.items() if home != target}
                continue
            self.taken_homes.add(target)
            return True
        return False

    def is_spread(self, module: str) -> bool:
        """Whether a star import may hand everything that a module defines on to others."""
        if self.scope_of(module) is None or self.scope(module).uses.lists_exports:
            return False
        star = re.compile(r"\bimport\s*\(?\s*\*")
        return any(self.mentions(name, module, star) for name in sorted(self.modules.files) if name != module)

    def scope_of(self, module: str) -> Scope | None:
        return self.origins.scope(module)

    def scope(self, module: str) -> Scope:
        scope = self.origins.scope(module)
        assert scope is not None  # noqa: S101  a module whose definitions are known was read
        return scope

    def with_helpers(self, source: str, group: Sequence[Definition]) -> list[Definition]:
        """Add the private definitions of a module that only some others of it use, with what they need on import."""
        used_by: dict[int, set[int]] = defaultdict(set)
        for number, needed in enumerate(self.needs.between):
            for other in needed:
                used_by[other].add(number)
        found = [self.number[definition] for definition in group]
        for number in found:
            for other in self.needs.between[number].keys() - self.loggers:
                more = [one for one in _with_needs(self.needs, [other], self.loggers) if one not in found]
                together = {*found, *more}
                if all(used_by[one] <= together and self.is_helper(source, one) for one in more):
                    found += more
        return sorted(self.needs.definitions[number] for number in found)

    def is_helper(self, source: str, number: int) -> bool:
        """Whether a definition is private to its module, and can move."""
        helper = self.needs.definitions[number]
        if helper.module != source or not all(name.startswith("_") for name in helper.names or ("",)):
            return False
        return not self.is_taken(source, helper.names) and refusal(self.origins, helper) is None

    def is_taken(self, source: str, names: Collection[str]) -> bool:
        """Whether other modules, or tests by text, may take one of some names from a module."""
        word = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
        exported = self.scope(source).uses.exported or frozenset()
        others = (name for name in sorted(self.modules.files) if name != source)
        return bool(exported & set(names)) or any(self.mentions(name, source, word) for name in others)

    def mentions(self, module: str, source: str, word: re.Pattern[str]) -> bool:
        try:
            text = self.modules.sources.file(module).text
        except UnreadableError:
            return False
        return source.rpartition(".")[2] in text and word.search(text) is not None

    def check(self, definition: Definition) -> None:
        if (refused := refusal(self.origins, definition)) is not None:
            raise _MoveError(definition, *refused)

    def package(self, source: str, group: Sequence[Definition]) -> str:
        """The package that all share who need what moves: no `__init__` runs for a new module there."""
        moving = {self.number[definition] for definition in group}
        users = {
            self.needs.definitions[number].module
            for number, needed in enumerate(self.needs.between)
            if moving & needed.keys()
        }
        users |= {
            offer.module
            for offer in self.needs.offers
            if any(
                (link.module, link.name)
                for link in offer.links
                if link.module == source and any(link.name in one.names for one in group)
            )
        }
        packages = [
            module if self.modules.files[module].is_package else module.rpartition(".")[0]
            for module in (source, *users)
        ]
        package = packages[0]
        while package and not all(inside(other, package) for other in packages):
            package = package.rpartition(".")[0]
        if not package:
            raise _MoveError(group[0], MoveRule.NO_PACKAGE)
        return package

    def leaf(self, package: str, group: Sequence[Definition]) -> str:
        """Name a new module: by what several definitions are, or as one is called that no other one of them needs."""
        numbers = {self.number[one] for one in group}
        needed: dict[int, set[bool]] = defaultdict(set)
        for number in numbers:
            for other, need in self.needs.between[number].items():
                needed[other].add(need.need is not Need.TYPING)
        # What others need while they run comes last, what they only name in annotations before that.
        wanted = sorted(
            (one for one in group if one in self.wanted),
            key=lambda one: max(map(int, needed[self.number[one]]), default=-1),
        )
        names = [name for one in wanted or group for name in one.names]
        first = next((name for name in names if not name.startswith("_") or name.endswith("__")), names[0])
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", first.strip("_")).lower()
        taken = {*self.modules.files, *self.homes.values(), *self.taken_homes}
        found = usual_name([one.node for definition in group for _, one in statements_of(self.origins, definition)])
        if found and len(group) > 1 and f"{package}.{found}" not in taken:
            return f"{package}.{found}"
        name = f"{package}._{plain}"
        while name in taken:
            name += "_"
        return name

    def move(self, source: str, group: Sequence[Definition]) -> Move:
        """Make one move."""
        file, scope = self.modules.sources.file(source), self.scope(source)
        target = self.homes[source, group[0].names[0]]
        is_new = target not in self.modules.files
        made = self.new_file(target, source) if is_new else self.modules.files[target]
        tree, page = file.tree, Page(file.text)
        gone = sorted(place for definition in group for place, _ in statements_of(self.origins, definition))
        blocks = self.blocks(page, tree, gone, group[0])
        path, shown = self.shown(self.modules.files[source]), self.shown(made)
        try:
            back, statement = self.import_back(page, tree, source, target, group, gone)
            after = _tidied(
                page.with_changes([*blocks, *self.without_imports(page, tree, source, scope, gone), back]), statement
            )
            if not file.text.startswith("\n"):
                after = after.lstrip("\n")
            bodies = tuple(page.between(change.start, change.end).strip("\n") + "\n" for change in blocks)
            code = self.code(source, group, gone, bodies)
            if is_new:
                text = as_new_module(code, made, {name.partition(".")[0] for name in self.modules.files}, tree)
            else:
                there = Page(self.modules.sources.file(target).text)
                text = there.with_changes(composed(there, into_module(code, target, source, self.origins)))
                if there.lines[0]:
                    text = text.lstrip("\n")
            parse_with_lazy(after)
            parse_with_lazy(text)
        except (RefusedError, UnreadableError) as error:
            raise _MoveError(group[0], MoveRule.LAYOUT) from error
        return Move(
            definitions=tuple(group),
            wanted=tuple(one for one in group if one in self.wanted),
            source=source,
            target=made,
            is_new=is_new,
            lines=sum(definition.lines for definition in group),
            has_module=code.large,
            read=tuple(self.read(source, [scope.statements.found[place] for place in gone])),
            loggers=tuple(code.loggers),
            text=text,
            edits=tuple(_as_edits(source, path, file.text, after)),
            target_edits=() if is_new else tuple(_as_edits(target, shown, "\n".join(there.lines), text)),
            path=shown,
        )

    def shown(self, module: ModuleFile) -> str:
        return relative_path(module.path, self.project)

    def new_file(self, target: str, source: str) -> ModuleFile:
        """Where the new module stands: next to the `__init__` of its package, or as far above its source."""
        file = self.modules.files[source]
        inner = source if file.is_package else source.rpartition(".")[0]
        folder = Path(file.path).parent
        package = target.rpartition(".")[0]
        for _ in range(inner.count(".") - package.count(".")):
            folder = folder.parent
        path = folder / f"{target.rpartition('.')[2]}.py"
        return ModuleFile(target, str(path), is_package=False, folder=file.folder)

    def blocks(self, page: Page, tree: ast.Module, gone: Sequence[int], definition: Definition) -> list[Change]:
        """Take statements out; those that follow each other go as they stand."""
        found: list[Change] = []
        for at, place in enumerate(gone):
            block = self.block(page, tree, place, definition)
            if at and gone[at - 1] == place - 1 and not page.between(found[-1].end, block.start).strip():
                block = Change(found.pop().start, block.end, "")
            found.append(block)
        return found

    def block(self, page: Page, tree: ast.Module, place: int, definition: Definition) -> Change:
        """Take a statement out, with the comments right above it."""
        node = tree.body[place]
        if share_line(tree.body, place) or share_line(tree.body, place - 1):
            raise _MoveError(definition, MoveRule.SHARED_LINE, node.lineno)
        first = first_line(node)
        while first > 1 and page.lines[first - 2].startswith("#") and not page.lines[first - 2].startswith("#!"):
            first -= 1
        if first == 1 or (first > 1 and "coding" in page.lines[first - 1]):
            first = first_line(node)
        whole = page.whole_lines((first, 0), page.end(node))
        if whole is None:
            raise _MoveError(definition, MoveRule.SHARED_LINE, node.lineno)
        return page.without_blank_lines(whole)

    def without_imports(
        self, page: Page, tree: ast.Module, source: str, scope: Scope, gone: Collection[int]
    ) -> Iterator[Change]:
        """Take out the imports that only moved code uses, and nobody takes from here."""
        spans = [
            (scope.statements.found[place].line_number, scope.statements.found[place].end_line_number) for place in gone
        ]
        whole = []
        for at, node in enumerate(tree.body):
            if not isinstance(node, ImportNode) or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                continue
            unused = [
                place
                for place, alias in enumerate(node.names)
                if (loads := scope.uses.loads.get(bound_name(node, alias)))
                and all(any(first <= load.line_number <= last for first, last in spans) for load in loads)
                and not self.is_offered(source, scope, node, bound_name(node, alias))
            ]
            if len(unused) == len(node.names):
                whole.append(at)
            elif unused:
                yield from without_names(page, node, unused)
        yield from without_statements(page, tree.body, whole, whole=True)

    def is_offered(self, source: str, scope: Scope, node: ImportNode, name: str) -> bool:
        by_package = self.modules.files[source].is_package and isinstance(node, ast.ImportFrom)
        public = by_package and not name.startswith("_")
        return name == "*" or public or name in (scope.uses.exported or ()) or self.is_taken(source, [name])

    def import_back(
        self, page: Page, tree: ast.Module, source: str, target: str, group: Sequence[Definition], gone: Sequence[int]
    ) -> tuple[Change, str]:
        """Import what moved before the first import of another module of the run, and no later than where it was."""
        kept = {load.line_number for name in self.names(group) for load in self.scope(source).uses.loads.get(name, ())}
        spans = [range(tree.body[place].lineno, (tree.body[place].end_lineno or 0) + 1) for place in gone]
        used = {name for name in self.names(group) if self.is_used(source, name, spans)}
        exported = self.scope(source).uses.exported or frozenset()
        # Helpers that went along are asked for nowhere else.
        offered = used.union(*(one.names for one in group if one in self.wanted))
        names = [name if name in used | exported else f"{name} as {name}" for name in sorted(offered)]
        taken = [(f"from {target} import ", name) for name in names]
        package = package_of(source, is_package=self.modules.files[source].is_package)
        statement = "\n".join(written(spelled_like(taken, tree, package))) + "\n"
        first = 0
        while first < len(tree.body) and _is_header(tree.body[first], first):
            first += 1
        for at in range(first, gone[0] + 1):
            node = tree.body[at]
            if (
                at == gone[0]
                or (isinstance(node, ImportNode) and self.leads_into_run(node))
                or not (isinstance(node, ImportNode) or kept)
            ):
                break
        if at == gone[0]:
            position: Position = (self.block(page, tree, at, group[0]).start[0], 0)
        elif not page.begins_line(page.start(tree.body[at])):
            raise RefusedError(Refusal.LAYOUT, tree.body[at].lineno)
        else:
            position = (tree.body[at].lineno, 0)
        return Change(position, position, statement), statement

    def is_used(self, source: str, name: str, spans: Sequence[range]) -> bool:
        loads = self.scope(source).uses.loads.get(name, ())
        return any(not any(load.line_number in span for span in spans) for load in loads)

    def leads_into_run(self, node: ImportNode) -> bool:
        if isinstance(node, ast.ImportFrom) and node.level:
            return True
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        tops = {name.partition(".")[0] for name in self.modules.files}
        return any(name.partition(".")[0] in tops for name in names)

    @staticmethod
    def names(group: Iterable[Definition]) -> list[str]:
        return sorted({name for definition in group for name in definition.names})

    def code(self, source: str, group: Sequence[Definition], gone: Sequence[int], bodies: tuple[str, ...]) -> Code:
        """Return what moves, and the imports that it needs where it goes."""
        scope, file = self.scope(source), self.modules.sources.file(source)
        statements = [scope.statements.found[place] for place in gone]
        own = set(self.names(group))
        loggers = {
            name: scope.statements.found[place].node
            for one in self.loggers
            if self.needs.definitions[one].module == source
            for name in self.needs.definitions[one].names
            if name in self.read(source, statements)
            for place in scope.defined[name]
        }
        statements += [scope.statements.found[place] for name in loggers for place in scope.defined[name]]
        own |= loggers.keys()
        taken: list[Taken] = []
        typed: list[Taken] = []
        deferred: list[Taken] = []
        for name, loads in sorted(scope.uses.loads.items()):
            inner = {
                load.context.use
                for load in loads
                if any(one.line_number <= load.line_number <= one.end_line_number for one in statements)
            }
            if not inner or name in own:
                continue
            back = name in scope.defined and (source, name) not in self.homes
            if back and inner & {Use.RUNS, Use.LAMBDA, Use.EVALUATED}:
                raise _MoveError(group[0], MoveRule.NEEDED_HERE, loads[0].line_number)
            found = list(self.taken(source, scope, name))
            of_typing = name in scope.imported and all(head == "from typing import " for head, _ in found)
            if inner - {Use.TYPING} or of_typing:
                (deferred if back else taken).extend(found)
            if Use.TYPING in inner and not of_typing and (back or inner == {Use.TYPING}):
                if name not in scope.typed and any(word in file.text for word in _EVALUATING):
                    raise _MoveError(group[0], MoveRule.OWN_MODULE, loads[0].line_number)
                typed += found
        for one in statements:
            if relative := next((found.node.lineno for found in one.imports if getattr(found.node, "level", 0)), 0):
                # A relative import in a function means another module in the new place.
                raise _MoveError(group[0], MoveRule.LAYOUT, relative)
        there = {*own, *(spelled.rpartition(" as ")[2] for _, spelled in taken)}
        missing = {*scope.defined, *scope.imported} - there
        if any(used_in_examples(body, name) for body in bodies if ">>>" in body for name in missing):
            raise _MoveError(group[0], MoveRule.DOCTEST)
        return Code(
            names=tuple(self.names(group)),
            bodies=bodies,
            large=any(isinstance(one.node, (*FUNCTIONS, ast.ClassDef)) for one in statements),
            taken=tuple(taken),
            typed=tuple(typed),
            deferred=tuple(deferred),
            futures=futures_of(file.tree),
            loggers={name: ast.unparse(node) + "\n" for name, node in loggers.items()},
        )

    def read(self, source: str, statements: Sequence[TopLevel]) -> list[str]:
        """The names that some statements of a module read while the program runs, sorted."""
        return sorted(
            name
            for name, loads in self.scope(source).uses.loads.items()
            if any(
                load.context.use is not Use.TYPING and one.line_number <= load.line_number <= one.end_line_number
                for load in loads
                for one in statements
            )
        )

    def taken(  # noqa: C901  one case for each way that a module has a name
        self, source: str, scope: Scope, name: str
    ) -> Iterator[Taken]:
        """Yield the imports that give a name of the source to the new module."""
        if name in scope.defined:
            yield f"from {self.homes.get((source, name), source)} import ", name
            return
        for statement in scope.statements.found:
            for imported in statement.imports:
                for alias, item in zip(imported.node.names, self.origins.items(source, imported), strict=False):
                    if imported.body or item.bound != name:
                        continue
                    if isinstance(imported.node, ast.Import):
                        yield "import ", f"{alias.name} as {alias.asname}" if alias.asname else alias.name
                        continue
                    module, taken = item.module, item.name
                    known = self.origins.of_name(module, taken) if module in self.modules.files else ()
                    if len(known) == 1 and known[0].name:
                        module, taken = known[0].module, known[0].name
                    module = self.homes.get((module, taken), module)
                    yield f"from {module} import ", taken if taken == name else f"{taken} as {name}"
        if name not in scope.imported and name not in scope.typed:
            for origin in self.origins.of_name(source, name):
                if origin.name and origin.module != source:
                    yield f"from {self.homes.get((origin.module, origin.name), origin.module)} import ", origin.name


def _is_header(node: ast.stmt, place: int) -> bool:
    """Whether a statement must stay first: the docstring, or a `__future__` import."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return place == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _tidied(text: str, statement: str) -> str:
    """Return a text with as many blank lines behind an import as stand there by custom."""
    before, after = text[: text.index(statement)], text[text.index(statement) + len(statement) :]
    rest = after.lstrip("\n")
    if not rest:
        return before + statement
    follows = rest.startswith(("import ", "from "))
    gap = 0 if follows else 2 if rest.startswith(("def ", "class ", "@", "async ")) else 1
    blank = len(after) - len(rest)
    return before + statement + "\n" * (min(gap, blank) if follows else gap) + rest


def _as_edits(module: str, path: str, before: str, after: str) -> Iterator[Edit]:
    """Yield the edits, of whole lines, that make one text of another."""
    # At line feeds only: `splitlines` also ends lines at form feeds, which nobody counts.
    old, new = _LINE.findall(before), _LINE.findall(after)
    # Where the text ends: behind its last line feed, or in a line without one.
    ends = (before.count("\n") + 1, len(before) - before.rfind("\n") - 1)
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Edit(module, path, *min((start + 1, 0), ends), *min((end + 1, 0), ends), "".join(new[first:last]))
