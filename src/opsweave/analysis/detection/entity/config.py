"""One configuration for every entity; nothing here is tuned per data set."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LEVELS = 96
"""Score levels at which excursions are counted."""


class EntityConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Counts are rows; deviations are in scales (about one standard deviation)."""

    short: float = 1000.0
    long: float = 5000.0
    """Memory of the two levels and spreads that a value is measured against."""
    warm: int = 50
    """Rows before anything is scored."""
    clip: float = 20.0
    """A column may not say more than this in one row."""
    heed: float = 6.0
    """And the long memory does not learn more than this from one row."""
    floor: float = 1e-4
    """Least spread of a column, as a share of the range it has shown."""
    few: int = 3
    many: int = 8
    """So many of the loudest columns speak for the entity, in two opinions; of narrow entities at
    most a sixth and half of the columns."""
    ring: int = 4096
    """Rows kept, to find a period (up to half of it) and to look back by periods."""
    ripple: float = 0.3
    """Least autocorrelation, pooled over the columns, that makes a period."""
    shortest: int = 120
    """Shorter periods are not used: an anomaly would soon become what is expected."""
    kept: int = 500
    stride: int = 40
    lag: int = 20
    """States kept to compare with: each ``stride``-th row, once it is ``lag`` rows old."""
    reach: float = 5.0
    """A column may not add more than this to the distance between two states."""
    custom: float = 20_000.0
    """Memory of how loud the entity usually is."""
    memories: tuple[float, ...] = (5.0, 15.0, 45.0, 135.0)
    """Evidence is pooled over so many rows (exponentially), at several spans at once."""
    power: float = 4.0
    """A loud row counts more than many faint ones."""
    budget: float = 0.1
    """Episodes an entity may raise a day."""
    least: float = 1.5
    """No alarm below this score."""
    day: int = 1440
    """Rows of a day when rows come without times."""


class Numbers(NamedTuple):
    """The configuration as the kernels take it."""

    spans: Floats
    levels: Floats
    memories: Floats
    warm: float
    clip: float
    heed: float
    floor: float
    few: int
    many: int
    stride: int
    lag: int
    reach: float
    custom: float
    power: float
    budget: float
    least: float


def numbers_of(config: EntityConfig, columns: int) -> Numbers:
    return Numbers(
        spans=np.array([config.short, config.long]),
        levels=np.geomspace(0.5, 50.0, LEVELS),
        memories=np.array(config.memories),
        warm=float(config.warm),
        clip=config.clip,
        heed=config.heed,
        floor=config.floor,
        few=max(1, min(config.few, columns // 6)),
        many=max(1, min(config.many, columns // 2)),
        stride=config.stride,
        lag=config.lag,
        reach=config.reach,
        custom=config.custom,
        power=config.power,
        budget=config.budget,
        least=config.least,
    )
