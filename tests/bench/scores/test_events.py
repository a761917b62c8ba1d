"""The recorded baselines of metrics/wsd are met at their own thresholds."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.data.series import wsd
from opsweave.bench.scores.events import alerts, budget_threshold, count, runs, total

FLAGS = st.lists(st.booleans(), min_size=1, max_size=120).map(lambda x: np.array(x, dtype=bool))


def at(*places, n=100):
    flags = np.zeros(n, dtype=bool)
    for place in places:
        flags[place] = True
    return flags


@given(FLAGS)
def test_alerting_on_the_labels_is_perfect(labels):
    found = count(labels, labels, 1.0)
    assert found.precision == found.recall == 1.0
    assert found.false_per_day == 0.0


@given(FLAGS, st.integers(0, 2**31))
def test_bounds(labels, seed):
    flags = np.random.default_rng(seed).random(len(labels)) < 0.2
    found = count(flags, labels, 1.0)
    assert 0 <= found.right <= found.episodes
    assert 0 <= found.found <= found.segments
    assert 0.0 <= found.f1 <= 1.0


def test_the_tolerance_lies_behind_a_segment_only():
    labels = at(slice(40, 50))
    assert count(at(59), labels, 1.0).right == 1
    assert count(at(60), labels, 1.0).right == 0
    assert count(at(39), labels, 1.0).right == 0
    assert count(at(59), labels, 1.0).recall == 1.0


def test_silence_is_precise_only_where_nothing_is_labelled():
    assert count(at(), at(), 1.0).precision == 1.0
    assert count(at(), at(5), 1.0).f1 == 0.0


def test_alerts_ten_points_apart_are_one_episode():
    assert runs(at(10, 20), gap=10).tolist() == [[10, 20]]
    assert runs(at(10, 21), gap=10).tolist() == [[10, 10], [21, 21]]


def test_series_are_added_and_their_order_does_not_matter():
    parts = [count(at(5), at(5), 2.0), count(at(50, 90), at(), 1.0)]
    both = total(parts)
    assert (both.episodes, both.right, both.series_days) == (3, 1, 3.0)
    assert both == total(parts[::-1])


@given(st.lists(st.integers(0, 30), min_size=2, max_size=200), st.integers(0, 6))
def test_the_threshold_keeps_the_budget_and_is_the_least_above_which_all_do(values, budget):
    scores = [np.array(values, dtype=float)]
    threshold = budget_threshold(scores, 1.0, float(budget))

    def episodes(level):
        return len(runs(alerts(scores[0], level), 10))

    above = [v for v in set(values) if v >= threshold]
    assert all(episodes(v) <= budget for v in above)
    below = [v for v in set(values) if v < threshold]
    assert not below or episodes(max(below)) > budget


def test_a_score_that_is_missing_never_alerts():
    assert budget_threshold([np.array([np.nan, 1.0, 0.0])], 1.0, 1.0) == 0.0
    assert not alerts(np.array([np.nan]), -5.0)[0]


def band(values, width=1560):
    """Distance from the mean of the last 26 hours in their deviations, as it was recorded."""
    known = np.isfinite(values)
    filled = np.interp(np.arange(len(values)), np.flatnonzero(known), values[known])
    sums, squares = (np.cumsum(np.append(0.0, x)) for x in (filled, filled**2))
    last = np.arange(len(values))
    first = np.maximum(last - width, 0)
    n = np.maximum(last - first, 1)
    mean = (sums[last] - sums[first]) / n
    spread = np.sqrt(np.maximum((squares[last] - squares[first]) / n - mean**2, 0.0))
    return np.abs(filled - mean) / (spread + 1e-9)


@pytest.mark.slow
def test_the_recorded_band_is_met(bench_data):
    recorded = json.loads((bench_data / "metrics/wsd/baselines.json").read_text("utf-8"))
    series = wsd(bench_data).values()
    assert sum(len(one.values) for one in series) == 3_787_789
    assert sum(len(runs(one.labels)) for one in series) == 1_143
    halves = [
        (band(s.values)[len(s.values) // 2 :], s.labels[len(s.values) // 2 :]) for s in series
    ]
    for budget in ("budget1.0", "budget0.25"):
        wanted = recorded["prometheus 26h band"][budget]
        found = total([count(s > wanted["thr"], y, len(y) / 1440) for s, y in halves])
        assert round(found.precision, 3) == wanted["event_precision"]
        assert round(found.recall, 3) == wanted["event_recall"]
        assert round(found.f1, 3) == wanted["F1"]
        assert round(found.alerts_per_day, 3) == wanted["alerts_per_series_day"]
        assert round(found.false_per_day, 3) == wanted["false_per_series_day"]
