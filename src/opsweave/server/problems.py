"""Errors as HTTP: every error body is ``{"error", "field", "action"}``."""

from __future__ import annotations

import logging
import math
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from opsweave.kernel.errors import (
    NeedCredentials,
    NotThere,
    OpsweaveError,
    OutcomeUnknown,
    RefusedByPolicy,
    RejectInput,
    RetryLater,
)

log = logging.getLogger("opsweave.server")

_HTTP_ACTIONS = {
    404: "look the path up in the reference of the HTTP API",
    405: "use the method that the reference of the HTTP API names",
    413: "send smaller bodies",
    415: "set Content-Type to one that this path accepts",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An error as it is answered."""

    status: int
    error: str
    field: str = ""
    action: str = ""
    retry_after_s: float | None = None

    def headers(self) -> dict[str, str]:
        """Retry-After in whole seconds; the challenge that a 401 owes."""
        out = {"www-authenticate": 'Bearer realm="opsweave"'} if self.status == 401 else {}
        if self.retry_after_s is not None:
            out["retry-after"] = str(max(1, math.ceil(self.retry_after_s)))
        return out

    def body(self) -> dict[str, str]:
        return {"error": self.error, "field": self.field, "action": self.action}


def problem_of(error: OpsweaveError) -> Problem:
    """How an error of ours is answered: the status follows from what the caller can do next."""
    if isinstance(error, RejectInput):
        status = 404 if isinstance(error, NotThere) else 400
        return Problem(status=status, error=error.says, field=error.field, action=error.action)
    if isinstance(error, NeedCredentials):
        return Problem(
            status=401,
            error=str(error),
            field="Authorization",
            action="create a token with opsweave token create",
        )
    if isinstance(error, RefusedByPolicy):
        return Problem(
            status=403,
            error=str(error),
            field=", ".join(error.reasons),
            action="use a token or an address that the rule allows",
        )
    if isinstance(error, RetryLater):
        return Problem(
            status=503,
            error=str(error),
            action="send the same request again later",
            retry_after_s=error.after_s,
        )
    if isinstance(error, OutcomeUnknown):
        return Problem(status=409, error=str(error), action="a person must look at the target")
    return Problem(status=500, error="an internal error", action="report it with the server's log")


def response_of(problem: Problem) -> Response[bytes]:
    """The problem as a JSON response."""
    return Response(
        msgspec.json.encode(problem.body()),
        status_code=problem.status,
        media_type="application/json",
        headers=problem.headers(),
    )


def _ours(_: Request[Any, Any, Any], error: OpsweaveError) -> Response[bytes]:
    problem = problem_of(error)
    if problem.status == 500:
        log.error("internal error", exc_info=error)
    return response_of(problem)


def _http(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    extra: Any = error.extra
    where = ""
    if isinstance(extra, list) and extra and isinstance(extra[0], dict):
        where = str(extra[0].get("key", ""))
    action = _HTTP_ACTIONS.get(error.status_code, "correct the request")
    if error.status_code == 404 and error.detail.startswith("no "):
        action = "list what there is"
    return response_of(
        Problem(
            status=error.status_code,
            error=error.detail or "the request was refused",
            field=where,
            action=action,
        )
    )


def _unexpected(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("internal error", exc_info=error)
    return response_of(problem_of(OpsweaveError()))


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    OpsweaveError: _ours,
    HTTPException: _http,
    500: _unexpected,
}
