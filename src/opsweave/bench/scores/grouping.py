"""Agreement of predicted with true groups of items: pairwise, B-cubed and V-measure.

Bagga and Baldwin, "Algorithms for scoring coreference chains", LREC 1998 (B-cubed); Rosenberg and
Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation measure", EMNLP
2007. Intervals come from drawing true groups again: alerts of one incident stand or fall together.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.bench.intervals import Interval, ratio_interval

Floats = npt.NDArray[np.float64]
_NONE = (float("nan"), float("nan"))


class GroupScore(msgspec.Struct, frozen=True):
    """Precision falls when incidents are lumped together, recall when they are torn apart."""

    pair_precision: float
    pair_recall: float
    cubed_precision: float
    cubed_recall: float
    homogeneity: float
    completeness: float
    v_measure: float
    items: int
    groups: int
    true_groups: int
    cubed_precision_interval: Interval = _NONE
    cubed_recall_interval: Interval = _NONE


def score(groups: Sequence[Hashable], truth: Sequence[Hashable]) -> GroupScore:
    """One entry an item: the group it was put in and the group it belongs to.

    >>> found = score(["a", "a", "a"], [1, 1, 2])
    >>> round(found.pair_precision, 2), found.pair_recall, found.completeness
    (0.33, 1.0, 1.0)
    """
    table = _table(groups, truth)
    items = table.sum()
    if not items:
        return GroupScore(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0, 0, 0)
    ours, true = table.sum(axis=1), table.sum(axis=0)
    together = _pairs(table)
    homogeneity, completeness = _entropies(table)
    both = homogeneity + completeness
    low, high = _intervals(table)
    return GroupScore(
        _share(together, _pairs(ours)),
        _share(together, _pairs(true)),
        float((table**2 / ours[:, None]).sum() / items),
        float((table**2 / true[None, :]).sum() / items),
        homogeneity,
        completeness,
        2.0 * homogeneity * completeness / both if both else 0.0,
        int(items),
        len(ours),
        len(true),
        low,
        high,
    )


def _table(groups: Sequence[Hashable], truth: Sequence[Hashable]) -> Floats:
    """Items by (group, true group)."""
    ours = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    true = {name: at for at, name in enumerate(dict.fromkeys(truth))}
    made = np.zeros((len(ours), len(true)))
    for one, other in zip(groups, truth, strict=True):
        made[ours[one], true[other]] += 1
    return made


def _pairs(sizes: Floats) -> float:
    return float((sizes * (sizes - 1.0)).sum() / 2.0)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _entropies(table: Floats) -> tuple[float, float]:
    """(homogeneity, completeness)."""
    p = table / table.sum()
    ours, true = p.sum(axis=1), p.sum(axis=0)
    held = p > 0
    joint = -float((p[held] * np.log(p[held])).sum())
    of_ours, of_true = -float((ours * np.log(ours)).sum()), -float((true * np.log(true)).sum())
    homogeneity = 1.0 - max(joint - of_ours, 0.0) / of_true if of_true > 0 else 1.0
    completeness = 1.0 - max(joint - of_true, 0.0) / of_ours if of_ours > 0 else 1.0
    return homogeneity, completeness


def _intervals(table: Floats) -> tuple[Interval, Interval]:
    """Of B-cubed precision and recall, over true groups drawn again."""
    sizes = table.sum(axis=0)
    pure = (table**2 / table.sum(axis=1)[:, None]).sum(axis=0)
    whole = (table**2 / sizes[None, :]).sum(axis=0)
    return ratio_interval(pure, sizes), ratio_interval(whole, sizes)
