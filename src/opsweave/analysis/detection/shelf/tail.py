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
PRIOR = 150.0
"""Values after which the series' own tail counts as much as the prior."""
START = 30.0
GAP = 10.0
"""Values below the bar that end a cluster."""
SHAPES = (0.1, 1.5)
_LN10 = math.log(10.0)
_MANTISSA = (1 << 52) - 1


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
def _refit(s: Record, near: float, far: float) -> None:
    own = s.seen / (s.seen + PRIOR)
    rise = math.log2(far / near)
    at = max(_quantile(s, 10.0**-near), -1.0)
    gap = own * max(_quantile(s, 10.0**-far) - at, 0.05) + (1.0 - own) * rise
    s.near = own * at + (1.0 - own) * math.log2(near * _LN10)
    s.shape = min(max(rise / gap, SHAPES[0]), SHAPES[1])


@inline
def octave(z: float) -> float:
    """log2 of a positive number, straight between powers of two: exact enough, and monotone."""
    bits = np.float64(z).view(np.int64)
    return float((bits >> 52) - 1023) + float(bits & _MANTISSA) * 2.0**-52


@inline
def _surprise(s: Record, at: float, near: float) -> float:
    """-log10 of the chance of a distance of 2^``at``; below the near quantile a straight line."""
    beyond = at - s.near
    if beyond <= 0.0:
        return float(near * max(1.0 + 0.35 * beyond, 0.0))
    return float(near * 2.0 ** min(s.shape * beyond, 20.0))


@inline
def step(s: Record, z: float, near: float, far: float, bar: float, kept: float) -> float:
    """-log10 of the chance of a distance like ``z`` or more; ``z`` is learned.

    ``near`` and ``far`` are the -log10 of the shares at which the tail is fitted. Beyond ``bar``
    only the first value of a cluster counts in full, others as ``kept``.
    """
    at = octave(max(abs(z), 1e-6))
    found = _surprise(s, at, near) if s.seen >= START else 0.0
    weight = 1.0
    s.since += 1.0
    if found > bar:
        if s.since <= GAP:
            weight = kept
        s.since = 0.0
    s.counts[min(max(int((at - LOWEST) * PER_OCTAVE), 0), BINS - 1)] += weight
    s.total += weight
    s.seen += 1.0
    if s.total > CAP:
        for j in range(BINS):
            s.counts[j] *= 0.5
        s.total *= 0.5
    if s.seen % EVERY == 0 or s.seen == START:
        _refit(s, near, far)
    return found


@inline
def reach(s: Record, wanted: float, near: float) -> float:
    """The distance whose score is ``wanted``; infinite while nothing is known."""
    if s.seen < START:
        return math.inf
    return float(2.0 ** min(s.near + math.log2(wanted / near) / s.shape, 40.0))


@inline
def clear(s: Record) -> None:
    """As new."""
    s.near = s.shape = s.total = s.seen = s.since = 0.0
    for j in range(BINS):
        s.counts[j] = 0.0
