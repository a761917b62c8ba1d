"""How long a finding lasts: the surprise held while it fades, and the extent of what is unusual.

A ranking of points must stay high inside a long anomaly, where the experts have adapted or calmed
down. ``held`` is the largest score so far, fading; ``extent`` the root mean square, over about a
hundred values, of the distance from the series' whole past.
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype(
    [("held", "f8"), ("mean", "f8"), ("square", "f8"), ("extent", "f8"), ("n", "f8")], align=True
)
FADE = 0.5 ** (1.0 / 30.0)
SPAN = 100.0
WARM = 20.0
CLIP = 20.0


@inline
def step(s: Record, x: float, score: float) -> float:
    """The ranking score: the held surprise and the extent."""
    if s.n > WARM:
        spread = math.sqrt(s.square + 1e-12 + 1e-6 * s.mean * s.mean)
        z = min(abs(x - s.mean) / spread, CLIP)
        s.extent += (z * z - s.extent) / SPAN
    s.n += 1.0
    d = x - s.mean
    s.mean += d / s.n
    s.square = (1.0 - 1.0 / s.n) * (s.square + d * d / s.n)
    return hold(s, score)


@inline
def hold(s: Record, score: float) -> float:
    """The ranking score without a new value."""
    s.held = max(s.held * FADE, score)
    return float(s.held + math.sqrt(s.extent))
