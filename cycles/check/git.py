"""Read commits from the object store of a git repository: the door to git.

Nothing that a repository can configure is run: no hook, no file system monitor, no filter, no textconv, no fetch of
what is missing. Its index is read only where the checkout is sparse, and nothing of it is written.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cycles.errors import CyclesError
from cycles.processes import run_bytes

_LINK, _SUBMODULE = "120000", "160000"
_MOST_RENAMES = 1000
"""New files, and files that are gone, up to which git compares their texts; beyond, only equal ones count."""
_OVERRIDES = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "core.quotePath=false")
# Hooks of git run with these set for their own repository; the one that is meant is found from the folder.
_FORGOTTEN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_CEILING_DIRECTORIES")
# `none` is no protocol: a partial clone would fetch what it lacks, by whatever command its configuration names.
_SETTINGS = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """What a commit holds at a path: a file, a symbolic link, or the commit of a submodule."""

    path: str
    blob: str
    is_link: bool
    is_submodule: bool


class Repository:
    """The repository around a folder.

    Attributes:
        top: the folder of its working tree.
        common_folder: the folder of the repository itself, the same for all of its working trees.
        hash_name: the hash that names blobs.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Find it; raises CyclesError where there is none, or no git."""
        self._environment = {name: value for name, value in environment.items() if name not in _FORGOTTEN} | _SETTINGS
        self.top = folder
        asked = ("--show-toplevel", "--show-object-format", "--is-shallow-repository", "--git-common-dir")
        status, said, error = self._try("rev-parse", *asked)
        if status and "dubious ownership" in error:
            raise CyclesError(
                f"git does not trust the owner of {folder}; run: git config --global --add safe.directory {folder}"
            )
        if status or not said.strip():
            raise CyclesError(f"{folder} is in no working tree of git; leave out --since, or run it inside one")
        top, self.hash_name, shallow, common = os.fsdecode(said).splitlines()[-4:]
        self.top = Path(top)
        self.common_folder = os.path.join(folder, common)
        self._is_shallow = shallow == "true"

    def commit(self, revision: str, *, merge_base: bool) -> str:
        """Return the commit that a revision names, or where HEAD left it; raises CyclesError where there is none."""
        found = self._commit(revision)
        if found is None:
            # What a remote calls main, a clone calls origin/main.
            named = revision.removeprefix("origin/")
            fetch = f"git fetch origin {named}" + (" --depth=1" if self._is_shallow else "")
            raise CyclesError(f'no commit "{revision}" in {self.top}; fetch it first, such as: {fetch}')
        if not merge_base:
            return found
        if self._commit("HEAD") is None:
            raise CyclesError(
                f"{self.top} has no commit yet that {revision} could be compared with; add --no-merge-base"
            )
        status, said, _ = self._try("merge-base", found, "HEAD")
        if status or not said.strip():
            fetch = "; fetch the commits between them: git fetch --unshallow" if self._is_shallow else ""
            raise CyclesError(f"{revision} and HEAD have no common commit{fetch or '; add --no-merge-base'}")
        return said.split()[0].decode("ascii")

    def entries(self, commit: str) -> list[TreeEntry]:
        """Return all that a commit holds, but for paths that no file can have here; raises CyclesError."""
        found: list[TreeEntry] = []
        for line in self._run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            head, tab, name = line.partition(b"\t")
            mode, _, blob = os.fsdecode(head).split(" ") if tab else ("", "", "")
            path = os.fsdecode(name)
            if tab and all(part not in ("", ".", "..", ".git") for part in path.split("/")):
                found.append(TreeEntry(path, blob, mode == _LINK, mode == _SUBMODULE))
        return found

    def has(self, commit: str) -> bool:
        """Whether a commit is there."""
        return self._commit(commit) is not None

    def blobs(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Yield each blob with its name; raises CyclesError where one is not there."""
        wanted = list(dict.fromkeys(names))
        if not wanted:
            return
        lines = "".join(f"{name}\n" for name in wanted).encode()
        status, said, error = self._try("cat-file", "--batch", data=lines)
        # Versions of git before 2.44 try to fetch what a partial clone lacks, and end where they are not let to.
        lacking = bool(status) and "promisor" in error
        if status and not lacking:
            self._fail("cat-file", error)
        at = 0
        for name in wanted:
            end = said.find(b"\n", at)
            head = said[at:end].split()
            if lacking or head[-1] == b"missing":
                raise CyclesError(
                    f"this clone of {self.top} lacks files of the commit to compare with; "
                    "fetch them first: git fetch --refetch --no-filter"
                )
            size = int(head[2])
            yield name, said[end + 1 : end + 1 + size]
            at = end + 2 + size

    def ignored(self, paths: Collection[str]) -> frozenset[str]:
        """Return those of some paths that the repository's rules ignore; what is tracked counts like all others."""
        if not paths:
            return frozenset()
        asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
        _, said, _ = self._try("check-ignore", "--no-index", "-z", "--stdin", data=asked)
        return frozenset(os.fsdecode(path) for path in said.split(b"\0") if path)

    def left_out(self) -> frozenset[str]:
        """Return the tracked paths that a sparse checkout leaves out of the working tree."""
        _, sparse, _ = self._try("config", "--type=bool", "--get", "core.sparseCheckout")
        if sparse.strip() != b"true":
            return frozenset()
        lines = self._run("ls-files", "-t", "-z").split(b"\0")
        return frozenset(os.fsdecode(line[2:]) for line in lines if line.startswith(b"S "))

    def submodule(self, path: str) -> "Repository | None":
        """Return the repository that is checked out at a path; None where there is none of its own."""
        try:
            found = Repository(self.top / path, self._environment)
        except CyclesError:
            return None
        return found if found.top != self.top else None

    def renames(self, folder: Path) -> list[tuple[str, str]]:
        """Return which files in `before` git takes for renamed ones in `now`, two folders in a folder, as paths there.

        They need not lie in the repository.
        """
        options = ("--raw", "-z", "-M", f"-l{_MOST_RENAMES}", "--no-ext-diff", "--no-textconv")
        # It ends with 1 where there is a difference, as there always is.
        _, said, _ = self._try("diff", "--no-index", *options, "--", "before", "now", folder=folder)
        parts = [os.fsdecode(part) for part in said.split(b"\0")]
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(parts) - 1:
            renamed = parts[at].split(" ")[-1].startswith("R")
            if renamed:
                found.append((parts[at + 1].removeprefix("before/"), parts[at + 2].removeprefix("now/")))
            at += 3 if renamed else 2
        return sorted(found)

    def _commit(self, revision: str) -> str | None:
        status, said, _ = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return None if status else said.strip().decode("ascii")

    def _run(self, *arguments: str, data: bytes = b"") -> bytes:
        status, said, error = self._try(*arguments, data=data)
        if status:
            self._fail(arguments[0], error)
        return said

    def _fail(self, command: str, error: str) -> NoReturn:
        last = error.strip().rpartition("\n")[2]
        raise CyclesError(f"git {command} failed in {self.top} ({last}); repair the repository, or leave out --since")

    def _try(self, *arguments: str, data: bytes = b"", folder: Path | None = None) -> tuple[int, bytes, str]:
        overrides = [word for setting in _OVERRIDES for word in ("-c", setting)]
        command: Sequence[str] = ("git", "--no-pager", *overrides, *arguments)
        try:
            done = run_bytes(command, data, folder or self.top, self._environment)
        except OSError as error:
            raise CyclesError(f"git cannot be started ({error.strerror}); install it, or leave out --since") from error
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "backslashreplace")
