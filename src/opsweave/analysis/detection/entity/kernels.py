"""The loop over rows, compiled on first use; imported lazily, as numba is slow to load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from opsweave.analysis.detection.entity.config import Floats, Numbers
from opsweave.analysis.detection.entity.state import EntityState

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """``function`` as machine code, kept on disk where a folder for that can be written."""
    try:
        made: Any = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba's word for: nowhere to keep it
        made = numba.njit(nogil=True)(function)
    return cast("F", made)


@compiled
def deviate(row: Floats, state: EntityState, numbers: Numbers, out: Floats) -> None:
    """How far each column is from its past, as the geometric mean over the horizons; then learn."""
    for c in range(row.size):
        x = row[c]
        out[c] = 0.0
        if not np.isfinite(x):
            continue
        state.low[c], state.high[c] = min(state.low[c], x), max(state.high[c], x)
        least = numbers.floor * (state.high[c] - state.low[c])
        total = 0.0
        for h in range(numbers.horizons.size):
            level, spread = state.level[h, c], state.spread[h, c]
            d = x - level
            scale = np.sqrt(spread) + least
            z = min(abs(d) / scale, numbers.clip) if scale > 0.0 else 0.0
            total += np.log(z + 1e-2)
            a = max(1.0 / numbers.horizons[h], 1.0 / (state.seen[c] + 1.0))
            state.level[h, c] = level + a * d
            state.spread[h, c] = (1.0 - a) * (spread + a * d * d)
        state.seen[c] += 1.0
        if state.seen[c] > numbers.warm:
            out[c] = max(np.exp(total / numbers.horizons.size) - 1.001e-2, 0.0)


@compiled
def loudest(values: Floats, best: Floats) -> None:
    """The largest values, into ``best``."""
    best[:] = 0.0
    for v in values:
        if v > best[0]:
            i = 0
            while i + 1 < best.size and best[i + 1] < v:
                best[i] = best[i + 1]
                i += 1
            best[i] = v


@compiled
def pool(out: Floats, best: Floats, state: EntityState, numbers: Numbers) -> None:
    """Add what the columns say to the evidence of the rows before."""
    a, last = 1.0 / numbers.memory, out.size
    loudest(out, best)
    state.energy[last] += a * (np.mean(best) ** numbers.power - state.energy[last])
    for c in range(last):
        felt = out[c] ** numbers.power if out[c] >= best[0] else 0.0
        state.energy[c] += a * (felt - state.energy[c])


@compiled
def limit(state: EntityState, numbers: Numbers) -> float:
    """The lowest level that was not crossed more often than the budget allows."""
    for b in range(numbers.levels.size):
        enough = state.counted[b] <= numbers.budget * state.clock[1]
        if enough and numbers.levels[b] >= numbers.least:
            return float(numbers.levels[b])
    return float(numbers.levels[-1])


@compiled
def count(score: float, days: float, state: EntityState, numbers: Numbers) -> None:
    """Count excursions above each level; one ends when the score has fallen to half the level."""
    fade = 0.5 ** (days / 60.0)
    state.clock[1] = state.clock[1] * fade + days
    for b in range(numbers.levels.size):
        state.counted[b] *= fade
        if state.inside[b] > 0.0:
            if score < 0.5 * numbers.levels[b]:
                state.inside[b] = 0.0
        elif score >= numbers.levels[b]:
            state.inside[b] = 1.0
            state.counted[b] += 1.0


@compiled
def run(rows: Floats, days: Floats, numbers: Numbers, found: Any) -> None:
    """Judge each row by the rows before it, into the arrays of ``found`` (``EntityScores``)."""
    state, columns = found.state, rows.shape[1]
    out, best = np.zeros(columns), np.zeros(min(numbers.top, columns))
    for t in range(rows.shape[0]):
        found.expected[t] = state.level[0]
        found.scale[t] = np.sqrt(state.spread[0])
        if np.any(np.isfinite(rows[t])):
            deviate(rows[t], state, numbers, out)
            pool(out, best, state, numbers)
        score = state.energy[columns] ** (1.0 / numbers.power)
        bar = limit(state, numbers)
        on = score >= (0.5 * bar if state.clock[2] > 0.0 else bar)
        state.clock[2] = 1.0 if on else 0.0
        found.score[t], found.limit[t], found.anomaly[t] = score, bar, on
        count(score, days[t], state, numbers)
        total = np.sum(state.energy[:columns])
        if total > 0.0:
            found.contributions[t] = state.energy[:columns] / total
