"""Templates that come in an order in which they did not come before: streaming, per entity.

The surprise of the next template given the last two, from counts of two, one and no words of
context, mixed by how often each context led to something new (I. Witten, T. Bell, "The
zero-frequency problem", IEEE Trans. Information Theory 1991).
"""

from __future__ import annotations

import math
from typing import NamedTuple

_BINS = 120
_STEP = 0.25
"""Nats per bin of the surprises seen."""


class Transition(NamedTuple):
    """``nats``: surprise of the template after those before it; ``rarer``: the share of earlier
    transitions that surprised as much (1 while none was seen)."""

    nats: float
    rarer: float
    after: tuple[str, ...]


class TemplateSequences:
    """Bounded: when there are too many contexts, counts are halved and the rare forgotten.

    >>> sequences = TemplateSequences()
    >>> for name in ["open", "read", "close"] * 50:
    ...     usual = sequences.observe("db", name)
    >>> strange = sequences.observe("db", "close")
    >>> usual.nats < 0.1 < 3 < strange.nats
    True
    """

    def __init__(self, *, max_contexts: int = 20_000, max_entities: int = 5000) -> None:
        self._max, self._max_entities = max_contexts, max_entities
        self._counts: dict[tuple[str, ...], dict[str, int]] = {}
        self._last: dict[str, tuple[str, ...]] = {}
        self._seen = [0] * _BINS

    def observe(self, entity: str, template: str) -> Transition:
        """The surprise of ``entity``'s next line, which is then learned."""
        before = self._last.pop(entity, ())
        nats = -math.log(self._probability(before, template))
        rarer = self._rank(nats)
        for start in range(len(before) + 1):
            following = self._counts.setdefault(before[start:], {})
            following[template] = following.get(template, 0) + 1
        if len(self._counts) > self._max:
            self._halve()
        if len(self._last) >= self._max_entities:
            del self._last[next(iter(self._last))]
        self._last[entity] = (*before[-1:], template)
        return Transition(nats, rarer, before)

    def _probability(self, before: tuple[str, ...], template: str) -> float:
        known = self._counts.get((), {})
        p = 1.0 / (len(known) + 1)
        for start in range(len(before), -1, -1):
            following = self._counts.get(before[start:])
            if following:
                total, kinds = sum(following.values()), len(following)
                p = (following.get(template, 0) + kinds * p) / (total + kinds)
        return p

    def _rank(self, nats: float) -> float:
        bin_ = min(int(nats / _STEP), _BINS - 1)
        total = sum(self._seen)
        rarer = sum(self._seen[bin_:]) / total if total else 1.0
        self._seen[bin_] += 1
        return rarer

    def _halve(self) -> None:
        halved = {
            context: {name: n // 2 for name, n in following.items() if n > 1}
            for context, following in self._counts.items()
        }
        self._counts = {context: following for context, following in halved.items() if following}
