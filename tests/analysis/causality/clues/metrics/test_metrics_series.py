import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsweave.analysis.causality.clues.metrics.series import Floors, log_tail, quantile, shifts


def judge(table, n, relative=0.0):
    table = np.atleast_2d(np.asarray(table, float))
    rows, columns = table.shape
    when = np.tile(np.arange(columns), rows)
    floors = Floors(np.full(rows, relative), np.zeros(rows))
    return shifts(table.ravel(), np.arange(rows + 1) * columns, when < n, when >= n, floors)


@pytest.mark.parametrize(("n", "k"), [(3, 2), (8, 8), (20, 35), (90, 4), (590, 3), (280, 280)])
@pytest.mark.parametrize("draw", ["normal", "lognormal", "standard_t"])
def test_a_surprise_of_five_nats_is_rare_whatever_the_shape_and_the_number(n, k, draw):
    rng = np.random.default_rng(4)
    size = (2000, n + k)
    table = rng.standard_t(3, size) if draw == "standard_t" else getattr(rng, draw)(0, 1, size)
    surprise = judge(table, n).surprise
    assert np.mean(surprise > 5) < 0.03
    assert np.mean(surprise > 2) < 0.25


@pytest.mark.parametrize(("n", "k"), [(12, 6), (90, 4), (590, 3), (280, 280)])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_large_shift_is_seen_in_either_direction(n, k, sign):
    table = np.random.default_rng(5).normal(0, 1, (50, n + k))
    table[:, n:] += sign * 25
    found = judge(table, n)
    assert np.all(found.sign == sign)
    assert np.min(found.surprise) > 2.5


def test_a_spike_inside_a_long_incident_is_seen_by_its_height():
    table = np.random.default_rng(6).normal(0, 1, (1, 400))
    calm = judge(table, 300).surprise[0]
    table[0, 350:353] = 60
    assert judge(table, 300).surprise[0] > calm + 3


def test_a_series_that_leaps_now_and_then_may_leap_again():
    table = np.random.default_rng(7).normal(10, 0.1, (2, 104))
    table[:, 100:] += 5
    table[1, :100][np.arange(100) % 20 < 4] += 5
    often = judge(table, 100).surprise
    assert often[0] > often[1] + 3


def test_what_never_moved_surprises_by_how_long_it_stood():
    table = np.zeros((1, 71))
    table[0, 70] = 1e9
    assert judge(table[:, 60:], 10).surprise[0] < judge(table, 70).surprise[0] < np.log(70)


def test_a_swing_below_the_floor_is_of_no_consequence():
    table = np.full((1, 60), 100.0)
    table[0, 50:] = 100.5
    assert judge(table, 50, relative=0.02).surprise[0] == 0
    assert judge(table, 50).surprise[0] > 0


def test_too_few_samples_are_not_judged():
    found = judge(np.ones((1, 4)), 2)
    assert np.isnan(found.surprise[0])
    assert np.isnan(judge(np.ones((1, 4)), 4).surprise[0])


def test_missing_samples_are_passed_over():
    table = np.random.default_rng(8).normal(0, 1, (1, 60))
    table[0, 50:] += 9
    holes = table.copy()
    holes[0, [3, 17, 40, 55]] = np.nan
    assert judge(holes, 50).surprise[0] == pytest.approx(judge(table, 50).surprise[0], abs=3)


@settings(max_examples=30, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(-100, 100), st.integers(0, 50))
def test_scale_and_offset_do_not_matter(factor, offset, seed):
    table = np.random.default_rng(seed).normal(0, 1, (3, 50))
    table[1, 40:] += 4
    ours = judge(table, 40).surprise
    assert judge(factor * (table + offset), 40).surprise == pytest.approx(ours, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 50))
def test_a_mirrored_series_surprises_as_much(seed):
    table = np.random.default_rng(seed).exponential(1, (3, 50))
    ours, theirs = judge(table, 40), judge(-table, 40)
    assert theirs.surprise == pytest.approx(ours.surprise)
    assert theirs.scales == pytest.approx(-ours.scales)


@given(st.floats(1e-6, 0.9), st.floats(1.0, 4.0))
def test_quantile_and_tail_are_inverse(p, freedom):
    v = np.array([freedom])
    assert log_tail(quantile(np.array([p]), v), v)[0] == pytest.approx(np.log(p), rel=1e-6)


@pytest.mark.parametrize(("n", "k"), [(19, 35), (90, 4), (590, 3)])
def test_sparse_counts_are_not_surprising_by_their_zeros(n, k):
    table = np.random.default_rng(9).poisson(0.3, (2000, n + k)).astype(float)
    assert np.mean(judge(table, n, relative=0.02).surprise > 5) < 0.005
