"""What fits on a screen: no line is wider than asked for, and every sign can be read, whatever stdout can show."""

import os
import subprocess
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

import golden
from conftest import program
from cycles.api import analyze, find_hoistable, plan_all, replay_plan, why_pair
from cycles.check.compare import check
from cycles.enums import GraphName
from cycles.report.check import check_as_text
from cycles.report.cuts import CutsDetails, cuts_as_text
from cycles.report.entries import entries_as_text
from cycles.report.scc import scc_as_text
from cycles.report.terminal import TextStyle
from cycles.report.why import why_as_text
from cycles.simulate.first_import_report import entrances, first_imports

SHOP = golden.SAMPLES / "shop"
COMMANDS = (
    ["scc", "shop"],
    ["scc", "shop", "1"],
    ["cuts", "shop", "--why", "--rank", "--hoist"],
    ["why", "shop", "orders.basket", "catalog"],
    ["entries", "shop"],
    ["contract", "shop"],
    ["check", "shop"],
    ["fix", "shop"],
)


@cache
def reports(sample: str, graph: GraphName):
    """Every text report on a sample, as functions of the style."""
    package, roots = golden.OTHER_ARGUMENTS.get(sample, (sample, ()))
    analysis = analyze(package, folders=[golden.SAMPLES / sample], roots=roots, graph=graph, count_cuts=True)
    plans = tuple(replay_plan(analysis, plan) for plan in plan_all(analysis.components))
    details = CutsDetails(evidence=True, ranking=True, hoists=find_hoistable(analysis, plans))
    change = check(analysis, [graph])
    found = [
        lambda style: scc_as_text(analysis, style),
        lambda style: check_as_text(change, style),
        lambda style: cuts_as_text(analysis, plans, style),
        lambda style: cuts_as_text(analysis, plans, style, details),
    ]
    for component in analysis.components:
        found.append(lambda style, number=component.number: scc_as_text(analysis, style, number=number))
        edge = component.dependencies[0]
        why = why_pair(analysis, edge.importer, edge.imported)
        found.append(lambda style, why=why: why_as_text(analysis, why, style))
    if graph is GraphName.IMPORT_TIME:
        first, report = first_imports(analysis), entrances(analysis)
        found.append(lambda style: scc_as_text(analysis, style, entries=first))
        found.append(lambda style: entries_as_text(analysis, report, style))
    return found


@settings(max_examples=60, deadline=None)
@given(
    sample=st.sampled_from(golden.samples()),
    graph=st.sampled_from(GraphName),
    width=st.integers(20, 200),
    everything=st.booleans(),
    encoding=st.sampled_from(["utf-8", "ascii", "cp1252"]),
)
def test_no_line_is_wider_than_asked_for(sample, graph, width, everything, encoding):
    style = TextStyle(width, everything=everything, encoding=encoding)
    for report in reports(sample, graph):
        text = report(style)

        assert max(map(cell_len, text.splitlines())) <= width, text
        text.encode(encoding)


@pytest.mark.parametrize("sample", ["shop", "agent_core"])
def test_every_word_is_there_at_every_width(sample):
    """What is folded is the same text but for spaces, and backslashes for a shell; the head names what has room."""
    report = reports(sample, GraphName.ALL)[2]
    wide, *narrow = (
        "".join(report(TextStyle(width, everything=True)).replace("\\\n", "\n").split()).partition("importeachother;")[
            2
        ]
        for width in (200, 20, 33, 80)
    )

    assert len(wide) > 200
    assert all(text == wide for text in narrow)


def run(arguments, **environment):
    return subprocess.run(
        [program("cycles"), *arguments],
        cwd=SHOP,
        capture_output=True,
        env={**os.environ, "COLUMNS": "80", "PYTHONCOERCECLOCALE": "0", **environment},
        check=False,
    )


@pytest.mark.parametrize(
    ("encoding", "environment"),
    [
        ("ascii", {"PYTHONIOENCODING": "ascii"}),
        ("cp1252", {"PYTHONIOENCODING": "cp1252"}),
        ("ascii", {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    ],
)
def test_signs_that_stdout_lacks_are_written_in_ascii(encoding, environment):
    for arguments in (*COMMANDS, *([*command[:1], "--help"] for command in COMMANDS)):
        finished = run(arguments, **environment)
        text = (finished.stdout + finished.stderr).decode(encoding)

        assert finished.returncode == (arguments == ["check", "shop"])
        assert not [sign for sign in ("→", "\\u", "\\x") if sign in text]
        assert max(map(len, text.splitlines())) <= 80 or arguments[0] in ("contract", "fix")
    assert "customers -> customers.loyalty" in run(COMMANDS[0], **environment).stdout.decode(encoding)
    if encoding == "ascii":
        assert "27 modules . 61 imports" in run(COMMANDS[0], **environment).stdout.decode()
