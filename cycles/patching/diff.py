"""Write the steps of a fix as patches that `git apply` takes, one a step, each fit for a commit."""

import difflib
import re
from collections.abc import Iterator, Sequence

_CONTEXT = 3
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def unified(path: str, before: bytes | None, after: bytes) -> bytes:
    r"""Return the difference of two contents of a file as a unified diff; b"" where they are the same.

    `before` is None for a file that is new.

    Lines end with line feeds only, as git counts them: a carriage return belongs to its line.

    >>> print(unified("a.py", b"x = 1\ny = 2", b"x = 1\n").decode(), end="")
    diff --git a/a.py b/a.py
    --- a/a.py
    +++ b/a.py
    @@ -1,2 +1 @@
     x = 1
    -y = 2
    \ No newline at end of file
    """
    if before == after:
        return b""
    old, new = _LINE.findall(before or b""), _LINE.findall(after)
    name, other = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    # A tab ends a name that has a space in it, for readers that take the next word for a date.
    end = b"\t\n" if b" " in name else b"\n"
    lines = [b"diff --git %b %b\n" % (name, other)]
    lines += [b"new file mode 100644\n", b"--- /dev/null\n"] if before is None else [b"--- %b%b" % (name, end)]
    lines.append(b"+++ %b%b" % (other, end))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        lines += _hunk(group, old, new)
    return b"".join(lines)


def _hunk(
    group: Sequence[tuple[str, int, int, int, int]], old: Sequence[bytes], new: Sequence[bytes]
) -> Iterator[bytes]:
    first, last = group[0], group[-1]
    yield b"@@ -%b +%b @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
    for tag, start, end, other_start, other_end in group:
        if tag == "equal":
            yield from (_shown(b" ", line) for line in old[start:end])
            continue
        yield from (_shown(b"-", line) for line in old[start:end])
        yield from (_shown(b"+", line) for line in new[other_start:other_end])


def _range(start: int, end: int) -> bytes:
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    # An empty range is said to begin at the line before it.
    return b"%d,%d" % (start + 1 if length else start, length)


def _shown(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n\\ No newline at end of file\n"


def _quoted(path: str) -> bytes:
    """Return a path as git writes it: in quotes, with escapes, where it has unusual characters."""
    data = path.encode("utf-8", "surrogateescape")
    if re.fullmatch(rb"[ !#-\[\]-~]+", data):
        return data
    escaped = b"".join(_ESCAPES.get(byte) or (bytes([byte]) if _is_plain(byte) else b"\\%03o" % byte) for byte in data)
    return b'"%b"' % escaped


def _is_plain(byte: int) -> bool:
    return 0x20 <= byte <= 0x7E  # noqa: PLR2004  printable ASCII


_ESCAPES = {ord('"'): b'\\"', ord("\\"): b"\\\\", 9: b"\\t", 10: b"\\n", 13: b"\\r"}
