"""The sealed files of a store: what counts, and how a change of that takes effect.

1. Files are written under new names and forced to the disk: they do not count yet.
2. The manifest is replaced: now they do, whatever happens next (:func:`manifest.save`).
3. One transaction of DuckDB deletes the live rows that they stand for and turns the views over.

A crash before 2 leaves files that nobody names, which the next start removes; one before 3 leaves
live rows that the next start deletes. Queries read the views, so they see each row once throughout.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import msgspec

from opsweave.record.telemetry.sealed import disk, layout, manifest
from opsweave.record.telemetry.sealed.host import Host
from opsweave.record.telemetry.sealed.manifest import APPLIED, File, Manifest, Segment

log = logging.getLogger("opsweave.sealed")
SWEEP_S = 60.0
"""A file that no longer counts stays for readers that have begun."""
HASHED_AT_OPEN = 256 << 20
"""So many bytes, newest first, are read whole at the start; the others by and by (scrub)."""
Range = tuple[int, int]


class Shelf:
    """``folder`` None: nothing is ever sealed (a store in memory)."""

    def __init__(self, host: Host, folder: Path | None) -> None:
        self._host, self.folder = host, folder
        self.manifest = Manifest()
        """What counts."""
        self.shown = Manifest()
        """What the views show; behind ``manifest`` only while DuckDB cannot be written."""
        self.bad: dict[str, str] = {}
        """Damaged files, with the reason; the views leave them out."""
        self.broken = ""
        """Why the manifest cannot be read, '' when it can."""
        self._unsettled: list[Range] = []
        self._stamp = 0
        self._garbage: list[tuple[float, Path]] = []
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.manifest, self.broken = manifest.load(folder)
            self.shown = self.manifest
            self._stamp = self.manifest.generation
            self.look(HASHED_AT_OPEN)

    # -- what a store asks ------------------------------------------------------------------------

    def outcomes(self, cursor: duckdb.DuckDBPyConnection, first: int, until: int) -> dict[str, int]:
        """Sealed records by outcome, from ``first`` to before ``until``; hold the host's lock."""
        total: dict[str, int] = {}
        for segment in self.shown.segments:
            low, high = max(first, segment.first), min(until, segment.until)
            if low >= high:
                continue
            for outcome, n in self._outcomes_in(cursor, segment, low, high).items():
                total[outcome] = total.get(outcome, 0) + n
        return total

    def _outcomes_in(
        self, cursor: duckdb.DuckDBPyConnection, segment: Segment, low: int, high: int
    ) -> dict[str, int]:
        replaced = cursor.execute(
            "SELECT count(*) FROM replaced WHERE seq >= ? AND seq < ?", [low, high]
        ).fetchone()
        whole = (low, high) == (segment.first, segment.until)
        if whole and not (replaced and replaced[0]):
            return dict(segment.outcomes)
        source = self.stored(APPLIED, [segment], replaced=True)
        if not source:
            return {}
        return dict(
            cursor.execute(
                f"SELECT outcome, count(*) FROM ({source[0]})"
                " WHERE seq >= ? AND seq < ? GROUP BY outcome",
                [low, high],
            ).fetchall()
        )

    def around(self, low_ts: int, high_ts: int, table: str) -> list[Segment]:
        """Segments with rows of a table in a span of time."""
        return [
            segment
            for segment in self.shown.segments
            if any(
                f.table == table and f.min_ts <= high_ts and f.max_ts >= low_ts
                for f in segment.files
            )
        ]

    def stored(
        self, table: str, segments: Sequence[Segment], *, replaced: bool = False
    ) -> list[str]:
        """SELECTs over a table's sealed rows in ``segments``."""
        if self.folder is None:
            return []
        return layout.stored(table, self.folder, segments, self.bad, replaced=replaced)

    # -- changing what counts ---------------------------------------------------------------------

    def open(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Finish what a crash interrupted, and make the views."""
        self._forget_live(connection, [(s.first, s.until) for s in self.manifest.segments])
        self.show(connection)
        self.shown = self.manifest
        self._unsettled = []
        self._remove_unnamed()

    def show(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Turn the views over to what counts now."""
        found = connection.execute("SELECT count(*) FROM replaced").fetchone()
        replaced = bool(found and found[0])
        for statement in layout.views(self.folder, self.manifest, self.bad, replaced=replaced):
            connection.execute(statement)

    def commit(self, new: Manifest, sealed: Iterable[Range] = ()) -> None:
        """Make ``new`` count; live rows of the ranges ``sealed`` are in its files."""
        assert self.folder is not None
        with self._host.lock, disk.retried("the sealed files cannot be listed"):
            new = msgspec.structs.replace(new, generation=self.manifest.generation + 1)
            self._save(new)
            gone = self.manifest.names() - new.names()
            now = time.monotonic()
            self._garbage += [(now, self.folder / name) for name in sorted(gone)]
            self.bad = {name: why for name, why in self.bad.items() if name not in gone}
            self.manifest = new
            self._unsettled += sealed
            self.settle()

    def _save(self, new: Manifest) -> None:
        assert self.folder is not None
        try:
            manifest.save(self.folder, new)
        except OSError:
            # It may be there though something failed after it: then it counts, if it is durable.
            if manifest.load(self.folder)[0] != new:
                raise
            disk.sync(self.folder)

    def settle(self) -> None:
        """Let DuckDB follow the manifest. RetryLater leaves queries as they were."""
        with self._host.lock:
            if self.shown is self.manifest and not self._unsettled:
                return
            with self._host.writing() as connection:
                for table in layout.LIVE:
                    for first, until in self._unsettled:
                        key = layout.key(table)
                        connection.execute(
                            f"DELETE FROM {layout.live(table)} WHERE {key} >= ? AND {key} < ?",
                            [first, until],
                        )
                for first, until in self._unsettled:
                    connection.execute(
                        "DELETE FROM replaced WHERE seq >= ? AND seq < ?", [first, until]
                    )
                self.show(connection)
            self.shown, self._unsettled = self.manifest, []

    def condemn(self, name: str, why: str) -> None:
        """Leave a damaged file out of every answer."""
        log.error("sealed file %s is damaged: %s", name, why)
        with self._host.lock:
            self.settle()
            self.bad[name] = why
            with self._host.writing() as connection:
                self.show(connection)

    def sweep(self) -> None:
        """Remove files that ceased to count a while ago."""
        now, kept = time.monotonic(), []
        for at, path in self._garbage:
            if now - at < SWEEP_S:
                kept.append((at, path))
            else:
                path.unlink(missing_ok=True)
        self._garbage = kept

    def prefix(self, segment: Range) -> str:
        """How names of new files of a range begin: unlike any that was ever tried."""
        self._stamp += 1
        return f"{segment[0]:012d}-{segment[1]:012d}-{self._stamp}"

    def abandon(self, prefix: str) -> None:
        """Remove files that were written and do not count."""
        assert self.folder is not None
        named = self.manifest.names() | manifest.load(self.folder)[0].names()
        for path in self.folder.glob(f"{prefix}-*"):
            if path.name not in named:
                path.unlink(missing_ok=True)

    # -- opening ----------------------------------------------------------------------------------

    def look(self, most_bytes: int) -> bool:
        """Whether files are missing or damaged that were not known to be; reads newest first."""
        if self.folder is None:
            return False
        before = len(self.bad)
        for segment in reversed(self.manifest.segments):
            for file in segment.files:
                why = wrong(self.folder, file, whole=file.size <= most_bytes)
                most_bytes -= file.size
                if why:
                    self.bad.setdefault(file.name, why)
                    log.error("sealed file %s is damaged: %s", file.name, why)
        return len(self.bad) > before

    def _forget_live(self, connection: duckdb.DuckDBPyConnection, ranges: list[Range]) -> None:
        for first, until in joined(ranges):
            for table in layout.LIVE:
                key = layout.key(table)
                connection.execute(
                    f"DELETE FROM {layout.live(table)} WHERE {key} >= ? AND {key} < ?"
                    f" AND {key} NOT IN (SELECT seq FROM replaced)",
                    [first, until],
                )

    def _remove_unnamed(self) -> None:
        if self.folder is None or self.broken:
            return
        named = self.manifest.names()
        for path in self.folder.glob("*.parquet*"):
            if path.name not in named:
                path.unlink(missing_ok=True)


def wrong(folder: Path, file: File, *, whole: bool = True) -> str:
    """What is wrong with a file, '' when nothing is; ``whole`` reads all of it."""
    path = folder / file.name
    try:
        size = path.stat().st_size
        if size != file.size:
            return f"it has {size} bytes and had {file.size}"
        if whole and disk.sha256(path) != file.sha256:
            return "its checksum is wrong"
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return ""


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges that touch or overlap as one.

    >>> joined([(5, 7), (0, 3), (3, 4)])
    [(0, 4), (5, 7)]
    """
    out: list[Range] = []
    for first, until in sorted(ranges):
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(until, out[-1][1]))
        else:
            out.append((first, until))
    return out
