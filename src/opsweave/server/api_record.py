"""HTTP verbs over the record: the ledger's counts, what no parser understood, queries."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from opsweave.kernel.errors import RejectInput
from opsweave.record.ledger.port import Ledger, Outcome
from opsweave.record.telemetry.reading import MAX_ANSWER
from opsweave.server.counts import counts
from opsweave.server.mask import masked
from opsweave.server.pump import Pump
from opsweave.server.retention import read_dropped
from opsweave.server.stores import Stores

MAX_ROWS = 10_000
QUERY_S = 10.0
LONGEST = 19
"""Digits of a number of the ledger."""
_PREVIEW = 500
_UNUSABLE = (
    "select seq, door, outcome, reason, rejected_rows from applied"
    " where outcome in (?, ?) or rejected_rows > 0 order by seq desc"
)


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One SELECT over points, logs, spans, events, applied."""

    sql: str
    limit: int = MAX_ROWS


class Replay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records to parse again: by number, by part of the reason, or all."""

    seqs: list[int] | None = None
    ids: list[str] | None = None
    """The same as text, as rows of a table are named."""
    reason: str | None = None


def handlers(stores: Stores, pump: Pump) -> list[HTTPRouteHandler]:
    """``ledger``, ``ledger/verify``, ``ledger/unparsed``, ``ledger/replay``, ``query``."""
    folder, ledger, telemetry = stores.folder, stores.ledger, stores.telemetry

    def arithmetic() -> dict[str, Any]:
        found = counts(ledger, telemetry, read_dropped(folder.ledger))
        body: dict[str, Any] = msgspec.to_builtins(found)
        return body

    @get("/ledger", opt={"scope": "read"}, sync_to_thread=True)
    def ledger_counts() -> dict[str, Any]:
        return arithmetic()

    @get("/ledger/verify", opt={"scope": "admin"}, sync_to_thread=True)
    def verify() -> dict[str, Any]:
        readable, damaged = ledger.verify()
        if stores.damaged:
            says = f"telemetry: {stores.damaged} (opsweave up rebuilds it from the ledger)"
            damaged = (*damaged, says)
        return {**arithmetic(), "readable": readable, "damaged": damaged}

    @post("/query", opt={"scope": "admin"}, sync_to_thread=True, status_code=200)
    def query(data: Query) -> Response[bytes]:
        limit = max(1, min(data.limit, MAX_ROWS))
        columns = telemetry.query(
            data.sql, limit=limit + 1, timeout_s=QUERY_S, max_bytes=MAX_ANSWER
        )
        found = len(next(iter(columns.values()), ()))
        body = {
            "columns": {name: values[:limit] for name, values in columns.items()},
            "rows": min(found, limit),
            "truncated": found > limit,
        }
        encoded = msgspec.json.encode(body, enc_hook=str)
        return Response(encoded, media_type="application/json")

    return [ledger_counts, verify, query, *_unparsed(stores, pump)]


def _unparsed(stores: Stores, pump: Pump) -> list[HTTPRouteHandler]:
    @get("/ledger/unparsed", opt={"scope": "admin"}, sync_to_thread=True)
    def unparsed(limit: int = 100) -> dict[str, Any]:
        limit = max(1, min(limit, 1000))
        rows = stores.telemetry.query(_UNUSABLE, [Outcome.REFUSED, Outcome.GENERIC], limit=limit)
        names, columns = list(rows), list(rows.values())
        items = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        return {"items": [with_payload(stores.ledger, item) for item in items]}

    @post("/ledger/replay", opt={"scope": "admin"}, sync_to_thread=True, status_code=200)
    def replay(data: Replay) -> dict[str, Any]:
        done = pump.replay(_chosen(data), reason=data.reason)
        return {
            "tried": done.tried,
            "now_stored": done.now_stored,
            "still": [{"seq": seq, "reason": reason} for seq, reason in done.still.items()],
        }

    return [unparsed, replay]


def _chosen(data: Replay) -> list[int] | None:
    if data.ids is None:
        return data.seqs
    if not all(id_.isdecimal() and len(id_) < LONGEST for id_ in data.ids):
        raise RejectInput("holds what is no number", field="ids", action="take them from a list")
    return [*(data.seqs or ()), *map(int, data.ids)]


def with_payload(ledger: Ledger, item: dict[str, Any]) -> dict[str, Any]:
    """The row with how its payload begins, as long as the ledger holds it."""
    for record in ledger.read(item["seq"], limit=1):
        if record.seq == item["seq"]:
            text = record.body[: 4 * _PREVIEW].decode("utf-8", "replace")
            item |= {
                "content_type": record.content_type,
                "bytes": len(record.body),
                "preview": masked(text)[:_PREVIEW],
            }
    return item
