"""Small statistics: how a difference speaks for a cause, and how sure one can be of it."""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.causality.dossier import Floats

SILENT = 0.35
"""Share of faults that do not show in a given difference at all."""
_REACH = 10.0
"""Scales over which the differences that faults make are spread."""
_FREEDOM = 3.0


def odds(scales: float) -> float:
    """Nats for "faulty" of a difference in ``scales``: broad Cauchy against Student's t.

    Without a fault differences are about one scale, with heavy tails (t, 3 degrees of freedom);
    faults make differences of any size, or none in a :data:`SILENT` share of cases.

    >>> round(odds(0.0), 1), round(odds(5.0), 1), round(odds(50.0), 1)
    (-0.9, 1.5, 7.3)
    """
    v = _FREEDOM
    shape = math.gamma((v + 1) / 2) / (math.gamma(v / 2) * math.sqrt(v * math.pi))
    chance = shape * (1 + scales * scales / v) ** (-(v + 1) / 2)
    fault = 1 / (math.pi * _REACH * (1 + (scales / _REACH) ** 2))
    return math.log((1 - SILENT) * fault / chance + SILENT)


def surprise(one: Floats, other: Floats) -> float:
    """-log of the two-sided p of the rank-sum test (Mann & Whitney, 1947), with ties.

    Never more than the number of ways to arrange so few samples allows.

    >>> surprise(np.array([9.0]), np.array([1.0])) <= math.log(2)
    True
    """
    n, m = len(one), len(other)
    pooled = np.concatenate((one, other))
    _, place, counts = np.unique(pooled, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    apart = abs(float(ranks[:n].sum()) - n * (n + 1) / 2 - n * m / 2)
    ties = float((counts.astype(np.float64) ** 3 - counts).sum())
    size = n + m
    variance = n * m / 12 * ((size + 1) - ties / max(size * (size - 1), 1))
    if variance <= 0:
        return 0.0
    z = max(0.0, apart - 0.5) / math.sqrt(variance)
    p = max(math.erfc(z / math.sqrt(2)), 1e-300)
    ways = math.lgamma(size + 1) - math.lgamma(n + 1) - math.lgamma(m + 1)
    return min(-math.log(p), ways)
