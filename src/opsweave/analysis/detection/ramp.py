"""Slow, steady growth: what a level test absorbs or sees too late (leaks, piling queues)."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.indicators import Kind
from opsweave.analysis.detection.table import Bools, Floats, Ints, Table

_BLOCKS = 6
_STILL = 0.35
"""Share of the growth that the last half must bring: a warm-up that levels off is no leak."""


def ramps(table: Table, config: DetectorConfig) -> tuple[Bools, Floats, Ints]:
    """Per row: does it grow steadily; growth in residual scales; columns of the tested span.

    The span's ``_BLOCKS`` block medians must all rise, keep rising in its last half, grow by
    ``ramp_growth`` of the level, and exceed the scatter about the blocks several times.
    """
    size = table.size
    span = table.columns(0, config.ramp - 1)
    ramping, strength = np.zeros(size, np.bool_), np.zeros(size)
    if len(span) < config.ramp * 2 // 3:
        return ramping, strength, span
    span = span[len(span) % _BLOCKS :]
    kind = table.kind[:size]
    piles = (kind == Kind.LEVEL) & (table.direction[:size] > 0)
    rows = np.flatnonzero((kind == Kind.SIZE) | piles)
    values = table.values[np.ix_(rows, span)]
    whole = np.isfinite(values).mean(axis=1) > 0.8
    rows, values = rows[whole], values[whole]
    if not len(rows):
        return ramping, strength, span
    blocks = values.reshape(len(rows), _BLOCKS, -1)
    covered = np.isfinite(blocks).any(axis=2).all(axis=1)
    rows, blocks = rows[covered], blocks[covered]
    if not len(rows):
        return ramping, strength, span
    medians = np.nanmedian(blocks, axis=2)
    steps = np.diff(medians, axis=1)
    growth = medians[:, -1] - medians[:, 0]
    half = medians[:, -1] - medians[:, _BLOCKS // 2 - 1]
    inner = blocks - medians[:, :, None]
    scatter = 1.4826 * np.nanmedian(np.abs(inner).reshape(len(rows), -1), axis=1)
    level = np.abs(medians[:, 0])
    pile = kind[rows] == Kind.LEVEL
    enough = np.where(pile, np.maximum(config.ramp_growth * level, 5.0), config.ramp_growth * level)
    # The scatter inside a block holds the ramp itself: a sixth of the growth at most.
    distance = growth / np.maximum(scatter, 0.02 * level + 1e-9)
    yes = (steps > 0).all(axis=1) & (growth >= enough) & (half >= _STILL * growth)
    ramping[rows] = yes & (distance >= config.band)
    strength[rows] = np.where(ramping[rows], distance, 0.0)
    return ramping, strength, span
