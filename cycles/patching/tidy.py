"""Leave an edited file as tidy as it was: imports joined and in order, no new findings of Ruff. The door to Ruff.

Ruff reads the project's own settings. Only a file that it had nothing to say of is put in order again: in others it
would change what nobody touched.
"""

import ast
import json
import os
import re
import shutil
import sys
import sysconfig
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

from cycles.errors import CyclesError
from cycles.fixes.insert_imports import written
from cycles.fixes.text_changes import Change, Page
from cycles.processes import run_bytes
from cycles.source.file_text import UnreadableError, parse_with_lazy
from cycles.toml_files import toml_document

_RULES = ("F", "I", "E9", "TC")
"""What must not be said newly: undefined and unused names, the order of imports, syntax errors, type-only imports."""
_LOCAL_IMPORT = "PLC0415"
_TYPE_ONLY = ("TC001", "TC002", "TC003")
_NOQA = re.compile(rb"#\s*noqa\b", re.IGNORECASE)


class _Spot(TypedDict):
    row: int
    column: int


class _Edit(TypedDict):
    content: str
    location: _Spot
    end_location: _Spot


class _Fix(TypedDict):
    edits: list[_Edit]


class _Listed(TypedDict):
    """A finding in Ruff's JSON, as far as it matters here."""

    code: str | None
    location: _Spot
    fix: _Fix | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What Ruff says of a line."""

    code: str
    line_number: int
    column: int = 0


class Tidy:
    """Ruff with the settings of a project."""

    def __init__(self, project: Path, environment: Mapping[str, str], packages: Collection[str] = ()) -> None:
        """Nothing is run yet; `packages` are own ones without `__init__`, of which Ruff looks at each module."""
        self._project, self._packages = project, packages
        self._environment = environment
        self._said: dict[tuple[str, bytes], list[Finding]] = {}
        self._formatted: dict[tuple[str, bytes], bytes | None] = {}

    @cached_property
    def _ruff(self) -> str | None:
        """The program: that of this environment, or the first on the path; None where there is none."""
        name = "ruff.exe" if os.name == "nt" else "ruff"
        places = [sysconfig.get_path("scripts"), os.path.dirname(sys.executable)]
        found = next((path for place in places if os.path.isfile(path := os.path.join(place, name))), None)
        return found or shutil.which("ruff", path=self._environment.get("PATH"))

    @cached_property
    def _tools(self) -> Mapping[str, object]:
        """What pyproject.toml tells tools."""
        path = self._project / "pyproject.toml"
        try:
            tool = toml_document(path.read_bytes(), path).get("tool")
        except (OSError, CyclesError):
            return {}
        return tool if isinstance(tool, dict) else {}

    @cached_property
    def _has_settings(self) -> bool:
        """Whether the project configures Ruff."""
        return "ruff" in self._tools or any((self._project / name).is_file() for name in ("ruff.toml", ".ruff.toml"))

    @cached_property
    def _settings(self) -> list[str]:
        """What isort and Black are told in pyproject.toml, for a project that does not configure Ruff."""
        if self._has_settings:
            return []
        return [word for setting in _translated(self._tools, self._packages) for word in ("--config", setting)]

    def tidied(self, path: str, before: bytes, after: bytes) -> bytes:
        """Return an edited file in order and formatted, as far as it was before; `path` is the file's."""
        if _is_utf_8(before) and b"\r" not in before:
            after = joined(before.decode(), after.decode()).encode()
        if self._ruff is None or not _is_utf_8(before):
            return after
        said = {found.code for found in self.findings(path, before)}
        new = self.findings(path, after)
        if any(found.code == _LOCAL_IMPORT for found in new):
            known = _lines_with(before)
            after = _with_noqa(after, [found for found in new if found.code == _LOCAL_IMPORT], known)
        if any(found.code == "I001" for found in self.findings(path, after)):
            if "I001" in said:
                after = self._with_new_blocks_sorted(path, before, after)
            else:
                after = self._checked(path, after, "--select", "I", "--fix", "--exit-zero", "--quiet") or after
        if self._format(path, before) == before:
            after = self._format(path, after) or after
        return after

    def with_imports_meant(self, path: str, before: bytes, after: bytes) -> bytes:
        """Return an edited file in which Ruff is told that new imports which only annotations use are meant.

        Where a project has settings of Ruff, these say whether it looks for such imports at all.
        """
        if self._ruff is None or not _is_utf_8(before):
            return after
        said = self._listed(path, after, *(() if self._has_settings else ("--extend-select", "TC")))
        new = [_finding(one) for one in said if one["code"] in _TYPE_ONLY]
        return _with_noqa(after, new, _lines_with(before)) if new else after

    def _with_new_blocks_sorted(self, path: str, before: bytes, after: bytes) -> bytes:
        """Put the imports in order of blocks that are new, or were in order: the others stay as they are."""
        old = {line for start, end, _ in self._blocks(path, before) for line in before.split(b"\n")[start:end]}
        lines = after.split(b"\n")
        for start, end, ordered in reversed(self._blocks(path, after)):
            if not any(line.strip() for line in lines[start:end] if line in old):
                lines[start:end] = ordered.encode().removesuffix(b"\n").split(b"\n")
        return b"\n".join(lines)

    def _blocks(self, path: str, data: bytes) -> list[tuple[int, int, str]]:
        """The blocks of imports that are not in order: from and up to which line, from 0, and how they would be."""
        found: list[tuple[int, int, str]] = []
        for one in self._listed(path, data, "--select", "I001"):
            fix = one["fix"]
            edits = fix["edits"] if one["code"] == "I001" and fix else []
            if len(edits) == 1 and edits[0]["location"]["column"] == edits[0]["end_location"]["column"] == 1:
                edit = edits[0]
                found.append((edit["location"]["row"] - 1, edit["end_location"]["row"] - 1, edit["content"]))
        return sorted(found)

    def tidied_new(self, path: str, like: str, data: bytes, new: bytes) -> bytes:
        """Return a new file in order and formatted, as far as another is whose code it takes over."""
        if self._ruff is None or not _is_utf_8(data):
            return new
        if not any(found.code == "I001" for found in self.findings(like, data)):
            new = self._checked(path, new, "--select", "I", "--fix", "--exit-zero", "--quiet") or new
        return (self._format(path, new) or new) if self._format(like, data) == data else new

    def new_findings(self, path: str, before: bytes, after: bytes) -> tuple[Finding, ...]:
        """Return what Ruff says of a file now and did not say before, by line."""
        if self._ruff is None or not _is_utf_8(before):
            return ()
        # A finding is the same where its line says the same: lines move.
        left = Counter(self._lines(path, before))
        new: list[Finding] = []
        for found, key in zip(self.findings(path, after), self._lines(path, after), strict=True):
            if left[key]:
                left[key] -= 1
            else:
                new.append(found)
        return tuple(new)

    def _lines(self, path: str, data: bytes) -> list[tuple[str, bytes]]:
        """What Ruff says of a file, each with the text of its line; of imports in no order it is the first of many."""
        lines = data.split(b"\n")
        return [
            (found.code, b"" if found.code == "I001" else lines[found.line_number - 1].strip())
            for found in self.findings(path, data)
        ]

    def findings(self, path: str, data: bytes) -> list[Finding]:
        """Return what Ruff says of a file, of the rules that matter here, by line; it is asked once."""
        if (path, data) not in self._said:
            self._said[path, data] = self._findings(path, data)
        return self._said[path, data]

    def _findings(self, path: str, data: bytes) -> list[Finding]:
        found = [
            _finding(one)
            for one in self._listed(path, data, "--extend-select", ",".join(_RULES))
            if str(one.get("code")).startswith(_RULES) or one.get("code") == _LOCAL_IMPORT
        ]
        return sorted(found, key=lambda one: (one.line_number, one.code))

    def _listed(self, path: str, data: bytes, *options: str) -> list[_Listed]:
        """What Ruff says of a file, as it writes it in JSON."""
        said = self._checked(path, data, *options, "--output-format", "json", "--exit-zero")
        try:
            listed: list[_Listed] = json.loads(said or b"[]")
        except ValueError:
            return []
        return listed

    def _checked(self, path: str, data: bytes, *options: str) -> bytes | None:
        return self._run("check", path, data, "--no-cache", *options)

    def _format(self, path: str, data: bytes) -> bytes | None:
        """The contents of a file formatted; each is formatted once, for every step asks about the file as it was."""
        if (path, data) not in self._formatted:
            self._formatted[path, data] = self._run("format", path, data, "--no-cache")
        return self._formatted[path, data]

    def _run(self, command: str, path: str, data: bytes, *options: str) -> bytes | None:
        """Run Ruff on the contents of a file; None where it fails."""
        words = [str(self._ruff), command, *options, *self._settings, "--stdin-filename", path, "-"]
        try:
            done = run_bytes(words, data, self._project, self._environment)
        except OSError:
            return None
        return None if done.returncode else done.stdout


def _finding(one: _Listed) -> Finding:
    return Finding(str(one["code"]), one["location"]["row"], one["location"]["column"] - 1)


def _translated(tools: Mapping[str, object], packages: Collection[str]) -> list[str]:
    """Return settings of isort and Black as settings of Ruff; `packages` are the project's own."""
    isort, black = (table if isinstance(table := tools.get(name), dict) else {} for name in ("isort", "black"))
    found: list[str] = []
    length = isort.get("line_length", black.get("line-length", black.get("line_length", 88)))
    if isinstance(length, int):
        found.append(f"line-length={length}")
    flags = ("force_single_line", "combine_as_imports", "force_sort_within_sections")
    found += [
        f"lint.isort.{name.replace('_', '-')}={'true' if isort[name] else 'false'}"
        for name in flags
        if isinstance(isort.get(name), bool)
    ]
    for name in ("known_first_party", "known_third_party"):
        value = isort.get(name)
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        names = [*names, *(sorted(packages) if name == "known_first_party" else ())]
        if names:
            found.append(f"lint.isort.{name.replace('_', '-')}={json.dumps(names)}")
    return found


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines_with(data: bytes) -> frozenset[bytes]:
    return frozenset(data.splitlines())


def _with_noqa(data: bytes, findings: Sequence[Finding], known: frozenset[bytes]) -> bytes:
    """Say of new lines that the imports there are meant as they are."""
    parts = data.splitlines(keepends=True)
    for number, code in {found.line_number: found.code for found in findings}.items():
        line = parts[number - 1]
        text = line.rstrip(b"\r\n")
        if text not in known and not _NOQA.search(text) and not text.rstrip().endswith(b"\\"):
            parts[number - 1] = text + f"  # noqa: {code}".encode() + line[len(text) :]
    return b"".join(parts)


def joined(before: str, after: str) -> str:
    r"""Return a text with the new statements in it joined to those next to them that import from the same module.

    Nothing is joined in a text that had such statements before: there, that is how they are written.

    >>> joined("from p import a\n", "from p import a\nfrom p import b\n")
    'from p import a, b\n'
    """
    lines = set(before.split("\n"))
    try:
        if any(pairs_in(before)):
            return after
        pair = next((pair for pair in pairs_in(after) if any(text not in lines for _, text in pair)), None)
    except UnreadableError:
        return after
    if pair is None:
        return after
    page, ((first, _), (second, _)) = Page(after), pair
    (line,) = written(
        (f"from {'.' * one.level}{one.module or ''} import ", alias.name)
        for one in (first, second)
        for alias in one.names
    )
    return joined(before, page.with_changes([Change(page.start(first), page.end(second), line)]))


_Shown = tuple[ast.ImportFrom, str]


def pairs_in(text: str) -> Iterator[tuple[_Shown, _Shown]]:
    """Yield statements of a module, each a line, that follow each other and import from the same module."""
    lines = text.split("\n")
    for one, other in pairwise(parse_with_lazy(text)[0].body):
        if isinstance(one, ast.ImportFrom) and isinstance(other, ast.ImportFrom) and other.lineno == one.lineno + 1:
            shown = (lines[one.lineno - 1], lines[other.lineno - 1])
            if (one.module, one.level) == (other.module, other.level) and all(map(_is_plain, (one, other), shown)):
                yield (one, shown[0]), (other, shown[1])


def _is_plain(node: ast.ImportFrom, line: str) -> bool:
    """Whether a statement is all of its line, without comment, and takes names as they are called."""
    names = [alias.name for alias in node.names]
    is_whole = line == f"from {'.' * node.level}{node.module or ''} import {', '.join(names)}"
    return is_whole and "*" not in names and not any(alias.asname for alias in node.names)
