"""The path of a module file in; its source text, or how the path is shown, out."""

import codecs
import os
import tokenize
from io import BytesIO
from pathlib import Path

_COOKIE_REACH = 400
"""A coding cookie stands on one of the first two lines; what is further away is not looked at."""


def read_text(path: str) -> str:
    """The source text of a module file, decoded as Python would, with the newlines that Python sees.

    Raises OSError, UnicodeError, or SyntaxError for an unknown encoding.
    """
    with open(path, "rb") as file:
        data = file.read()
    encoding = "utf-8"
    if data.startswith(codecs.BOM_UTF8) or b"coding" in data[:_COOKIE_REACH]:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    text = data.decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def relative_path(path: str | Path, base: Path) -> str:
    """`path` as seen from `base`, with forward slashes, whatever bytes its name holds."""
    shown = os.path.relpath(path, base) if _below(path, base) else os.fspath(path)
    return os.fsencode(shown.replace(os.sep, "/")).decode("utf-8", "backslashreplace")


def _below(path: str | Path, base: Path) -> bool:
    return os.fspath(path).startswith(os.path.join(base, ""))
