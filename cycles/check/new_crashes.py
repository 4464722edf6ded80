"""Predict whether the imports that newly close a cycle make first imports crash."""

from dataclasses import replace

from cycles.check.findings import Change
from cycles.enums import GraphName, Verdict
from cycles.simulate.first_import_report import first_imports

_MOST_ASKED = 3
"""Modules whose first imports are predicted: each runs most of a package, as long as the check itself takes."""


def with_new_crashes(change: Change) -> Change:
    """Return a change with the first imports that crash by way of an import that it added.

    Only those of the modules that have these imports are looked at, the first few. Nothing is executed.
    """
    blamed = [one for one in change.findings if one.is_error and one.added and one.graph is GraphName.IMPORT_TIME]
    if not blamed or change.analysis.by is not None:
        return change
    places = {(found.path, found.line_number) for one in blamed for found in one.imports}
    asked = list(dict.fromkeys(one.importer for one in blamed))[:_MOST_ASKED]
    crashes = tuple(
        entry
        for entry in first_imports(change.analysis, asked)
        if entry.verdict is Verdict.CRASH
        and not places.isdisjoint(
            [(entry.path, entry.line_number), *((link.path, link.line_number) for link in entry.chain)]
        )
    )
    return replace(change, crashes=crashes)
