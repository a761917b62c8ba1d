"""The score of the Numenta Anomaly Benchmark.

Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms: the Numenta Anomaly
Benchmark", ICMLA 2015. One detection in a window counts, the earliest best, by a scaled sigmoid of
its place; each one outside costs, less so just behind a window. The first 15 % of a file (at most
750 points) is probation. 0 is the detector that never speaks, 100 the perfect one.

Two protocols, reported beside each other: the published one looks for the one threshold that is
best on the whole corpus (so it is chosen on what it reports), the other takes flags as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_PROBATION_SHARE, _PROBATION_MOST = 0.15, 750
_FAR = 3.0


class Profile(msgspec.Struct, frozen=True):
    """Costs: a found window, a false detection, a missed window."""

    true_positive: float
    false_positive: float
    false_negative: float


PROFILES = {
    "standard": Profile(1.0, 0.11, 1.0),
    "reward_low_FP_rate": Profile(1.0, 0.22, 1.0),
    "reward_low_FN_rate": Profile(1.0, 0.11, 2.0),
}


class NabScore(msgspec.Struct, frozen=True):
    """The normalised score, what it was reached with, and what it is made of."""

    score: float
    threshold: float
    windows: int
    found: int
    false_points: int
    gained: float = 0.0
    """What was won over silence before it is divided by what perfection wins."""


class Marked(msgspec.Struct, frozen=True):
    """One file after its labels were laid over it: what is scored, by point."""

    places: Floats
    """Scaled sigmoid of each scored point, in (-1, 1]; positive inside windows."""
    window: Ints
    """Index of the window of each scored point, -1 outside."""
    windows: int
    scored: slice


def probation(n: int) -> int:
    """Points at the beginning of a file of ``n`` that are not scored.

    >>> probation(1000), probation(100_000)
    (150, 750)
    """
    return min(int(_PROBATION_SHARE * n), int(_PROBATION_SHARE * 5000), _PROBATION_MOST)


def scaled_sigmoid(place: Floats) -> Floats:
    """Worth of a place relative to a window: -1 its left edge, 0 its right edge, >0 behind.

    >>> [round(float(worth), 3) for worth in scaled_sigmoid(np.array([-1.0, 0.0, 1.0, 4.0]))]
    [0.987, 0.0, -0.987, -1.0]
    """
    inside = 2.0 / (1.0 + np.exp(5.0 * np.minimum(place, _FAR))) - 1.0
    return np.where(place > _FAR, -1.0, inside)


def mark(n: int, windows: Sequence[tuple[int, int]]) -> Marked:
    """Lays windows, given as (first, last) index inclusive in order, over a file of ``n`` points.

    >>> marked = mark(100, [(50, 59)])
    >>> marked.scored, int((marked.window == 0).sum())
    (slice(15, 100, None), 10)
    """
    places = np.full(n, -1.0)
    member = np.full(n, -1, dtype=np.int64)
    index = np.arange(n)
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        inside = slice(first, last + 1)
        places[inside] = scaled_sigmoid(-(last - index[inside] + 1) / width)
        member[inside] = number
        until = windows[number + 1][0] if number + 1 < len(windows) else n
        behind = slice(last + 1, until)
        past = (index[behind] - last) / max(width - 1, 1e-12)
        places[behind] = scaled_sigmoid(past)
    scored = slice(probation(n), n)
    return Marked(places[scored], member[scored], len(windows), scored)


def best_threshold(
    scores: Sequence[Floats], marked: Sequence[Marked], profile: str = "standard"
) -> NabScore:
    """The published protocol: the one threshold over all files that scores best.

    ``scores`` are whole files (probation included), larger is stranger; NaN never fires.
    The threshold is chosen on the data that it is reported on.

    >>> perfect = np.zeros(100)
    >>> perfect[50] = 1.0
    >>> round(best_threshold([perfect], [mark(100, [(50, 59)])]).score, 1)
    100.0
    """
    costs = PROFILES[profile]
    flat = np.concatenate([s[m.scored] for s, m in zip(scores, marked, strict=True)])
    flat = np.where(np.isfinite(flat), flat, -np.inf)
    window, places = _joined(marked)
    order = np.argsort(-flat, kind="stable")
    flat, window, places = flat[order], window[order], places[order]
    steps = _steps(window, places, costs)
    totals = np.cumsum(steps)
    last = np.append(np.flatnonzero(flat[1:] != flat[:-1]), len(flat) - 1)
    last = last[np.isfinite(flat[last])]
    present = len(np.unique(window[window >= 0]))
    if not len(last) or totals[last].max() <= 0.0:
        return NabScore(0.0, float("inf"), present, 0, 0)
    at = int(last[np.argmax(totals[last])])
    kept = window[: at + 1]
    return NabScore(
        _normal(float(totals[at]), present, costs),
        float(flat[at]),
        present,
        len(np.unique(kept[kept >= 0])),
        int((kept < 0).sum()),
        float(totals[at]),
    )


def at_threshold(
    scores: Sequence[Floats],
    marked: Sequence[Marked],
    threshold: float,
    profile: str = "standard",
) -> NabScore:
    """The score of what lies at or above a threshold that was fixed before.

    >>> at_threshold([np.zeros(100)], [mark(100, [(50, 59)])], 0.5).score
    0.0
    """
    costs = PROFILES[profile]
    flat = np.concatenate([s[m.scored] for s, m in zip(scores, marked, strict=True)])
    window, places = _joined(marked)
    fires = np.nan_to_num(flat, nan=-np.inf) >= threshold
    present = len(np.unique(window[window >= 0]))
    total = float(_steps(window[fires], places[fires], costs).sum())
    return NabScore(
        _normal(total, present, costs),
        threshold,
        present,
        len(np.unique(window[fires & (window >= 0)])),
        int((fires & (window < 0)).sum()),
        total,
    )


def of_flags(
    flags: Sequence[npt.NDArray[np.bool_]], marked: Sequence[Marked], profile: str = "standard"
) -> NabScore:
    """The score of detections as they were given: no threshold is looked for.

    >>> of_flags([np.zeros(100, dtype=bool)], [mark(100, [])]).false_points
    0
    """
    return at_threshold([np.asarray(f, dtype=np.float64) for f in flags], marked, 0.5, profile)


def _joined(marked: Sequence[Marked]) -> tuple[Ints, Floats]:
    """Windows numbered through over all files, and the places."""
    window, offset = [], 0
    for one in marked:
        window.append(np.where(one.window >= 0, one.window + offset, -1))
        offset += one.windows
    return np.concatenate(window), np.concatenate([one.places for one in marked])


def _steps(window: Ints, places: Floats, costs: Profile) -> Floats:
    """What each point adds, in the order given, to the score of the silent detector."""
    top = float(scaled_sigmoid(np.array([-1.0]))[0])
    steps = np.where(window < 0, places * costs.false_positive, 0.0)
    for number in np.unique(window[window >= 0]):
        members = np.flatnonzero(window == number)
        worth = places[members] * costs.true_positive / top
        best = np.maximum.accumulate(np.append(-costs.false_negative, worth))
        steps[members] = np.diff(best)
    return steps


def normal(gained: float, windows: int, profile: str = "standard") -> float:
    """The score of what files ``gained`` together, which have ``windows`` windows.

    >>> normal(2.0, 1)
    100.0
    """
    return _normal(gained, windows, PROFILES[profile])


def _normal(gained: float, windows: int, costs: Profile) -> float:
    span = windows * (costs.true_positive + costs.false_negative)
    return 100.0 * gained / span if span else 0.0
