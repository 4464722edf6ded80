"""Import modules, and write what became of that to a file, as one literal.

A fresh interpreter of the user's choice runs this text as `-c`, together with code that may do anything: it imports
nothing but `os` and `sys`, and takes hold of all that it needs before the first import.
"""

from __future__ import annotations  # so that Python 3.8 runs it, too

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType

    _Frame = tuple[str, int, str, str, tuple[int, int, int, int] | None]

# What a failure tells is bounded, for code of any kind fails: texts, errors that caused each other, names of a module.
_MOST_TEXT = 20_000
_MOST_CAUSES = 20
_MOST_NAMES = 2_000
# Of a deep recursion the frames that began it, and those that ended it.
_FIRST_FRAMES, _LAST_FRAMES = 2_000, 100
_FIRST_OF_CAUSE = 200


def import_first(source_folders: list[str], setup: str, modules: list[str], path: str) -> None:
    """Import the modules in order, write what became of that to a new file, and end the process.

    That is `(how far, loaded, failure)`: `loaded` says whether the last module had been loaded before its turn, and
    `failure` is what `_described` returns, or None.

    Source folders that are not on the path join it behind the working directory. `setup` is run first,
    in a namespace of its own. A copy of this process that a module has forked writes nothing.
    """
    # What an imported module may replace.
    leave, create, write, close, identify = os._exit, os.open, os.write, os.close, os.getpid
    import_module, show, failure = __import__, ascii, BaseException
    new, process = os.O_WRONLY | os.O_CREAT | os.O_EXCL, identify()
    known = {os.path.realpath(folder) for folder in sys.path}
    sys.path[1:1] = [folder for folder in source_folders if os.path.realpath(folder) not in known]
    known_modules, done, loaded, found = sys.modules, -1, False, None
    try:
        code = compile(setup, "<setup>", "exec", dont_inherit=True)
        exec(code, {"__name__": "__main__"})  # noqa: S102  the user's own words
        for done, module in enumerate(modules):  # noqa: B007  how far it came is the answer
            loaded = module in known_modules
            import_module(module)
        done = len(modules)
    except failure as error:
        try:
            found = _described(error)
        except failure:
            found = _plainly(error)
    if identify() == process:
        channel = create(path, new)
        write(channel, show((done, loaded, found)).encode())
        close(channel)
    leave(0)


def _described(error: BaseException) -> tuple[list[tuple[str, list[_Frame]]], dict[str, list[str]]]:
    """Every exception behind a failure, itself first, as its last line and frames; and what is settled of each module.

    An exception that `from None` hides counts too: it happened. Settled is a name of a module under way that is bound
    to a module which is complete: what fails further down that path is none of its business.
    """
    errors = _causes(error)
    bodies = [names for cause in errors for names in _bodies(cause)]
    for cause in errors[:]:
        if (failure := _behind_getattr(cause, bodies)) is not None:
            errors += _causes(failure)
    under_way = [id(names) for names in bodies]
    settled = {
        str(names.get("__name__")): [
            name
            for name, value in list(names.items())
            if type(name) is str and isinstance(value, type(os)) and id(vars(value)) not in under_way
        ][:_MOST_NAMES]
        for names in bodies
    }
    frames = [_frames(cause, _FIRST_OF_CAUSE if place else _FIRST_FRAMES) for place, cause in enumerate(errors)]
    return list(zip(map(_last_line, errors), frames)), settled  # noqa: B905  Python 3.8 has no `strict`


def _plainly(error: BaseException) -> tuple[list[tuple[str, list[_Frame]]], dict[str, list[str]]]:
    """The same of the exception alone, where something of it cannot be asked for: it is where it was raised."""
    try:
        return [(_last_line(error), _frames(error, _FIRST_FRAMES))], {}
    except BaseException:  # noqa: BLE001  it is the module's own
        return [("an exception that cannot be shown", [])], {}


def _causes(error: BaseException) -> list[BaseException]:
    """An exception and those behind it, nearest first."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < _MOST_CAUSES:
        cause = waiting.pop(0)
        if cause is not None and not any(cause is known for known in found):
            found.append(cause)
            waiting += [cause.__cause__, cause.__context__]
    return found


def _bodies(error: BaseException) -> list[dict[str, object]]:
    """The globals of each module whose body a traceback runs through, outermost first."""
    found = []
    traceback = error.__traceback__
    while traceback is not None:
        if _is_body(traceback.tb_frame):
            found.append(traceback.tb_frame.f_globals)
        traceback = traceback.tb_next
    return found


def _is_body(frame: FrameType) -> bool:
    """Whether a frame is the body of a module that is being imported, not of a text that somebody executes."""
    names = frame.f_globals
    return frame.f_code.co_name == "<module>" and frame.f_locals is names and names.get("__spec__") is not None


def _behind_getattr(error: BaseException, bodies: list[dict[str, object]]) -> BaseException | None:
    """Ask again for a name that an import did not find, and return what the `__getattr__` of its module raises.

    `from package import name` hides why `__getattr__` fails. The modules whose bodies were under way have left
    `sys.modules` by now: for the second time of asking they are put back as they were, unfinished.
    """
    if type(error) is not ImportError or type(error.name) is not str or error.name not in sys.modules:
        return None
    module, words = sys.modules[error.name], str(error).split("'")
    has_getattr = type(module) is not type(os) or "__getattr__" in vars(module)
    if not has_getattr or not bodies or words[0] != "cannot import name ":
        return None
    for names in bodies:
        name = str(names.get("__name__"))
        if name not in sys.modules:
            unfinished = sys.modules[name] = type(os)(name)
            vars(unfinished).update(names)
            names["__spec__"]._initializing = True  # type: ignore[attr-defined]  # noqa: SLF001  as Python had it
    try:
        getattr(module, words[1])
    except BaseException as failure:  # noqa: BLE001  it is what we ask for
        return failure
    return None


def _last_line(error: BaseException) -> str:
    kind = type(error)
    # What a class or a metaclass says of itself may be anything.
    home, name = type.__getattribute__(kind, "__module__"), type.__getattribute__(kind, "__qualname__")
    if type(home) is str and home not in ("builtins", "__main__"):
        name = f"{home}.{name}"
    try:
        message = str.__str__(error.msg if isinstance(error, SyntaxError) else str(error))
    except BaseException:  # noqa: BLE001  it is the module's own
        message = "<exception str() failed>"
    text = f"{name}: {message}" if message else name
    return text[:_MOST_TEXT]


def _frames(error: BaseException, most: int) -> list[_Frame]:
    """Every frame of a traceback but our own and the import system's, outermost first; of too many, not the middle."""
    frames: list[_Frame] = []
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        path, names = frame.f_code.co_filename, frame.f_globals
        if names is not globals() and not path.startswith("<frozen "):
            module = names.get("__name__")
            name = module if type(module) is str else "?"
            line, code = traceback.tb_lineno or 0, frame.f_code.co_name
            code = "<exec>" if code == "<module>" and not _is_body(frame) else code
            frames.append((os.path.abspath(path), line, code, name, _columns(traceback)))
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and type(error.filename) is str:
        frames.append((os.path.abspath(error.filename), error.lineno or 0, "", "", None))
    if len(frames) > most + _LAST_FRAMES:
        frames[most:-_LAST_FRAMES] = []
    return frames


def _columns(traceback: TracebackType) -> tuple[int, int, int, int] | None:
    """Where the expression that failed begins and ends, as lines and columns in bytes; None before Python 3.11."""
    positions = getattr(traceback.tb_frame.f_code, "co_positions", None)
    if positions is None:
        return None
    for number, (line, last_line, column, last_column) in enumerate(positions()):
        if number == traceback.tb_lasti // 2:
            return None if None in (line, last_line, column, last_column) else (line, column, last_line, last_column)
    return None
