"""Whatever a reader can open asks telemetry for a bounded time only."""

from __future__ import annotations

import pytest

from opsweave.kernel.errors import RejectInput
from opsweave.server.bounded import BoundedTelemetry
from opsweave.server.evidence import EvidenceResolver

PATHS = (
    "overview",
    "map",
    "record",
    "record/unparsed",
    "incidents",
    "recovery",
    "delivery",
    "reliability",
    "explore/metrics",
    "explore/logs",
    "explore/traces",
    "explore/events",
    "entities/service:prod/shop/cart",
    "changes/dep/1",
    "incidents/inc-1",
    "recovery/runs/run-1",
)


def test_every_page_and_evidence_bounds_its_questions(shop, monkeypatch) -> None:
    store, bounds = shop.assembly.stores.telemetry, []
    ask = store.query

    def query(*args, timeout_s=None, **more):
        bounds.append((timeout_s, args[0][:90]))
        return ask(*args, timeout_s=timeout_s, **more)

    monkeypatch.setattr(store, "query", query)
    for path in PATHS:
        shop.page(path)
    resolver = EvidenceResolver(shop.assembly.stores.state, shop.assembly.asked)
    resolver.resolve("spans:telemetry:service:a/b/c@0-9999999999999999999")
    assert len(bounds) > len(PATHS) / 2
    # The store's own count of what it has applied looks at one short table.
    asked = [(bound, sql) for bound, sql in bounds if "live_applied" not in sql]
    assert not [sql for bound, sql in asked if bound is None or bound > 10]


def test_what_takes_too_long_is_refused(shop) -> None:
    asked = BoundedTelemetry(shop.assembly.stores.telemetry)
    with pytest.raises(RejectInput, match="longer than"):
        asked.query("SELECT count(*) FROM range(100000000) a, range(100000000) b", timeout_s=0.05)
