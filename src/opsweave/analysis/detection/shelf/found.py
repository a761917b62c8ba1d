"""Episodes of one series in words: since when, until when, what was expected, seen, and why."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.shelf.ensemble import MISSING
from opsweave.analysis.detection.shelf.score import REASONS, Floats, Scores

_BACK = 60
"""Values that an onset may lie before the value at which the episode was found."""
SAYS = {
    "fast level": "a jump from the values just before",
    "slow level": "far from its level",
    "season": "not what this time of the period is like",
    "second season": "not what this time of the longer period is like",
    "brief shift": "off its level for a while",
    "long shift": "off its level for long",
    "spread": "moves more or less than it used to",
    "stuck": "does not move any more",
    "missing": "no values",
}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Positions in the series: ``onset`` <= ``found`` <= ``end``. ``seen`` is the value at which
    it was found, ``lower`` and ``upper`` bound what was expected there, NaN where that is unknown;
    ``score`` is the largest of the episode."""

    onset: int
    found: int
    end: int
    direction: int
    expected: float
    lower: float
    upper: float
    seen: float
    score: float
    reason: str
    says: str


def episodes(values: Floats, scores: Scores, row: int = 0) -> list[Found]:
    """The episodes of row ``row`` of ``scores``, whose values are ``values``, in order."""
    starts = np.flatnonzero(scores.anomaly[row])
    stops = np.append(starts, values.size)[1:]
    return [
        _episode(values, scores, row, int(j), int(k)) for j, k in zip(starts, stops, strict=True)
    ]


def gaps(values: Floats, scores: Scores, row: int = 0) -> list[tuple[int, int]]:
    """Surprising runs of missing values: (first, last)."""
    odd = np.isnan(values)
    surprising = scores.reason[row] == MISSING
    return [(a, b) for a, b in _runs(odd) if surprising[a : b + 1].any()]


def _runs(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    for a, b in edges.reshape(-1, 2):
        yield int(a), int(b) - 1


def _episode(values: Floats, scores: Scores, row: int, found: int, stop: int) -> Found:
    beyond = np.flatnonzero(scores.beyond[row, found:stop])
    end = found + int(beyond[-1]) if len(beyond) else found
    expected = float(scores.expected[row, found])
    seen = float(values[found])
    direction = int(seen > expected) - int(seen < expected)
    reason = REASONS[scores.reason[row, found]]
    lower, upper = float(scores.lower[row, found]), float(scores.upper[row, found])
    onset = _onset(values, found, expected, direction)
    return Found(
        onset=onset,
        found=found,
        end=end,
        direction=direction,
        expected=expected,
        lower=lower,
        upper=upper,
        seen=seen,
        score=float(scores.score[row, found : end + 1].max()),
        reason=reason,
        says=_says(reason, seen, expected, lower, upper, end - onset + 1),
    )


def _onset(values: Floats, found: int, expected: float, direction: int) -> int:
    """Back while values lie off on the same side by a third of the newest; one may not."""
    off = direction * (values[max(0, found - _BACK) : found + 1] - expected)
    least = max(float(off[-1]) / 3.0, 0.0)
    onset, skipped = len(off) - 1, 0
    for j in range(len(off) - 2, -1, -1):
        if off[j] > least:
            onset, skipped = j, 0
        else:
            skipped += 1
            if skipped > 1:
                break
    return found - (len(off) - 1 - onset)


def _says(
    reason: str, seen: float, expected: float, lower: float, upper: float, length: int
) -> str:
    if reason == "stuck":
        return f"{seen:.6g} again and again, {SAYS[reason]}"
    band = f"expected {expected:.6g}"
    if np.isfinite(lower) and np.isfinite(upper):
        band = f"expected {lower:.6g}..{upper:.6g}"
    many = f"{length} value{'s' if length > 1 else ''}"
    return f"{seen:.6g}, {band}: {SAYS.get(reason, reason)}, {many}"
