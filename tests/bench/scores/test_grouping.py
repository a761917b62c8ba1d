import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.scores.grouping import score

ITEMS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)
SHARES = (
    "pair_precision",
    "pair_recall",
    "cubed_precision",
    "cubed_recall",
    "homogeneity",
    "completeness",
    "v_measure",
)


def shares(found):
    return [getattr(found, name) for name in SHARES]


@given(ITEMS, st.randoms(use_true_random=False))
def test_bounds_order_and_names(items, random):
    groups, truth = zip(*items, strict=True)
    found = score(groups, truth)
    assert all(-1e-12 <= share <= 1.0 + 1e-12 for share in shares(found))
    random.shuffle(items)
    groups, truth = zip(*items, strict=True)
    assert shares(score([f"i{g}" for g in groups], truth)) == pytest.approx(shares(found))


@given(ITEMS)
def test_turned_round_precision_is_recall(items):
    groups, truth = zip(*items, strict=True)
    one, other = score(groups, truth), score(truth, groups)
    assert one.pair_precision == pytest.approx(other.pair_recall)
    assert one.cubed_precision == pytest.approx(other.cubed_recall)
    assert one.homogeneity == pytest.approx(other.completeness)
    assert one.v_measure == pytest.approx(other.v_measure)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_perfect_is_one(truth):
    assert shares(score(truth, truth)) == pytest.approx([1.0] * len(SHARES))


def test_by_hand():
    found = score(list("aaabb"), [1, 1, 2, 2, 2])
    assert found.pair_precision == pytest.approx(2 / 4)
    assert found.pair_recall == pytest.approx(2 / 4)
    assert found.cubed_precision == pytest.approx((2 * 2 / 3 + 1 / 3 + 2) / 5)
    low, high = found.cubed_precision_interval
    assert low <= found.cubed_precision <= high


def test_nothing_to_group():
    assert score([], []).items == 0
