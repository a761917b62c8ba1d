"""HTTP verbs of the room."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.facts import Change, Incident
from opsweave.practices.devops.deployments import deployments_of, figures
from opsweave.record.state import StateStore


def handlers(state: StateStore) -> list[HTTPRouteHandler]:
    """``GET deployments``: records newest first, with the figures over them."""

    @get("/deployments", opt={"scope": "read"}, sync_to_thread=True)
    def deployments() -> dict[str, Any]:
        records = deployments_of(state.find(Change), state.find(Incident))
        return {
            "items": msgspec.to_builtins(records),
            "figures": msgspec.to_builtins(figures(records)),
        }

    return [deployments]
