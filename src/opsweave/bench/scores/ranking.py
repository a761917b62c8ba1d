"""Ranking of points by score against labels: average precision and the best F1.

Average precision is the step integral of precision over recall (no interpolation), ties taken
together: Buckley and Voorhees, "Evaluating evaluation measure stability", SIGIR 2000. The best F1
picks its threshold on the labels: it is an upper bound, never a figure of a detector in use.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def average_precision(scores: Floats, labels: Bools) -> float:
    """In [0, 1]; NaN without a positive label. A score that is not a number ranks last.

    >>> round(average_precision(np.array([3.0, 2.0, 1.0]), np.array([True, False, True])), 3)
    0.833
    """
    hits, taken = _curve(scores, labels)
    if not len(hits) or hits[-1] == 0:
        return float("nan")
    gained = np.diff(hits, prepend=0.0)
    return float(np.sum(gained * hits / taken) / hits[-1])


def best_f1(scores: Floats, labels: Bools) -> tuple[float, float]:
    """(F1, threshold) of the best threshold, which was chosen on these labels.

    >>> best_f1(np.array([3.0, 2.0, 1.0]), np.array([True, True, False]))
    (1.0, 2.0)
    """
    hits, taken = _curve(scores, labels)
    if not len(hits) or hits[-1] == 0:
        return float("nan"), float("nan")
    f1 = 2.0 * hits / (taken + hits[-1])
    at = int(np.argmax(f1))
    return float(f1[at]), float(np.sort(_ranked(scores))[::-1][int(taken[at]) - 1])


def _ranked(scores: Floats) -> Floats:
    return np.where(np.isnan(scores), -np.inf, scores)


def _curve(scores: Floats, labels: Bools) -> tuple[Floats, Floats]:
    """(positives taken, points taken) at each distinct score from the highest down."""
    ranked = _ranked(np.asarray(scores, dtype=np.float64))
    order = np.argsort(-ranked, kind="stable")
    falling = ranked[order]
    ends = np.append(np.flatnonzero(falling[1:] != falling[:-1]), len(ranked) - 1)
    ends = ends[ends >= 0]
    hits = np.cumsum(np.asarray(labels, dtype=np.float64)[order])
    return hits[ends], ends + 1.0
