"""Which type of alert follows which, more often than chance: streaming, bounded, forgetting.

Per ordered pair of types: how often an onset of the second came within the window after one of the
first, against how often it would have by the second's own rate (lagged lift). Counts fade with a
half-life, so that what is learnt follows the system. A pair that was hardly seen has a lift near 1.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Collection
from math import exp, log

import msgspec

MOST_TYPES = 2_000
MOST_PARTNERS = 64
RECENT_TYPES = 12
SHRINK = 4.0
"""Pseudo-counts of "as often as chance"."""
LIFT = (0.25, 8.0)
"""Beyond these a lift says no more."""


class _Type(msgspec.Struct):
    n: float = 0.0
    last_s: float = float("-inf")
    covered_s: float = 0.0
    """For how long it was recent: what chance has to be measured against."""
    after: dict[str, float] = {}
    """Type that came within the window after it -> how often."""
    rare: list[tuple[float, str]] = []
    """Heap of its partners by how often they came at least; made when there are too many."""

    def meet(self, type_: str) -> None:
        """A new partner; when they are too many, the rarest goes (ties by name)."""
        after = self.after
        after[type_] = 1.0
        if self.rare:
            heapq.heappush(self.rare, (1.0, type_))
        elif len(after) > MOST_PARTNERS:
            self.rare = [(n, name) for name, n in after.items()]
            heapq.heapify(self.rare)
        while len(after) > MOST_PARTNERS:
            least, name = self.rare[0]
            if after[name] > least:  # counts grow: what the heap says of them is a lower bound
                heapq.heapreplace(self.rare, (after[name], name))
            else:
                heapq.heappop(self.rare)
                del after[name]


class Lags:
    """Learns from onsets in the order of time; a bounded number of types and partners."""

    def __init__(self, *, window_s: float = 300.0, half_life_s: float = 30 * 86_400.0) -> None:
        self._window_s, self._half_life_s = window_s, half_life_s
        self._types: OrderedDict[str, _Type] = OrderedDict()
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._whole_s = window_s
        """How long it has looked, faded like the counts."""
        self._now_s = float("-inf")
        self._faded_s = 0.0

    def see(self, type_: str, at_s: float) -> None:
        """An onset."""
        if self._now_s == float("-inf"):
            self._faded_s = self._now_s = at_s
        if at_s > self._now_s:
            self._whole_s += at_s - self._now_s
            self._now_s = at_s
        if self._now_s - self._faded_s > self._half_life_s / 8:
            self._fade()
        types = self._types
        for other in list(self._recent):
            known = types.get(other)
            if known is None or at_s - known.last_s > self._window_s:
                del self._recent[other]
            elif other != type_:
                if type_ in known.after:
                    known.after[type_] += 1.0
                else:
                    known.meet(type_)
        own = self._type(type_)
        own.covered_s += min(self._window_s, at_s - own.last_s)
        own.n += 1.0
        own.last_s = at_s
        self._recent[type_] = None
        self._recent.move_to_end(type_)
        if len(self._recent) > RECENT_TYPES:
            self._recent.popitem(last=False)

    def lift(self, before: str, after: str) -> float:
        """How much likelier ``after`` is within the window of ``before`` than at any time; 1 when
        nothing is known.

        >>> Lags().lift("a", "b")
        1.0
        """
        one, other = self._types.get(before), self._types.get(after)
        if one is None or other is None:
            return 1.0
        chance = other.n * min(1.0, one.covered_s / self._whole_s)
        lift = (one.after.get(after, 0.0) + SHRINK) / (chance + SHRINK)
        return min(LIFT[1], max(LIFT[0], lift))

    def mean_lift(self, before: Collection[str], after: str) -> float:
        """Geometric mean of the lifts of ``after`` by each of some types but itself; 1 of none.

        >>> Lags().mean_lift(["a", "c"], "b")
        1.0
        """
        others = len(before) - (after in before)
        own = self._types.get(after)
        if own is None or not others:
            return 1.0
        types, n, whole_s, (least, most), total = self._types, own.n, self._whole_s, LIFT, 0.0
        for name in before:
            one = types.get(name)
            if one is not None and one is not own:
                share = one.covered_s / whole_s
                chance = n * share if share < 1.0 else n
                lift = (one.after.get(after, 0.0) + SHRINK) / (chance + SHRINK)
                total += log(least if lift < least else min(lift, most))
        return exp(total / others)

    def followers(self, before: str) -> dict[str, float]:
        """What came after it, with how often."""
        known = self._types.get(before)
        return dict(known.after) if known else {}

    def _type(self, name: str) -> _Type:
        found = self._types.get(name)
        if found is None:
            found = self._types[name] = _Type()
            if len(self._types) > MOST_TYPES:
                self._types.popitem(last=False)
        else:
            self._types.move_to_end(name)
        return found

    def _fade(self) -> None:
        share = 0.5 ** ((self._now_s - self._faded_s) / self._half_life_s)
        self._faded_s = self._now_s
        self._whole_s = max(self._window_s, self._whole_s * share)
        for known in self._types.values():
            known.n *= share
            known.covered_s *= share
            known.after = {name: n * share for name, n in known.after.items()}
            known.rare = []
