"""HTTP verbs for runs and approvals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from opsweave.facts import Approval, Run, Shadow
from opsweave.practices.aiops.api import READ, listing, page
from opsweave.practices.aiops.learn import Priors
from opsweave.practices.aiops.recovery.runbook import Runbook
from opsweave.record.state import StateStore
from opsweave.runs.shadow import ShadowScore

Scores = Callable[[], Mapping[str, ShadowScore]]
Decide = Callable[[str, str, str, str, str], Approval]
"""(approval id, principal, decision, plan hash, reason) -> the decided approval."""


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's answer; ``plan_hash`` proves which plan they saw."""

    decision: Literal["approve", "reject"]
    plan_hash: str
    reason: str = ""


def handlers(
    state: StateStore,
    decide: Decide,
    *,
    runbooks: Sequence[Runbook] = (),
    scores: Scores = dict,
    priors: Callable[[], Priors] = Priors,
) -> list[HTTPRouteHandler]:
    """``runs``, ``runs/{id}``, ``runbooks``, ``approvals`` and the decision."""

    def told(run: Run) -> dict[str, Any]:
        """The run, what it did or would have done, and how its runbook does in shadow."""
        body: dict[str, Any] = msgspec.to_builtins(run)
        verdict = state.get(Shadow, f"shadow-{run.id}")
        body["shadow"] = msgspec.to_builtins(verdict) if verdict is not None else None
        body["runbook_shadow"] = scores().get(run.pipeline, ShadowScore()).told()
        return body

    @get("/runs", opt=READ, sync_to_thread=True)
    def runs(limit: int = 100, since: str | None = None) -> dict[str, Any]:
        checked, since_ns = page(limit, since)
        found = state.find(Run, limit=checked, since_ns=since_ns)
        return {"items": [told(run) for run in found]}

    @get("/runs/{id_:str}", opt=READ, sync_to_thread=True)
    def run(id_: str) -> dict[str, Any]:
        found = state.get(Run, id_)
        if found is None:
            raise NotFoundException(f"no run {id_}")
        return told(found)

    @get("/runbooks", opt=READ, sync_to_thread=True)
    def books() -> dict[str, Any]:
        shadows, weights = scores(), priors().runbook_weights()
        return {
            "items": [
                {
                    "name": book.name,
                    "says": book.says,
                    "causes": [kind.value for kind in book.causes],
                    "risk": book.risk,
                    "order": book.order,
                    "weight": round(weights.get(book.name, 1.0), 4),
                    "shadow": shadows.get(book.name, ShadowScore()).told(),
                }
                for book in runbooks
            ]
        }

    @get("/approvals", opt=READ, sync_to_thread=True)
    def approvals(limit: int = 100, status: str | None = None) -> dict[str, Any]:
        checked, _ = page(limit, None)
        return listing(state.find(Approval, limit=checked, status=[status] if status else None))

    @post("/approvals/{id_:str}", opt={"scope": "approve"}, sync_to_thread=True)
    def approval(id_: str, data: Decision, request: Request[Any, Any, Any]) -> dict[str, Any]:
        by = request.state.principal.who
        made = decide(id_, by, data.decision, data.plan_hash, data.reason)
        body: dict[str, Any] = msgspec.to_builtins(made)
        return body

    return [runs, run, books, approvals, approval]
