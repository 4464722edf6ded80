"""grimp's scanner and what takes over where it is not as known."""

import pytest

import golden
from conftest import write_files
from cycles.source.find_packages import locate
from cycles.source.import_values import RawImport, Skipped
from cycles.source.read_sources import read

CHANGED = {
    "no scanner": {"grimp/__init__.py": ""},
    "another package": {"grimp/__init__.py": "", "grimp/_rustgrimp.py": "def scan_for_imports(): pass\n"},
    "a scanner that says something else": {
        "grimp/__init__.py": "",
        "grimp/application/__init__.py": "",
        "grimp/application/ports/__init__.py": "",
        "grimp/application/ports/modulefinder.py": "from collections import namedtuple\n"
        "FoundPackage = namedtuple('FoundPackage', 'name directory module_files')\n"
        "ModuleFile = namedtuple('ModuleFile', 'module mtime')\n",
        "grimp/domain/__init__.py": "",
        "grimp/domain/valueobjects.py": "from collections import namedtuple\nModule = namedtuple('Module', 'name')\n",
        "grimp/_rustgrimp.py": "class FakeBasicFileSystem:\n    def __init__(self, contents, content_map): pass\n"
        "class RealBasicFileSystem: pass\n"
        "def scan_for_imports(*, module_files, **options):\n    return {file.module: () for file in module_files}\n",
    },
}


def reading(folder, package: str, *roots: str) -> tuple[tuple[RawImport, ...], tuple[Skipped, ...]]:
    found = read(locate(package, roots=roots, folders=[folder]))
    return found.mentions, found.skipped


@pytest.mark.parametrize("change", CHANGED)
def test_where_grimp_is_not_as_known_its_scanner_is_not_used(tmp_path, monkeypatch, change):
    write_files(tmp_path, {f"hidden/{name}": text for name, text in CHANGED[change].items()})
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "from . import (\n  b)\n", "p/b.py": "import p.a\n"})
    before, _ = reading(tmp_path, "p")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hidden"))

    assert reading(tmp_path, "p") == (before, ())
    assert len(before) == 2


@pytest.mark.parametrize("sample", golden.samples())
def test_the_parser_of_cpython_finds_what_grimp_finds(sample, tmp_path, monkeypatch):
    package, roots = golden.OTHER_ARGUMENTS.get(sample, (sample, ()))
    before = reading(golden.SAMPLES / sample, package, *roots)
    write_files(tmp_path, CHANGED["no scanner"])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert reading(golden.SAMPLES / sample, package, *roots) == before
    assert before[0] or sample == "acyclic"
