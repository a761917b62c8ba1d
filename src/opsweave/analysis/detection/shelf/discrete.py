"""Discrete and sparse series: no scale below a share of the smallest step that was seen.

A series of whole numbers that is 3 for a day has no spread; a 4 is one step off and not an infinite
number of scales. For a continuous series the smallest step is next to nothing and changes nothing.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype([("last", "f8"), ("quantum", "f8"), ("n", "f8")], align=True)
SHARE = 0.1
FORGET = 1.0005


@inline
def step(s: Record, x: float) -> float:
    """Least scale for this series: a share of the smallest step so far (0 until there was one)."""
    d = abs(x - s.last) if s.n > 0 else 0.0
    floor = SHARE * s.quantum
    s.last = x
    s.n += 1.0
    s.quantum *= FORGET
    if d > 1e-9 * abs(x) and (s.quantum == 0.0 or d < s.quantum):
        s.quantum = d
    return float(floor)
