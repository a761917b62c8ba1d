"""Calendar habits: what happens every day at this time is no news.

Per half hour of the day the largest surprise of its last two visits: a nightly backup, a batch at
noon, the edge of a working day that a profile of half hours cannot follow. What surprised on both
days by more than is common is taken off; what happened once is not.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

SLOTS = 48
STATE = np.dtype(
    [("slot", "i8"), ("peak", "f8"), ("last", "f4", (SLOTS,)), ("before", "f4", (SLOTS,))],
    align=True,
)
COMMON = 2.0
"""A half hour's largest surprise in a series without habits."""
MOST = 1e6


@inline
def step(s: Record, surprise: float, phase: float) -> float:
    """What to take off a surprise at this phase of the day; then learn it."""
    k = min(int(phase * SLOTS), SLOTS - 1)
    if k != s.slot:
        s.before[s.slot], s.last[s.slot] = s.last[s.slot], s.peak
        s.slot, s.peak = k, 0.0
    s.peak = max(s.peak, min(surprise, MOST))
    usual = 0.0
    for j in (k, (k - 1) % SLOTS, (k + 1) % SLOTS):
        usual = max(usual, min(s.last[j], s.before[j]))
    return float(max(usual - COMMON, 0.0))
