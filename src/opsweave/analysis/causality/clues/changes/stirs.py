"""Which series of a case left their usual range, how far, and when they did."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opsweave.analysis.causality.clues.changes.readings import Kind, Reading, reading_of
from opsweave.analysis.causality.clues.changes.spanned import spanned
from opsweave.analysis.causality.dossier import Dossier, Floats, SeriesName, Times

MOST = 200
"""Series that are looked at closely; the others cannot be among the loudest."""
LOADED = 3.0
"""The same for load, which is restless and is judged by its ratio, too."""
_MOST_SAMPLES = 1_500_000
"""For the first look at all series; of more than that, every so many."""
STRONG = 6.0
"""Scales away from the usual level from which a series counts as troubled."""
_CAP = 30.0
_FLOOR = 0.02
_FEWEST = 4
_USUAL_SHARE = 2 / 3
"""Of the time before the onset: the last part may be troubled already, as alarms come late."""
_AHEAD = 3
_LONG = 24
_CLIMBS, _STEADY = 0.5, 0.85
"""Rank correlations with time: perhaps for a part of it, and all the while."""
_BETTER = 0.5
_MOST_BENDS = 40
_AWAY = 4.0


class Stir(NamedTuple):
    """A series that left its range; ``weight`` in scales, capped; ``ratio`` now / usual."""

    name: SeriesName
    reading: Reading
    weight: float
    rises: bool
    ratio: float
    onset_ns: int
    step_ns: int


def stirs(dossier: Dossier) -> list[Stir]:
    """The troubled series, loudest first, of metrics and of what spans make."""
    pivot = dossier.pivot_ns
    found = _of_metrics(dossier, pivot) if len(dossier.metrics) else []
    for name, times, values in spanned(dossier):
        stir = _stir(name, times, values, times < _calm(times, pivot), dossier.faulty(times))
        if stir is not None:
            found.append(stir)
    return sorted(found, key=lambda s: (-s.weight, s.name))


def _of_metrics(dossier: Dossier, pivot: int) -> list[Stir]:
    """Means of all series at once, medians of the loudest."""
    metrics = dossier.metrics
    first = max(dossier.start_ns, int(metrics.times_ns.min()))
    calm = first + int((pivot - first) * _USUAL_SHARE)
    usual = metrics.times_ns < calm
    now = dossier.faulty(metrics.times_ns)
    nth = 1 + len(metrics.values) // _MOST_SAMPLES
    loudness = _apart(metrics.values[::nth], -(-metrics.offsets // nth), usual[::nth], now[::nth])
    order = np.argsort(-loudness, kind="stable")[:MOST]
    found = []
    for i in order[loudness[order] > 0]:
        part = slice(int(metrics.offsets[i]), int(metrics.offsets[i + 1]))
        stir = _stir(
            metrics.names[int(i)], metrics.times_ns[part], metrics.values[part],
            usual[part], now[part],
        )  # fmt: skip
        if stir is not None:
            found.append(stir)
    return found


def _calm(times: Times, pivot: int) -> int:
    """Until when a record is taken to be of usual times."""
    first = int(times[0]) if len(times) else pivot
    return first + int((pivot - first) * _USUAL_SHARE)


def _apart(
    values: Floats, offsets: Times, usual: NDArray[np.bool_], now: NDArray[np.bool_]
) -> Floats:
    """Per series: distance of the means before and now in deviations, 0 where one is unknown."""

    def sums(column: Floats) -> Floats:
        total = np.concatenate(([0.0], np.cumsum(column)))
        return np.asarray(total[offsets[1:]] - total[offsets[:-1]], np.float64)

    n_usual, n_now = sums(usual.astype(np.float64)), sums(now.astype(np.float64))
    enough = (n_usual >= _FEWEST) & (n_now >= 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums(np.where(usual, values, 0.0)) / n_usual
        mean_now = sums(np.where(now, values, 0.0)) / n_now
        centre = np.repeat(np.nan_to_num(mean), np.diff(offsets))
        spread = np.sqrt(sums(np.where(usual, (values - centre) ** 2, 0.0)) / n_usual)
        apart = np.abs(mean_now - mean) / np.maximum(spread, _FLOOR * np.abs(mean) + 1e-9)
    return np.where(enough, np.nan_to_num(apart), 0.0)


def _stir(
    name: SeriesName,
    times: Times,
    values: Floats,
    usual: NDArray[np.bool_],
    now: NDArray[np.bool_],
) -> Stir | None:
    before = values[usual][: max(_FEWEST, _break(values))]
    if not now.any():
        return None
    slack = np.ones(len(values))
    trend = _trend(before) if len(before) >= _LONG else 0.0
    bend = _bend(before) if trend > _CLIMBS else 0
    if bend:  # what builds up has spoilt the rest
        before = before[:bend]
    elif trend > _STEADY:  # it has climbed from the beginning: that is its way
        values, slack = _levelled(values, len(before))
        before = values[: len(before)]
    reading = reading_of(name.metric)
    if len(before) < _FEWEST or reading.kind is Kind.HOST:
        return None
    level = float(np.median(before))
    scale = max(
        1.4826 * float(np.median(np.abs(before - level))),
        0.5 * float(np.std(before)),
        _FLOOR * abs(level),
        1e-9,
    )
    distance = (values - level) / (scale * slack)
    shift = float(np.median(distance[now]))
    if abs(shift) < (LOADED if reading.kind is Kind.LOAD else STRONG):
        return None
    far = np.sign(shift) * distance > _AWAY
    onset = _first_lasting(far)
    return Stir(
        name=name,
        reading=reading,
        weight=min(abs(shift), _CAP),
        rises=shift > 0,
        ratio=float(np.median(values[now]) / level) if level else float("inf"),
        onset_ns=int(times[onset]),
        step_ns=int(np.median(np.diff(times))) if len(times) > 1 else 0,
    )


def _break(values: Floats) -> int:
    """Where a series parts best in two levels (least squares; Fisher, 1958)."""
    n = len(values)
    sums = np.cumsum(values)
    left = np.arange(_FEWEST, n - 1)
    if not len(left):
        return n
    low = sums[left - 1] / left
    high = (sums[-1] - sums[left - 1]) / (n - left)
    return int(left[np.argmax((low - high) ** 2 * left * (n - left))])


def _bend(values: Floats) -> int:
    """Where a level became a slope, if that fits twice as well as one line; else 0.

    Least squares over a broken stick whose first part is flat (Hinkley, 1971).
    """
    place = np.arange(len(values), dtype=np.float64)
    line = np.polyval(np.polyfit(place, values, 1), place)
    least, best = _BETTER * float(np.sum((values - line) ** 2)), 0
    for bend in range(_FEWEST, len(values) * 3 // 4, 1 + len(values) // _MOST_BENDS):
        rise = np.maximum(0.0, place - bend)
        stick = np.polyval(np.polyfit(rise, values, 1), rise)
        error = float(np.sum((values - stick) ** 2))
        if error < least:
            least, best = error, bend
    return best


def _levelled(values: Floats, n: int) -> tuple[Floats, Floats]:
    """Without the line through the first ``n``, and by how much less sure that is farther on."""
    place = np.arange(len(values), dtype=np.float64)
    slope, level = np.polyfit(place[:n], values[:n], 1)
    return values - slope * place - level + np.mean(values[:n]), np.maximum(
        1.0, 3.0 * place / n - 2.0
    )


def _trend(values: Floats) -> float:
    """Rank correlation with time (Spearman, 1904), without regard to its sign."""
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return abs(float(np.corrcoef(ranks, np.arange(len(values)))[0, 1]))


def _first_lasting(far: NDArray[np.bool_]) -> int:
    """First place from which most of the following samples are far, too."""
    padded = np.concatenate((far, np.full(_AHEAD - 1, far[-1])))
    ahead = np.convolve(padded.astype(np.float64), np.ones(_AHEAD), "valid")
    lasting = np.flatnonzero(far & (ahead >= _AHEAD - 1))
    return int(lasting[0]) if len(lasting) else int(np.argmax(far))
