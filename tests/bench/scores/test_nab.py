"""The published windowedGaussian figures are met in all three profiles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.data.series import nab
from opsweave.bench.scores.nab import (
    PROFILES,
    at_threshold,
    best_threshold,
    mark,
    of_flags,
    probation,
)

SCORES = st.lists(st.floats(0, 1), min_size=100, max_size=100).map(np.array)
MARKED = mark(100, [(40, 49), (70, 75)])


def test_probation_is_at_most_750_points():
    assert [probation(n) for n in (100, 5000, 22_695)] == [15, 750, 750]


@given(SCORES)
def test_no_threshold_beats_the_best(scores):
    for profile in PROFILES:
        best = best_threshold([scores], [MARKED], profile)
        assert 0.0 <= best.score <= 100.0
        for threshold in (0.0, 0.3, 0.9):
            said = at_threshold([scores], [MARKED], threshold, profile).score
            assert said <= best.score + 1e-9
        if np.isfinite(best.threshold):
            again = at_threshold([scores], [MARKED], best.threshold, profile)
            assert again.score == pytest.approx(best.score)


@given(SCORES, SCORES)
def test_the_order_of_files_does_not_matter(one, other):
    marks = [MARKED, mark(100, [(30, 39)])]
    assert best_threshold([one, other], marks).score == pytest.approx(
        best_threshold([other, one], marks[::-1]).score
    )


def test_perfect_is_a_hundred_and_silence_nothing():
    flags = np.zeros(100, dtype=bool)
    assert of_flags([flags], [MARKED]).score == 0.0
    flags[[40, 70]] = True
    for profile in PROFILES:
        assert of_flags([flags], [MARKED], profile).score == pytest.approx(100.0)


def test_early_is_better_than_late_and_near_misses_cost_less():
    def at(index):
        flags = np.zeros(100, dtype=bool)
        flags[index] = True
        return of_flags([flags], [MARKED]).score

    assert at(40) > at(45) > at(49) > 0.0 > at(51) > at(60)
    assert at(5) == 0.0  # probation


def test_points_that_are_not_numbers_never_fire():
    assert best_threshold([np.full(100, np.nan)], [MARKED]).score == 0.0
    assert at_threshold([np.full(100, np.nan)], [MARKED], -1.0).score == 0.0


def gaussian(values, window=6400, step=100):
    """NAB's windowedGaussian as its file of scores has it: twelve digits."""
    tails = np.ones(len(values))
    for i in range(1, len(values)):
        if i <= window or (i - window) % step == 0:
            begin = max(i - window, 0)
            part = values[begin : begin + window][: i - begin]
            mean, spread = part.mean(), part.std() or 1e-6
        tails[i] = 0.5 * math.erfc(abs(values[i] - mean) / spread / 1.4142)
    return np.round(1.0 - tails, 12)


@pytest.mark.slow
def test_the_published_figures_of_windowed_gaussian(bench_data):
    series = nab(bench_data).values()
    assert len(series) == 58
    marks = [mark(len(one.values), one.windows) for one in series]
    scores = [gaussian(one.values) for one in series]
    published = {
        "standard": 39.649523496077585,
        "reward_low_FP_rate": 20.86798582474138,
        "reward_low_FN_rate": 47.4100271583046,
    }
    for profile, figure in published.items():
        assert best_threshold(scores, marks, profile).score == pytest.approx(figure, abs=1e-6)
