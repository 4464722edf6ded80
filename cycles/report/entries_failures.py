"""Show as text which first imports fail, where and why: those that crash, those that fail otherwise, the unknown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from cycles.enums import Verdict
from cycles.model import FirstImport
from cycles.report.terminal import TextStyle, listed, paragraph, section
from cycles.report.wording import clean, counted, place, short, with_more, wrapped

SHOWN_MODULES = 12
DEEP = "    "
_SHOWN_PACKAGES = 8
_SHOWN_NAMES = 5
_SHOWN_PLACES = 5
_SHOWN_REASONS = 3
_DJANGO = (
    "django.core.exceptions.AppRegistryNotReady",
    "django.core.exceptions.ImproperlyConfigured: Requested setting",
)
_ASK_DJANGO = (
    "Django is not set up: its registry of apps was not ready, or its settings were not configured. With "
    'DJANGO_SETTINGS_MODULE in the environment, --setup "import django; django.setup()" sets it up first; what that '
    "loads is then told apart, for it is loaded before its turn."
)


def crashes(entries: Sequence[FirstImport], prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show each place where first imports crash, those of the most modules first."""
    by_place: dict[tuple[str, int, str], list[FirstImport]] = defaultdict(list)
    for entry in entries:
        if entry.verdict is Verdict.CRASH:
            # Without Python's guess at the cause, and without the file that only repeats the module's name.
            message = (entry.error or "").partition(" (most likely due to")[0]
            by_place[entry.path or "", entry.line_number or 0, message].append(entry)
    ranked = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = style.first(ranked, _SHOWN_PLACES)
    rings: set[frozenset[str]] = set()
    for (path, line_number, message), there in shown:
        yield Text()
        yield Text.assemble(("crash  ", "bold red"), f"{clean(path)}:{line_number}")
        yield from paragraph(clean(message), style)
        # The shortest way there explains best.
        shortest = min(there, key=lambda entry: (len(entry.chain), entry.module))
        ring = frozenset(_steps(shortest, prefix))
        if ring and ring in rings:
            yield from paragraph(
                f"reached by the lines above, from {_steps(shortest, prefix)[0]} on", style, look="dim"
            )
        else:
            yield from _chain(shortest, prefix, style)
        rings.add(ring)
        yield Text("  this module crashes there:" if len(there) == 1 else f"  {len(there):,} modules crash there:")
        yield from names_of([entry.module for entry in there], prefix, style)
        if style.everything:
            for link in there[0].chain:
                yield Text(f"      {place(link)}  {clean(link.imported)}", style="dim")
    if rest := ranked[len(shown) :]:
        modules = counted(sum(len(there) for _, there in rest), "module")
        yield from section(f"… {counted(len(rest), 'more place')} with {modules}: --all", "dim")


def _chain(entry: FirstImport, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the modules that are being imported, outermost first, each with the line where it imports the next one."""
    if entry.chain:
        without = f", without {clean(prefix)}." if prefix else ""
        yield from paragraph(f"reached by these lines, as module:line{without}", style, look="dim")
        steps = _steps(entry, prefix)
        # A line may end in an arrow, but not begin with one.
        for line in wrapped("\N{NO-BREAK SPACE}→ ".join(steps), style.width - len(DEEP)):
            yield Text(f"{DEEP}{line}".replace("\N{NO-BREAK SPACE}", " "), style="dim")


def _steps(entry: FirstImport, prefix: str) -> list[str]:
    """Return the lines on the way to a crash, as module:line, and the one that crashes."""
    steps = [f"{short(link.importer, prefix)}:{link.line_number}" for link in entry.chain]
    return [*steps, f"{short(entry.chain[-1].imported, prefix)}:{entry.line_number}"] if steps else []


def names_of(modules: Sequence[str], prefix: str, style: TextStyle, indent: str = DEEP) -> Iterator[Text]:
    """List modules, those of one package together as `package.{a, b}`; of many the first ones."""
    packages: dict[str, list[str]] = {}
    for module in modules:
        package, _, name = short(module, prefix).rpartition(".")
        packages.setdefault(package, []).append(name)
    # What is at the top is named alone, as the packages there are.
    groups = [
        (package, names)
        for package, found in packages.items()
        for names in ([found] if package else [[name] for name in found])
    ]
    missing = len(modules)
    words = []
    for package, names in style.first(groups, _SHOWN_PACKAGES):
        shown = style.first(names, len(names) if len(names) <= _SHOWN_NAMES + 1 else _SHOWN_NAMES)
        dot = "." if package else ""
        words.append(
            f"{package}{dot}{{{', '.join(with_more(shown, len(names)))}}}" if names[1:] else f"{package}{dot}{names[0]}"
        )
        missing -= len(names)
    return paragraph(", ".join([*words, *more_of(missing)]), style, indent)


def more_of(missing: int) -> list[str]:
    """Return what ends a list of names of which some are missing."""
    return [f"… {missing:,} more: --all"] if missing else []


def otherwise(entries: Sequence[FirstImport], prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the failures that no cycle causes: what Python says, then each place with the modules that fail there."""
    by_error: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    reasons: dict[str, str] = {}
    for entry in entries:
        if entry.verdict is Verdict.OTHER:
            place = f"{clean(entry.path)}:{entry.line_number}" if entry.path else ""
            by_error[entry.error or entry.reason or ""][place].append(entry.module)
            if entry.error and entry.reason and not entry.reason.startswith(("it raises", "the file is")):
                reasons[entry.error] = entry.reason
    if not by_error:
        return
    yield from section("fail for another reason than a cycle", "bold yellow")
    ranked = sorted(by_error.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0]))
    shown = style.first(ranked, _SHOWN_REASONS)
    for error, by_place in shown:
        # Some libraries fill a page; the whole of it is in JSON.
        first, _, rest = error.partition("\n")
        yield from paragraph(f"{clean(first)}{' …' if rest else ''}", style)
        yield from paragraph(clean(reasons[error]), style, DEEP) if error in reasons else ()
        places = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
        yield from listed(places, _SHOWN_PLACES, style, lambda item: _place(*item, prefix, style), DEEP)
    yield from _other_reasons(ranked[len(shown) :])
    if any(error.startswith(_DJANGO) for error in by_error):
        yield Text()
        yield from paragraph(_ASK_DJANGO, style)


def _place(place: str, modules: Sequence[str], prefix: str, style: TextStyle) -> Iterator[Text]:
    if place:
        yield Text(f"{DEEP}{place}")
    yield from names_of(modules, prefix, style, f"{DEEP}  " if place else DEEP)


def unknown(entries: Sequence[FirstImport], prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the modules of which nothing is known, those of the most frequent reason first."""
    by_reason: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.verdict is Verdict.UNKNOWN:
            by_reason[entry.reason or ""][""].append(entry.module)
    if not by_reason:
        return
    yield from section("unknown", "bold yellow")
    ranked = sorted(by_reason.items(), key=lambda item: (-len(item[1][""]), item[0]))
    shown = style.first(ranked, _SHOWN_REASONS)
    for reason, modules in shown:
        yield from paragraph(clean(reason), style)
        yield from names_of(modules[""], prefix, style)
    yield from _other_reasons(ranked[len(shown) :])


def swallowed(entries: Sequence[FirstImport], prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the failures of cycles that a `try` catches, those of the most modules first."""
    by_place: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for entry in entries:
        for one in entry.swallowed:
            by_place[one.path, one.line_number, one.error].append(entry.module)
    if not by_place:
        return
    yield from section("a cycle makes an import fail, and a try catches that", "bold yellow")
    yield from paragraph("what the import was to bind is then another value for as long as the program runs", style)
    ranked = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = style.first(ranked, _SHOWN_PLACES)
    for (path, line_number, error), modules in shown:
        yield Text(f"{DEEP}{clean(path)}:{line_number}")
        yield from paragraph(clean(error.partition(" (most likely due to")[0]), style, f"{DEEP}  ")
        yield from paragraph("where one of these is imported first:", style, f"{DEEP}  ")
        yield from names_of(modules, prefix, style, f"{DEEP}    ")
    if rest := len(ranked) - len(shown):
        yield Text(f"{DEEP}… {counted(rest, 'more place')}: --all", style="dim")


def _other_reasons(rest: Sequence[tuple[str, Mapping[str, Sequence[str]]]]) -> Iterator[Text]:
    """Say how much is not shown."""
    if rest:
        count = counted(sum(len(modules) for _, places in rest for modules in places.values()), "module")
        yield Text(f"  … {count} for {counted(len(rest), 'other reason')}: --all", style="dim")
