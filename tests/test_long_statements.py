"""Long statements cost no more than their length: what is looked at is counted, on a text and on one twice as long."""

from collections import Counter

import pytest

from cycles.source import clauses as walk
from cycles.source import kinds
from cycles.source.blocks import Blocks
from cycles.source.conditions import SpecialNames
from cycles.source.kinds import Judge

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


def looks(text: str, *, backwards: bool) -> Counter[str]:
    """How often the text's lines, headers and conditions are looked at when all of its imports are judged."""
    found: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (walk, "_indentation"),
            (walk, "_header"),
            (kinds, "truth"),
            (kinds, "_handles_import_error"),
        ):
            whole = getattr(module, name)
            patch.setattr(module, name, lambda *given, name=name, whole=whole: found.update([name]) or whole(*given))
        blocks, judge = Blocks(text), Judge(SpecialNames())
        numbers = [number for number, line in enumerate(blocks.lines, 1) if "import p" in line]
        for number in reversed(numbers) if backwards else numbers:
            judge.kind_and_tags(blocks.around_line(number), lazy=False)
    return found


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_twice_as_long_is_looked_at_twice_as_often(name: str, *, backwards: bool) -> None:
    once, twice = (looks(TEXTS[name](size), backwards=backwards) for size in (150, 300))

    assert all(twice[what] <= 2 * once[what] + 10 for what in twice), (once, twice)


def test_clauses_share_what_comes_before_them() -> None:
    blocks = Blocks(TEXTS["elif"](6_000))

    (clause,) = blocks.around_line(len(blocks.lines) - 1)

    length = 0
    while clause:
        length += 1
        clause = clause.previous
    assert length == 6_001


def test_the_end_of_a_long_import_is_found_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lines(list[str]):
        taken = 0

        def __getitem__(self, index):
            found = super().__getitem__(index)
            Lines.taken += len(found) if isinstance(index, slice) else 1
            return found

    size = 2_000
    blocks = Blocks("from p import (\n" + "".join(f"    a{number},\n" for number in range(size)) + ")\n")
    monkeypatch.setattr(blocks, "lines", Lines(blocks.lines))

    (text,) = blocks.statements(1)

    assert text.endswith(f"a{size - 1},\n)")
    assert Lines.taken < 5 * size


def test_many_imports_on_one_line_are_cut_apart() -> None:
    blocks = Blocks("x = 1; " + "; ".join(f"import p.m{number}" for number in range(1_000)))

    found = blocks.statements(1)

    assert found == [f"import p.m{number}" for number in range(1_000)]
