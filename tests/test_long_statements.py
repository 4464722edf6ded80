"""Long statements cost no more than their length: what is looked at is counted, on a text and on one twice as long."""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from cycles.source import enclosing_clauses, import_kinds
from cycles.source.conditions import SpecialNames
from cycles.source.enclosing_clauses import Clause, Lines, placed
from cycles.source.import_kinds import Judge
from cycles.source.import_statements import import_nodes

TEXTS = {
    "elif": lambda size: (
        "if x == 0:\n    import p\n" + "".join(f"elif x == {number}:\n    import p\n" for number in range(size))
    ),
    "elif with strings": lambda size: (
        "if x:\n    import p\n" + "".join(f"elif {number}:\n    '''a\n'''\n    \"\"\"b\"\"\"\n    import p\n" for number in range(size))
    ),
    "elif in brackets": lambda size: (
        "if x:\n    import p\n" + "".join(f"elif (\n    {number}\n):\n    import p\n" for number in range(size))
    ),
    "except": lambda size: (
        "try:\n    import p\n" + "".join(f"except E{number}:\n    import p\n" for number in range(size))
    ),
    "case": lambda size: "match x:\n" + "".join(f"    case {number}:\n        import p\n" for number in range(size)),
    "functions": lambda size: "".join(f"def f{number}():\n    import p\n" for number in range(size)),
    "one function": lambda size: "def f():\n" + "    import p\n" * size,
    "try and except": lambda size: "try:\n    import p\nexcept E:\n    import p\n" * size,
    "for and else": lambda size: "def f():\n" + "    for a in b:\n        import p\n    else:\n        import p\n" * size,
}  # fmt: skip


def by_lines(text: str, *, backwards: bool) -> Iterator[Clause | None]:
    lines = Lines(text)
    numbers = [number for number, line in enumerate(lines.lines, 1) if "import p" in line]
    return (lines.clause_around(number) for number in (reversed(numbers) if backwards else numbers))


def by_tree(text: str, *, backwards: bool) -> Iterator[Clause | None]:
    imports = [(node.lineno, clause) for node, clause in placed(ast.parse(text)) if isinstance(node, ast.Import)]
    return (clause for _, clause in sorted(imports, key=lambda found: found[0], reverse=backwards))


def looks(text: str, way, *, backwards: bool) -> Counter[str]:
    """How often the text's lines, brackets, blocks and conditions are looked at when all of its imports are judged."""
    found: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (enclosing_clauses, "_indentation"),
            (enclosing_clauses, "_opened"),
            (enclosing_clauses, "_blocks"),
            (enclosing_clauses, "handles_import_error"),
            (import_kinds, "truth"),
        ):
            whole = getattr(module, name)
            patch.setattr(module, name, lambda *given, name=name, whole=whole: found.update([name]) or whole(*given))
        judge = Judge(SpecialNames())
        for clause in way(text, backwards=backwards):
            judge.kind_and_tags(clause, lazy=False)
    return found


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("way", [by_lines, by_tree])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_twice_as_long_is_looked_at_twice_as_often(name: str, way, *, backwards: bool) -> None:
    once, twice = (looks(TEXTS[name](size), way, backwards=backwards) for size in (150, 300))

    assert once
    assert all(twice[what] <= 2 * once[what] + 10 for what in twice), (once, twice)


@pytest.mark.parametrize("way", [by_lines, by_tree])
def test_clauses_share_what_comes_before_them(way) -> None:
    *_, clause = way(TEXTS["elif"](80 if way is by_tree else 6_000), backwards=False)

    length = 0
    while clause:
        length += 1
        clause = clause.previous
    assert length == (81 if way is by_tree else 6_001)


def test_the_end_of_a_long_import_is_found_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(list[str]):
        taken = 0

        def __getitem__(self, index):
            found = super().__getitem__(index)
            Counted.taken += len(found) if isinstance(index, slice) else 1
            return found

    size = 2_000
    found = Lines("from p import (\n" + "".join(f"    a{number},\n" for number in range(size)) + ")\n")
    monkeypatch.setattr(found, "lines", Counted(found.lines))

    text = found.statement(1)

    assert text.endswith(f"a{size - 1},\n)")
    assert Counted.taken < 5 * size


def test_many_imports_on_one_line_are_told_apart() -> None:
    text = "x = 1; " + "; ".join(f"import p.m{number}" for number in range(1_000))

    found = [alias.name for node in import_nodes(text) for alias in node.names]

    assert found == [f"p.m{number}" for number in range(1_000)]
