"""How many first imports of small hard packages are predicted right, by the kind of code: `make traps`.

Every kind of `tests/trap_kinds.py` alone, then chains of them drawn at random; the truth is a fresh interpreter's.
A contradiction is shown with its kind. A module that is called unknown is no contradiction.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from cycles.api import analyze
from cycles.enums import Verdict
from cycles.model import FirstImport
from cycles.simulate.first_import_report import entrances
from trap_kinds import Files, all_kinds, mixed
from trap_truth import truths

CHAINS = 300
_SHOWN = 60


def judged(top: str, cases: Iterable[tuple[str, Files]], folder: Path) -> Counter[tuple[str, str]]:
    """Return how many modules of each family are right, unknown and wrong; print what is wrong."""
    asked: list[tuple[str, str]] = []
    (folder / top).mkdir()
    (folder / top / "__init__.py").write_text("")
    for number, (name, files) in enumerate(cases):
        package = folder / top / f"k{number}"
        package.mkdir()
        for path, text in files.items():
            (package / path).write_text(text)
        asked += [(name, f"{top}.k{number}.{module}") for module in ("a", "b")]
    said = {entry.module: entry for entry in entrances(analyze(top, folders=[folder])).entries}
    counts: Counter[tuple[str, str]] = Counter()
    for (name, module), truth in zip(asked, truths([(folder, module) for _, module in asked]), strict=True):
        answer = _answer(said.get(module), truth)
        counts[name.partition(" ")[0], answer] += 1
        if answer == "wrong":
            sys.stdout.write(f"{name}: {module} is {(truth or 'ok')[:_SHOWN]}\n")
    return counts


def _answer(entry: FirstImport | None, truth: str | None) -> str:
    if entry is not None and entry.verdict is Verdict.UNKNOWN:
        return "unknown"
    works = entry is None or entry.verdict is Verdict.OK
    return "right" if works == (truth is None) else "wrong"


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        for top, cases in (("alone", all_kinds("alone")), ("chains", mixed("chains", Random(1), CHAINS))):  # noqa: S311  no secret
            counts = judged(top, cases, Path(folder))
            for family in sorted({family for family, _ in counts}):
                figures = "  ".join(f"{answer} {counts[family, answer]:4}" for answer in ("right", "unknown", "wrong"))
                sys.stdout.write(f"{top:8} {family:6} {figures}\n")


if __name__ == "__main__":
    main()
