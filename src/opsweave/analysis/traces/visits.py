"""Visits: what one entity did for one request, from the span that entered it to its last."""

from __future__ import annotations

import msgspec
import numpy as np

from opsweave.analysis.traces.forest import DEEPEST, Forest, Ints


class Visits(msgspec.Struct, frozen=True, kw_only=True):
    """One row per visit; ``of`` gives the visit of every span.

    ``head`` is the span that entered, ``parent`` the visit that called (-1: none), ``path`` a
    number for the chain of entities above: who asked, and on whose behalf.
    """

    of: Ints
    head: Ints
    trace: Ints
    entity: Ints
    operation: Ints
    parent: Ints
    path: Ints
    depth: Ints

    def __len__(self) -> int:
        return len(self.head)


def visits(forest: Forest) -> Visits:
    """Spans of one entity that hang together are one visit."""
    rows = np.arange(len(forest))
    parent = forest.parent
    entered = (parent < 0) | (forest.entity != forest.entity[parent])
    head_of = np.where(entered, rows, parent)
    for _ in range(DEEPEST.bit_length()):
        head_of = head_of[head_of]
    head, of = np.unique(head_of, return_inverse=True)
    of = np.asarray(of, np.int64).reshape(-1)
    above = np.where(parent[head] >= 0, of[parent[head]], -1) if len(head) else head
    entity = forest.entity[head]
    path, depth = _paths(above, entity)
    return Visits(
        of=of,
        head=head,
        trace=forest.trace[head],
        entity=entity,
        operation=forest.operation[head],
        parent=above,
        path=path,
        depth=depth,
    )


def _paths(parent: Ints, entity: Ints) -> tuple[Ints, Ints]:
    """Number of the chain of entities above each visit, and its length."""
    path, depth = np.zeros(len(parent), np.int64), np.zeros(len(parent), np.int64)
    level, seen = np.nonzero(parent < 0)[0], 0
    own = np.zeros(len(parent), np.int64)
    while len(level) and seen <= DEEPEST:
        key = path[level] * (int(entity.max()) + 1) + entity[level]
        _, number = np.unique(key, return_inverse=True)
        own[level] = number.reshape(-1) + int(own.max(initial=0)) + 1
        below = np.nonzero(np.isin(parent, level))[0]
        path[below], depth[below] = own[parent[below]], depth[parent[below]] + 1
        level, seen = below, seen + 1
    return path, depth
