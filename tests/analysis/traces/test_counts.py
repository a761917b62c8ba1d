import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.traces.counts import changed_nats, log_gamma


@given(st.floats(0.01, 1e6))
def test_log_gamma_is_that_of_the_library(x):
    assert log_gamma(np.array([x]))[0] == pytest.approx(math.lgamma(x), rel=1e-10, abs=1e-10)


def test_no_visits_say_nothing():
    assert abs(changed_nats(0, 0, 3, 9)) < 1e-9


def test_more_of_the_same_speaks_more_and_more_against_a_change():
    found = changed_nats([5, 50, 500], [10, 100, 1000], [5, 50, 500], [10, 100, 1000])
    assert found[0] > found[1] > found[2]
    assert found[2] < 0


def test_few_cannot_be_sure():
    few, many = changed_nats([2, 20], [2, 20], [0, 0], [2, 20])
    assert few < 3
    assert many > 15


counts = st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_before_and_after_and_having_and_lacking_are_alike(one, two):
    there = changed_nats(*one, *two)
    assert there == pytest.approx(changed_nats(*two, *one), abs=1e-8)
    lacking = changed_nats(one[1] - one[0], one[1], two[1] - two[0], two[1])
    assert there == pytest.approx(lacking, abs=1e-8)
