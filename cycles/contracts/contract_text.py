"""Contracts that drive or lock packages or start-ups, and their text: TOML or INI, between two markers."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from cycles.contracts.sufficient_cuts import contract_command
from cycles.enums import GraphName
from cycles.model import PlanStep
from cycles.report.wording import wrapped
from cycles.source.module_names import Pair, inside

TYPE = "acyclic_modules"
SIBLINGS_TYPE = "acyclic_siblings"
"""The type of import-linter itself that says the same of siblings, where every import counts as it is written."""
_SIBLINGS_DEPTH = "100"
"""Deeper than any package: by default it looks at ten levels only."""
CONTRACT_TYPE = f"{TYPE}: cycles.contracts.acyclic.AcyclicModulesContract"
_STARTUP_TYPE = "startup"
_STARTUP_CONTRACT_TYPE = f"{_STARTUP_TYPE}: cycles.contracts.startup.StartupContract"
EXCEPTIONS = "ignore_imports"
_WIDTH = 98
_Value = str | bool | Sequence[str]
_Fields = Mapping[str, _Value]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: the packages that it covers, and the cuts of the plan, which it excepts, in their order.

    `proven`: no fewer cuts would do. `notes` are sentences on what the contract does not speak of.
    `title` and `options` were given to the contract in force by hand. `by` asks for groups of modules.
    """

    packages: tuple[str, ...]
    graph: GraphName
    plan: tuple[PlanStep, ...] = ()
    proven: bool = True
    notes: tuple[str, ...] = ()
    title: str = ""
    options: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What import-linter knows it by; a contract for another graph is another contract."""
        groups = ["by", *(["groups"] if "=" in self.by[0] else self.by[0].split(":"))] if self.by else []
        return "-".join(["cycles", *self.packages[0].split("."), self.graph, *groups])

    @property
    def name(self) -> str:
        """What it demands, for people."""
        modules, how = "modules", ""
        if self.by:
            modules, how = "groups of modules", f", by {'name' if '=' in self.by[0] else self.by[0]}"
        return self.title or f"{' and '.join(self.packages)}: no import cycles between {modules} ({self.graph}{how})"

    @property
    def type(self) -> str:
        """Its type: import-linter's own where that says exactly this."""
        return SIBLINGS_TYPE if self.by == ("siblings",) and self.graph is GraphName.ALL else TYPE

    @property
    def excepted(self) -> tuple[Pair, ...]:
        """The cuts of the plan, sorted: an import that is cut takes one line with it, and moves no other."""
        return tuple(sorted(step.pair for step in self.plan))

    @property
    def command(self) -> str:
        """What writes it anew."""
        return contract_command(self.packages, self.graph, self.by)

    @property
    def roots(self) -> tuple[str, ...]:
        """The root packages that import-linter needs for it."""
        return tuple(sorted({package.partition(".")[0] for package in self.packages}))

    @property
    def contract_type(self) -> str:
        """The type, with its class; "" of a type that import-linter has."""
        return CONTRACT_TYPE if self.type == TYPE else ""

    @property
    def session(self) -> _Fields:
        """What it needs of the options that all contracts share."""
        types = {"contract_types": (self.contract_type,)} if self.contract_type else {}
        return {"root_packages": self.roots, **types}

    @property
    def comments(self) -> tuple[str, ...]:
        """What people should know. No counts: each would change with every cut, and two branches would not merge."""
        said = ["Locked: no import may close a cycle."]
        if self.plan:
            said = [
                "These imports are still to be cut (`cycles cuts` has the order); no others may close a cycle.",
                f"Once one is cut, `{self.command}` takes its line out.",
            ]
        return tuple(said + [line for note in self.notes for line in wrapped(note, _WIDTH)])

    @property
    def fields(self) -> _Fields:
        """What it says to import-linter, in the order in which it is written."""
        exceptions = [f"{importer} -> {imported}" for importer, imported in self.excepted]
        what: dict[str, str | Sequence[str]] = {"ancestors": self.packages, "depth": _SIBLINGS_DEPTH}
        if self.type == TYPE:
            what = {"packages": self.packages, "graph": self.graph, **({"by": self.by} if self.by else {})}
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            **what,
            **dict(self.options),
            **({EXCEPTIONS: exceptions} if exceptions else {}),
        }


@dataclass(frozen=True, slots=True)
class StartupLock:
    """A contract: importing the entries does not load what is forbidden.

    Attributes:
        entries: modules; the first one gives it its name.
        django_settings: the settings that `django.setup()` starts with, which give it its name then; "" for none.
        forbidden: top-level names of others, or modules of the project; sorted.
        packages: the root packages that import-linter needs for it.
        allow: imports that were allowed by hand.
        title: given by hand.
        options: given by hand.
    """

    entries: tuple[str, ...]
    forbidden: tuple[str, ...]
    packages: tuple[str, ...]
    allow: tuple[str, ...] = ()
    title: str = ""
    options: tuple[tuple[str, str], ...] = ()
    django_settings: str = ""

    @property
    def start(self) -> str:
        """The module that gives it its name."""
        return self.django_settings or self.entries[0]

    @property
    def what(self) -> str:
        """What is started, for people."""
        return f"django.setup() with {self.start}" if self.django_settings else f"importing {self.start}"

    @property
    def id(self) -> str:
        """What import-linter knows it by; there is one for each entry."""
        return "-".join(["cycles", _STARTUP_TYPE, *self.start.split(".")])

    @property
    def name(self) -> str:
        """What it demands, for people."""
        return self.title or f"{self.what} does not load {', '.join(self.forbidden)}"

    @property
    def type(self) -> str:
        """Its type."""
        return _STARTUP_TYPE

    @property
    def contract_type(self) -> str:
        """The type, with its class."""
        return _STARTUP_CONTRACT_TYPE

    @property
    def needs_external(self) -> bool:
        """Whether anything forbidden is of others, which import-linter sees only where it is told to."""
        return not all(any(inside(name, package) for package in self.packages) for name in self.forbidden)

    @property
    def session(self) -> _Fields:
        """What it needs of the options that all contracts share."""
        external = {"include_external_packages": True} if self.needs_external else {}
        return {"root_packages": self.packages, "contract_types": (_STARTUP_CONTRACT_TYPE,), **external}

    @property
    def fields(self) -> _Fields:
        """What it says to import-linter, in the order in which it is written."""
        return {
            "id": self.id,
            "name": self.name,
            "type": _STARTUP_TYPE,
            **({"entries": self.entries} if self.entries else {}),
            **({"django_settings": self.django_settings} if self.django_settings else {}),
            "forbidden": self.forbidden,
            **({"allow": self.allow} if self.allow else {}),
            **dict(self.options),
        }

    @property
    def comments(self) -> tuple[str, ...]:
        """What people should know."""
        return ("Imports in functions, for types and lazy ones do not count: they load nothing at start-up.",)


Written = Contract | StartupLock
"""What is written into a configuration of import-linter."""


def markers(contract_id: str) -> tuple[str, str]:
    """Return the lines above and below a contract."""
    return f"# cycles: begin {contract_id}", f"# cycles: end {contract_id}"


def block_pattern(contract_id: str) -> re.Pattern[str]:
    """Return a pattern for the lines from marker to marker."""
    begin, end = map(re.escape, markers(contract_id))
    return re.compile(rf"^[ \t]*{begin}[ \t]*\r?\n(?:.*\n)*?[ \t]*{end}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def as_toml(contract: Written) -> str:
    """Return the contract as a table; every line ends with a newline."""
    fields = "".join(f"{field}\n" for field in _toml_fields(contract.fields))
    return _between_markers(contract, f"[[tool.importlinter.contracts]]\n{fields}")


def as_inline_toml(contract: Written) -> str:
    """Return the contract as an inline table: an element of an array, with a comma after it."""
    fields = ", ".join(_toml_fields(contract.fields))
    return indent(_between_markers(contract, f"{{ {fields} }},\n"), "    ")


def as_ini(contract: Written) -> str:
    """Return the contract as a section of an INI file, whose header holds the id."""
    fields = {key: value for key, value in contract.fields.items() if key != "id"}
    lines = "".join(_ini_lines(fields))
    return _between_markers(contract, f"[importlinter:contract:{contract.id}]\n{lines}")


def head(contract: Written, *, toml: bool) -> str:
    """Return the section that import-linter needs above all contracts."""
    fields = contract.session
    if toml:
        return "".join(f"{line}\n" for line in ("[tool.importlinter]", *_toml_fields(fields)))
    return "".join(["[importlinter]\n", *_ini_lines(fields)])


def _toml_fields(fields: _Fields) -> Iterator[str]:
    """Yield every field; an exception has a line of its own: a cut that is made takes that with it."""
    for key, value in fields.items():
        if key == EXCEPTIONS and not isinstance(value, bool):
            lines = (f'    "{cut}",\n' for cut in value)
            yield f"{key} = [\n{''.join(lines)}]"
        else:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _ini_lines(fields: _Fields) -> Iterator[str]:
    for key, value in fields.items():
        if isinstance(value, str | bool):
            yield f"{key} = {str(value).replace('%', '%%')}\n"
        else:
            yield "".join([f"{key} =\n", *(f"    {line}\n" for line in value)])


def _between_markers(contract: Written, text: str) -> str:
    comments = "".join(f"# {line}\n" for line in contract.comments)
    begin, end = markers(contract.id)
    return f"{begin}\n{comments}{text}{end}\n"
