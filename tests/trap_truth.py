"""What a fresh interpreter does when a module is imported first: forked from one that has imported nothing of ours."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_FORKING = """
import json, os, signal, sys, traceback
import asyncio, abc, contextlib, dataclasses, enum, functools, importlib, operator, threading, typing
sys.dont_write_bytecode = True
for line in sys.stdin:
    folder, module = json.loads(line)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(5)
        os.close(reading)
        sys.path.insert(0, folder)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            __import__(module)
            said = None
        except BaseException as error:
            said = traceback.format_exception_only(error)[-1].strip()
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    print(said or json.dumps("TimeoutError"), flush=True)
"""


def truths(asked: Sequence[tuple[Path, str]]) -> list[str | None]:
    """Return for each (folder, module) the last line of the error of its first import, None where there is none."""
    text = "".join(json.dumps([str(folder), module]) + "\n" for folder, module in asked)
    done = subprocess.run(
        [sys.executable, "-P", "-c", _FORKING], input=text, capture_output=True, text=True, check=True, timeout=600
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
