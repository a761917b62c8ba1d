"""The shelf inside the loop's detector: seasons, lasting shifts, troubles, kinds as gates."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from opsweave.analysis.detection import Detector, DetectorConfig
from opsweave.analysis.signal import Frame, SeriesKey

WIDTH_NS = 5_000_000_000
DAY = 288
GAUGE = SeriesKey("service:t/s/cart", "jobs.inflight")
LATENCY = SeriesKey("service:t/s/cart", "latency_p95")
SPACE = SeriesKey("service:t/s/cart", "disk.bytes")


def feed(detector, key, values, start=0, width_ns=WIDTH_NS):
    """Feed values of one series; the answers, one list a frame."""
    return [
        detector.step(
            Frame(at_ns=(i + 1) * width_ns, width_ns=width_ns, values={key: v}, counts={})
        )
        for i, v in enumerate(values, start)
        if not math.isnan(v)
    ]


def noise(n, seed=1, mean=100.0, sigma=2.0):
    return np.random.default_rng(seed).normal(mean, sigma, n)


def found(answers):
    return [d for answer in answers for d in answer if d.active]


def test_a_young_series_is_judged_by_quantiles_and_an_older_one_by_the_shelf():
    detector = Detector()
    feed(detector, GAUGE, noise(20))
    assert detector.stats()["by_shelf"] == 0
    assert detector.band(GAUGE) is not None
    feed(detector, GAUGE, noise(40, 2), start=20)
    assert detector.stats()["by_shelf"] == 1


def test_a_small_shift_that_stays_is_found_and_said():
    detector = Detector()
    calm = feed(detector, GAUGE, noise(600))
    shifted = found(feed(detector, GAUGE, noise(120, 2, mean=105.0), start=600))
    assert not found(calm)
    assert shifted
    assert shifted[0].direction == 1
    assert any("off its level" in d.reason for d in shifted)


def test_a_daily_wave_is_expected_after_some_days():
    hours = np.arange(7 * DAY)
    wave = 100.0 + 60.0 * np.sin(2 * np.pi * hours / DAY) + noise(len(hours), mean=0.0)
    width = 300_000_000_000
    detector = Detector(DetectorConfig(season_slots=0))
    answers = feed(detector, GAUGE, wave, width_ns=width)
    assert not found(answers[5 * DAY :])
    night = found(feed(detector, GAUGE, [155.0] * 12, start=7 * DAY + 210, width_ns=width))
    assert night, "the height of noon in the small hours"
    assert night[0].expected < 80.0


def test_the_trouble_is_not_learned_and_the_band_is_the_old_one_afterwards():
    detector = Detector()
    draw = random.Random(4)

    def calm(n):
        return [100.0 * math.exp(draw.gauss(0.0, 0.08)) for _ in range(n)]

    feed(detector, LATENCY, calm(200))
    before = detector.band(LATENCY)
    assert found(feed(detector, LATENCY, [800.0] * 60, start=200))
    during = detector.band(LATENCY)
    ends = [d for a in feed(detector, LATENCY, calm(10), start=260) for d in a if not d.active]
    after = detector.band(LATENCY)
    assert len(ends) == 1
    for band in (during, after):
        assert band == pytest.approx(before, rel=0.15)


@pytest.mark.parametrize(("key", "fall"), [(LATENCY, 5.0), (SPACE, 1e6)])
def test_the_kind_says_which_direction_hurts(key, fall):
    detector = Detector()
    level = 50e6 if key is SPACE else 400.0
    feed(detector, key, level * np.exp(noise(200, mean=0.0, sigma=0.02)))
    assert not found(feed(detector, key, [fall] * 10, start=200))


def test_the_kind_says_what_is_too_small_to_matter():
    detector = Detector()
    feed(detector, LATENCY, noise(300, mean=20.0, sigma=0.1))
    # Forty sigmas, but a rise of 4 ms that no user feels.
    assert not found(feed(detector, LATENCY, noise(60, 2, mean=24.0, sigma=0.1), start=300))


def test_a_new_level_is_taken_as_normal_in_the_end():
    detector = Detector()
    feed(detector, GAUGE, noise(200))
    answers = feed(detector, GAUGE, noise(400, 3, mean=300.0), start=200)
    assert found(answers[:10])
    assert any("new normal" in d.reason for answer in answers for d in answer)
    assert not found(answers[-60:])
    expected, _, _ = detector.band(GAUGE)
    assert expected == pytest.approx(300.0, rel=0.05)


def test_a_gauge_that_always_moved_and_stands_still_is_said():
    detector = Detector()
    feed(detector, GAUGE, noise(300))
    still = found(feed(detector, GAUGE, [100.3] * 60, start=300))
    assert any("does not move any more" in d.reason for d in still)


def test_the_state_holds_the_past_of_troubled_series():
    first, second = Detector(), Detector()
    feed(first, GAUGE, [*noise(100), *[400.0] * 5])
    second.restore(first.state())
    rest = [400.0] * 5 + list(noise(20, 5))
    assert feed(first, GAUGE, rest, start=105) == feed(second, GAUGE, rest, start=105)
    assert first.state() == second.state()
