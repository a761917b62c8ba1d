import numpy as np

from opsweave.analysis.detection.entity import EntityConfig, score_entity

MINUTE = 60_000_000_000


def episodes(flags):
    return int((np.diff(np.r_[0, flags.astype(int)]) == 1).sum())


def restless(days, seed):
    """Bursts of all sizes, several a day: only the largest can be kept within a budget."""
    rng = np.random.default_rng(seed)
    n = days * 1440
    rows = rng.normal(size=(n, 8))
    for at in rng.integers(0, n - 60, 5 * days):
        rows[at : at + 30, rng.integers(8)] += rng.exponential(6)
    return rows, np.arange(n) * MINUTE + 10**18


def test_alarms_keep_the_budget():
    rows, times = restless(20, 1)
    found = score_entity(rows, times, config=EntityConfig(budget=0.2))
    assert 1 <= episodes(found.anomaly[2000:]) <= 2 * 0.2 * 20
    more = score_entity(rows, times, config=EntityConfig(budget=1.0))
    assert episodes(more.anomaly) > episodes(found.anomaly)


def test_the_score_does_not_depend_on_the_budget():
    rows, times = restless(3, 2)
    one = score_entity(rows, times, config=EntityConfig(budget=0.01))
    other = score_entity(rows, times, config=EntityConfig(budget=5.0))
    np.testing.assert_array_equal(one.score, other.score)


def test_quiet_noise_raises_nothing():
    rows = np.random.default_rng(4).normal(size=(20_000, 12))
    assert not score_entity(rows).anomaly.any()


def test_an_alarm_begins_at_the_limit_and_lasts_while_the_score_is_half_of_it():
    rows, times = restless(6, 3)
    found = score_entity(rows, times)
    starts = np.flatnonzero(np.diff(np.r_[0, found.anomaly.astype(int)]) == 1)
    assert len(starts)
    assert np.all(found.score[starts] >= found.limit[starts])
    on = np.flatnonzero(found.anomaly)
    assert np.all(found.score[on] >= 0.5 * found.limit[on])
