"""A body of a few kilobytes can hold millions of items: they must not take gigabytes."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from opsweave.integrations.contract import Payload
from opsweave.integrations.discover import parsers
from opsweave.integrations.documents import MAX_VALUES
from opsweave.kernel.errors import RejectInput

PARSERS = parsers()
JSON_DOORS = ("alerts", "alertmanager", "events", "webhook", "otlp_logs")


def payload(door: str, body: bytes) -> Payload:
    return Payload(door=door, content_type="application/json", body=body, received_ns=1, seq=-1)


@pytest.mark.parametrize("door", ["alerts", "events"])
def test_wrong_items_are_counted_and_not_kept(door: str) -> None:
    body = b"[" + b"1," * 20_000 + b"1]"
    tracemalloc.start()
    try:
        with pytest.raises(RejectInput):
            PARSERS[door](payload(door, body))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_good_items_stay_and_few_reasons_are_said() -> None:
    good = b'{"labels": {"alertname": "Slow", "service": "cart"}}'
    wrong = b",".join(b'{"labels": {"a": "b"}, "startsAt": "%d"}' % n for n in range(50))
    parsed = PARSERS["alerts"](payload("alerts", b"[" + good + b"," + wrong + b"]"))
    assert len(parsed.alerts) == 1
    assert parsed.rejected.n == 50
    assert 1 <= len(parsed.rejected.reasons) <= 8


@pytest.mark.parametrize("door", JSON_DOORS)
def test_too_many_values_are_refused_before_they_are_decoded(door: str) -> None:
    body = b'{"alerts": [' + b"{}," * MAX_VALUES + b"{}]}"
    tracemalloc.start()
    try:
        with pytest.raises(RejectInput, match="smaller batches"):
            PARSERS[door](payload(door, body))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("door", ["otlp_metrics", "otlp_logs", "otlp_traces", "remote_write"])
def test_empty_messages_cost_little(door: str) -> None:
    body, began = b"\n\x00" * 200_000, time.process_time()
    parsed = PARSERS[door](
        Payload(door=door, content_type="application/x-protobuf", body=body, received_ns=1, seq=-1)
    )
    assert not parsed.batch.tables
    assert time.process_time() - began < 0.6
