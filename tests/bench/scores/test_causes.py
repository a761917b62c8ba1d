"""The rules of rca/README.md, and the recorded baselines that need no algorithm."""

import json

import pytest

from opsweave.bench.data.cases import cases, datasets, truth
from opsweave.bench.scores.causes import (
    commit_rank,
    entity_rank,
    indicator_rank,
    release_rank,
    rule,
)
from opsweave.bench.scores.topk import topk

SHA = "c1cba9e7f3204a8d6b59e0c1a47f28d3b6e095a7"


def test_a_repeated_entity_counts_once():
    causes = [{"entity": name, "indicator": i} for i, name in enumerate("aaab")]
    assert entity_rank(causes, {"entity": "b"}) == 2
    assert entity_rank(causes, {"entity": "c"}) is None


def test_other_accepted_answers_count():
    assert entity_rank([{"entity": "x"}], {"entity": "b", "acceptable": [{"entity": "x"}]}) == 1


def test_an_indicator_needs_its_entity():
    told = {"entity": "a", "indicator": "cpu"}
    assert indicator_rank([{"entity": "b", "indicator": "cpu"}], told) is None
    causes = [{"entity": "a", "indicator": "mem"}, told]
    assert indicator_rank(causes, told) == 2


def test_a_named_release_must_be_the_guilty_one():
    told = {"entity": "cart", "change": "rel-2", "acceptable": [{"entity": "cart-v2-a"}]}
    assert release_rank([{"entity": "cart", "change": "rel-1"}], told) is None
    assert release_rank([{"entity": "other", "change": "rel-2"}], told) == 1
    assert release_rank([{"entity": "cart"}], told) == 1
    assert release_rank([{"entity": "cart-v1-a"}, {"entity": "cart-v2-a"}], told) == 2


@pytest.mark.parametrize(
    ("said", "right"),
    [(SHA, True), (SHA[:7], True), (SHA[:6], False), ("deploy-2", True), ("deploy-1", False)],
)
def test_a_commit_by_seven_digits_or_its_own_deploy(said, right):
    told = {"change": SHA, "acceptable": [{"change": "deploy-2"}]}
    assert (commit_rank([{"change": said}], told) == 1) is right


def test_no_change_is_an_answer_of_its_own():
    none = {"change": None, "acceptable": []}
    assert commit_rank([{"entity": "a", "change": None}], none) == 1
    assert commit_rank([{"entity": "a", "change": SHA}], none) is None
    assert commit_rank([{"entity": "a"}, {"change": SHA}], {"change": SHA}) == 2
    assert commit_rank([], none) is None


def changes_of(folder):
    return json.loads((folder / "changes.json").read_text("utf-8"))


def last_step(release, until):
    return max((step["ts"] for step in release["steps"] if step["ts"] <= until), default="")


def test_recorded_baselines_without_an_algorithm(bench_data):
    """Most recent release .39/.97/1.00/.84; always none 5 of 15; latest deploy 0 of 15."""
    told, ranks = truth(bench_data, "changerca"), []
    for name, folder in cases(bench_data, "changerca").items():
        onset = json.loads((folder / "case.json").read_text("utf-8"))["onset"]
        steps = {c["id"]: last_step(c, onset) for c in changes_of(folder)}
        recent = sorted((c for c in steps if steps[c]), key=lambda c: steps[c], reverse=True)
        ranks.append(release_rank([{"change": c} for c in recent], told[name]))
    found = topk(ranks)
    assert found.n == 33
    assert [round(x, 2) for x in (found.ac1, found.ac3, found.ac5, found.avg5)] == [
        0.39,
        0.97,
        1.0,
        0.84,
    ]
    told = truth(bench_data, "rootcausebench")
    assert sum(commit_rank([{"change": None}], one) == 1 for one in told.values()) == 5
    latest = 0
    for name, folder in cases(bench_data, "rootcausebench").items():
        deploys = [c for c in changes_of(folder) if c["kind"] == "deploy"]
        last = max(deploys, key=lambda c: c["ts"])
        latest += commit_rank([{"change": last["id"]}], told[name]) == 1
    assert latest == 0


def test_every_case_has_an_answer(bench_data):
    for dataset in datasets(bench_data):
        assert cases(bench_data, dataset).keys() == truth(bench_data, dataset).keys()
        told = truth(bench_data, dataset)
        rank = rule(dataset)
        for one in told.values():
            answer = [{"entity": one["entity"], "change": one["change"]}]
            assert rank(answer, one) == 1
