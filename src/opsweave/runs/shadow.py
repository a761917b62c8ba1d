"""How a runbook did in shadow: counts, with the bound that a policy can demand."""

from __future__ import annotations

import math

import msgspec

Z95 = 1.959963984540054


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
        """Lower bound of the share fixed (E. B. Wilson, JASA 22, 1927); None without data.

        >>> round(ShadowScore(fixed=8, neither=2).fixed_lower, 2), ShadowScore().fixed_lower
        (0.49, None)
        """
        n = self.n
        if not n:
            return None
        share, square = self.fixed / n, Z95 * Z95
        half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
        return max(0.0, (share + square / (2 * n) - half) / (1 + square / n)) if self.fixed else 0.0

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
