"""The README's console blocks are executed (`make golden` rewrites them), and its links followed."""

import re

import pytest

import golden
from readme import executed


@pytest.mark.posix
def test_console_blocks_show_real_output():
    text = golden.README.read_text(encoding="utf-8")

    assert executed(text, golden.PROJECT) == text


def test_links_lead_somewhere():
    for page in ("README.md", "CONTRIBUTING.md", "NON_GOALS.md", "CHANGELOG.md"):
        text = (golden.PROJECT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
            assert (golden.PROJECT / target).exists(), target


def rooms_in_the_table() -> dict[str, set[str]]:
    """The modules that CONTRIBUTING names in the rows of each room; "" stands for those outside any folder."""
    rooms: dict[str, set[str]] = {"": set()}
    room = ""
    for row in re.findall(
        r"^\| (.*?) \|", (golden.PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        names = re.findall(r"`(\w+)(/?)`", row)
        if names and names[0][1]:
            room = names[0][0]
            rooms[room] = set()
        elif names:
            rooms[room if row.startswith("–") else ""].update(name for name, _ in names)
    return rooms


def test_the_table_of_rooms_names_every_module_and_no_other():
    modules: dict[str, set[str]] = {}
    for path in (golden.PROJECT / "cycles").rglob("[!_]*.py"):
        modules.setdefault(path.parent.name if path.parent.name != "cycles" else "", set()).add(path.stem)

    assert rooms_in_the_table() == modules
