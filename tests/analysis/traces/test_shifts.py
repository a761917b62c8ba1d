import numpy as np

from opsweave.analysis.traces.shifts import shifts


def moved(factors, *, before=40, after=40, slow_share=1.0, spread=0.3):
    """Groups whose durations (around 10 ms) are ``factors`` times as long after."""
    random = np.random.default_rng(3)
    group, value, late = [], [], []
    for number, factor in enumerate(factors):
        usual = 10_000 * random.lognormal(0, spread, before)
        now = 10_000 * random.lognormal(0, spread, after)
        now[: int(slow_share * after)] *= factor
        value += [*usual, *now]
        group += [number] * (before + after)
        late += [False] * before + [True] * after
    mask = np.array(late)
    return {s.group: s for s in shifts(np.array(group), np.array(value), ~mask, mask, grain=100.0)}


def test_the_slow_group_stands_out_and_the_rest_are_spared():
    found = moved([1, 1, 1, 1, 1, 10])
    assert found[5].nats > 10
    assert all(found[i].nats < 0 for i in range(5))


def test_a_quarter_of_slow_requests_is_enough():
    found = moved([1, 1, 1, 1, 1, 100], slow_share=0.25)
    assert found[5].nats > 2


def test_what_slows_everything_alike_singles_nobody_out():
    found = moved([3] * 8)
    assert all(s.nats < 1 for s in found.values())


def test_getting_faster_is_no_fault():
    assert moved([1, 1, 1, 0.1])[3].nats < 0


def test_two_samples_before_are_not_believed_to_be_all_there_is():
    wild = moved([1, 1, 1, 1, 3], before=2, after=4, spread=1.0)
    assert wild[4].nats < 3


def test_a_trifle_beside_the_worst_is_spared():
    group = np.repeat([0, 1, 2, 3], 80)
    late = np.tile(np.repeat([False, True], 40), 4)
    value = 1_000 * np.random.default_rng(3).lognormal(0, 0.1, 320)
    value[(group == 0) & late] *= 2
    value[(group == 1) & late] *= 1000
    found = {s.group: s.nats for s in shifts(group, value, ~late, late, 100.0)}
    assert found[1] > 10
    assert found[0] < 0


def test_a_group_without_a_past_is_not_judged():
    value = np.array([1.0, 2.0, 3.0])
    late = np.array([False, True, True])
    assert shifts(np.array([0, 0, 1]), value, ~late, late, 1.0) == []
