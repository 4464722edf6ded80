"""Fixes whose safety turns on values: a table has a function that nobody calls, a branch is not taken, a flag is not set."""

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility
from cycles.model import CutRequest
from test_fix_kinds import MOST_REFUSED, ORDER, edited
from trap_truth import truths
from value_kinds import PAIRS, TOOLS

pytestmark = pytest.mark.posix


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """For each case whether its deferral was promised, and whether it is safe."""
    folder, made = tmp_path_factory.mktemp("values"), tmp_path_factory.mktemp("made")
    tops = {f"v{number}": case for number, case in enumerate(_cases())}
    for top, (_, forms, other) in tops.items():
        text = f"from {top}.order import Order\n{forms.replace('PACKAGE', top)}ready = 1\n"
        files = {
            f"{top}/__init__.py": "",
            f"{top}/forms.py": text,
            f"{top}/order.py": ORDER.format(imports=f"import {top}.other\n" if other else "", package=top),
            f"{top}/tools.py": TOOLS,
            f"{top}/other.py": other.replace("PACKAGE", top),
        }
        write_files(folder, files)
        write_files(made, files | {f"{top}/forms.py": edited(text, top, Feasibility.DEFERRABLE)})
    said = truths([(made, f"{top}.{module}") for top in tops for module in ("forms", "order")])
    return {
        name: (_is_promised(top, folder), said[2 * number : 2 * number + 2] == [None, None])
        for number, (top, (name, _, _)) in enumerate(tops.items())
    }


def _cases():
    for name, (safe, twin) in PAIRS.items():
        yield (name, *safe)
        yield (f"not {name}", *twin)


def _is_promised(top, folder):
    """Whether it is promised that `forms` can import in functions what it takes of `order`."""
    (plan,) = plan_all(analyze(top, folders=[folder]).components, CutRequest(allow_reexports=True))
    (fix,) = (cut.fix for cut in plan.ranking.cuts if cut.pair == (f"{top}.forms", f"{top}.order"))
    return fix.feasibility is Feasibility.DEFERRABLE and fix.is_promised


def test_a_deferral_is_safe_where_its_function_does_not_run_and_only_there(judged):
    safe = {name: is_safe for name, (_, is_safe) in judged.items()}

    assert safe == {name: not name.startswith("not ") for name in judged}


def test_no_deferral_is_promised_whose_function_runs_on_import(judged):
    broken = [name for name, (promised, is_safe) in judged.items() if promised and not is_safe]

    assert broken == []


def test_few_deferrals_are_refused_that_are_safe_by_what_values_are(judged):
    safe = {name: promised for name, (promised, is_safe) in judged.items() if is_safe}
    refused = sorted(name for name, promised in safe.items() if not promised)

    assert len(refused) <= MOST_REFUSED * len(safe), refused
