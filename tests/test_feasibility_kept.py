"""What `how` promises, kept: every easy cut of small packages is made, and the module really imported."""

import random
import sys
from pathlib import Path

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility
from mover import imported, moved

EASY = (Feasibility.UNUSED, Feasibility.TYPE_ONLY, Feasibility.DEFERRABLE)
USES = (
    "def f{n}():\n    return {name}\n",
    "class K{n}:\n    def m(self, x=0):\n        return [{name} for _ in ()]\n",
    "def f{n}(x: '{name}'):\n    y: {name} = x\n    return y\n",
    "def f{n}():\n    return f'{{{name}}}'\nx{n} = f{n}\n",
    "def f{n}():\n    return {name}\ny{n} = f{n}()\n",
    "class K{n}({name}): ...\n",
    "def f{n}({name}=1):\n    return {name}\n",
    "def f{n}(x={name}): ...\n",
    "def d{n}(f):\n    {name}\n    return f\n@d{n}\ndef g{n}(): ...\n",
    "class K{n}:\n    def m(self):\n        return {name}\nz{n} = K{n}().m\n",
    "w{n} = [{name} for {name} in ()]\n",
    "def f{n}():\n    try:\n        return 1\n    except {name}:\n        return 2\n",
    "class K{n}:\n    {name} = 1\n    v = {name}\n",
    "def f{n}():\n    def g():\n        return {name}\n    return g\nu{n} = f{n}\n",
    "",
)


def generated(seed: int) -> dict[str, str]:
    """A ring of modules that can be imported, each using what it takes of the next in some ways."""
    chance = random.Random(seed)
    size = 5
    files = {"p/__init__.py": ""}
    for number in range(size):
        after = (number + 1) % size
        body = f"class Name{number}: ...\nclass Other{number}: ...\n"
        if after:
            body = f"from p.m{after} import Name{after}, Other{after}\n" + body
        else:
            body += "import p.m0\n"
        for place in range(chance.randrange(4)):
            body += chance.choice(USES).format(n=place, name=f"{chance.choice(['Name', 'Other'])}{after or number}")
        files[f"p/m{number}.py"] = body
    return files


@pytest.mark.parametrize("seed", range(40))
def test_an_easy_cut_breaks_no_import_and_runs_nothing_of_it(tmp_path, seed):
    write_files(tmp_path, generated(seed))
    analysis = analyze("p", folders=[tmp_path])
    files = {module.name: module for module in analysis.files}
    (cutting,) = plan_all(analysis.components)
    texts = {}
    for cut in cutting.ranking.cuts:
        if cut.how.feasibility in EASY:
            path = files[cut.importer].path
            text = Path(path).read_text(encoding="utf-8")
            texts[path] = moved(text, cut, frozenset(files), is_package=False, strict=True)

    assert imported(sys.executable, [tmp_path], sorted(files), {}) == "ok"
    assert imported(sys.executable, [tmp_path], sorted(files), texts) == "ok"
