"""Native histograms as explicit bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from opsweave.integrations.buckets import Edges, join, power

_CUSTOM = -53
_MAX_BUCKETS = 4096
_SCHEMAS = range(-4, 9)


def explicit(histogram: Any) -> tuple[list[float], list[int]] | None:
    """(bounds, counts) of an integer histogram; None when that cannot be.

    Bucket ``i`` of schema ``s`` holds ``(base**(i-1), base**i]`` with ``base = 2**(2**-s)``;
    schema -53 lists its upper bounds. Counts are deltas from bucket to bucket.
    """
    spans = (*histogram.positive_spans, *histogram.negative_spans)
    if sum(span.length for span in spans) > _MAX_BUCKETS or histogram.count_float:
        return None
    positive = _counts(histogram.positive_spans, histogram.positive_deltas)
    if histogram.schema == _CUSTOM:
        return _custom(list(histogram.custom_values), positive)
    if histogram.schema not in _SCHEMAS:
        return None
    scale, zero = histogram.schema, histogram.zero_threshold
    negative = sorted(_counts(histogram.negative_spans, histogram.negative_deltas), reverse=True)
    edges: list[Edges] = [(-power(scale, i), -power(scale, i - 1), n) for i, n in negative]
    if edges or histogram.zero_count_int:
        edges.append((-zero, zero, histogram.zero_count_int))
    edges += [(power(scale, i - 1), power(scale, i), n) for i, n in positive]
    return None if any(count < 0 for *_, count in edges) else join(edges)


def _custom(
    bounds: list[float], positive: Iterable[tuple[int, int]]
) -> tuple[list[float], list[int]] | None:
    counts = [0] * (len(bounds) + 1)
    for index, count in positive:
        if not 0 <= index < len(counts) or count < 0:
            return None
        counts[index] += count
    return bounds, counts


def _counts(spans: Iterable[Any], deltas: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(bucket index, count); stops where spans and deltas do not match."""
    index = count = 0
    values = iter(deltas)
    for span in spans:
        index += span.offset
        for _ in range(span.length):
            delta = next(values, None)
            if delta is None:
                return
            count += delta
            yield index, count
            index += 1
