"""What sealing must never do: change an answer, lose a row, count one twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from opsweave.kernel.errors import RetryLater
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry import Applied, Batch, DuckDBTelemetry
from opsweave.record.telemetry.schema import TABLES
from opsweave.record.telemetry.sealed import Closing, Expired, Keep, disk

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
BEGAN = 20_000 * DAY
RECORDS, ROWS = 12, 30
Again = Callable[[DuckDBTelemetry], DuckDBTelemetry]
_DEFAULTS: dict[str, Any] = {
    "int64": 1,
    "int16": 9,
    "float64": 1.0,
    "string": "",
    "bool": False,
    "list<float64>": [0.5, 1.0],
    "list<int64>": [1, 2, 3],
}


def batch_of(seq: int) -> Batch:
    """What record ``seq`` becomes: rows of every table, always the same, one record a minute."""
    tables: dict[str, Any] = {}
    for table, kinds in TABLES.items():
        columns = {name: [_DEFAULTS[kind]] * ROWS for name, kind in kinds.items()}
        columns["ts"] = [BEGAN + (seq * 60 + n) * SECOND for n in range(ROWS)]
        columns["entity"] = [f"service:a/b/{'xyz'[n % 3]}" for n in range(ROWS)]
        tables[table] = columns
    tables["points"]["metric"] = ["load"] * ROWS
    tables["points"]["value"] = [float(seq * 100 + n) for n in range(ROWS - 1)] + [float("nan")]
    return Batch(tables=tables)


def outcome_of(seq: int) -> Outcome:
    """Most are stored, some are not."""
    return {5: Outcome.DEDUPLICATED, 7: Outcome.REFUSED}.get(seq, Outcome.STORED)


def feed(store: DuckDBTelemetry, first: int = 0, until: int = RECORDS) -> None:
    """Apply records, a transaction each, as the pump would; what is there already is skipped."""
    for seq in range(first, until):
        outcome = outcome_of(seq)
        batch = batch_of(seq) if outcome is Outcome.STORED else Batch()
        applied = Applied(seq=seq, door="d", outcome=outcome, tenant="ab"[seq % 2])
        store.write([(applied, batch)], recorded_ns=BEGAN + seq * 60 * SECOND)


def content(store: DuckDBTelemetry) -> dict[str, Any]:
    """All that queries can see, in an order of its own."""
    found: dict[str, Any] = {}
    for table in TABLES:
        rows = store.query(f"SELECT * EXCLUDE (recorded_ns) FROM {table} ORDER BY ledger_seq, ts")
        found[table] = [str(row) for row in zip(*rows.values(), strict=True)]
    found["applied"] = store.query("SELECT * EXCLUDE (recorded_ns) FROM applied ORDER BY seq")
    found["outcomes"] = store.applied()
    found["part"] = store.applied(from_seq=3, to_seq=8)
    found["next"] = store.next_seq()
    return found


def closing(records: int = RECORDS, *, most_rows: int = 400) -> Closing:
    """Everything recorded before record number ``records`` is due, three records a segment."""
    return Closing(
        now_ns=BEGAN + records * 60 * SECOND,
        live_ns=0,
        segment_ns=180 * SECOND,
        most_rows=most_rows,
    )


def seal(store: DuckDBTelemetry, due: Closing | None = None) -> int:
    """Seal all that is due; the number of segments."""
    n = 0
    while store.sealer.step(due or closing()) is not None:
        n += 1
    return n


class Crash(BaseException):
    """The process ends here."""


@contextmanager
def failing(at: int, error: BaseException) -> Iterator[list[str]]:
    """The ``at``-th durable step of sealing raises; yields the steps that were begun."""
    steps: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(disk, name)

        def step(*arguments: Any) -> Any:
            steps.append(name)
            if len(steps) == at:
                raise error
            return real(*arguments)

        return step

    patches = [mock.patch.object(disk, n, counted(n)) for n in ("sync", "sha256", "rename")]
    settle = DuckDBTelemetry.writing

    def writing(store: DuckDBTelemetry) -> Any:
        steps.append("transaction")
        if len(steps) == at:
            raise error
        return settle(store)

    patches.append(mock.patch.object(DuckDBTelemetry, "writing", writing))
    with patches[0], patches[1], patches[2], patches[3]:
        yield steps


class SealingContract:
    """Needs the fixtures ``store`` (with a folder for sealed files) and ``again``."""

    def test_queries_see_sealed_and_live_rows_as_one(self, store: DuckDBTelemetry) -> None:
        feed(store)
        before = content(store)
        assert seal(store, closing(9)) == 3
        assert store.query("SELECT count(*) AS n FROM live_applied") == {"n": [RECORDS - 9]}
        assert store.sealed_until() == 9
        assert content(store) == before
        feed(store)
        assert content(store) == before, "a sealed record is not applied again"

    def test_sealing_twice_changes_nothing(self, store: DuckDBTelemetry) -> None:
        feed(store)
        assert seal(store) > 0
        before, files = content(store), store.shelf.manifest
        assert seal(store) == 0
        assert store.shelf.manifest == files
        assert content(store) == before

    def test_a_segment_ends_with_its_time_or_when_it_is_full(self, store: DuckDBTelemetry) -> None:
        feed(store)
        assert seal(store, closing(2)) == 0, "its time has not ended"
        assert seal(store, closing(2, most_rows=ROWS)) == 2, "it is full"
        assert seal(store, closing(RECORDS)) > 0
        assert [s.until for s in store.shelf.manifest.segments] == [1, 2, 3, 6, 9, 12]

    def test_what_the_ledger_needs_room_for_is_due_whatever_its_age(
        self, store: DuckDBTelemetry
    ) -> None:
        feed(store)
        young = Closing(now_ns=BEGAN + DAY, live_ns=2 * DAY, before_seq=5)
        assert store.sealer.step(young) is not None
        assert store.sealer.step(young) is None
        assert store.sealed_until() == 5

    def test_what_is_sealed_outlives_the_process(
        self, store: DuckDBTelemetry, again: Again
    ) -> None:
        feed(store)
        before = content(store)
        seal(store)
        assert content(again(store)) == before

    @pytest.mark.parametrize("kind", [Crash, OSError])
    def test_a_failure_at_any_step_loses_and_doubles_nothing(
        self, store: DuckDBTelemetry, again: Again, kind: type[BaseException]
    ) -> None:
        feed(store, until=3)
        before, due, at = content(store), closing(3), 0
        while True:
            at += 1
            with failing(at, kind(28, "no space left")) as steps:
                try:
                    done = seal(store, due)
                except (Crash, RetryLater):
                    done = -1
            assert content(store) == before, f"in the same process, after {steps}"
            found = again(store)
            refeed_until(found, 3)
            assert content(found) == before, f"in the next process, after {steps}"
            found.close()
            if done != -1:
                break
        assert at > 10, "every step failed once"
        assert store.sealed_until() == 3
        named = store.shelf.manifest.names()
        if kind is OSError:
            assert {path.name for path in sealed_files(store)} == named, "nothing is left lying"

    def test_a_replay_replaces_what_is_sealed(self, store: DuckDBTelemetry, again: Again) -> None:
        feed(store)
        seal(store)
        replay = Applied(seq=7, door="d", outcome=Outcome.STORED, replaces=True, tenant="b")
        assert store.write([(replay, batch_of(7))], recorded_ns=BEGAN + DAY) > 0
        assert store.write([(replay, batch_of(7))], recorded_ns=BEGAN + DAY) == 0
        assert store.sealed_until() == 7, "the ledger still holds what is not in a file yet"
        after = content(store)
        assert after["outcomes"] == {"stored": RECORDS - 1, "deduplicated": 1}
        assert seal(store) == 1
        assert store.sealed_until() == RECORDS
        assert content(store) == after
        assert content(again(store)) == after

    def test_samples_that_are_sealed_are_known(self, store: DuckDBTelemetry) -> None:
        def write(seq: int, tenant: str) -> int:
            applied = Applied(seq=seq, door="remote_write", outcome=Outcome.STORED, tenant=tenant)
            batch = Batch(tables={"points": batch_of(0).tables["points"]})
            return store.write([(applied, batch)], recorded_ns=BEGAN)

        assert write(0, "a") == ROWS
        assert store.sealer.step(closing()) is not None
        assert write(1, "a") == 0
        assert write(2, "b") == ROWS, "another tenant's series"

    def test_a_rebuild_is_the_sealed_files_and_the_tail(
        self, store: DuckDBTelemetry, again: Again
    ) -> None:
        feed(store)
        before = content(store)
        seal(store, closing(9))
        found = again(store)
        assert found.next_seq() >= 9
        refeed_until(found, RECORDS)
        assert content(found) == before

    def test_retention_keeps_the_arithmetic(self, store: DuckDBTelemetry) -> None:
        feed(store)
        outcomes = store.applied()
        seal(store)
        gone = expire(store, {"points": 1, "logs": 1, "spans": 1, "events": 1, "applied": 1})
        assert {item.table for item in gone} == set(TABLES)
        assert all("older" in item.why for item in gone)
        assert store.query("SELECT count(*) AS n FROM logs") == {"n": [0]}
        assert store.applied() == outcomes
        assert store.next_seq() == RECORDS
        assert sum(item.rows for item in store.shelf.manifest.expired) == 40 * ROWS

    def test_points_go_into_five_minute_values(self, store: DuckDBTelemetry, again: Again) -> None:
        feed(store)
        expected = store.query(_FIVE_MINUTES)
        assert store.query("SELECT * FROM points_5m")["ts"] == []
        seal(store)
        expire(store, {"points": 1})
        assert store.query("SELECT * FROM points") == {
            name: [] for name in store.query("SELECT * FROM points")
        }
        names = ", ".join(expected)
        found = store.query(f"SELECT {names} FROM points_5m ORDER BY tenant, entity, ts")
        assert found == expected
        assert again(store).query("SELECT count(*) AS n FROM points_5m")["n"] == [len(found["ts"])]
        expire(store, {"points_5m": 1})
        assert store.query("SELECT * FROM points_5m")["ts"] == []

    def test_each_tenant_has_its_own_retention(self, store: DuckDBTelemetry) -> None:
        feed(store)
        seal(store)
        expire(store, {"logs": 1}, tenant="a")
        assert set(store.query("SELECT tenant FROM logs")["tenant"]) == {"b"}
        assert set(store.query("SELECT tenant FROM spans")["tenant"]) == {"a", "b"}

    def test_too_much_goes_oldest_first(self, store: DuckDBTelemetry) -> None:
        feed(store)
        seal(store)
        files = [f for s in store.shelf.manifest.segments for f in s.files]
        sizes = [f.size for f in files if f.table == "spans" and f.tenant == "a"]
        gone = expire(store, {}, size={"spans": sum(sizes) - 1}, tenant="a")
        assert [(item.table, item.bytes) for item in gone] == [("spans", sizes[0])]
        assert "more than" in gone[0].why


_FIVE_MINUTES = f"""
SELECT ts - ts % {300 * SECOND} AS ts, entity, tenant, min(value) AS min, max(value) AS max,
  sum(value) AS sum, count(*) AS count, arg_max(value, points.ts) AS last
FROM points WHERE NOT isnan(value)
GROUP BY ALL ORDER BY tenant, entity, ts
"""


def refeed_until(store: DuckDBTelemetry, until: int) -> None:
    """Apply again what a new process lacks."""
    for first, last in store.scrub.uncovered(0, until):
        feed(store, first, last)


def sealed_files(store: DuckDBTelemetry) -> list[Path]:
    """Parquet files in its folder, also those that do not count."""
    assert store.shelf.folder is not None
    return sorted(store.shelf.folder.glob("*.parquet*"))


def expire(
    store: DuckDBTelemetry,
    days: dict[str, float],
    *,
    size: dict[str, int] | None = None,
    tenant: str | None = None,
) -> list[Expired]:
    """Retention of these tables, a thousand days on."""

    def rules(table: str, of: str) -> Keep:
        if tenant not in (None, of):
            return Keep()
        age = days.get(table)
        return Keep(age_ns=None if age is None else int(age * DAY), size=(size or {}).get(table))

    gone: list[Expired] = []
    while (step := store.expiry.step(rules, BEGAN + 1000 * DAY, counted_until=0)) is not None:
        gone += step
    return gone


def damage(folder: Path, pattern: str) -> Path:
    """Flip a byte in the first file whose name has ``pattern``."""
    path = next(path for path in sorted(folder.glob("*.parquet")) if pattern in path.name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.chmod(0o600)
    path.write_bytes(bytes(data))
    return path
