"""The hour of the day (or of any period): a profile per series, used once it has been seen twice.

The level follows recent buckets anyway; the profile says how it should move between those buckets
and now, for instance at the opening hour of a shop.
"""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.table import Floats, Ints, Table

_MEMORY = 7
"""Periods after which the profile forgets as fast as it learns."""


def slot_of(times_ns: Ints, config: DetectorConfig) -> Ints:
    """Slot of the period in which each time falls.

    >>> slot_of(np.array([0, 900_000_000_000]), DetectorConfig()).tolist()
    [0, 1]
    """
    period = int(config.season_s * 1e9)
    return np.asarray((times_ns % period) * config.season_slots // period, np.int64)


def learn_season(table: Table, config: DetectorConfig) -> None:
    """Add the newest learnable bucket to its slot; a slot that was left becomes profile."""
    if not config.season_slots or table.frames < 2:
        return
    now, before = slot_of(table.times[[table.column, (table.column - 1) % table.ring]], config)
    size = table.size
    if now != before:
        done = np.flatnonzero(table.slot_n[:size] > 0)
        mean = table.slot_sum[done] / table.slot_n[done]
        visits = np.minimum(table.visits[done, before] + 1, _MEMORY)
        old = table.profile[done, before]
        table.profile[done, before] = old + (mean - old) / visits
        table.visits[done, before] = visits
        table.slot_sum[:size], table.slot_n[:size] = 0.0, 0.0
    held = np.flatnonzero(table.learn[:size, table.column])
    table.slot_sum[held] += scaled(table, held, table.lows[held, table.column])
    table.slot_n[held] += 1


def scaled(table: Table, rows: Ints, values: Floats) -> Floats:
    """Values on the scale on which the rows are judged (log or as they are)."""
    offset, logs = table.number("absolute")[rows], table.log_rows()[rows]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(logs, np.log(np.maximum(values, 0.0) + offset), values)


def shift(table: Table, rows: Ints, columns: Ints, config: DetectorConfig) -> Floats:
    """What to add to the level learned over ``columns`` so that it holds for the newest bucket."""
    if not config.season_slots or not len(columns):
        return np.zeros(len(rows))
    now = slot_of(table.times[[table.column]], config)[0]
    past = slot_of(table.times[columns], config)
    used = np.unique(np.append(past, now))
    known = (table.visits[rows][:, used] >= config.season_after).all(axis=1)
    profile = table.profile[rows]
    return np.where(known, profile[:, now] - np.median(profile[:, past], axis=1), 0.0)
