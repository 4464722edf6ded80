"""Write what a check found as SARIF 2.1.0, the format of code scanning services.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from cycles import __version__
from cycles.report.format import clean
from cycles.report.notices import Notice, Notices, Place, Rule

Json = Mapping[str, object]
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"


def as_sarif(found: Notices) -> str:
    """Return a log of one run, with a result for each notice that breaks a rule; in ASCII alone, it ends in a newline.

    Notices about the check itself are notifications of the tool.
    """
    rules = [rule.name for rule in found.rules]
    notifications = [_notification(notice) for notice in found.found if not notice.rule]
    run = {
        "tool": {"driver": {"name": "cycles", "version": __version__, "rules": [*map(_rule, found.rules)]}},
        # The packages are part of it: results of one do not replace those of another.
        "automationDetails": {"id": f"{found.command}/{_quoted(found.package, safe='')}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the repository."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "python",
        "results": [_result(notice, rules.index(notice.rule)) for notice in found.found if notice.rule],
        "properties": {"verdict": [clean(sentence) for sentence in found.said]},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.replace("/", "-").split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": f"{rule.meaning} {rule.remedy}"},
        "defaultConfiguration": {"level": "error"},
    }


def _result(notice: Notice, rule: int) -> Json:
    following = [*(step.module for step in notice.steps[1:]), notice.end]
    steps = [
        _location(step, f"imports {clean(name)}")
        for step, name in zip(notice.steps, following, strict=bool(notice.steps))
    ]
    return {
        "ruleId": notice.rule,
        "ruleIndex": rule,
        "level": notice.level,
        "message": {"text": _message(notice)},
        **({"locations": [_location(notice.place)]} if notice.place else {}),
        "relatedLocations": [{"id": number, **step} for number, step in enumerate(steps, 1)],
        **({"codeFlows": [_flow(steps)]} if steps else {}),
        # Lines move: a result is the same as long as its modules have their names.
        "partialFingerprints": {
            "cycles/v1": sha256("\0".join(notice.identity).encode("utf-8", "surrogatepass")).hexdigest()
        },
        **({} if notice.is_new is None else {"baselineState": "new" if notice.is_new else "unchanged"}),
    }


def _message(notice: Notice) -> str:
    """Return the message, in which each module on the way is a link to the import that it makes."""
    links = [f"[{_escaped(step.module)}]({number})" for number, step in enumerate(notice.steps, 1)]
    way = f": {' → '.join([*links, _escaped(notice.end)])}" if links else ""
    return f"{_escaped(notice.text)}{way}." + (f" {_escaped(notice.advice)}." if notice.advice else "")


def _flow(steps: Sequence[Json]) -> Json:
    return {"threadFlows": [{"locations": [{"location": step} for step in steps]}]}


def _notification(notice: Notice) -> Json:
    place = {"locations": [_location(notice.place)]} if notice.place else {}
    return {"level": notice.level, "message": {"text": f"{_escaped(f'{notice.title}: {notice.text}')}."}, **place}


def _location(place: Place, message: str = "") -> Json:
    lines = {"startLine": place.line_number, "endLine": place.end_line_number or place.line_number}
    region = {**lines, **({"snippet": {"text": clean(place.contents)}} if place.contents else {})}
    module = [{"fullyQualifiedName": clean(place.module), "kind": "module"}]
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(place.path),
            **({"region": region} if place.line_number else {}),
        },
        **({"logicalLocations": module} if place.module else {}),
        **({"message": {"text": _escaped(message)}} if message else {}),
    }


def _artifact(path: str) -> Json:
    """Return where a file is; one outside of the repository has an absolute path."""
    if PurePath(path).is_absolute():
        return {"uri": f"file:///{_quoted(path.lstrip('/'))}"}
    return {"uri": _quoted(path), "uriBaseId": _ROOT}


def _quoted(text: str, safe: str = "/") -> str:
    return quote(text, safe=safe, errors="backslashreplace")


def _escaped(text: str) -> str:
    """Return text as a message has it: brackets would begin a link there, braces a placeholder."""
    plain = clean(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return plain.replace("{", "{{").replace("}", "}}")
