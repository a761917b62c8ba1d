"""Calibration: from a distance in scales to -log10 of its tail probability on *this* series.

A decaying histogram of log distances gives two quantiles; a Weibull tail through them (its shape is
the slope in log-log of -log survival) is extrapolated beyond the data, as in peaks over threshold
(Siffer et al. 2017), and shrunk towards a Laplace tail while little has been seen. Values of a
running excursion hardly count (declustering, Ferro and Segers 2003): a long anomaly must not become
the tail that the next one is measured by.
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

BINS, PER_OCTAVE, LOWEST = 52, 4, -3
STATE = np.dtype(
    [
        ("near", "f8"),
        ("shape", "f8"),
        ("total", "f8"),
        ("seen", "f8"),
        ("since", "f8"),
        ("counts", "f4", (BINS,)),
    ],
    align=True,
)
CAP = 30_000.0
"""Weight in the histogram before all of it is halved: its memory."""
EVERY = 32
PRIOR = 100.0
"""Values after which the series' own tail counts as much as the prior."""
START = 40.0
GAP = 10.0
"""Values below the bar that end a cluster."""
SHAPES = (0.1, 1.5)


@inline
def _quantile(s: Record, p: float) -> float:
    """log2 of the distance that a share ``p`` exceeds."""
    need, above = p * s.total, 0.0
    for b in range(BINS - 1, -1, -1):
        here = s.counts[b]
        if above + here >= need and here > 0:
            return float(LOWEST + (b + 1 - (need - above) / here) / PER_OCTAVE)
        above += here
    return float(LOWEST)


@inline
def _refit(s: Record, p_near: float, p_far: float) -> None:
    own = s.seen / (s.seen + PRIOR)
    rise = math.log2(math.log(p_far) / math.log(p_near))
    near = max(_quantile(s, p_near), -1.0)
    gap = own * max(_quantile(s, p_far) - near, 0.05) + (1.0 - own) * rise
    s.near = own * near + (1.0 - own) * math.log2(-math.log(p_near))
    s.shape = min(max(rise / gap, SHAPES[0]), SHAPES[1])


@inline
def score(s: Record, z: float, p_near: float) -> float:
    """-log10 of the chance of a distance of at least ``z``, without learning."""
    z = abs(z)
    if s.seen < START or not z > 1e-6:
        return 0.0
    return float(-math.log10(p_near) * 2.0 ** min(s.shape * (math.log2(z) - s.near), 20.0))


@inline
def distance(s: Record, wanted: float, p_near: float) -> float:
    """The distance whose score is ``wanted``: the inverse of `score`."""
    if s.seen < START:
        return math.inf
    return float(2.0 ** min(s.near + math.log2(wanted / -math.log10(p_near)) / s.shape, 40.0))


@inline
def step(s: Record, z: float, p_near: float, p_far: float, bar: float, kept: float) -> float:
    """Score ``z`` and learn it; beyond ``bar`` only the first of a cluster counts in full."""
    z = abs(z)
    if not z > 1e-6:
        z = 1e-6
    found = score(s, z, p_near)
    weight = 1.0
    s.since += 1.0
    if found > bar:
        if s.since <= GAP:
            weight = kept
        s.since = 0.0
    b = int((math.log2(z) - LOWEST) * PER_OCTAVE)
    s.counts[min(max(b, 0), BINS - 1)] += weight
    s.total += weight
    s.seen += 1.0
    if s.total > CAP:
        for j in range(BINS):
            s.counts[j] *= 0.5
        s.total *= 0.5
    if s.seen % EVERY == 0 or s.seen == START:
        _refit(s, p_near, p_far)
    return found


@inline
def clear(s: Record) -> None:
    """As new."""
    s.near = s.shape = s.total = s.seen = s.since = 0.0
    for j in range(BINS):
        s.counts[j] = 0.0
