"""First imports with some files' bytes replaced, each in a fork of one interpreter: quick, and nothing is written."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CHILD = r"""
import dis, importlib.machinery, json, os, signal, sys, traceback, types
sys.dont_write_bytecode = True
head = json.loads(sys.stdin.readline())
for name in head["preload"]:
    try:
        __import__(name)
    except BaseException:
        pass
if any(name.partition(".")[0] == head["never"] for name in sys.modules):
    sys.exit(3)
loader = importlib.machinery.SourceFileLoader
original = loader.get_data

def missing(module, code, inner=False):
    "Names that code of a module looks up and nobody binds."
    known = {**vars(__builtins__), **vars(module)}
    stored = set()
    for found in dis.get_instructions(code):
        if found.opname == "STORE_NAME":
            stored.add(found.argval)
        wanted = found.opname == "LOAD_GLOBAL" or (inner and found.opname == "LOAD_NAME")
        if wanted and found.argval not in known and found.argval not in stored:
            yield found.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from missing(module, constant, True)

def outcome(job):
    sys.path[:0] = job["folders"]
    texts = job["texts"]
    def get_data(self, path):
        return texts[path].encode("latin-1") if path in texts else original(self, path)
    loader.get_data = get_data
    loader.path_stats = lambda self, path: {"mtime": 0, "size": -1}
    try:
        if job["setup"]:
            exec(job["setup"], {})
        before = set(sys.modules)
        for module in job["modules"]:
            __import__(module)
        for path, text in texts.items() if job["names"] else ():
            for module in list(sys.modules.values()):
                if getattr(module, "__file__", None) == path:
                    names = set(missing(module, compile(text.encode("latin-1"), path, "exec", dont_inherit=True)))
                    if names - set(job["allowed"]):
                        return "no " + " ".join(sorted(names)), []
        return None, sorted(set(sys.modules) - before)
    except BaseException as error:
        return traceback.format_exception_only(error)[-1].strip() or repr(error), []

for line in sys.stdin:
    job = json.loads(line)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(job["seconds"])
        os.close(reading)
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        answer = json.dumps(outcome(job)).encode()
        with os.fdopen(writing, "wb") as file:
            file.write(answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    print(said or json.dumps(["it was ended", []]), flush=True)
"""


_LOADED = 3


@dataclass(frozen=True)
class Job:
    """Modules to import in order, with other bytes for some paths; `names`: whether their code finds all its names."""

    folders: Sequence[Path]
    modules: Sequence[str]
    texts: Mapping[str, bytes] = field(default_factory=dict)
    names: bool = False
    allowed: Sequence[str] = ()
    setup: str = ""
    seconds: int = 60


def outcomes(
    jobs: Sequence[Job], *, python: str = sys.executable, preload: Sequence[str] = (), never: str = ""
) -> list[tuple[str | None, list[str]]]:
    """Return for each job the last line of its error, or None, and the modules that it left loaded.

    What is to `preload` is imported beforehand, unless that loads the package that must `never` be.
    """
    lines = [json.dumps({"preload": list(preload), "never": never})]
    for job in jobs:
        texts = {path: data.decode("latin-1") for path, data in job.texts.items()}
        folders = [str(folder) for folder in job.folders]
        known = {"names": job.names, "allowed": list(job.allowed), "setup": job.setup, "seconds": job.seconds}
        lines.append(json.dumps({"folders": folders, "modules": list(job.modules), "texts": texts, **known}))
    command = [python, "-P", "-W", "ignore", "-c", _CHILD]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=False)
    if done.returncode == _LOADED and preload:
        return outcomes(jobs, python=python)
    done.check_returncode()
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]
