"""F1 of learned directed edges against the experts': 2 |P and S| / (|P| + |S|).

The measure of the PCIC 2021 competition (causal discovery among alarm types).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import msgspec

from opsweave.bench.intervals import Interval, wilson

Edge = tuple[Hashable, Hashable]


class EdgeScore(msgspec.Struct, frozen=True):
    """Directed; ``skeleton_f1`` forgives the direction."""

    f1: float
    precision: float
    recall: float
    skeleton_f1: float
    learned: int
    true: int
    precision_interval: Interval
    recall_interval: Interval


def score(learned: Iterable[Edge], true: Iterable[Edge]) -> EdgeScore:
    """Edges as (cause, effect), each counted once.

    >>> score([("a", "b"), ("c", "b")], [("a", "b"), ("b", "c")]).f1
    0.5
    """
    ours, wanted = set(learned), set(true)
    right = len(ours & wanted)
    bare, bare_wanted = {frozenset(e) for e in ours}, {frozenset(e) for e in wanted}
    return EdgeScore(
        _f1(right, len(ours), len(wanted)),
        right / len(ours) if ours else 0.0,
        right / len(wanted) if wanted else 0.0,
        _f1(len(bare & bare_wanted), len(bare), len(bare_wanted)),
        len(ours),
        len(wanted),
        wilson(right, len(ours)),
        wilson(right, len(wanted)),
    )


def _f1(right: int, said: int, wanted: int) -> float:
    return 2.0 * right / (said + wanted) if said + wanted else 0.0
