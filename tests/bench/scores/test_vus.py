import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.scores.vus import period, vus_pr


def noisy(number):
    rng = np.random.default_rng(number)
    labels = np.zeros(2000, dtype=int)
    for _ in range(number % 4 + 1):
        at = rng.integers(0, 1940)
        labels[at : at + rng.integers(1, 60)] = 1
    scores = rng.random(2000) + 0.8 * np.convolve(labels, np.ones(11) / 11, "same")
    return (np.round(scores, 1) if number % 2 else scores), labels.astype(bool)


@pytest.mark.parametrize(
    ("number", "longest", "figure"),
    [
        (0, 0, 0.737386169139456),
        (1, 5, 0.7684028552042763),
        (2, 20, 0.814275482395782),
        (3, 50, 0.7663127728133515),
    ],
)
def test_figures_of_the_authors_package(number, longest, figure):
    """Made with ``vus`` 0.0.6, RangeAUC_volume_opt, 250 thresholds."""
    assert vus_pr(*noisy(number), longest) == pytest.approx(figure, abs=1e-9)


@given(st.integers(0, 10_000), st.integers(0, 20))
def test_bounds_and_monotone_scores(seed, longest):
    rng = np.random.default_rng(seed)
    scores, labels = rng.random(200), rng.random(200) < 0.1
    found = vus_pr(scores, labels, longest)
    if labels.any():
        assert 0.0 <= found <= 1.0
        assert vus_pr(np.exp(3.0 * scores), labels, longest) == pytest.approx(found)
    else:
        assert math.isnan(found)


def test_perfect_without_a_buffer_is_one():
    labels = np.arange(100) % 40 < 5
    assert vus_pr(labels.astype(float), labels, 0, thresholds=100) == pytest.approx(1.0)


def test_period_of_noise_is_the_custom():
    assert period(np.arange(50.0)) == 125
    day = np.sin(np.arange(3000) * 2 * np.pi / 288) + 0.01 * np.random.default_rng(0).random(3000)
    assert period(day) == 288
