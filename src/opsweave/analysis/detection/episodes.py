"""Episodes: one continuous stretch of trouble per series, with onset, hysteresis and a reason."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import numpy as np

from opsweave.analysis.detection.indicators import Kind, Spec
from opsweave.analysis.detection.table import Floats, Ints, Table

_LEAST_RAMP = 7


class Episode(msgspec.Struct, kw_only=True):
    """State of one active episode."""

    since_ns: int
    began: int
    """Frame in which it was reported first."""
    direction: int
    ramp: bool = False
    clean: int = 0
    absent: int = 0
    peak: float = 0.0
    buckets: int = 0
    records: int = 0
    seen: float = 0.0
    expected: float = 0.0
    low: float = 0.0
    high: float = 0.0
    says: str = ""
    """What is odd, where *seen* and *expected* do not show it."""


def onset(table: Table, row: int, band: float, sign: int) -> tuple[int, int]:
    """(start of the first bucket of the present excursion, its number of buckets).

    Goes back from the newest bucket while the score lies beyond half the band; one bucket without
    data or inside is bridged when the one before it lies beyond the whole band.
    """
    first, buckets, bridged = 0, 0, 0
    for age in range(min(table.frames, table.ring)):
        score = table.scores[row, (table.frames - 1 - age) % table.ring]
        least = band if bridged else band / 2.0
        if np.isfinite(score) and score * sign >= least:
            first, buckets, bridged = age, buckets + 1, 0
            continue
        bridged += 1
        if bridged > 1:
            break
    column = (table.frames - 1 - first) % table.ring
    return int(table.times[column]) - table.width_ns, buckets


def split(starts: Ints, scores: Floats, since_ns: int) -> int:
    """The start at which ``scores`` changed most; ``since_ns`` when they grew steadily, or not.

    >>> split(np.array([0, 5, 10, 15, 20]), np.array([0.0, 2.0, 2.0, 50.0, 60.0]), 5)
    15
    >>> split(np.arange(0, 60, 5), np.arange(12.0), 5)
    5
    """
    n = len(scores)
    if n < 3:
        return since_ns
    grown = np.log1p(scores)
    total = grown.sum()
    left = np.cumsum(grown)[:-1]
    size = np.arange(1, n)
    rise = (total - left) / (n - size) - left / size
    between = np.where(rise > 0, rise**2 * size * (n - size) / n, 0.0)
    best = int(np.argmax(between))
    spread = float(((grown - grown.mean()) ** 2).sum())
    if between[best] <= 0 or spread <= 0:
        return since_ns
    if n >= _LEAST_RAMP and max(_line(scores), _line(grown)) > between[best] / spread + 0.05:
        return since_ns
    return int(starts[best + 1])


def _line(values: Floats) -> float:
    """Share of the variance that a rising line explains."""
    if values.std() <= 0:
        return 0.0
    slope = float(np.corrcoef(np.arange(len(values)), values)[0, 1])
    return slope**2 if slope > 0 else 0.0


def score_of(strength: float, band: float) -> float:
    """[0, 1): one half at the band's edge, .9 at about three times that.

    >>> score_of(3.5, 3.5), round(score_of(12.0, 3.5), 2)
    (0.5, 0.91)
    """
    return float(1.0 - 2.0 ** (-abs(strength) / band))


def amount(value: float, spec: Spec) -> str:
    """A value in words: percent for ratios, else with its unit.

    >>> (
    ...     amount(0.125, Spec(kind=Kind.RATIO, unit="1")),
    ...     amount(812.4, Spec(kind=Kind.LATENCY, unit="ms")),
    ... )
    ('12.5 %', '812 ms')
    """
    if spec.kind is Kind.RATIO:
        return f"{100 * value:.3g} %"
    if spec.kind is Kind.SIZE and spec.unit in {"", "By"}:
        return f"{value / 1e6:.3g} MB"
    digits = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return digits if spec.unit in {"", "1"} else f"{digits} {spec.unit}"


def reason(name: str, spec: Spec, episode: Episode) -> str:
    """One sentence: what was seen, what was expected, since when, for how long."""
    clock = datetime.fromtimestamp(episode.since_ns // 1_000_000_000, UTC).strftime("%H:%M:%S")
    tail = f"since {clock}, {episode.buckets} bucket{'s' if episode.buckets != 1 else ''}"
    if spec.kind is Kind.PRESENCE:
        return f"{name}: silent, telemetry expected in every bucket, {tail}"
    seen = amount(episode.seen, spec)
    if episode.ramp:
        start = amount(episode.expected, spec)
        return f"{name} {seen}, growing steadily from {start}, {tail}"
    counted = spec.unit.startswith("{") or spec.kind in {Kind.SHARE, Kind.SURPRISE}
    low = amount(max(0.0, episode.low) if counted else episode.low, spec)
    high = amount(episode.high, spec)
    says = f"{episode.says}, " if episode.says else ""
    return f"{name} {seen}, expected {low.split(' ')[0]}..{high}, {says}{tail}"
