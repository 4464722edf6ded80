"""Deferrals that are tried in memory: what a trial must not show, and where none is made."""

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility
from cycles.limits import REPLAY_MODULES
from cycles.model import CutRequest

GO = "def go(): return Order()\n"
ONE_OF_TWO = GO + "def one(): return 1\nTABLE = {'go': go, 'one': one}\nTABLE['one']()\n"


def fix_of(folder, forms, **more):
    """How `forms` could do without importing `order` at its top, in a package of its own."""
    files = {
        "p/__init__.py": "",
        "p/forms.py": f"from p.order import Order\n{forms}ready = 1\n",
        "p/order.py": "from p.forms import ready\nclass Order: ...\n",
    }
    write_files(folder, files | more)
    (plan,) = plan_all(analyze("p", folders=[folder]).components, CutRequest(allow_reexports=True))
    (fix,) = (cut.fix for cut in plan.ranking.cuts if cut.pair == ("p.forms", "p.order"))
    return fix


def test_a_function_of_a_table_is_deferred_into_where_another_one_is_called(tmp_path):
    fix = fix_of(tmp_path, ONE_OF_TWO)

    assert (fix.feasibility, fix.detail, fix.is_promised) == (
        Feasibility.DEFERRABLE,
        "Order is used only in go()",
        True,
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "import sys\nif sys.platform == 'win32': go()\n",
        "import os\nif os.name == 'nt': go()\n",
        "import sys\nif sys.version_info < (3, 13): go()\n",
        "import os\nif os.environ.get('EAGER'): go()\n",
        "try:\n    import numpy\nexcept ImportError:\n    go()\n",
    ],
)
def test_what_may_run_on_another_machine_is_not_deferred_into(tmp_path, elsewhere):
    supported = {"pyproject.toml": "[project]\nname = 'p'\nrequires-python = '>=3.11'\n"}

    fix = fix_of(tmp_path, ONE_OF_TWO + elsewhere, **supported)

    assert fix.feasibility is Feasibility.STRUCTURAL


@pytest.mark.parametrize(
    "given",
    [
        "import hierarchy\nhierarchy.keep(go)\n",
        "import hierarchy\n@hierarchy.keep\ndef other(): return go()\n",
        "import hierarchy\nclass Other(hierarchy.Base):\n    def run(self): return go()\n",
        "import flask\napp = flask.Flask('p')\napp.before_request(go)\n",
        "import pickle\nclass Other:\n    def __reduce__(self): return go, ()\npickle.dumps(Other())\n",
        "class Other:\n    @classmethod\n    def __hierarchy_schema__(cls): return go()\n",
    ],
)
def test_nothing_is_promised_of_what_a_library_may_call_where_a_trial_is_needed(tmp_path, given):
    fix = fix_of(tmp_path, ONE_OF_TWO + given)

    assert not fix.is_promised


def test_a_package_of_many_modules_is_not_tried(tmp_path):
    many = {f"p/m{number}.py": "import p.forms\n" for number in range(REPLAY_MODULES)}

    fix = fix_of(tmp_path, ONE_OF_TWO, **many)

    assert (fix.feasibility, fix.is_promised) == (Feasibility.STRUCTURAL, False)


def test_what_a_trial_shows_to_run_is_promised_no_more(tmp_path):
    registry = "class Meta(type):\n    every = {}\n    def __init__(cls, name, bases, names): Meta.every[name] = cls\n"
    runs = (
        "class One(metaclass=Meta):\n    def go(self): return Order()\n[each().go() for each in Meta.every.values()]\n"
    )

    fix = fix_of(tmp_path, registry + runs)

    assert (fix.feasibility, fix.detail) == (
        Feasibility.STRUCTURAL,
        "Order is used in One.go(), which may run on import",
    )
