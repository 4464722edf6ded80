"""A `cycles` that is loaded already: requests on stdin, each run by a fork of this process, replies on stdout.

Starting Python and loading everything takes fifty times longer than looking at five modules. A fork has everything,
yet is a process of its own: it may crash, hang or spoil what is cached without an effect on the next one. The
children that `cycles` itself starts with this interpreter are forks too.

A request and a reply are a line of JSON each.
"""

import ast
import encodings
import gc
import inspect
import io
import json
import os
import pkgutil
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path

_MEMORY = 6 << 30
# Not of the clock: a busy machine must change nothing.
_SECONDS_OF_CPU = 20
_POLL = 0.002
_OTHERS = (
    "grimp",
    "grimp.main",
    "grimp._rustgrimp",
    "grimp.application.usecases",
    "importlinter.api",
    "importlinter.cli",
    "importlinter.application.use_cases",
    "networkx",
    "highspy",
    "rich.console",
    "pydantic",
    "pydantic.fields",
    "graphviz",
    "tomllib",
    "configparser",
    "typer",
    "textwrap",
    "importlib.metadata",
    "importlib.resources",
    "html.entities",
    "json.tool",
    "unicodedata",
    "zlib",
    "bz2",
    "quopri",
    "multiprocessing.pool",
    "concurrent.futures.process",
    "csv",
)
# Loading it has an effect: it asks for a question on stdin.
_NOT_LOADED = ("cycles.children.first_import_child",)


_SIGNATURE = inspect.signature(subprocess.Popen._execute_child)  # noqa: SLF001  the one place that all ways lead through


class Forked(subprocess.Popen):
    """A process that, where it is this interpreter with a script or `-c`, is a fork and not a new program."""

    def _execute_child(self, *values):
        named = _SIGNATURE.bind(self, *values).arguments
        command = named["args"]
        if not isinstance(command, list) or list(map(str, command[:2])) != [sys.executable, "-P"]:
            super()._execute_child(*values)
            return
        ends = (
            (named["p2cread"], named["p2cwrite"]),
            (named["c2pwrite"], named["c2pread"]),
            (named["errwrite"], named["errread"]),
        )
        self.pid = os.fork()
        if not self.pid:
            _become([str(part) for part in command[2:]], [own for own, _ in ends], named["cwd"])
        self._child_created = True
        for own, ours in ends:
            if own != -1 and (ours != -1 or own == getattr(self, "_devnull", None)):
                os.close(own)


def _become(arguments, streams, folder):
    """Be the program that these arguments of Python mean; never returns."""
    status = 1
    try:
        # First out of the way of each other, for one may be the number of another's place.
        kept = [os.dup(stream) if stream != -1 else -1 for stream in streams]
        for place, stream in enumerate(kept):
            if stream != -1:
                os.dup2(stream, place)
        # The other end of a pipe, open here too, would keep it from ever ending.
        os.closerange(3, 1024)
        _renew_streams(os.environ.get("PYTHONIOENCODING", "utf-8"))
        if folder:
            os.chdir(folder)
        status = _finished(lambda: _program(arguments))
    finally:
        os._exit(status)


def _program(arguments):
    if arguments[0] == "-c":
        sys.argv = ["-c", *arguments[2:]]
        exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102  as Python does
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


def _renew_streams(encoding):
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding=encoding)
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w", closefd=False)),
        encoding=encoding,
        errors="backslashreplace",
        line_buffering=True,
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr


def _finished(call):
    """Do what a program does, and end as Python does: the exit status."""
    status = 0
    try:
        call()
    except SystemExit as error:
        if isinstance(error.code, str):
            sys.stderr.write(f"{error.code}\n")
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001  as Python itself does
        traceback.print_exc()
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError) as error:
        os.write(2, f"Exception ignored while flushing: {error!r}\n".encode())
        status = 120
    return status


def _run(request):
    """Run the command line of a request in this process."""
    os.environ.clear()
    os.environ.update(request["environment"])
    tempfile.tempdir = None
    for place, path in enumerate((os.devnull, request["stdout"], request["stderr"])):
        stream = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(request["folder"])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS_OF_CPU, _SECONDS_OF_CPU + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if request.get("user"):
        os.setgroups([])
        os.setgid(request["user"])
        os.setuid(request["user"])
    _renew_streams(request["environment"].get("PYTHONIOENCODING", "utf-8"))
    # A pool of processes or a thread of an earlier request must not be seen: there was none.
    sys.argv = ["cycles", *request.get("arguments", ())]
    do = {"run": _command_line, "account": _account, "truth": _truth}[request["what"]]
    return _finished(lambda: do(request))


def _command_line(_):
    from cycles.__main__ import run

    # What the command line remembers of the environment it was loaded in.
    module = sys.modules["cycles.cli.entries"]
    if hasattr(module, "_ENVIRONMENT"):
        module._ENVIRONMENT = dict(os.environ)  # noqa: SLF001
    run()


def _account(request):
    """Print which files of a package were analysed, which left out, and every import found."""
    from cycles.api import analyze
    from cycles.errors import CyclesError

    try:
        found = analyze(request["package"], folders=[Path(place) for place in request["places"]])
    except CyclesError as error:
        sys.stdout.write(json.dumps({"error": str(error)}))
        return
    sys.stdout.write(
        json.dumps(
            {
                "error": None,
                "project": found.project,
                "modules": [[file.name, file.path, file.is_package] for file in found.files],
                "skipped": [[file.path, file.reason] for file in found.skipped],
                "mentions": [list(mention) for mention in found.mentions],
            }
        )
    )


def _truth(request):
    """Print what CPython's own parser says of files: why it refuses one, or the imports in it."""
    import warnings

    warnings.simplefilter("ignore")
    answers = []
    for path in request["paths"]:
        try:
            with open(os.fsencode(path), "rb") as file:
                tree = ast.parse(file.read())
        except (SyntaxError, ValueError, OSError) as error:
            answers.append({"refusal": f"{type(error).__name__}: {error}", "imports": []})
            continue
        except (RecursionError, MemoryError):
            answers.append({"refusal": "too deep", "imports": []})
            continue
        imports = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imports += [[0, alias.name, "", node.lineno] for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imports += [[node.level, node.module or "", alias.name, node.lineno] for alias in node.names]
        answers.append({"refusal": None, "imports": imports})
    sys.stdout.write(json.dumps(answers))


def _serve():
    """Answer until there are no more requests."""
    # Descriptors 1 and 2 are soon those of a request; the replies leave by another.
    replies = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        request = json.loads(line)
        begun = time.monotonic()
        child = os.fork()
        if not child:
            status = 70
            try:
                os.setsid()
                status = _run(request)
            except BaseException:  # noqa: BLE001  it must not go on as a second server
                traceback.print_exc()
            finally:
                os._exit(status)
        status = _waited(child, begun + request["seconds"])
        replies.write(json.dumps({"status": status, "seconds": time.monotonic() - begun}) + "\n")
        replies.flush()


def _waited(child, until):
    """The exit status of a child, a negative signal, or None for one that took too long and was ended."""
    pause = _POLL / 4
    while time.monotonic() < until:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(pause * 1.3, _POLL * 5)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _load():
    import cycles

    for found in pkgutil.walk_packages(cycles.__path__, "cycles."):
        if found.name not in _NOT_LOADED:
            import_module(found.name)
    # A user who may not read the folder of Python itself can load nothing more.
    codecs = [f"encodings.{found.name}" for found in pkgutil.iter_modules(encodings.__path__)]
    for name in (*_OTHERS, *codecs):
        with suppress(ImportError):
            import_module(name)
    subprocess.Popen = Forked
    # What is loaded is for good: pages that the collector does not touch are shared with every fork.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load()
    _serve()
