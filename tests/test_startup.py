"""What importing an entry loads, and which statements a plan cuts, on small projects."""

from dataclasses import replace

import pytest

import cycles
from conftest import write_files
from cycles.api import analyze
from cycles.enums import Feasibility, Kind, Verdict
from cycles.errors import CyclesError
from cycles.startup.distributions_held import report
from cycles.startup.django import django_entry
from cycles.startup.entry import find_entry, packages_of, settings_module
from cycles.startup.installed_distributions import Environment
from cycles.startup.loaded_graph import ground_of, load
from cycles.startup.plan import Planner
from cycles.startup.startup_values import EntryKind, Goal
from started import SITE, Started, installed

HEAVY = installed("heavy", {"heavy/__init__.py": "from heavy import inner\n", "heavy/inner.py": "import numeric\n"})
NUMERIC = installed("numeric", {"numeric/__init__.py": ""})
SHOP = {
    "shop/__init__.py": "",
    "shop/main.py": "from shop import report\nfrom shop.registry import SOURCES\n\nTABLES = [report.table, SOURCES]\n\n\ndef run():\n    from shop import late\n    return late\n",
    "shop/report.py": "import heavy\n\n\ndef table():\n    return heavy.table()\n",
    "shop/registry.py": "from shop.sources import stripe\n\nSOURCES = [stripe.Source]\n",
    "shop/sources/__init__.py": "",
    "shop/sources/stripe.py": "import stripe_sdk\n\n\nclass Source(stripe_sdk.Base):\n    pass\n",
    "shop/late.py": "import heavy\n",
    "shop/never.py": "import heavy\n",
    **HEAVY,
    **NUMERIC,
    **installed("stripe-sdk", {"stripe_sdk.py": "class Base:\n    pass\n"}),
}


def test_an_entry_loads_what_it_imports_and_no_more(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main")

    assert shop.own == ["shop", "shop.main", "shop.registry", "shop.report", "shop.sources", "shop.sources.stripe"]
    assert [(row.name, row.modules, row.certain) for row in shop.report.distributions] == [
        ("heavy", 2, True),
        ("stripe-sdk", 1, True),
        ("numeric", 1, True),
    ]
    assert shop.report.failure is None
    assert shop.report.complete


def test_a_row_says_who_holds_a_distribution_and_with_which_it_goes(tmp_path):
    rows = Started(tmp_path, SHOP, "shop.main").rows

    assert (rows["heavy"].importers, rows["heavy"].held_by, rows["heavy"].behind) == (
        ("shop.report",),
        ("shop.report",),
        (),
    )
    assert (rows["numeric"].importers, rows["numeric"].behind) == ((), ("heavy",))
    assert rows["stripe-sdk"].held_by == ("shop.registry", "shop.sources.stripe")
    assert [(rows[name].statements, rows[name].easy) for name in ("heavy", "numeric", "stripe-sdk")] == [
        (1, True),
        (1, True),
        (1, False),
    ]
    assert rows["numeric"].chain.modules == ("", "shop.main", "shop.report", "heavy", "heavy.inner", "numeric")


def test_a_row_with_more_statements_than_anybody_moves_quickly_is_hard(tmp_path):
    users = {f"p/user{number}.py": "import heavy\n\n\ndef f():\n    return heavy\n" for number in range(13)}
    few = "".join(f"import p.user{number}\n" for number in range(12))
    files = {"p/__init__.py": "", "p/few.py": few, "p/many.py": f"{few}import p.user12\n", **users, **HEAVY, **NUMERIC}

    rows = [Started(tmp_path / entry, files, f"p.{entry}").rows["heavy"] for entry in ("few", "many")]

    assert [(row.statements, row.easy) for row in rows] == [(12, True), (13, False)]


def test_what_a_callable_imports_counts_too(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main:run")

    assert "shop.late" in shop.own
    assert shop.report.statements["shop.late", 1].kind is Kind.EAGER
    assert shop.report.statements["shop.main", 8].function == "run"


def test_an_import_that_functions_alone_use_is_deferred(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main")

    plan = shop.plan("heavy")

    assert shop.places(plan) == [("shop.report", 1)]
    step = plan.steps[0]
    assert step.fix.feasibility is Feasibility.DEFERRABLE
    assert [function.function for function in step.first_call] == ["table"]
    assert step.chain.modules == ("", "shop.main", "shop.report", "heavy")
    assert (plan.gone, plan.gone_modules, plan.lower_bound) == (("heavy", "numeric"), 3, 1)
    assert plan.proof[0].statements == (None, ("shop.main", 1), ("shop.report", 1))
    assert plan.replay.holds
    assert plan.replay.simulated == 2


def test_a_distribution_behind_another_goes_with_it(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main")

    assert shop.places(shop.plan("numeric")) == [("shop.report", 1)]


def test_a_base_class_that_nobody_can_defer_is_said_to_be_in_the_way(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main")

    plan = shop.plan("stripe-sdk")

    assert not plan.possible
    (obstacle,) = plan.obstacles
    assert [(statement.importer, fix.feasibility) for statement, fix in obstacle.statements] == [
        ("shop.main", Feasibility.STRUCTURAL),
        ("shop.registry", Feasibility.STRUCTURAL),
        ("shop.sources.stripe", Feasibility.STRUCTURAL),
    ]
    assert obstacle.third_party == ""


def test_a_statement_that_is_kept_is_not_cut(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main", keep=[("shop.report", "heavy")])

    assert ("shop.report", 1) not in shop.places(shop.plan("heavy"))


def test_one_name_stands_for_several_distributions_and_an_unknown_one_is_refused(tmp_path):
    shop = Started(tmp_path, SHOP, "shop.main")

    assert shop.planner.distributions(["stripe_sdk", "Heavy"]) == ("heavy", "stripe-sdk")
    with pytest.raises(CyclesError, match='loads no distribution "pandas"; it loads heavy, stripe-sdk, numeric'):
        shop.planner.distributions(["pandas"])


def test_what_runs_on_import_is_not_deferred(tmp_path):
    files = {
        "p/__init__.py": "import heavy\n\n\nclass Table:\n    def __init__(self):\n        heavy.make()\n\n\nTABLE = Table()\n",
        **HEAVY,
        **NUMERIC,
    }

    plan = Started(tmp_path, files, "p").plan("heavy")

    assert not plan.possible


def test_a_deferral_into_what_the_entry_calls_saves_nothing(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/main.py": "import heavy\n\n\ndef run():\n    return heavy.go()\n",
        **HEAVY,
        **NUMERIC,
    }

    assert Started(tmp_path / "a", files, "p.main").plan("heavy").possible
    plan = Started(tmp_path / "b", files, "p.main:run").plan("heavy")

    assert not plan.possible


def test_packages_that_hand_on_names_are_made_lazy_all_the_way(tmp_path):
    files = {
        "p/__init__.py": "from p.sub import thing\n",
        "p/sub/__init__.py": "from p.sub.deep import thing, other\n\n__all__ = ['thing', 'other']\n",
        "p/sub/deep.py": "import heavy\n\nthing = heavy.thing\nother = 1\n",
        **HEAVY,
        **NUMERIC,
    }

    started = Started(tmp_path, files, "p.sub")

    plan = started.plan("heavy", goal=Goal.FEWEST)

    assert started.places(plan) == [("p", 1), ("p.sub", 1)]
    assert [step.fix.feasibility for step in plan.steps] == [Feasibility.LAZY] * 2
    assert plan.replay.holds
    assert plan.replay.taken_out == 0
    assert not started.plan("heavy").possible


def test_a_name_that_somebody_on_the_way_needs_at_once_is_not_made_lazy(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/main.py": "from p import sub\n\nVALUE = sub.thing + 1\n",
        "p/sub/__init__.py": "from p.sub.deep import thing\n\n__all__ = ['thing']\n",
        "p/sub/deep.py": "import heavy\n\nthing = heavy.thing\n",
        **HEAVY,
        **NUMERIC,
    }

    plan = Started(tmp_path, files, "p.main").plan("heavy", goal=Goal.FEWEST)

    assert not plan.possible


def test_what_a_module_uses_itself_and_hands_on_is_made_lazy_whatever_importing_it_does(tmp_path):
    """What only hands on a name may import it for what that does: a source that registers itself, say."""
    deep = "import heavy\n\nheavy.register()\nTABLE = 1\n"
    use = "\n\ndef use():\n    return TABLE\n"
    files = {"p/__init__.py": "", "p/deep.py": deep, **HEAVY, **NUMERIC}
    sub = {"p/sub/__init__.py": "from p.deep import TABLE\n\n__all__ = ['TABLE']\n"}

    alone = Started(tmp_path / "alone", files | sub, "p.sub").plan("heavy", goal=Goal.FEWEST)
    used = Started(tmp_path / "used", files | {"p/sub/__init__.py": sub["p/sub/__init__.py"] + use}, "p.sub").plan(
        "heavy", goal=Goal.FEWEST
    )

    assert [step.fix.feasibility for step in alone.steps] == [Feasibility.REEXPORT]
    assert [step.fix.feasibility for step in used.steps] == [Feasibility.LAZY]


def test_where_every_python_knows_lazy_imports_the_word_is_all_that_a_plan_takes(tmp_path):
    files = {
        "pyproject.toml": '[project]\nname = "p"\nrequires-python = ">=3.15"\n',
        "p/__init__.py": "from p.deep import thing\n\n__all__ = ['thing']\n",
        "p/deep.py": "import heavy\n\n\ndef thing():\n    return heavy.thing\n",
    }
    site = {path.replace("3.11", "3.15"): text for path, text in {**HEAVY, **NUMERIC}.items()}
    write_files(tmp_path, files | site)
    environment = Environment([tmp_path / SITE.replace("3.11", "3.15")], (3, 15))
    analysis = analyze("p", folders=[tmp_path])
    ground = ground_of(analysis, find_entry("p", [tmp_path], environment), environment)
    planner = Planner(ground, *report(ground))

    plan = planner.plan(("heavy",), Goal.DEFERRALS)

    (step,) = plan.steps
    assert (step.statement.importer, step.fix.feasibility) == ("p.deep", Feasibility.LAZY)
    assert [edit.text for edit in step.edits] == ["lazy import heavy"]
    assert plan.replay.holds


def test_a_lazy_attribute_of_a_package_is_blamed_on_who_takes_it(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/api/__init__.py": "from importlib import import_module\n\n\ndef __getattr__(name):\n    return getattr(import_module('.' + name.lower(), __spec__.parent), name)\n",
        "p/api/table.py": "import heavy\n\n\nclass Table:\n    pass\n",
        "p/main.py": "from p.api import Table\n\n\ndef run():\n    return Table()\n",
        **HEAVY,
        **NUMERIC,
    }
    started = Started(tmp_path, files, "p.main")

    plan = started.plan("heavy")

    assert "p.api.table" in started.own
    assert started.places(plan) == [("p.main", 1)]
    assert plan.replay.holds


def test_every_name_that_a_lazy_package_is_asked_for_is_imported(tmp_path):
    names = [f"Name{number}" for number in range(9)]
    files = {
        "p/__init__.py": "",
        "p/lazily.py": (
            "from importlib import import_module\n\n\n"
            "def import_attr(name, module, package):\n"
            "    if module == '__module__' or module is None:\n"
            "        try:\n"
            "            return import_module(f'.{name}', package=package)\n"
            "        except ModuleNotFoundError:\n"
            "            raise AttributeError(name) from None\n"
            "    try:\n"
            "        found = import_module(f'.{module}', package=package)\n"
            "    except ModuleNotFoundError as error:\n"
            "        raise ImportError(name) from None\n"
            "    return getattr(found, name)\n"
        ),
        "p/api/__init__.py": (
            "from p.lazily import import_attr\n\n"
            f"NAMES = { ({name: name.lower() for name in names})!r}\n\n\n"
            "def __getattr__(name):\n"
            "    result = import_attr(name, NAMES.get(name), __spec__.parent)\n"
            "    globals()[name] = result\n"
            "    return result\n"
        ),
        **{f"p/api/{name.lower()}.py": f"class {name}:\n    pass\n" for name in names},
        "p/main.py": f"from p.api import {', '.join(names)}\n",
    }

    started = Started(tmp_path, files, "p.main")

    assert [name for name in started.own if name.startswith("p.api.")] == [f"p.api.{name.lower()}" for name in names]
    assert {edge.statement for edge in started.report.edges if edge.imported == "p.api.name8"} == {("p.main", 1)}


UNMASKED = {
    "p/__init__.py": "from p import preload\nfrom p import tracking\n",
    "p/preload.py": "import heavy\nfrom p.entities import Dataset\n\n\ndef load():\n    return heavy, Dataset\n",
    "p/tracking.py": "from p.client import Client\n",
    "p/entities/__init__.py": (
        "def __getattr__(name):\n"
        "    if name == 'Dataset':\n"
        "        try:\n"
        "            from p.entities.dataset import Dataset\n"
        "            return Dataset\n"
        "        except ImportError:\n"
        "            raise AttributeError(name) from None\n"
        "    raise AttributeError(name)\n"
    ),
    "p/entities/dataset.py": "from p.client import Client\n\n\nclass Dataset:\n    pass\n",
    "p/client.py": "from p.entities import Dataset\n\n\nclass Client:\n    pass\n",
    **HEAVY,
    **NUMERIC,
}


def test_a_module_getattr_that_hides_a_failed_import_is_predicted_to_fail(tmp_path):
    started = Started(tmp_path, UNMASKED, "p")

    assert started.report.failure.error == "ImportError: cannot import name 'Dataset' from 'p.entities'"


def test_a_preload_that_masks_a_cycle_must_stay(tmp_path):
    files = {
        "p/__init__.py": "from p import data\nfrom p import b\n",
        "p/data.py": "import heavy\nfrom p import a\n\nFRAME = heavy.Frame\nA = a.A\n",
        "p/a.py": "from p.b import B\n\n\nclass A:\n    pass\n",
        "p/b.py": "from p import a\n\n\nclass B:\n    other = a\n",
        **HEAVY,
        **NUMERIC,
    }
    started = Started(tmp_path, files, "p")

    plan = started.plan("heavy", goal=Goal.FEWEST)

    assert started.report.failure is None
    assert started.places(plan) == [("p", 1)]
    assert [(failure.module, failure.path) for failure in plan.replay.failing][:1] == [("p", "p/a.py")]
    assert (plan.replay.blamed, plan.replay.still, plan.replay.taken_out) == ((1,), (), 1)
    assert not plan.replay.holds


def test_a_deferral_that_unmasks_a_crash_behind_a_module_getattr_is_told_before_anybody_edits(tmp_path):
    files = {
        "p/__init__.py": "from p import data\nfrom p import client\n",
        "p/data.py": "import heavy\nfrom p import registry\n\nFRAME = heavy.Frame\nKEPT = registry.Client\n",
        "p/registry.py": "from p.client import Client\n",
        "p/client.py": "from p.entities import Dataset\n\n\nclass Client(Dataset):\n    pass\n",
        "p/entities/__init__.py": UNMASKED["p/entities/__init__.py"],
        "p/entities/dataset.py": "from p import registry\n\n\nclass Dataset:\n    other = registry\n",
        **HEAVY,
        **NUMERIC,
    }
    started = Started(tmp_path, files, "p")

    plan = started.plan("heavy", goal=Goal.FEWEST)

    assert started.report.failure is None
    assert started.places(plan) == [("p", 1)]
    assert plan.replay.failing[0].error == "ImportError: cannot import name 'Dataset' from 'p.entities'"
    assert plan.replay.failing[0].path == "p/client.py"
    assert plan.replay.blamed == (1,)


def test_a_third_party_that_loads_it_is_named(tmp_path):
    files = {
        "p/__init__.py": "import plotting\n\nCOLOR = plotting.COLOR\n",
        **installed("plotting", {"plotting.py": "import heavy\n\nCOLOR = 1\n"}),
        **HEAVY,
        **NUMERIC,
    }

    (obstacle,) = Started(tmp_path, files, "p").plan("heavy").obstacles

    assert (obstacle.distribution, obstacle.third_party) == ("heavy", "plotting")
    assert obstacle.chain.modules == ("", "p", "plotting", "heavy")


def test_what_is_not_installed_stands_for_itself_and_a_guarded_import_of_it_fails(tmp_path):
    files = {
        "p/__init__.py": "import missing_one\n\ntry:\n    import missing_two\n    from p import fast\nexcept ImportError:\n    from p import slow\n",
        "p/fast.py": "",
        "p/slow.py": "",
        f"{SITE}/present.py": "",
    }

    started = Started(tmp_path, files, "p")

    assert started.own == ["p", "p.slow"]
    assert [(row.name, row.installed) for row in started.report.distributions] == [("missing_one", False)]


def test_versions_and_specs_of_what_is_installed_decide_conditions(tmp_path):
    files = {
        "p/__init__.py": (
            "import importlib.metadata\nimport importlib.util\n\n\n"
            "def has(name):\n"
            "    try:\n"
            "        importlib.metadata.version(name)\n"
            "        return True\n"
            "    except importlib.metadata.PackageNotFoundError:\n"
            "        return False\n\n\n"
            "if any(has(name) for name in ['nothing', 'heavy']):\n"
            "    from p import one\n"
            "if not has('nothing'):\n"
            "    from p import two\n"
            "if importlib.util.find_spec('nothing') is not None:\n"
            "    from p import three\n"
            "if all(map(has, ['heavy', 'nothing'])):\n"
            "    from p import four\n"
        ),
        **{f"p/{name}.py": "" for name in ("one", "two", "three", "four")},
        **HEAVY,
    }

    started = Started(tmp_path, files, "p")

    assert started.own == ["p", "p.one", "p.two"]
    assert all(module.certain for module in started.report.modules)


def test_computed_names_are_said_not_to_be_followed(tmp_path):
    files = {"p/__init__.py": "import importlib\nimport os\n\nimportlib.import_module(os.environ['PLUGIN'])\n"}

    started = Started(tmp_path, files, "p")

    assert [(one.path, one.line_number) for one in started.report.unfollowed] == [("p/__init__.py", 4)]
    assert not started.report.complete


def test_classes_that_a_configuration_of_logging_names_are_possible(tmp_path):
    files = {
        "p/__init__.py": "from logging.config import dictConfig\nfrom pathlib import Path\n\nPATH = Path(__file__).parent / 'conf/log.yml'\nOTHER = 'gone.yml'\n\n\ndef set_up(read):\n    dictConfig(read(PATH))\n",
        "p/log.yml": "handlers:\n  rich:\n    class: p.handlers.Rich\n  other:\n    class: logging.StreamHandler\n    '()': p.made.by.make\n",
        "p/handlers.py": "import heavy\n\n\nclass Rich:\n    def __init__(self):\n        heavy.make()\n        from p import late\n",
        "p/late.py": "",
        "p/made.py": "",
        "p/never.py": "TEXT = 'class: p.other.X'\n",
        **HEAVY,
        **NUMERIC,
    }

    started = Started(tmp_path, files, "p")

    assert {module.name: module.certain for module in started.report.modules if module.own} == {
        "p": True,
        "p.handlers": False,
        "p.late": False,
        "p.made": False,
    }
    assert not started.rows["heavy"].certain
    assert not started.plan("heavy").possible


def test_a_statement_in_the_way_that_hides_a_crash_is_said_to(tmp_path):
    files = {
        "p/__init__.py": "from p import data\nfrom p import b\n\nNAMES = list(globals())\n",
        "p/data.py": "import heavy\nfrom p import a\n\nFRAME = heavy.Frame\nA = a.A\n",
        "p/a.py": "from p.b import B\nimport p\n\n\nclass A:\n    pass\n",
        "p/b.py": "from p import a\n\n\nclass B:\n    other = a\n",
        **HEAVY,
        **NUMERIC,
    }

    (obstacle,) = Started(tmp_path, files, "p").plan("heavy").obstacles

    assert [(statement.importer, fix.feasibility) for statement, fix in obstacle.statements] == [
        ("p", Feasibility.UNKNOWN),
        ("p.data", Feasibility.STRUCTURAL),
    ]
    assert [(number, failure.path) for number, failure in obstacle.unmasks] == [(0, "p/a.py")]


def test_an_entry_that_fails_is_said_to_and_the_rest_is_only_possible(tmp_path):
    files = {
        "p/__init__.py": "from p.a import A\nfrom p import late\n",
        "p/a.py": "from p.b import B\n\nA = 1\n",
        "p/b.py": "from p.a import A\n\nB = 1\n",
        "p/late.py": "",
    }

    started = Started(tmp_path, files, "p")

    assert started.report.failure.verdict is Verdict.CRASH
    assert {module.name: module.certain for module in started.report.modules} == {
        "p": True,
        "p.a": True,
        "p.b": True,
        "p.late": False,
    }


def test_a_script_and_a_console_script_are_entries(tmp_path):
    write_files(
        tmp_path,
        {
            **SHOP,
            "manage.py": "import os\n\nif __name__ == '__main__':\n    from shop.report import table\n    table()\n",
            "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\nshop-run = "shop.main:run"\n',
        },
    )
    script = Started(tmp_path, {}, "manage.py")
    console = Started(tmp_path, {}, "shop-run")

    assert (script.entry.kind, script.entry.module) == (EntryKind.SCRIPT, "__main__")
    assert script.own == ["__main__", "shop", "shop.report"]
    assert script.places(script.plan("heavy")) == []
    assert (console.entry.kind, console.entry.module, console.entry.attribute) == (
        EntryKind.CALLABLE,
        "shop.main",
        "run",
    )


def test_console_scripts_of_other_declarations_are_found(tmp_path):
    write_files(
        tmp_path,
        {
            "a/setup.cfg": "[options.entry_points]\nconsole_scripts =\n    old-run = shop.main:run\n",
            "a/shop/__init__.py": "",
            "a/shop/main.py": "",
            f"{SITE}/tool/__init__.py": "",
            f"{SITE}/tool-1.0.dist-info/entry_points.txt": "[console_scripts]\ntool-cli = tool:main [extra]\n",
        },
    )
    environment = Environment([tmp_path / SITE])

    assert find_entry("old-run", [tmp_path / "a"], environment).module == "shop.main"
    assert find_entry("tool-cli", [tmp_path / "a"], environment).attribute == "main"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shop.nothing", "is not a module, script or console script"),
        ("shop.nothing:run", 'no module "shop.nothing" was found for shop.nothing:run'),
        ("no-such-script", "is not a module, script or console script"),
    ],
)
def test_an_entry_that_means_nothing_is_refused(tmp_path, text, said):
    write_files(tmp_path, SHOP)

    with pytest.raises(CyclesError, match=said):
        find_entry(text, [tmp_path], Environment([]))


def test_python_has_the_same_report_and_plan(tmp_path):
    write_files(tmp_path, {**SHOP, "env/bin/python": ""})

    found = cycles.examine_startup("shop.main", folders=[tmp_path], python=str(tmp_path / "env/bin/python"))
    plan = cycles.plan_startup(found, ["heavy"])

    assert [row.name for row in found.distributions] == ["heavy", "stripe-sdk", "numeric"]
    assert [step.statement.path for step in plan.steps] == ["shop/report.py"]
    assert cycles.plan_startup(found, ["heavy"], goal="fewest", keep=[("shop.**", "**")]).steps == ()
    with pytest.raises(ValueError, match="was not made by examine_startup"):
        cycles.plan_startup(replace(found, origin=None), ["heavy"])


def test_python_knows_scripts_and_settings_too(tmp_path):
    write_files(tmp_path, {**DJANGO, "alone.py": "import heavy\n", "env/bin/python": ""})
    python = str(tmp_path / "env/bin/python")

    alone = cycles.examine_startup("alone.py", folders=[tmp_path], python=python)
    site = cycles.examine_startup("", django=True, folders=[tmp_path], python=python)

    assert [row.name for row in alone.distributions] == ["heavy", "numeric"]
    assert "orders.signals" in [module.name for module in site.modules]


def test_what_is_not_there_cannot_be_called(tmp_path):
    with pytest.raises(CyclesError, match='has no "walk" to be called; name what it has, or leave out :walk'):
        Started(tmp_path, SHOP, "shop.main:walk")


# Code that cannot be followed, so that the simulation alone does not know whether it goes on.
OPEN = "import os\nif os.environ['SHOP']:\n    raise ValueError\n"


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("def main():\n    pass\n", "mian", "did you mean shop:main?"),
        ("def main():\n    pass\n", "other", "name what it has, or leave out :other"),
        ("class Tool:\n    pass\n", "Tol.run", "did you mean shop:Tool?"),
    ],
)
def test_a_name_that_is_nowhere_in_the_text_cannot_be_called(tmp_path, text, asked, said):
    with pytest.raises(CyclesError) as raised:
        Started(tmp_path, {"shop/__init__.py": OPEN + text}, f"shop:{asked}")

    assert str(raised.value) == f'shop has no "{asked}" to be called; {said}'


@pytest.mark.parametrize(
    "text",
    [
        "def mian():\n    pass\n",
        "from heavy import *\n",
        "globals().update(mian=print)\n",
        "def __getattr__(name):\n    return print\n",
        "import sys\nsys.modules[__name__].mian = print\n",
        "def fill():\n    global mian\n    mian = print\nfill()\n",
    ],
)
def test_a_name_that_may_be_there_can_be_called(tmp_path, text):
    started = Started(tmp_path, {"shop/__init__.py": OPEN + text}, "shop:mian")

    assert started.entry.attribute == "mian"


def test_modules_in_no_package_are_entries_too(tmp_path):
    files = {
        "tool.py": "import helper\nimport shop.report\n",
        "helper.py": "import deeper\nimport json\n",
        "deeper.py": "import numeric\n\n\ndef f():\n    return numeric\n",
        "unused.py": "",
        **SHOP,
    }
    tool = Started(tmp_path, files, "tool")

    assert tool.own == ["deeper", "helper", "shop", "shop.report", "tool"]
    assert tool.report.own_modules == 11
    assert ("deeper", 1) in tool.places(tool.plan("numeric", goal=Goal.FEWEST))


def test_a_script_that_imports_nothing_of_the_project_is_looked_at_alone(tmp_path):
    alone = Started(
        tmp_path, {"alone.py": "import heavy\n\n\ndef f():\n    heavy.go()\n", **HEAVY, **NUMERIC}, "alone.py"
    )

    assert alone.own == ["__main__"]
    assert alone.places(alone.plan("heavy")) == [("__main__", 1)]


DJANGO = {
    "manage.py": "import os\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')\n",
    "site_/__init__.py": "",
    "site_/settings.py": "from site_.base import *\n\nINSTALLED_APPS += ['orders.apps.OrdersConfig']\nINSTALLED_APPS.append('plain')\n",
    "site_/base.py": "INSTALLED_APPS = [\n    'django.contrib.admin',\n    'rest_framework',\n]\n",
    "orders/__init__.py": "",
    "orders/apps.py": "from django.apps import AppConfig\n\n\nclass OrdersConfig(AppConfig):\n    name = 'orders'\n\n    def ready(self):\n        from orders import signals\n",
    "orders/models.py": "",
    "orders/admin.py": "import heavy\n",
    "orders/signals.py": "",
    "orders/views.py": "",
    "plain/__init__.py": "",
    "plain/models.py": "from orders import models\n",
    **installed(
        "Django",
        {
            "django/__init__.py": "",
            "django/apps/__init__.py": "class AppConfig:\n    pass\n",
            "django/contrib/__init__.py": "",
            "django/contrib/admin/__init__.py": "",
        },
    ),
    **installed("djangorestframework", {"rest_framework/__init__.py": "", "rest_framework/models.py": ""}),
    **HEAVY,
    **NUMERIC,
}


def test_django_loads_what_the_settings_install_each_named_by_its_line(tmp_path):
    write_files(tmp_path, DJANGO)
    environment = Environment([tmp_path / SITE], (3, 11))
    everything = Environment([tmp_path, tmp_path / SITE], (3, 11))

    entry = django_entry(settings_module(tmp_path), everything)
    analysis = analyze(packages_of(entry, [tmp_path]), folders=[tmp_path, tmp_path / SITE])
    loaded = load(ground_of(analysis, entry, environment))

    own = [module.name for module in loaded.modules if module.own]
    assert own == [
        *("orders", "orders.admin", "orders.apps", "orders.models", "orders.signals"),
        *("plain", "plain.models", "site_", "site_.base", "site_.settings"),
    ]
    assert {module.distribution for module in loaded.modules if not module.own} == {
        *("Django", "djangorestframework", "heavy", "numeric")
    }
    places = {one.module: (one.path.removeprefix(f"{tmp_path}/"), one.line_number) for one in entry.named}
    assert places["rest_framework.models"] == ("site_/base.py", 3)
    assert places["orders.admin"] == ("site_/settings.py", 3)
    assert places["plain.models"] == ("site_/settings.py", 4)


def test_settings_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(CyclesError, match="no settings module"):
        django_entry("site_.settings", Environment([tmp_path]))
    with pytest.raises(CyclesError, match=r"manage\.py names none"):
        settings_module(tmp_path)
