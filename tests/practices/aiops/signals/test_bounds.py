"""Senders who make up names: what is remembered of them is bounded."""

from __future__ import annotations

import time

from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.signals.points import MAX_UNITS
from opsweave.practices.aiops.signals.spans import Span, SpanSignals

from .rows import at, batch, gauge, log


def test_names_made_up_by_senders():
    builder = SignalBuilder()
    names = range(MAX_UNITS + 5_000)
    odd = '{"k":"v"}'
    builder.feed(
        batch(
            points=[
                gauge(1, n, entity=f"service:d/s/e{n}", metric=f"m{n}", attributes=odd)
                for n in names
            ],
            logs=[log(1, "boom", 17, entity=f"service:d/s/e{n}") for n in names],
        )
    )
    (frame,) = builder.close(at(8))
    assert len(frame.units) <= MAX_UNITS
    assert len(builder._points._labels) <= MAX_UNITS
    assert len(builder._lines._grave) <= 5_000
    assert len(builder._lines._novelty._entities) <= 5_000


def span(trace: str, own: str, parent: str, kind: str) -> Span:
    return Span(1000, 10, trace, own, parent, "service:d/s/a", "i", "v", "n", kind, False, "p")


def test_ids_that_are_used_again_and_again():
    n = range(4_000)
    same = [span("t", "x", "", "server") for _ in n] + [span("t", f"{i}", "x", "client") for i in n]
    through = [
        one
        for i in n
        for one in (
            span("t", f"s{i}", "", "server"),
            span("t", "x", f"s{i}", "internal"),
            span("t", f"c{i}", "x", "client"),
        )
    ]
    traces = [
        one
        for i in n
        for one in (span(f"{i}", "x", "", "server"), span(f"{i}", f"c{i}", "x", "client"))
    ]
    for spans in (same, through, traces):
        signals, began = SpanSignals(), time.process_time()
        signals.arrive(spans, 0)
        values, _ = signals.bucket(spans, 5_000_000_000, 5_000_000_000)
        assert values["service:d/s/a", "requests", ""][1] == len(n)
        assert time.process_time() - began < 2.0
