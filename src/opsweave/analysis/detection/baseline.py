"""What is expected of each series: robust level and spread from lagged, undisturbed buckets.

Learned from the cautious values (``Frame.lows``), as those are what is judged: an outlier among ten
requests must neither alarm nor widen the band.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.indicators import Kind
from opsweave.analysis.detection.season import shift
from opsweave.analysis.detection.table import Bools, Floats, Ints, Table

_TAIL = 1.88 * 1.5
"""97 % quantile of a normal, with slack, so that a few spikes do not widen the band for good."""


def learn(table: Table, config: DetectorConfig, known: Bools) -> None:
    """Refresh level, spread and pooled ratio of every series that has enough history, but for the
    ``known`` ones, for which the ensemble speaks.

    A series without enough eligible buckets in the window keeps what it learned before: that is
    how an episode freezes its baseline.
    """
    old = table.columns(config.lag, config.lag + config.window - 1)
    # A young series cannot afford the whole lag: it would be blind for too long.
    young = table.columns(1, config.window)
    size = table.size
    enough = np.count_nonzero(table.learn[:size][:, old], axis=1) >= config.min_history
    enough &= ~known
    _quantiles(table, np.flatnonzero(enough), old, config)
    fresh = ~enough & ~known & (table.seen[:size] <= config.min_history + config.lag)
    rows = np.flatnonzero(fresh)
    if len(rows):
        full = np.count_nonzero(table.learn[rows][:, young], axis=1) >= config.min_history
        _quantiles(table, rows[full], young, config)


def _quantiles(table: Table, rows: Ints, columns: Ints, config: DetectorConfig) -> None:
    if not len(rows):
        return
    learnable = table.learn[np.ix_(rows, columns)]
    raw = table.lows[np.ix_(rows, columns)]
    offset = table.number("absolute")[rows]
    logs = table.log_rows()[rows]
    counts = np.where(learnable, table.counts[np.ix_(rows, columns)], 0.0)
    values = np.where(learnable, raw, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        grown = np.log(np.maximum(values, 0.0) + offset[:, None])
    scaled = np.where(logs[:, None], grown, values)
    ordered = np.sort(scaled, axis=1)
    n = np.count_nonzero(learnable, axis=1)
    middle, low, high, tail = (_at(ordered, n, q) for q in (0.5, 0.16, 0.84, 0.97))
    spread = np.maximum((high - low) / 2.0, (tail - middle) / _TAIL)
    young = 1.0 + 0.67 * np.clip((config.full_history - n) / config.full_history, 0.0, 1.0)
    relative = table.number("relative")[rows] * young
    floor = np.where(logs, relative, np.maximum(relative * np.abs(middle), offset * young))
    table.number("level")[rows] = middle + shift(table, rows, columns, config)
    table.number("spread")[rows] = np.maximum(spread, np.maximum(floor, 1e-9))
    ratios = table.kind[rows] == Kind.RATIO
    bad = np.nansum(np.where(learnable, values * counts, 0.0), axis=1)
    table.number("trials")[rows] = np.where(ratios, counts.sum(axis=1), 0.0)
    table.number("hits")[rows] = np.where(ratios, bad, 0.0)


def _at(ordered: Floats, n: Ints, q: float) -> Floats:
    """Quantile ``q`` of each sorted row whose first ``n`` values are numbers (linear)."""
    place = q * (n - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, n - 1)
    rows = np.arange(len(ordered))
    part = place - below
    found: Floats = ordered[rows, below] * (1.0 - part) + ordered[rows, above] * part
    return found
