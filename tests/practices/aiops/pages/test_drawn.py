"""Indicators drawn again from the record are those that the loop made while it arrived."""

from __future__ import annotations

import pytest
from tests.practices.aiops.signals.rows import CART, DB, T0, at, batch, counter, gauge, log, span

from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.pages.drawn import Drawn, Key, band, drawn, window
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry import MemoryTelemetry
from opsweave.record.telemetry.port import Applied

LONG = 60


@pytest.fixture(scope="module")
def rows():
    """A minute: two requests a second, each with a call to the database, counters and lines."""
    spans, lines = [], []
    for n in range(2 * LONG):
        ms = 40 + n % 7
        spans.append(span(n / 2, ms, f"s{n}", error=n % 10 == 0, trace_id=f"t{n}"))
        call = {"parent": f"s{n}", "kind": "client", "peer": DB, "trace_id": f"t{n}"}
        spans.append(span(n / 2, ms - 30, f"c{n}", **call))
        lines.append(log(n / 2, "served", 17 if n % 4 == 0 else 9))
    points = [counter(n, 3.0 * n) for n in range(0, LONG, 5)]
    points += [gauge(n, 4.0 + n % 2, attributes='{"pool":"a"}') for n in range(LONG)]
    return batch(spans=spans, logs=lines, points=points)


@pytest.fixture(scope="module")
def telemetry(rows) -> MemoryTelemetry:
    store = MemoryTelemetry()
    applied = Applied(seq=0, door="otlp", outcome=Outcome.STORED)
    store.write([(applied, rows)], recorded_ns=T0)
    return store


@pytest.fixture(scope="module")
def made(rows) -> dict[tuple[str, str, str], list[float]]:
    """What the loop's own signals say, by series."""
    builder = SignalBuilder()
    builder.feed(rows)
    found: dict[tuple[str, str, str], list[float]] = {}
    for frame in builder.close(at(LONG + 10)):
        for key, value in frame.values.items():
            found.setdefault(tuple(key), []).append(value)
    return found


@pytest.mark.parametrize(
    ("indicator", "peer", "loose"),
    [
        ("requests", "", 0.01),
        ("error_ratio", "", 0.1),
        ("latency_p50", "", 0.05),
        ("latency_p95", "", 0.05),
        ("self_time_p95", "", 0.05),
        ("client_requests", DB, 0.01),
        ("client_latency_p95", DB, 0.1),
        ("logs", "", 0.01),
        ("error_logs", "", 0.2),
        ("rate(orders)", "", 0.01),
        ("pool{pool=a}", "", 0.1),
    ],
)
def test_drawn_again_it_is_what_the_loop_saw(telemetry, made, indicator, peer, loose):
    seen = made[CART, indicator, peer]
    line = drawn(telemetry, Key(CART, indicator, peer), window(at(5), at(LONG - 5), 5))
    assert len(line.x_ms) == len(line.y) == 5
    assert line.n > 0
    middle = sum(seen) / len(seen)
    for value in line.y:
        assert value == pytest.approx(middle, rel=loose, abs=loose)


def test_a_heartbeat_is_one_or_nothing(telemetry):
    line = drawn(telemetry, Key(CART, "heartbeat"), window(at(0), at(2 * LONG), 12))
    assert line.y == (1.0,) * 6 + (0.0,) * 6


@pytest.mark.parametrize(
    ("indicator", "says"),
    [
        ("slo:cart answers", "made while data arrives"),
        ("log_template:7", "made while data arrives"),
        ("nothing.such", "The record holds no nothing.such"),
        ("self_time_p95", "The record holds no requests"),
        ("heartbeat", "Nothing of"),
    ],
)
def test_what_cannot_be_drawn_says_why(telemetry, indicator, says):
    line = drawn(telemetry, Key("service:a/b/none", indicator), window(at(0), at(60), 10))
    assert line.y == ()
    assert says in line.missing


def test_labels_pick_one_series(telemetry):
    over = window(at(0), at(60), 10)
    assert drawn(telemetry, Key(CART, "pool{pool=b}"), over).missing
    assert (
        drawn(telemetry, Key(CART, "pool"), over).y
        == drawn(telemetry, Key(CART, "pool{pool=a}"), over).y
    )


def test_no_more_buckets_than_asked_each_of_whole_five_seconds():
    for length in (1, 60, 3_600, 86_400):
        over = window(at(0), at(length), 240)
        assert over.buckets <= 241
        assert over.step_ns % (5 * SECOND) == 0


def test_a_band_is_made_of_what_came_before():
    x_ms = tuple(at(5 * k) / 1e6 for k in range(20))
    line = Drawn(x_ms, tuple(10.0 + k % 3 if k < 10 else 99.0 for k in range(20)), "ms", 20)
    found = band(line, at(50))
    assert found is not None
    assert 0 <= found.low < 10
    assert 12 < found.high < 20
    assert band(line, at(15)) is None, "too little came before"
