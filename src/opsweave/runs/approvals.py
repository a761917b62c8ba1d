"""Approvals: bound to the hash of the exact plan, expiring, checked again at dispatch."""

from __future__ import annotations

import threading

import msgspec

from opsweave.facts import Approval, Plan
from opsweave.kernel.clock import SECOND, Clock, iso
from opsweave.kernel.errors import RefusedByPolicy, RejectInput
from opsweave.kernel.ids import content_hash
from opsweave.record.state import StateStore
from opsweave.runs.plan import intact
from opsweave.runs.policy import ApprovalRule

WAITING, APPROVED, REJECTED, EXPIRED = "waiting", "approved", "rejected", "expired"
_DECISIONS = {"approve": APPROVED, "reject": REJECTED}


class Approvals:
    """Verbs over Approval facts."""

    def __init__(self, state: StateStore, clock: Clock) -> None:
        self._state, self._clock = state, clock
        self._lock = threading.RLock()

    def request(self, run_id: str, plan: Plan, rule: ApprovalRule, by: str) -> Approval:
        """The approval of this run for this plan: asked for now, or before a crash."""
        now = self._clock.now_ns()
        approval = Approval(
            id=f"approval-{content_hash(run_id, plan.hash, length=18)}",
            run=run_id,
            plan_hash=plan.hash,
            requested_by=by,
            requested_ns=now,
            expires_ns=now + int(rule.expires_s * SECOND),
        )
        with self._lock, self._state.transaction():
            if self._state.put_new(approval):
                self._audit(by, "approval requested", approval, plan.says)
        return self.get(approval.id)

    def get(self, id_: str) -> Approval:
        """As it stands now. RejectInput when there is none."""
        approval = self._state.get(Approval, id_)
        if approval is None:
            raise RejectInput(f"no approval {id_!r}", field="id", action="list the approvals")
        if approval.status == WAITING and self._clock.now_ns() >= approval.expires_ns:
            return self._expire(approval)
        return approval

    def decide(
        self, id_: str, principal: str, decision: str, plan_hash: str, reason: str
    ) -> Approval:
        """The decided approval; the same decision twice is one."""
        if decision not in _DECISIONS:
            raise RejectInput(
                f"{decision!r} is no decision", field="decision", action="approve or reject"
            )
        with self._lock, self._state.transaction():
            approval = self.get(id_)
            status = _DECISIONS[decision]
            if approval.status == status and approval.principal == principal:
                return approval
            self._check(approval, principal, plan_hash)
            approval = msgspec.structs.replace(
                approval,
                status=status,
                principal=principal,
                decided_ns=self._clock.now_ns(),
                reason=reason,
            )
            self._state.put(approval)
            self._audit(principal, f"approval {status}", approval, reason)
        return approval

    def withdraw(self, id_: str, why: str) -> None:
        """Nobody needs to answer any more."""
        with self._lock, self._state.transaction():
            approval = self.get(id_)
            if approval.status == WAITING:
                self._expire(approval, why)

    def refusal(self, id_: str, plan: Plan) -> str | None:
        """Why this approval does not let this plan be dispatched now; None when it does."""
        approval = self._state.get(Approval, id_)
        if approval is None:
            return f"there is no approval {id_}"
        if approval.status != APPROVED:
            return f"the approval is {approval.status}" + _because(approval)
        if approval.plan_hash != plan.hash or not intact(plan):
            return "the plan is not the one that was approved"
        if not approval.principal or approval.principal == approval.requested_by:
            return "who asks does not approve"
        if self._clock.now_ns() >= approval.expires_ns:
            return f"the approval expired at {iso(approval.expires_ns)}"
        return None

    def _check(self, approval: Approval, principal: str, plan_hash: str) -> None:
        if approval.status != WAITING:
            says = f"the approval is {approval.status} already" + _because(approval)
            raise RefusedByPolicy(says, reasons=("an approval is decided once, in time",))
        if plan_hash != approval.plan_hash:
            raise RejectInput(
                "is not the hash of the plan to be decided",
                field="plan_hash",
                action="look at the plan again",
            )
        if not principal or principal == approval.requested_by:
            raise RefusedByPolicy(
                f"{principal or 'nobody'} cannot decide on what {approval.requested_by} asked",
                reasons=("who asks does not approve",),
            )

    def _expire(self, approval: Approval, why: str = "nobody answered in time") -> Approval:
        with self._lock, self._state.transaction():
            expired = msgspec.structs.replace(approval, status=EXPIRED, reason=why)
            self._state.put(expired)
            self._audit("opsweave", "approval expired", expired, why)
        return expired

    def _audit(self, principal: str, verb: str, approval: Approval, says: str) -> None:
        self._state.audit(
            at_ns=self._clock.now_ns(),
            principal=principal,
            verb=verb,
            object_=approval.id,
            says=f"{approval.run}, plan {approval.plan_hash[:12]}: {says}",
        )


def _because(approval: Approval) -> str:
    by = f" by {approval.principal}" if approval.principal else ""
    return by + (f": {approval.reason}" if approval.reason else "")
