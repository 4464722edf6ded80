"""An Analysis in; its contract, rehearsed, and the configuration that it belongs in, out."""

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.contracts.block import TYPE, as_ini, as_toml, ini_head, toml_head
from cycles.contracts.configuration import Configuration, in_force, is_found, read
from cycles.contracts.draft import Choice, Draft, draft
from cycles.contracts.merging import merged
from cycles.contracts.verification import Figures, Place, linted_imports, options_read, verified
from cycles.model import Analysis, Component
from cycles.wording import clean, common_prefix, counted
from cycles.words import CyclesError, inside


@dataclass(frozen=True, slots=True)
class Made:
    """A rehearsed contract, its figures, and the configuration for it.

    `separate`: that is a file of its own; `command` runs it.
    """

    contract: Draft
    figures: Figures
    configuration: Configuration
    separate: bool
    command: str
    roots: tuple[str, ...]


def packages_of(analysis: Analysis, number: int | None) -> tuple[str, ...]:
    """The packages that a contract covers: the one asked for, or with a number the one around that component.

    Further roots that take part in a cycle with it come behind.
    """
    chosen = analysis.chosen(number)
    modules = [module for component in chosen for module in component.modules]
    package = analysis.package
    if number is not None:
        package = common_prefix(module for module in modules if inside(module, package))
    others = [root for root in analysis.roots[1:] if any(inside(module, root) for module in modules)]
    return (package, *(root for root in others if not inside(package, root)))


def packages_in_force(
    analysis: Analysis, packages: tuple[str, ...], *, folder: Path, config: Path | None
) -> tuple[str, ...]:
    """The packages, and those that the contract in force covers too: it never covers less than it did.

    Raises CyclesError where they were not analysed.
    """
    wanted = _empty(packages, analysis)
    configuration, _ = _configuration(folder, config, wanted)
    before = configuration.own(wanted.id)
    further = [name for name in (before.packages if before else ()) if not any(inside(name, own) for own in packages)]
    for name in further:
        if not any(inside(name, root) for root in analysis.roots):
            where = f"{configuration.path}:{configuration.line_number(wanted.id)}"
            message = (
                f"{where}: the contract covers {name} too; add --root {name.partition('.')[0]}, or take it out there"
            )
            raise CyclesError(message)
    return (*packages, *further)


def place_of(analysis: Analysis, roots: Sequence[str], *, exclude_type_checking_imports: bool = False) -> Place:
    """Where the root packages were found."""
    folders = {
        root: tuple(sorted({module.folder for module in analysis.files if inside(module.name, root)})) for root in roots
    }
    return Place(folders, exclude_type_checking_imports)


def make(
    analysis: Analysis,
    components: Sequence[Component],
    packages: tuple[str, ...],
    choice: Choice,
    *,
    folder: Path,
    config: Path | None,
) -> Made:
    """Draft the contract for `packages`, given all components that touch them, and rehearse it.

    `config` is the configuration file wanted; else the one in force in the folder, or where that
    does not cover the packages a separate one. Raises CyclesError where the contract cannot be made.
    """
    roots = tuple(sorted({package.partition(".")[0] for package in packages}))
    configuration, separate = _configuration(folder, config, _empty(packages, analysis))
    place = place_of(analysis, roots, exclude_type_checking_imports=configuration.exclude_type_checking_imports)
    try:
        linted = linted_imports(place, packages)
    except CyclesError as error:
        # grimp reads files in parallel and names any of those that it cannot read, or none.
        if not analysis.unlinted:
            raise
        first = analysis.unlinted[0]
        line = f":{first.line_number}" if first.line_number else ""
        message = f"import-linter cannot read {first.path}{line} ({first.reason}); fix that first"
        raise CyclesError(message) from error
    before = configuration.own(_empty(packages, analysis).id)
    contract = draft(
        components,
        packages,
        analysis.graph,
        linted=linted,
        before=before.excepted if before else None,
        choice=choice,
    )
    if before:
        fresh = replace(contract, packages=before.packages).name
        contract = replace(contract, title="" if before.name == fresh else before.name, options=before.options)
    command = _command(configuration, folder, Path(analysis.folder))
    return Made(contract, verified(contract, place), configuration, separate, command, roots)


def as_text(made: Made) -> str:
    """What the configuration needs: its section, where it has none yet, and the contract."""
    configuration = made.configuration
    block = as_toml(made.contract) if configuration.toml else as_ini(made.contract)
    if configuration.present:
        return block
    return f"{toml_head(made.roots) if configuration.toml else ini_head(made.roots)}\n{block}"


def as_written(made: Made, *, named: bool, allow_growth: bool) -> str:
    """The text of the configuration with the contract in it; `named`: it was asked for by its name.

    Raises CyclesError where there is no configuration, where the contract in force would except more
    than before, unless that is allowed, and where import-linter would not read the contract as it is meant.
    """
    contract, configuration = made.contract, made.configuration
    if not configuration.present and not named and not made.separate:
        folder = configuration.path.parent
        message = (
            f"{folder} has no configuration of import-linter (setup.cfg, .importlinter or pyproject.toml); "
            "name the file that shall hold it, such as --config pyproject.toml"
        )
        raise CyclesError(message)
    if contract.added and not allow_growth:
        new = ", ".join(f"{importer} -> {imported}" for importer, imported in contract.added)
        message = (
            f"{configuration.path}:{configuration.line_number(contract.id)}: the contract {contract.id} would except "
            f"{counted(len(contract.added), 'import')} more ({new}); cut them, or accept them with --allow-growth"
        )
        raise CyclesError(message)
    text = merged(configuration, contract, made.roots)
    _, contracts = options_read(text, configuration.path.name)
    found = [options for options in contracts if options.get("id") == contract.id]
    expected = [f"{importer} -> {imported}" for importer, imported in contract.excepted]
    if len(found) != 1 or found[0].get("type") != TYPE or found[0].get("ignore_imports", []) != expected:
        message = (
            f"import-linter does not read {contract.id} in {configuration.path} as it is meant; please report this"
        )
        raise CyclesError(message)
    return text


def as_report(made: Made, text: str) -> str:
    """What was done to the configuration, what the rehearsal came to, and how to run the contract."""
    contract, path = made.contract, made.configuration.path
    exceptions = counted(len(contract.plan), "exception") if contract.plan else "locked, no exceptions"
    fresh = "unchanged" if text == made.configuration.text else "new" if contract.added is None else "rewritten"
    figures = "\n          ".join(made.figures.sentences)
    return (
        f'{clean(path.name)}  contract "{clean(contract.name)}" ({exceptions}), {fresh}\n'
        f"verified  {figures}\n"
        f"next      {clean(made.command)}\n"
    )


def _command(configuration: Configuration, folder: Path, source_root: Path) -> str:
    """How to run the contract in a folder; where packages stand further down, import-linter must be told."""
    command = "lint-imports"
    if source_root != folder and source_root.is_relative_to(folder) and "site-packages" not in source_root.parts:
        command = f"PYTHONPATH={shlex.quote(os.path.relpath(source_root, folder))} {command}"
    if not is_found(configuration.path, folder):
        command += f" --config {shlex.quote(os.path.relpath(configuration.path, folder))}"
    return command


def _empty(packages: tuple[str, ...], analysis: Analysis) -> Draft:
    return Draft(packages, analysis.graph, (), None, proven=True, notes=())


def _configuration(folder: Path, config: Path | None, contract: Draft) -> tuple[Configuration, bool]:
    """The configuration for a contract, and whether that is a file of its own.

    It is where the roots in force do not cover the packages, and stays so once the contract stands there.
    """
    found = read(folder / config) if config else in_force(folder)
    if found is None:
        return read(folder / "pyproject.toml"), False
    if not found.present:
        return found, False
    separate = read(folder / f".importlinter-{contract.packages[0]}.toml")
    if found.covers(contract.packages) and (config or not separate.own(contract.id)):
        return found, False
    if separate.present and not separate.covers(contract.packages):
        message = (
            f"{separate.path}:{separate.line_number('importlinter')}: its root packages do not cover "
            f"{' and '.join(contract.packages)}; add what is missing"
        )
        raise CyclesError(message)
    return separate, True
