"""Stored batches in, frames of signals out: one bucket at a time, once its lateness has passed."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from opsweave.analysis.logs import NovelTemplate
from opsweave.analysis.signal import Frame, SeriesKey
from opsweave.analysis.traces.attribution import TraceBucket
from opsweave.practices.aiops.signals.lines import Line, LineSignals
from opsweave.practices.aiops.signals.points import Point, PointSignals
from opsweave.practices.aiops.signals.presence import Presence, Restarts
from opsweave.practices.aiops.signals.spans import Span, SpanSignals
from opsweave.record.telemetry.schema import Batch

KEEP_TRACES_S = 900
MAX_CATCH_UP = 120
"""After a longer pause the buckets in between are skipped."""
_FUTURE_NS = 60_000_000_000


class SignalStats(msgspec.Struct):
    """Rows that no bucket took, by reason: they came late, or claim to be from the future."""

    rows: int = 0
    late: int = 0
    future: int = 0
    skipped_buckets: int = 0


class _Open:
    """Rows of a bucket that is not closed yet."""

    __slots__ = ("lines", "points", "spans")

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.lines: list[Line] = []
        self.spans: list[Span] = []


class SignalBuilder:
    """``feed`` from the pump's thread, ``close`` from the loop's. Bounded by time, not by load."""

    def __init__(self, width_s: float = 5, lateness_s: float = 3) -> None:
        self.width_ns, self._lateness_ns = int(width_s * 1e9), int(lateness_s * 1e9)
        self.stats = SignalStats()
        self._arrivals: list[Batch] = []
        self._lock = threading.Lock()
        self._work = threading.Lock()
        self._open: dict[int, _Open] = defaultdict(_Open)
        self._next: int | None = None
        self._points, self._spans = PointSignals(), SpanSignals()
        self._lines, self._presence = LineSignals(width_s), Presence()
        self._restarts = Restarts()
        self._traces: deque[TraceBucket] = deque(maxlen=int(KEEP_TRACES_S / width_s))

    def feed(self, batch: Batch) -> None:
        """Keep a reference; the work is done by :meth:`close`. The batch must not change later."""
        with self._lock:
            self._arrivals.append(batch)

    def close(self, now_ns: int) -> list[Frame]:
        """Frames of all buckets whose end + lateness has passed, in order, empty ones too."""
        with self._lock:
            arrivals, self._arrivals = self._arrivals, []
        with self._work:
            self._distribute(arrivals, now_ns)
            last = (now_ns - self._lateness_ns) // self.width_ns - 1
            if self._next is None:
                started = [bucket for bucket in self._open if bucket <= last]
                if not started:
                    return []
                self._next = min(started)
            if last - self._next >= MAX_CATCH_UP:
                self._skip_to(last - MAX_CATCH_UP + 1)
            frames = []
            while self._next <= last:
                frames.append(self._frame(self._next))
                self._next += 1
            if frames:
                self._points.forget(now_ns)
                self._lines.forget(now_ns)
                self._restarts.forget(now_ns)
            return frames

    def trace_attribution(self, since_ns: int, until_ns: int) -> list[TraceBucket]:
        """Closed buckets that end in (since, until]; of the last 15 minutes."""
        with self._work:
            return [b for b in self._traces if since_ns < b.at_ns <= until_ns]

    def log_novelty(
        self, since_ns: int, until_ns: int, *, entity: str | None = None
    ) -> list[NovelTemplate]:
        """Log templates that are new or have risen in [since, until), most telling first."""
        with self._work:
            return self._lines.novel(since_ns, until_ns, entity)

    def template_text(self, indicator: str) -> str:
        """The text behind ``log_template:ID`` or ``log_rate:ID``."""
        with self._work:
            return self._lines.text_of(indicator.partition(":")[2])

    def unit_of(self, indicator: str) -> str:
        """The unit that the source of a metric stated, '' when none."""
        return self._points.units.get(indicator, "")

    def _skip_to(self, bucket: int) -> None:
        assert self._next is not None
        self.stats.skipped_buckets += bucket - self._next
        for old in [b for b in self._open if b < bucket]:
            del self._open[old]
        self._next = bucket

    def _distribute(self, arrivals: list[Batch], now_ns: int) -> None:
        spans: list[Span] = []
        for batch in arrivals:
            for point in _rows(batch, "points", _point):
                self._place(point.ts, now_ns, "points", point)
            for line in _rows(batch, "logs", _line):
                self._place(line.ts, now_ns, "lines", line)
            for span in _rows(batch, "spans", _span):
                spans.append(span)
                self._place(span.end, now_ns, "spans", span)
        self._spans.arrive(spans, now_ns)

    def _place(self, ts: int, now_ns: int, table: str, row: Any) -> None:
        self.stats.rows += 1
        bucket = ts // self.width_ns
        if ts > now_ns + _FUTURE_NS:
            self.stats.future += 1
        elif bucket < (self._next if self._next is not None else 0):
            self.stats.late += 1
        else:
            getattr(self._open[bucket], table).append(row)

    def _frame(self, bucket: int) -> Frame:
        rows = self._open.pop(bucket, None) or _Open()
        at_ns = (bucket + 1) * self.width_ns
        width_s = self.width_ns / 1e9
        values: dict[SeriesKey, float] = {}
        counts: dict[SeriesKey, int] = {}
        lows: dict[SeriesKey, float] = {}
        measured, instances = self._points.bucket(rows.points, width_s)
        measured.update(self._lines.bucket(rows.lines, width_s, at_ns))
        for (entity, indicator), (value, n) in measured.items():
            key = SeriesKey(entity, indicator)
            values[key], counts[key] = value, n
        traced, traces = self._spans.bucket(rows.spans, at_ns, self.width_ns)
        self._traces.append(traces)
        for (entity, indicator, peer), (value, n, low) in traced.items():
            key = SeriesKey(entity, indicator, peer)
            values[key], counts[key] = value, n
            if low < value:
                lows[key] = low
        seen = [(s.entity, s.instance) for s in rows.spans]
        for entity, instance in seen + [(line.entity, line.instance) for line in rows.lines]:
            instances.setdefault(entity, set()).add(instance)
        for entity, names in instances.items():
            key = SeriesKey(entity, "instances")
            values[key] = counts[key] = len(names - {""}) or 1
            self._lines.watch(entity, at_ns - self.width_ns)
        begun = self._restarts.bucket(instances, at_ns)
        for entity, _ in self._points.begun:
            begun.setdefault(entity, 1)
        for entity, n in begun.items():
            key = SeriesKey(entity, "restarts")
            values[key], counts[key] = n / width_s, n
        beats = self._presence.bucket(set(instances), at_ns, self.width_ns)
        for entity, beat in beats.items():
            key = SeriesKey(entity, "heartbeat")
            values[key], counts[key] = beat, 1
        units = {name: unit for name, unit in self._points.units.items() if unit}
        return Frame(
            at_ns=at_ns, width_ns=self.width_ns, values=values, counts=counts, lows=lows,
            units=units,
        )  # fmt: skip


Columns = Mapping[str, Sequence[Any]]


def _plain(column: Sequence[Any]) -> list[Any]:
    """Numpy columns become Python values, which is what the row loops are fast with."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _rows(batch: Batch, table: str, make: Any) -> Iterator[Any]:
    columns = batch.tables.get(table)
    if columns:
        yield from make(columns)


def _point(columns: Columns) -> Iterator[Point]:
    names = [*Point._fields[:-1], "count"]
    return map(Point._make, zip(*(_plain(columns[name]) for name in names), strict=True))


def _line(columns: Columns) -> Iterator[Line]:
    return map(Line._make, zip(*(_plain(columns[name]) for name in Line._fields), strict=True))


def _span(columns: Columns) -> Iterator[Span]:
    return map(Span._make, zip(*(_plain(columns[name]) for name in Span._fields), strict=True))
