"""Counters: a series that only grows is judged by its increments, and a reset is none.

A series is taken for a counter after it has grown in most of many values and fallen in none except
back to near zero; the first fall that is no reset makes it a gauge again.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype(
    [("last", "f8"), ("ups", "f8"), ("n", "f8"), ("resets", "f8"), ("is_counter", "f8")], align=True
)
AFTER = 200.0
GROWING = 0.3
"""Share of the values that must be above their predecessor."""
RESET = 0.1
"""A fall to less than this share of the value before is a reset, if it is rare."""


@inline
def step(s: Record, x: float) -> tuple[float, bool]:
    """(value to be judged, did the meaning of the series change just now)."""
    last = s.last
    s.last = x
    s.n += 1.0
    if s.n == 1.0:
        return x, False
    d = x - last
    reset = d < 0 and 0.0 <= x < RESET * last
    if d > 0:
        s.ups += 1.0
    elif reset:
        s.resets += 1.0
    elif d < 0:
        was = s.is_counter > 0
        s.n, s.ups, s.resets, s.is_counter = 1.0, 0.0, 0.0, 0.0
        return x, was
    if s.is_counter > 0:
        return (x if reset else d), False
    if s.n > AFTER and s.ups > GROWING * s.n and s.resets * 50.0 < s.n:
        s.is_counter = 1.0
        return d, True
    return x, False
