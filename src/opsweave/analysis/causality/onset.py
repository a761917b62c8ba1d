"""When something that builds up began: back along its growth to where it was level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_LEAST = 4


def growth_onset(
    times: npt.NDArray[np.int64], values: npt.NDArray[np.float64], since_ns: int
) -> int:
    """Start (ns) of the growth that was seen by ``since_ns``; ``since_ns`` when it is no growth.

    A line through the values of the present excursion, from its last low on, is followed back to
    the level before it. ``times`` are ends of buckets, oldest first.

    >>> t = np.arange(1, 41) * 5
    >>> v = np.where(t > 100, 10.0 + (t - 100) * 0.2, 10.0)
    >>> growth_onset(t, v, 160)
    100
    """
    if len(values) < _LEAST + 2:
        return since_ns
    peak = int(np.argmax(values))
    start = peak - int(np.argmin(values[: peak + 1][::-1]))
    segment_t, segment_v = times[start : peak + 1], values[start : peak + 1]
    if len(segment_v) < _LEAST:
        return since_ns
    level = float(np.median(values[max(0, start - 12) : start + 1]))
    high = segment_v >= level + 0.15 * (float(values[peak]) - level)
    if np.count_nonzero(high) < _LEAST:
        return since_ns
    t, v = segment_t[high].astype(np.float64), segment_v[high]
    slope, _ = np.polyfit(t - t[0], v, 1)
    if slope <= 0:
        return since_ns
    back = float(t.mean() - (v.mean() - level) / slope)
    return int(min(max(back, float(times[0])), float(since_ns)))
