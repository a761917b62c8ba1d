from __future__ import annotations

import msgspec
import pytest

from opsweave.facts import Approval
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import RefusedByPolicy, RejectInput
from opsweave.record.state.memory import MemoryState
from opsweave.runs.approvals import Approvals
from opsweave.runs.policy import ApprovalRule

from .rig import plan

RULE = ApprovalRule(expires_s=60)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def state() -> MemoryState:
    return MemoryState()


@pytest.fixture
def desk(state: MemoryState, clock: ManualClock) -> Approvals:
    return Approvals(state, clock)


@pytest.fixture
def asked(desk: Approvals) -> Approval:
    return desk.request("run-1", plan(), RULE, "opsweave")


def test_approved_for_this_plan(desk: Approvals, asked: Approval, state: MemoryState) -> None:
    made = desk.decide(asked.id, "ann", "approve", plan().hash, "looks right")
    assert (made.status, made.principal, made.reason) == ("approved", "ann", "looks right")
    assert desk.refusal(asked.id, plan()) is None
    assert [e.verb for e in state.audit_trail()] == ["approval approved", "approval requested"]
    assert state.verify_audit() is None


def test_the_same_request_and_the_same_decision_are_one(desk: Approvals, asked: Approval) -> None:
    assert desk.request("run-1", plan(), RULE, "opsweave") == asked
    made = desk.decide(asked.id, "ann", "approve", plan().hash, "")
    assert desk.decide(asked.id, "ann", "approve", plan().hash, "") == made
    with pytest.raises(RefusedByPolicy, match="already"):
        desk.decide(asked.id, "bob", "approve", plan().hash, "")
    with pytest.raises(RefusedByPolicy, match="already"):
        desk.decide(asked.id, "ann", "reject", plan().hash, "")


def test_another_hash_does_not_count(desk: Approvals, asked: Approval) -> None:
    with pytest.raises(RejectInput, match="plan_hash"):
        desk.decide(asked.id, "ann", "approve", "0" * 64, "")
    assert desk.get(asked.id).status == "waiting"


def test_who_asks_does_not_approve(desk: Approvals) -> None:
    asked = desk.request("run-1", plan(), RULE, "ann")
    for principal in ("ann", ""):
        with pytest.raises(RefusedByPolicy, match="cannot decide"):
            desk.decide(asked.id, principal, "approve", plan().hash, "")


def test_an_approval_expires_before_the_decision(
    desk: Approvals, asked: Approval, clock: ManualClock
) -> None:
    clock.advance(60)
    with pytest.raises(RefusedByPolicy, match="expired"):
        desk.decide(asked.id, "ann", "approve", plan().hash, "")
    assert desk.get(asked.id).status == "expired"


def test_an_approval_expires_after_the_decision(
    desk: Approvals, asked: Approval, clock: ManualClock
) -> None:
    desk.decide(asked.id, "ann", "approve", plan().hash, "")
    clock.advance(60)
    assert "expired" in (desk.refusal(asked.id, plan()) or "")


def test_a_changed_plan_is_not_approved(desk: Approvals, asked: Approval) -> None:
    desk.decide(asked.id, "ann", "approve", plan().hash, "")
    assert "not the one" in (desk.refusal(asked.id, plan(says="another")) or "")


def test_rejected_waiting_and_missing_do_not_dispatch(desk: Approvals, asked: Approval) -> None:
    assert "waiting" in (desk.refusal(asked.id, plan()) or "")
    desk.decide(asked.id, "ann", "reject", plan().hash, "too risky")
    assert desk.refusal(asked.id, plan()) == "the approval is rejected by ann: too risky"
    assert "no approval" in (desk.refusal("approval-x", plan()) or "")


def test_a_forged_approval_without_principal_does_not_dispatch(
    desk: Approvals, asked: Approval, state: MemoryState
) -> None:
    for principal in ("", "opsweave"):
        state.put(msgspec.structs.replace(asked, status="approved", principal=principal))
        assert desk.refusal(asked.id, plan()) == "who asks does not approve"


def test_unknown_ids_and_words_are_rejected(desk: Approvals, asked: Approval) -> None:
    with pytest.raises(RejectInput, match="no approval"):
        desk.decide("approval-x", "ann", "approve", plan().hash, "")
    with pytest.raises(RejectInput, match="no decision"):
        desk.decide(asked.id, "ann", "maybe", plan().hash, "")
