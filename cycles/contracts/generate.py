"""Generate the contract that drives packages out of their cycles or locks them, for the configuration in force."""

import os
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.contracts.config_file import Configuration, in_force, is_found, read, with_contract
from cycles.contracts.contract_text import Contract, Written, as_ini, as_toml, head
from cycles.contracts.linter import Line, Seen, seen_by_linter
from cycles.contracts.sufficient_cuts import is_acyclic, redundant
from cycles.cuts import plan_cuts
from cycles.errors import CyclesError
from cycles.graph.build import build
from cycles.graph.components import components
from cycles.grouping import names_around
from cycles.model import FEWEST, Analysis, Component, CutRequest, GeneratedContract, PlanStep
from cycles.report.wording import clean, common_prefix, counted
from cycles.source.import_values import Import
from cycles.source.module_names import Pair, inside, matching


@dataclass(frozen=True, slots=True)
class ContractRequest:
    """What is wanted, a contract without a plan, the one in force that it replaces, and the configuration for it.

    `lacking` is the configuration in force, where its root packages do not cover what is wanted: then the other is a
    file of its own.
    """

    wanted: Contract
    before: Contract | None
    configuration: Configuration
    lacking: Configuration | None = None

    def reason(self) -> str:
        """Say why the contract is in a file of its own, "" where it does not."""
        return why_separate(self.lacking, self.wanted.roots)


def covered_packages(analysis: Analysis, number: int | None) -> tuple[str, ...]:
    """Return the packages that were asked for, or with a number those around that component.

    Further ones that take part in a cycle with them come after them. Raises CyclesError where there are only modules
    outside packages, which import-linter does not know.
    """
    modules = [module for component in analysis.chosen(number) for module in component.modules]
    single = {file.name for file in analysis.files if "." not in file.name and not file.is_package}
    covered = list(analysis.named)
    if number is not None:
        parts = ([module for module in modules if inside(module, package)] for package in analysis.named)
        covered = [common_prefix(part) for part in parts if part]
    others = (package for package in analysis.packages if any(inside(module, package) for module in modules))
    covered += [other for other in others if not any(inside(package, other) for package in covered)]
    found = tuple(package for package in covered if package not in single)
    if not found:
        raise CyclesError(
            f"import-linter knows packages only, and {covered[0]} is a module outside any; put it into a package"
        )
    return found


def find_target(analysis: Analysis, number: int | None, *, folder: Path, config: Path | None) -> ContractRequest:
    """Find what a contract is to cover, and where it goes.

    It also covers what the contract in force covers: never less than it did. `config` is the configuration file
    wanted; else it is the one in force in the folder. Raises CyclesError where it cannot be used, and where what the
    contract in force covers was not analysed.
    """
    packages, by = covered_packages(analysis, number), analysis.by.words if analysis.by else ()
    if by and (number is not None or packages != analysis.named):
        # Other packages, or others of which they are children, would make other groups.
        also = f"; add {' and '.join(packages[len(analysis.named) :])}, or --only" if number is None else ""
        raise CyclesError(
            f"a contract for groups covers all of {' and '.join(analysis.named)}, no more and no less{also}"
        )
    target = _target(Contract(packages, analysis.graph_name, by=by), folder, config)
    wanted, before, configuration = target.wanted, target.before, target.configuration
    further = [name for name in (before.packages if before else ()) if not _covered(name, wanted.packages)]
    for name in further:
        if not _covered(name, analysis.packages):
            problem = f"the contract covers {name} too; add --root {name.partition('.')[0]}, or take it out there"
            raise configuration.error(wanted.id, problem)
    return _target(replace(wanted, packages=(*wanted.packages, *further)), folder, config) if further else target


def generate(
    analysis: Analysis,
    found: Sequence[Component],
    target: ContractRequest,
    request: CutRequest,
    costs: Mapping[Pair, int] | None,
) -> Contract:
    """Return the contract for a target, given all components that touch its packages.

    Raises CyclesError where import-linter cannot read the packages, or would not keep the contract.
    """
    exclude = target.configuration.values("exclude_type_checking_imports") in (("True",), ("true",))
    try:
        seen = seen_by_linter(analysis, target.wanted, exclude_type_checking_imports=exclude)
    except CyclesError as error:
        # grimp reads files in parallel and names any of those that it cannot read, or none.
        if not analysis.unlinted:
            raise
        first = analysis.unlinted[0]
        line = f":{first.line_number}" if first.line_number else ""
        raise CyclesError(f"import-linter cannot read {first.path}{line} ({first.reason}); fix that first") from error
    contract = with_plan(found, target.wanted, target.before, seen, request, costs)
    _, graph = seen
    kept = is_acyclic(graph, contract.excepted)
    needless = [contract.excepted[number] for number in redundant(graph, [(cut,) for cut in contract.excepted])]
    if kept and not needless:
        return contract
    message = f"import-linter would not keep the contract {contract.id}, which is not written; please report this"
    if kept and _matched(needless, request.cut):
        message = f"no cycle needs {' -> '.join(needless[0])} cut once the others are; take one --cut out"
    raise CyclesError(message)


def with_plan(
    found: Sequence[Component],
    wanted: Contract,
    before: Contract | None,
    seen: Seen,
    request: CutRequest = FEWEST,
    costs: Mapping[Pair, int] | None = None,
) -> Contract:
    """Return what is wanted with a plan for the components, which are all that touch its packages.

    It keeps those exceptions of the contract `before` that a cycle still needs and that the request does not keep, and
    adds as few as can be.
    """
    linted, graph = seen
    visible = _visible(found, wanted, linted)
    fresh = replace(wanted, notes=tuple(_notes(found, wanted, linted)))
    known = {(importer, imported) for importer, imported, _ in _statements(visible)}
    steps, proven = _planned(visible, request, costs)
    if before is None:
        return replace(fresh, plan=steps, proven=proven)
    fewest = len(steps)
    chosen = _matched(known, request.cut)
    kept = known.intersection(before.excepted) - _matched(known, request.keep)
    steps, _ = _planned(visible, replace(request, cut=sorted(chosen | kept)), costs)
    cuts = sorted((step.pair for step in steps), key=lambda pair: pair not in chosen)
    # Of those that no cycle needs the last goes first: what the user asked for stays longest.
    while needless := redundant(graph, [(cut,) for cut in cuts]):
        cuts.pop(needless[-1])
    if len(cuts) < len(steps):
        steps, _ = _planned(visible, replace(request, cut=sorted(cuts)), costs)
    return replace(
        fresh, plan=steps, proven=proven and len(steps) == fewest, title=before.title, options=before.options
    )


def why_separate(lacking: Configuration | None, roots: Iterable[str]) -> str:
    """Say why a contract is in a file of its own: what the configuration in force lacks; "" where nothing."""
    missing = [root for root in roots if lacking and not lacking.covers([root])]
    if not lacking or not missing:
        return ""
    names = clean(" and ".join(missing))
    return f"a file of its own, for the root packages in {clean(lacking.path.name)} lack {names}"


def as_text(contract: Written, configuration: Configuration) -> str:
    """Return what the configuration needs: its section, where it has none yet, and the contract."""
    toml = configuration.toml
    block = as_toml(contract) if toml else as_ini(contract)
    return block if configuration.section is not None else f"{head(contract, toml=toml)}\n{block}"


def as_written(
    contract: Contract, target: ContractRequest, modules: Collection[str], *, named: bool, allow_growth: bool
) -> str:
    """Return the text of the configuration with the contract in it.

    Args:
        contract: what `generate` returned.
        target: where it goes, and the contract that it replaces.
        modules: those that there are now: an exception for another that is gone may be for one that was renamed.
        named: whether the configuration file was asked for by its name.
        allow_growth: whether it may except more than the contract that it replaces.

    Raises:
        CyclesError: where there is no configuration, and where the contract would have more exceptions than may be.

    """
    configuration, before = target.configuration, target.before
    if target.lacking is None and not named:
        need_file(configuration)
    added = _added(contract, before, modules) if before else []
    if added and not allow_growth:
        new = ", ".join(f"{importer} -> {imported}" for importer, imported in added)
        one = len(added) == 1
        problem = (
            f"{counted(len(added), 'import')} on a cycle {'is' if one else 'are'} not yet an exception of it ({new})"
        )
        them = "it" if one else "them"
        raise configuration.error(contract.id, f"{problem}; cut {them}, or accept {them} with --allow-growth")
    return with_contract(configuration, contract)


def need_file(configuration: Configuration) -> None:
    """Raise CyclesError where nobody has said where a contract goes: a new file is for its owner to name."""
    # A pyproject.toml that is there is the one sensible place.
    obvious = configuration.path.name == "pyproject.toml" and configuration.path.is_file()
    if configuration.section is None and not obvious:
        folder = configuration.path.parent
        raise CyclesError(
            f"{folder} has no configuration of import-linter (setup.cfg, .importlinter or pyproject.toml); "
            "name the file to write, such as --config pyproject.toml"
        )


def _added(contract: Contract, before: Contract, modules: Collection[str]) -> list[Pair]:
    """Return the exceptions that are new, but not those in the place of one whose module is gone: it was renamed."""
    known = frozenset(modules)
    gone = [pair for pair in before.excepted if not known.issuperset(pair)]
    added: list[Pair] = []
    for pair in sorted(set(contract.excepted).difference(before.excepted)):
        same = (
            old for old in gone if all(then == now or then not in modules for then, now in zip(old, pair, strict=True))
        )
        renamed = next(same, None)
        if renamed is None:
            added.append(pair)
        else:
            gone.remove(renamed)
    return added


def generated(contract: Contract, text: str, file: str, state: str) -> GeneratedContract:
    """Return what a contract says, and what became of it."""
    return GeneratedContract(
        id=contract.id,
        name=contract.name,
        covers=contract.packages,
        roots=contract.roots,
        exceptions=contract.excepted,
        plan=contract.plan,
        proven=contract.proven,
        notes=contract.notes,
        text=text,
        file=file,
        state=state,
    )


def lint_command(configuration: Configuration, folder: Path, source_root: Path) -> str:
    """Return how to run the contract in a folder; where packages are further down, import-linter must be told."""
    command = "lint-imports"
    if source_root != folder and source_root.is_relative_to(folder) and "site-packages" not in source_root.parts:
        command = f"PYTHONPATH={shlex.quote(os.path.relpath(source_root, folder))} {command}"
    if not is_found(configuration.path, folder):
        command += f" --config {shlex.quote(os.path.relpath(configuration.path, folder))}"
    return command


def _target(wanted: Contract, folder: Path, config: Path | None) -> ContractRequest:
    """Find the configuration for a contract, and the one in force there."""
    found, lacking = place_of(wanted, folder, config)
    return ContractRequest(wanted, found.own(wanted), found, lacking)


def place_of(wanted: Written, folder: Path, config: Path | None) -> tuple[Configuration, Configuration | None]:
    """Find the configuration for a contract, and the one in force where that is another.

    It is a file of its own where the roots in force do not cover it, and stays so once the contract is there.
    """
    found = read(folder / config) if config else in_force(folder) or read(folder / "pyproject.toml")
    if found.section is not None:
        separate = read(folder / f".importlinter-{wanted.packages[0]}.toml")
        if not found.covers(wanted.packages) or not (config or separate.known(wanted) is None):
            if separate.section is not None and not separate.covers(wanted.packages):
                problem = f"its root packages do not cover {' and '.join(wanted.packages)}; add what is missing"
                raise separate.error("importlinter", problem)
            return separate, found
    return found, None


def _planned(
    found: Sequence[Component], request: CutRequest, costs: Mapping[Pair, int] | None
) -> tuple[tuple[PlanStep, ...], bool]:
    """Return the plan of all components, one after the other, and whether it is proven that none has fewer cuts."""
    plan: list[PlanStep] = []
    proven = True
    left = [len(component.modules) for component in found]
    for index, cutting in enumerate(plan_cuts(found, request, costs=costs)):
        later, largest = sum(left[index + 1 :]), max(left[index + 1 :], default=0)
        plan += (
            replace(step, modules_left=step.modules_left + later, largest_left=max(step.largest_left, largest))
            for step in cutting.steps
        )
        proven = proven and cutting.cut_set.proven
    return tuple(plan), proven


def _matched(cuts: Collection[Pair], patterns: Iterable[Pair]) -> frozenset[Pair]:
    pairs = sorted(cuts)
    return frozenset(pairs[number] for pattern in patterns for number in matching(pairs, pattern))


def _visible(found: Sequence[Component], wanted: Contract, linted: Collection[Line]) -> tuple[Component, ...]:
    """Return what is left of components inside the packages and where only imports that import-linter sees count."""
    origin = found[0].origin if found and wanted.by else None
    by = origin.by if origin else None
    known = origin.sources.modules if origin else {module for component in found for module in component.modules}
    modules = {module for module in known if _covered(module, wanted.packages)}
    imports = [found for line, found in _statements(found).items() if line in linted and found.importer in modules]
    whole = build(wanted.graph, imports, modules, by)
    return components(whole, names_around(by, wanted.packages, modules) if by else wanted.packages)


def _statements(found: Iterable[Component]) -> dict[Line, Import]:
    """Return the imports that hold components together, sorted, by what import-linter knows of each."""
    every = {
        (statement.importer, statement.imported, statement.line_number): statement
        for component in found
        for dependency in component.dependencies
        for statement in dependency.imports
    }
    return {line: every[line] for line in sorted(every)}


def _covered(module: str, packages: Iterable[str]) -> bool:
    return any(inside(module, package) for package in packages)


def _notes(found: Sequence[Component], wanted: Contract, linted: Collection[Line]) -> Iterator[str]:
    """Yield sentences on the cycles that the contract does not speak of."""
    packages = wanted.packages
    outside = {module for component in found for module in component.modules if not _covered(module, packages)}
    if outside and not any("=" in word for word in wanted.by):
        tops = sorted({module.partition(".")[0] for module in outside})
        yield (
            f"It covers only modules inside {' and '.join(packages)}, not cycles through modules outside; "
            f"`cycles contract {tops[0]} --graph {wanted.graph}` covers those."
        )
    unseen = [
        line
        for line in _statements(found)
        if line not in linted and _covered(line[0], packages) and _covered(line[1], packages)
    ]
    if unseen:
        importer, imported, _ = unseen[0]
        yield (
            f"import-linter does not see every import of these cycles, such as "
            f"{importer} -> {imported} (a dynamic one, a module it does not look at, or left out by the configuration)."
        )
