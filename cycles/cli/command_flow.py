"""What every command does: analyse what the options ask for, and deliver the result."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cycles.api import analyze
from cycles.cli.options import CutOptions, ReportOptions, Selection, WayOptions, as_pairs
from cycles.cli.output import print_bytes, print_result, progress_display, remark, write_atomically
from cycles.config import Settings, read_config
from cycles.enums import GraphName, Way
from cycles.errors import CyclesError
from cycles.find_in_analysis import cuts_meant, spelled_alike
from cycles.limits import JOINED_MODULES
from cycles.make_analysis import Question
from cycles.model import ANY_WAY, Analysis, Component, CutRequest, Ways
from cycles.report.wording import asked_words, clean, command_line
from cycles.source.find_packages import search_folders
from cycles.source.module_names import Pair, matching, module_expression

if TYPE_CHECKING:  # rich is loaded only where text is shown
    from cycles.report.terminal import TextStyle

_NARROWEST, _WIDEST = 20, 500
# Sentences for stderr once the job is done. A job that cannot be done says only why.
_waiting: list[str] = []


@contextmanager
def analysed(
    selection: Selection,
    *,
    graph: GraphName | None,
    count_cuts: bool = False,
    whole: bool = False,
    lists_unread: bool = False,
    folders: Sequence[Path] = (),
) -> Iterator[Analysis]:
    """Make the analysis that the command line and the configuration ask for; show progress until the block ends.

    `whole`: nothing is excluded. `lists_unread`: the result lists the files that were not read. Packages are looked for
    in `folders` where these are given.
    """
    settings = read_config(Path.cwd())
    _waiting.clear()
    with progress_display(sys.stderr) as progress:
        asked = question(selection, settings, whole=whole)
        analysis = analyze(
            asked.packages,
            folders=folders or asked.folders,
            roots=asked.roots,
            only=asked.only,
            exclude=asked.exclude,
            graph=graph or settings.graph,
            count_cuts=count_cuts,
            by=asked.by,
            runtime_evaluated=settings.runtime_evaluated,
            progress=progress,
        )
        words = asked_words(analysis) if selection.packages else ()
        other = [] if analysis.graph_name is settings.graph else ["--graph", str(analysis.graph_name)]
        analysis = replace(analysis, selection=(*words, *other, *selection.options()))
        progress("looking at its cycles")
        yield analysis
    local = (Path.cwd(), *_source_roots(selection, settings))
    remarks = _remarks(analysis, [Path.cwd() / folder for folder in local], lists_unread=lists_unread)
    # What is done with the analysis may have had something to say, too.
    _waiting[:0] = [*remarks, *(() if whole else _idle_exclusions(analysis, selection, settings))]


def ways_of(options: WayOptions, *, accept_patched: bool = False) -> Ways:
    """Return the ways in which cuts may be made, by what options say.

    Where definitions may move, no change of code is left to a person that other cuts can spare.
    """
    chosen = tuple(dict.fromkeys(options.prefer or ()))
    if options.no_defer and Way.DEFER in chosen:
        raise CyclesError("--prefer defer and --no-defer exclude each other; leave one of them out")
    lazy = options.lazy or options.moving or Way.LAZY in chosen
    return Ways(chosen, defer=not options.no_defer, lazy=lazy, accept_patched=accept_patched, avoid_code=options.moving)


def cut_request(
    components: Iterable[Component], options: CutOptions, *, cheapest: bool = False, ways: Ways = ANY_WAY
) -> CutRequest:
    """Return what options ask for, with the pairs of the configuration that match an import of the components.

    Raises CyclesError for half a pair.
    """
    components = list(components)
    settings = read_config(Path.cwd())
    cuts = sorted({cut for component in components for cut in component.statements()})

    def meant(pairs: Iterable[Pair], *, may_be_short: bool = True) -> list[Pair]:
        return [cut for pair in pairs for cut in cuts_meant(components, pair, may_be_short=may_be_short)]

    # The configuration is for every graph and component, and stays as it is when a cut is made.
    kept, chosen = (
        [cut for cut in meant(pairs, may_be_short=False) if matching(cuts, cut)]
        for pairs in (settings.keep, settings.cut)
    )
    kept += meant(as_pairs("--keep", options.keep))
    chosen += meant(as_pairs("--cut", options.cut))
    return CutRequest(kept, chosen, options.allow_reexports, cheapest, ways)


def question(selection: Selection, settings: Settings, *, whole: bool = False) -> Question:
    """Return what the command line and the configuration ask for; `whole`: nothing is excluded.

    Raises CyclesError where neither names a package.
    """
    packages = selection.packages or settings.packages
    if not packages:
        raise CyclesError(
            "name a package, such as `cycles scc shop`, or set package in [tool.cycles] of pyproject.toml"
        )
    source_roots = _source_roots(selection, settings)
    need_folders(Path.cwd(), source_roots)
    return Question(
        packages=packages,
        folders=search_folders(Path.cwd(), source_roots, os.environ.get("VIRTUAL_ENV")),
        roots=(*settings.roots, *(selection.roots or ())),
        exclude=() if whole else (*settings.exclude, *(selection.exclude or ())),
        only=selection.only or settings.only,
        by=_groups(selection.by or (), settings),
    )


def _groups(words: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """Return what asks for groups of modules; "groups" stands for those of the configuration."""
    if list(words) != ["groups"]:
        return tuple(words)
    if not settings.groups:
        raise CyclesError('no groups in [tool.cycles]; name them there, such as groups = { sales = ["shop.orders"] }')
    return tuple(f"{pattern}={name}" for pattern, name in settings.groups)


def _source_roots(selection: Selection, settings: Settings) -> list[Path]:
    """Return where else packages may be: what the configuration names lies where that is."""
    found = [*settings.source_roots, *(selection.source_roots or ())]
    if not selection.packages and settings.folder:
        found += [folder for folder in (settings.folder, settings.folder / "src") if folder.is_dir()]
    return found


def _remarks(analysis: Analysis, local: Sequence[Path], *, lists_unread: bool) -> Iterator[str]:
    """Yield what else somebody should know of what was analysed, and of what was not."""
    for said, meant in analysis.read_as:
        yield f"{clean(said)} is read as {clean(meant)}: that is how its modules import each other"
    by_name = all(os.sep not in word and word != "." for word in asked_words(analysis))
    if by_name and not analysis.read_as and not any(Path(analysis.folder).is_relative_to(folder) for folder in local):
        yield f"{clean(analysis.package)} found in {clean(analysis.folder)}"
    if analysis.left_out:
        names = f"{clean(analysis.left_out[0])}{' and others' if len(analysis.left_out) > 1 else ''}"
        yield (
            f"{names} not looked at: with what {clean(analysis.package)} reaches, over {JOINED_MODULES:,} modules "
            "would join; add those that matter with --root, or --only for none"
        )
    if analysis.strangers is not None:
        yield _why_unlinked(analysis, analysis.strangers)
    if analysis.skipped and not lists_unread:
        files, them = ("1 file", "it") if len(analysis.skipped) == 1 else (f"{len(analysis.skipped):,} files", "them")
        yield f"{files} not read, the rest analysed; `cycles {command_line(analysis, 'scc', '--all')}` lists {them}"


def _idle_exclusions(analysis: Analysis, selection: Selection, settings: Settings) -> Iterator[str]:
    """Name the patterns of --exclude and of the configuration that leave nothing out.

    A configuration may be about more packages than those that are looked at.
    """
    names = [*analysis.compiled, *(module.name for module in analysis.files)]
    typed = selection.exclude or ()
    for pattern in dict.fromkeys((*typed, *settings.exclude)):
        top = pattern.partition(".")[0]
        is_about = pattern in typed or top in analysis.packages or "*" in top
        if is_about and not any(module_expression(pattern).fullmatch(name) for name in analysis.compiled):
            shown, alike = clean(pattern), spelled_alike(pattern, names)
            option = f"--exclude {shown}" if pattern in typed else f'exclude "{shown}" of [tool.cycles]'
            hint = f"; did you mean {clean(alike)}?" if alike else ""
            yield f"{option} leaves nothing out: no module matches it{hint}"


def _why_unlinked(analysis: Analysis, strangers: Sequence[str]) -> str:
    """Say why no module imports another, as far as that can be guessed."""
    what = f"no import between the {analysis.modules:,} modules of {clean(analysis.package)} was found"
    if strangers:
        name = clean(strangers[0])
        return f"{what}: they import {name}, which is in no folder that was looked in; add --source-root FOLDER for it"
    return f"{what}; is it the package that you meant ({clean(analysis.folder)})?"


def component_number(analysis: Analysis, asked: str | None) -> int | None:
    """Return the number of the component asked for, None for all.

    It is asked for by its number, or as `#NAME` by any module in it: whole names and their last parts are known.
    Raises CyclesError where there is no such component.
    """
    # Where no cycle is left, that is the answer: the number may come from before the last cut.
    if asked is None or not analysis.components:
        return None
    count = len(analysis.components)
    name = asked.removeprefix("#")
    if name.isdigit() or not asked.startswith("#"):
        if 1 <= int(name) <= count:
            return int(name)
        have = f"components 1 to {count}" if count > 1 else "only component 1"
        raise CyclesError(f"{analysis.package} has no component {name}: {analysis.graph_name} has {have}")
    holding = [
        component.number
        for component in analysis.components
        if any(module == name or module.endswith(f".{name}") for module in component.modules)
    ]
    if len(holding) == 1:
        return holding[0]
    if holding:
        message = f"{asked} may be component {' or '.join(map(str, holding))}; give more of its name"
    else:
        from cycles.find_in_analysis import spelled_alike

        members = [module for component in analysis.components for module in component.modules]
        alike = spelled_alike(name, members)
        hint = f"did you mean '#{alike}'?" if alike else f"`cycles scc {analysis.package}` lists those that are"
        message = f"{name or 'a module without a name'} is in no component of {analysis.graph_name}; {hint}"
    raise CyclesError(message)


def text_style(output: Path | None, *, everything: bool = False) -> "TextStyle":
    """Return how text is laid out: as wide as the terminal is; a file gets no colour.

    Below 20 columns text is laid out as for 20, and above 500 as for 500: COLUMNS may say anything.
    """
    from cycles.report.terminal import TextStyle

    to_stdout = named_file(output) is None
    color = to_stdout and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    encoding = (to_stdout and sys.stdout.encoding) or "utf-8"
    return TextStyle(width, everything=everything, color=color, encoding=encoding)


def style_for(options: ReportOptions) -> "TextStyle":
    """Return how the text of a report is laid out."""
    return text_style(options.output, everything=options.everything)


def named_file(output: Path | None) -> Path | None:
    """Return the file that `-o` names; None for stdout, which `-` means too."""
    return None if output is None or str(output) == "-" else output


def deliver(result: str, output: Path | None) -> None:
    """Print a result, or write it to a file, whole or not at all."""
    file = named_file(output)
    if file is not None:
        write_atomically(file, result)
    else:
        print_result(result)
    say_remarks()


def deliver_bytes(result: bytes, output: Path | None) -> None:
    """Print bytes as they are, or write them to a file, whole or not at all; a terminal gets nothing that moves it."""
    file = named_file(output)
    if file is not None:
        write_atomically(file, result)
    elif sys.stdout.isatty():
        text = result.decode("utf-8", "backslashreplace")
        print_result("".join(f"{clean(line)}\n" for line in text.splitlines()))
    else:
        print_bytes(result)
    say_remarks()


def environment_python() -> str | None:
    """Return the interpreter of the active virtual environment."""
    folder = os.environ.get("VIRTUAL_ENV")
    names = ("bin/python", "Scripts/python.exe")
    found = [path for name in names if folder and os.path.isfile(path := os.path.join(folder, name))]
    return found[0] if found else None


def say_later(*sentences: str) -> None:
    """Keep sentences for stderr until the job is done."""
    _waiting.extend(sentences)


def say_remarks() -> None:
    """Write the kept sentences to stderr."""
    for sentence in _waiting:
        remark(sentence)
    _waiting.clear()


def read_baseline_text(path: Path, *, may_be_missing: bool) -> str:
    """Return what a baseline says, nothing where it may be missing; raises CyclesError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if may_be_missing:
            return ""
        raise CyclesError(f"there is no baseline {path}; write it with --update") from error
    except OSError as error:
        raise CyclesError(
            f"the baseline {path} cannot be read ({error.strerror}); name a file with --baseline"
        ) from error
    except ValueError as error:
        raise CyclesError(f"the baseline {path} is not UTF-8; save it as UTF-8") from error


def need_folders(working_directory: Path, source_roots: Iterable[Path]) -> None:
    """Raise CyclesError where a source root is not a folder."""
    for folder in source_roots:
        if not (working_directory / folder).is_dir():
            where = f'source root "{folder}" is not a folder under {working_directory}'
            raise CyclesError(f"{where}; correct --source-root or source-roots")
