import random
from itertools import pairwise

from opsweave.demo.faults import decoys
from opsweave.demo.faults.topology import CODE, path


def test_a_calm_run_makes_a_change_each_45_to_90_seconds():
    for seed in range(30):
        plan = decoys.calm(600, random.Random(seed))
        gaps = [b.at - a.at for a, b in pairwise(plan)]
        assert 6 <= len(plan) <= 14
        assert all(44 <= gap <= 91 for gap in gaps)
        assert {decoy.kind for decoy in plan} <= {"deployment", "configuration", "flag", "model"}


def test_a_short_calm_run_makes_two():
    assert len(decoys.calm(20, random.Random(1))) == 2


def test_paths_follow_the_calls_both_ways():
    assert path("catalog") == ("edge", "catalog", "cart")
    assert set(path("provider")) == {"edge", "checkout", "payment"}
    assert set(path("features")) >= {"fraud", "payment", "checkout", "edge"}
    assert set(path("edge")) >= {"catalog", "cart", "checkout", "payment", "orders"}
    assert "mailer" in path("orders")
    assert set(path("cart")) <= set(CODE)
