"""What a run of the command line came to in; every promise that it broke, out."""

import json
import os
import re
import signal
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema

SCHEMAS = Path(__file__).parents[1] / "cycles" / "report" / "schemas"
COMMANDS = ("scc", "cuts", "why", "entries", "check", "draw", "contract", "account")
_FRAME = re.compile(r'File "[^"]*?(cycles/[\w/]+\.py)", line (\d+)')
_SENTENCE = re.compile(r"cycles: \S.*\S", re.DOTALL)
_USAGE = re.compile(r"(?:Usage: .*\n(?:.*\n)*?\n)?Error: .+\n", re.DOTALL)
_ANNOTATION = re.compile(r"::(?:error|warning|notice) (?:file=[^,:]+,)?(?:line=\d+,endLine=\d+,)?title=[^,:]+::.+")
_MOST_LINES = 60
# What Python itself says of an encoding that stdout cannot have is none of ours.
_TROUBLE = ("Traceback (most recent call last)", "Exception ignored", "RuntimeWarning", "DeprecationWarning", "Fatal")
# Hidden characters that a file may hold: JSON, which may be in a .txt, escapes all but DEL, which it need not.
_MARKS = {"html": "\n\t", "dot": "\n\t", "txt": "\n\x7f"}
_PLAIN_SVG = {
    *("svg", "title", "desc", "style", "defs", "marker", "path", "g", "rect", "text", "tspan", "a", "line", "circle"),
    *("polygon", "use", "symbol", "clipPath", "pattern", "metadata", "ellipse", "polyline"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, what it wrote to stdout and stderr, and the files that it left, by path."""

    status: int | None
    stdout: bytes
    stderr: bytes
    files: dict[str, bytes]
    seconds: float


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A promise that was broken; two of the same `kind` at the same `place` are one defect."""

    kind: str
    place: str
    detail: str


def faults(arguments: list[str], outcome: Outcome) -> Iterator[Fault]:
    """Everything that is wrong with one run."""
    command = command_of(arguments)
    stdout = outcome.stdout.decode("utf-8", "backslashreplace")
    stderr = outcome.stderr.decode("utf-8", "backslashreplace")
    if outcome.status in (None, -getattr(signal, "SIGXCPU", 0)):
        yield Fault("endless", command, f"ended after {outcome.seconds:.0f} s")
        return
    for text in (stderr, stdout):
        if trouble := next((word for word in _TROUBLE if word in text), None):
            yield Fault("traceback", _guilty(text), f"{trouble}: {text.strip()[-1500:]}")
            return
    if outcome.status not in (0, 1, 2):
        yield Fault("status", f"{command} {outcome.status}", stderr[-500:])
    if outcome.status == 1 and "--check" not in arguments and command != "check":
        yield Fault("status", f"{command} 1", stderr[-500:])
    if outcome.status == 2:
        yield from _refusal(command, stdout, stderr)
    elif any(line and not line.startswith("cycles: ") for line in stderr.split("\n")):
        yield Fault("stderr", command, stderr[:500])
    yield from _hidden("stderr", "usage" if _USAGE.fullmatch(stderr) else command, stderr)
    yield from _commanding("stderr", command, stderr)
    if outcome.status in (0, 1):
        yield from _shown(arguments, stdout)
    for path, content in outcome.files.items():
        forced = _option(arguments, "--format") if command == "draw" else None
        yield from _file(command, f"{path}.{forced}" if forced and path.startswith("out/") else path, content)


def command_of(arguments: Sequence[str]) -> str:
    """The command among the arguments, which options may precede."""
    return next((argument for argument in arguments if argument in COMMANDS), "no command")


def _guilty(text: str) -> str:
    """The last line of our own in a traceback, and the last word of it."""
    frames = _FRAME.findall(text)
    last = next((line for line in reversed(text.strip().split("\n")) if line and not line[0].isspace()), "")
    error = last.partition(":")[0][:80]
    return f"{frames[-1][0]}:{frames[-1][1]} {error}" if frames else error


def _refusal(command: str, stdout: str, stderr: str) -> Iterator[Fault]:
    if stdout:
        yield Fault("refusal", f"{command}: stdout is not empty", stdout[:300])
    if _USAGE.fullmatch(stderr):
        return
    sentences = stderr.rstrip("\n").split("\n")
    if len(sentences) > 1 and all(" not read, the rest analysed; " in sentence for sentence in sentences[:-1]):
        yield Fault("refusal", "a remark before the one sentence", stderr[:800])
    elif stderr.count("\n") != 1 or not _SENTENCE.fullmatch(stderr.rstrip("\n")):
        yield Fault("refusal", f"{command}: not one sentence", stderr[:800])


def _hidden(stream: str, command: str, text: str, allowed: str = "\n") -> Iterator[Fault]:
    """Characters that move a cursor or turn a line around."""
    found = sorted({mark for mark in text if mark not in allowed and _is_hidden(mark)})
    if found:
        at = text.index(found[0])
        yield Fault("raw", f"{command} {stream}", f"{found!r} in {text[max(at - 150, 0) : at + 80]!r}")


def _commanding(stream: str, command: str, text: str) -> Iterator[Fault]:
    """Lines that a continuous integration server would take for a command to itself."""
    line = next((line for line in text.split("\n") if line.strip().startswith("::")), None)
    if line:
        yield Fault("workflow command", f"{command} {stream}", line[:300])


@cache
def _is_hidden(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _option(arguments: list[str], name: str) -> str | None:
    return next((arguments[at + 1] for at, found in enumerate(arguments[:-1]) if found == name), None)


def _shown(arguments: list[str], stdout: str) -> Iterator[Fault]:
    """What is wrong with what was printed."""
    command = command_of(arguments)
    wanted = _option(arguments, "--format")
    if "--help" in arguments:
        wanted = command = "--help"
    if command == "draw" and stdout and "-o" not in arguments and "--output" not in arguments:
        suffix = wanted or "svg"
        yield from _file(command, f"stdout.{suffix}", stdout.encode())
        return
    as_json = command in ("scc", "cuts", "why", "entries", "check") and wanted == "json"
    yield from _hidden("stdout", "JSON" if as_json else command, stdout, _MARKS["txt"] if as_json else "\n")
    if wanted == "github":
        stdout = "\n".join(line for line in stdout.split("\n") if not _ANNOTATION.fullmatch(line))
    yield from _commanding("stdout", command, stdout)
    if wanted == "markdown" and stdout and stdout.count("\n") > _MOST_LINES:
        yield Fault("markdown", f"{command}: long", stdout[:300])
    if wanted == "sarif" and stdout:
        yield from _sarif(command, stdout)
    if as_json and stdout:
        yield from _json(command, stdout)


def _json(command: str, text: str) -> Iterator[Fault]:
    try:
        document = json.loads(text)
    except ValueError as error:
        yield Fault("json", command, f"{error}: {text[:200]}")
        return
    error = next(_validator(command).iter_errors(document), None)
    if error:
        yield Fault("schema", command, str(error)[:500])


def _sarif(command: str, text: str) -> Iterator[Fault]:
    schema = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    error = next(jsonschema.Draft7Validator(schema).iter_errors(json.loads(text)), None)
    if error:
        yield Fault("sarif", command, str(error)[:500])


@cache
def _validator(command: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{command}.json").read_text(encoding="utf-8")))


def _file(command: str, path: str, content: bytes) -> Iterator[Fault]:
    """What is wrong with a file that was written."""
    name = os.path.basename(path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault("file", f"{command} writes no UTF-8", f"{name}: {error}")
        return
    suffix = name.rpartition(".")[2].lower() if command in ("draw", "contract") else "txt"
    if suffix in ("svg", "dot", "mmd", "md", "html", "txt"):
        yield from _hidden(f".{suffix}", command, text, _MARKS.get(suffix, "\n"))
    if suffix == "svg":
        yield from _svg(command, text)
    elif suffix == "html":
        yield from _html(command, text)
    elif suffix == "md" and "<script" in text.lower():
        yield Fault("markdown", command, text[:300])
    elif suffix == "json":
        yield from _json(command, text)
    elif suffix == "toml":
        yield from _toml(command, text)


def _toml(command: str, text: str) -> Iterator[Fault]:
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        yield Fault("toml", command, str(error))


def _svg(command: str, text: str) -> Iterator[Fault]:
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        yield Fault("svg", command, f"{error}: {text[:200]}")
        return
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag not in _PLAIN_SVG:
            yield Fault("svg", f"{command}: element {tag}", text[:200])
        for name, value in element.attrib.items():
            if name.startswith("on") or (name.endswith("href") and value.lower().startswith("javascript")):
                yield Fault("svg", f"{command}: attribute {name}", value)


class _Tags(HTMLParser):
    """The elements of a page with the names of their attributes, and the data in it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data = ""
        self.in_data = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(f"{tag} {' '.join(sorted(name for name, _ in attrs))}")
        self.in_data = tag == "script" and ("type", "application/json") in attrs

    def handle_endtag(self, _: str) -> None:
        self.in_data = False

    def handle_data(self, data: str) -> None:
        if self.in_data:
            self.data += data


_FURTHER_TAGS = frozenset(
    (
        "div aria-label class data-on role",
        "g class",
        "input checked data-look type",
        "label class hidden",
        "marker class id markerheight markerunits markerwidth orient refx refy viewbox",
        "option value",
        "p hidden id",
        "path class d stroke-width",
        "path d",
        "span aria-hidden class",
        "svg aria-hidden class height width",
    )
)
"""What a page has besides its template: the legend, one option a component, and what it is without a picture."""


@cache
def _tags_of_page() -> list[str]:
    template = Path(__file__).parents[1] / "cycles" / "render" / "page" / "page.html"
    found = _Tags()
    found.feed(template.read_text(encoding="utf-8"))
    return found.tags


def _html(command: str, text: str) -> Iterator[Fault]:
    found = _Tags()
    found.feed(text)
    found.close()
    strange = [tag for tag in found.tags if tag not in _tags_of_page() and tag not in _FURTHER_TAGS]
    if strange:
        yield Fault("html", f"{command}: other elements than the template's", f"{strange[:5]}")
    try:
        json.loads(found.data)
    except ValueError as error:
        yield Fault("html", f"{command}: its data", f"{error}: {found.data[:200]}")
