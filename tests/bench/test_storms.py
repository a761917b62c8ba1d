"""Grouping on storms that are made, over swept parameters; floors lie below what was measured."""

import importlib.util
from pathlib import Path

import pytest

from opsweave.analysis.correlation import correlate
from opsweave.bench.scores.grouping import score


def _storms():
    spec = importlib.util.spec_from_file_location("storms", Path(__file__).with_name("storms.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STORMS = _storms()
Weather = STORMS.Weather


@pytest.mark.parametrize(
    ("weather", "precision", "recall"),
    [
        (Weather(), 0.80, 0.85),
        (Weather(noise=1.0), 0.75, 0.85),
        (Weather(silent=0.5), 0.65, 0.85),
        (Weather(skew=15.0), 0.80, 0.85),
        (Weather(flapping=0.5), 0.70, 0.75),
        (Weather(labels=True), 0.80, 0.85),
    ],
)
def test_storms_of_many_kinds(weather, precision, recall):
    found = [_score(STORMS.storm(seed, weather)) for seed in range(3)]
    assert sum(one.cubed_precision for one in found) / 3 > precision
    assert sum(one.cubed_recall for one in found) / 3 > recall


def test_the_same_storm_in_any_order_is_the_same_answer():
    storm = STORMS.storm(3, Weather(incidents=5, overlaps=1))
    assert correlate(storm.items, storm.topology) == correlate(storm.items[::-1], storm.topology)


def _score(storm):
    home = {a: one.id for one in correlate(storm.items, storm.topology) for a in one.alerts}
    return score([home[a] for a in storm.truth], list(storm.truth.values()))
