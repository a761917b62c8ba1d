import numpy as np
import pytest

from opsweave.analysis.detection.entity import score_entity
from opsweave.analysis.detection.entity.season import period_of


def waves(n, period, columns=5, noise=0.3, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(n)[:, None]
    phase = rng.uniform(0, 6, columns)
    return np.sin(2 * np.pi * t / period + phase) + rng.normal(0, noise, (n, columns))


@pytest.mark.parametrize("period", [144, 288, 1440])
def test_a_shared_period_is_found(period):
    assert abs(period_of(waves(4096, period), 0, 120, 0.3) - period) <= period * 0.02


def test_noise_and_walks_have_no_period():
    rng = np.random.default_rng(3)
    assert period_of(rng.normal(size=(4096, 5)), 0, 120, 0.3) == 0
    assert period_of(np.ones((4096, 5)), 0, 120, 0.3) == 0
    assert period_of(np.full((4096, 5), np.nan), 0, 120, 0.3) == 0
    assert period_of(rng.normal(size=(60, 5)), 0, 120, 0.3) == 0


def test_a_period_is_kept_while_another_is_hardly_better():
    rows = waves(4096, 288)
    assert period_of(rows, 289, 120, 0.3) == 289
    assert abs(period_of(rows, 200, 120, 0.3) - 288) <= 3


def test_holes_do_not_hide_a_period():
    rows = waves(4096, 288)
    rows[1000:1100] = np.nan
    rows[::7, 2] = np.nan
    assert abs(period_of(rows, 0, 120, 0.3) - 288) <= 3


def test_the_usual_peak_is_expected_and_its_absence_is_not():
    rows = waves(6000, 288, noise=0.05)
    missed = rows.copy()
    missed[5000:5040] = rows[5144:5184]
    usual, found = score_entity(rows), score_entity(missed)
    assert found.score[5010:5050].max() > 1.5 * usual.score[2000:].max()
    assert np.abs(usual.expected[3000:] - rows[3000:]).mean() < 0.1


def test_a_gap_in_the_times_keeps_the_phase():
    rows, times = waves(6000, 288, noise=0.05), np.arange(6000) * 300_000_000_000 + 10**18
    kept = np.r_[0:4000, 4130:6000]
    found = score_entity(rows[kept], times[kept])
    blind = score_entity(rows[kept])
    assert found.score[4000:4100].max() < 1.5
    assert blind.score[4000:4100].max() > 1.5 * found.score[4000:4100].max()


def test_uneven_steps_are_no_gaps():
    rng = np.random.default_rng(5)
    rows = waves(3000, 288, noise=0.05)
    times = np.arange(3000) * 60e9 + rng.uniform(-10e9, 10e9, 3000) + 1e18
    np.testing.assert_array_equal(score_entity(rows, times).score, score_entity(rows).score)
