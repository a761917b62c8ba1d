"""``GET audit``: who decided and who acted, as a chain of hashes that shows an alteration."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.record.state import StateStore

MOST = 10_000


def handlers(state: StateStore) -> list[HTTPRouteHandler]:
    """``audit`` and ``audit/verify``."""

    @get("/audit", opt={"scope": "admin"}, sync_to_thread=True)
    def audit(limit: int = 100) -> dict[str, Any]:
        found = state.audit_trail(limit=max(1, min(limit, MOST)))
        return {"items": msgspec.to_builtins(found)}

    @get("/audit/verify", opt={"scope": "admin"}, sync_to_thread=True)
    def verify() -> dict[str, Any]:
        newest = state.audit_trail(limit=1)
        broken = state.verify_audit()
        return {
            "entries": newest[0].number + 1 if newest else 0,
            "intact": broken is None,
            "first_broken": broken,
        }

    return [audit, verify]
