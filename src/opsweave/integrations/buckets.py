"""Exponential buckets as explicit bounds: shared by OTLP and Prometheus."""

from __future__ import annotations

import math
from collections.abc import Iterable

Edges = tuple[float, float, int]
"""(low, high, count) of one bucket."""


def power(scale: int, index: int) -> float:
    """``2 ** (index * 2**-scale)``; infinite or zero where a double ends.

    >>> power(0, 3), power(1, 2)
    (8.0, 2.0)
    """
    try:
        return math.pow(2.0, math.ldexp(index, -scale))
    except OverflowError:
        return math.inf if index > 0 else 0.0


def join(edges: Iterable[Edges]) -> tuple[list[float], list[int]] | None:
    """Buckets in rising order to (bounds, counts) with ``len(counts) == len(bounds) + 1``.

    Buckets that touch share a bound, a gap becomes an empty bucket; None: a bound is not finite.

    >>> join([(1.0, 2.0, 5), (4.0, 8.0, 1)])
    ([1.0, 2.0, 4.0, 8.0], [0, 5, 0, 1, 0])
    """
    bounds: list[float] = []
    counts: list[int] = [0]
    for low, high, count in edges:
        if not (math.isfinite(low) and math.isfinite(high)):
            return None
        if not bounds or low > bounds[-1]:
            bounds.append(low)
            counts.append(0)
        if high > bounds[-1]:
            bounds.append(high)
            counts[-1] += count
            counts.append(0)
        else:
            # A zero bucket without width, or buckets finer than a double's resolution.
            counts[-2] += count
    return bounds, counts
