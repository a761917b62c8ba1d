"""Whose requests go another way than before: what happens within visits, before and after.

The idea of comparing patterns of events of a fault-free and a faulty time is G. Yu et al.'s
("Nezha: Interpretable Fine-Grained Root Causes Analysis for Microservices on Multi-modal
Observability Data", ESEC/FSE 2023). Here the unit is the visit, the patterns are shares of visits
in which something happened (at all, or more than once), and shares are compared by Bayes factors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from opsweave.analysis.traces.forest import Mask
from opsweave.analysis.traces.happenings import BAD, Happening, Happenings, Kind
from opsweave.analysis.traces.order import Order
from opsweave.analysis.traces.tally import Shares, Tally
from opsweave.analysis.traces.visits import Visits

_TELLING = 1.0
"""Nats above which a deviation is looked at more closely: what came before it."""


class Deviation(NamedTuple):
    """Of visits of one entity and operation: how many showed ``what``, before and after (visits
    of one kind in one trace count as one together).

    ``nats``: log Bayes factor of a changed share; ``follows``: what mostly came right before it
    (of what fell: in the requests before), None at the begin of a visit.
    """

    nats: float
    operation: int
    what: Happening
    level: int
    before: float
    of_before: float
    after: float
    of_after: float
    follows: Happening | None = None
    between: tuple[str, str] = ("", "")
    """Of a line: from which to which statement (or start of a span) the ways part."""

    @property
    def fell(self) -> bool:
        return self.after * self.of_before < self.before * self.of_after


class Conduct(msgspec.Struct):
    """``nats`` for "what this entity does has changed", all its ways taken together.

    ``parted``: the callee after whose answer the ways part, and how much more they part there than
    before it (nats, less those for having looked at all ways); ('', 0.0): not after a call.
    ``excused``: by how much the share of its visits grew, at the least, of which nothing is said
    because what they called was strange.
    """

    nats: float
    deviations: list[Deviation]
    parted: tuple[str, float] = ("", 0.0)
    excused: float = 0.0


def conduct(
    visits: Visits,
    what: Happenings,
    before: Mask,
    after: Mask,
    *,
    excused: Mask | None = None,
    told: frozenset[Kind] | None = None,
) -> dict[int, Conduct]:
    """By number of entity. ``before`` and ``after`` are masks over visits; of kinds that are not
    ``told`` no verdict is made (None: all are), but they explain and order the others.

    1. Errors count where they became more; requests that fail in the way they always did are left
       out of the rest, on both sides.
    2. A caller goes other ways when its callee did: visits that called, directly or not, a strange
       visit of another entity say nothing of the caller; nor do visits that are ``excused``.
    3. Of an entity's ways, each is as likely as the other to be the one a fault touches.
    """
    if not len(visits) or not len(what.names):
        return {}
    tally = Tally(visits, what, before, after)
    errors = np.array([name.kind in BAD for name in what.names])
    among = np.ones(len(visits), np.bool_)
    failing = tally.shares(among, errors)
    fresh = failing.striking() & ~failing.fell
    among &= ~tally.failing_as_ever(errors, failing, fresh)
    ways = tally.shares(among, ~errors)
    strange = tally.showing(ways, ways.striking()) & among
    strange |= tally.showing(failing, fresh)
    heard = ~_below(visits, strange)
    if excused is not None:
        heard &= ~excused
    found = (tally.shares(heard, errors), tally.shares(among & heard, ~errors))
    by_entity = _deviations(visits, what, tally, found)
    grown = _grown(visits, ~heard, before, after)
    return {
        entity: _verdict(said, _parted(rows), grown[entity])
        for entity, rows in by_entity.items()
        if (said := [d for d in rows if told is None or d.what.kind in told])
    }


def _below(visits: Visits, strange: Mask) -> Mask:
    """Visits below which some visit is strange. All heads of visits differ from their callers."""
    found = np.zeros(len(visits), np.bool_)
    for depth in range(int(visits.depth.max()), 0, -1):
        rows = np.nonzero(visits.depth == depth)[0]
        np.logical_or.at(found, visits.parent[rows], (strange | found)[rows])
    return found


def _deviations(
    visits: Visits, what: Happenings, tally: Tally, found: tuple[Shares, Shares]
) -> dict[int, list[Deviation]]:
    """By entity, each with its place."""
    entity_of = np.zeros(int(tally.kind.max()) + 1, np.int64)
    entity_of[tally.kind] = visits.entity
    operation_of = np.zeros_like(entity_of)
    operation_of[tally.kind] = visits.operation
    places = _Places(tally, what)
    by_entity: dict[int, list[Deviation]] = {}
    for shares, is_error in zip(found, (True, False), strict=True):
        fell = shares.fell
        nats = np.where(fell & is_error, 0.0, shares.odd())
        columns = [nats, operation_of[shares.kind], shares.code, *shares[2:3], *shares[4:]]
        entities = entity_of[shares.kind].tolist()
        for i, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            odd, operation, code, level, k0, n0, k1, n1 = row
            d = Deviation(odd, operation, what.names[code], level, k0, n0, k1, n1)
            if odd > _TELLING:
                d = places.placed(d, int(shares.kind[i]), code)
            by_entity.setdefault(entities[i], []).append(d)
    return by_entity


def _parted(deviations: list[Deviation]) -> tuple[str, float]:
    gone = {(d.operation, d.what): d.nats for d in deviations if d.level == 1 and d.fell}
    best = ("", 0.0)
    spread = math.log(max(1, len(deviations)))
    for d in deviations:
        if d.follows is not None and d.follows.kind == "call":
            net = d.nats - spread - gone.get((d.operation, d.follows), 0.0)
            best = max(best, (d.follows.entity, net), key=lambda pair: pair[1])
    return best


class _Places:
    """Where in a visit a deviation is."""

    def __init__(self, tally: Tally, what: Happenings) -> None:
        self._tally, self._order = tally, Order(tally, what)
        lines = np.array([name.kind in ("log", "error") for name in what.names])
        self._lines = Order(tally, what, lines)

    def placed(self, d: Deviation, kind: int, code: int) -> Deviation:
        """With what it follows and, of a line, between which statements it is."""
        among = self._tally.before if d.fell else self._tally.after
        follows = self._order.before(kind, code, among)
        if d.what.kind not in ("log", "error"):
            return d._replace(follows=follows)
        line = self._lines.before(kind, code, among)
        origin = line.text if line else f"{follows.text} start" if follows else "start"
        later = None if d.fell else self._lines.after(kind, code, among)
        target = d.what.text if d.fell else later.text if later else "end"
        return d._replace(follows=follows, between=(origin, target))


def _grown(visits: Visits, these: Mask, before: Mask, after: Mask) -> list[float]:
    """By entity: the growth of the share of ``these`` among its visits, less two standard errors.

    Shares of few visits are pulled towards one half (Agresti & Coull, 1998).
    """
    size = int(visits.entity.max()) + 1
    sides = []
    for side in (before, after):
        n = np.bincount(visits.entity[side], minlength=size) + 4.0
        share = (np.bincount(visits.entity[side & these], minlength=size) + 2.0) / n
        sides.append((share, share * (1.0 - share) / n))
    (usual, spread), (now, wide) = sides
    grown: list[float] = np.maximum(0.0, now - usual - 2.0 * np.sqrt(spread + wide)).tolist()
    return grown


def _verdict(
    deviations: list[Deviation], parted: tuple[str, float], excused: float = 0.0
) -> Conduct:
    """Mean likelihood ratio over what could have changed: half of it for errors, half for ways."""
    deviations.sort(key=lambda d: (-d.nats, d.operation, d.what, d.level))
    halves = [
        [d.nats for d in deviations if (d.what.kind in BAD) is errors] or [0.0]
        for errors in (True, False)
    ]
    nats = mean_nats([mean_nats(half) for half in halves])
    answered = (parted[0], min(parted[1], nats)) if nats > 0 else ("", 0.0)
    return Conduct(nats, deviations, answered, excused)


def mean_nats(nats: Sequence[float]) -> float:
    """Log of the mean of likelihood ratios.

    >>> round(mean_nats([0.0, 2.0]), 2), mean_nats([1000.0, 1000.0])
    (1.43, 1000.0)
    """
    top = max(nats)
    return top + math.log(sum(math.exp(x - top) for x in nats) / len(nats))
