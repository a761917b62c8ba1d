from opsweave.bench.page.markdown import targets
from opsweave.bench.result import Dataset, Figure, Part, Result
from opsweave.bench.targets import TARGETS, reached


def result(bench, dataset, figures, suffix="", method="opsweave"):
    parts = [
        Part(name + suffix, 3, {k: Figure(v) for k, v in figures.items()})
        for name in ("dev", "report", "all")
    ]
    return Result(bench, "", {}, {}, [Dataset(dataset, method, parts)])


def test_small_is_good_where_it_is_said():
    found = reached(result("detect", "wsd", {"F1": 0.7, "false/day": 0.06, "VUS-PR": 0.39}))
    assert [(one.target.figure, one.met) for one in found] == [
        ("F1", True),
        ("false/day", False),
        ("VUS-PR", False),
    ]


def test_a_part_of_the_cases_is_meant_where_it_is_said():
    whole = reached(result("rca", "cloudopsbench", {"AC@1": 0.9}))
    assert [(one.whole, one.met) for one in whole] == [(None, False)]
    assert reached(result("rca", "cloudopsbench", {"AC@1": 0.9}, ", with metrics"))[0].met


def test_peers_and_other_benches_reach_no_target():
    assert reached(result("rca", "petshop", {"AC@1": 1.0}, method="BARO")) == []
    assert reached(result("logs", "petshop", {"AC@1": 1.0})) == []
    assert targets(result("rca", "toy", {"AC@1": 1.0})) == []


def test_the_page_tells_line_and_parts():
    told = "\n".join(targets(result("rca", "petshop", {"AC@1": 0.5, "AC@3": 0.9})))
    assert "| petshop | AC@1 | >= .700 | .500 | .500 | .500 | **not met** |" in told
    assert "| petshop | AC@3 | >= .880 | .900 | .900 | .900 | met |" in told


def test_no_target_is_named_twice():
    keys = [(t.bench, t.dataset, t.figure) for t in TARGETS]
    assert len(keys) == len(set(keys))
