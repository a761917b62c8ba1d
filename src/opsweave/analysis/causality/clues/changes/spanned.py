"""Series that spans make: per entity and slice of time, how many fail and how long they take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from opsweave.analysis.causality.dossier import Dossier, Floats, SeriesName, Times

SLICES = 40
"""Slices of the time before the alarm."""
_LEAST_NS = 2_000_000_000
_FEWEST = 100
_MOST_ENTITIES = 400


def spanned(dossier: Dossier) -> Iterator[tuple[SeriesName, Times, Floats]]:
    """``span_error_ratio``, ``span_duration`` (us, mean) and ``span_requests_rate`` (per slice)."""
    spans = dossier.spans
    if len(spans) < _FEWEST:
        return
    first = int(spans.times_ns[0])
    width = max((dossier.pivot_ns - first) // SLICES, _LEAST_NS)
    names = sorted(set(spans.entity))[:_MOST_ENTITIES]
    number = {name: i for i, name in enumerate(names)}
    who = np.array([number.get(name, -1) for name in spans.entity], np.int64)
    place = (spans.times_ns - first) // width
    slices = int(place.max()) + 1
    known = who >= 0
    cell = (who * slices + place)[known]
    failed = np.array(["ERR" in status.upper() for status in spans.status], np.float64)[known]
    size = len(names) * slices
    count = np.bincount(cell, minlength=size)
    errors = np.bincount(cell, weights=failed, minlength=size)
    took = np.bincount(cell, weights=spans.duration_us[known].astype(np.float64), minlength=size)
    for name, i in number.items():
        part = slice(i * slices, (i + 1) * slices)
        there = np.flatnonzero(count[part])
        times = (first + there * width).astype(np.int64)
        for metric, total in (("span_error_ratio", errors), ("span_duration", took)):
            yield SeriesName(name, "", metric), times, total[part][there] / count[part][there]
        whole = there[there < slices - 1]  # the last slice is cut off
        yield (
            SeriesName(name, "", "span_requests_rate"),
            times[: len(whole)],
            count[part][whole].astype(np.float64),
        )
