"""What was kept out of a partly bad body, counted by reason."""

from __future__ import annotations

from collections import Counter

from opsweave.integrations.contract import Rejected

_MAX_REASONS = 8


class Rejects:
    """Counts items by reason."""

    def __init__(self) -> None:
        self._reasons: Counter[str] = Counter()

    def add(self, reason: str, n: int = 1) -> None:
        self._reasons[reason] += n

    def rejected(self) -> Rejected:
        """The total, and the most frequent reasons with their counts."""
        if not self._reasons:
            return Rejected()
        top = self._reasons.most_common(_MAX_REASONS)
        return Rejected(
            n=self._reasons.total(), reasons=tuple(f"{n} x {reason}" for reason, n in top)
        )
