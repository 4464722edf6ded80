"""Contracts in configuration files: what is not their own stays as it is, to the byte."""

import configparser
import os
import re
import subprocess
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
from importlinter import cli
from importlinter.application import use_cases
from packaging.version import Version

import inside
from conftest import program, write_files
from cycles.contracts.config_file import in_force, read, with_contract
from cycles.contracts.contract_text import Contract, as_ini, as_inline_toml, as_toml
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import PlanStep

TYPE = "acyclic_modules: cycles.contracts.acyclic.AcyclicModulesContract"
RING = {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "import p.a\n"}
SECTION = '[tool.importlinter]\nroot_packages = ["p"]\n'


def made(*cuts: str, package: str = "p") -> Contract:
    steps = tuple(PlanStep(*cut.split(" -> "), modules_left=0, largest_left=0) for cut in cuts)
    return Contract((package,), GraphName.ALL, steps, notes=("A note of many words.",))


def merge(folder: Path, name: str, text: str, contract: Contract) -> str:
    """The text with the contract in it, put there twice over to see that the second time changes nothing."""
    path = folder / name
    path.write_bytes(text.encode())
    once = with_contract(read(path), contract)
    path.write_bytes(once.encode())
    assert with_contract(read(path), contract) == once
    found = read_by_import_linter(path, contract.id)
    assert found | as_listed(contract.fields) == found
    return once


def read_by_import_linter(path: Path, contract_id: str) -> dict[str, object]:
    """The contract of that id in a configuration, as import-linter's own reader finds it."""
    cli.configuration.configure()
    found = use_cases.read_user_options(str(path))
    (own,) = (options for options in found.contracts_options if options.get("id") == contract_id)
    return own


def as_listed(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: value if isinstance(value, str) else [*value] for key, value in fields.items()}


def without(text: str, *own: str) -> str:
    """A text with each of some own pieces taken out, each of which it must hold once."""
    for piece in own:
        assert text.count(piece) == 1, piece
        text = text.replace(piece, "")
    return text


TYPE_LINE = f'contract_types = ["{TYPE}"]\n'
TOML = {
    "plain": SECTION,
    "comments": f"# top\n\n{SECTION}# below\n\n[tool.other] # why\nx = 1\n",
    "tables that do not stand together": (
        f'{SECTION}\n[[tool.importlinter.contracts]]\nname = "one"\ntype = "independence"\nmodules = ["p.a"]\n\n'
        '[tool.other]\nx = 1\n\n[[tool.importlinter.contracts]]\nname = "two"\ntype = "independence"\nmodules = ["p.b"]\n'
        "\n[tool.last]\ny = [1, 2]\n"
    ),
    "a header with spaces": '[ tool . importlinter ]  # here\nroot_package = "p"\n',
    "a table in a table": f"{SECTION}[tool.importlinter.else]\nx = 1\n",
    "nan and dates": f"x = nan\nday = 2026-01-01\n{SECTION}",
}


@pytest.mark.parametrize("text", TOML.values(), ids=TOML)
def test_a_toml_file_keeps_every_byte_that_is_not_its_own(tmp_path, text):
    contract = made("p.a -> p.b")

    found = merge(tmp_path, "pyproject.toml", text, contract)

    assert without(found, TYPE_LINE, "\n" + as_toml(contract)) == text
    assert tomllib.loads(found)["tool"]["importlinter"]["contracts"][-1] == {
        "id": "cycles-p-all",
        "name": "p: no import cycles between modules (all)",
        "type": "acyclic_modules",
        "packages": ["p"],
        "graph": "all",
        "ignore_imports": ["p.a -> p.b"],
    }


def test_newlines_of_windows_are_kept(tmp_path):
    text = f"{SECTION}# end\n".replace("\n", "\r\n")

    found = merge(tmp_path, "pyproject.toml", text, made("p.a -> p.b"))

    assert found.count("\n") == found.count("\r\n")
    assert (
        without(found, TYPE_LINE.replace("\n", "\r\n"), "\r\n" + as_toml(made("p.a -> p.b")).replace("\n", "\r\n"))
        == text
    )


def test_a_last_line_without_a_newline_gets_one(tmp_path):
    found = merge(tmp_path, "pyproject.toml", SECTION.rstrip("\n"), made())

    assert without(found, TYPE_LINE, "\n" + as_toml(made())) == SECTION


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ('["x: y.Z"]', f'["x: y.Z", "{TYPE}"]'),
        ("[]", f'["{TYPE}"]'),
        ('[\n    "x: y.Z",  # mine]\n]', f'[\n    "x: y.Z",  # mine]\n"{TYPE}"]'),
        (f'["x: y.Z", "{TYPE}"]', f'["x: y.Z", "{TYPE}"]'),
    ],
)
def test_the_type_joins_those_that_are_registered(tmp_path, types, expected):
    found = merge(tmp_path, "pyproject.toml", f"{SECTION}contract_types = {types}\nlast = 1\n", made())

    assert found == f"{SECTION}contract_types = {expected}\nlast = 1\n\n{as_toml(made())}"


@pytest.mark.parametrize(
    "contracts",
    [
        '[{ name = "one", type = "independence", modules = ["p.a"] }]',
        '[\n    { name = "one", type = "independence", modules = ["p.a"] },  # mine\n]',
        '[\n    { name = "one", type = "independence", modules = ["p.a"] }  # mine ]\n]',
        "[]",
    ],
)
def test_an_inline_array_of_contracts_is_extended_in_place(tmp_path, contracts):
    text = f"{SECTION}contracts = {contracts}\nlast = 1\n"
    before = tomllib.loads(text)["tool"]["importlinter"]

    found = merge(tmp_path, "pyproject.toml", text, made("p.a -> p.b"))
    after = tomllib.loads(found)["tool"]["importlinter"]

    assert as_inline_toml(made("p.a -> p.b")) in found
    assert after["contracts"][:-1] == before["contracts"]
    assert (after["contracts"][-1]["id"], after["last"]) == ("cycles-p-all", 1)
    assert all(line in found for line in contracts.replace("[]", "").splitlines() if "#" in line)


def test_dotted_keys_are_extended_in_their_own_way(tmp_path):
    text = '[tool]\nimportlinter.root_packages = ["p"]\nimportlinter.contracts = []\n'

    found = tomllib.loads(merge(tmp_path, "pyproject.toml", text, made()))["tool"]["importlinter"]

    assert (found["contract_types"], found["contracts"][0]["id"]) == ([TYPE], "cycles-p-all")


def test_a_file_without_a_section_gets_one(tmp_path):
    found = merge(tmp_path, "pyproject.toml", '[project]\nname = "p"\n', made())

    assert found == f'[project]\nname = "p"\n\n{SECTION}{TYPE_LINE}\n{as_toml(made())}'


INI = {
    "plain": "[importlinter]\nroot_package = p\n",
    "percent signs": "[metadata]\nname = p\n\n[importlinter]\nroot_package = p\n\n[importlinter:contract:own]\nname = 100%% mine\n",
    "comments": "# top\n[importlinter]\n; why\nroot_packages =\n    p\n    # not q\n\n[flake8]\nmax = 1\n",
    "a default section": "[DEFAULT]\nx = 1\n[importlinter]\nroot_package = p\n",
}


@pytest.mark.parametrize("text", INI.values(), ids=INI)
@pytest.mark.parametrize("name", ["setup.cfg", ".importlinter"])
def test_an_ini_file_keeps_every_byte_that_is_not_its_own(tmp_path, name, text):
    contract = made("p.a -> p.b", "p.b -> p.c")

    found = merge(tmp_path, name, text, contract)
    parser = configparser.ConfigParser()
    parser.read_string(found)

    assert without(found, f"contract_types =\n    {TYPE}\n", "\n" + as_ini(contract)) == text
    assert parser["importlinter:contract:cycles-p-all"]["ignore_imports"].split("\n")[1:] == [
        "p.a -> p.b",
        "p.b -> p.c",
    ]


def test_the_type_joins_the_lines_of_an_ini_value(tmp_path):
    text = "[importlinter]\nroot_package = p\ncontract_types =\n    x: y.Z\n"

    found = merge(tmp_path, "setup.cfg", text, made())

    assert found == text.replace("    x", f"    {TYPE}\n    x") + "\n" + as_ini(made())


def test_an_ini_file_with_newlines_of_windows(tmp_path):
    found = merge(tmp_path, "setup.cfg", "[importlinter]\r\nroot_package = p", made("p.a -> p.b"))

    assert found.count("\n") == found.count("\r\n")


def test_a_block_is_replaced_where_it_stands(tmp_path):
    first = merge(tmp_path, "pyproject.toml", SECTION, made("p.a -> p.b", "p.b -> p.c"))

    found = merge(tmp_path, "pyproject.toml", f"{first}[tool.after]\n", made("p.b -> p.c"))

    assert (
        found
        == first.replace(as_toml(made("p.a -> p.b", "p.b -> p.c")), as_toml(made("p.b -> p.c"))) + "[tool.after]\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("pyproject.toml", "[tool.importlinter]\nx = \n", "pyproject.toml:2: not valid TOML"),
        (
            "pyproject.toml",
            '\ufeff[tool.importlinter]\nroot_package = "p"\n',
            "pyproject.toml:1: begins with a byte order mark",
        ),
        ("setup.cfg", "x\n", "setup.cfg:1: import-linter cannot read it"),
        (
            "setup.cfg",
            "[importlinter]\nroot_package = p\nroot_package = q\n",
            "setup.cfg:3: import-linter cannot read it",
        ),
        ("setup.cfg", "[importlinter]\nroot_package = 5%\n", "setup.cfg:2: import-linter cannot read it"),
        ("setup.cfg", "[importlinter]\n  [x\nfoo\n", "setup.cfg:2: import-linter cannot read it"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, name, text, sentence):
    write_files(tmp_path, {name: text})

    with pytest.raises(CyclesError) as caught:
        read(tmp_path / name)

    assert str(caught.value).startswith(f"{tmp_path}/{sentence}")


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path):
    write_files(tmp_path, {"setup.cfg": b"[importlinter]\nx = \xff\n"})

    with pytest.raises(CyclesError, match=r"setup.cfg:2: not UTF-8"):
        read(tmp_path / "setup.cfg")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'{SECTION}[[tool.importlinter.contracts]]\nid = "cycles-p-all"\ntype = "layers"\n', ":4: the contract id"),
        (
            f'{SECTION}[[tool.importlinter.contracts]]\nid = "cycles-p-all"\ntype = "acyclic_modules"\n',
            ":4: the contract",
        ),
        (f'{SECTION}contract_types = ["acyclic_modules: x.Y"]\n', ":3: the contract type"),
        ('x = 1\n[tool]\nimportlinter = { root_package = "p" }\n', ":3: no place for the contract"),
    ],
)
def test_what_is_somebody_elses_is_not_touched(tmp_path, text, sentence):
    write_files(tmp_path, {"pyproject.toml": text})
    configuration = read(tmp_path / "pyproject.toml")

    with pytest.raises(CyclesError) as caught:
        (configuration.own(made()), with_contract(configuration, made()))

    assert str(caught.value).startswith(f"{tmp_path}/pyproject.toml{sentence}")


BEGIN, END = "# cycles: begin cycles-p-all\n", "# cycles: end cycles-p-all\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SECTION + as_toml(made()).replace(END, ""), ":3: the contract"),
        (SECTION + END + as_toml(made()).replace(BEGIN, "").replace(END, BEGIN), ":3: the contract"),
        (f"{SECTION}{END}", ":3: the contract"),
        (SECTION + as_toml(made()).replace(END, f"[tool.mine]\nx = 1\n{END}"), ":3: something else is between"),
        (SECTION + BEGIN + END + as_toml(made()).replace(BEGIN, "").replace(END, ""), ":3: something else is"),
    ],
    ids=["one gone", "swapped", "one left", "a table of mine between them", "beside the contract"],
)
def test_markers_that_do_not_hold_the_contract_are_named(tmp_path, text, sentence):
    write_files(tmp_path, {"pyproject.toml": text})
    configuration = read(tmp_path / "pyproject.toml")

    with pytest.raises(CyclesError) as caught:
        (configuration.own(made()), with_contract(configuration, made()))

    assert str(caught.value).startswith(f"{tmp_path}/pyproject.toml{sentence}")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pyproject.toml", f"{SECTION}{BEGIN}{END}[tool.z]\n", "[tool.z]\n"),
        ("pyproject.toml", f"{SECTION}contracts = [\n    {BEGIN}    {END}]\n", "]\n"),
        ("setup.cfg", f"[importlinter]\nroot_package = p\n{BEGIN}{END}[z]\n", "[z]\n"),
    ],
)
def test_a_contract_that_was_taken_out_comes_back_between_its_markers(tmp_path, name, before, after):
    found = merge(tmp_path, name, before, made("p.a -> p.b"))

    assert found.endswith(f"{END}{after}")
    assert read(_written(tmp_path / name, found)).own(made()).excepted == (("p.a", "p.b"),)


def test_a_contract_is_not_taken_for_one_whose_name_goes_on(tmp_path):
    both = merge(tmp_path, "pyproject.toml", merge(tmp_path, "pyproject.toml", SECTION, made(package="p.all")), made())

    configuration = read(_written(tmp_path / "pyproject.toml", both))

    assert [configuration.own(made(package=name)).packages for name in ("p.all", "p")] == [("p.all",), ("p",)]
    assert both.split("\n")[configuration.line_number("cycles-p-all") - 1] == BEGIN.strip()


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_first_file_with_a_section_is_in_force_and_two_are_refused(tmp_path):
    write_files(tmp_path, {"setup.cfg": "[metadata]\n", "pyproject.toml": f"\n{SECTION}"})
    one = in_force(tmp_path)
    write_files(tmp_path, {".importlinter": "[importlinter]\nroot_package = p\n"})

    assert one is not None
    assert one.path == tmp_path / "pyproject.toml"
    with pytest.raises(CyclesError) as caught:
        in_force(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/.importlinter:1 and {tmp_path}/pyproject.toml:2 both configure")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`cycles contract` in this process: what is tested is its text."""
    return inside.cycles(folder, "contract", *arguments)


def run_alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`cycles contract` as a user starts it, with a process for each question."""
    command = [program("cycles"), "contract", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("lint-imports"), "--no-cache", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_from_drive_to_lock_by_the_command_line(tmp_path):
    write_files(tmp_path, {**RING, "p/c.py": "import p.d\n", "p/d.py": "import p.c\n", "pyproject.toml": SECTION})
    path = tmp_path / "pyproject.toml"
    counts = []
    for name in ("", "p/b.py", "p/d.py"):
        if name:
            os.truncate(tmp_path / name, 0)
        stale = lint(tmp_path).returncode
        written = run_alone(tmp_path, "p", "--graph", "all", "--write")
        again = path.read_bytes()
        same = run_alone(tmp_path, "p", "--graph", "all", "--write")
        assert (written.returncode, same.returncode, path.read_bytes()) == (0, 0, again)
        assert same.stdout.splitlines()[1].endswith("unchanged")
        counts.append((again.count(b" -> "), stale, lint(tmp_path).returncode))

    # Since 2.16, lint-imports fails where it finds no contract at all.
    without_any = int(Version(metadata.version("import-linter")) >= Version("2.16"))
    assert counts == [(2, without_any, 0), (1, 1, 0), (0, 1, 0)]
    assert same.stdout.splitlines() == [
        "contract  p: no import cycles between modules (all)",
        "file      pyproject.toml: no exceptions, unchanged",
        "checked   import-linter passes it, by the imports that it sees",
        "next      lint-imports",
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["p", "pyproject.toml"]


INI_OWN = """\
[importlinter]
root_package = p

[importlinter:contract:kept]
name = 100%% kept
type = forbidden
source_modules =
    p.a
forbidden_modules =
    p.c

[importlinter:contract:broken]
name = broken
type = forbidden
source_modules =
    p.a
forbidden_modules =
    p.b
"""
TOML_OWN = """\
[tool.importlinter]
root_packages = ["p"]
contracts = [
    { name = "100% kept", type = "forbidden", source_modules = ["p.a"], forbidden_modules = ["p.c"] },
    { name = "broken", type = "forbidden", source_modules = ["p.a"], forbidden_modules = ["p.b"] },
]
"""


@pytest.mark.parametrize(("name", "text"), [("setup.cfg", INI_OWN), ("pyproject.toml", TOML_OWN)])
def test_the_verdicts_on_a_users_own_contracts_stay(tmp_path, name, text):
    write_files(tmp_path, {**RING, "p/c.py": "", name: text})
    before = re.findall(r"^(.* (?:KEPT|BROKEN))", lint(tmp_path).stdout, re.MULTILINE)

    written = run(tmp_path, "p", "--write", "--graph", "all")
    after = re.findall(r"^(.* (?:KEPT|BROKEN))", lint(tmp_path).stdout, re.MULTILINE)

    assert written.stdout.splitlines()[-1] == "next      lint-imports"
    assert before == ["100% kept KEPT", "broken BROKEN"]
    assert after == [*before, "p: no import cycles between modules (all) KEPT"]


def test_growth_is_refused_unless_it_is_allowed(tmp_path):
    write_files(tmp_path, {**RING, "p/b.py": "", "pyproject.toml": SECTION})
    assert run(tmp_path, "p", "--graph", "all", "--write").returncode == 0
    before = (tmp_path / "pyproject.toml").read_bytes()
    write_files(tmp_path, RING)

    refused = run(tmp_path, "p", "--graph", "all", "--write")
    kept = (tmp_path / "pyproject.toml").read_bytes()
    allowed = run(tmp_path, "p", "--graph", "all", "--write", "--allow-growth")

    assert (refused.returncode, kept, allowed.returncode) == (2, before, 0)
    assert "1 import on a cycle is not yet an exception of it (p." in refused.stderr
    assert lint(tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("name", "text", "mine"),
    [
        ("pyproject.toml", SECTION, 'name = "100% \\"ours\\""\nredundant_ignore_imports_alerting = "warn"\n'),
        (
            "setup.cfg",
            "[importlinter]\nroot_package = p\n",
            'name = 100%% "ours"\nredundant_ignore_imports_alerting = warn\n',
        ),
    ],
)
def test_a_name_and_alertings_given_by_hand_stay(tmp_path, name, text, mine):
    write_files(tmp_path, {**RING, name: text})
    run(tmp_path, "p", "--graph", "all", "--write")
    written = (tmp_path / name).read_text()
    write_files(tmp_path, {name: re.sub(r"name = .*\n", mine.replace("\\", r"\\"), written, count=1)})
    run(tmp_path, "p", "--graph", "all", "--write")
    once = (tmp_path / name).read_bytes()

    again = run(tmp_path, "p", "--graph", "all", "--write")

    assert again.stdout.startswith(f'contract  100% "ours"\nfile      {name}: 1 exception, unchanged\n')
    assert (tmp_path / name).read_bytes() == once
    assert set(mine.splitlines()) <= set(once.decode().splitlines())
    assert '100% "ours" KEPT (1 ignored import)' in lint(tmp_path).stdout


@pytest.mark.parametrize(("option", "cut"), [("--keep", "p.* p.a"), ("--cut", "p.a p.b")])
def test_what_the_user_says_of_cuts_goes_before_what_the_contract_in_force_excepts(tmp_path, option, cut):
    write_files(tmp_path, {**RING, "pyproject.toml": SECTION + as_toml(made("p.b -> p.a"))})
    wanted = ["p", "--graph", "all", "--write", option, *cut.split()]

    refused = run(tmp_path, *wanted)
    allowed = run(tmp_path, *wanted, "--allow-growth")

    assert (
        "1 import on a cycle is not yet an exception of it (p.a -> p.b); cut it, or accept it with --allow-growth"
        in refused.stderr
    )
    assert (refused.returncode, allowed.returncode) == (2, 0)
    assert read(tmp_path / "pyproject.toml").own(made()).excepted == (("p.a", "p.b"),)


def test_a_cut_that_no_cycle_needs_is_named(tmp_path):
    write_files(tmp_path, RING)

    refused = run(tmp_path, "p", "--graph", "all", "--cut", "p.a", "p.b", "--cut", "p.b", "p.a")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "cycles: no cycle needs p.a -> p.b cut once the others are; take one --cut out\n"


@pytest.mark.parametrize("roots", [["p"], ["p", "q"]], ids=["in a file of its own", "in the configuration in force"])
def test_a_lock_covers_every_package_that_it_covered_while_it_drove(tmp_path, roots):
    ring = {"p/__init__.py": "", "q/__init__.py": "", "p/a.py": "import q.b\n", "q/b.py": "import p.a\n"}
    write_files(tmp_path, {**ring, "pyproject.toml": f"[tool.importlinter]\nroot_packages = {roots}\n"})
    wanted = ["p", "--graph", "all", "--write", "--root", "q"]
    driving = run(tmp_path, *wanted).stdout.splitlines()
    write_files(tmp_path, {"q/b.py": ""})

    forgotten = run(tmp_path, *wanted[:-2], "--only")
    locked = run(tmp_path, *wanted).stdout.splitlines()
    write_files(tmp_path, ring)
    broken = lint(tmp_path, *driving[-1].split()[2:])

    assert driving[0] == "contract  p and q: no import cycles between modules (all)"
    assert driving[1].endswith(".toml: 1 exception, new")
    assert forgotten.returncode == 2
    assert ": the contract covers q too; add --root q, or take it out there" in forgotten.stderr
    assert (locked[0], locked[1].partition(": ")[2]) == (driving[0], "no exceptions, rewritten")
    assert (locked[-1], broken.returncode) == (driving[-1], 1)


def test_a_file_of_its_own_whose_roots_are_too_few_is_named(tmp_path):
    roots = '[tool.importlinter]\nroot_packages = ["q"]\n'
    write_files(tmp_path, {**RING, "pyproject.toml": roots, ".importlinter-p.toml": f"\n{roots}"})

    refused = run(tmp_path, "p", "--write")

    assert (refused.returncode, refused.stderr) == (
        2,
        f"cycles: {tmp_path}/.importlinter-p.toml:2: its root packages do not cover p; add what is missing\n",
    )


def test_a_named_configuration_is_made_and_said_how_to_run(tmp_path):
    write_files(tmp_path, {**RING, "setup.cfg": "[metadata]\n", "linters/x": ""})

    said = [
        run(tmp_path, "p", "--write", "--config", config).stdout.splitlines()[-1]
        for config in ("pyproject.toml", "linters/ini.cfg")
    ]

    assert said == [f"next      lint-imports --config {config}" for config in ("pyproject.toml", "linters/ini.cfg")]
    assert lint(tmp_path, "--config", "linters/ini.cfg").returncode == 0
    assert lint(tmp_path).returncode == 0


def test_a_source_root_further_down_is_said(tmp_path):
    write_files(tmp_path, {**{f"src/{name}": text for name, text in RING.items()}, "pyproject.toml": SECTION})

    assert run(tmp_path, "p", "--write").stdout.splitlines()[-1] == "next      PYTHONPATH=src lint-imports"


def test_a_package_outside_the_roots_gets_a_file_of_its_own(tmp_path):
    text = '[tool.importlinter]\nroot_packages = ["q"]\n'
    write_files(tmp_path, {**RING, "q/__init__.py": "", "pyproject.toml": text})

    written = run(tmp_path, "p", "--write")
    again = run(tmp_path, "p", "--write")

    assert written.stdout.splitlines()[-1] == "next      lint-imports --config .importlinter-p.toml"
    assert again.stdout.splitlines()[1].endswith("unchanged")
    assert (tmp_path / "pyproject.toml").read_text() == text
    assert lint(tmp_path, "--config", ".importlinter-p.toml").returncode == 0


@pytest.mark.parametrize(
    ("files", "arguments", "sentence"),
    [
        ({}, [], "has no configuration of import-linter"),
        (
            {"pyproject.toml": SECTION, "setup.cfg": "[importlinter]\nroot_package = p\n"},
            [],
            "both configure import-linter",
        ),
        ({"setup.cfg": "[importlinter\n"}, [], "setup.cfg:1: import-linter cannot read it"),
        ({"pyproject.toml": SECTION, "p/c.py": "def f(:\n"}, [], "import-linter cannot read p"),
        ({}, ["--config", "missing/x.toml"], "cannot write"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(tmp_path, files, arguments, sentence):
    write_files(tmp_path, {**RING, **files})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    finished = run(tmp_path, "p", "--write", *arguments)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert sentence in finished.stderr.splitlines()[-1]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.posix
def test_a_read_only_file_is_left_alone_and_a_link_is_followed(tmp_path):
    write_files(tmp_path, {**RING, "real.toml": SECTION})
    (tmp_path / "pyproject.toml").symlink_to("real.toml")
    (tmp_path / "real.toml").chmod(0o444)
    refused = run(tmp_path, "p", "--write")
    (tmp_path / "real.toml").chmod(0o640)
    written = run(tmp_path, "p", "--write")

    assert (refused.returncode, written.returncode) == (2, 0)
    assert "read-only" in refused.stderr
    assert (tmp_path / "pyproject.toml").is_symlink()
    assert (tmp_path / "real.toml").stat().st_mode & 0o777 == 0o640


def test_the_analysed_code_is_never_executed(tmp_path):
    boom = "raise SystemExit('executed')\n"
    write_files(tmp_path, {"p/__init__.py": boom, "p/a.py": f"import p.b\n{boom}", "p/b.py": "import p.a\n"})
    write_files(tmp_path, {"sitecustomize.py": boom, "rich/__init__.py": boom, "pyproject.toml": SECTION})

    assert run_alone(tmp_path, "p", "--write").returncode == 0


def test_a_component_that_leaves_the_package_is_covered_by_a_further_root_or_named(tmp_path):
    files = {"p/__init__.py": "", "p/a.py": "import q.b\n", "q/__init__.py": "", "q/b.py": "import p.a\n"}
    write_files(tmp_path, {**files, "p/x/__init__.py": "", "p/x/c.py": "import p.a\n"})
    two = run(tmp_path, "p", "--root", "q").stdout
    write_files(tmp_path, {"q/b.py": "", "p/a.py": "import p.x.c\n"})
    inner = run(tmp_path, "p.x").stdout

    assert tomllib.loads(two)["tool"]["importlinter"]["contracts"][0]["packages"] == ["p", "q"]
    assert "not cycles through modules outside; `cycles contract p --graph import-time` covers" in inner.replace(
        "\n# ", " "
    )


@pytest.mark.parametrize("command", [[], ["--write"]], ids=["printed", "written"])
def test_a_contract_that_needs_more_packages_than_the_configuration_has_stands_apart_and_says_so(tmp_path, command):
    files = {"shop/__init__.py": "", "shop/a.py": "import helpers.b\n", "helpers/__init__.py": "", "helpers/b.py": "import shop.a\n"}  # fmt: skip
    text = '[tool.importlinter]\nroot_packages = ["shop"]\n'
    write_files(tmp_path, {**files, "pyproject.toml": text})

    made = run(tmp_path, "shop", *command)

    assert "a file of its own, for the root packages in pyproject.toml lack helpers" in " ".join(
        (made.stdout + made.stderr).split()
    )
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8") == text
    document = tomllib.loads(
        (tmp_path / ".importlinter-shop.toml").read_text(encoding="utf-8") if command else made.stdout
    )
    assert document["tool"]["importlinter"]["root_packages"] == ["helpers", "shop"]
    assert document["tool"]["importlinter"]["contracts"][0]["packages"] == ["shop", "helpers"]
    if command:
        assert lint(tmp_path, "--config", ".importlinter-shop.toml").returncode == 0


def test_a_contract_over_modules_outside_packages_is_refused(tmp_path):
    write_files(tmp_path, {"a.py": "import b\n", "b.py": "import a\n"})

    assert run(tmp_path, ".").stderr == (
        "cycles: import-linter knows packages only, and a is a module outside any; put it into a package\n"
    )


def test_with_a_number_it_covers_the_package_around_the_component(tmp_path):
    write_files(tmp_path, {**RING, "p/x/__init__.py": "", "p/x/c.py": "import p.x.d\n", "p/x/d.py": "import p.x.c\n"})

    packages = [
        tomllib.loads(run(tmp_path, "p", number).stdout)["tool"]["importlinter"]["contracts"][0]["packages"]
        for number in ("1", "2")
    ]

    assert packages == [["p"], ["p.x"]]
    # Component 1 is all over the package, in which component 2 lies too.
    covered = "cycles: component #1 reaches through p: the contract covers all 2 components there\n"
    assert [covered in run(tmp_path, "p", *number).stderr for number in (["1"], ["2"], [])] == [True, False, False]
