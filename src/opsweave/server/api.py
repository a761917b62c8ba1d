"""The HTTP API under ``/api/v1``: verbs of practices and server, each behind its scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.types import ControllerRouterHandler

from opsweave.server.auth import Scope, guard

ANYONE = {"scope": "anyone"}
"""``opt`` of the few handlers that look at credentials themselves: signing in and out."""
_GUARDS = {scope.value: guard(scope) for scope in Scope}


def by_scope(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Needs the scope in the handler's ``opt["scope"]``; without one it is admin's."""
    scope = handler.opt.get("scope", Scope.ADMIN.value)
    if scope != ANYONE["scope"]:
        _GUARDS[scope](connection, handler)


def api(handlers: Sequence[ControllerRouterHandler]) -> Router:
    """All handlers below one path."""
    return Router(path="/api/v1", route_handlers=list(handlers), guards=[by_scope])
