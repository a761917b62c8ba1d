import numpy as np
import pytest

from opsweave.analysis.detection.shelf.found import episodes, gaps
from opsweave.analysis.detection.shelf.score import REASONS, Scorer, score
from opsweave.kernel.errors import RejectInput

MINUTE = 60_000_000_000
DAY = 1440


def noise(n, seed=0):
    return np.random.default_rng(seed).normal(100.0, 5.0, n)


def test_the_score_of_an_anomaly_outranks_all_else_and_lasts():
    values = noise(3000)
    values[2000:2040] += 60.0
    said = score(values, np.arange(3000) * MINUTE).score[0]
    assert said[2001:2040].min() > np.delete(said, np.s_[2000:2200])[100:].max()


def test_the_band_holds_what_does_not_alarm():
    said = score(noise(3000), np.arange(3000) * MINUTE)
    inside = (said.lower <= said.expected) & (said.expected <= said.upper)
    assert inside[0, 100:].all()
    assert np.mean(np.abs(said.expected[0, 100:] - 100.0)) < 5.0


def test_a_shift_is_dated_to_its_onset():
    values = noise(3000)
    values[2000:] += 15.0
    said = score(values, np.arange(3000) * MINUTE)
    first = episodes(values, said)[0]
    assert first.direction == 1
    assert abs(first.onset - 2000) <= 5
    assert first.onset <= first.found <= first.end


def test_a_stuck_value_is_called_stuck():
    values = noise(3000)
    values[2000:2300] = values[2000]
    found = episodes(values, score(values, np.arange(3000) * MINUTE))
    assert [e.reason for e in found if e.onset >= 1990][:1] == ["stuck"]


def test_nights_without_data_are_learned_and_a_silent_day_is_not():
    values = noise(DAY * 8)
    at = np.arange(values.size)
    values[(at % DAY) < 300] = np.nan
    values[DAY * 6 + 200 :] = np.nan
    said = score(values, at * MINUTE)
    assert gaps(values, said)[-1] == (DAY * 6, DAY * 8 - 1)
    assert [a for a, _ in gaps(values, said) if DAY * 2 <= a < DAY * 6] == []
    assert not said.anomaly[0, np.isnan(values)].any()


def test_a_learned_period_needs_no_calendar():
    at = np.arange(6000)
    values = 50.0 + 30.0 * np.sin(2 * np.pi * at / 100) + noise(6000) / 100
    scorer = Scorer(1)
    scorer.step(values[None, :])
    period = scorer.states["periods"]["period"][0]
    assert abs(period / 100 - 1) < 0.03


def test_a_state_of_another_version_is_refused():
    with pytest.raises(RejectInput, match="state"):
        Scorer.from_bytes(b"x" * 100)
    assert len(Scorer.from_bytes(Scorer(2).to_bytes()).states) == 2


@pytest.mark.parametrize(
    ("values", "times"),
    [(np.zeros(5), None), (np.zeros((2, 5)), None), (np.zeros((1, 5)), np.arange(4))],
)
def test_shapes_must_fit(values, times):
    with pytest.raises(RejectInput):
        Scorer(1).step(values, times)


def test_a_budget_must_be_positive():
    with pytest.raises(RejectInput):
        Scorer(1, budget=0.0)


def test_values_in_the_order_they_came_give_what_a_table_gives():
    values = np.stack([noise(500, seed) for seed in range(3)])
    at = np.arange(500) * MINUTE
    one = Scorer(3).step(values, at)
    index = np.tile(np.arange(3, dtype=np.int32), 500)
    two = Scorer(3).step_rows(index, np.repeat(at, 3), np.ascontiguousarray(values.T).ravel())
    assert np.array_equal(one.score, two.score.reshape(500, 3).T)
    assert np.array_equal(one.anomaly, two.anomaly.reshape(500, 3).T)


@pytest.mark.parametrize(("index", "n"), [([0, 3], 2), ([-1, 0], 2), ([0], 2)])
def test_rows_must_be_of_known_series(index, n):
    with pytest.raises(RejectInput):
        Scorer(3).step_rows(np.array(index), np.arange(n), np.zeros(n))


def test_every_expert_has_a_name():
    values = noise(3000)
    values[2000:2300] = 300.0
    said = score(values, np.arange(3000) * MINUTE)
    assert all(reason in REASONS for reason in said.reasons().values())
    assert said.reasons()


@pytest.mark.parametrize("repeats", [2, 3, 4, 5])
def test_a_short_cycle_ends_and_is_usual(repeats):
    """The search for a finer period must not run into the next peak, and never below one value."""
    said = score((np.arange(1200.0) % repeats == 0).astype(float)[None, :])
    assert np.isfinite(said.score).all()
    assert not said.anomaly[0, 300:].any()
