"""The folder of a package in; copies with an empty root or with its import blocks in another order, out."""

import ast
import itertools
import random
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

_SHARE = 0.5
_IMPORTS = (ast.Import, ast.ImportFrom)


def copy(package: Path, folder: Path, mutant: str) -> None:
    """Copy a package into a folder as `blank` or `shuffled-SEED` says; the same copy for the same seed."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    kind, _, seed = mutant.partition("-")
    if kind == "blank":
        (folder / package.name / "__init__.py").write_text("", encoding="utf-8")
        return
    chance = random.Random(int(seed))  # noqa: S311  no secret
    # Not the root: a crash there is one crash, however many modules it meets.
    root = folder / package.name / "__init__.py"
    for path in sorted((folder / package.name).rglob("*.py")):
        if path == root or chance.random() > _SHARE:
            continue
        text = path.read_text(encoding="utf-8")
        path.write_text(shuffled(text, chance), encoding="utf-8")


def shuffled(text: str, chance: random.Random) -> str:
    """A module with the statements of each block of imports at module level in another order."""
    lines = text.splitlines(keepends=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        blocks = list(_blocks(ast.parse(text)))
    for block in reversed(blocks):
        spans = [(statement.lineno - 1, statement.end_lineno or statement.lineno) for statement in block]
        parts = ["".join(lines[first:last]).rstrip("\n") + "\n" for first, last in spans]
        apart = all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
        if apart and not any(";" in part for part in parts):
            chance.shuffle(parts)
            for (first, last), part in reversed(list(zip(spans, parts, strict=True))):
                lines[first:last] = [part]
    return "".join(lines)


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Runs of import statements at module level, without those that must come first."""
    block: list[ast.stmt] = []
    for statement in [*tree.body, ast.Pass()]:
        if isinstance(statement, _IMPORTS):
            if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
                block.append(statement)
            continue
        if len(block) > 1:
            yield block
        block = []
