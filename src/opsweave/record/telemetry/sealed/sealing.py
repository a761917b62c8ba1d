"""Turns the oldest live records into a sealed segment."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import duckdb
import msgspec

from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import OpsweaveError
from opsweave.record.telemetry.sealed import disk, files, layout
from opsweave.record.telemetry.sealed.host import Host
from opsweave.record.telemetry.sealed.manifest import APPLIED, File, Segment
from opsweave.record.telemetry.sealed.shelf import Range, Shelf


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """When records are due to be sealed."""

    now_ns: int
    live_ns: int = 7200 * SECOND
    """What was recorded so recently stays live."""
    segment_ns: int = 21_600 * SECOND
    """A segment ends with such a span of time, counted from the epoch ..."""
    most_rows: int = 5_000_000
    """... or with so many rows."""
    before_seq: int = 0
    """Records before this one are due whatever their age: the ledger needs their room."""


class _Due(NamedTuple):
    first: int
    until: int
    again: Segment | None = None
    """Sealed already, and changed since by a replay."""


class Sealer:
    """``step`` seals one segment."""

    def __init__(self, host: Host, shelf: Shelf, missing: Callable[[], list[Range]]) -> None:
        self._host, self._shelf, self._missing = host, shelf, missing

    def step(self, closing: Closing) -> Segment | None:
        """The segment that was sealed, None when nothing is due. Raises RetryLater."""
        shelf = self._shelf
        if shelf.folder is None or shelf.broken:
            return None
        shelf.settle()
        shelf.sweep()
        with disk.retried("sealing"), self._host.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            replacements = self._host.replacements
            due = self._due(cursor, closing)
            if due is None:
                return None
            prefix = shelf.prefix((due.first, due.until))
            try:
                with disk.retried("sealing"):
                    segment = self._write(cursor, due, prefix)
                if self._commit(due, segment, replacements):
                    return segment
            except OpsweaveError:
                shelf.abandon(prefix)
                raise
        shelf.abandon(prefix)
        return None

    def _commit(self, due: _Due, segment: Segment, replacements: int) -> bool:
        """False when a replay came between: the files may hold what it has replaced."""
        with self._host.lock:
            if self._host.replacements != replacements:
                return False
            self._shelf.commit(self._shelf.manifest.put(segment), [(due.first, due.until)])
            return True

    # -- what is due ------------------------------------------------------------------------------

    def _due(self, cursor: duckdb.DuckDBPyConnection, closing: Closing) -> _Due | None:
        return self._changed(cursor) or self._gap() or self._oldest(cursor, closing)

    def _changed(self, cursor: duckdb.DuckDBPyConnection) -> _Due | None:
        row = cursor.execute("SELECT min(seq) FROM replaced").fetchone()
        if row is None or row[0] is None:
            return None
        segment = self._shelf.manifest.covering(row[0])
        return _Due(segment.first, segment.until, segment) if segment else None

    def _gap(self) -> _Due | None:
        """What was taken out for damage and has been applied again."""
        reached = self._shelf.manifest.first
        for segment in self._shelf.manifest.segments:
            gap = (reached, segment.first)
            if reached < segment.first and not _overlaps(gap, self._missing()):
                return _Due(*gap)
            reached = segment.until
        return None

    def _oldest(self, cursor: duckdb.DuckDBPyConnection, closing: Closing) -> _Due | None:
        first, before = self._shelf.manifest.until, closing.now_ns - closing.live_ns
        row = cursor.execute(
            "SELECT arg_min(recorded_ns, seq), max(seq) + 1,"
            " min(seq) FILTER (recorded_ns >= ? AND recorded_ns <= ?)"
            " FROM live_applied WHERE seq >= ?",
            [before, closing.now_ns, first],
        ).fetchone()
        if row is None or row[0] is None:
            return None
        oldest_ns, end, young = row
        aged = end if young is None else young
        ends_ns = (oldest_ns // closing.segment_ns + 1) * closing.segment_ns
        pressed = min(closing.before_seq, end)
        closed = ends_ns <= before
        if closed:
            aged = self._recorded_from(cursor, first, ends_ns, aged)
        full = self._full(cursor, first, max(aged, pressed), closing.most_rows)
        until = full or max(aged if closed else first, pressed)
        gaps = [low for low, _ in self._missing() if low >= first]
        until = min([until, *gaps])
        return _Due(first, until) if until > first else None

    @staticmethod
    def _recorded_from(
        cursor: duckdb.DuckDBPyConnection, first: int, at_ns: int, otherwise: int
    ) -> int:
        row = cursor.execute(
            "SELECT min(seq) FROM live_applied WHERE seq >= ? AND seq < ? AND recorded_ns >= ?",
            [first, otherwise, at_ns],
        ).fetchone()
        return int(row[0]) if row and row[0] is not None else otherwise

    @staticmethod
    def _full(
        cursor: duckdb.DuckDBPyConnection, first: int, until: int, most_rows: int
    ) -> int | None:
        """Where a segment of ``most_rows`` ends, None when there are fewer rows."""
        total = cursor.execute(
            "SELECT sum(rows) FROM live_applied WHERE seq >= ? AND seq < ?", [first, until]
        ).fetchone()
        if total is None or (total[0] or 0) < most_rows:
            return None
        row = cursor.execute(
            "SELECT min(seq) + 1 FROM (SELECT seq, sum(rows) OVER (ORDER BY seq) AS total"
            " FROM live_applied WHERE seq >= ? AND seq < ?) WHERE total >= ?",
            [first, until, most_rows],
        ).fetchone()
        return int(row[0]) if row and row[0] is not None else None

    # -- writing ----------------------------------------------------------------------------------

    def _write(self, cursor: duckdb.DuckDBPyConnection, due: _Due, prefix: str) -> Segment:
        assert self._shelf.folder is not None
        made: list[File] = []
        for table in layout.LIVE:
            source = self._source(table, due)
            made += files.write(
                cursor, self._shelf.folder, table, source, [due.first, due.until], prefix
            )
        outcomes = cursor.execute(
            f"SELECT outcome, count(*), max(recorded_ns) FROM ({self._source(APPLIED, due)})"
            " GROUP BY outcome",
            [due.first, due.until],
        ).fetchall()
        kept = _kept(due, self._shelf.bad)
        return Segment(
            first=due.first,
            until=due.until,
            newest_ns=max((newest for *_, newest in outcomes), default=0),
            outcomes={outcome: n for outcome, n, _ in outcomes},
            files=(*made, *kept),
            cut=bool(kept and due.again and due.again.cut),
        )

    def _source(self, table: str, due: _Due) -> str:
        """All rows of the range: the live ones, and the sealed ones no replay has replaced."""
        key = layout.key(table)
        sealed = self._shelf.stored(table, [due.again], replaced=True) if due.again else []
        selects = [f"SELECT {layout.names(table)} FROM {layout.live(table)}", *sealed]
        return f"SELECT * FROM ({' UNION ALL '.join(selects)}) WHERE {key} >= ? AND {key} < ?"


def _kept(due: _Due, bad: dict[str, str]) -> list[File]:
    """Files of a segment that is sealed again which stay: what is not made from live rows.

    Damaged ones, too: they are dealt with where it is known whether they can be rebuilt.
    """
    if due.again is None:
        return []
    return [f for f in due.again.files if f.table not in layout.LIVE or f.name in bad]


def _overlaps(one: Range, others: list[Range]) -> bool:
    return any(low < one[1] and one[0] < high for low, high in others)
