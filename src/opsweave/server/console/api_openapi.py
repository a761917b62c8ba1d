"""``GET openapi.json``: what this API takes and answers."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from opsweave.server.console.answer import answered
from opsweave.server.console.openapi import document


def handlers() -> list[HTTPRouteHandler]:
    """Made anew each time: it is seldom asked for."""

    @get("/openapi.json", opt={"scope": "read"}, sync_to_thread=True)
    def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        return answered(request, document(request.app))

    return [openapi]
