"""Measured on a synthetic company with fixed seeds: false episodes and times to detection."""

from __future__ import annotations

import numpy as np
import pytest

from opsweave.analysis.detection import Detector, detect, is_symptom
from opsweave.analysis.signal import Deviation

from .scenes import Scene, key


def episodes(scene: Scene, frames: int) -> list[Deviation]:
    """The first report of each episode."""
    detector, known, found = Detector(), set(), []
    for number in range(frames):
        for deviation in detector.step(scene.frame(number)):
            identity = (deviation.key, deviation.since_ns)
            if deviation.active and identity not in known:
                known.add(identity)
                found.append(deviation)
    return found


@pytest.mark.slow
def test_calm_ten_minutes_open_no_symptom():
    symptoms, evidence = [], 0
    for seed in range(30):
        found = episodes(Scene(seed), 120)
        symptoms += [(seed, d.key, d.reason) for d in found if is_symptom(d.key.indicator)]
        evidence += sum(not is_symptom(d.key.indicator) for d in found)
    assert symptoms == []
    series_days = 30 * 54 * 600 / 86400
    assert evidence / series_days < 3.0


@pytest.mark.slow
def test_slow_restarts_of_five_services_open_no_symptom():
    for seed in range(100, 110):
        found = episodes(Scene(seed, down_s=(4.0, 9.0)), 120)
        assert [d.reason for d in found if is_symptom(d.key.indicator)] == []


def first_after(found, wanted, onset_s):
    hits = [d for d in found if d.key == wanted and d.at_ns > onset_s * 1e9]
    return hits[0] if hits else None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("service", ["gateway", "checkout"])
def test_latency_step(service, seed):
    scene = Scene(
        seed, slower=lambda s, t: 8.0 if s == service and t >= 122 else 1.0, restarts=False
    )
    hit = first_after(episodes(scene, 40), key(service, "latency_p95"), 122)
    assert hit is not None
    assert hit.at_ns / 1e9 - 122 <= 20
    assert abs(hit.since_ns / 1e9 - 122) <= 5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("service", ["gateway", "checkout"])
def test_errors_step(service, seed):
    scene = Scene(
        seed, failing=lambda s, t: 0.3 if s == service and t >= 122 else 0.002, restarts=False
    )
    hit = first_after(episodes(scene, 40), key(service, "error_ratio"), 122)
    assert hit is not None
    assert hit.at_ns / 1e9 - 122 <= 23
    assert hit.n >= 3


def test_fault_after_one_minute_of_history():
    scene = Scene(5, failing=lambda s, t: 0.5 if s == "cart" and t >= 62 else 0.002, restarts=False)
    hit = first_after(episodes(scene, 20), key("cart", "error_ratio"), 62)
    assert hit is not None
    assert hit.at_ns / 1e9 - 62 <= 23


def test_silence():
    scene = Scene(2, silent=lambda s, t: s == "payment" and t >= 130, restarts=False)
    hit = first_after(episodes(scene, 40), key("payment", "heartbeat"), 130)
    assert hit is not None
    assert hit.at_ns / 1e9 - 130 <= 15
    assert "silent" in hit.reason


@pytest.mark.parametrize("seed", range(3))
def test_slow_ramp_of_latency_is_not_absorbed(seed):
    scene = Scene(
        seed,
        slower=lambda s, t: 1 + max(0.0, (t - 120) / 40) if s == "cart" else 1.0,
        restarts=False,
    )
    hit = first_after(episodes(scene, 60), key("cart", "latency_p95"), 120)
    assert hit is not None
    assert hit.since_ns / 1e9 < 150


def test_leak_is_seen_as_a_ramp_of_one_service():
    found = episodes(Scene(3, leak_mb_per_s=0.2, restarts=False), 60)
    leaks = {d.key for d in found if d.key.indicator == "process.memory.usage"}
    assert leaks == {key("cart", "process.memory.usage")}


def test_surge_is_evidence_not_symptom():
    scene = Scene(4, swing=0.2, restarts=False)
    original, surge = scene.load, 4.0
    detector, keys = Detector(), set()
    for number in range(60):
        scene.load = original * (surge if number >= 36 else 1.0)
        keys |= {d.key for d in detector.step(scene.frame(number)) if d.active}
    assert key("gateway", "requests") in keys
    assert not any(is_symptom(k.indicator) for k in keys)


def test_a_size_that_was_silent_for_a_sixth_of_the_span_is_no_ramp_and_no_crash():
    values = np.full(60, 80e6)
    values[30:36] = np.nan
    assert detect(values, indicator="process.memory.usage") == []
