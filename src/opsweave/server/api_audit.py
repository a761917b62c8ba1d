"""``GET audit``: who decided and who acted, as a chain of hashes that shows an alteration."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.kernel.errors import RejectInput
from opsweave.record.state import StateStore

MOST = 10_000
LONGEST = 1 << 62


def handlers(state: StateStore) -> list[HTTPRouteHandler]:
    """``audit`` and ``audit/verify``."""

    @get("/audit", opt={"scope": "admin"}, sync_to_thread=True)
    def audit(limit: int = 100) -> dict[str, Any]:
        found = state.audit_trail(limit=max(1, min(limit, MOST)))
        return {"items": msgspec.to_builtins(found)}

    @get("/audit/verify", opt={"scope": "admin"}, sync_to_thread=True)
    def verify(head: str = "") -> dict[str, Any]:
        newest = state.audit_trail(limit=1)
        broken = state.verify_audit()
        if broken is None and head:
            broken = _cut(state, head)
        return {
            "entries": newest[0].number + 1 if newest else 0,
            "intact": broken is None,
            "first_broken": broken,
            "head": f"{newest[0].number}:{newest[0].hash}" if newest else "",
        }

    return [audit, verify]


def _cut(state: StateStore, head: str) -> int | None:
    """Number of a head noted earlier when it is not in the trail any more, None when it is.

    A chain that was cut at its end, or made anew from some entry on, fits by itself: only somebody
    who has kept an old head can tell. Raises RejectInput.
    """
    number, colon, digest = head.partition(":")
    if not (number.isdecimal() and len(number) < 19 and colon and digest):
        raise RejectInput(
            f"{head[:80]!r} is no head", field="head", action="give one that verify has shown"
        )
    trail = state.audit_trail(limit=LONGEST)
    return None if any(f"{e.number}:{e.hash}" == head for e in trail) else int(number)
