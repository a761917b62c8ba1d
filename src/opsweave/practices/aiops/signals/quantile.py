"""Quantiles of small samples, with the cautious estimate that few records allow."""

from __future__ import annotations

import math
from collections.abc import Sequence

_CAUTION = 1.64


def quantile(ordered: Sequence[float], q: float) -> float:
    """Linear interpolation in a sorted, non-empty sequence.

    >>> quantile([1.0, 2.0, 3.0], 0.5)
    2.0
    """
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def cautious(ordered: Sequence[float], q: float) -> float:
    """Lower 95 % limit of quantile ``q``: the order statistic that sampling noise rarely exceeds.

    One slow request of ten moves the p95 but not this.

    >>> cautious([10.0] * 9 + [900.0], 0.95)
    10.0
    """
    n = len(ordered)
    lower = q - _CAUTION * math.sqrt(q * (1.0 - q) / n)
    return ordered[max(0, min(n - 1, math.ceil(lower * n) - 1))]
