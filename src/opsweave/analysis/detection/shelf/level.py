"""Level and spread: how far a value lies from a robust moving level, in its usual distances.

Exponentially weighted level and mean absolute residual (Roberts 1959), made robust by clipping what
is learned at three scales (Huber 1964; Gelper, Fried, Croux 2010): an outlier moves the level by a
bounded step and does not widen the band for long. The scale is the mean of a short and a long
memory, so that a calm hour does not make a usual wave look like an alarm.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype([("level", "f8"), ("short", "f8"), ("long", "f8"), ("n", "f8")], align=True)
CLIP = 3.0
WARM = 20.0
FLOOR = 1e-3
"""Least scale as a share of the level: a constant series has no scale of its own."""


@inline
def rate(half_life: float) -> float:
    """Weight of one value in a memory that halves after ``half_life`` values."""
    return float(1.0 - 0.5 ** (1.0 / half_life))


@inline
def scale_of(s: Record, about: float, least: float) -> float:
    """The scale of a residual about the value ``about``; at least ``least``."""
    learned = 0.5 * (s.long + s.short) if s.n >= WARM else s.long
    return float(max(learned, least, 1e-9 + FLOOR * abs(about)))


@inline
def step(
    s: Record, x: float, about: float, least: float, a_level: float, a_short: float, a_long: float
) -> tuple[float, float, float]:
    """Judge ``x`` and learn it: (residual in scales, level before, scale before).

    ``about`` is what was taken off before (a seasonal profile, or 0), ``a_*`` are `rate` values.
    """
    if s.n == 0.0:
        s.level = x
        s.n = 1.0
        return 0.0, x, 0.0
    level = s.level
    scale = scale_of(s, level + about, least)
    r = x - level
    z = r / scale if s.n >= WARM else 0.0
    if s.n > WARM:
        r = min(max(r, -CLIP * scale), CLIP * scale)
    young = 1.0 / (s.n + 1.0)
    s.level += max(a_level, young) * r
    s.short += max(a_short, young) * (abs(r) - s.short)
    s.long += max(a_long, young) * (abs(r) - s.long)
    s.n += 1.0
    return z, level, scale


@inline
def clear(s: Record) -> None:
    """As new."""
    s.level = s.short = s.long = s.n = 0.0
