"""``GET evidence``: the records behind a number or a claim."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from opsweave.server.evidence import EvidenceResolver


def handlers(resolver: EvidenceResolver) -> list[HTTPRouteHandler]:
    """``evidence?id=``."""

    @get("/evidence", opt={"scope": "read"}, sync_to_thread=True)
    def evidence(
        evidence_id: Annotated[str, QueryParameter(name="id", max_length=1000)],
    ) -> Response[bytes]:
        body = msgspec.json.encode(resolver.resolve(evidence_id), enc_hook=str)
        return Response(body, media_type="application/json")

    return [evidence]
