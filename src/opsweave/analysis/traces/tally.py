"""In which share of the visits of a kind each thing happened, before and after."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from opsweave.analysis.traces.counts import changed_nats
from opsweave.analysis.traces.forest import Floats, Ints, Mask
from opsweave.analysis.traces.happenings import Happenings
from opsweave.analysis.traces.visits import Visits

LEVELS = (1, 2)
"""Happened at all; happened more than once."""
STRIKING = 3.0
"""Nats at which a visit that shows a change counts as strange, and explains its callers' ways."""
RARE = 1.6
"""And so many nats rarer its way must have been before."""
COMMON = 0.2
"""A way only so much rarer before is as good as old."""


class Shares(NamedTuple):
    """Changed shares, one row per kind of visit (entity and operation), happening and level.

    ``nats`` is the log Bayes factor of a change, added over the paths by which visits were asked.
    """

    kind: Ints
    code: Ints
    level: Ints
    nats: Floats
    before: Floats
    of_before: Floats
    after: Floats
    of_after: Floats

    @property
    def fell(self) -> Mask:
        return self.after * self.of_before < self.before * self.of_after

    def rarer(self) -> Floats:
        """By how many nats the new way was rarer before: a line that was seen in most visits and
        now is in all is no new way. What nobody does any more counts by its old share."""
        was = (self.before + 0.5) / (self.of_before + 1)
        now = (self.after + 0.5) / (self.of_after + 1)
        lacking = np.log((1 - now) / (1 - was))
        lacking = np.where(self.after == 0, np.maximum(lacking, np.log(was / now)), lacking)
        return np.asarray(np.where(self.fell, lacking, np.log(now / was)))

    def odd(self) -> Floats:
        """Nats that count: of ways that were rare."""
        return self.nats * np.clip(self.rarer() - COMMON, 0.0, 1.0)

    def striking(self) -> Mask:
        """Changed for sure, to what was rare before."""
        return (self.nats > STRIKING) & (self.rarer() > RARE)


class Tally:
    """How often each thing happened in each visit, and which visits are compared.

    ``kind`` of each visit; ``visit``, ``code`` and ``times`` of what happened in it.
    """

    def __init__(self, visits: Visits, what: Happenings, before: Mask, after: Mask) -> None:
        self.before, self.after = before, after
        self.things = len(what.names)
        _, kind = np.unique(
            visits.entity * (int(visits.operation.max()) + 1) + visits.operation,
            return_inverse=True,
        )
        self.kind = np.asarray(kind, np.int64).reshape(-1)
        _, context = np.unique(
            self.kind * (int(visits.path.max()) + 1) + visits.path, return_inverse=True
        )
        self.context = np.asarray(context, np.int64).reshape(-1)
        _, cluster, many = np.unique(
            self.context * (int(visits.trace.max()) + 1) + visits.trace,
            return_inverse=True,
            return_counts=True,
        )
        self.weight = 1.0 / many[cluster.reshape(-1)]
        """Visits of one kind in one trace are one sample: they share its data."""
        self.kind_of = np.zeros(int(self.context.max()) + 1, np.int64)
        self.kind_of[self.context] = self.kind
        cell, self.times = np.unique(what.visit * self.things + what.code, return_counts=True)
        self.visit, self.code = np.divmod(cell, self.things)

    def shares(self, among: Mask, codes: Mask) -> Shares:
        """Changed shares of these happenings among these visits."""
        parts = [self._level(level, among, codes) for level in LEVELS]
        return Shares(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _level(self, level: int, among: Mask, codes: Mask) -> Shares:
        first, second = among & self.before, among & self.after
        size = len(self.kind_of)
        n0 = np.bincount(self.context[first], self.weight[first], minlength=size)
        n1 = np.bincount(self.context[second], self.weight[second], minlength=size)
        use = (self.times >= level) & codes[self.code] & (first | second)[self.visit]
        visit = self.visit[use]
        cell, number = np.unique(
            self.context[visit] * self.things + self.code[use], return_inverse=True
        )
        number = number.reshape(-1)
        context, code = np.divmod(cell, self.things)
        weight, size = self.weight[visit], len(cell)
        k0 = np.bincount(number, first[visit] * weight, minlength=size)
        k1 = np.bincount(number, second[visit] * weight, minlength=size)
        m0, m1 = n0[context], n1[context]
        found = np.maximum(changed_nats(k0, m0, k1, m1), 0.0)
        signed = np.where(k1 * m0 < k0 * m1, -found, found)
        group, number = np.unique(self.kind_of[context] * self.things + code, return_inverse=True)
        number = number.reshape(-1)

        def summed(column: Floats | Ints) -> Floats:
            return np.asarray(np.bincount(number, column, minlength=len(group)), np.float64)

        both = (m0 > 0) & (m1 > 0)
        counts = [summed(column * both) for column in (k0, m0, k1, m1)]
        kind, of = np.divmod(group, self.things)
        return Shares(kind, of, np.full(len(group), level), np.abs(summed(signed)), *counts)

    def failing_as_ever(self, errors: Mask, failing: Shares, fresh: Mask) -> Mask:
        """Visits with an error that did not become more in their kind."""
        new = failing.kind[fresh] * self.things + failing.code[fresh]
        old = errors[self.code] & ~np.isin(self.kind[self.visit] * self.things + self.code, new)
        found = np.zeros(len(self.kind), np.bool_)
        found[self.visit[old]] = True
        return found

    def showing(self, shares: Shares, rows: Mask) -> Mask:
        """Visits that go the new way in one of these respects."""
        strange = np.zeros(len(self.kind), np.bool_)
        fell = shares.fell
        for row in np.nonzero(rows)[0]:
            has = (self.code == shares.code[row]) & (self.times >= shares.level[row])
            has &= self.kind[self.visit] == shares.kind[row]
            if fell[row]:
                lacking = self.kind == shares.kind[row]
                lacking[self.visit[has]] = False
                strange |= lacking
            else:
                strange[self.visit[has]] = True
        return strange
