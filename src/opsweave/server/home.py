"""The page at ``/``: says what this is and where to go on. No console yet, no scripts."""

from __future__ import annotations

from importlib.resources import files

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def home() -> HTTPRouteHandler:
    """Static: the same for everybody, without a token."""
    page = files("opsweave.server").joinpath("home.html").read_bytes()

    @get("/", sync_to_thread=False)
    def show() -> Response[bytes]:
        return Response(page, media_type=MediaType.HTML, headers=_HEADERS)

    return show
