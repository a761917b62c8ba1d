"""What operators taught by merging and splitting: which types of alert belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

MOST_PAIRS = 20_000
_MOST_TYPES = 12
"""Of one side of a verdict: a merge of two storms teaches no more than this."""

Pair = tuple[str, str]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One merge or split: the types of alert on its two sides."""

    together: bool
    one: tuple[str, ...]
    other: tuple[str, ...]


class Taught(msgspec.Struct, frozen=True, kw_only=True):
    """Counts per unordered pair of types."""

    together: dict[Pair, int] = {}
    apart: dict[Pair, int] = {}

    @property
    def most(self) -> float:
        """The most that a weight can be; 1 when nothing was taught."""
        if not self.together and not self.apart:
            return 1.0
        return 1.0 + max(self.together.values(), default=1)

    def weight(self, one: str, other: str) -> float:
        """Odds that operators would put them together, by a uniform prior; 1 without a verdict.

        >>> Taught(apart={("a", "b"): 3}).weight("b", "a")
        0.25
        """
        pair = pair_of(one, other)
        return (self.together.get(pair, 0) + 1) / (self.apart.get(pair, 0) + 1)


def teach(verdicts: Iterable[Verdict]) -> Taught:
    """Each verdict counts once per pair of types across its two sides.

    >>> teach([Verdict(together=True, one=("a",), other=("b", "b"))]).together
    {('a', 'b'): 1}
    """
    counts: tuple[Counter[Pair], Counter[Pair]] = (Counter(), Counter())
    for verdict in verdicts:
        counts[not verdict.together].update(_across(verdict.one, verdict.other))
    together, apart = (dict(count.most_common(MOST_PAIRS)) for count in counts)
    return Taught(together=together, apart=apart)


def pair_of(one: str, other: str) -> Pair:
    """Unordered."""
    return (one, other) if one <= other else (other, one)


def _across(one: Sequence[str], other: Sequence[str]) -> set[Pair]:
    return {
        pair_of(a, b)
        for a in sorted(set(one))[:_MOST_TYPES]
        for b in sorted(set(other))[:_MOST_TYPES]
    }
