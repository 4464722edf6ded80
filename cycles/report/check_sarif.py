"""Write what `cycles check` found as SARIF 2.1.0, the format of code scanning services.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from cycles import __version__
from cycles.check.values import Change, Finding
from cycles.enums import GraphName
from cycles.report.check_words import instead, last_line, title, verdicts
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


def check_as_sarif(change: Change) -> str:
    """Return a log of one run, with a result for each import to blame; in ASCII alone, it ends in a newline."""
    graphs = [found.graph for found in change.graphs]
    invocation = {
        "executionSuccessful": not change.unread,
        "toolExecutionNotifications": [*_unread(change)],
        "toolConfigurationNotifications": [*_stale(change)],
    }
    run = {
        "tool": {"driver": {"name": "cycles", "version": __version__, "rules": [_rule(graph) for graph in graphs]}},
        # The packages are part of it: results of one do not replace those of another.
        "automationDetails": {
            "id": f"cycles check/{quote(change.analysis.package, safe='', errors='backslashreplace')}/"
        },
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that the check was made in."}}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "python",
        "results": [_result(finding, graphs, change) for finding in change.findings],
        "properties": {"verdicts": [*verdicts(change)]},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


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


def _result(finding: Finding, graphs: list[GraphName], change: Change) -> Json:
    steps = [_location(link, change, f"imports {clean(link.imported)}") for link in finding.links]
    state = {"baselineState": "new" if finding.added else "unchanged"} if change.before.kind != "nothing" else {}
    identity = f"{finding.graph}\0{finding.importer}\0{finding.imported}"
    return {
        "ruleId": f"import-cycle/{finding.graph}",
        "ruleIndex": graphs.index(finding.graph),
        "level": "error" if finding.is_error else "note",
        "message": {"text": _message(finding)},
        "locations": [_location(finding.imports[0], change)],
        "relatedLocations": [{"id": number, **step} for number, step in enumerate(steps, 1)],
        "codeFlows": [{"threadFlows": [{"locations": [{"location": step} for step in steps]}]}],
        # Lines move: a result is the same as long as its modules have their names.
        "partialFingerprints": {"importCycle/v1": sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()},
        **state,
        "properties": {"component": clean(finding.component), "modules": finding.modules},
    }


def _message(finding: Finding) -> str:
    """Return the message, in which each module of the cycle is a link to the import that it makes."""
    names = [_escaped(name) for name in finding.cycle]
    links = [f"[{name}]({number})" for number, name in enumerate(names[: len(finding.links)], 1)]
    cycle = " → ".join([*links, *names[len(links) :], names[0]])
    fix = instead(finding)
    return f"{title(finding)}: {cycle}." + (f" Instead: {_escaped(fix)}." if fix else "")


def _location(statement: Import, change: Change, message: str = "") -> Json:
    region = {
        "startLine": statement.line_number,
        "endLine": last_line(change, statement),
        "snippet": {"text": clean(statement.line_contents)},
    }
    return {
        "physicalLocation": {"artifactLocation": _artifact(statement.path), "region": region},
        "logicalLocations": [{"fullyQualifiedName": clean(statement.importer), "kind": "module"}],
        **({"message": {"text": _escaped(message)}} if message else {}),
    }


def _unread(change: Change) -> Iterator[Json]:
    for file in change.unread:
        region = {} if file.line_number is None else {"region": {"startLine": file.line_number}}
        place = {"physicalLocation": {"artifactLocation": _artifact(file.path), **region}}
        text = f"Not read: {file.reason}. What it imports is not known."
        yield {"level": "error", "message": {"text": _escaped(text)}, "locations": [place]}


def _stale(change: Change) -> Iterator[Json]:
    for line in change.stale:
        place = {"physicalLocation": {"artifactLocation": _artifact(change.before.name)}}
        text = f"Nothing needs this line of the baseline any more: {line}"
        yield {"level": "note", "message": {"text": _escaped(text)}, "locations": [place]}


def _artifact(path: str) -> Json:
    """Return where a file is; one outside of the project has an absolute path."""
    if PurePath(path).is_absolute():
        return {"uri": f"file:///{quote(path.lstrip('/'), errors='backslashreplace')}"}
    return {"uri": quote(path, errors="backslashreplace"), "uriBaseId": _ROOT}


def _escaped(text: str) -> str:
    """Return text as a message has it: brackets would begin a link there, braces a placeholder."""
    plain = clean(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return plain.replace("{", "{{").replace("}", "}}")
