"""Counting hits honestly: a share with its Wilson score interval."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

Z95 = 1.959963984540054


class Share(NamedTuple):
    """``hits`` of ``n``; low and high bound the share at 95 %; None of nothing."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        """Observed share."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval (E. B. Wilson, JASA 22, 1927).

        >>> low, high = Share(45, 45).interval
        >>> round(low, 3), round(high, 3)
        (0.921, 1.0)
        """
        return wilson(self.hits, self.n) if self.n else None


def wilson(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Bounds of a binomial share; ValueError when ``hits`` cannot be of ``n``."""
    if n <= 0 or not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    share, square = hits / n, z * z
    middle = share + square / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    low = (middle - half) / scale if hits else 0.0
    return low, (middle + half) / scale if hits < n else 1.0


def share_of(answers: Iterable[bool]) -> Share:
    """Counts of a sequence of yes and no.

    >>> share_of([True, False, True])
    Share(hits=2, n=3)
    """
    kept = list(answers)
    return Share(sum(kept), len(kept))
