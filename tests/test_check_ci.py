"""`cycles check` where it is used: through the action's steps, as a pre-commit hook, in pytest, as docs/ci.md says."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import golden
from readme import BIN

pytestmark = pytest.mark.posix

_ACTION = yaml.safe_load((golden.PROJECT / "action.yml").read_text(encoding="utf-8"))
_PAGE = (golden.PROJECT / "docs" / "ci.md").read_text(encoding="utf-8")
_IDENTITY = {
    **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], **_IDENTITY}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repository(tmp_path) -> Path:
    """The shop on main, and a branch that adds an import which closes a cycle."""
    top = tmp_path / "repository"
    shutil.copytree(golden.SAMPLES / "shop" / "shop", top / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(top))
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=shop")
    git(top, "switch", "--quiet", "--create=topic")
    return top


def make_worse(top: Path) -> None:
    models = top / "shop" / "orders" / "models.py"
    models.write_text(f"{models.read_text()}from shop.app import Storefront\n")
    git(top, "commit", "--quiet", "--all", "--message=worse")


class Runner:
    """A machine of GitHub's, as far as the action can see: it fills in expressions, and reads what steps leave."""

    def __init__(self, top: Path, folder: Path) -> None:
        self.top, self.temp = top, folder / "runner temp"
        self.files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        self.outputs: dict[str, str] = {}
        self.temp.mkdir()
        # What action/install.sh makes, without a download.
        (self.temp / "cycles-check" / "bin").mkdir(parents=True)
        (self.temp / "cycles-check" / "bin" / "cycles").symlink_to(Path(BIN) / "cycles")

    def run(self, step: dict, inputs: dict[str, str], python: str = "") -> subprocess.CompletedProcess:
        given = {name: value.get("default", "") for name, value in _ACTION["inputs"].items()} | inputs

        def filled(found: re.Match[str]) -> str:
            kind, _, name = found[1].strip().partition(".")
            return given[name] if kind == "inputs" else {"steps.python.outputs.python-path": python}[found[1].strip()]

        environment = {name: re.sub(r"\$\{\{(.*?)\}\}", filled, value) for name, value in step["env"].items()}
        for file in self.files.values():
            file.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.top,
            env={
                "PATH": os.environ["PATH"],
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_ACTION_PATH": str(golden.PROJECT),
                "GITHUB_WORKSPACE": str(self.top),
                **{name: str(file) for name, file in self.files.items()},
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.outputs = self._outputs()
        return done

    def _outputs(self) -> dict[str, str]:
        """As the runner reads the file: NAME<<END, lines, END."""
        found = {}
        lines = iter(self.files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
        for line in lines:
            name, _, end = line.partition("<<")
            value = []
            for part in lines:
                if part == end:
                    break
                value.append(part)
            found[name] = "\n".join(value)
        return found


def steps() -> dict[str, dict]:
    return {step.get("id", f"step {number}"): step for number, step in enumerate(_ACTION["runs"]["steps"])}


def test_everything_that_is_used_is_pinned_and_no_input_is_text_of_a_script():
    workflow = next(page for page in blocks("yaml") if "jobs" in page)
    used = [
        step["uses"] for step in (*_ACTION["runs"]["steps"], *workflow["jobs"]["cycles"]["steps"]) if "uses" in step
    ]

    assert len(used) == 4
    assert all(re.fullmatch(r"[\w./-]+@([0-9a-f]{40}|COMMIT)", name) for name in used)
    assert not [step["run"] for step in _ACTION["runs"]["steps"] if "${{" in step.get("run", "")]
    for script in (golden.PROJECT / "action").iterdir():
        assert "${{" not in script.read_text(encoding="utf-8")
        assert "eval" not in script.read_text(encoding="utf-8")


def test_the_action_says_what_a_pull_request_makes_worse(repository, tmp_path):
    make_worse(repository)
    runner = Runner(repository, tmp_path)
    done = runner.run(steps()["check"], {"package": "shop", "since": "main"})

    assert done.returncode == 1
    assert re.findall(r"^::error file=([^,]*),line=(\d+)", done.stdout, re.MULTILINE) == [
        ("shop/orders/models.py", "33")
    ]
    assert set(runner.outputs) == set(_ACTION["outputs"])
    assert runner.outputs["outcome"] == "found"
    assert runner.outputs["comment"].startswith(
        "<!-- cycles check: shop -->\n\n**Import cycles: worse.** 3 modules are newly"
    )
    assert runner.files["GITHUB_STEP_SUMMARY"].read_text().rstrip() == runner.outputs["comment"].rstrip()


def test_the_action_passes_where_nothing_is_worse(repository, tmp_path):
    runner = Runner(repository, tmp_path)
    done = runner.run(
        steps()["check"], {"package": "shop", "since": "main", "graph": "import-time  all", "args": "--strict"}
    )

    assert (done.returncode, runner.outputs["outcome"]) == (0, "passed")
    assert "- all: " in runner.outputs["comment"]


def test_the_configuration_may_name_the_package(repository, tmp_path):
    (repository / "pyproject.toml").write_text('[tool.cycles]\npackage = "shop"\n')
    make_worse(repository)
    runner = Runner(repository, tmp_path)
    runner.run(steps()["check"], {"since": "main"})

    assert runner.outputs["outcome"] == "found"
    assert runner.outputs["comment"].startswith("<!-- cycles check: shop -->\n")


def test_paths_are_those_of_the_repository_where_the_action_checks_in_a_folder(repository, tmp_path):
    deeper = repository / "back end"
    deeper.mkdir()
    git(repository, "mv", "shop", "back end/shop")
    git(repository, "commit", "--quiet", "--message=move")
    runner = Runner(repository, tmp_path)
    done = runner.run(steps()["check"], {"package": "shop", "working-directory": "back end"})

    assert re.findall(r"^::error file=([^,]*),", done.stdout, re.MULTILINE) == ["back end/shop/customers/loyalty.py"]


def test_the_action_says_what_is_wrong_where_it_cannot_tell(repository, tmp_path):
    runner = Runner(repository, tmp_path)
    done = runner.run(steps()["check"], {"package": "shop", "since": "no such"})

    assert done.returncode == 2
    assert runner.outputs == {"outcome": "error", "comment": ""}
    (annotation,) = re.findall(r"^::error title=cycles check::cycles: (.*)$", done.stdout, re.MULTILINE)
    assert 'no commit "no such"' in annotation


@pytest.mark.parametrize("names", [("package", "since", "baseline", "graph", "args"), ("working-directory",)])
@pytest.mark.parametrize(
    "words", ["a$(touch traced)`touch traced`\ntouch traced", '"; touch traced; "', "'; touch traced; '", "*"]
)
def test_no_input_is_run_as_a_command(repository, tmp_path, names, words):
    runner = Runner(repository, tmp_path)
    (repository / "--update").write_text("")
    done = runner.run(steps()["check"], {"package": "shop", **dict.fromkeys(names, words)})

    assert done.returncode != 0
    assert "--update" not in done.stderr
    assert not [*tmp_path.rglob("traced")]


def test_an_option_cannot_hide_in_what_to_compare_with(repository, tmp_path):
    runner = Runner(repository, tmp_path)
    runner.run(steps()["check"], {"package": "shop", "since": "--output=taken"})

    assert runner.outputs["outcome"] == "error"
    assert not (repository / "taken").exists()


@pytest.mark.parametrize(
    ("version", "installed"),
    [("", str(golden.PROJECT)), ("1.2", "cycles==1.2"), ("1 --index-url x", "cycles==1 --index-url x")],
)
def test_the_action_installs_the_version_that_was_asked_for(repository, tmp_path, version, installed):
    """With a Python that only writes down what it was asked to do."""
    runner = Runner(repository, tmp_path)
    python = tmp_path / "python"
    asked = tmp_path / "asked"
    folder = runner.temp / "cycles-check" / "bin"
    python.write_text(
        f'#!/bin/sh\nfor word; do echo "$word"; done >> "{asked}"\ncp -f "{python}" "{folder}/python" 2>/dev/null || :\n'
    )
    python.chmod(0o755)
    install = next(step for step in _ACTION["runs"]["steps"] if "install.sh" in step.get("run", ""))
    done = runner.run(install, {"package": "shop", "version": version}, python=str(python))

    assert done.returncode == 0, done.stderr
    assert asked.read_text().splitlines() == [
        *("-m", "venv", str(runner.temp / "cycles-check")),
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", installed),
    ]


@pytest.mark.real
def test_the_action_installs_itself(repository, tmp_path):
    make_worse(repository)
    runner = Runner(repository, tmp_path)
    shutil.rmtree(runner.temp / "cycles-check")
    install = next(step for step in _ACTION["runs"]["steps"] if "install.sh" in step.get("run", ""))
    installed = runner.run(install, {"package": "shop"}, python=sys.executable)

    assert installed.returncode == 0, installed.stderr
    assert runner.run(steps()["check"], {"package": "shop", "since": "main"}).returncode == 1


def blocks(language: str) -> list:
    texts = re.findall(rf"^```{language}\n(.*?)^```", _PAGE, re.MULTILINE | re.DOTALL)
    return [yaml.safe_load(text) for text in texts] if language == "yaml" else texts


def test_the_page_names_every_input_and_output_of_the_action():
    table = _PAGE.partition("| input | |")[2].partition("\n\n")[0]
    named = re.findall(
        r"`([\w-]+)`", "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    )

    assert sorted(named) == sorted(_ACTION["inputs"])
    assert all(f"`{name}`" in _PAGE for name in _ACTION["outputs"])
    workflow = next(page for page in blocks("yaml") if "jobs" in page)
    (step,) = [step for step in workflow["jobs"]["cycles"]["steps"] if step.get("id") == "cycles"]
    assert set(step["with"]) < set(_ACTION["inputs"])


_BOT = """
const calls = []
const context = { repo: { owner: "me", repo: "shop" }, issue: { number: 7 } }
const rest = { issues: {
  listComments: "list",
  updateComment: async (given) => calls.push(["update", given.comment_id, given.body]),
  createComment: async (given) => calls.push(["create", given.issue_number, given.body]),
} }
const github = { rest, paginate: async (what, given) => COMMENTS }
const main = async () => { SCRIPT }
main().then(() => console.log(JSON.stringify(calls)))
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize(
    ("comments", "outcome", "expected"),
    [
        ([], "found", ["create", 7]),
        ([], "passed", None),
        (
            [(1, "User", "<!-- cycles check: shop -->\n"), (2, "Bot", "<!-- cycles check: lib -->\n")],
            "found",
            ["create", 7],
        ),
        (
            [(2, "Bot", "<!-- cycles check: lib -->\n"), (3, "Bot", "<!-- cycles check: shop -->\nold")],
            "found",
            ["update", 3],
        ),
        ([(3, "Bot", "<!-- cycles check: shop -->\nold")], "passed", ["update", 3]),
    ],
)
def test_the_comment_of_the_page_replaces_itself(comments, outcome, expected):
    workflow = next(page for page in blocks("yaml") if "jobs" in page)
    script = workflow["jobs"]["cycles"]["steps"][-1]["with"]["script"]
    there = [{"id": number, "user": {"type": who}, "body": text} for number, who, text in comments]
    body = "<!-- cycles check: shop -->\n\nnew"
    done = subprocess.run(
        ["node", "-e", _BOT.replace("COMMENTS", json.dumps(there)).replace("SCRIPT", script)],
        env={"PATH": os.environ["PATH"], "COMMENT": body, "OUTCOME": outcome},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == ([[*expected, body]] if expected else [])


def _hooked(top: Path, config: dict, folder: Path) -> subprocess.CompletedProcess:
    (top / ".pre-commit-config.yaml").write_text(json.dumps(config))
    git(top, "add", "--all")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **_IDENTITY,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(folder / "hooks"),
        "PRE_COMMIT_COLOR": "never",
    }
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
    return subprocess.run(command, cwd=top, env=environment, capture_output=True, text=True, check=False)


def _pages_config() -> dict:
    return next(page for page in blocks("yaml") if "repos" in page)


def test_the_hook_fails_for_what_is_worse_than_the_baseline(repository, tmp_path):
    """As pre-commit runs it, but with the `cycles` of this environment: nothing is installed."""
    subprocess.run(
        [f"{BIN}/cycles", "check", "shop", "--baseline", "cycles.txt", "--update"], cwd=repository, check=True
    )
    (hook,) = yaml.safe_load((golden.PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    ((used,),) = [repo["hooks"] for repo in _pages_config()["repos"]]
    config = {"repos": [{"repo": "local", "hooks": [{**hook, **used, "language": "system"}]}]}
    before = _hooked(repository, config, tmp_path)
    make_worse(repository)
    after = _hooked(repository, config, tmp_path)

    assert used["id"] == hook["id"]
    assert (before.returncode, "Passed" in before.stdout) == (0, True), before.stdout + before.stderr
    assert (after.returncode, "Failed" in after.stdout) == (1, True)
    assert "shop/orders/models.py:33" in after.stdout


@pytest.mark.real
def test_the_hook_of_the_page_installs_itself(repository, tmp_path):
    source = tmp_path / "cycles"
    tracked = git(golden.PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, tracked):
        if (golden.PROJECT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(golden.PROJECT / name, source / name)
    git(source, "init", "--quiet")
    git(source, "add", "--all")
    git(source, "commit", "--quiet", "--message=cycles")
    subprocess.run(
        [f"{BIN}/cycles", "check", "shop", "--baseline", "cycles.txt", "--update"], cwd=repository, check=True
    )
    config = _pages_config()
    config["repos"][0] |= {"repo": str(source), "rev": git(source, "rev-parse", "HEAD").strip()}
    before = _hooked(repository, config, tmp_path)
    make_worse(repository)

    assert before.returncode == 0, before.stdout + before.stderr
    assert _hooked(repository, config, tmp_path).returncode == 1


def test_the_test_of_the_page_fails_for_what_is_worse(repository, tmp_path):
    (recipe,) = blocks("python")
    (repository / "test_cycles.py").write_text(recipe)

    def run() -> subprocess.CompletedProcess:
        # In a folder of its own: else it clears away what other runs of pytest left.
        own = f"--basetemp={tmp_path / 'inner'}"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", own, "test_cycles.py"]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(golden.PROJECT)}
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)

    before = run()
    make_worse(repository)
    after = run()

    assert before.returncode == 0, before.stdout
    assert after.returncode == 1
    assert "shop.orders.models imports shop.app" in after.stdout


def test_the_target_of_the_page_fails_for_what_is_worse(repository):
    (rules,) = blocks("make")
    (repository / "Makefile").write_text(rules)
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}"}
    subprocess.run(
        [f"{BIN}/cycles", "check", "shop", "--baseline", "cycles.txt", "--update"], cwd=repository, check=True
    )
    before = subprocess.run(["make", "cycles"], cwd=repository, env=environment, capture_output=True, check=False)
    make_worse(repository)
    after = subprocess.run(["make", "cycles"], cwd=repository, env=environment, capture_output=True, check=False)

    assert (before.returncode, after.returncode) == (0, 2)


def test_both_sides_of_a_conflict_in_a_baseline_are_enough(repository):
    """As the page says: keep the lines of both sides, then --update takes out what nothing needs."""

    def check(*options: str) -> int:
        command = [f"{BIN}/cycles", "check", "shop", "--baseline", "cycles.txt", *options]
        return subprocess.run(command, cwd=repository, capture_output=True, check=False).returncode

    (repository / ".gitattributes").write_text("cycles.txt merge=union\n")
    check("--update")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=baseline")
    git(repository, "switch", "--quiet", "--create=other")
    make_worse(repository)
    assert check("--update") == 2
    assert check("--update", "--allow-growth") == 0
    git(repository, "commit", "--quiet", "--all", "--message=more")
    git(repository, "switch", "--quiet", "topic")
    loyalty = repository / "shop" / "customers" / "loyalty.py"
    text = loyalty.read_text()
    loyalty.write_text(text.replace("from shop.orders.history import spent_by\n", ""))
    assert check("--update") == 0
    git(repository, "commit", "--quiet", "--all", "--message=less")
    git(repository, "merge", "--quiet", "--message=both", "other")

    assert check() == 0
    assert check("--update") == 0
    assert check("--stale-is-error") == 0
