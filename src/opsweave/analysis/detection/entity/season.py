"""The period that the columns of an entity share, from their autocorrelation."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.entity.config import Floats

_NEAR_BEST = 0.9
_STEADY = 0.05
_OUTER = (0.02, 0.98)


def period_of(rows: Floats, before: int, shortest: int, least: float) -> int:
    """The shared period in rows, 0 for none; ``before`` is kept unless another is clearly better.

    The autocorrelation of every column (without trend and outliers) is averaged; the shortest lag
    near the best one wins. A lag needs two whole periods in ``rows`` [time, columns].

    >>> t = np.arange(2000.0)[:, None]
    >>> period_of(np.sin(t * 2 * np.pi / 288 + np.arange(3)), 0, 120, 0.3)
    288
    """
    pooled = _autocorrelation(rows)
    lags = np.arange(shortest, len(pooled) - 1)
    if not lags.size:
        return before
    peak = (pooled[lags] >= pooled[lags - 1]) & (pooled[lags] > pooled[lags + 1])
    rise = np.where(peak, pooled[lags] - np.minimum.accumulate(pooled)[lags], 0.0)
    if rise.max() < least:
        return before
    first = lags[rise >= _NEAR_BEST * rise.max()][0]
    near = lags[(lags >= first) & (lags <= 1.1 * first)]
    found = int(near[np.argmax(pooled[near])])
    known = shortest <= before < len(pooled)
    return before if known and pooled[before] + _STEADY >= pooled[found] else found


def _autocorrelation(rows: Floats) -> Floats:
    """Positive part, averaged over the columns that move, at lags up to half the rows."""
    n = len(rows)
    finite = rows[:, np.isfinite(rows).sum(axis=0) * 2 > n]
    if not finite.size:
        return np.zeros(0)
    whole = bool(np.isfinite(finite).all())
    low, high = (np.quantile if whole else np.nanquantile)(finite, _OUTER, axis=0)
    x = np.clip(finite, low, high)
    x -= np.nanmean(x, axis=0)
    x = np.where(np.isfinite(x), x, 0.0)
    time = np.linspace(-1.0, 1.0, n)[:, None]
    x -= time * (x * time).sum(axis=0) / (time * time).sum()
    size = x.std(axis=0)
    moves = size > 1e-9 * (np.abs(low) + np.abs(high))
    if not moves.any():
        return np.zeros(0)
    spectrum = np.fft.rfft(x[:, moves] / size[moves], 1 << (2 * n - 1).bit_length(), axis=0)
    raw = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[: n // 2 + 1]
    pooled: Floats = np.maximum(raw, 0.0).mean(axis=1) / (n - np.arange(n // 2 + 1))
    return pooled
