"""A git repository that a test writes: its working tree and its commits, apart from the configuration of the machine."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WHO = {"NAME": "A", "EMAIL": "a@example.org", "DATE": "2026-01-01T00:00:00Z"}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **{f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}
Files = Mapping[str, str | bytes | None]


class History:
    """A repository in a folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str, data: bytes = b"", **environment: str) -> str:
        """What git says; a test fails where git does."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=data,
            capture_output=True,
            check=False,
            env={**ENVIRONMENT, **environment},
        )
        assert not done.returncode, (arguments, done.stderr.decode())
        return done.stdout.decode().strip()

    def write(self, files: Files) -> None:
        """Write files, and remove those that are None, with the folders that are empty then."""
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                for folder in path.parents:
                    if folder == self.folder or any(folder.iterdir()):
                        break
                    folder.rmdir()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Files | None = None, subject: str = "change") -> str:
        """Write files and commit the whole tree; returns the commit."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def clear(self) -> None:
        """Remove the working tree."""
        for path in self.folder.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
