"""With hindsight: is an incident two? One cause against two, each with an onset of its own.

Under a cause an alert is the likelier the better the cause reaches it and the sooner it came after
the cause's onset. Two causes explain any incident better than one; they are believed when they do
so by more than what a second incident costs (a likelihood ratio with a price, as in BIC).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

FLOOR = 1e-6
PRICE = 20.0
"""Nats: that a second incident begins near a live one is as rare as e^-20."""
PACE_S = 120.0
STEEP = 2
LEAST, MOST = 4, 100
"""Entities; of more the first ones are looked at."""
MOST_CAUSES, MOST_STARTS = 24, 4


class Onset(NamedTuple):
    """The first alert of an entity in the incident, and what could make it fire."""

    entity: str
    at_s: float
    reach: Mapping[str, float]


class Halves(NamedTuple):
    """Entities of the second incident, and by how many nats two explain more than one."""

    second: frozenset[str]
    cause: str
    gain: float


def halves(onsets: Sequence[Onset]) -> Halves | None:
    """None when one cause is enough.

    >>> a = [Onset(f"a{n}", n, {"x": 1.0}) for n in range(4)]
    >>> b = [Onset(f"b{n}", 600.0 + n, {"y": 1.0}) for n in range(4)]
    >>> sorted(halves([*a, *b]).second) in (["a0", "a1", "a2", "a3"], ["b0", "b1", "b2", "b3"])
    True
    >>> halves(a) is None
    True
    """
    rows = sorted(onsets, key=lambda one: (one.at_s, one.entity))[:MOST]
    causes = _causes(rows)
    if len(rows) < LEAST or not causes:
        return None
    alone = {cause: _fit(rows, cause, _since(rows, cause)) for cause in causes}
    base = alone[max(causes, key=lambda c: (math.fsum(alone[c]), c))]
    best: Halves | None = None
    for cause in causes:
        for since in _starts(rows, cause, base):
            fit = _fit(rows, cause, since)
            won = [max(0.0, f - b) for f, b in zip(fit, base, strict=True)]
            gain = math.fsum(won) - PRICE
            if gain > (best.gain if best is not None else 0.0):
                second = frozenset(row.entity for row, w in zip(rows, won, strict=True) if w > 0.0)
                best = Halves(second, cause, gain)
    return best if best is not None and len(best.second) < len(rows) else None


def _causes(rows: Sequence[Onset]) -> list[str]:
    """Those that reach most."""
    weight: dict[str, float] = {}
    for row in rows:
        for cause, p in row.reach.items():
            weight[cause] = weight.get(cause, 0.0) + p
    return sorted(weight, key=lambda c: (-weight[c], c))[:MOST_CAUSES]


def _since(rows: Sequence[Onset], cause: str) -> float:
    return next(row.at_s for row in rows if cause in row.reach)


def _starts(rows: Sequence[Onset], cause: str, base: Sequence[float]) -> list[float]:
    """When a second cause may have begun: at an alert that it reaches and that was unexpected."""
    reached = [(b, row.at_s) for row, b in zip(rows, base, strict=True) if cause in row.reach]
    return sorted({at for _, at in sorted(reached)[:MOST_STARTS]})


def _fit(rows: Sequence[Onset], cause: str, since_s: float) -> list[float]:
    """Log density of each onset under a cause that began then."""
    fits = []
    for row in rows:
        age = row.at_s - since_s
        if age < 0.0:  # told in another order than it happened
            age = -age if -age < 2.0 * PACE_S else math.inf
        p = row.reach.get(cause, 0.0)
        fits.append(math.log((p * (1.0 + age / PACE_S) ** -STEEP if p else 0.0) + FLOOR))
    return fits
