"""When far more entities alert at once than usual: what they have in common need not be in a graph.

A switch, a region, a certificate of everybody: the more entities begin to alert within a minute,
the less it can be chance. A burst becomes a possible cause of every alert in it, with a weight by
its size; a usual incident does not reach the least size.
"""

from __future__ import annotations

from collections import deque

import msgspec

WINDOW_S = 60.0
LEAST = 20
TIMES = 10.0
"""How much more than usual."""
REACH = 0.05
MOST_KEPT = 1_000
DAY_S = 86_400.0


class Burst(msgspec.Struct):
    """From when to when, and how many entities at its height."""

    id: str
    since_s: float
    until_s: float
    size: int


class Bursts:
    """Fed with onsets in the order of time."""

    def __init__(self) -> None:
        self._last: deque[tuple[float, str]] = deque()
        self._now: dict[str, int] = {}
        """Entity -> its onsets in the window."""
        self._n = 0
        self._first_s: float | None = None
        self._found: deque[Burst] = deque(maxlen=MOST_KEPT)

    def see(self, entity: str, at_s: float) -> None:
        """An onset."""
        if self._first_s is None:
            self._first_s = at_s
        self._n += 1
        self._last.append((at_s, entity))
        self._now[entity] = self._now.get(entity, 0) + 1
        while self._last and at_s - self._last[0][0] > WINDOW_S:
            _, gone = self._last.popleft()
            self._now[gone] -= 1
            if not self._now[gone]:
                del self._now[gone]
        size = len(self._now)
        if size >= LEAST and size >= TIMES * self._usual(at_s):
            self._note(self._last[0][0], at_s, size)

    def at(self, at_s: float) -> Burst | None:
        """The burst that an onset lies in."""
        for burst in reversed(self._found):
            if burst.since_s <= at_s <= burst.until_s:
                return burst
            if burst.until_s < at_s - DAY_S:
                break
        return None

    def _usual(self, at_s: float) -> float:
        """Onsets in a window, over all that was seen."""
        seen_s = at_s - (self._first_s or at_s)
        return (self._n - len(self._last)) * WINDOW_S / (seen_s + DAY_S / 2)

    def _note(self, since_s: float, until_s: float, size: int) -> None:
        last = self._found[-1] if self._found else None
        if last is not None and since_s <= last.until_s:
            last.until_s = max(last.until_s, until_s)
            last.size = max(last.size, size)
        else:
            self._found.append(Burst(f"!{since_s:.0f}", since_s, until_s, size))
