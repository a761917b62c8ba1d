"""From surprises to evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

_SHOWS = 0.5
"""How often a cause shows in a given kind of indicator at all."""
_SPREAD = 3.4
"""log of the range (nats of surprise) over which a real deviation may lie."""
_MOST = 14.0


def heard(surprise: float) -> float:
    """From a surprise to a log likelihood ratio: cause here against no cause here.

    A cause shows in the indicator with probability one half, and then anywhere within a wide range
    of surprises; without a cause a surprise of s nats has probability density exp(-s).

    >>> round(heard(0.0), 2), round(heard(10.0), 2)
    (-0.66, 5.91)
    """
    excess = min(surprise, _MOST + _SPREAD) - _SPREAD
    return math.log((1 - _SHOWS) + _SHOWS * math.exp(excess))


def pooled(surprises: Iterable[float]) -> float:
    """One surprise for several series of one quantity: log of the mean likelihood ratio."""
    values = np.fromiter(surprises, np.float64)
    if not len(values):
        return 0.0
    top = float(values.max())
    return top + float(np.log(np.mean(np.exp(values - top))))
