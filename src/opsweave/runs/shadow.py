"""How a runbook did in shadow: counts, with the bound that a policy can demand."""

from __future__ import annotations

import math

import msgspec

Z95 = 1.959963984540054


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Bounds of a binomial share at 95 % (E. B. Wilson, JASA 22, 1927); ``n`` is at least 1.

    >>> [round(bound, 2) for bound in wilson(8, 10)]
    [0.49, 0.94]
    """
    share, square = hits / n, Z95 * Z95
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    middle, scale = share + square / (2 * n), 1 + square / n
    low = (middle - half) / scale if hits else 0.0
    return low, (middle + half) / scale if hits < n else 1.0


class ShadowScore(msgspec.Struct, frozen=True, kw_only=True):
    """Of the incidents in which it planned but did not act."""

    fixed: int = 0
    harmed: int = 0
    neither: int = 0

    @property
    def n(self) -> int:
        """Incidents that could be judged."""
        return self.fixed + self.harmed + self.neither

    @property
    def fixed_lower(self) -> float | None:
        """Lower bound of the share fixed; None without data.

        >>> round(ShadowScore(fixed=8, neither=2).fixed_lower, 2), ShadowScore().fixed_lower
        (0.49, None)
        """
        return wilson(self.fixed, self.n)[0] if self.n else None

    def told(self) -> dict[str, int | float | None]:
        """For people and programs."""
        lower = self.fixed_lower
        return {
            "fixed": self.fixed,
            "harmed": self.harmed,
            "neither": self.neither,
            "n": self.n,
            "fixed_lower": None if lower is None else round(lower, 4),
        }
