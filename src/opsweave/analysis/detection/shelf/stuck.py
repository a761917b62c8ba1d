"""Stuck values: a run of equal values far beyond any run seen before.

The chance that a value repeats its predecessor is learned; a run of *n* repeats has its *n*-th
power. As repeats come in bursts in many real series, a run must also be twice the longest before.
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

STATE = np.dtype(
    [("last", "f8"), ("run", "f8"), ("longest", "f8"), ("repeats", "f8"), ("n", "f8")], align=True
)
LEAST = 30.0
"""Shorter runs are nothing."""
TEACH = 4.0
"""Repeats of a run that are learned from: a stuck sensor must not teach that it may stick."""
MEMORY = 5000.0


@inline
def step(s: Record, x: float) -> float:
    """-log10 of the chance of the present run; 0 while it is not beyond what was seen."""
    if s.n > MEMORY:
        s.n *= 0.5
        s.repeats *= 0.5
    if x != s.last:
        s.n += 1.0
        s.longest = max(s.longest * 0.999, s.run)
        s.run, s.last = 0.0, x
        return 0.0
    s.run += 1.0
    if s.run <= TEACH:
        s.repeats += 1.0
        s.n += 1.0
    if s.run < LEAST or s.run <= 3.0 * s.longest or s.n < 100.0:
        return 0.0
    return float(-s.run * math.log10(min((s.repeats + 1.0) / (s.n + 20.0), 0.999)))
