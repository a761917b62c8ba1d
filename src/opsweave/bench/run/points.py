"""Figures of scores by point that all labelled series share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opsweave.bench.intervals import bootstrap, mean_interval
from opsweave.bench.result import CHOSEN_HERE, Case, Figure, figure
from opsweave.bench.scores.events import EventScore
from opsweave.bench.scores.ranking import average_precision, best_f1
from opsweave.bench.scores.vus import period, vus_pr

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
NOTES = {"best F1": CHOSEN_HERE}


def ranked(scores: Floats, labels: Bools, values: Floats) -> dict[str, float | None]:
    """AP, VUS-PR and the best F1 of one series; nothing where no point is labelled.

    ``values`` give the period, which is the longest buffer of VUS-PR.
    """
    if not labels.any():
        return {}
    return {
        "AP": _rounded(average_precision(scores, labels)),
        "VUS-PR": _rounded(vus_pr(scores, labels, period(values))),
        "best F1": _rounded(best_f1(scores, labels)[0]),
    }


def means(done: Sequence[Case]) -> dict[str, Figure]:
    """Means over the cases that have labels; a case without an answer counts as nothing."""
    made = {}
    for name in ("AP", "VUS-PR", "best F1"):
        values = [case.figures.get(name, 0.0 if case.failure else None) for case in done]
        held = np.array([value for value in values if value is not None])
        if len(held):
            made[name] = figure(float(held.mean()), mean_interval(held), NOTES.get(name, ""))
    return made


def events(parts: Sequence[EventScore], after: str = "") -> dict[str, Figure]:
    """Precision, recall, F1 and rates of counts over series, drawn again by series."""
    table = np.array(
        [[p.episodes, p.right, p.segments, p.found, p.series_days] for p in parts], dtype=float
    ).reshape(-1, 5)

    def summed(which: npt.NDArray[np.intp]) -> EventScore:
        episodes, right, segments, found, days = table[which].sum(axis=0)
        return EventScore(int(episodes), int(right), int(segments), int(found), float(days))

    whole = summed(np.arange(len(table)))
    n = len(table)
    return {
        f"P{after}": figure(whole.precision),
        f"R{after}": figure(whole.recall),
        f"F1{after}": figure(whole.f1, bootstrap(n, lambda which: summed(which).f1)),
        f"false/day{after}": figure(
            whole.false_per_day, bootstrap(n, lambda which: summed(which).false_per_day)
        ),
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)
