"""AC@k and Avg@5 of ranked answers: the share of cases with a right answer among the first k."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from opsweave.bench.intervals import Interval, mean_interval, wilson

KS = (1, 3, 5)


class TopK(msgspec.Struct, frozen=True):
    """Shares over ``n`` cases; 95 % intervals (Wilson for AC@k, bootstrap for Avg@5)."""

    n: int
    ac1: float
    ac3: float
    ac5: float
    avg5: float
    ac1_interval: Interval
    avg5_interval: Interval


def topk(ranks: Sequence[int | None]) -> TopK:
    """``ranks``: the rank of each case's first right answer, from 1, None where there is none.

    >>> found = topk([1, 2, None, 6])
    >>> found.ac1, found.ac3, found.ac5, found.avg5
    (0.25, 0.5, 0.5, 0.45)
    """
    n = len(ranks)
    right = [sum(rank is not None and rank <= k for rank in ranks) for k in KS]
    each = [max(0, 6 - rank) / 5 if rank is not None else 0.0 for rank in ranks]
    return TopK(
        n=n,
        ac1=right[0] / n if n else 0.0,
        ac3=right[1] / n if n else 0.0,
        ac5=right[2] / n if n else 0.0,
        avg5=sum(each) / n if n else 0.0,
        ac1_interval=wilson(right[0], n),
        avg5_interval=mean_interval(each),
    )
