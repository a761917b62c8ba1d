"""A store from before there was sealing, and who may write beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from opsweave.kernel.errors import RejectInput
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.record.telemetry.schema import TABLES
from opsweave.record.telemetry.sealed import layout
from opsweave.testing.sealing import closing, content, feed, seal


def old_store(path: Path) -> None:
    """Tables as they were: no tenant, names that are views now."""
    connection = duckdb.connect(str(path))
    for table in (*TABLES, "applied"):
        columns = ", ".join(
            f'"{name}" {kind}' for name, kind in layout.COLUMNS[table].items() if name != "tenant"
        )
        unique = ", PRIMARY KEY (seq)" if table == "applied" else ""
        connection.execute(f"CREATE TABLE {table} ({columns}{unique})")
    connection.execute("INSERT INTO applied VALUES (0, 'd', 'stored', '', 1, 0, 0, 5)")
    connection.execute(
        "INSERT INTO points (ts, entity, metric, value, ledger_seq) VALUES (5, 'e', 'm', 1.5, 0)"
    )
    connection.close()


def test_a_store_from_before_is_taken_over(tmp_path: Path) -> None:
    old_store(tmp_path / "t.duckdb")
    for _ in range(2):
        store = DuckDBTelemetry(tmp_path / "t.duckdb")
        assert store.next_seq() == 1
        assert store.applied() == {"stored": 1}
        found = store.query("SELECT entity, value, tenant FROM points")
        assert found == {"entity": ["e"], "value": [1.5], "tenant": ["default"]}
        store.close()
    store = DuckDBTelemetry(tmp_path / "t.duckdb")
    feed(store, 1)
    before = content(store)
    assert seal(store, closing(9)) > 0
    assert content(store) == before
    store.close()


JSON = "select * from json_execute_serialized_sql(json_serialize_sql('{}'))"
INDIRECT = (
    "select * from query('select * from json_execute_' || 'serialized_sql(json_serialize_sql("
    "''{}''))')"
)


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{folder}/evil.parquet'",
        "explain analyze copy (select 1) to '{folder}/evil.parquet'",
        "EXPLAIN /* */ ANALYZE copy (select 1) to '{folder}/evil.parquet'",
        "explain (analyze) copy (select 1) to '{folder}/evil.parquet'",
        "explain (analyze, format json) copy (select 1) to '{folder}/evil.parquet'",
        "with x as (copy (select 1) to '{folder}/evil.parquet') select 1",
        "explain analyze with x as (copy (select 1) to '{folder}/evil.parquet') select 1",
        "with x as materialized (copy (select 1) to '{folder}/evil.parquet') select * from x",
        JSON.format("with x as (copy (select 1) to ''{folder}/evil'') select 1"),
        INDIRECT.format("with x as (co'' || ''py (select 1) to {folder}/evil) select 1"),
        "select * from query('copy (select 1) to ''{folder}/evil.parquet''')",
        "select * from read_text('{folder}/../t.duckdb')",
        "delete from live_points",
        "create or replace view points as select 1",
    ],
)
def test_a_query_writes_no_file(tmp_path: Path, sql: str) -> None:
    store = DuckDBTelemetry(tmp_path / "t.duckdb")
    feed(store)
    seal(store)
    files = sorted(path.name for path in (tmp_path / "sealed").iterdir())
    with pytest.raises(RejectInput):
        store.query(sql.format(folder=tmp_path / "sealed"))
    assert sorted(path.name for path in (tmp_path / "sealed").iterdir()) == files
    for fine in (
        "explain select 1",
        "explain analyze select count(*) from points",
        "select 'copy', 1 as copy, 'a query _TO_FILE'",
        "select * from query('select count(*) from points')",
    ):
        assert store.query(fine)
    store.close()


def test_a_folder_with_a_quote_in_its_name(tmp_path: Path) -> None:
    store = DuckDBTelemetry(tmp_path / "it's" / "t.duckdb")
    feed(store)
    before = content(store)
    assert seal(store) > 0
    assert content(store) == before
    store.close()
