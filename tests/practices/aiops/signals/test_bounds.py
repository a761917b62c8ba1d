"""Senders who make up names: what is remembered of them is bounded."""

from __future__ import annotations

from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.signals.points import MAX_UNITS

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
