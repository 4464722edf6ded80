"""Source files as CPython reads them, and their paths as people see them."""

import ast
import os
import re
import tokenize
import warnings
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from io import BytesIO
from pathlib import Path

_UTF_8 = ("utf-8", "utf-8-sig")
_UTF_8_COOKIES = (b"utf-8", b"utf8")
_COOKIE = re.compile(rb"coding[:=]\s*([-\w.]+)")
_LAZY = re.compile(r"^([ \t\f]*)lazy[ \t]+(?=(?:import|from)\b)", re.MULTILINE)


class UnreadableError(Exception):
    """A source file that Python could not read either.

    `reason` is a clause for people, `line_number` the line to blame, None where there is none. `error` is what Python
    would raise on import, such as "SyntaxError: unknown encoding: foo"; None where the file is not to be had at all.
    """

    def __init__(self, reason: str, line_number: int | None = None, error: str | None = None) -> None:
        """The arguments are those of the class."""
        super().__init__(reason)
        self.reason = reason
        self.line_number = line_number
        self.error = error


def read_text(path: str) -> str:
    """Return the source text of a module file, decoded as CPython does, with every newline as a line feed.

    Raises UnreadableError.
    """
    return decode(read_bytes(path))


def read_bytes(path: str) -> bytes:
    """Return what a file holds; raises UnreadableError."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError as error:
        raise UnreadableError(_why_not_read(error)) from error


def declares_encoding(data: bytes) -> bool:
    """Whether the bytes of a source file may declare an encoding: a byte order mark, or a word like a coding cookie."""
    head = _head(data)
    return head.startswith(BOM_UTF8) or b"coding" in head


def may_not_be_utf_8(data: bytes) -> bool:
    r"""Whether somebody could take the bytes of a source file for another encoding than UTF-8.

    Readers disagree where a coding cookie is one: CPython wants nothing but a comment or blanks on the line before.

    >>> may_not_be_utf_8(b"\\\n# coding: koi8-r\n")
    True
    """
    return any(name.lower().replace(b"_", b"-") not in _UTF_8_COOKIES for name in _COOKIE.findall(_head(data)))


def decode(data: bytes) -> str:
    r"""Decode the bytes of a source file (PEP 263) and translate its newlines; raises UnreadableError.

    >>> decode(b"# coding: latin-1\r\nx = '\xe9'")
    "# coding: latin-1\nx = 'é'"
    """
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        # A cookie may name a codec that is not a text encoding (hex, rot13): a LookupError.
        refusal = _refusal(data) if encoding in _UTF_8 else str(error)
        if refusal is not None:
            raise _undecodable(data, encoding, error, refusal) from error
        # CPython decodes only what it tokenizes: bytes of another encoding do no harm in a comment.
        text = data.decode(encoding, "backslashreplace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def encoding_of(data: bytes) -> str:
    """Return the encoding that the bytes of a source file are in, as far as they say; raises UnreadableError."""
    return _declared_encoding(_head(data)) if declares_encoding(data) else "utf-8"


def parse(text: str | bytes) -> ast.Module:
    """Return the syntax tree of a source text; raises UnreadableError where there is none.

    Warnings of the compiler are about the text, not for the user of this tool.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        # Of a NUL character, Python 3.11 does not say where it is, and some releases raise a ValueError.
        line = _line_of_nul(text) or getattr(error, "lineno", None)
        kind, message = (type(error).__name__, error.msg) if isinstance(error, SyntaxError) else ("SyntaxError", error)
        reason = "a NUL character" if _line_of_nul(text) else "invalid syntax"
        raise UnreadableError(reason, line, f"{kind}: {message}") from error
    except (RecursionError, MemoryError) as error:
        reason = "its code nests too deeply to be parsed"
        raise UnreadableError(reason) from error


def parse_file(text: str, data: bytes) -> ast.Module:
    """Return the syntax tree of a file's text; what is wrong with it is said, and placed, as for its bytes.

    The two differ where lines end in a carriage return, or the last one has no end. `lazy` imports (PEP 810) that this
    Python cannot parse are plain ones in the tree.
    """
    try:
        return parse_with_lazy(text)[0]
    except UnreadableError:
        if "lazy" not in text:
            parse(data)
        raise


def parse_with_lazy(text: str, data: str | bytes | None = None) -> tuple[ast.Module, frozenset[int]]:
    """Return the syntax tree of a text, or of its bytes, and the lines of its PEP 810 imports; raises UnreadableError.

    Where this Python cannot parse them, they are plain imports in the tree.
    """
    try:
        return parse(text if data is None else data), frozenset()
    except UnreadableError:
        eager, lines = without_lazy(text)
        if not lines:
            raise
        return parse(eager), lines


def _line_of_nul(text: str | bytes) -> int | None:
    """Return the line of the first NUL character, None where there is none."""
    if isinstance(text, bytes):
        return text.count(b"\n", 0, text.index(b"\0")) + 1 if b"\0" in text else None
    return text.count("\n", 0, text.index("\0")) + 1 if "\0" in text else None


def refusal_to_compile(tree: ast.Module) -> UnreadableError | None:
    """Return why Python would not run a module that it can parse: a `return` outside a function and the like.

    The compiler executes nothing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "<module>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return UnreadableError(str(error.msg), error.lineno, f"{type(error).__name__}: {error.msg}")
    except ValueError as error:
        return UnreadableError(str(error), None, f"SyntaxError: {error}")
    except (RecursionError, MemoryError):
        return UnreadableError("its code nests too deeply to be compiled")
    return None


def without_lazy(text: str) -> tuple[str, frozenset[int]]:
    r"""Write the PEP 810 `lazy` imports of a text as eager ones; returns also their line numbers.

    Their columns change; the text can then be parsed by a Python that does not know them.

    >>> without_lazy("lazy import a\nimport b")
    ('import a\nimport b', frozenset({1}))
    """
    lines = frozenset(text.count("\n", 0, found.start()) + 1 for found in _LAZY.finditer(text))
    return _LAZY.sub(r"\1", text), lines


def relative_path(path: str | Path, base: Path) -> str:
    """Return `path` as seen from `base`, with forward slashes, whatever bytes its name holds."""
    shown = os.fspath(path)
    if shown.startswith(os.path.join(base, "")):
        # As `relpath` has it, ten times faster.
        shown = os.path.normpath(shown[len(os.path.join(base, "")) :])
    return os.fsencode(shown.replace(os.sep, "/")).decode("utf-8", "backslashreplace")


def _head(data: bytes) -> bytes:
    """Return the first two lines, where alone a coding cookie may be."""
    end = data.find(b"\n", data.find(b"\n") + 1)
    return data[: end + 1 or len(data)]


def _why_not_read(error: OSError) -> str:
    """Return why a file cannot be opened or read, as a clause."""
    match error:
        case FileNotFoundError():
            return "the file vanished while it was read"
        case PermissionError():
            return "no permission to read it"
    return f"it cannot be read ({(error.strerror or type(error).__name__).lower()})"


def _declared_encoding(head: bytes) -> str:
    """Return the encoding that a byte order mark or a coding cookie declares; raises UnreadableError.

    `detect_encoding` wants the first two lines to be UTF-8, CPython does not.
    """
    head = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    mark = BOM_UTF8 if head.startswith(BOM_UTF8) else b""
    readable = mark + bytes(byte if byte < 0x80 else ord("?") for byte in head[len(mark) :])  # noqa: PLR2004  ASCII
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(readable).readline)
    except SyntaxError as error:
        reason = str(error.msg)
        raise UnreadableError(reason, None, f"SyntaxError: {reason}") from error
    return encoding


def _undecodable(data: bytes, encoding: str, error: UnicodeError | LookupError, refusal: str) -> UnreadableError:
    if isinstance(error, LookupError):
        return UnreadableError(
            f"its declared encoding {encoding} is not a text encoding", None, f"SyntaxError: {refusal}"
        )
    line = None
    if (
        isinstance(error, UnicodeDecodeError)
        and encoding in _UTF_8
        and not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    ):
        line = data.count(b"\n", 0, error.start) + 1
    reason = "its bytes do not fit its declared encoding (UTF-8 unless it says so)"
    return UnreadableError(reason, line, f"SyntaxError: {refusal}")


def _refusal(data: bytes) -> str | None:
    """Return what the running Python says against these bytes, None where it parses them."""
    try:
        parse(data)
    except UnreadableError as error:
        return (error.error or f"SyntaxError: {error.reason}").partition(": ")[2]
    return None
