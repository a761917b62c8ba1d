"""A JSON answer that is not cached, compressed where that saves something."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec
from litestar import Request, Response

SMALL = 2_048


def answered(request: Request[Any, Any, Any], body: object) -> Response[bytes]:
    """Records in, bytes out."""
    data = msgspec.json.encode(body)
    headers = {"cache-control": "no-store", "vary": "accept-encoding"}
    if len(data) >= SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        data = gzip.compress(data, compresslevel=1, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(data, media_type="application/json", headers=headers)
