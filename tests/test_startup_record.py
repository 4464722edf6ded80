"""What the simulation records is what a real interpreter imports: by which line of which module, and what."""

import json
import random
import subprocess
import sys

import packages
from conftest import write_files
from cycles.enums import Verdict
from cycles.simulate.simulate_first_imports import Library, Predictor
from cycles.source.module_files import find_files
from cycles.source.source_file import sources_of

SEEDS = 40
_HOOK = """
import builtins, importlib, json, sys
import contextlib, typing  # what the packages import besides, which imports more
found, real, here = [], builtins.__import__, sys._getframe
def hook(name, globals=None, locals=None, fromlist=(), level=0):
    frame = here(1)
    package = (globals or {}).get("__package__") or ""
    base = name
    if level:
        parts = package.split(".")
        base = ".".join([*parts[: len(parts) - level + 1], *([name] if name else [])])
    place = [(globals or frame.f_globals).get("__name__"), frame.f_lineno]
    found.append([*place, base, True])
    found.extend([*place, f"{base}.{one}", False] for one in fromlist or ())
    every = getattr(sys.modules.get(base), "__all__", ()) if "*" in (fromlist or ()) else ()
    found.extend([*place, f"{base}.{one}", False] for one in every)
    result = real(name, globals, locals, fromlist, level)
    module = sys.modules.get(base)
    if "*" in (fromlist or ()):
        found.extend([*place, f"{base}.{one}", False] for one in getattr(module, "__all__", ()))
    for one in fromlist or ():
        if sys.modules.get(f"{base}.{one}") is not None and getattr(module, one, None) is sys.modules[f"{base}.{one}"]:
            found.append([*place, f"{base}.{one}", True])
    return result
def by_name(name, package=None):
    frame = here(1)
    full = importlib.util.resolve_name(name, package) if name.startswith(".") else name
    found.append([frame.f_globals.get("__name__"), frame.f_lineno, full, True])
    return by_call(name, package)
import importlib.util
by_call = importlib.import_module
importlib.import_module = by_name
builtins.__import__ = hook
sys.path.insert(0, sys.argv[1])
try:
    importlib.import_module("p.q.r.g")
except BaseException as error:
    pass
builtins.__import__ = real
print(json.dumps([one for one in found if str(one[0]).split(".")[0] == "p"]))
"""


def really_imported(folder):
    """Every import that the package makes when a module of it is imported first, in a real interpreter.

    Those that were surely made first, then also those that may have failed.
    """
    done = subprocess.run(
        [sys.executable, "-c", _HOOK, str(folder)], capture_output=True, text=True, check=True, timeout=60
    )
    made = json.loads(done.stdout)
    sure = {(importer, line, imported) for importer, line, imported, is_sure in made if is_sure}
    return sure, {(importer, line, imported) for importer, line, imported, _ in made}


def recorded(folder):
    """The imports that the simulation records, with whether each is certain; and what becomes of the entry."""
    files = find_files(packages.MODULES, [("p", [folder / "p"])])
    library = Library(sources_of(files.modules), (), str(folder), sys.version_info[:2])
    (prediction,), record = Predictor(library).recorded(["p.q.r.g"])
    found = {}
    for executed, certain in record.executed.items():
        if executed.importer:
            place = executed.importer, executed.line_number, executed.imported
            found[place] = certain or found.get(place, False)
    return found, prediction.entry.verdict


def test_recorded_imports_are_those_of_a_real_interpreter(tmp_path):
    compared = 0
    for seed in range(SEEDS):
        folder = write_files(tmp_path / str(seed), packages.package(random.Random(seed).choice))

        found, verdict = recorded(folder)

        if verdict is Verdict.UNKNOWN:
            continue
        compared += 1
        real, tried = really_imported(folder)
        ours = {place for place in real if place[2].partition(".")[0] == "p"}
        assert ours <= found.keys(), seed
        # A package on the way to a module is recorded by itself; a real interpreter asks for both at once.
        loads = {(*place[:2], part) for place in tried for part in _with_packages(place[2])}
        assert {place for place, certain in found.items() if certain} <= loads, seed
    assert compared > SEEDS * 3 / 4


def _with_packages(name):
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
