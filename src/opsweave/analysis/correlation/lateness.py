"""Puts alerts that come out of order into the order of time, as far as they are not too late."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from opsweave.analysis.correlation.item import Item

MOST_HELD = 100_000


class Lateness:
    """Holds each alert until one has come that began ``allowed_s`` later.

    What comes later than that is released at once: it is placed late, by the same rules.
    """

    def __init__(self, allowed_s: float = 60.0) -> None:
        self._allowed_s = allowed_s
        self._held: list[tuple[float, str, Item]] = []
        self._newest_s = float("-inf")
        self.late = 0
        """How many came too late to be put in order."""
        self._released_s = float("-inf")

    def push(self, item: Item) -> Iterator[Item]:
        """What may go on now, in order (ties by id)."""
        self._newest_s = max(self._newest_s, item.start_s)
        self.late += item.start_s < self._released_s
        heapq.heappush(self._held, (item.start_s, item.id, item))
        while self._held and (
            self._held[0][0] <= self._newest_s - self._allowed_s or len(self._held) > MOST_HELD
        ):
            yield self._pop()

    def flush(self) -> Iterator[Item]:
        """The rest."""
        while self._held:
            yield self._pop()

    def _pop(self) -> Item:
        at_s, _, item = heapq.heappop(self._held)
        self._released_s = max(self._released_s, at_s)
        return item
