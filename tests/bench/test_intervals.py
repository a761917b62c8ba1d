import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.intervals import bootstrap, mean_interval, wilson


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_is_symmetric(counts):
    right, n = counts
    low, high = wilson(right, n)
    assert 0.0 <= low <= right / n <= high <= 1.0
    other_low, other_high = wilson(n - right, n)
    assert low == pytest.approx(1.0 - other_high)
    assert high == pytest.approx(1.0 - other_low)


def test_wilson_against_a_table():
    # Newcombe, Statistics in Medicine 1998: 81 of 263 and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_a_bootstrap_is_repeatable_and_narrows():
    values = np.random.default_rng(1).random(400)
    few, many = mean_interval(values[:20]), mean_interval(values)
    assert mean_interval(values) == many
    assert many[1] - many[0] < few[1] - few[0]
    assert many[0] < values.mean() < many[1]


def test_no_cases_no_interval():
    assert all(math.isnan(bound) for bound in bootstrap(0, lambda which: 1.0))
