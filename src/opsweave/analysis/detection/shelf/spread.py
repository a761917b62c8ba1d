"""Spread: the size of steps from value to value, now against usual, as a log ratio."""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype([("last", "f8"), ("fast", "f8"), ("slow", "f8"), ("n", "f8")], align=True)
WARM = 100.0


@inline
def step(s: Record, x: float, a_fast: float, a_slow: float) -> float:
    """Log ratio of the recent to the usual step; positive when the series became restless."""
    before = s.last
    s.last = x
    s.n += 1.0
    if s.n < 2:
        return 0.0
    size = math.log(abs(x - before) + 1e-3 * abs(x) + 1e-6)
    if s.n == 2:
        s.fast = s.slow = size
    young = 1.0 / s.n
    s.fast += max(a_fast, young) * (size - s.fast)
    s.slow += max(a_slow, young) * (size - s.slow)
    return s.fast - s.slow if s.n > WARM else 0.0
