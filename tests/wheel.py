"""Build the sdist, and from it the wheel; install the wheel alone in a bare environment, and use it there."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]
DIST = PROJECT / "dist"
SHOP = PROJECT / "sample_projects" / "shop" / "shop"


def built(suffix: str) -> Path:
    """The one file of that kind in dist/."""
    (found,) = DIST.glob(f"*{suffix}")
    return found


def tracked() -> set[str]:
    """The files of the package, as the repository has them."""
    command = ["git", "ls-files", "cycles"]
    return set(subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines())


def check_contents() -> None:
    """The whole package is in both; the wheel has its metadata besides, the sdist what the wheel is built from."""
    with zipfile.ZipFile(built(".whl")) as wheel:
        assert {name for name in wheel.namelist() if ".dist-info/" not in name} == tracked()
    with tarfile.open(built(".tar.gz")) as sdist:
        names = {member.name.partition("/")[2] for member in sdist if member.isfile()}
    own = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"}
    assert names == tracked() | own, names ^ (tracked() | own)


def use(folder: Path) -> None:
    """Install the wheel in `folder`, away from the sources, and run every kind of output that needs files beside code."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    python = shutil.which("python", path=scripts)
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(built(".whl"))], folder)
    cycles = shutil.which("cycles", path=scripts)
    shutil.copytree(SHOP, folder / "shop")
    version = run([cycles, "--version"], folder)
    assert version.strip() == f"cycles {built('.whl').name.split('-')[1]}", version
    imported = run([python, "-c", "import cycles; print(cycles.__file__)"], folder)
    assert Path(imported.strip()).is_relative_to(environment), imported
    assert run([cycles, "scc", "shop"], folder).startswith("shop   27 modules"), "scc"
    for name, beginning in (("x.html", "<!DOCTYPE html>"), ("x.svg", "<svg ")):
        run([cycles, "draw", "shop", "-o", name], folder)
        assert (folder / name).read_text(encoding="utf-8").startswith(beginning), name
    assert '"cuts"' in run([cycles, "cuts", "shop", "--format", "json"], folder), "cuts"
    assert "acyclic_modules" in run([cycles, "contract", "shop"], folder), "contract"
    assert run([cycles, "entries", "shop"], folder).startswith("shop   first imports"), "entries"


def run(command: list[str | None], folder: Path) -> str:
    """What a command prints, started away from the sources and from what is set for them."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=True
    ).stdout


def main() -> None:
    shutil.rmtree(DIST, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "build", "--outdir", DIST, PROJECT], stdout=subprocess.PIPE, check=True)
    check_contents()
    with tempfile.TemporaryDirectory(prefix="cycles-") as folder:
        use(Path(folder))
    sys.stdout.write("".join(f"{path.name}  {path.stat().st_size:,} bytes\n" for path in sorted(DIST.iterdir())))


if __name__ == "__main__":
    main()
