"""Queries of somebody else: they read, and they are bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsweave.kernel.errors import RejectInput
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry.duckdb_store import DuckDBTelemetry
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import Batch

ROW = "(7, 'd', 'stored', '', 1, 0, 0, 0, 'default')"
WRITES = (
    f"with x as (insert into live_applied values {ROW} returning *) select * from x",
    "with x as (delete from live_applied returning *) select * from x",
    "with x as (update live_applied set rows = 9 returning *) select * from x",
    f"explain analyze insert into live_applied values {ROW}",
    "explain analyze delete from applied",
    "explain analyze drop table applied",
    "explain analyze create table more as select 1 as n",
    "insert into live_applied select * from applied",
    "drop table points",
    (
        "select * from json_execute_serialized_sql(json_serialize_sql("
        "'with x as (delete from live_applied returning *) select * from x'))"
    ),
)
ELSEWHERE = (
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('/etc/*')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/proc/self/environ')",
    "select * from read_json('/etc/passwd')",
    "select * from parquet_scan('/etc/passwd')",
    "select getenv('HOME')",
    "attach '/tmp/other.duckdb'",
    "copy (select 1) to '/tmp/copied'",
    "explain analyze copy (select 1) to '/tmp/copied'",
    "explain analyze attach '/tmp/other.duckdb'",
    "export database '/tmp/copied'",
    "install httpfs",
    "load httpfs",
    "pragma database_list",
    "set threads = 4",
    "explain analyze set memory_limit = '8GB'",
    "use memory",
    "vacuum",
    "checkpoint",
    "prepare p as select 1",
    "call pragma_version()",
    "select 1; select 2",
    "",
)
ENDLESS = (
    "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
    "select count(*) from range(1000000000) as a, range(1000000) as b",
    "select * from range(100000000000) as t(a) order by a desc",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDBTelemetry]:
    made = DuckDBTelemetry(tmp_path / "telemetry.duckdb")
    made.write([(Applied(seq=1, door="d", outcome=Outcome.STORED), Batch())], recorded_ns=1)
    yield made
    made.close()


@pytest.mark.parametrize("sql", [*WRITES, *ELSEWHERE])
def test_only_reading_and_only_here(store: DuckDBTelemetry, sql: str) -> None:
    with pytest.raises(RejectInput):
        store.query(sql, limit=10, timeout_s=5.0)
    assert store.applied() == {"stored": 1}
    assert store.query("select rows from applied") == {"rows": [0]}
    assert store.query("select count(*) as n from points") == {"n": [0]}
    store.write([(Applied(seq=2, door="d", outcome=Outcome.STORED), Batch())], recorded_ns=2)


@pytest.mark.parametrize("sql", ENDLESS)
def test_time_is_bounded(store: DuckDBTelemetry, sql: str) -> None:
    with pytest.raises(RejectInput, match="longer than"):
        store.query(sql, limit=10, timeout_s=0.2)


def test_an_answer_is_bounded_in_bytes(store: DuckDBTelemetry) -> None:
    wide = "select a from (select repeat('x', 10000) as a), range(10000)"
    with pytest.raises(RejectInput, match="the answer is larger"):
        store.query(wide, limit=10_000, max_bytes=2_000_000)
    found = store.query("select * from range(1000) as t(n)", limit=130, max_bytes=5_000)
    assert found == {"n": list(range(130))}


@pytest.mark.parametrize(
    "sql",
    [
        "select * from " + "(select * from " * 100 + "points" + ")" * 100,
        "select ')))', " + "[" * 100 + "1" + "]" * 100,
        "select 1" + " union all select 1" * 10_000,
        "(" * 500_000,
    ],
)
def test_text_that_would_overflow_the_parser(store: DuckDBTelemetry, sql: str) -> None:
    with pytest.raises(RejectInput, match="brackets"):
        store.query(sql, limit=10)
