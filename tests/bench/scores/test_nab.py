"""Properties; that the published figures are met stands in peers/test_worker.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
