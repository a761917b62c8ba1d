"""Exponential histograms as explicit bounds."""

from __future__ import annotations

from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogramDataPoint

from opsweave.integrations.buckets import Edges, join, power

_MAX_BUCKETS = 4096


def explicit(point: ExponentialHistogramDataPoint) -> tuple[list[float], list[int]] | None:
    """(bounds, counts) with ``len(counts) == len(bounds) + 1``; None when that cannot be.

    Bucket ``i`` of scale ``s`` holds ``(base**i, base**(i+1)]`` with ``base = 2**(2**-s)``
    (OpenTelemetry metrics data model, section ExponentialHistogram). The zero bucket reaches from
    ``-zero_threshold`` to ``zero_threshold``. Runs of buckets that touch share their bounds.
    """
    if len(point.positive.bucket_counts) + len(point.negative.bucket_counts) > _MAX_BUCKETS:
        return None
    edges: list[Edges] = []
    for index, count in reversed(list(enumerate(point.negative.bucket_counts))):
        low, high = _range(point.scale, point.negative.offset + index)
        edges.append((-high, -low, count))
    zero = point.zero_threshold
    if point.zero_count or edges:
        edges.append((-zero, zero, point.zero_count))
    for index, count in enumerate(point.positive.bucket_counts):
        edges.append((*_range(point.scale, point.positive.offset + index), count))
    return join(edges)


def _range(scale: int, index: int) -> tuple[float, float]:
    return power(scale, index), power(scale, index + 1)
