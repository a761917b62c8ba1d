import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.scores.topk import topk

RANKS = st.lists(st.one_of(st.none(), st.integers(1, 9)), min_size=1, max_size=40)


@given(RANKS, st.randoms(use_true_random=False))
def test_bounds_order_and_growth(ranks, random):
    found = topk(ranks)
    assert 0.0 <= found.ac1 <= found.ac3 <= found.ac5 <= 1.0
    assert found.ac1 <= found.avg5 <= found.ac5
    assert found.ac1_interval[0] <= found.ac1 <= found.ac1_interval[1]
    random.shuffle(ranks)
    again = topk(ranks)
    assert (again.ac1, again.ac5) == (found.ac1, found.ac5)
    assert again.avg5 == pytest.approx(found.avg5)


def test_average_is_of_the_five_shares():
    ranks = [1, 3, 5, 6, None]
    shares = [sum(r is not None and r <= k for r in ranks) / 5 for k in range(1, 6)]
    assert topk(ranks).avg5 == pytest.approx(sum(shares) / 5)


def test_no_cases():
    assert topk([]).n == 0
