"""``GET relations``: what calls, reads and writes what, now or as it was, or was known, then."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.facts import RelationPeriod
from opsweave.graph import Graph
from opsweave.graph.history import as_of
from opsweave.kernel.clock import Clock, from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.record.state import StateStore

MOST = 10_000
MOST_PERIODS = 100_000


def handlers(graph: Graph, state: StateStore, clock: Clock) -> list[HTTPRouteHandler]:
    """``relations``; ``at`` asks for another time, ``known_at`` for what was known then."""

    @get("/relations", opt={"scope": "read"}, sync_to_thread=True)
    def relations(
        limit: int = 1000, at: str | None = None, known_at: str | None = None
    ) -> dict[str, Any]:
        if at is None and known_at is None:
            found = list(graph.snapshot().relations)
        else:
            for period in graph.take_unsaved_periods():
                state.put(period)
            periods = state.find(RelationPeriod, limit=MOST_PERIODS)
            when = clock.now_ns() if at is None else _time(at, "at")
            found = as_of(periods, when, None if known_at is None else _time(known_at, "known_at"))
        found.sort(key=lambda one: (-one.valid_from_ns, one.source, one.target))
        return {"items": msgspec.to_builtins(found[: max(1, min(limit, MOST))])}

    return [relations]


def _time(text: str, field: str) -> int:
    try:
        return from_iso(text)
    except ValueError as error:
        raise RejectInput(
            f"{text!r} is no time", field=field, action="write ISO 8601, for example with Z"
        ) from error
