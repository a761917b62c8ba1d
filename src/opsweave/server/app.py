"""The HTTP application: doors, API handlers, health; every error is {error, field, action}."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Response, get
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from opsweave.server.auth import Auth
from opsweave.server.doors.desk import Desk, handlers
from opsweave.server.doors.discover import all_doors
from opsweave.server.origin import CheckHosts, Hosts
from opsweave.server.patience import BODY_S, BodyInTime
from opsweave.server.problems import EXCEPTION_HANDLERS


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """``degraded`` names what is wrong; ready says that requests can be taken."""

    ready: bool = True
    degraded: tuple[str, ...] = ()


class AppSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the application may be told."""

    allow_hosts: tuple[str, ...] = ()
    """Names besides loopback under which the server may be addressed."""
    max_api_body: int = 1 << 20
    """Of a body to the API, in bytes; doors have limits of their own."""
    body_s: float = BODY_S
    """For a whole body to arrive; doors wait less."""


def make_app(
    *,
    desk: Desk,
    auth: Auth,
    api_handlers: Sequence[ControllerRouterHandler] = (),
    settings: AppSettings | None = None,
    health: Callable[[], Health] = Health,
    state: dict[str, Any] | None = None,
    on_app_init: Sequence[Callable[[AppConfig], AppConfig]] = (),
) -> Litestar:
    """The application. ``state`` is reachable for API handlers as ``request.app.state``."""
    settings = settings or AppSettings()
    bodies = BodyInTime(settings.body_s)
    return Litestar(
        route_handlers=[*handlers(desk, all_doors()), *_health_handlers(health), *api_handlers],
        middleware=[CheckHosts(Hosts(settings.allow_hosts)), bodies],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        request_max_body_size=settings.max_api_body,
        state=State({**(state or {}), "auth": auth, "bodies": bodies}),
        on_app_init=list(on_app_init),
        on_shutdown=[desk.close],
        debug=False,
        logging_config=None,
    )


def _health_handlers(health: Callable[[], Health]) -> list[HTTPRouteHandler]:
    @get("/healthz", sync_to_thread=False)
    def healthz() -> Response[bytes]:
        now = health()
        return _json({"status": "degraded" if now.degraded else "ok", "degraded": now.degraded})

    @get("/readyz", sync_to_thread=False)
    def readyz() -> Response[bytes]:
        ready = health().ready
        return _json({"ready": ready}, 200 if ready else 503)

    return [healthz, readyz]


def _json(body: dict[str, Any], status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(body), status_code=status, media_type=MediaType.JSON)
