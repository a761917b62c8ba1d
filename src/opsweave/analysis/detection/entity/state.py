"""What is remembered of an entity: arrays of fixed size, no matter how long it has been watched."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np

from opsweave.analysis.detection.entity.config import LEVELS, EntityConfig, Floats
from opsweave.kernel.errors import RejectInput


class EntityState(NamedTuple):
    """Arrays, changed in place by the kernels; ``score_entity`` copies what it is given."""

    level: Floats
    """[horizons, columns]"""
    spread: Floats
    """Variances, [horizons, columns]."""
    seen: Floats
    """Finite values per column."""
    low: Floats
    high: Floats
    energy: Floats
    """Pooled evidence per column, then of the entity: [columns + 1]."""
    inside: Floats
    """1 where the score is in an excursion above the level, [LEVELS]."""
    counted: Floats
    """Excursions above each level, fading, [LEVELS]."""
    clock: Floats
    """Rows seen, days counted (fading), whether an alarm is on, time of the last row."""

    @classmethod
    def fresh(cls, columns: int, config: EntityConfig) -> Self:
        """The state before the first row."""
        shape = (len(config.horizons), columns)
        return cls(
            level=np.zeros(shape),
            spread=np.zeros(shape),
            seen=np.zeros(columns),
            low=np.full(columns, np.inf),
            high=np.full(columns, -np.inf),
            energy=np.zeros(columns + 1),
            inside=np.zeros(LEVELS),
            counted=np.zeros(LEVELS),
            clock=np.zeros(4),
        )

    def copy(self) -> Self:
        return type(self)(*(part.copy() for part in self))

    def pack(self) -> dict[str, Any]:
        """Plain data: name -> (shape, bytes of little-endian float64)."""
        return {n: (a.shape, a.astype("<f8").tobytes()) for n, a in self._asdict().items()}

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> Self:
        """The state that was packed.

        Raises:
            RejectInput: a part is missing or has another size than it says.
        """
        try:
            parts = {
                name: np.frombuffer(packed[name][1], "<f8").reshape(packed[name][0]).copy()
                for name in cls._fields
            }
        except (KeyError, ValueError) as error:
            raise RejectInput(f"state of an entity is damaged: {error}") from error
        return cls(**parts)
