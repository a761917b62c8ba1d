"""Learned periods: which period has this series, found in all of its past at bounded memory.

A ring of 256 samples holds the whole past: when it is full, pairs are averaged and each sample
stands for twice as many values. Before that the autocorrelation is searched for a peak (Box and
Jenkins 1970) that at least three periods support; its multiples refine the period.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.shelf._jit import Floats, Record, inline, inline_as

RING = 256
STATE = np.dtype(
    [
        ("n", "f8"),
        ("per", "f8"),
        ("sum", "f8"),
        ("count", "f8"),
        ("period", "f8"),
        ("strength", "f8"),
        ("ring", "f4", (RING,)),
    ],
    align=True,
)
SHORTEST, LONGEST = 4, RING // 3
STRONG = 0.4
"""Autocorrelation that a period needs."""


@inline
def step(s: Record, x: float) -> bool:
    """Keep ``x``; true when the period, in values, was found or changed."""
    s.per = max(s.per, 1.0)
    s.sum += x
    s.count += 1.0
    if s.count < s.per:
        return False
    s.ring[int(s.n)] = s.sum / s.count
    s.sum = s.count = 0.0
    s.n += 1.0
    if s.n < RING:
        return False
    changed = _search(s)
    for j in range(RING // 2):
        s.ring[j] = 0.5 * (s.ring[2 * j] + s.ring[2 * j + 1])
    s.n = RING // 2
    s.per *= 2.0
    return changed


@inline
def _search(s: Record) -> bool:
    y = _centred(s.ring)
    energy = 0.0
    for j in range(RING):
        energy += y[j] * y[j]
    if energy <= 0:
        return False
    best, lag = 0.0, 0
    before = correlation(y, SHORTEST - 1, energy)
    here = correlation(y, SHORTEST, energy)
    fallen = False  # a slow series is like itself at short distances: that is no period
    for k in range(SHORTEST, LONGEST):
        after = correlation(y, k + 1, energy)
        fallen = fallen or here < 0.5 * STRONG
        if fallen and here >= before and here > after and here > best * 1.1:
            best, lag = here, k
        before, here = here, after
    if best < STRONG:
        return False
    found = _refined(y, lag, energy) * s.per
    same = s.period > 0 and abs(found / s.period - 1.0) < 0.05
    if same or best < s.strength - 0.1:
        return False
    s.period, s.strength = found, best
    return True


@inline
def _centred(ring: Floats) -> Floats:
    y = np.empty(RING)
    mean = 0.0
    for j in range(RING):
        mean += ring[j] / RING
    far = 0.0
    for j in range(RING):
        y[j] = ring[j] - mean
        far += 3.0 * abs(y[j]) / RING
    for j in range(RING):
        y[j] = min(max(y[j], -far), far)
    return y


def _correlation(y: Floats, lag: int, energy: float) -> float:
    total = 0.0
    for j in range(RING - lag):
        total += y[j] * y[j + lag]
    return total / energy * RING / (RING - lag)


@inline_as(_correlation)
def correlation(y: Floats, lag: int, energy: float) -> float:
    """Autocorrelation at a lag, each pair weighing the same whatever the lag."""
    return float(y[: RING - lag] @ y[lag:]) / energy * RING / (RING - lag)


@inline
def _refined(y: Floats, lag: int, energy: float) -> float:
    """The lag to a fraction of a sample, from the farthest of its multiples."""
    period = float(lag)
    k = 2
    while k * period + 2 < 0.75 * RING:
        centre = int(k * period + 0.5)
        best, at = -2.0, centre
        for d in range(-2, 3):
            c = correlation(y, centre + d, energy)
            if c > best:
                best, at = c, centre + d
        if abs(at / k - lag) > lag / 8.0:  # Another peak: of a series that repeats sooner still.
            break
        period = at / k
        k += 1
    return period
