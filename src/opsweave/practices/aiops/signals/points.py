"""Metric points of one bucket -> values of indicators. Remembers cumulative series."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import NamedTuple

NOISE = {
    "opsweave.entity", "network.protocol.version", "network.protocol.name", "url.scheme",
    "http.scheme", "http.flavor", "server.port", "net.host.port", "net.host.name", "http.host",
    "http.server_name", "server.address",
}  # fmt: skip
"""Attributes that never tell one series of an entity's metric from another."""
MAX_SETS = 20
MAX_UNITS = 20_000
"""Names remembered at most; the detector takes as many series."""
_FORGET_NS = 600_000_000_000
_LONGEST = 60


class Point(NamedTuple):
    """One row of the points table, without bounds and buckets."""

    ts: int
    entity: str
    instance: str
    metric: str
    unit: str
    kind: str
    temporality: str
    monotonic: bool
    attributes: str
    value: float
    start_ts: int
    n: int
    """Column ``count``."""


class _Last(NamedTuple):
    ts: int
    start_ts: int
    value: float
    n: int


class Sums:
    """Accumulates one indicator of one entity over a bucket."""

    __slots__ = ("n", "seconds", "total", "weight")

    def __init__(self) -> None:
        self.total = self.weight = self.seconds = 0.0
        self.n = 0


class PointSignals:
    """Turns the points of a bucket into ``(entity, indicator) -> (value, n)``."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str, str, str], _Last] = {}
        self._labels: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._texts: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.begun: set[tuple[str, str]] = set()
        """(entity, instance) whose counters began anew in the last bucket."""

    def bucket(
        self, points: list[Point], width_s: float
    ) -> tuple[dict[tuple[str, str], tuple[float, int]], dict[str, set[str]]]:
        """Values by (entity, indicator), and the instances seen of each entity."""
        gauges: dict[tuple[str, str], dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
        rates: dict[tuple[str, str], dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
        means: dict[tuple[str, str], Sums] = defaultdict(Sums)
        instances: dict[str, set[str]] = defaultdict(set)
        self.begun = set()
        for p in sorted(points, key=lambda p: p.ts):
            instances[p.entity].add(p.instance)
            if p.value != p.value:
                continue
            name = self._name(p)
            # One "part" per instance and attribute set: parts of a shared name are added up.
            part = f"{p.instance}|{p.attributes}"
            if p.kind == "histogram":
                self._histogram(p, name, part, width_s, rates, means)
            elif p.kind == "sum" and p.monotonic:
                self._count(p, name, part, width_s, rates)
            else:
                sums = gauges[p.entity, name][part]
                sums.total += p.value
                sums.n += 1
                self._unit(name, p.unit)
        return self._values(gauges, rates, means, points), instances

    def _values(
        self,
        gauges: dict[tuple[str, str], dict[str, Sums]],
        rates: dict[tuple[str, str], dict[str, Sums]],
        means: dict[tuple[str, str], Sums],
        points: list[Point],
    ) -> dict[tuple[str, str], tuple[float, int]]:
        additive = {p.metric for p in points if p.kind == "sum" and not p.monotonic}
        values: dict[tuple[str, str], tuple[float, int]] = {}
        for key, parts in gauges.items():
            each = [s.total / s.n for s in parts.values()]
            total = sum(each)
            if key[1].split("{", 1)[0] not in additive:
                total /= len(each)
            values[key] = (total, sum(s.n for s in parts.values()))
        for key, parts in rates.items():
            held = [s for s in parts.values() if s.seconds > 0]
            if held:
                values[key] = (sum(s.total / s.seconds for s in held), sum(s.n for s in held))
        for key, sums in means.items():
            if sums.weight > 0:
                values[key] = (sums.total / sums.weight, int(sums.weight))
        return values

    def _count(
        self,
        p: Point,
        name: str,
        part: str,
        width_s: float,
        rates: dict[tuple[str, str], dict[str, Sums]],
    ) -> None:
        step = self._step(p, width_s)
        if step is not None:
            sums = rates[p.entity, f"rate({name})"][part]
            sums.total += step[0]
            sums.seconds += step[2]
            sums.n += 1

    def _histogram(
        self,
        p: Point,
        name: str,
        part: str,
        width_s: float,
        rates: dict[tuple[str, str], dict[str, Sums]],
        means: dict[tuple[str, str], Sums],
    ) -> None:
        step = self._step(p, width_s)
        if step is None:
            return
        total, count, seconds = step
        sums = rates[p.entity, f"rate({name})"][part]
        sums.total += count
        sums.seconds += seconds
        sums.n += 1
        mean = means[p.entity, f"mean({name})"]
        mean.total += total
        mean.weight += count
        self._unit(f"mean({name})", p.unit)

    def _unit(self, name: str, unit: str) -> None:
        if len(self.units) < MAX_UNITS:
            self.units.setdefault(name, unit)

    def _step(self, p: Point, width_s: float) -> tuple[float, float, float] | None:
        """(increase of value, increase of count, seconds it took); None when not known yet."""
        if p.temporality == "delta":
            seconds = (p.ts - p.start_ts) / 1e9 if p.start_ts else width_s
            return p.value, p.n, seconds if 0 < seconds <= _LONGEST else width_s
        key = (p.entity, p.instance, p.metric, p.attributes)
        last = self._last.get(key)
        if last is not None and p.ts <= last.ts:
            return None
        self._last[key] = _Last(p.ts, p.start_ts, p.value, p.n)
        began_again = last is not None and (
            (p.start_ts and last.start_ts and p.start_ts > last.start_ts) or p.value < last.value
        )
        if last is not None and not began_again:
            return p.value - last.value, p.n - last.n, (p.ts - last.ts) / 1e9
        if began_again:
            self.begun.add((p.entity, p.instance))
        # A new or restarted series counts from its start, when that is known and recent.
        seconds = (p.ts - p.start_ts) / 1e9 if p.start_ts else 0.0
        if 0 < seconds <= _LONGEST:
            return p.value, p.n, max(seconds, width_s)
        return None

    def _name(self, p: Point) -> str:
        """The metric's name with its attributes; sets beyond the limit share ``name{other}``."""
        if p.attributes in {"", "{}"}:
            return p.metric
        if len(self._labels) >= MAX_UNITS and (p.entity, p.metric) not in self._labels:
            return f"{p.metric}{{other}}"
        known = self._labels[p.entity, p.metric]
        name = known.get(p.attributes)
        if name is None:
            text = self._text(p.attributes)
            name = (
                f"{p.metric}{text}"
                if len(set(known.values())) < MAX_SETS
                else f"{p.metric}{{other}}"
            )
            if len(known) < 50 * MAX_SETS:
                known[p.attributes] = name
        return name

    def _text(self, attributes: str) -> str:
        try:
            items = json.loads(attributes)
        except ValueError:
            return f"{{{attributes[:80]}}}"
        if not isinstance(items, dict):
            return f"{{{str(items)[:80]}}}"
        kept = [f"{k}={str(v)[:60]}" for k, v in sorted(items.items()) if k not in NOISE]
        return f"{{{','.join(kept)}}}" if kept else ""

    def forget(self, now_ns: int) -> None:
        """Drop cumulative series that have been silent."""
        self._last = {k: v for k, v in self._last.items() if now_ns - v.ts < _FORGET_NS}
