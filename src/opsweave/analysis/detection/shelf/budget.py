"""The alarm budget: a bar in the calibrated score, and episodes instead of points.

The bar is the score whose tail probability gives ``budget`` values beyond it per series and day at
the series' own pace. Each alarm raises it a little and it sinks back over days, so that a series
that alarms again and again must show more each time. One alarm an episode: an episode ends when the
score has stayed below the bar for as long as the trouble lasted: a series
in turmoil is one episode.
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype(
    [(name, "f8") for name in ("raised", "open", "age", "last", "pace", "base")], align=True
)
CALM, FOUND, BEYOND = range(3)
_LOG2 = math.log(2.0)
RAISE = 0.2
HALF_LIFE = 3.0
"""Days after which half of what an alarm added to the bar is forgotten."""
REST, MOST_REST = 10.0, 150.0
"""Values below the bar that end an episode: as many as it lasted, between these two."""


@inline
def base_of(s: Record, per_day: float, budget: float) -> float:
    """The score beyond which ``budget`` values a day lie."""
    if per_day != s.pace:
        s.pace, s.base = per_day, math.log10(per_day / budget)
    return float(s.base)


@inline
def step(s: Record, score: float, base: float, per_day: float) -> int:
    """`FOUND` at an episode's first value, `BEYOND` at later ones beyond the bar, or `CALM`."""
    s.raised *= 1.0 - _LOG2 / (HALF_LIFE * per_day)
    if s.open > 0:
        s.age += 1.0
        if score > base:
            s.last = s.age
            return BEYOND
        if s.age - s.last > min(REST + s.last, MOST_REST):
            s.open = 0.0
            s.raised += RAISE
        return CALM
    if score > base + s.raised:
        s.open, s.age, s.last = 1.0, 0.0, 0.0
        return FOUND
    return CALM
