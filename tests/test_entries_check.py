"""What is compared, judged and written down of first imports: values in, values out, no process."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import FirstImport
from cycles.report.entries_verdicts import EntriesCheck, agreement, check_entries, read_baseline, updated_baseline

OK, CRASH, OTHER, UNKNOWN = Verdict.OK, Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN


def entry(
    module: str, verdict: Verdict, path: str | None = None, line_number: int | None = None, **more
) -> FirstImport:
    return FirstImport(module, verdict, path=path, line_number=line_number, **more)


def missing(module: str, name: str) -> FirstImport:
    return entry(module, OTHER, missing=name, error="ImportError: install it")


def test_verdict_and_place_count():
    said = [
        entry("a", OK),
        entry("b", CRASH, "x.py", 1),
        entry("c", CRASH, "x.py", 1),
        entry("d", UNKNOWN),
        entry("e", OK),
    ]
    was = [
        entry("a", OK),
        entry("b", CRASH, "x.py", 2),
        entry("c", CRASH, "x.py", 1),
        entry("d", OK),
        entry("e", OTHER),
    ]

    found = agreement(said, was)

    assert (found.same, found.compared, found.unknown) == (2, 5, ("d",))
    assert found.different == ((said[1], was[1]), (said[4], was[4]))


def test_what_is_missing_from_elsewhere_makes_no_prediction_wrong():
    said = [entry("p.a", OK), entry("p.b", CRASH, "p/b.py", 1), entry("p.c", OK), entry("p.d", OK)]
    was = [missing("p.a", "kombu.utils"), missing("p.b", "redis"), missing("p.c", "p.gone"), entry("p.d", OK)]

    found = agreement(said, was, ["p"])

    assert (found.same, found.compared) == (1, 2)
    assert found.different == ((said[2], was[2]),)
    assert found.untold == ((said[0], was[0]), (said[1], was[1]))


def test_what_is_said_of_a_failure_does_not_count():
    assert agreement([entry("a", CRASH, "x.py", 1, error="E: x")], [entry("a", CRASH, "x.py", 1, error="E")]).same == 1


def test_what_was_loaded_before_its_turn_is_not_compared():
    found = agreement([entry("a", CRASH, "x.py", 1), entry("b", OK)], [entry("a", OK, loaded=True), entry("b", OK)])

    assert (found.same, found.compared, found.loaded) == (1, 1, ("a",))


def test_every_failure_fails_and_what_is_unknown_does_not():
    found = check_entries([entry("a", OK), entry("b", CRASH), entry("c", OTHER), entry("d", UNKNOWN)])

    assert found == EntriesCheck(("b", "c"), (), (), ("d",), ())
    assert not found.passed


def test_strict_takes_what_is_unknown_for_a_failure_that_can_be_accepted():
    entries = [entry("a", UNKNOWN), entry("b", UNKNOWN)]

    assert check_entries(entries, accepted=["b"], strict=True) == EntriesCheck(("a",), ("b",), (), (), ())


def test_what_the_baseline_lists_is_accepted_and_what_works_is_stale():
    entries = [entry("a", CRASH), entry("b", OK), entry("c", OK, loaded=True), entry("d", UNKNOWN)]

    found = check_entries(entries, accepted=["a", "b", "c", "d", "e", "z"], gone=["e"])

    assert found == EntriesCheck((), ("a",), (), ("d",), ("b", "e"))
    assert found.passed


@pytest.mark.parametrize(
    ("lacks", "optional"),
    [
        ("torch", "torch"),
        ("torch.cuda", "torch"),
        ("google", "google.cloud.storage"),
        ("google.cloud", "google-cloud"[:6]),
        ("scikit_image", "scikit-image"),
        ("PIL", "pil"),
    ],
)
def test_a_module_that_may_be_missing_is_no_failure(lacks, optional):
    assert check_entries([missing("a", lacks)], optional=["x", optional]) == EntriesCheck((), (), ("a",), (), ())


@pytest.mark.parametrize(("lacks", "optional"), [("torchvision", "torch"), ("p.a", "torch"), ("torch", "torchvision")])
def test_another_module_must_not_be_missing(lacks, optional):
    assert check_entries([missing("a", lacks)], optional=[optional]).failing == ("a",)


def test_a_predicted_failure_names_what_is_missing_in_its_words():
    said = entry("a", OTHER, error="ModuleNotFoundError: No module named 'torch'")

    assert check_entries([said], optional=["torch"]).optional == ("a",)
    assert check_entries([entry("a", CRASH, error=said.error)], optional=["torch"]).failing == ("a",)


BASELINE = """\
# For us.
# See the ticket.

# waits for the release
p.b
p.a   # never mind
# the end
"""


def test_a_baseline_is_one_module_a_line_with_comments():
    assert read_baseline(BASELINE, "f") == ("p.b", "p.a")
    assert read_baseline("\ufeffp.a\r\n\r\n  p.b\n", "f") == ("p.a", "p.b")
    assert read_baseline("", "f") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p.a\n<<<<<<< HEAD\np.b\n", "f:2: a conflict marker of git; settle the conflict first"),
        ("p.a\n=======\np.b\n", "f:2: a conflict marker"),
        (">>>>>>> other\n", "f:1: a conflict marker"),
        ("p.a p.b\n", 'f:1: "p.a p.b" is not the name of a module; a baseline has one module a line'),
        ("p.a:3\n", 'f:1: "p.a:3" is not the name'),
        ("p/a.py\n", 'f:1: "p/a.py" is not the name'),
        ("p..a\n", "is not the name"),
    ],
)
def test_a_broken_baseline_is_one_sentence(text, message):
    with pytest.raises(CyclesError, match=message):
        read_baseline(text, "f")


@pytest.mark.parametrize("name", ["p.\x07", "p.a b", "p.a#b", "p.1"])
def test_what_no_line_can_name_is_not_written(name):
    found = check_entries([entry("p.é", CRASH), entry(name, CRASH)])

    written = updated_baseline("", "f", found)

    assert read_baseline(written, "f") == ("p.é",)


def test_an_update_is_sorted_and_keeps_comments():
    found = EntriesCheck(failing=("p.c", "p.aa"), accepted=("p.b",), optional=(), unknown=(), stale=("p.a",))

    assert updated_baseline(BASELINE, "f", found) == (
        "# For us.\n# See the ticket.\n\np.aa\n# waits for the release\np.b\np.c\n# the end\n"
    )


_NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


@example([*"a"], [""], {"a": Verdict.OK})
@given(
    _NAMES,
    st.lists(st.sampled_from(["# why", ""])),
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(Verdict)),
)
def test_after_an_update_the_same_entries_pass_and_nothing_is_stale(accepted, comments, verdicts):
    text = "".join(f"{line}\n" for line in [*comments, *accepted])
    entries = [entry(module, verdict) for module, verdict in sorted(verdicts.items())]
    before = check_entries(entries, accepted=read_baseline(text, "f"))

    written = updated_baseline(text, "f", before)

    after = check_entries(entries, accepted=read_baseline(written, "f"))
    kept = read_baseline(written, "f")
    assert (after.passed, after.stale) == (True, ())
    assert list(kept) == sorted(kept)
    assert set(accepted) - set(before.stale) <= set(kept)
    assert updated_baseline(written, "f", after) == written
