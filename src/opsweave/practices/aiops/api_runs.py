"""HTTP verbs for runs and approvals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from opsweave.facts import Approval, Run
from opsweave.practices.aiops.api import READ, listing, page
from opsweave.record.state import StateStore

Decide = Callable[[str, str, str, str, str], Approval]
"""(approval id, principal, decision, plan hash, reason) -> the decided approval."""


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's answer; ``plan_hash`` proves which plan they saw."""

    decision: Literal["approve", "reject"]
    plan_hash: str
    reason: str = ""


def handlers(state: StateStore, decide: Decide) -> list[HTTPRouteHandler]:
    """``runs``, ``runs/{id}``, ``approvals`` and the decision."""

    @get("/runs", opt=READ, sync_to_thread=True)
    def runs(limit: int = 100, since: str | None = None) -> dict[str, Any]:
        checked, since_ns = page(limit, since)
        return listing(state.find(Run, limit=checked, since_ns=since_ns))

    @get("/runs/{id_:str}", opt=READ, sync_to_thread=True)
    def run(id_: str) -> dict[str, Any]:
        found = state.get(Run, id_)
        if found is None:
            raise NotFoundException(f"no run {id_}")
        body: dict[str, Any] = msgspec.to_builtins(found)
        return body

    @get("/approvals", opt=READ, sync_to_thread=True)
    def approvals(limit: int = 100, status: str | None = None) -> dict[str, Any]:
        checked, _ = page(limit, None)
        return listing(state.find(Approval, limit=checked, status=[status] if status else None))

    @post("/approvals/{id_:str}", opt={"scope": "approve"}, sync_to_thread=True)
    def approval(id_: str, data: Decision, request: Request[Any, Any, Any]) -> dict[str, Any]:
        who = request.state.principal
        made = decide(id_, who.name or who.id, data.decision, data.plan_hash, data.reason)
        body: dict[str, Any] = msgspec.to_builtins(made)
        return body

    return [runs, run, approvals, approval]
