"""Each algorithm of the shelf by itself, over many series: what the contract suite runs over.

>>> import numpy as np
>>> level = Alone("level", series=1)
>>> values = np.concatenate([np.tile([9.0, 11.0], 50), [30.0]])[None, :]
>>> bool(level.judge(values, np.arange(101) * 60_000_000_000)[0, -1] > 10)
True
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.shelf import (
    budget,
    counter,
    discrete,
    gaps,
    lasting,
    level,
    periods,
    recurring,
    season,
    spread,
    stuck,
    sustained,
    tail,
    trend,
)
from opsweave.analysis.detection.shelf._jit import Floats, Record, inline, kernel
from opsweave.kernel.errors import RejectInput

FAST, SLOW = 0.067, 0.0007
DAY_S = 86_400.0


@inline
def _level(s: Record, x: float, t: float) -> float:
    return level.step(s, x, 0.0, 0.0, FAST, FAST, SLOW)[0]


@inline
def _trend(s: Record, x: float, t: float) -> float:
    return trend.step(s, x, FAST, 0.1 * FAST, SLOW)[0]


@inline
def _season(s: Record, x: float, t: float) -> float:
    return season.step(s, x, t % DAY_S / DAY_S, 0.0, FAST, 0.0)[0]


@inline
def _recurring(s: Record, x: float, t: float) -> float:
    return recurring.step(s, x, t % DAY_S / DAY_S)


@inline
def _sustained(s: Record, x: float, t: float) -> float:
    return sustained.step(s, x, 12.0)


@inline
def _spread(s: Record, x: float, t: float) -> float:
    return spread.step(s, x, FAST, SLOW)


@inline
def _stuck(s: Record, x: float, t: float) -> float:
    return stuck.step(s, x)


@inline
def _gaps(s: Record, x: float, t: float) -> float:
    if math.isnan(x):
        return gaps.skip(s, 1.0)
    return gaps.step(s)


@inline
def _counter(s: Record, x: float, t: float) -> float:
    return counter.step(s, x)[0]


@inline
def _discrete(s: Record, x: float, t: float) -> float:
    return discrete.step(s, x)


@inline
def _tail(s: Record, x: float, t: float) -> float:
    return tail.step(s, x, 1.0, 2.0, 3.5, 0.1)


@inline
def _budget(s: Record, x: float, t: float) -> float:
    return float(budget.step(s, x, budget.base_of(s, 1440.0, 0.3), 1440.0))


@inline
def _lasting(s: Record, x: float, t: float) -> float:
    return lasting.step(s, x, abs(x))


@inline
def _periods(s: Record, x: float, t: float) -> float:
    periods.step(s, x)
    return float(s.period)


Step = Callable[[Any, float, float], float]
ALGORITHMS: dict[str, tuple[np.dtype[Any], Step]] = {
    "budget": (budget.STATE, _budget),
    "counter": (counter.STATE, _counter),
    "discrete": (discrete.STATE, _discrete),
    "gaps": (gaps.STATE, _gaps),
    "lasting": (lasting.STATE, _lasting),
    "level": (level.STATE, _level),
    "periods": (periods.STATE, _periods),
    "recurring": (recurring.STATE, _recurring),
    "season": (season.STATE, _season),
    "spread": (spread.STATE, _spread),
    "stuck": (stuck.STATE, _stuck),
    "sustained": (sustained.STATE, _sustained),
    "tail": (tail.STATE, _tail),
    "trend": (trend.STATE, _trend),
}


def _loop(step: Step, of_missing: bool) -> Any:
    """The loop over series and time; missing values are skipped unless they are the matter."""

    @kernel
    def run(states: Record, values: Floats, times: Floats, out: Floats) -> None:
        for i in range(values.shape[0]):
            for j in range(values.shape[1]):
                out[i, j] = 0.0
                if of_missing or math.isfinite(values[i, j]):
                    out[i, j] = step(states[i], values[i, j], times[j])

    return run


class Alone:
    """One algorithm of `ALGORITHMS` and its state for so many series."""

    _loops: dict[str, Any] = {}

    def __init__(self, name: str, series: int) -> None:
        self.name = name
        self.states: npt.NDArray[Any] = np.zeros(series, ALGORITHMS[name][0])
        if name not in self._loops:
            self._loops[name] = _loop(ALGORITHMS[name][1], name == "gaps")

    def judge(self, values: Floats, times_ns: npt.NDArray[np.int64]) -> Floats:
        """What the algorithm says of each value [series, time]: a distance, a score, a floor."""
        out = np.empty(values.shape)
        self._loops[self.name](self.states, values, np.asarray(times_ns) / 1e9, out)
        return out

    def to_bytes(self) -> bytes:
        """The state; a fixed number of bytes a series."""
        return self.states.tobytes()

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> Alone:
        """The algorithm as it was; RejectInput when the state is not one of it."""
        kind = ALGORITHMS[name][0]
        if len(data) % kind.itemsize:
            raise RejectInput(f"no state of {name}", field="state")
        made = cls(name, len(data) // kind.itemsize)
        made.states = np.frombuffer(data, kind).copy()
        return made
