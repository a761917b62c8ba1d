"""HTTP verbs of the room."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.kernel.clock import Clock
from opsweave.practices.devops.deployments import figures
from opsweave.practices.devops.shipped import shipped, where_shipped
from opsweave.record.state import StateStore


def handlers(state: StateStore, clock: Clock) -> list[HTTPRouteHandler]:
    """``GET deployments``: records newest first, with the figures over them."""

    @get("/deployments", opt={"scope": "read"}, sync_to_thread=True)
    def deployments() -> dict[str, Any]:
        records = shipped(state, where_shipped(None, None), clock.now_ns()).deployments
        return {
            "items": msgspec.to_builtins(records),
            "figures": msgspec.to_builtins(figures(records)),
        }

    return [deployments]
