"""Missing data and calendar gaps: how surprising it is that nothing comes.

A run of missing values is compared with the runs before: series that sleep every night or every
weekend have shown it, and the longest run fades slowly. Missing data is a finding of its own; it
never is an alarm about the value.
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype([("run", "f8"), ("longest", "f8"), ("missed", "f8"), ("n", "f8")], align=True)
LEAST = 5.0
AFTER = 100.0


@inline
def skip(s: Record, steps: float) -> float:
    """So many values were due and did not come: -log10 of the chance of the present run."""
    s.run += steps
    if s.run < LEAST or s.run <= 2.0 * s.longest or s.n < AFTER:
        return 0.0
    return float(-s.run * math.log10(min((s.missed + 1.0) / (s.n + 20.0), 0.9)))


@inline
def step(s: Record) -> float:
    """A value came: the length of the gap before it."""
    gap = s.run
    s.n += 1.0
    if gap > 0:
        s.longest = max(0.8 * s.longest, gap)
        s.missed += 1.0
        s.run = 0.0
    return float(gap)
