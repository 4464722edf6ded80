"""Write what `cycles check` found as SARIF 2.1.0, the format of code scanning services.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from cycles import __version__
from cycles.check.values import Change, Finding
from cycles.enums import GraphName
from cycles.report.check_words import instead, last_line, not_compared, seen_from, title, verdicts
from cycles.report.format import clean, graph_meaning
from cycles.source.values import Import

Json = Mapping[str, object]
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
_HELP = (
    "Modules that import each other in a cycle cannot be understood, tested or imported one at a time{}. Remove the "
    "import, make it where it is needed, take the name from the module that defines it, or move what both modules "
    "need into a third one."
)


def check_as_sarif(change: Change, workspace: str | None = None) -> str:
    """Return a log of one run, with a result for each import to blame; in ASCII alone, it ends in a newline.

    Paths are as seen from the `workspace`, the folder of the repository; by default from the working directory.
    """
    where = _Places(change, workspace)
    graphs = [found.graph for found in change.graphs]
    invocation = {
        "executionSuccessful": True,
        "toolExecutionNotifications": [*_unread(where), *_not_compared(change)],
        "toolConfigurationNotifications": [*_stale(where)],
    }
    run = {
        "tool": {"driver": {"name": "cycles", "version": __version__, "rules": [_rule(graph) for graph in graphs]}},
        # The packages are part of it: results of one do not replace those of another.
        "automationDetails": {
            "id": f"cycles check/{quote(change.analysis.package, safe='', errors='backslashreplace')}/"
        },
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the repository."}}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "python",
        "results": [_result(finding, graphs, where) for finding in change.findings],
        "properties": {"verdicts": [*verdicts(change)]},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things are in the repository."""

    change: Change
    workspace: str | None

    def artifact(self, path: str) -> Json:
        """Return where a file is; one outside of the repository has an absolute path."""
        path = seen_from(self.workspace, path, self.change)
        if PurePath(path).is_absolute():
            return {"uri": f"file:///{quote(path.lstrip('/'), errors='backslashreplace')}"}
        return {"uri": quote(path, errors="backslashreplace"), "uriBaseId": _ROOT}

    def statement(self, statement: Import, message: str = "") -> Json:
        """Return where an import is, with what is to be said there."""
        region = {
            "startLine": statement.line_number,
            "endLine": last_line(self.change, statement),
            "snippet": {"text": clean(statement.line_contents)},
        }
        return {
            "physicalLocation": {"artifactLocation": self.artifact(statement.path), "region": region},
            "logicalLocations": [{"fullyQualifiedName": clean(statement.importer), "kind": "module"}],
            **({"message": {"text": _escaped(message)}} if message else {}),
        }


def _rule(graph: GraphName) -> Json:
    crash = ", and may crash when they are imported first" if graph is GraphName.IMPORT_TIME else ""
    return {
        "id": f"import-cycle/{graph}",
        "name": f"ImportCycle{graph.title().replace('-', '')}",
        "shortDescription": {"text": f"An import closes an import cycle ({graph})"},
        "fullDescription": {
            "text": f"An import closes a cycle of modules in the graph {graph}: {graph_meaning(graph)}."
        },
        "help": {"text": _HELP.format(crash)},
        "defaultConfiguration": {"level": "error"},
    }


def _result(finding: Finding, graphs: list[GraphName], where: _Places) -> Json:
    steps = [where.statement(link, f"imports {clean(link.imported)}") for link in finding.links]
    state = {"baselineState": "new" if finding.added else "unchanged"} if where.change.before.kind != "nothing" else {}
    identity = f"{finding.graph}\0{finding.importer}\0{finding.imported}"
    return {
        "ruleId": f"import-cycle/{finding.graph}",
        "ruleIndex": graphs.index(finding.graph),
        "level": "error" if finding.is_error else "note",
        "message": {"text": _message(finding)},
        "locations": [where.statement(finding.imports[0])],
        "relatedLocations": [{"id": number, **step} for number, step in enumerate(steps, 1)],
        **({"codeFlows": [_flow(steps)]} if steps else {}),
        # Lines move: a result is the same as long as its modules have their names.
        "partialFingerprints": {"importCycle/v1": sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()},
        **state,
        "properties": {"component": clean(finding.component), "modules": finding.modules},
    }


def _flow(steps: Sequence[Json]) -> Json:
    return {"threadFlows": [{"locations": [{"location": step} for step in steps]}]}


def _message(finding: Finding) -> str:
    """Return the message, in which each module of the cycle is a link to the import that it makes."""
    names = [_escaped(name) for name in finding.cycle or (finding.importer, finding.imported)]
    links = [f"[{name}]({number})" for number, name in enumerate(names, 1)] if finding.cycle else names
    cycle = " → ".join([*links, *names[:1]] if finding.cycle else names)
    fix = instead(finding)
    return f"{title(finding)}: {cycle}." + (f" Instead: {_escaped(fix)}." if fix else "")


def _unread(where: _Places) -> Iterator[Json]:
    for file in where.change.unread:
        region = {} if file.line_number is None else {"region": {"startLine": file.line_number}}
        place = {"physicalLocation": {"artifactLocation": where.artifact(file.path), **region}}
        text = f"Not read: {file.reason}. What it imports is not known."
        yield {"level": "warning", "message": {"text": _escaped(text)}, "locations": [place]}


def _not_compared(change: Change) -> Iterator[Json]:
    if sentence := not_compared(change.before):
        yield {"level": "warning", "message": {"text": _escaped(f"These files are {sentence}")}}


def _stale(where: _Places) -> Iterator[Json]:
    for line in where.change.stale:
        place = {"physicalLocation": {"artifactLocation": where.artifact(where.change.before.name)}}
        text = f"Nothing needs this line of the baseline any more: {line}"
        yield {"level": "note", "message": {"text": _escaped(text)}, "locations": [place]}


def _escaped(text: str) -> str:
    """Return text as a message has it: brackets would begin a link there, braces a placeholder."""
    plain = clean(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return plain.replace("{", "{{").replace("}", "}}")
