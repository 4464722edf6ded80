"""Say which modules of a package can be imported first, and what masks or hides the crashes of others."""

import difflib
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import Analysis, FirstImport, FirstImportReport, Mask
from cycles.simulate.simulate_first_imports import Library, Prediction, Predictor
from cycles.source.build_configuration import console_scripts
from cycles.source.module_names import inside

_MOST_TRIALS = 8
"""Modules that are tried in search of a mask: each costs as much as predicting all that crash once more."""


def entrances(  # noqa: PLR0913
    analysis: Analysis,
    *,
    number: int | None = None,
    modules: Sequence[str] = (),
    after: Sequence[str] = (),
    bare_root: bool = False,
    run: Callable[[Sequence[str]], Sequence[FirstImport]] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> FirstImportReport:
    """Predict the first import of every module of the package; of a `__main__` where a console script names it.

    `number` keeps those that run a module of that component, `modules` only these, which may lie in other packages of
    the analysis. `run` really imports modules, each first, and says what became of them: of all that are kept, with
    `number` of the component's own. Raises CyclesError where a module does not exist, or one of `after` crashes itself.
    """
    progress("predicting first imports")
    _check_names(analysis, modules, "--module")
    own = _own(analysis)
    bare = _above(analysis) if bare_root else ()
    library = Library(analysis.sources, analysis.compiled, analysis.project, sys.version_info[:2])
    predictor = Predictor(library)
    loaded = _check(analysis, after, predictor, really=run is not None)
    judged = predictor.predict(sorted(modules or own), after=after, bare=bare)
    members = _members(analysis, number)
    reaching = {found.entry.module for found in judged if not members.isdisjoint(found.ran)}
    asked = frozenset(modules or own)
    if number is not None:
        asked = members if run else frozenset(reaching)
    kept = [found for found in judged if found.entry.module in asked]
    truths = run([found.entry.module for found in kept]) if run else ()
    progress("looking for what masks or hides a crash")
    crashing = [found for found in kept if _crashes(found)]
    mask = None if after else _mask(analysis, judged, crashing, predictor, bare)
    again = [found for found in kept if found.entry.module in reaching]
    hidden = () if bare_root else _hidden(analysis, again, after, predictor)
    predictor.forget()
    return FirstImportReport(
        component=number,
        after=tuple(after),
        bare=bare,
        entries=tuple(replace(entry, loaded=entry.module in loaded) for entry in _entries(kept)),
        apart=len(set(own) - {found.entry.module for found in kept}),
        mask=mask,
        hidden=hidden,
        runs=tuple(truths),
        named=tuple(modules),
    )


def first_imports(analysis: Analysis, modules: Sequence[str] = ()) -> tuple[FirstImport, ...]:
    """Predict the first import of `modules`, or of every module that `entrances` asks about, and nothing besides."""
    predictor = Predictor(Library(analysis.sources, analysis.compiled, analysis.project, sys.version_info[:2]))
    found = _entries(predictor.predict(sorted(modules) or _own(analysis)))
    predictor.forget()
    return found


def _own(analysis: Analysis) -> list[str]:
    named = {module for module, _ in console_scripts(Path(analysis.folder), [analysis.folder]).values()}
    own = [file.name for file in analysis.files if analysis.holds(file.name)]
    return [name for name in own if _is_entry(name) or name in named]


def _check(analysis: Analysis, after: Sequence[str], predictor: Predictor, *, really: bool) -> frozenset[str]:
    """Return what is loaded once `after` is imported; raises CyclesError where a module of it cannot be."""
    loaded: set[str] = set()
    for place, module in enumerate(after):
        if not all(part.isidentifier() for part in module.split(".")):
            raise CyclesError(
                f'"{module}" (--after) is not the name of a module; name one, such as {analysis.named[0]}'
            )
        top = module.partition(".")[0]
        if not really and top not in {*analysis.packages, *sys.stdlib_module_names}:
            raise CyclesError(
                f'"{module}" (--after) lies in no package that was analysed, and only --run can really import it; '
                f"add --root {top}"
            )
        if any(inside(module, root) for root in analysis.packages):
            _check_names(analysis, [module], "--after")
        if any(file.name == module for file in analysis.files):
            (found,) = predictor.predict([module], after=after[:place])
            if _crashes(found):
                raise CyclesError(
                    f"{module} crashes itself when it is imported first ({found.entry.path}); name another"
                )
            loaded.update(found.ran)
    return frozenset(loaded)


def _check_names(analysis: Analysis, modules: Sequence[str], option: str) -> None:
    """Raise CyclesError where a module does not exist."""
    known = {file.name for file in analysis.files} | set(analysis.compiled)
    for module in modules:
        if module not in known:
            alike = difflib.get_close_matches(module, sorted(known), n=1)
            what = "to import beforehand" if option == "--after" else f"in {', '.join(analysis.packages)}"
            message = f'no module "{module}" {what}; ' + (
                f"did you mean {alike[0]}?" if alike else f"name a module that exists with {option}"
            )
            raise CyclesError(message)


def _is_entry(module: str) -> bool:
    """Whether a module is there to be imported, not to be run."""
    return module.rpartition(".")[2] != "__main__"


def _crashes(found: Prediction) -> bool:
    return found.entry.verdict is Verdict.CRASH


def _above(analysis: Analysis) -> tuple[str, ...]:
    """The package and those above it, so far as they have an `__init__`."""
    return tuple(
        file.name
        for file in analysis.files
        if file.is_package and any(inside(package, file.name) for package in analysis.named)
    )


def _members(analysis: Analysis, number: int | None) -> frozenset[str]:
    components = analysis.chosen(number)
    return frozenset(module for component in components for module in component.modules)


def _entries(predictions: Sequence[Prediction]) -> tuple[FirstImport, ...]:
    return tuple(found.entry for found in predictions)


def _mask(
    analysis: Analysis,
    judged: Sequence[Prediction],
    crashing: Sequence[Prediction],
    predictor: Predictor,
    bare: Sequence[str],
) -> Mask | None:
    """Return the module whose import beforehand lets most of the crashing modules be imported.

    Candidates can be imported first themselves. Only what they run of all that the crashing entries run
    makes a difference: of those that run the same, the lightest is tried for all. A crash cannot happen
    where the module that raises it, or the entry itself, has run before: those that run these for the most
    entries are tried, lightest first, a few of them.
    """
    if not crashing:
        return None
    known = {found.entry.module for found in judged}
    others = [file.name for file in analysis.files if _is_entry(file.name) and file.name not in known]
    reached = {module for found in crashing for module in found.ran}
    victims = sorted(found.entry.module for found in crashing)
    candidates: dict[frozenset[str], Prediction] = {}
    for found in sorted((*judged, *predictor.predict(others, bare=bare)), key=_weight):
        shared = frozenset(reached.intersection(found.ran))
        if found.entry.verdict is Verdict.OK and shared:
            candidates.setdefault(shared, found)
    ranked = sorted(candidates.values(), key=lambda one: (-_prevented(crashing, one), *_weight(one)))
    best: Mask | None = None
    for candidate in ranked[:_MOST_TRIALS]:
        module = candidate.entry.module
        again = predictor.predict(victims, after=(module,), bare=bare)
        safe = sum(found.entry.verdict is Verdict.OK for found in again)
        if safe > (best.safe if best else 0):
            best = Mask(module, safe)
        if safe == len(victims):
            break
    return best


def _weight(found: Prediction) -> tuple[int, str]:
    """How much a first import runs."""
    return len(found.ran), found.entry.module


def _prevented(crashing: Sequence[Prediction], before: Prediction) -> int:
    """How many entries cannot crash any more, where they do now, once another module was imported."""
    ran = frozenset(before.ran)
    raising = ((found.entry.module, found.entry.chain[-1:]) for found in crashing)
    return sum(module in ran or any(link.imported in ran for link in last) for module, last in raising)


def _hidden(
    analysis: Analysis, kept: Sequence[Prediction], after: Sequence[str], predictor: Predictor
) -> tuple[FirstImport, ...]:
    """What crashes only where the `__init__`s above are empty.

    They hide nothing unless they run a module of a component: only those can be found partially initialised.
    """
    above = _above(analysis)
    fine = [found for found in kept if found.entry.verdict is Verdict.OK and found.entry.module not in above]
    first = next((found for found in kept if above and found.entry.module == above[-1]), None)
    if not fine or first is None or _members(analysis, None).isdisjoint(first.ran):
        return ()
    # Whether what does not crash is certain not to is not the question, and takes as long again.
    again = predictor.predict([found.entry.module for found in fine], after=after, bare=above, settled=False)
    return _entries([found for found in again if _crashes(found)])
