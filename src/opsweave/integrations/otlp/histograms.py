"""Exponential histograms as explicit bounds."""

from __future__ import annotations

import math

from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogramDataPoint

_MAX_BUCKETS = 4096


def explicit(point: ExponentialHistogramDataPoint) -> tuple[list[float], list[int]] | None:
    """(bounds, counts) with ``len(counts) == len(bounds) + 1``; None when that cannot be.

    Bucket ``i`` of scale ``s`` holds ``(base**i, base**(i+1)]`` with ``base = 2**(2**-s)``
    (OpenTelemetry metrics data model, section ExponentialHistogram). The zero bucket reaches from
    ``-zero_threshold`` to ``zero_threshold``. Runs of buckets that touch share their bounds.
    """
    if len(point.positive.bucket_counts) + len(point.negative.bucket_counts) > _MAX_BUCKETS:
        return None
    edges: list[tuple[float, float, int]] = []
    for index, count in reversed(list(enumerate(point.negative.bucket_counts))):
        low, high = _range(point.scale, point.negative.offset + index)
        edges.append((-high, -low, count))
    zero = point.zero_threshold
    if point.zero_count or edges:
        edges.append((-zero, zero, point.zero_count))
    for index, count in enumerate(point.positive.bucket_counts):
        edges.append((*_range(point.scale, point.positive.offset + index), count))
    return _join(edges)


def _range(scale: int, index: int) -> tuple[float, float]:
    return _power(scale, index), _power(scale, index + 1)


def _power(scale: int, index: int) -> float:
    """``2 ** (index * 2**-scale)``; infinite or zero where a double ends."""
    try:
        return math.pow(2.0, math.ldexp(index, -scale))
    except OverflowError:
        return math.inf if index > 0 else 0.0


def _join(edges: list[tuple[float, float, int]]) -> tuple[list[float], list[int]] | None:
    """Ranges in rising order to bounds and counts; a gap becomes an empty bucket."""
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
            # A zero bucket without width, or ranges below a double's resolution.
            counts[-2] += count
    return bounds, counts
