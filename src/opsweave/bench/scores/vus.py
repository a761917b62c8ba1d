"""VUS-PR: the volume under the surface of range-based precision and recall over buffer lengths.

Paparrizos, Boniol, Palpanas, Tsay, Elmore, Franklin, "Volume Under the Surface: a new accuracy
evaluation measure for time-series anomaly detection", VLDB 2022. Labels are widened on both sides
by a buffer of half of ``l`` points whose worth falls as a square root; recall is multiplied by the
share of (widened) segments that were touched; the area under precision over recall is averaged over
l = 0 ... ``longest``. Thresholds are taken at 250 ranks spread evenly, as in the authors' code, so
figures compare with those published on TSB-AD.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from opsweave.bench.scores.events import runs

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
THRESHOLDS = 250
_LAGS, _OTHERWISE = 400, 125


def vus_pr(scores: Floats, labels: Bools, longest: int, thresholds: int = THRESHOLDS) -> float:
    """Averaged area in [0, 1]; NaN without a positive label. O(n) per buffer length.

    ``longest``: the longest buffer in points, by custom the period of the series.

    >>> scores = np.zeros(50)
    >>> scores[20:25] = 1.0
    >>> round(vus_pr(scores, scores > 0, longest=4), 2)
    1.0
    """
    labels = np.asarray(labels, dtype=np.bool_)
    if not labels.any():
        return float("nan")
    rank, taken = _ranks(np.asarray(scores, dtype=np.float64), thresholds)
    segments = runs(labels)
    areas = [_area(rank, taken, labels, segments, length) for length in range(longest + 1)]
    return float(np.mean(areas))


def period(values: Floats) -> int:
    """The buffer by custom: the lag of the highest local peak of the autocorrelation.

    Of the first 20,000 points, at lags from 6 to 303, as in the authors' code; 125 without one.

    >>> period(np.sin(np.arange(2000) * 2 * np.pi / 50))
    50
    """
    head = np.asarray(values[:20_000], dtype=np.float64)
    centred = np.nan_to_num(head - np.nanmean(head))
    size = 1 << (2 * len(centred) - 1).bit_length()
    spectrum = np.fft.rfft(centred, size)
    lagged = np.fft.irfft(spectrum * np.conj(spectrum), size)[: min(_LAGS + 1, len(centred))][3:]
    peaks = np.flatnonzero((lagged[1:-1] > lagged[:-2]) & (lagged[1:-1] > lagged[2:])) + 1
    if not len(peaks):
        return _OTHERWISE
    best = int(peaks[np.argmax(lagged[peaks])])
    return best + 3 if 3 <= best <= 300 else _OTHERWISE


def _ranks(scores: Floats, thresholds: int) -> tuple[Ints, Floats]:
    """Per point the first threshold (highest first) that takes it; points taken by each."""
    ranked = np.where(np.isnan(scores), -np.inf, scores)
    highest = np.sort(ranked)[::-1]
    cuts = highest[np.linspace(0, len(ranked) - 1, thresholds).astype(int)]
    rank = np.searchsorted(-cuts, -ranked, side="left")
    return rank, np.cumsum(np.bincount(rank, minlength=thresholds)).astype(np.float64)


def _area(rank: Ints, taken: Floats, labels: Bools, segments: Ints, length: int) -> float:
    """Area under precision over recall for one buffer length."""
    worth = _widened(labels, segments, length)
    inside = np.flatnonzero(worth > 0)
    bins = len(taken)
    hits = np.cumsum(np.bincount(rank[inside], weights=worth[inside], minlength=bins))
    positives = float(labels.sum())
    # The buffer counts as positive only as far as it was taken: missing it costs nothing.
    edge = inside[~labels[inside]]
    buffered = np.cumsum(np.bincount(rank[edge], weights=worth[edge], minlength=bins))
    touched = _touched(rank, worth, bins)
    recall = np.minimum(hits / (positives + buffered / 2.0), 1.0) * touched
    precision = hits / taken
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def _widened(labels: Bools, segments: Ints, length: int) -> Floats:
    worth = labels.astype(np.float64)
    reach = np.arange(1, length // 2 + 1)
    if len(reach):
        falling = np.sqrt(1.0 - reach / length)
        for first, last in segments:
            right = reach[last + reach < len(labels)]
            left = reach[first - reach >= 0]
            worth[last + right] += falling[: len(right)]
            worth[first - left] += falling[: len(left)]
    return np.minimum(worth, 1.0)


def _touched(rank: Ints, worth: Floats, bins: int) -> Floats:
    """Share of widened segments that each threshold touches."""
    wide = runs(worth > 0)
    earliest = np.array([rank[first : last + 1].min() for first, last in wide])
    return np.cumsum(np.bincount(earliest, minlength=bins)) / len(wide)
