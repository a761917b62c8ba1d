"""Which type causes which: who comes first, more often than chance."""

import os
import random
from pathlib import Path

import pytest

from opsweave.analysis.correlation.edges import OrderLearner, learn_edges

DATA = Path(os.environ.get("OPSWEAVE_BENCH_DATA", "../shared/bench")) / "alerts" / "pcic"


def chain(seed: int, n: int = 40) -> list[tuple[str, str, float]]:
    """link -> radio -> cell on five devices, and a type that comes by chance."""
    chance = random.Random(seed)
    found = []
    for number in range(n):
        device, at = f"d{number % 5}", chance.uniform(0, 1e6)
        for type_ in ("link", "radio", "cell"):
            found.append((type_, device, at))
            at += chance.expovariate(1 / 20) + 1
        found.append(("fan", device, chance.uniform(0, 1e6)))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_chain_is_found_in_its_direction_and_chance_is_not(seed):
    onsets = chain(seed)
    random.Random(seed).shuffle(onsets)
    found = {(edge.cause, edge.effect) for edge in learn_edges(onsets)}
    assert {("link", "radio"), ("radio", "cell")} <= found <= {
        ("link", "radio"), ("radio", "cell"), ("link", "cell"),
    }  # fmt: skip


def test_what_a_third_causes_at_random_moments_is_no_edge():
    chance = random.Random(1)
    onsets = [
        (type_, "d", 1000.0 * n + chance.uniform(0, 60)) for n in range(400) for type_ in ("a", "b")
    ]
    assert all(edge.z < 3.0 for edge in learn_edges(onsets))


def test_the_same_second_says_nothing():
    assert learn_edges([(t, "d", 1000.0 * n) for n in range(50) for t in ("a", "b")]) == []


def test_a_flapping_alert_votes_once():
    burst = [("a", "d", n * 2.0) for n in range(30)] + [("b", "d", 70.0)]
    assert learn_edges(burst) == []


def test_devices_do_not_mix():
    onsets = [("a", f"x{n}", 1000.0 * n) for n in range(50)]
    onsets += [("b", f"y{n}", 1000.0 * n + 5) for n in range(50)]
    assert learn_edges(onsets) == []


def test_no_circle():
    onsets = [
        (type_, "d", 10_000.0 * n + 1_000.0 * turn + 10.0 * at)
        for n in range(30)
        for turn, pair in enumerate((("a", "b"), ("b", "c"), ("c", "a")))
        for at, type_ in enumerate(pair)
    ]
    found = {(edge.cause, edge.effect) for edge in learn_edges(onsets)}
    assert len(found) == 2


def test_asking_does_not_disturb_and_memory_is_bounded():
    asked, quiet = OrderLearner[str](), OrderLearner[str]()
    for type_, device, at_s in sorted(chain(3, 300), key=lambda one: one[2]):
        for learner in (asked, quiet):
            learner.see(type_, device, at_s)
        asked.edges()
    assert asked.edges() == quiet.edges()
    assert max(len(device._onsets) for device in asked._devices.values()) < 20


@pytest.mark.skipif(not DATA.exists(), reason=f"no data at {DATA} (OPSWEAVE_BENCH_DATA)")
def test_on_real_alarms_it_does_better_than_the_published_best():
    """PCIC 2021, 18V_55N_Wireless: F1 .577 of THP (R. Cai et al., 2022)."""
    from opsweave.bench.data.alarms import alarms
    from opsweave.bench.scores.edges import score

    data = alarms(DATA.parents[1], "18V_55N_Wireless")
    rows = zip(data.kinds.tolist(), data.devices.tolist(), data.starts.tolist(), strict=True)
    found = [(edge.cause, edge.effect) for edge in learn_edges(rows)]
    assert score(found, data.edges).f1 > 0.577
