"""The runner over a small folder of cases: the command itself, truth joined afterwards."""

import json

import pytest

from opsweave.bench.options import Options, quiet
from opsweave.bench.process import Limits, Ran
from opsweave.bench.result import Case
from opsweave.bench.run import ablation, rca
from opsweave.bench.run.rca import judged, read
from opsweave.bench.synthetic import SmallCase, write_case
from opsweave.kernel.errors import RejectInput

ANSWER = {"entity": "b", "indicator": "cpu", "change": None, "fault": "hog"}


def ran(body, code=0):
    return Ran(code, json.dumps(body).encode() if body is not None else b"oh", "sad\n", 1.5, 20.0)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    told = {}
    for number in range(2):
        name = f"c{number}"
        told[name] = write_case(root / "rca" / "toy" / name, SmallCase(entities=4, seed=number))
    (root / "rca" / "truth").mkdir()
    (root / "rca" / "truth" / "toy.json").write_text(json.dumps(told))
    return root


def test_the_command_answers_and_truth_is_joined(data):
    seen = []
    options = Options(data=data, workers=2)
    [found] = list(rca.bench(options, lambda *told: seen.append(told)))
    assert (found.dataset, found.method, len(found.cases)) == ("toy", "opsweave", 2)
    assert [case.failure for case in found.cases] == [None, None]
    assert found.cost.megabytes_most > 10
    assert {part.name for part in found.parts} == {"dev", "report", "all"}
    assert [part.name for part in found.kinds] == ["level"]
    assert seen[-1] == ("toy, opsweave", 2, 2)
    assert found.parts[-1].figures["AC@1"].value == 1.0


def test_an_unknown_data_set_is_refused(data):
    with pytest.raises(RejectInput, match="'tox' is not one of toy"):
        list(rca.bench(Options(data=data, datasets=("tox",)), quiet))


def test_time_ends_a_case_and_counts_as_a_miss(data):
    options = Options(data=data, limits=Limits(seconds=0.01), limit=1, part="dev")
    [found] = list(rca.bench(options, quiet))
    assert "stopped after" in found.cases[0].failure
    assert found.parts[0].figures["AC@1"].value == 0.0


def test_a_case_is_judged_by_entity_and_indicator():
    causes = [{"entity": "a", "indicator": "cpu"}, {"entity": "b", "indicator": "cpu"}]
    found = judged("toy", "c", ran({"causes": causes, "no_change_is_guilty": 0.25}), ANSWER)
    assert found.figures == {"rank": 2, "indicator_rank": 2, "no_change_is_guilty": 0.25}
    assert (found.fault, found.seconds) == ("hog", 1.5)


@pytest.mark.parametrize(
    ("body", "code", "why"),
    [
        (None, 0, "not JSON"),
        ({"other": 1}, 0, "without causes"),
        ([], 0, "without causes"),
        ({"causes": []}, 2, "ended with 2: sad"),
    ],
)
def test_what_is_no_answer_says_why(body, code, why):
    answer, failure = read(ran(body, code))
    assert why in failure
    assert answer["causes"] == []


def test_an_ablation_tells_the_paired_change():
    whole = {"a": Case("a", {"rank": 1}), "b": Case("b", {"rank": None})}
    less = [Case("a", {"rank": 3}), Case("b", {"rank": 5})]
    found = ablation.difference(less, whole)
    assert found["AC@1 change"].value == -0.5
    assert found["Avg@5 change"].value == pytest.approx(-0.1)


def test_an_ablation_runs_the_same_cases_without(data):
    options = Options(data=data, limit=1, part="dev")
    full, less = list(ablation.bench(options, quiet, ["metrics"]))
    assert less.method == "opsweave without metrics"
    assert [c.name for c in full.cases] == [c.name for c in less.cases]
    assert "AC@1 change" in less.parts[-1].figures
