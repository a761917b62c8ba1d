"""What every telemetry store must do. Subclass and provide the fixtures ``store`` and ``again``.

``again(store)`` is the store that a new process finds after this one was killed at this moment.
"""

from __future__ import annotations

from typing import Any

import pytest

from opsweave.kernel.errors import RejectInput
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry.port import Applied, TelemetryStore
from opsweave.record.telemetry.schema import Batch


def points(n: int, *, first_ts: int = 0, metric: str = "m") -> Batch:
    """A batch of ``n`` gauge points, one a nanosecond."""
    row: dict[str, Any] = {
        "ts": 0,
        "entity": "service:a/b/c",
        "instance": "i",
        "metric": metric,
        "unit": "ms",
        "kind": "gauge",
        "temporality": "",
        "monotonic": False,
        "attributes": "{}",
        "value": 1.5,
        "start_ts": 0,
        "count": 1,
        "bounds": [1.0, 2.0],
        "buckets": [1, 0, 0],
    }
    columns: dict[str, Any] = {name: [value] * n for name, value in row.items()}
    columns["ts"] = list(range(first_ts, first_ts + n))
    return Batch(tables={"points": columns})


def applied(seq: int, door: str = "otlp_metrics", outcome: Outcome = Outcome.STORED) -> Applied:
    """What became of a record."""
    return Applied(seq=seq, door=door, outcome=outcome)


class TelemetryContract:
    """Behaviour shared by all backends."""

    def test_rows_come_back_with_their_record(self, store: TelemetryStore) -> None:
        assert store.write([(applied(0), points(3))], recorded_ns=7) == 3
        rows = store.query("SELECT ts, value, bounds, buckets, recorded_ns, ledger_seq FROM points")
        assert rows["ts"] == [0, 1, 2]
        assert rows["bounds"][0] == [1.0, 2.0]
        assert rows["buckets"][0] == [1, 0, 0]
        assert (rows["recorded_ns"][0], rows["ledger_seq"][0]) == (7, 0)

    def test_a_record_is_applied_once(self, store: TelemetryStore) -> None:
        batch = [(applied(0), points(3)), (applied(1), points(2))]
        assert store.write(batch, recorded_ns=1) == 5
        assert store.write(batch, recorded_ns=2) == 0
        assert store.next_seq() == 2
        assert store.applied() == {"stored": 2}

    def test_samples_of_remote_write_are_kept_once(self, store: TelemetryStore) -> None:
        store.write([(applied(0, "remote_write"), points(10))], recorded_ns=1)
        store.write([(applied(1, "remote_write"), points(10, first_ts=5))], recorded_ns=2)
        rows = store.query("SELECT rows, deduplicated_rows FROM applied ORDER BY seq")
        assert rows == {"rows": [10, 5], "deduplicated_rows": [0, 5]}

    def test_a_replay_replaces_a_refusal_but_nothing_that_was_stored(
        self, store: TelemetryStore
    ) -> None:
        store.write([(applied(0, outcome=Outcome.REFUSED), Batch())], recorded_ns=1)
        store.write([(applied(1), points(1))], recorded_ns=1)
        again = [
            (Applied(seq=n, door="d", outcome=Outcome.STORED, replaces=True), points(4))
            for n in (0, 1)
        ]
        assert store.write(again, recorded_ns=2) == 4
        assert store.applied() == {"stored": 2}

    @pytest.mark.parametrize(
        "sql",
        [
            "DROP TABLE points",
            "SELECT 1; SELECT 2",
            "COPY points TO 'x'",
            "SELECT * FROM read_csv('/etc/passwd')",
            "not sql",
            "ATTACH 'x' AS y",
            "SET lock_configuration = false",
        ],
    )
    def test_queries_only_read_the_record(self, store: TelemetryStore, sql: str) -> None:
        with pytest.raises(RejectInput):
            store.query(sql)

    def test_an_empty_answer_has_its_columns(self, store: TelemetryStore) -> None:
        assert store.query("SELECT ts, entity FROM spans") == {"ts": [], "entity": []}
