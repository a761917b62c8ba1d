"""Trend: double exponential smoothing with a damped slope (Holt 1957; Gardner, McKenzie 1985).

The level of a series that grows steadily lags behind it; this one does not. Learned robustly, as
`level` is.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline
from opsweave.analysis.detection.shelf.level import CLIP, FLOOR, WARM

STATE = np.dtype([("level", "f8"), ("slope", "f8"), ("scale", "f8"), ("n", "f8")], align=True)
DAMP = 0.995


@inline
def step(
    s: Record, x: float, a_level: float, a_slope: float, a_scale: float
) -> tuple[float, float, float]:
    """Judge ``x`` and learn it: (residual in scales, expected, scale)."""
    if s.n == 0.0:
        s.level = x
        s.n = 1.0
        return 0.0, x, 0.0
    expected = s.level + DAMP * s.slope
    scale = max(s.scale, 1e-9 + FLOOR * abs(expected))
    r = x - expected
    z = r / scale if s.n >= WARM else 0.0
    if s.n > WARM:
        r = min(max(r, -CLIP * scale), CLIP * scale)
    young = 1.0 / (s.n + 1.0)
    s.level = expected + max(a_level, young) * r
    s.slope = DAMP * s.slope + (a_slope if s.n > WARM else 0.0) * r
    s.scale += max(a_scale, young) * (abs(r) - s.scale)
    s.n += 1.0
    return z, expected, scale
