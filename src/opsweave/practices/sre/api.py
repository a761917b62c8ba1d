"""HTTP verbs of the room."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.practices.sre.service import SloService


def handlers(service: SloService) -> list[HTTPRouteHandler]:
    """``GET slos``: objectives with budget now and its history; no data is null."""

    @get("/slos", opt={"scope": "read"}, sync_to_thread=True)
    def slos() -> dict[str, Any]:
        return {"items": msgspec.to_builtins(service.states())}

    return [slos]
