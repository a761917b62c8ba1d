"""What is remembered of an entity: arrays of fixed size, no matter how long it has been watched."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np

from opsweave.analysis.detection.entity.config import LEVELS, EntityConfig, Floats
from opsweave.kernel.errors import RejectInput


class EntityState(NamedTuple):
    """Arrays, changed in place by the kernels; ``score_entity`` copies what it is given."""

    level: Floats
    spread: Floats
    """Means and variances, [short and long of the values, then of what the season leaves; columns]
    """
    seen: Floats
    """Finite values, then seasonal rests, per column: [2, columns]."""
    low: Floats
    high: Floats
    """Least and largest value per column."""
    ring: Floats
    """The last rows, [rows, columns]."""
    kept: Floats
    """States to compare with, [rows, columns]."""
    custom: Floats
    """Usual loudness of each opinion (third moments), and of how many rows, [2, opinions]."""
    energy: Floats
    """Pooled evidence, [memories]."""
    blame: Floats
    """Pooled evidence per column."""
    inside: Floats
    """1 where the score is in an excursion above the level, [LEVELS]."""
    counted: Floats
    """Excursions above each level, fading, [LEVELS]."""
    clock: Floats
    """Rows with the missing ones, days (fading), alarm on, time of the last row, period, states
    kept, the nearest of them, usual step, rows given."""

    @classmethod
    def fresh(cls, columns: int, config: EntityConfig) -> Self:
        """The state before the first row."""
        return cls(
            level=np.zeros((4, columns)),
            spread=np.zeros((4, columns)),
            seen=np.zeros((2, columns)),
            low=np.full(columns, np.inf),
            high=np.full(columns, -np.inf),
            ring=np.full((config.ring, columns), np.nan),
            kept=np.zeros((config.kept, columns)),
            custom=np.zeros((2, 3)),
            energy=np.zeros(len(config.memories)),
            blame=np.zeros(columns),
            inside=np.zeros(LEVELS),
            counted=np.zeros(LEVELS),
            clock=np.zeros(9),
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
