"""Each fix that is promised is made, alone, and nothing breaks: generated packages, in real interpreters."""

import ast
import itertools
import random

import fixable
from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility, Kind
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import Refusal, RefusedError, apply, apply_to_bytes, edits_of
from cycles.source.file_text import decode
from cycles.source.import_kinds import judge_mentions
from cycles.source.read_sources import read_again
from forked import Job, outcomes

PACKAGES = 60
PROMISED = (
    Feasibility.UNUSED,
    Feasibility.TYPE_ONLY,
    Feasibility.DEFERRABLE,
    Feasibility.ANNOTATION,
    Feasibility.REWIRABLE,
    Feasibility.SPLIT,
)
_numbers = itertools.count()


def test_a_promised_fix_is_made_and_every_import_still_works(tmp_path_factory):
    kinds = set().union(*(fixes_made(tmp_path_factory, seed) for seed in range(2)))

    assert kinds >= {*PROMISED} - {Feasibility.UNUSED}


def fixes_made(tmp_path_factory, seed):
    """Make every promised fix of generated packages; returns the kinds that came up."""
    choose = random.Random(seed)
    top, folder = f"made{next(_numbers)}", tmp_path_factory.mktemp("made")
    files = {f"{top}/__init__.py": b""}
    for number in range(PACKAGES):
        files |= fixable.package(choose, f"{top}.g{number}")
    write_files(folder, files)
    analysis = analyze(top, folders=[folder])
    modules = {module.name: module for module in analysis.files}
    read = sources_of(analysis.origin).modules
    cuts = [cut for plan in plan_all(analysis.components) for cut in plan.ranking.cuts]
    jobs, made, why = [], [], []
    for cut in cuts:
        if cut.fix.feasibility not in PROMISED or cut.fix.leads_to or not cut.importer.endswith(".a"):
            continue
        data = files[cut.importer.replace(".", "/") + ".py"]
        try:
            edits = edits_of([cut.fix], read, folder)
        except RefusedError as refused:
            why.append(refused.reason)
            continue
        after = apply_to_bytes(data, edits)
        assert apply(decode(data), edits) == decode(after)
        ast.parse(after)
        # No import of the cut is left that runs with the module, and no other import has changed.
        cache = analysis.sources.replace_texts({cut.importer: decode(after)})
        found = read_again(analysis.mentions, cache, [cut.importer])
        left = judge_mentions([one for one in found if one.importer == cut.importer], cache, ())
        was = {one.imported for one in analysis.mentions if one.importer == cut.importer} - {cut.imported}
        eager = {one.imported for one in left if one.kind is Kind.EAGER}
        assert eager == was | {*cut.fix.leaves}, (cut.fix, data.decode(), after.decode())
        path = modules[cut.importer].path
        for module in (cut.importer, cut.imported):
            jobs += [Job([folder], [module], {path: content}, names=True) for content in (data, after)]
            made.append((cut, data, after))

    assert set(why) <= {Refusal.ANNOTATION, Refusal.TYPE_CHECKING}
    said = [error for error, _ in outcomes(jobs)]
    assert len(made) > PACKAGES // 3
    assert len(why) < len(made) // 10
    assert said[::2].count(None) > len(made) // 2
    for (cut, data, after), was, now in zip(made, said[::2], said[1::2], strict=True):
        assert now is None or was is not None, (now, cut.fix, data.decode(), after.decode())
    return {cut.fix.feasibility for cut, _, _ in made}
