"""Telemetry in DuckDB: one writer, batches that are applied once, readers on cursors."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from opsweave.kernel.errors import Bug, RejectInput, RetryLater
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry.columns import arrow, projection
from opsweave.record.telemetry.mark import Mark
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.reading import READ_ONLY, fetched, one_read, refuse_copy, within
from opsweave.record.telemetry.remote_write import REMOTE_WRITE, insert_samples
from opsweave.record.telemetry.schema import TABLES, Batch
from opsweave.record.telemetry.sealed import Expiry, Scrub, Sealer, Shelf, layout

log = logging.getLogger("opsweave.telemetry")

MEMORY = ":memory:"
MAX_ROWS = 1_000_000
MAX_SEQ = (1 << 63) - 1
_REPLACEABLE = (Outcome.REFUSED.value, Outcome.GENERIC.value)
_MACHINE = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.TransactionException,
)
_READING = (duckdb.InvalidInputException, duckdb.SerializationException, duckdb.InternalException)


class DuckDBTelemetry:
    """The store over one DuckDB file (or memory). Raises RetryLater when the disk is full."""

    def __init__(
        self,
        path: Path | str,
        *,
        sealed: Path | None = None,
        memory_limit: str = "192MB",
        threads: int = 1,
    ) -> None:
        """``sealed``: the folder for Parquet files; by default ``sealed`` beside the file."""
        self._path = str(path)
        if sealed is None and self._path != MEMORY:
            sealed = Path(path).with_name("sealed")
        self._options: dict[str, Any] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "max_temp_directory_size": "2GB",
        }
        self.lock = threading.RLock()
        self.replacements = 0
        self._closed = False
        self.shelf = Shelf(self, sealed)
        self.scrub = Scrub(self, self.shelf)
        self.sealer = Sealer(self, self.shelf, lambda: self.scrub.missing)
        self.expiry = Expiry(self, self.shelf)
        self._connection = self._connect()
        self.mark = None if self._path == MEMORY else Mark(Path(f"{self._path}.mark"))

    def _connect(self) -> duckdb.DuckDBPyConnection:
        options = dict(self._options)
        if self._path != MEMORY:
            options["temp_directory"] = f"{self._path}.tmp"
        connection = duckdb.connect(self._path, config=options)
        if self.shelf.folder is not None:
            folder = str(self.shelf.folder).replace("'", "''")
            connection.execute(f"SET allowed_directories = ['{folder}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            self._prepare(connection)
        except duckdb.Error:
            # A sealed file whose very footer is damaged stops the views from being made.
            if not self.shelf.look(sys.maxsize):
                raise
            self._prepare(connection)
        return connection

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("BEGIN")
        try:
            layout.prepare(connection)
            self.shelf.open(connection)
            connection.execute("COMMIT")
        except duckdb.Error:
            with suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own, for what takes long."""
        return self._connection.cursor()

    # -- writing --------------------------------------------------------------------------------

    def write(self, items: Sequence[tuple[Applied, Batch]], *, recorded_ns: int) -> int:
        """Apply ledger records in one transaction; a ``seq`` already applied is skipped whole."""
        with self.lock, self._changing(items) as connection:
            fresh = self._unapplied(connection, items)
            stored = {a.seq: sum(b.rows(t) for t in TABLES) for a, b in fresh}
            repeated = dict.fromkeys(stored, 0)
            for tenant in sorted({a.tenant for a, _ in fresh}):
                own = [(a, b) for a, b in fresh if a.tenant == tenant]
                plain = [(a.seq, b) for a, b in own if a.door != REMOTE_WRITE]
                for table in TABLES:
                    self._insert(connection, table, plain, recorded_ns, tenant)
                for applied, batch in own:
                    if applied.door == REMOTE_WRITE:
                        kept = insert_samples(connection, self.shelf, applied, batch, recorded_ns)
                        repeated[applied.seq] = stored[applied.seq] - kept
                        stored[applied.seq] = kept
            if fresh:
                self._note(connection, [a for a, _ in fresh], stored, repeated, recorded_ns)
        if fresh and self.mark is not None:
            self.mark.note(max(applied.seq for applied, _ in fresh) + 1)
        return sum(stored.values())

    def _changing(
        self, items: Sequence[tuple[Applied, Batch]]
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        if any(applied.replaces for applied, _ in items):
            # Else the live rows of a replay would go with those that have just been sealed.
            self.shelf.settle()
        return self.writing()

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
                a.tenant,
            )
            for a in applied
        ]
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        flat = [value for row in rows for value in row]
        connection.execute(f"INSERT INTO live_applied VALUES {places}", flat)

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction; rolled back whole on any error."""
        try:
            self._connection.execute("BEGIN")
        except duckdb.Error as error:
            self._reopen()
            raise RetryLater(f"the telemetry store was reopened: {error}", after_s=1.0) from error
        committing = done = False
        try:
            yield self._connection
            committing = True
            self._connection.execute("COMMIT")
            done = True
        except duckdb.Error as error:
            # What fails in COMMIT is the disk, whatever DuckDB calls it, never the record.
            if committing or isinstance(error, _MACHINE):
                raise RetryLater(
                    f"the telemetry store cannot write: {error}", after_s=5.0
                ) from error
            raise Bug(f"telemetry: {error}") from error
        finally:
            if not done:
                self._roll_back()

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
        with self.lock:
            if self._connection is failed and not self._closed:
                self._reopen()

    def _unapplied(
        self, connection: duckdb.DuckDBPyConnection, items: Sequence[tuple[Applied, Batch]]
    ) -> list[tuple[Applied, Batch]]:
        if not items:
            return []
        low, high = min(a.seq for a, _ in items), max(a.seq for a, _ in items)
        # The view also reads what is sealed, which takes time and is hardly ever asked for.
        table = "applied" if any(a.replaces for a, _ in items) else "live_applied"
        known: dict[int, str] = dict(
            connection.execute(
                f"SELECT seq, outcome FROM {table} WHERE seq BETWEEN ? AND ?", [low, high]
            ).fetchall()
        )
        fresh: dict[int, tuple[Applied, Batch]] = {}
        for applied, batch in items:
            outcome = known.get(applied.seq)
            sealed = self.shelf.manifest.covers(applied.seq)
            if outcome is not None or sealed:
                if not (applied.replaces and outcome in _REPLACEABLE):
                    continue
                self._replace(connection, applied.seq, sealed=sealed)
            fresh.setdefault(applied.seq, (applied, batch))
        return list(fresh.values())

    def _replace(self, connection: duckdb.DuckDBPyConnection, seq: int, *, sealed: bool) -> None:
        self.replacements += 1
        for table in layout.LIVE:
            key = layout.key(table)
            connection.execute(f"DELETE FROM {layout.live(table)} WHERE {key} = ?", [seq])
        if sealed:
            connection.execute("INSERT INTO replaced VALUES (?) ON CONFLICT DO NOTHING", [seq])
            self.shelf.show(connection)

    @staticmethod
    def _insert(
        connection: duckdb.DuckDBPyConnection,
        table: str,
        items: Sequence[tuple[int, Batch]],
        recorded_ns: int,
        tenant: str,
    ) -> None:
        columns, rows = arrow(table, items, recorded_ns)
        if not rows:
            return
        connection.register("incoming", columns)
        try:
            connection.execute(
                f"INSERT INTO {layout.live(table)}"
                f" SELECT {projection(table)}, recorded_ns, ledger_seq, ? FROM incoming",
                [tenant],
            )
        finally:
            connection.unregister("incoming")

    # -- reading --------------------------------------------------------------------------------

    def applied(self, *, from_seq: int = 0, to_seq: int | None = None) -> dict[str, int]:
        """Number of applied ledger records by outcome, from ``from_seq`` to before ``to_seq``."""
        until = MAX_SEQ if to_seq is None else to_seq
        with self.lock, _readable(), self.cursor() as cursor:
            cursor.execute(READ_ONLY)
            total = self.shelf.outcomes(cursor, from_seq, until)
            live = cursor.execute(
                "SELECT outcome, count(*) FROM live_applied WHERE seq >= ? AND seq < ?"
                " GROUP BY outcome",
                [from_seq, until],
            ).fetchall()
            pending = self._pending_again(cursor, from_seq, until)
        for outcome, n in live:
            total[outcome] = total.get(outcome, 0) + n
        return total | ({Outcome.PENDING.value: pending} if pending else {})

    def _pending_again(self, cursor: duckdb.DuckDBPyConnection, first: int, until: int) -> int:
        """Records that were lost with a damaged sealed file and are not applied again yet."""
        total = 0
        for low, high in self.scrub.missing:
            low, high = max(low, first), min(high, until)
            if low < high:
                row = cursor.execute(
                    "SELECT count(*) FROM live_applied WHERE seq >= ? AND seq < ?", [low, high]
                ).fetchone()
                total += high - low - (int(row[0]) if row else 0)
        return total

    def next_seq(self) -> int:
        """The first ledger sequence number that has not been applied."""
        # Live rows first: what is sealed between the two questions is then seen by the second.
        return max(self.live_until(), self.shelf.manifest.reached)

    def live_until(self) -> int:
        """After the last record that is applied and still live; 0 when there is none."""
        rows = self.query("SELECT coalesce(max(seq) + 1, 0) AS n FROM live_applied")
        return int(rows["n"][0])

    def sealed_until(self) -> int:
        """Every record before this one is in a sealed file: the ledger need not hold it."""
        with self.lock, _readable(), self.cursor() as cursor:
            row = cursor.execute("SELECT min(seq) FROM replaced").fetchone()
        unbroken = self.shelf.manifest.unbroken
        return min(unbroken, int(row[0])) if row and row[0] is not None else unbroken

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
            self.scrub.suspected = True
            raise RetryLater(f"the telemetry store cannot be read: {error}") from error
        except duckdb.Error as error:
            self.scrub.suspected |= isinstance(error, _READING)
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
            refuse_copy(cursor, statement, parameters)
            cursor.execute(statement, list(parameters))
            names = [column[0] for column in cursor.description or ()]
            return names, fetched(cursor, limit, max_bytes)

    def check(self) -> str | None:
        """Read everything once, so that a damaged block is found now; None when all is well."""
        try:
            for table in layout.LIVE:
                self._connection.execute(
                    f"SELECT bit_xor(hash(t)) FROM {layout.live(table)} AS t"
                ).fetchall()
        except duckdb.Error as error:
            return str(error)
        return None

    def close(self) -> None:
        """Checkpoint and close."""
        with self.lock:
            self._closed = True
            self._connection.close()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise RetryLater(f"the telemetry store cannot be read: {error}") from error


def _unanswerable(error: duckdb.Error) -> RejectInput:
    return RejectInput(str(error), field="sql", action="correct the query")
