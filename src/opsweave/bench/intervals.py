"""Intervals at 95 %: Wilson's for shares, percentiles of a bootstrap for means and ratios.

Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927;
Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Interval = tuple[float, float]
_Z = 1.959963984540054
ROUNDS = 2000


def wilson(right: int, n: int) -> Interval:
    """Bounds of a share of ``right`` of ``n``; all of [0, 1] where nothing was seen.

    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if n == 0:
        return 0.0, 1.0
    share = right / n
    scale = 1.0 + _Z * _Z / n
    middle = (share + _Z * _Z / (2 * n)) / scale
    spread = _Z / scale * math.sqrt(share * (1.0 - share) / n + _Z * _Z / (4 * n * n))
    return max(0.0, min(middle - spread, share)), min(1.0, max(middle + spread, share))


def bootstrap(
    n: int,
    figure: Callable[[npt.NDArray[np.intp]], float],
    *,
    rounds: int = ROUNDS,
    seed: int = 7,
) -> Interval:
    """Bounds of ``figure(indices)`` over cases drawn again with replacement; NaN when n is 0.

    The unit that is drawn again is the case (a series, a service, an incident), never the point.

    >>> values = np.array([0.0, 1.0, 1.0, 1.0])
    >>> low, high = bootstrap(4, lambda which: float(values[which].mean()))
    >>> low <= 0.75 <= high
    True
    """
    if n == 0:
        return math.nan, math.nan
    drawn = np.random.default_rng(seed).integers(0, n, size=(rounds, n))
    found = np.array([figure(which) for which in drawn])
    if not np.isfinite(found).any():
        return math.nan, math.nan
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def mean_interval(values: Sequence[float] | npt.NDArray[np.float64]) -> Interval:
    """Bootstrap bounds of a mean over cases.

    >>> mean_interval([0.5, 0.5, 0.5])
    (0.5, 0.5)
    """
    array = np.asarray(values, dtype=np.float64)
    return ratio_interval(array, np.ones(len(array)))


def ratio_interval(above: npt.NDArray[np.float64], below: npt.NDArray[np.float64]) -> Interval:
    """Bootstrap bounds of a ratio of sums over cases: of a share of what each case counts.

    >>> ratio_interval(np.array([1.0, 2.0]), np.array([2.0, 4.0]))
    (0.5, 0.5)
    """
    n = len(above)
    if n == 0:
        return math.nan, math.nan
    drawn = np.random.default_rng(7).integers(0, n, size=(ROUNDS, n))
    found = above[drawn].sum(axis=1) / below[drawn].sum(axis=1)
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
