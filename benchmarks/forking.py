"""What fresh interpreters say of first imports where the package above all modules is imported once.

Importing `p.a` imports `p` before: a fork of an interpreter that has imported `p`, and nothing else, goes on as a fresh
one would. Where `p` itself cannot be imported, that is what becomes of every module in it.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cycles.children.first_import_child
from cycles.children.first_import_runs import first_import, read_outcome
from cycles.children.run_python import Ended, Interpreter, Processes
from cycles.enums import Verdict
from cycles.model import FirstImport
from cycles.processes import temporary_folder

_SERVER = """
import _signal

def serve(jobs, seconds):
    for arguments in jobs:
        child = os.fork()
        if not child:
            _signal.alarm(seconds)
            import_first(*arguments)
        _, status = os.waitpid(child, 0)
        with open(arguments[3] + ".end", "w") as file:
            file.write(str(os.waitstatus_to_exitcode(status)))
"""
_ALARM = -14


def probe_forked(modules: Sequence[str], interpreter: Interpreter, *, seconds: int) -> list[FirstImport]:
    """Return what becomes of each module of one top-level package as the first import, in the order of `modules`."""
    root = modules[0].partition(".")[0]
    text = Path(cycles.children.first_import_child.__file__).read_text(encoding="utf-8") + _SERVER
    folders = list(interpreter.source_folders)
    patient = replace(interpreter, timeout=seconds * (len(modules) + 1.0))
    with temporary_folder() as folder:

        def found(module: str, path: str) -> FirstImport:
            end = Path(f"{path}.end")
            status = int(end.read_text(encoding="utf-8")) if end.is_file() else _ALARM
            return first_import(module, read_outcome(path, Ended(status, timed_out=status == _ALARM)), interpreter)

        path = os.path.join(folder, "root")
        first = ([(folders, interpreter.setup, [root], path)], seconds)
        Processes().run(f"{text}\nserve{first!r}\n", patient)
        whole = found(root, path)
        if whole.verdict is not Verdict.OK:
            return [replace(whole, module=module) for module in modules]
        jobs = [([], "", [module], os.path.join(folder, str(number))) for number, module in enumerate(modules)]
        before = f"sys.path[1:1] = {folders!r}\nexec({interpreter.setup!r}, {{}})\n__import__({root!r})"
        Processes().run(f"{text}\n{before}\nserve({jobs!r}, {seconds})\n", patient)
        return [found(module, job[3]) for module, job in zip(modules, jobs, strict=True)]
