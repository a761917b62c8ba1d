"""Change points and drifts: a small deviation that stays.

An exponentially weighted mean of the deviation in scales (Roberts 1959's control chart): where
single values are within the usual, their mean over tens of values is not. Its own tail is learned,
as successive values depend on each other and the textbook variance does not hold.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype([("mean", "f8")], align=True)
CLIP = 20.0


@inline
def step(s: Record, z: float, span: float) -> float:
    """The mean of about ``span`` deviations, ``z`` among them."""
    s.mean += (min(max(z, -CLIP), CLIP) - s.mean) / span
    return float(s.mean)
