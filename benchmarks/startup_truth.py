"""What importing an entry really loads, and by which imports: run in the environment, it shares no code with `cycles`.

`python startup_truth.py ENTRY FILE`, where ENTRY is a module or `django:SETTINGS`, writes JSON: the modules that are loaded, with their files, and each import that
was executed as [importer, line, imported, names taken].
"""

import builtins
import importlib
import json
import os
import sys

del sys.path[0]  # this folder
entry, path = sys.argv[1:3]
sys.argv = [entry]
executed: dict[tuple[str, int, str], set[str]] = {}
by_statement, by_call = builtins.__import__, importlib.import_module


def whole_name(name, namespace, level):
    if not level:
        return name
    package = namespace.get("__package__") or namespace.get("__name__", "")
    if namespace.get("__package__") is None and "__path__" not in namespace:
        package = package.rpartition(".")[0]
    base = package.rsplit(".", level - 1)[0]
    return f"{base}.{name}" if name else base


def statement(name, globals=None, locals=None, fromlist=(), level=0):
    frame = sys._getframe(1)
    target = whole_name(name, globals or {}, level)
    key = (str((globals or {}).get("__name__")), frame.f_lineno, target)
    try:
        return by_statement(name, globals, locals, fromlist, level)
    finally:
        taken = {f"{target}.{one}" for one in fromlist or () if isinstance(one, str)} & sys.modules.keys()
        executed.setdefault(key, set()).update(taken)


def call(name, package=None):
    frame = sys._getframe(1)
    target = whole_name(name.lstrip("."), {"__package__": package}, len(name) - len(name.lstrip(".")))
    executed.setdefault((str(frame.f_globals.get("__name__")), frame.f_lineno, target), set())
    return by_call(name, package)


builtins.__import__, importlib.import_module = statement, call
failure = None
try:
    if entry.startswith("django:"):
        os.environ["DJANGO_SETTINGS_MODULE"] = entry.removeprefix("django:")
        by_call("django").setup()
    else:
        by_call(entry)
except BaseException as error:
    failure = repr(error)
builtins.__import__, importlib.import_module = by_statement, by_call
files = {}
for name, module in list(sys.modules.items()):
    try:
        file = module.__dict__.get("__file__")
    except BaseException:
        file = None
    files[name] = file if isinstance(file, str) else None
rows = [[*key, sorted(taken)] for key, taken in sorted(executed.items())]
with open(path, "w", encoding="utf-8") as out:
    json.dump({"failure": failure, "modules": files, "executed": rows}, out)
