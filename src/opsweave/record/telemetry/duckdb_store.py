"""Telemetry in DuckDB: one writer, batches that are applied once, readers on cursors."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from opsweave.kernel.errors import Bug, RejectInput, RetryLater
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry.columns import arrow, ddl, projection
from opsweave.record.telemetry.mark import Mark
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.reading import READ_ONLY, fetched, one_read, within
from opsweave.record.telemetry.schema import TABLES, Batch

log = logging.getLogger("opsweave.telemetry")

_APPLIED = (
    "CREATE TABLE IF NOT EXISTS applied (seq BIGINT PRIMARY KEY, door VARCHAR, outcome VARCHAR,"
    " reason VARCHAR, rows BIGINT, deduplicated_rows BIGINT, rejected_rows BIGINT,"
    " recorded_ns BIGINT)"
)
_SERIES = "entity, instance, metric, attributes, ts"
REMOTE_WRITE = "remote_write"
_INSERT_NEW_SAMPLES = f"""
INSERT INTO points SELECT {projection("points")}, recorded_ns, ledger_seq
FROM (SELECT * FROM incoming QUALIFY row_number() OVER (PARTITION BY {_SERIES}) = 1)
ANTI JOIN (
    SELECT {_SERIES} FROM points
    WHERE ts BETWEEN (SELECT min(ts) FROM incoming) AND (SELECT max(ts) FROM incoming)
      AND ledger_seq IN (SELECT seq FROM applied WHERE door = ?)
) USING ({_SERIES})
"""
MEMORY = ":memory:"
MAX_ROWS = 1_000_000
_REPLACEABLE = (Outcome.REFUSED.value, Outcome.GENERIC.value)
_MACHINE = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.TransactionException,
)


class DuckDBTelemetry:
    """The store over one DuckDB file (or memory). Raises RetryLater when the disk is full."""

    def __init__(self, path: Path | str, *, memory_limit: str = "192MB", threads: int = 1) -> None:
        self._path = str(path)
        self._options: dict[str, Any] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "max_temp_directory_size": "2GB",
        }
        self._lock = threading.RLock()
        self._closed = False
        self._connection = self._connect()
        self.mark = None if self._path == MEMORY else Mark(Path(f"{self._path}.mark"))

    def _connect(self) -> duckdb.DuckDBPyConnection:
        options = dict(self._options)
        if self._path != MEMORY:
            options["temp_directory"] = f"{self._path}.tmp"
        connection = duckdb.connect(self._path, config=options)
        for table in TABLES:
            connection.execute(ddl(table))
        connection.execute(_APPLIED)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    # -- writing --------------------------------------------------------------------------------

    def write(self, items: Sequence[tuple[Applied, Batch]], *, recorded_ns: int) -> int:
        """Apply ledger records in one transaction; a ``seq`` already applied is skipped whole."""
        with self._lock, self._writing() as connection:
            fresh = self._unapplied(connection, items)
            plain = [(a.seq, b) for a, b in fresh if a.door != REMOTE_WRITE]
            stored = {a.seq: sum(b.rows(t) for t in TABLES) for a, b in fresh}
            repeated = dict.fromkeys(stored, 0)
            for table in TABLES:
                self._insert(connection, table, plain, recorded_ns)
            for applied, batch in fresh:
                if applied.door == REMOTE_WRITE:
                    kept = self._insert_samples(connection, applied.seq, batch, recorded_ns)
                    repeated[applied.seq] = stored[applied.seq] - kept
                    stored[applied.seq] = kept
            if fresh:
                self._note(connection, [a for a, _ in fresh], stored, repeated, recorded_ns)
        if fresh and self.mark is not None:
            self.mark.note(max(applied.seq for applied, _ in fresh) + 1)
        return sum(stored.values())

    @staticmethod
    def _note(
        connection: duckdb.DuckDBPyConnection,
        applied: Sequence[Applied],
        stored: dict[int, int],
        repeated: dict[int, int],
        recorded_ns: int,
    ) -> None:
        rows = [
            (
                a.seq,
                a.door,
                a.outcome.value,
                a.reason,
                stored[a.seq],
                repeated[a.seq],
                a.rejected_rows,
                recorded_ns,
            )
            for a in applied
        ]
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        flat = [value for row in rows for value in row]
        connection.execute(f"INSERT INTO applied VALUES {places}", flat)

    @contextmanager
    def _writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction; rolled back whole on any error."""
        try:
            self._connection.execute("BEGIN")
        except duckdb.Error as error:
            self._reopen()
            raise RetryLater(f"the telemetry store was reopened: {error}", after_s=1.0) from error
        committing = False
        try:
            yield self._connection
            committing = True
            self._connection.execute("COMMIT")
        except duckdb.Error as error:
            self._roll_back()
            # What fails in COMMIT is the disk, whatever DuckDB calls it, never the record.
            if committing or isinstance(error, _MACHINE):
                raise RetryLater(
                    f"the telemetry store cannot write: {error}", after_s=5.0
                ) from error
            raise Bug(f"telemetry: {error}") from error

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:
            self._reopen()

    def _reopen(self) -> None:
        """After a fatal error DuckDB refuses everything until the file is opened anew."""
        log.warning("telemetry: reopening %s", self._path)
        try:
            self._connection.close()
            self._connection = self._connect()
        except duckdb.Error as error:
            raise RetryLater(f"the telemetry store does not open: {error}", after_s=5.0) from error

    def _revive(self, failed: duckdb.DuckDBPyConnection) -> None:
        """For readers: the writer gave the connection up (a full disk); it may be well by now."""
        with self._lock:
            if self._connection is failed and not self._closed:
                self._reopen()

    @staticmethod
    def _unapplied(
        connection: duckdb.DuckDBPyConnection, items: Sequence[tuple[Applied, Batch]]
    ) -> list[tuple[Applied, Batch]]:
        if not items:
            return []
        low, high = min(a.seq for a, _ in items), max(a.seq for a, _ in items)
        rows = connection.execute(
            "SELECT seq, outcome FROM applied WHERE seq BETWEEN ? AND ?", [low, high]
        ).fetchall()
        known = dict(rows)
        fresh: dict[int, tuple[Applied, Batch]] = {}
        for applied, batch in items:
            outcome = known.get(applied.seq)
            if outcome is not None:
                if not (applied.replaces and outcome in _REPLACEABLE):
                    continue
                connection.execute("DELETE FROM applied WHERE seq = ?", [applied.seq])
                for table in TABLES:
                    connection.execute(f"DELETE FROM {table} WHERE ledger_seq = ?", [applied.seq])
            fresh.setdefault(applied.seq, (applied, batch))
        return list(fresh.values())

    @staticmethod
    def _insert(
        connection: duckdb.DuckDBPyConnection,
        table: str,
        items: Sequence[tuple[int, Batch]],
        recorded_ns: int,
    ) -> None:
        columns, rows = arrow(table, items, recorded_ns)
        if not rows:
            return
        connection.register("incoming", columns)
        try:
            connection.execute(
                f"INSERT INTO {table} SELECT {projection(table)}, recorded_ns, ledger_seq"
                " FROM incoming"
            )
        finally:
            connection.unregister("incoming")

    @staticmethod
    def _insert_samples(
        connection: duckdb.DuckDBPyConnection, seq: int, batch: Batch, recorded_ns: int
    ) -> int:
        """Points of remote write: a sample of a series that is there already is left out."""
        columns, rows = arrow("points", [(seq, batch)], recorded_ns)
        if not rows:
            return 0
        connection.register("incoming", columns)
        try:
            result = connection.execute(_INSERT_NEW_SAMPLES, [REMOTE_WRITE]).fetchone()
        finally:
            connection.unregister("incoming")
        return int(result[0]) if result else 0

    # -- reading --------------------------------------------------------------------------------

    def applied(self, *, from_seq: int = 0, to_seq: int | None = None) -> dict[str, int]:
        """Number of applied ledger records by outcome, from ``from_seq`` to before ``to_seq``."""
        rows = self.query(
            "SELECT outcome, count(*) AS n FROM applied"
            " WHERE seq >= ? AND (?::BIGINT IS NULL OR seq < ?) GROUP BY outcome",
            [from_seq, to_seq, to_seq],
        )
        return dict(zip(rows["outcome"], rows["n"], strict=True))

    def next_seq(self) -> int:
        """The first ledger sequence number that has not been applied."""
        rows = self.query("SELECT coalesce(max(seq) + 1, 0) AS n FROM applied")
        return int(rows["n"][0])

    def query(
        self,
        sql: str,
        parameters: Sequence[Any] = (),
        *,
        limit: int = MAX_ROWS,
        timeout_s: float | None = None,
        max_bytes: int | None = None,
    ) -> dict[str, list[Any]]:
        """Columns by name of a read-only query, at most ``limit`` rows. Raises RejectInput."""
        asked = self._connection
        try:
            try:
                names, rows = self._answer(sql, parameters, limit, timeout_s, max_bytes)
            except (duckdb.ConnectionException, duckdb.FatalException):
                self._revive(asked)
                names, rows = self._answer(sql, parameters, limit, timeout_s, max_bytes)
        except duckdb.InterruptException as error:
            raise RejectInput(
                f"the query took longer than {timeout_s:g} s",
                field="sql",
                action="ask for less, for example a shorter time",
            ) from error
        except (
            duckdb.IOException,
            duckdb.FatalException,
            duckdb.ConnectionException,
        ) as error:
            raise RetryLater(f"the telemetry store cannot be read: {error}") from error
        except duckdb.Error as error:
            raise _unanswerable(error) from error
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return {name: list(column) for name, column in zip(names, columns, strict=True)}

    def _answer(
        self,
        sql: str,
        parameters: Sequence[Any],
        limit: int,
        timeout_s: float | None,
        max_bytes: int | None,
    ) -> tuple[list[str], list[Any]]:
        statement = one_read(sql)
        with self._connection.cursor() as cursor, within(cursor, timeout_s):
            cursor.execute(READ_ONLY)
            cursor.execute(statement, list(parameters))
            names = [column[0] for column in cursor.description or ()]
            return names, fetched(cursor, limit, max_bytes)

    def drop_before(self, ts: int) -> int:
        """Retention: forget rows of a time, or recorded, before ``ts``; returns how many."""
        gone = 0
        with self._lock, self._writing() as connection:
            for table in TABLES:
                row = connection.execute(
                    f"DELETE FROM {table} WHERE ts < ? OR recorded_ns < ?", [ts, ts]
                ).fetchone()
                gone += int(row[0]) if row else 0
        return gone

    def forget_applied(self, before_seq: int) -> None:
        """Forget the outcomes of records that the ledger no longer holds; never the newest one."""
        with self._lock, self._writing() as connection:
            connection.execute(
                "DELETE FROM applied WHERE seq < ? AND seq < (SELECT max(seq) FROM applied)",
                [before_seq],
            )

    def check(self) -> str | None:
        """Read everything once, so that a damaged block is found now; None when all is well."""
        try:
            for table in (*TABLES, "applied"):
                self._connection.execute(f"SELECT bit_xor(hash(t)) FROM {table} AS t").fetchall()
        except duckdb.Error as error:
            return str(error)
        return None

    def gaps(self) -> int:
        """Sequence numbers between the first and the last applied one that are not there."""
        rows = self.query(
            "SELECT coalesce(max(seq) - min(seq) + 1 - count(*), 0) AS n FROM applied"
        )
        return int(rows["n"][0])

    def close(self) -> None:
        """Checkpoint and close."""
        with self._lock:
            self._closed = True
            self._connection.close()


def _unanswerable(error: duckdb.Error) -> RejectInput:
    says = str(error)
    if "pytz" in says:
        return RejectInput(
            "a time with a zone cannot be shown", field="sql", action="cast it to VARCHAR"
        )
    return RejectInput(says, field="sql", action="correct the query")
