import pytest
from tests.analysis.traces.shop import Shop, sound

from opsweave.analysis.traces.delays import slowness


def slow(plan, many=30):
    shop = Shop().requests(many, sound()).requests(many, plan, begin_s=1000)
    trees = shop.forest()
    late = trees.first_us() >= 1_000_000_000
    return slowness(trees, ~late, late)


def worst(found):
    return max(found, key=lambda entity: found[entity].nats)


def test_own_work_that_takes_longer_is_told_of_the_worker():
    found = slow(sound(cart_ms=200.0))
    assert worst(found) == "cart"
    assert found["cart"].places[0].place == "self"
    assert found["cart"].places[0].shift.median_after > 10_000


def test_a_slow_way_to_a_callee_is_told_of_the_callee():
    found = slow(sound(gap_ms=300.0))
    assert worst(found) == "cart"
    top = found["cart"].places[0]
    assert (top.place, top.peer) == ("answering", "web")


def test_when_nothing_slows_all_are_a_little_innocent():
    found = slow(sound())
    assert all(-4 < s.nats < 0.5 for s in found.values())


@pytest.mark.parametrize("many", [3, 8, 100])
def test_evidence_of_one_place_is_bounded(many):
    found = slow(sound(gap_ms=300.0), many=many)
    assert found["cart"].nats < 6
