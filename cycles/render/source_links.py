"""Make links to lines of source files from a template of the user's."""

import re
from urllib.parse import quote

from cycles.errors import CyclesError

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_FIELDS = re.compile(r"\{([^{}]*)\}")
_EXAMPLE = "https://example.org/blob/main/{path}#L{line}"


def check_template(template: str) -> None:
    """Raise CyclesError where a template is none that links can safely be made of.

    It names the file as {path} and perhaps the line as {line}; it is relative, or http, or https.
    """
    scheme = _SCHEME.match(template)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        raise CyclesError(f"--url-template begins with {scheme[0]}, but links can only be http, https or relative")
    names = _FIELDS.findall(template)
    rest = _FIELDS.sub("", template)
    known = "path" in names and not set(names) - {"path", "line"} and not set(rest) & {"{", "}"}
    if not known or not template.isprintable() or " " in template:
        raise CyclesError(
            f"--url-template {template} must hold {{path}}, may hold {{line}} and nothing else in braces: {_EXAMPLE}"
        )


def link(template: str | None, path: str | None, line_number: int) -> str | None:
    """Return the URL of a line of a file; None without template or file.

    >>> link("https://x/{path}#L{line}", "a b/c.py", 3)
    'https://x/a%20b/c.py#L3'
    """
    if template is None or path is None:
        return None
    values = {"path": quote(path, errors="backslashreplace"), "line": str(line_number)}
    return _FIELDS.sub(lambda found: values[found[1]], template)
