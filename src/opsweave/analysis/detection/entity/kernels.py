"""The loop over rows, compiled on first use; imported lazily, as numba is slow to load.

All in one file: a compiled function kept on disk is not made again when another file changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from opsweave.analysis.detection.entity.config import Floats, Numbers
from opsweave.analysis.detection.entity.state import EntityState

F = TypeVar("F", bound=Callable[..., Any])

_ROWS, _DAYS, _ALARM, _TIME, _PERIOD, _KEPT, _NEAREST, _STEP, _GIVEN = range(9)
_FAINT = 1e-3
"""So that one opinion alone cannot silence the others."""
_PERIODS = 4
"""Look back over so many periods."""
_AROUND = 1
"""And at so many neighbours of each row there, on both sides."""


def compiled(function: F) -> F:
    """``function`` as machine code, kept on disk where a folder for that can be written."""
    try:
        made: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba's word for: nowhere to keep it
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("F", made)


@compiled
def pace(times: Floats, usual: float, state: EntityState, days: Floats, holes: Floats) -> None:
    """Days since the row before, and how many rows are missing there by the usual step."""
    clock = state.clock
    for t in range(times.size):
        step, days[t] = times[t] - clock[_TIME], usual
        if clock[_TIME] != 0.0 and step > 0.0:
            if clock[_STEP] == 0.0:
                clock[_STEP] = step
            if step > 1.75 * clock[_STEP]:
                holes[t] = np.rint(step / clock[_STEP]) - 1.0
            days[t] = min(step, clock[_STEP]) / 86_400e9
            # A streaming median, quick at first: later, one odd step moves it by little.
            rate = max(0.001, 0.5 / (1.0 + 0.25 * (clock[_GIVEN] + t)))
            if step > clock[_STEP]:
                clock[_STEP] = min(step, clock[_STEP] * (1.0 + rate))
            else:
                clock[_STEP] = max(step, clock[_STEP] * (1.0 - rate))
        clock[_TIME] = times[t]


@compiled
def skip(rows: float, state: EntityState) -> None:
    """Missing rows take their places in the ring, so that periods stay in step."""
    size = len(state.ring)
    for i in range(int(min(rows, size))):
        state.ring[(int(state.clock[_ROWS]) + i) % size] = np.nan
    # A gap longer than the ring leaves nothing in it; the phase does not matter then.
    state.clock[_ROWS] += min(rows, size)


@compiled
def middle(values: Floats, n: int) -> float:
    """Median of the first ``n``, which are sorted in place."""
    for i in range(1, n):
        v, k = values[i], i
        while k > 0 and values[k - 1] > v:
            values[k] = values[k - 1]
            k -= 1
        values[k] = v
    return 0.5 * (values[(n - 1) // 2] + values[n // 2]) if n > 0 else np.nan


@compiled
def seasonal(state: EntityState, expected: Floats, seen: Floats) -> None:
    """Per column the median of what was seen about a period ago, two, three; NaN if nothing was."""
    size, now, period = len(state.ring), int(state.clock[_ROWS]), int(state.clock[_PERIOD])
    expected[:] = np.nan
    if period == 0:
        return
    for c in range(expected.size):
        n = 0
        for k in range(1, _PERIODS + 1):
            first = now - k * period - _AROUND
            if first < 0 or now - first > size:
                break
            for row in range(first, first + 2 * _AROUND + 1):
                v = state.ring[row % size, c]
                if np.isfinite(v):
                    seen[n] = v
                    n += 1
        expected[c] = middle(seen, n)


@compiled
def far(x: float, at: int, c: int, seen: float, state: EntityState, numbers: Numbers) -> float:
    """How far ``x`` is from its past: geometric mean over a short and a long memory; then learn."""
    least = numbers.floor * (state.high[c] - state.low[c])
    both = 1.0
    for h in range(2):
        level, spread = state.level[at + h, c], state.spread[at + h, c]
        d = x - level
        scale = np.sqrt(spread) + least
        both *= min(abs(d) / scale, numbers.clip) if scale > 0.0 else 0.0
        a = max(1.0 / numbers.spans[h], 1.0 / (seen + 1.0))
        if h == 1 and seen > 4.0 * numbers.warm and scale > 0.0:
            # What is far outside must not soon be taken for normal; the short memory may follow.
            d = min(max(d, -numbers.heed * scale), numbers.heed * scale)
        state.level[at + h, c] = level + a * d
        state.spread[at + h, c] = (1.0 - a) * (spread + a * d * d)
    return float(np.sqrt(both))


@compiled
def deviate(row: Floats, season: Floats, state: EntityState, numbers: Numbers, out: Floats) -> None:
    """Per column the mean of its distance from its level and from its season, where it has one."""
    for c in range(row.size):
        x = row[c]
        out[c] = 0.0
        if not np.isfinite(x):
            continue
        state.low[c], state.high[c] = min(state.low[c], x), max(state.high[c], x)
        plain = far(x, 0, c, state.seen[0, c], state, numbers)
        state.seen[0, c] += 1.0
        rest = plain
        if np.isfinite(season[c]):
            rest = far(x - season[c], 2, c, state.seen[1, c], state, numbers)
            state.seen[1, c] += 1.0
            if state.seen[1, c] <= numbers.warm:
                rest = plain
        if state.seen[0, c] > numbers.warm:
            out[c] = 0.5 * (plain + rest)


@compiled
def loudest(values: Floats, best: Floats) -> None:
    """The largest values, into ``best``, ascending."""
    best[:] = 0.0
    for v in values:
        if v > best[0]:
            i = 0
            while i + 1 < best.size and best[i + 1] < v:
                best[i] = best[i + 1]
                i += 1
            best[i] = v


@compiled
def scaled(row: Floats, state: EntityState, numbers: Numbers, values: Floats, by: Floats) -> None:
    """The row and what its columns are divided by, so that a missing one adds no distance."""
    for c in range(row.size):
        scale = np.sqrt(state.spread[1, c]) + numbers.floor * (state.high[c] - state.low[c])
        fine = scale > 0.0 and np.isfinite(row[c])
        values[c], by[c] = (row[c], 1.0 / scale) if fine else (0.0, 0.0)


@compiled
def apart(values: Floats, by: Floats, kept: Floats, reach: float, enough: float) -> float:
    """Distance of two states, each column capped; given up where it is ``enough``."""
    total, c = 0.0, 0
    while c < values.size and total < enough:
        for k in range(c, min(c + 8, values.size)):
            total += min(abs(values[k] - kept[k]) * by[k], reach)
        c += 8
    return total


@compiled
def novelty(
    row: Floats, state: EntityState, numbers: Numbers, values: Floats, by: Floats, gap: Floats
) -> float:
    """Distance (mean over columns) to the nearest of the states kept; per column in ``gap``."""
    gap[:] = 0.0
    if state.clock[_ROWS] < 10 * numbers.stride or state.clock[_KEPT] == 0.0:
        return -1.0
    scaled(row, state, numbers, values, by)
    near = int(state.clock[_NEAREST])
    # The nearest of the row before comes first: most others are then given up early.
    best = apart(values, by, state.kept[near], numbers.reach, np.inf)
    for i in range(min(int(state.clock[_KEPT]), len(state.kept))):
        total = apart(values, by, state.kept[i], numbers.reach, best)
        if total < best:
            best, near = total, i
    state.clock[_NEAREST] = near
    for c in range(row.size):
        gap[c] = min(abs(values[c] - state.kept[near, c]) * by[c], numbers.reach)
    return float(best / row.size)


@compiled
def keep(state: EntityState, numbers: Numbers) -> None:
    """Now and then a row that is old enough joins the states to compare with."""
    now = int(state.clock[_ROWS])
    if now % numbers.stride or now <= numbers.lag:
        return
    row = state.ring[(now - numbers.lag) % len(state.ring)]
    if 2 * np.sum(np.isfinite(row)) >= row.size:
        at = int(state.clock[_KEPT])
        for c in range(row.size):
            v = row[c] if np.isfinite(row[c]) else state.level[1, c]
            state.kept[at % len(state.kept), c] = v
        state.clock[_KEPT] = at + 1.0


@compiled
def unusual(value: float, at: int, state: EntityState, numbers: Numbers) -> float:
    """``value`` by what it usually is (third moment); then learn."""
    rows, usual = state.custom[1, at], max(state.custom[0, at] ** (1.0 / 3.0), 0.1)
    a = max(1.0 / numbers.custom, 1.0 / (rows + 1.0))
    state.custom[0, at] += a * (value**3 - state.custom[0, at])
    state.custom[1, at] = rows + 1.0
    return float(value / (usual if rows > numbers.warm else max(usual, 1.0)) + _FAINT)


@compiled
def opinion(out: Floats, best: Floats, new: float, state: EntityState, numbers: Numbers) -> float:
    """How loud this row is: a few columns, many columns, and a state not seen before."""
    loudest(out, best)
    few = unusual(float(np.mean(best[-numbers.few :])), 0, state, numbers)
    many = unusual(float(np.mean(best)), 1, state, numbers)
    both = float(np.sqrt(few * many))
    if new >= 0.0:
        both = float(np.sqrt(both * unusual(new, 2, state, numbers)))
    return max(both - 1.001 * _FAINT, 0.0)


@compiled
def pool(loud: float, out: Floats, gap: Floats, state: EntityState, numbers: Numbers) -> None:
    """Evidence of this row joins that of the rows before, also per column."""
    felt = loud**numbers.power
    for m in range(numbers.memories.size):
        state.energy[m] += (felt - state.energy[m]) / numbers.memories[m]
    a, b = np.sum(out), np.sum(gap)
    for c in range(out.size):
        share = (out[c] / a if a > 0.0 else 0.0) + (gap[c] / b if b > 0.0 else 0.0)
        state.blame[c] += (felt * share - state.blame[c]) / 15.0


@compiled
def pooled(state: EntityState, numbers: Numbers) -> float:
    """The score: evidence of all spans (geometric mean), in the unit of loudness."""
    mean = 1.0
    for m in range(numbers.memories.size):
        mean *= state.energy[m] ** (1.0 / (numbers.memories.size * numbers.power))
    return float(mean)


@compiled
def limit(state: EntityState, numbers: Numbers) -> float:
    """The lowest level that was not crossed more often than the budget allows."""
    for b in range(numbers.levels.size):
        enough = state.counted[b] <= numbers.budget * state.clock[_DAYS]
        if enough and numbers.levels[b] >= numbers.least:
            return float(numbers.levels[b])
    return float(numbers.levels[-1])


@compiled
def count(score: float, days: float, state: EntityState, numbers: Numbers) -> None:
    """Count excursions above each level; one ends when the score has fallen to half the level."""
    fade = 0.5 ** (days / 60.0)
    state.clock[_DAYS] = state.clock[_DAYS] * fade + days
    for b in range(numbers.levels.size):
        state.counted[b] *= fade
        if state.inside[b] > 0.0:
            if score < 0.5 * numbers.levels[b]:
                state.inside[b] = 0.0
        elif score >= numbers.levels[b]:
            state.inside[b] = 1.0
            state.counted[b] += 1.0


@compiled
def tell(t: int, season: Floats, state: EntityState, found: Any) -> None:
    """Expected value and usual deviation: by the season where that deviates less."""
    for c in range(season.size):
        plain, rest = state.spread[0, c], state.spread[2, c]
        if np.isfinite(season[c]) and state.seen[1, c] > 0.0 and rest < plain:
            found.expected[t, c] = season[c] + state.level[2, c]
            found.scale[t, c] = np.sqrt(rest)
        else:
            found.expected[t, c] = state.level[0, c]
            found.scale[t, c] = np.sqrt(plain)


@compiled
def judge(
    score: float, t: int, days: float, state: EntityState, numbers: Numbers, found: Any
) -> None:
    """Score, alarm and blame of a row, then the alarm budget learns of it."""
    bar = limit(state, numbers)
    on = score >= (0.5 * bar if state.clock[_ALARM] > 0.0 else bar)
    state.clock[_ALARM] = 1.0 if on else 0.0
    found.score[t], found.limit[t], found.anomaly[t] = score, bar, on
    count(score, days, state, numbers)
    total = np.sum(state.blame)
    if total > 0.0:
        found.contributions[t] = state.blame / total


@compiled
def run(
    start: int, end: int, rows: Floats, days: Floats, holes: Floats, numbers: Numbers, found: Any
) -> None:
    """Judge each row by the rows before it, into the arrays of ``found`` (``EntityScores``)."""
    state, columns = found.state, rows.shape[1]
    out, season, values = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    by, gap, best = np.zeros(columns), np.zeros(columns), np.zeros(numbers.many)
    seen = np.zeros(_PERIODS * (2 * _AROUND + 1))
    for t in range(start, end):
        row = rows[t]
        skip(holes[t], state)
        seasonal(state, season, seen)
        tell(t, season, state, found)
        if np.any(np.isfinite(row)):
            deviate(row, season, state, numbers, out)
            new = novelty(row, state, numbers, values, by, gap)
            if np.any(out > 0.0):
                pool(opinion(out, best, new, state, numbers), out, gap, state, numbers)
        judge(pooled(state, numbers), t, days[t], state, numbers, found)
        state.ring[int(state.clock[_ROWS]) % len(state.ring)] = row
        keep(state, numbers)
        state.clock[_ROWS] += 1.0
        state.clock[_GIVEN] += 1.0
