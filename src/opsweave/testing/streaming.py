"""Contract suite for streaming scorers of many series: run it over any that has this shape.

After the idea of River's ``check_estimator``. Each check takes a `Kit` and raises AssertionError
with a sentence. `CHECKS` hold for every algorithm of the shelf, `ALARMS` for what raises alarms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from opsweave.kernel.errors import RejectInput

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
STEP_NS = 300 * 1_000_000_000
DAY = 288
"""Values a day at that step."""


class Streaming(Protocol):
    """Judges values [series, time] at times common to all, and learns them; one or more arrays of
    that shape come out."""

    def judge(self, values: Floats, times_ns: Times) -> Any: ...
    def to_bytes(self) -> bytes: ...


class Kit(NamedTuple):
    """How to make one for so many series, and from its bytes."""

    make: Callable[[int], Streaming]
    restore: Callable[[bytes], Streaming]


def times(n: int, start: int = 0) -> Times:
    """``n`` times five minutes apart."""
    return (np.arange(start, start + n, dtype=np.int64) + 1_000_000) * STEP_NS


def series(n: int = 1500, seed: int = 0) -> Floats:
    """Eight series of very different kinds, some with holes."""
    draw = np.random.default_rng(seed)
    at = np.arange(n)
    made = np.stack(
        [
            draw.normal(100.0, 5.0, n),
            50.0 + 30.0 * np.sin(2 * np.pi * at / DAY) + draw.normal(0.0, 1.0, n),
            np.cumsum(draw.poisson(5.0, n)).astype(float),
            draw.poisson(0.05, n).astype(float),
            np.full(n, 7.0),
            np.exp(draw.normal(0.0, 2.0, n)),
            np.cumsum(draw.normal(0.0, 1.0, n)) - 1e6,
            np.where(at % DAY < 12, 1e9, 0.0),
        ]
    )
    made[0, n // 2 : n // 2 + 3] += 80.0
    made[1, draw.random(n) < 0.1] = np.nan
    made[5, n // 3 : n // 3 + 60] = np.nan
    return made


def _said(answer: Any) -> list[npt.NDArray[Any]]:
    """The arrays of an answer."""
    return [answer] if isinstance(answer, np.ndarray) else [np.asarray(part) for part in answer]


def _same(one: Any, two: Any) -> bool:
    pairs = zip(_said(one), _said(two), strict=True)
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


def check_deterministic(kit: Kit) -> None:
    values = series()
    one, two = (kit.make(len(values)).judge(values, times(1500)) for _ in range(2))
    assert _same(one, two), "the same values gave other answers"


def check_batch_equals_alone(kit: Kit) -> None:
    values = series()
    together = _said(kit.make(len(values)).judge(values, times(1500)))
    for i in range(len(values)):
        alone = _said(kit.make(1).judge(values[i : i + 1].copy(), times(1500)))
        assert _same([a[i : i + 1] for a in together], alone), f"series {i} differs in a batch"


def check_split_equals_whole(kit: Kit) -> None:
    values, at = series(), times(1500)
    whole = _said(kit.make(len(values)).judge(values, at))
    for cut in (1, 700, 1499):
        first = kit.make(len(values))
        head = _said(first.judge(values[:, :cut].copy(), at[:cut]))
        tail = _said(kit.restore(first.to_bytes()).judge(values[:, cut:].copy(), at[cut:]))
        joined = [np.concatenate(pair, axis=1) for pair in zip(head, tail, strict=True)]
        assert _same(whole, joined), f"a stream cut at {cut}, its state saved, differs"


def check_causal(kit: Kit) -> None:
    values, at = series(), times(1500)
    whole = _said(kit.make(len(values)).judge(values, at))
    other = values.copy()
    other[:, 900:] = 1e6 * np.random.default_rng(5).normal(size=other[:, 900:].shape)
    changed = _said(kit.make(len(values)).judge(other, at))
    early = [[a[:, :900] for a in answers] for answers in (whole, changed)]
    assert _same(*early), "later values changed an answer that was given"


def check_input_is_kept(kit: Kit) -> None:
    values = series()
    before = values.copy()
    kit.make(len(values)).judge(values, times(1500))
    assert np.array_equal(values, before, equal_nan=True), "the values were changed"


def check_bounded(kit: Kit) -> None:
    made = kit.make(8)
    made.judge(series(300), times(300))
    size = len(made.to_bytes())
    made.judge(series(3000, seed=1), times(3000, start=300))
    assert len(made.to_bytes()) == size, "the state grows with time"


def check_finite(kit: Kit) -> None:
    """No value, however odd, makes a first answer (a score) infinite or NaN."""
    at = times(600)
    odd = np.tile([0.0, 1e300, -1e300, 5e-324, 1.0, -0.0], 100)[None, :]
    for values in (odd, np.zeros((1, 600)), np.full((1, 600), np.nan), np.full((1, 600), -np.inf)):
        first = _said(kit.make(1).judge(values.copy(), at))[0]
        assert np.isfinite(first).all(), "an odd value made the answer infinite or NaN"


def check_damaged_state_is_refused(kit: Kit) -> None:
    data = kit.make(3).to_bytes()
    try:
        kit.restore(data[:-1])
    except RejectInput:
        return
    raise AssertionError("a state that was cut short was taken")


CHECKS: tuple[Callable[[Kit], None], ...] = (
    check_deterministic,
    check_batch_equals_alone,
    check_split_equals_whole,
    check_causal,
    check_input_is_kept,
    check_bounded,
    check_finite,
    check_damaged_state_is_refused,
)


def _alarms(kit: Kit, values: Floats) -> npt.NDArray[np.bool_]:
    """The last answer, by contract: where an episode was found."""
    values = np.atleast_2d(values)
    said = _said(kit.make(len(values)).judge(values, times(values.shape[1])))[-1]
    assert said.dtype == np.bool_, "the last answer must say where episodes were found"
    return said


def check_missing_is_no_alarm(kit: Kit) -> None:
    values = np.random.default_rng(2).normal(100.0, 5.0, 1000)
    values[500:700] = np.nan
    values[::7] = np.nan
    found = _alarms(kit, values)[0]
    assert not found[np.isnan(values)].any(), "a missing value was called an alarm"


def check_finds_a_spike_at_once(kit: Kit) -> None:
    values = np.random.default_rng(3).normal(100.0, 5.0, 1000)
    values[600] += 100.0
    assert _alarms(kit, values)[0, 600], "a spike of twenty sigmas was not found at its value"


def check_one_alarm_an_episode(kit: Kit) -> None:
    values = np.random.default_rng(4).normal(100.0, 5.0, 1000)
    values[600:620] += 100.0
    found = np.flatnonzero(_alarms(kit, values)[0, 595:640])
    assert len(found) == 1, f"{len(found)} alarms for one excursion"


def check_finds_a_small_lasting_shift(kit: Kit) -> None:
    values = np.random.default_rng(5).normal(100.0, 5.0, 2000)
    values[1500:] += 12.0
    assert _alarms(kit, values)[0, 1500:1560].any(), "a shift by 2.4 sigmas was not found"


def check_a_season_is_no_alarm(kit: Kit) -> None:
    draw = np.random.default_rng(6)
    day = np.where((np.arange(DAY * 14) % DAY > 100) & (np.arange(DAY * 14) % DAY < 200), 80.0, 20)
    values = day + draw.normal(0.0, 1.0, day.size)
    late = _alarms(kit, values)[0, DAY * 7 :]
    assert late.sum() <= 1, f"{late.sum()} alarms in a week of the same working day"


def check_a_missing_day_is_an_alarm(kit: Kit) -> None:
    draw = np.random.default_rng(7)
    at = np.arange(DAY * 14)
    values = np.where((at % DAY > 100) & (at % DAY < 200), 80.0, 20.0)
    values += draw.normal(0.0, 1.0, values.size)
    dead = slice(DAY * 12 + 100, DAY * 12 + 200)
    values[dead] = 20.0 + draw.normal(0.0, 1.0, 100)
    assert _alarms(kit, values)[0, dead].any(), "a working day without work was not found"


def check_a_constant_is_quiet(kit: Kit) -> None:
    assert not _alarms(kit, np.full((1, 2000), 45.0)).any(), "a constant raised an alarm"


def check_a_reset_is_no_alarm(kit: Kit) -> None:
    counter = np.cumsum(np.random.default_rng(8).poisson(50.0, 2000)).astype(float)
    counter[1500:] -= counter[1499]
    found = np.flatnonzero(_alarms(kit, counter)[0, 1400:1700])
    assert not len(found), "the reset of a counter raised an alarm"


def check_unit_is_irrelevant(kit: Kit) -> None:
    values = series()[[0, 1, 5]]
    one, two = _alarms(kit, values), _alarms(kit, values * 1024.0)
    assert np.array_equal(one, two), "another unit gave other alarms"


def check_budget_is_held(kit: Kit) -> None:
    """Ten days of sixty calm series of five kinds: the budget of .3 a day, with room for chance."""
    draw = np.random.default_rng(9)
    n = DAY * 10
    wave = 30.0 * np.sin(2 * np.pi * np.arange(n) / DAY)
    kinds = (
        draw.normal(100.0, 5.0, (12, n)),
        draw.laplace(100.0, 5.0, (12, n)),
        np.exp(draw.normal(0.0, 0.5, (12, n))),
        draw.poisson(20.0, (12, n)).astype(float),
        100.0 + wave + draw.normal(0.0, 2.0, (12, n)),
    )
    for kind in kinds:
        rate = _alarms(kit, kind)[:, DAY:].sum() / (12 * 9)
        assert rate <= 0.3, f"{rate:.2f} alarms a day on a calm series"


ALARMS: tuple[Callable[[Kit], None], ...] = (
    check_missing_is_no_alarm,
    check_finds_a_spike_at_once,
    check_one_alarm_an_episode,
    check_finds_a_small_lasting_shift,
    check_a_season_is_no_alarm,
    check_a_missing_day_is_an_alarm,
    check_a_constant_is_quiet,
    check_a_reset_is_no_alarm,
    check_unit_is_irrelevant,
    check_budget_is_held,
)


def check_streaming(kit: Kit, *, alarms: bool = False) -> None:
    """Run every check; AssertionError names what is broken."""
    for check in (*CHECKS, *(ALARMS if alarms else ())):
        check(kit)
