"""What a stream of alerts teaches by itself: how often each comes, how common each mark is, which
type follows which. Bounded, and only by what was seen: no labels."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

from opsweave.analysis.correlation.bursts import Bursts
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.lags import Lags

V = TypeVar("V")
DAY_S = 86_400.0
APART_S = 1_800.0
"""Episodes of one alert that lie closer are one burst."""
SHRINK = 0.5
"""Bursts that are assumed of each alert, in a day."""
MOST_TYPES = 2_000
DOUBT = 4.0
"""Alerts of a type that are assumed to be like all others."""
SOCIABLE = (0.1, 4.0)
MOST_KEYS = 200_000
MOST_MARKS = 200_000


class Learned:
    """Fed in the order of time by :meth:`see`."""

    def __init__(self) -> None:
        self.lags = Lags()
        self.bursts = Bursts()
        self._bursts: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """Identity of an alert -> bursts beyond the first, and when it was seen last."""
        self._marks: OrderedDict[str, int] = OrderedDict()
        self._company: dict[str, list[float]] = {}
        """Type -> how often it came alone, and with others."""
        self._all = [1.0, 1.0]
        self._first_s: float | None = None
        self._now_s = 0.0

    def see(self, item: Item) -> None:
        """One episode."""
        at, key = item.start_s, item.identity
        if self._first_s is None:
            self._first_s = at
        self._now_s = max(self._now_s, at)
        known = self._bursts.pop(key, None)
        if known is None:
            self._bursts[key] = (0, at)
            for mark in item.marks:
                self._marks[mark] = self._marks.get(mark, 0) + 1
            _bound(self._marks, MOST_MARKS)
            _bound(self._bursts, MOST_KEYS)
        else:
            self._bursts[key] = (known[0] + (at - known[1] > APART_S), max(at, known[1]))
        self.lags.see(item.type, at)
        self.bursts.see(item.entity or item.identity, at)

    def rate(self, key: str) -> float:
        """Bursts a second of an alert that nothing else explains.

        >>> round(Learned().rate("never seen") * DAY_S, 6)
        1.0
        """
        bursts = self._bursts[key][0] if key in self._bursts else 0
        seen_s = self._now_s - self._first_s if self._first_s is not None else 0.0
        return (bursts + SHRINK) / (seen_s + SHRINK * DAY_S)

    def met(self, type_: str, *, company: bool, again: bool = False) -> None:
        """Whether an alert of the type came with others; ``again``: it was counted as alone."""
        counts = self._company.setdefault(type_, [0.0, 0.0])
        for kept in (counts, self._all):
            kept[company] += 1.0
            if again:
                kept[False] -= 1.0
        if len(self._company) > MOST_TYPES:
            del self._company[next(iter(self._company))]

    def sociable(self, type_: str) -> float:
        """Odds that the type comes in company, against all types; 1 when it was never seen.

        >>> Learned().sociable("a")
        1.0
        """
        alone, others = self._company.get(type_, (0.0, 0.0))
        usual = self._all[True] / (self._all[True] + self._all[False])
        odds = (others + DOUBT * usual) / (alone + DOUBT * (1.0 - usual))
        return min(SOCIABLE[1], max(SOCIABLE[0], odds * (1.0 - usual) / usual))

    def keys(self) -> int:
        """How many different alerts there are."""
        return len(self._bursts)

    def spread(self, mark: str) -> int:
        """How many different alerts carry a mark."""
        return self._marks.get(mark, 0)


def _bound(kept: OrderedDict[str, V], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
