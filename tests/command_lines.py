"""A random generator and a project in; command lines for it, sensible and not, out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import hostile

_WIDTHS = (*range(1, 40), 60, 80, 80, 80, 81, 100, 120, 200, 500)
_NONSENSE = (
    *("", ".", "..", "/", "no_such", "p.no.such", "-", "--", "\x1b[31m", "a\nb", "::error::", "\u202e", "%s", "{}"),
    *("x" * 5000, "p..a", ".p", "p.", "*", "**", "p.**", "é", "\udcff", "/dev/zero", "/dev/null", "/proc/self", "p.py"),
    *("p/__init__.py", "./p", "p/", "src", "src/p", "json", "grimp", "->", "a -> b", "0", "--help", "~", "$HOME"),
)
_NUMBERS = ("1", "1", "1", "2", "3", "0", "-1", "99", "1.5", "x", "", "9" * 5000, "\uff11", " 1", "1_0", "0x1")


@dataclass(frozen=True, slots=True)
class Run:
    """A command line, and the environment that matters to it."""

    arguments: tuple[str, ...]
    columns: str
    encoding: str
    user: int


def commands(random: Random, project: hostile.Project, known: dict | None) -> Iterator[Run]:
    """Command lines without end; `known` is what `scc` says in JSON."""
    pairs = [
        (dependency["importer"], dependency["imported"])
        for component in (known or {}).get("components", ())
        for dependency in component["dependencies"]
    ]
    while True:
        arguments = _command(random, project, pairs)
        yield Run(
            tuple(argument.replace("\0", "") for argument in arguments),
            columns=str(random.choice(_WIDTHS)) if random.random() < 0.95 else random.choice(("0", "-1", "", "x")),
            encoding="utf-8" if random.random() < 0.9 else random.choice(("ascii", "latin-1", "cp1252", "koi8-r")),
            user=project.user,
        )


def _command(random: Random, project: hostile.Project, pairs: list[tuple[str, str]]) -> list[str]:
    chance: Callable[[float], bool] = lambda share: random.random() < share  # noqa: E731

    def module() -> str:
        return random.choice(_NONSENSE) if chance(0.04) else random.choice(project.names)

    def pair() -> tuple[str, str]:
        return random.choice(pairs) if pairs and chance(0.8) else (module(), module())

    name = project.package
    package = random.choice(
        (*[name] * 25, f"./{name}", f"{name}/__init__.py", f"./src/{name}", module(), random.choice(_NONSENSE))
    )
    command = random.choice(
        (
            "scc",
            "scc",
            "cuts",
            "cuts",
            "cuts",
            "why",
            "entries",
            "entries",
            "check",
            "check",
            "draw",
            "draw",
            "contract",
        )
    )
    arguments = [command, package]
    if command == "why":
        arguments += pair()
    elif command != "check" and chance(0.4):
        arguments.append("1" if chance(0.9) else random.choice(_NUMBERS))
    if command != "entries" and chance(0.5):
        arguments += [
            "--graph",
            random.choice(("all", "all", "runtime", "import-time", "none" if chance(0.05) else "all")),
        ]
    if command in ("scc", "cuts", "why", "entries", "check"):
        if chance(0.4):
            services = ("markdown", "github", "sarif") if command in ("scc", "entries", "check") else ()
            arguments += ["--format", random.choice(("json", "json", *services)) if chance(0.97) else "xml"]
        if chance(0.4):
            arguments.append("--all")
    if command in ("cuts", "draw", "contract"):
        for option in ("--keep", "--cut"):
            if chance(0.2):
                importer, imported = pair()
                if chance(0.2):
                    importer = f"{importer.rpartition('.')[0]}.*"
                arguments += random.choice(
                    (
                        [option, importer, imported],
                        [option, f"{importer} -> {imported}"],
                        [f"{option}={importer}", imported],
                    )
                )
        if chance(0.3):
            arguments.append("--allow-reexports")
    if command == "scc" and chance(0.2):
        arguments.append(random.choice(("--cuts", "--no-cuts")))
    if command == "cuts":
        arguments += [option for option in ("--cheapest", "--hoist") if chance(0.4)]
    if command == "scc" and chance(0.1):
        arguments.append("--entries")
    if command == "scc" and chance(0.2):
        arguments.append("--check")
    if command == "check":
        arguments += random.choice(
            ([], [], [], [], ["--baseline", "cycles"], ["--baseline", "cycles", "--update"], ["--since", "HEAD"])
        )
        arguments += [option for option in ("--strict", "--allow-unread", "--stale-is-error") if chance(0.5)]
    if command == "entries":
        if chance(0.3):
            arguments += ["--check", *(option for option in ("--strict",) if chance(0.3))]
            arguments += random.choice(([], ["--baseline", "accepted"], ["--baseline", "accepted", "--update"]))
        if chance(0.2):
            arguments += ["--module", module()]
        for _ in range(random.choice((0, 0, 1, 2))):
            arguments += ["--after", module()]
        if chance(0.3):
            arguments.append("--bare-root")
        if chance(0.03):
            arguments += random.choice((["--python", "x"], ["--setup", "x"], ["--timeout", "1"], ["--jobs", "2"]))
    if command == "draw":
        if chance(0.5):
            arguments += ["--view", random.choice(("auto", "diagram", "matrix", "packages"))]
        if chance(0.3):
            arguments.append("--all-imports")
        if chance(0.3):
            template = random.choice(
                ("https://x/{path}#L{line}", "{path}", "javascript:{path}", "{x}", "", "x", "\x1b{path}")
            )
            arguments += ["--url-template", template]
        if chance(0.05):
            arguments += ["--engine", random.choice(("", "no-such", "true", "false", "/dev/null", "cat"))]
        if chance(0.3):
            arguments += ["--format", random.choice(("svg", "dot", "mmd", "md", "html"))]
    if command == "contract":
        arguments += [
            *(["--write"] if chance(0.5) else []),
            *(["--allow-growth"] if chance(0.3) else []),
            *(
                ["--config", random.choice(("pyproject.toml", "setup.cfg", ".importlinter", "new.toml", "x"))]
                if chance(0.5)
                else []
            ),
        ]
        if chance(0.02):
            arguments += ["--config", random.choice(_NONSENSE)]
    elif chance(0.8 if command == "draw" else 0.1):
        suffix = random.choice(("svg", "html", "dot", "mmd", "md")) if command == "draw" else "txt"
        place = f"{{out}}/x.{suffix}"
        if chance(0.1):
            place = random.choice(
                ("-", "", ".", "/", "/dev/null", "{out}", "{out}/no/x.svg", "{out}/\x1b[31m\n.svg", "p", "/dev/full")
            )
        arguments += ["-o", place]
    if chance(0.07):
        arguments += ["--root", module() if chance(0.5) else random.choice(("json", "email", "no_such"))]
    if chance(0.07):
        arguments += ["--source-root", random.choice((".", "src", "no", "", "/", "p", random.choice(_NONSENSE)))]
    if chance(0.02):
        arguments.insert(random.randint(0, len(arguments)), random.choice(_NONSENSE))
    if chance(0.01):
        del arguments[random.randrange(len(arguments))]
    return arguments
