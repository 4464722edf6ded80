"""Import modules, and write what became of that to a file, as one literal.

A fresh interpreter of the user's choice runs this text as `-c`, together with code that may do anything: it imports
nothing but `os` and `sys`, and takes hold of all that it needs before the first import.
"""

from __future__ import annotations  # so that Python 3.8 runs it, too

import os
import sys

_MOST_TEXT = 20_000
_MOST_CAUSES = 20
_FIRST_FRAMES, _LAST_FRAMES = 2_000, 100


def import_first(source_folders: list[str], setup: str, modules: list[str], path: str) -> None:
    """Import the modules in order, write `(how far, error, frames, all causes)` to a new file, and end the process.

    Source folders that are not on the path join it behind the working directory. `setup` is run first,
    in a namespace of its own. A copy of this process that a module has forked writes nothing.
    """
    # What an imported module may replace.
    leave, create, write, close, identify = os._exit, os.open, os.write, os.close, os.getpid
    import_module, show, failure = __import__, ascii, BaseException
    new, process = os.O_WRONLY | os.O_CREAT | os.O_EXCL, identify()
    known = {os.path.realpath(folder) for folder in sys.path}
    sys.path[1:1] = [folder for folder in source_folders if os.path.realpath(folder) not in known]
    done, found = -1, None
    try:
        code = compile(setup, "<setup>", "exec", dont_inherit=True)
        exec(code, {"__name__": "__main__"})  # noqa: S102  the user's own words
        for done, module in enumerate(modules):  # noqa: B007  how far it came is the answer
            import_module(module)
        done = len(modules)
    except failure as error:
        try:
            found = _described(error)
        except failure:
            found = ("an exception that cannot be shown", [], [])
    if identify() == process:
        channel = create(path, new)
        write(channel, show((done, found)).encode())
        close(channel)
    leave(0)


def _described(error: BaseException) -> tuple[str, list[tuple[str, int, str, str]], list[str]]:
    """The last line that Python would print, the frames (path, line number, code, module), that line of each cause."""
    causes: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < _MOST_CAUSES:
        causes.append(_last_line(cause))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return causes[0], _frames(error), causes


def _last_line(error: BaseException) -> str:
    kind = type(error)
    name = (
        kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    )
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # noqa: BLE001  it is the module's own
        message = "<exception str() failed>"
    text = f"{name}: {message}" if message else name
    return str.__getitem__(text, slice(0, _MOST_TEXT))


def _frames(error: BaseException) -> list[tuple[str, int, str, str]]:
    """Every frame of a traceback but our own and the import system's, outermost first; of too many, not the middle."""
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        path, names = frame.f_code.co_filename, frame.f_globals
        if names is not globals() and not path.startswith("<frozen "):
            module = names.get("__name__")
            name = module if type(module) is str else "?"
            frames.append((os.path.abspath(path), traceback.tb_lineno or 0, frame.f_code.co_name, name))
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and type(error.filename) is str:
        frames.append((os.path.abspath(error.filename), error.lineno or 0, "", ""))
    if len(frames) > _FIRST_FRAMES + _LAST_FRAMES:
        frames[_FIRST_FRAMES:-_LAST_FRAMES] = []
    return frames
