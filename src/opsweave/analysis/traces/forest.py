"""Spans as a forest: numbered entities and operations, parents and depths; arrays all the way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
DEEPEST = 256
"""A chain of parents is followed so far; a cycle of ids ends there."""


class Forest(msgspec.Struct, frozen=True, kw_only=True):
    """One row per span, in the order given. ``parent`` is a row or -1 (root, or parent not seen).

    ``entity``, ``operation`` and ``trace`` are numbers; ``entities`` and ``operations`` their
    names. ``start_us`` and ``duration_us`` in microseconds; ``depth`` 0 at a root.
    """

    entities: list[str]
    operations: list[str]
    trace: Ints
    entity: Ints
    operation: Ints
    parent: Ints
    depth: Ints
    start_us: Ints
    duration_us: Ints
    rows: dict[tuple[str, str], int]
    """Trace id and span id -> row."""

    def __len__(self) -> int:
        return len(self.trace)

    def first_us(self) -> Ints:
        """When the trace of each span began."""
        begin = np.full(int(self.trace.max(initial=-1)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(begin, self.trace, self.start_us)
        return begin[self.trace]


def forest(
    start_ns: Ints,
    duration_us: Ints,
    trace_id: Sequence[str],
    span_id: Sequence[str],
    parent_id: Sequence[str],
    entity: Sequence[str],
    operation: Sequence[str],
) -> Forest:
    """Columns of equal length to a forest. Of spans with one id in one trace the last is a parent.

    >>> f = forest(np.array([0, 1]), np.array([9, 5]), "tt", "ab", ["", "a"], "xy", ["p", "q"])
    >>> f.parent.tolist(), f.depth.tolist(), [f.entities[e] for e in f.entity]
    ([-1, 0], [0, 1], ['x', 'y'])
    """
    trace, _ = numbered(trace_id)
    entity_of, entities = numbered(entity)
    operation_of, operations = numbered(operation)
    rows = {key: row for row, key in enumerate(zip(trace_id, span_id, strict=True))}
    parents = zip(trace_id, parent_id, strict=True)
    parent = np.array([rows.get(key, -1) if key[1] else -1 for key in parents], np.int64)
    parent[parent == np.arange(len(parent))] = -1
    return Forest(
        entities=entities,
        operations=operations,
        trace=trace,
        entity=entity_of,
        operation=operation_of,
        parent=parent,
        depth=_depths(parent),
        start_us=np.asarray(start_ns, np.int64) // 1000,
        duration_us=np.maximum(np.asarray(duration_us, np.int64), 0),
        rows=rows,
    )


def numbered(names: Sequence[str]) -> tuple[Ints, list[str]]:
    """Numbers in order of first sight, and the names by number.

    >>> numbered("bab")[0].tolist(), numbered("bab")[1]
    ([0, 1, 0], ['b', 'a'])
    """
    known: dict[str, int] = {}
    numbers = np.array([known.setdefault(name, len(known)) for name in names], np.int64)
    return numbers, list(known)


def _depths(parent: Ints) -> Ints:
    depth = np.zeros(len(parent), np.int64)
    above = parent.copy()
    for _ in range(DEEPEST):
        climbing = above >= 0
        if not climbing.any():
            break
        depth += climbing
        above = np.where(climbing, parent[above], -1)
    return depth
