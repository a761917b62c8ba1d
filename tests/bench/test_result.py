import math

from opsweave.bench.result import Case, by_kind, by_part, cost, figure
from opsweave.bench.split import half


def count(cases):
    return {"n": figure(len(cases))}


def test_parts_follow_the_split_of_all_names_even_when_few_ran():
    names = [f"c{n}" for n in range(9)]
    dev, report = half("toy", names)
    cases = [Case(dev[0]), Case(dev[1]), Case(report[0])]
    found = {part.name: part.n for part in by_part("toy", names, cases, count)}
    assert found == {"dev": 2, "report": 1, "all": 3}
    assert [part.name for part in by_part("toy", names, cases[:1], count)] == ["dev", "all"]


def test_kinds_of_faults_are_apart():
    cases = [Case("a", fault="cpu"), Case("b", fault="net"), Case("c", fault="cpu"), Case("d")]
    assert [(part.name, part.n) for part in by_kind(cases, count)] == [("cpu", 2), ("net", 1)]


def test_cost_is_of_what_was_measured():
    assert cost([Case("a")]) is None
    found = cost([Case("a", seconds=1.0, megabytes=5.0), Case("b", seconds=3.0, megabytes=2.0)])
    assert (found.seconds_median, found.seconds_most, found.megabytes_most) == (2.0, 3.0, 5.0)


def test_an_interval_that_is_no_number_is_left_out():
    assert figure(0.5, (math.nan, math.nan)).low is None
