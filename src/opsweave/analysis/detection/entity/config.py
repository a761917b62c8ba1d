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

    horizons: tuple[float, ...] = (1000.0, 5000.0)
    """Memory of the levels and spreads that a value is measured against."""
    warm: int = 50
    """Rows before anything is scored."""
    clip: float = 20.0
    """A column may not say more than this in one row."""
    floor: float = 1e-4
    """Least spread of a column, as a share of the range it has shown."""
    top: int = 5
    """So many columns speak for the entity."""
    power: float = 3.0
    """Large deviations count more than many small ones."""
    memory: float = 20.0
    """Rows over which the evidence is pooled (exponentially)."""
    budget: float = 0.1
    """Episodes an entity may raise a day."""
    day: int = 1440
    """Rows of a day when rows come without times."""
    least: float = 3.0
    """No alarm below this score, in scales."""


class Numbers(NamedTuple):
    """The configuration as the kernels take it."""

    horizons: Floats
    levels: Floats
    warm: float
    clip: float
    floor: float
    top: int
    power: float
    memory: float
    budget: float
    least: float


def numbers_of(config: EntityConfig) -> Numbers:
    return Numbers(
        np.array(config.horizons),
        np.geomspace(0.25, 25.0, LEVELS),
        float(config.warm),
        config.clip,
        config.floor,
        config.top,
        config.power,
        config.memory,
        config.budget,
        config.least,
    )
