"""Episodes of alerts against labelled segments, one threshold for all series, set without labels.

Alerts at most 10 points apart are one episode. An alert is right when it falls on a labelled
segment or at most 10 points behind it; an episode is right when one of its alerts is; a segment is
found when an alert is right about it. False episodes are counted per series and day. Nothing is
point-adjusted. The tolerance lies behind segments only: so the recorded baselines were counted
(they are met to the last digit), and an alert before anything happened is false.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
GAP = BEHIND = 10


class EventScore(msgspec.Struct, frozen=True):
    """Counts over series; precision, recall, F1 and rates follow from them."""

    episodes: int
    right: int
    segments: int
    found: int
    series_days: float

    @property
    def precision(self) -> float:
        return self.right / self.episodes if self.episodes else float(self.segments == 0)

    @property
    def recall(self) -> float:
        return self.found / self.segments if self.segments else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    @property
    def alerts_per_day(self) -> float:
        return self.episodes / self.series_days if self.series_days else 0.0

    @property
    def false_per_day(self) -> float:
        return (self.episodes - self.right) / self.series_days if self.series_days else 0.0


def runs(flags: Bools, gap: int = 0) -> Ints:
    """(first, last) of runs of true; those at most ``gap`` points apart are joined.

    >>> runs(np.array([1, 1, 0, 0, 1, 0], dtype=bool)).tolist()
    [[0, 1], [4, 4]]
    >>> runs(np.array([1, 1, 0, 0, 1, 0], dtype=bool), gap=3).tolist()
    [[0, 4]]
    """
    at = np.flatnonzero(flags)
    if not len(at):
        return np.zeros((0, 2), dtype=np.int64)
    breaks = np.flatnonzero(np.diff(at) > max(gap, 1))
    return np.column_stack([at[np.append(0, breaks + 1)], at[np.append(breaks, len(at) - 1)]])


def count(flags: Bools, labels: Bools, days: float) -> EventScore:
    """Episodes and segments of one series that lasted ``days``.

    >>> flags = np.zeros(100, dtype=bool)
    >>> labels = flags.copy()
    >>> flags[[25, 50]] = True
    >>> labels[15:20] = True
    >>> found = count(flags, labels, days=1.0)
    >>> found.precision, found.recall, found.false_per_day
    (0.5, 1.0, 1.0)
    """
    episodes, segments = runs(flags, GAP), runs(labels)
    near = np.zeros(len(flags) + 1, dtype=np.int64)
    np.add.at(near, segments[:, 0], 1)
    np.add.at(near, np.minimum(segments[:, 1] + 1 + BEHIND, len(flags)), -1)
    right = np.append(0, np.cumsum(flags & (np.cumsum(near)[:-1] > 0)))
    fired = np.append(0, np.cumsum(flags))
    until = np.minimum(segments[:, 1] + 1 + BEHIND, len(flags))
    return EventScore(
        len(episodes),
        int((right[episodes[:, 1] + 1] > right[episodes[:, 0]]).sum()),
        len(segments),
        int((fired[until] > fired[segments[:, 0]]).sum()),
        days,
    )


def total(parts: Sequence[EventScore]) -> EventScore:
    """The counts of several series of one data set, added.

    >>> total([EventScore(1, 1, 2, 1, 1.0), EventScore(1, 0, 0, 0, 1.0)]).precision
    0.5
    """
    return EventScore(
        sum(p.episodes for p in parts),
        sum(p.right for p in parts),
        sum(p.segments for p in parts),
        sum(p.found for p in parts),
        sum(p.series_days for p in parts),
    )


def budget_threshold(scores: Sequence[Floats], days: float, budget: float) -> float:
    """The least threshold that keeps all series together to ``budget`` episodes a series and day.

    ``scores`` are the calibration stretches, together ``days`` series-days long; no label is seen.
    Points at or above the threshold alert. Sought from the top down, since far below everything
    is one long episode again. Infinite when already the highest score breaks the budget.

    >>> budget_threshold([np.array([0.0, 1.0, 0.0, 0.0])], days=1.0, budget=1.0)
    0.0
    >>> budget_threshold([np.array([3.0, 1.0])], days=1.0, budget=0.0)
    inf
    """
    values = np.unique(np.concatenate([s[np.isfinite(s)] for s in scores]))[::-1]
    good, bad = -1, len(values)
    reach = 0
    while reach < len(values):
        if _episodes(scores, float(values[reach])) > budget * days:
            bad = reach
            break
        good = reach
        reach = min(max(reach + 1, int(reach * 1.2)), len(values)) if reach else 1
    while bad - good > 1:
        middle = (good + bad) // 2
        if _episodes(scores, float(values[middle])) > budget * days:
            bad = middle
        else:
            good = middle
    return float(values[good]) if good >= 0 else float("inf")


def alerts(scores: Floats, threshold: float) -> Bools:
    """Points at or above the threshold; a point without a score never alerts.

    >>> alerts(np.array([1.0, np.nan, 3.0]), 2.0).tolist()
    [False, False, True]
    """
    return np.asarray(np.nan_to_num(scores, nan=-np.inf) >= threshold, dtype=np.bool_)


def _episodes(scores: Sequence[Floats], threshold: float) -> int:
    return sum(len(runs(alerts(s, threshold), GAP)) for s in scores)
