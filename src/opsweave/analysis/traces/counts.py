"""How much more probable two counts are if their shares differ than if they are one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from opsweave.analysis.traces.forest import Floats

_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


def changed_nats(before: ArrayLike, of: ArrayLike, after: ArrayLike, of_after: ArrayLike) -> Floats:
    """Log Bayes factor of "two shares" against "one share" of ``before`` in ``of`` and so on.

    Beta-binomial evidence under Jeffreys' prior (Kass and Raftery, "Bayes factors", JASA 1995).
    Small counts give numbers around 0; many equal ones about ``-log(n) / 2``.

    >>> [round(float(changed_nats(7, 7, hits, 9)), 1) for hits in (9, 8, 0)]
    [-1.3, -0.7, 9.3]
    """
    k0, n0, k1, n1 = (np.asarray(x, np.float64) for x in (before, of, after, of_after))
    return _evidence(k0, n0) + _evidence(k1, n1) - _evidence(k0 + k1, n0 + n1)


def _evidence(hits: Floats, of: Floats) -> Floats:
    """Log marginal likelihood of one sequence, share ~ Beta(1/2, 1/2)."""
    seen = log_gamma(hits + 0.5) + log_gamma(of - hits + 0.5)
    return np.asarray(seen - log_gamma(of + 1.0) - math.log(math.pi), np.float64)


def log_gamma(x: Floats) -> Floats:
    """ln Gamma for x > 0 by Stirling's series after a shift to x >= 8; error below 1e-11.

    >>> bool(abs(log_gamma(np.array([0.5]))[0] - math.lgamma(0.5)) < 1e-11)
    True
    """
    shift = np.ones_like(x)
    for _ in range(8):
        small = x < 8
        shift = np.where(small, shift * x, shift)
        x = np.where(small, x + 1, x)
    inverse = 1 / x
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    return np.asarray((x - 0.5) * np.log(x) - x + _HALF_LOG_TAU + series - np.log(shift))
