"""The contract type that keeps what an application loads small: under import-linter itself, and beside real imports."""

import random
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from importlinter import ContractCheck
from importlinter.domain.helpers import MissingImport

from conftest import write_files
from cycles.contracts.startup import StartupContract
from cycles.contracts.surely_loaded import Loaded
from inside import known_folders
from test_contract import lint

APP = {"app/__init__.py": "", "app/main.py": "from app import work\n"}


def check(folder: Path, *, entries=("app.main",), forbidden=("heavy",), root: str = "app", **options) -> ContractCheck:
    """The contract type itself, on the graph that grimp builds of a package in a folder."""
    with known_folders({root: [str(folder / root)]}):
        built = grimp.build_graph(root, include_external_packages=True, cache_dir=None)
        session = {"root_packages": [root], "include_external_packages": "True"}
        contract = StartupContract("c", session, {"entries": list(entries), "forbidden": list(forbidden), **options})
        return contract.check(built, verbose=False)


def places(found: ContractCheck) -> list[str]:
    loaded: Loaded = found.metadata["loaded"]
    return [f"{step.importer}:{step.line_number} {step.loaded}" for step in loaded.forbidden]


KEPT = {
    "in a function": "def f():\n    import heavy\n",
    "in a method": "class C:\n    def f(self):\n        from heavy import x\n",
    "in a lambda": "f = lambda: __import__('heavy')\n",
    "for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import heavy\n",
    "for types, by the module": "import typing as t\nif t.TYPE_CHECKING:\n    from heavy import x\n",
    "never": "if False:\n    import heavy\n",
    "as a program": "if __name__ == '__main__':\n    import heavy\n",
    "lazy": "lazy import heavy\n",
    "lazy, of a name": "lazy from heavy import x\n",
    "in the __getattr__ of the module": "def __getattr__(name):\n    from heavy import x\n    return x\n",
    "not at all": "",
}
BROKEN = {
    "at the top": "import heavy\n",
    "of a name": "from heavy import x\n",
    "below it": "import heavy.part.deep\n",
    "in a class": "class C:\n    import heavy\n",
    "optional": "try:\n    import heavy\nexcept ImportError:\n    heavy = None\n",
    "on a condition": "import os\nif os.environ.get('HEAVY'):\n    import heavy\n",
    "under with": "import contextlib\nwith contextlib.suppress(ImportError):\n    import heavy\n",
    "unless for types": "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    import heavy\n",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_does_not_run_while_the_entry_is_imported_keeps_it(tmp_path, text):
    assert check(write_files(tmp_path, {**APP, "app/work.py": text})).kept


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_runs_while_the_entry_is_imported_breaks_it(tmp_path, text):
    found = check(write_files(tmp_path, {**APP, "app/work.py": text}))

    assert (found.kept, [place.partition(":")[0] for place in places(found)]) == (False, ["app.work"])


def test_packages_on_the_way_run_too(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/main.py": "import app.tools.small\n",
        "app/tools/__init__.py": "from app.tools import large\n",
        "app/tools/small.py": "",
        "app/tools/large.py": "import heavy\n",
    }

    found = check(write_files(tmp_path, files))
    loaded: Loaded = found.metadata["loaded"]

    assert [(step.importer, step.loaded, step.named) for step in loaded.way(loaded.forbidden[0])] == [
        ("app.main", "app.tools", "app.tools.small"),
        ("app.tools", "app.tools.large", "app.tools.large"),
        ("app.tools.large", "heavy", "heavy"),
    ]


def test_packages_around_the_entry_run_first(tmp_path):
    found = check(write_files(tmp_path, {"app/__init__.py": "import heavy\n", "app/main.py": ""}))

    assert places(found) == ["app:1 heavy"]


def test_modules_of_the_project_may_be_forbidden_with_what_is_in_them(tmp_path):
    files = {**APP, "app/work.py": "import app.sdk.client\n", "app/sdk/__init__.py": "", "app/sdk/client.py": ""}
    write_files(tmp_path, files)

    assert not check(tmp_path, forbidden=["app.sdk"]).kept
    assert not check(tmp_path, forbidden=["app.sdk.client"]).kept
    assert check(tmp_path, entries=["app"], forbidden=["app.sdk"]).kept


def test_an_entry_may_name_what_is_called(tmp_path):
    write_files(tmp_path, {**APP, "app/work.py": "import heavy\n"})

    assert not check(tmp_path, entries=["app.main:create_app"]).kept


def test_an_import_that_is_allowed_does_not_count_nor_what_is_behind_it(tmp_path):
    write_files(tmp_path, {**APP, "app/work.py": "import app.more\n", "app/more.py": "import heavy\n"})

    kept = check(tmp_path, allow=["app.work -> app.more"])

    assert (kept.kept, kept.ignored_import_count) == (True, 1)
    assert check(tmp_path, allow=["app.more -> heavy"]).kept
    assert not check(tmp_path, allow=["app.main -> app.more"], unmatched_allow_alerting="none").kept


DJANGO = {
    "app/__init__.py": "",
    "app/settings.py": "from app.base import *\nINSTALLED_APPS += ['app.shop']\n",
    "app/base.py": "INSTALLED_APPS = ['django.contrib.auth']\n",
    "app/shop/__init__.py": "",
    "app/shop/apps.py": "class ShopConfig:\n    name = 'app.shop'\n    def ready(self):\n        from app.shop import signals\n    def later(self):\n        import heavy\n",
    "app/shop/models.py": "",
    "app/shop/signals.py": "",
    "app/shop/views.py": "import heavy\n",
    "app/more/__init__.py": "",
    "app/more/models.py": "import heavy\n",
}


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({}, []),
        ({"app/shop/models.py": "import heavy\n"}, ["app.shop.models:1 heavy"]),
        ({"app/shop/models.py": "def f():\n    import heavy\n"}, []),
        ({"app/shop/signals.py": "import heavy\n"}, ["app.shop.signals:1 heavy"]),
        ({"app/shop/apps.py": DJANGO["app/shop/apps.py"].replace("later", "ready")}, ["app.shop.apps:6 heavy"]),
        ({"app/base.py": "INSTALLED_APPS = ['app.more']\n"}, ["app.more.models:1 heavy"]),
        ({"app/settings.py": DJANGO["app/settings.py"] + "import heavy\n"}, ["app.settings:3 heavy"]),
    ],
    ids=["light", "a model", "a function of a model", "what ready imports", "ready itself", "a new app", "settings"],
)
def test_what_django_loads_with_settings_counts(tmp_path, changes, broken):
    found = check(write_files(tmp_path, {**DJANGO, **changes}), entries=(), django_settings="app.settings")

    assert (found.kept, places(found)) == (not broken, broken)


def test_settings_that_are_not_there_and_nothing_to_start_are_errors(tmp_path):
    write_files(tmp_path, DJANGO)

    with pytest.raises(ValueError, match=r"Module 'app\.gone' of django_settings does not exist\."):
        check(tmp_path, entries=(), django_settings="app.gone")
    with pytest.raises(ValueError, match="entries or django_settings must say what is started"):
        check(tmp_path, entries=())


def test_what_is_allowed_and_not_there_is_an_error_or_a_warning(tmp_path):
    write_files(tmp_path, {**APP, "app/work.py": ""})
    with pytest.raises(MissingImport, match=r"No matches for allowed import app\.work -> heavy\."):
        check(tmp_path, allow=["app.work -> heavy"])

    warned = check(tmp_path, allow=["app.work -> heavy"], unmatched_allow_alerting="warn")

    assert (warned.kept, warned.warnings) == (True, ["No matches for allowed import app.work -> heavy."])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"entries": ["app.gone"]}, "Module 'app.gone' of entries does not exist."),
        ({"forbidden": ["app.gone"]}, "Module 'app.gone' of forbidden does not exist."),
        (
            {"forbidden": ["google.cloud"]},
            "'google.cloud' is not a module of app; of others only the top is seen: 'google'.",
        ),
    ],
)
def test_names_that_import_linter_cannot_see_are_an_error(tmp_path, options, message):
    write_files(tmp_path, {**APP, "app/work.py": ""})

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check(tmp_path, **options)


def test_an_import_whose_line_is_not_known_counts():
    drawn = grimp.ImportGraph()
    drawn.add_module("heavy", is_squashed=True)
    drawn.add_import(importer="cycles.api", imported="heavy")
    session = {"root_packages": ["cycles"], "include_external_packages": True}
    contract = StartupContract("c", session, {"entries": ["cycles.api"], "forbidden": ["heavy"]})

    assert places(contract.check(drawn, verbose=False)) == ["cycles.api:0 heavy"]


CONFIG = """[tool.importlinter]
root_packages = ["app"]
contract_types = ["startup: cycles.contracts.startup.StartupContract"]
include_external_packages = true

[[tool.importlinter.contracts]]
name = "light"
type = "startup"
entries = ["app.main"]
forbidden = ["heavy"]
"""


def test_import_linter_prints_the_shortest_way_and_every_other_import(tmp_path):
    files = {
        **APP,
        "app/work.py": "import app.deep\nimport app.other\n",
        "app/deep.py": "import app.other\n\nclass C:\n    from heavy.sub import x\n",
        "app/other.py": "\nimport heavy\n",
        "lint.toml": CONFIG,
    }

    done = lint(write_files(tmp_path, files))

    assert done.returncode == 1
    assert done.stdout.partition("light\n-----\n\n")[2] == (
        "Importing app.main loads heavy:\n\n"
        "    app.main -> app.work\n"
        "        app/main.py:1  imports app.work\n"
        "    app.work -> app.deep\n"
        "        app/work.py:1  imports app.deep\n"
        "    app.deep -> heavy\n"
        "        app/deep.py:4  imports heavy\n\n"
        "    so do these, each by a way of its own:\n"
        "        app/other.py:2  imports heavy\n\n"
    )


def test_import_linter_is_told_that_external_packages_must_be_there(tmp_path):
    config = CONFIG.replace("include_external_packages = true\n", "")

    done = lint(write_files(tmp_path, {**APP, "app/work.py": "", "lint.toml": config}))

    assert done.returncode == 1
    assert "'heavy' is external: the top level configuration must have include_external_packages=True." in done.stdout


STATEMENTS = {
    "import {}": "import {0}\n",
    "in a class": "class C:\n    import {0}\n",
    "in a function": "def f{1}():\n    import {0}\n",
    "for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {0}\n",
    "optional": "try:\n    import {0}\nexcept ImportError:\n    pass\n",
}
REAL = "import sys\ntry:\n    import {}\nexcept ImportError as error:\n    assert 'partially' in str(error), error\nprint('heavy' in sys.modules)\n"


@pytest.mark.parametrize("seed", range(25))
def test_it_breaks_where_a_real_import_loads_what_is_forbidden_and_only_there(tmp_path, seed):
    """Random packages, whose imports stand anywhere: the real interpreter says what is loaded."""
    chance = random.Random(seed)
    modules = ["app", "app.a", "app.b", "app.c", "app.d", "app.s", "app.s.e", "app.s.f"]
    files = {"heavy.py": "", "app/__init__.py": "", "app/s/__init__.py": ""}
    for number, module in enumerate(modules):
        path = module.replace(".", "/")
        name = f"{path}/__init__.py" if module in ("app", "app.s") else f"{path}.py"
        others = [*modules[max(1, number) :], "heavy"] if module != "app" else ["app.d"]
        targets = [chance.choice([other for other in others if other != module]) for _ in range(chance.randrange(4))]
        files[name] = "".join(
            chance.choice(list(STATEMENTS.values())).format(target, place) for place, target in enumerate(targets)
        )
    write_files(tmp_path, files)
    entry = chance.choice(modules)

    told = subprocess.run(
        [sys.executable, "-c", REAL.format(entry)], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert check(tmp_path, entries=[entry]).kept is (told.stdout == "False\n")


DEFERRED = {
    "app/work.py": (
        "import heavy\n\ndef f():\n    return heavy.x\n",
        "def f():\n    import heavy\n    return heavy.x\n",
    ),
    "app/more.py": (
        "from heavy import x\ndef g():\n    return x\n",
        "def g():\n    from heavy import x\n    return x\n",
    ),
}


@pytest.mark.parametrize("back", [*DEFERRED, None])
def test_the_lock_holds_after_the_deferrals_and_breaks_for_each_line_that_is_put_back(tmp_path, back):
    files = {name: texts[name != back] for name, texts in DEFERRED.items()}
    write_files(tmp_path, {**APP, "app/main.py": "import app.work, app.more\n", **files})

    found = check(tmp_path)

    assert places(found) == ([f"app.{Path(back).stem}:1 heavy"] if back else [])


def test_of_what_is_there_and_of_what_it_needs_every_line_is_judged_once(tmp_path):
    """A module that many import is looked at once, however many ways lead to it."""
    names = [f"m{number}" for number in range(30)]
    files = {"app/__init__.py": "", "app/main.py": "".join(f"import app.{name}\n" for name in names)}
    for place, name in enumerate(names):
        files[f"app/{name}.py"] = "".join(f"import app.{other}\n" for other in names[place + 1 :])
    files["app/m29.py"] = "import heavy\n"

    assert places(check(write_files(tmp_path, files))) == ["app.m29:1 heavy"]
