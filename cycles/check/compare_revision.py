"""Compare packages with what they were in a commit of the git repository around them."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.check.commit_folder import Mirror
from cycles.check.compare import compare, unread
from cycles.check.findings import Before, Change
from cycles.check.git import Repository
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.make_analysis import Question, analyze_before
from cycles.model import Analysis
from cycles.processes import temporary_folder
from cycles.source.file_text import UnreadableError, read_bytes
from cycles.source.source_file import SourceCache

_INSTALLED = frozenset(("site-packages", "dist-packages"))


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision to compare with; by default its merge base with HEAD."""

    name: str
    merge_base: bool = True


def compare_with_revision(  # noqa: PLR0913  what is compared, and how
    question: Question,
    now: Analysis,
    revision: Revision,
    graphs: Sequence[GraphName],
    *,
    environment: Mapping[str, str],
    strict: bool = False,
    differences: bool = False,
) -> Change:
    """Say what became of the cycles of packages since a commit, which is read from the object store.

    Args:
        question: how `now` was asked for; relative paths are meant from the first of its folders.
        now: the packages in the working tree, whatever of it is committed.
        revision: the commit.
        graphs: the graphs to compare.
        environment: the environment variables for git.
        strict: whether an added import on a cycle is an error even where it makes nothing worse.
        differences: whether to say of each dependency on a cycle what became of it.

    Raises:
        CyclesError: where there is no repository, no such commit, or the packages lie outside.

    """
    repository = Repository(Path(now.folder), environment)
    if not Path(now.folder).is_relative_to(repository.top):
        raise CyclesError(f"{now.folder} leads to {repository.top} by a symbolic link; run it there")
    commit = repository.commit(revision.name, merge_base=revision.merge_base)
    with temporary_folder() as folder:
        before = folder / "tree"
        before.mkdir()
        mirror = Mirror(before, now, _areas(question, now, repository.top))
        mirror.lay_out(repository, commit)
        then = _analysis(question, now, repository, mirror, folder)
        renamed = _renamed(repository, then, now, mirror, folder)
        change = compare(then, now, graphs=graphs, renamed=renamed, strict=strict, differences=differences)
    missing = tuple(sorted(mirror.unknown))
    found = Before("revision", revision.name, commit, is_merge_base=revision.merge_base, missing=missing)
    return replace(change, before=found, unread=unread(now, frozenset(mirror.same.values())))


def _areas(question: Question, now: Analysis, top: Path) -> frozenset[str]:
    """Return the folders, as paths from the top, in which the packages of then can lie: as those of now."""
    parents = {Path(file.folder).parent for file in now.files}
    inside = [folder for folder in {*parents, *question.folders} if folder.is_relative_to(top)]
    return frozenset(_from_top(folder, top) for folder in inside if not _INSTALLED.intersection(folder.parts))


def _from_top(path: Path | str, top: Path) -> str:
    text, above = os.fspath(path), os.path.join(top, "")
    # Most paths lie below as they are; `relpath` takes ten times as long.
    relative = text[len(above) :] if text.startswith(above) else os.path.relpath(text, top)
    return "" if relative == "." else relative.replace(os.sep, "/")


def _analysis(question: Question, now: Analysis, repository: Repository, mirror: Mirror, folder: Path) -> Analysis:
    """Return the packages of then, by the names that they had; an analysis of nothing where they were not there."""

    def laid(path: Path) -> Path:
        """Where a folder of the repository is laid out; installed packages are the same."""
        if not path.is_relative_to(repository.top) or _INSTALLED.intersection(path.parts):
            return path
        return mirror.top / path.relative_to(repository.top)

    def asked(word: str) -> str:
        if all(part.isidentifier() for part in word.split(".")):
            return word
        return str(laid(Path(os.path.abspath(question.folders[0] / word))))

    folders = [laid(path) for path in question.folders]
    then = replace(question, packages=[asked(word) for word in question.packages], folders=folders)
    then = replace(then, roots=[asked(word) for word in question.roots])
    try:
        return analyze_before(then, now, mirror.same)
    except CyclesError:
        former = _former_packages(repository, now, mirror, folder)
        if former:
            with suppress(CyclesError):
                return analyze_before(replace(then, packages=former), now, mirror.same)
    return replace(now, files=(), compiled=(), mentions=(), closing=(), skipped=(), sources=SourceCache())


def _renamed(repository: Repository, then: Analysis, now: Analysis, mirror: Mirror, folder: Path) -> dict[str, str]:
    """Return the modules that have another name now: (now: before), by git's own detection of renamed files."""
    before = {_from_top(file.path, mirror.top): file.name for file in then.files}
    today = {_from_top(file.path, repository.top): file.name for file in now.files}
    found = {today[path]: before[path] for path in before.keys() & today.keys()}
    gone = [path for path in before.keys() - today.keys() if not (repository.top / path).exists()]
    new = [path for path in today.keys() - before.keys() if not (mirror.top / path).exists()]
    for old, path in _renames(repository, mirror, folder / "renamed", gone, new):
        found[today[path]] = before[old]
    return {name: old for name, old in found.items() if name != old}


def _former_packages(repository: Repository, now: Analysis, mirror: Mirror, folder: Path) -> list[str]:
    """Return the folders that packages were in which have another name now, most renamed files first."""
    new = [
        path
        for file in now.files
        if now.holds(file.name) and not (mirror.top / (path := _from_top(file.path, repository.top))).exists()
    ]
    laid = (_from_top(path, mirror.top) for path in mirror.top.rglob("*.py"))
    gone = [path for path in laid if not (repository.top / path).exists()]
    folders: Counter[str] = Counter()
    for old, path in _renames(repository, mirror, folder / "moved", gone, new):
        parts, others = old.split("/"), path.split("/")
        while parts and others and parts[-1] == others[-1]:
            parts.pop()
            others.pop()
        folders["/".join(parts)] += 1
    return [str(mirror.top / found) for found, _ in folders.most_common(1) if found]


def _renames(
    repository: Repository, mirror: Mirror, folder: Path, gone: Sequence[str], new: Sequence[str]
) -> list[tuple[str, str]]:
    """Return which files that are gone git takes for renamed to which new ones."""
    if not gone or not new:
        return []
    for name, top, paths in (("before", mirror.top, gone), ("now", repository.top, new)):
        for path in paths:
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(UnreadableError):
                target.write_bytes(read_bytes(str(top / path)))
    return repository.renames(folder)
