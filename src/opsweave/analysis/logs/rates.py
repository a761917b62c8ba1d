"""Templates whose rate leaves what was usual at that hour: streaming, calibrated, bounded.

The count of a bucket is tested against the decayed past as two Poisson rates are (``deltas``). The
past's exposure counts each bucket by how busy its hour of the day is for the entity as a whole, and
bursts widen the test by the dispersion that was seen.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

from opsweave.analysis.logs.deltas import rate_change_nats

_DAY_S = 86_400
_HOURS = 24
_PRIOR_HOURS = 2.0
"""So many buckets of usual business are believed of each hour before it is seen."""


class RateChange(NamedTuple):
    """``nats``: -ln p of the bucket's ``lines`` given what was ``expected``; at ``start_ns``."""

    entity: str
    template: str
    start_ns: int
    lines: int
    expected: float
    nats: float
    kind: Literal["more", "less"]


class _Past:
    """Decayed lines, exposure and squared residuals of one template."""

    __slots__ = ("exposure", "last", "lines", "residual", "seen")

    def __init__(self, bucket: int) -> None:
        self.lines = self.exposure = self.residual = self.seen = 0.0
        self.last = bucket

    def dispersion(self) -> float:
        """Variance over mean, drawn to 1 while little was seen."""
        return max(1.0, (8.0 + self.residual) / (8.0 + self.seen))


class _Season:
    """How busy each hour of the day is: lines per bucket over the mean of all hours."""

    __slots__ = ("buckets", "lines")

    def __init__(self) -> None:
        self.lines, self.buckets = [0.0] * _HOURS, [0.0] * _HOURS

    def factor(self, hour: int) -> float:
        """Lines that the hour has, relative to a usual one."""
        total, buckets = sum(self.lines), sum(self.buckets)
        if not total:
            return 1.0
        mean = total / buckets
        return (self.lines[hour] + _PRIOR_HOURS * mean) / (self.buckets[hour] + _PRIOR_HOURS) / mean

    def learn(self, hour: int, lines: int, keep: float) -> None:
        self.lines[hour] = self.lines[hour] * keep + lines
        self.buckets[hour] = self.buckets[hour] * keep + 1


class TemplateRates:
    """Feed lines with ``observe``; ``close`` judges the buckets that are over.

    ``half_life_s``: when a bucket counts half; ``least_nats``: what is reported, per template and
    bucket; a template is judged after ``warm`` buckets. Templates beyond ``max_templates`` of all
    entities are not watched.
    """

    def __init__(
        self,
        *,
        width_s: float = 60.0,
        half_life_s: float = 6 * 3600.0,
        least_nats: float = 12.0,
        warm: int = 10,
        max_templates: int = 20_000,
    ) -> None:
        self._width_ns = int(width_s * 1e9)
        self._keep = 0.5 ** (width_s / half_life_s)
        self._keep_day = 0.5 ** (width_s / (7 * _DAY_S) * _HOURS)
        self._least, self._warm, self._max = least_nats, warm, max_templates
        self._open: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        self._past: dict[tuple[str, str], _Past] = {}
        self._seasons: dict[str, _Season] = defaultdict(_Season)
        self._closed = -1

    def observe(self, entity: str, template: str, ts_ns: int, lines: int = 1) -> None:
        """Lines of a template at ``ts_ns``; those of a bucket that is closed come too late."""
        bucket = ts_ns // self._width_ns
        key = (entity, template)
        if bucket > self._closed and (key in self._past or len(self._past) < self._max):
            self._past.setdefault(key, _Past(bucket))
            self._open[bucket][key] += lines

    def close(self, now_ns: int) -> list[RateChange]:
        """What is unusual in the buckets that ended by ``now_ns``, most surprising first."""
        last = now_ns // self._width_ns - 1
        first = self._closed + 1 if self._closed >= 0 else min(self._open, default=last + 1)
        found: list[RateChange] = []
        for bucket in range(max(first, last - 10_000), last + 1):
            found += self._judge(bucket, self._open.pop(bucket, {}))
        for bucket in [bucket for bucket in self._open if bucket <= last]:
            del self._open[bucket]
        self._closed = max(last, self._closed)
        return sorted(found, key=lambda change: (-change.nats, change.entity, change.template))

    def _judge(self, bucket: int, counts: dict[tuple[str, str], int]) -> list[RateChange]:
        hour = int(bucket * self._width_ns // 3_600_000_000_000 % _HOURS)
        totals: dict[str, int] = defaultdict(int)
        for (entity, _), lines in counts.items():
            totals[entity] += lines
        factors = {entity: season.factor(hour) for entity, season in self._seasons.items()}
        found = []
        for (entity, template), past in list(self._past.items()):
            factor = factors.get(entity, 1.0)
            lines = counts.get((entity, template), 0)
            change = self._change(past, lines, factor)
            if change is not None:
                expected, nats = change
                kind: Literal["more", "less"] = "more" if lines > expected else "less"
                start = bucket * self._width_ns
                found.append(RateChange(entity, template, start, lines, expected, nats, kind))
            self._learn(past, lines, factor)
            if past.lines < 1e-3 and past.exposure > 1:
                del self._past[entity, template]
        for entity in {entity for entity, _ in self._past}:
            self._seasons[entity].learn(hour, totals.get(entity, 0), self._keep_day)
        return found

    def _change(self, past: _Past, lines: int, factor: float) -> tuple[float, float] | None:
        if past.seen < self._warm * 0.9:
            return None
        expected = past.lines / past.exposure * factor
        share = factor / (past.exposure + factor)
        nats = rate_change_nats(past.lines, lines, share, past.dispersion())
        return (expected, nats) if nats >= self._least else None

    def _learn(self, past: _Past, lines: int, factor: float) -> None:
        keep = self._keep
        if past.seen:
            expected = max(past.lines / max(past.exposure, 1e-9) * factor, 1e-3)
            past.residual = past.residual * keep + min((lines - expected) ** 2 / expected, 1e4)
        past.lines = past.lines * keep + lines
        past.exposure = past.exposure * keep + factor
        past.seen = past.seen * keep + 1
