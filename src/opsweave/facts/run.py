"""Runs: plans, gates, approvals and what was done."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from opsweave.facts.base import Fact


class Gate(StrEnum):
    """UNKNOWN never passes silently."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"


class GateResult(msgspec.Struct, frozen=True, kw_only=True):
    """A gate's answer with its reasons, one sentence each."""

    gate: str
    verdict: Gate
    reasons: tuple[str, ...] = ()


class ActionCall(msgspec.Struct, frozen=True, kw_only=True):
    """One action on one target. Arguments are typed values, never text to be interpolated."""

    action: str
    target: str
    arguments: dict[str, Any] = {}
    key: str = ""
    """Idempotency key: the same key never has a second effect."""


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """What an action would change: the answer of a dry run."""

    call: ActionCall
    says: str
    before: str = ""
    after: str = ""
    entities: tuple[str, ...] = ()
    """Blast radius: the entities the action can affect."""


class Predicate(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold after the actions: ``kind`` is ``alerts_resolved`` (the incident's symptoms),
    ``indicator_in_band`` (entity + indicator) or ``effect_present`` (probe of the action)."""

    kind: str
    entity: str = ""
    indicator: str = ""
    within_s: float = 90.0
    hold_s: float = 5.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is going to do. ``hash`` covers everything but itself; approvals bind to it."""

    runbook: str
    incident: str
    cause_kind: str
    calls: tuple[ActionCall, ...]
    compensations: tuple[ActionCall | None, ...]
    """Same length as ``calls``: what undoes each, or None."""
    predicates: tuple[Predicate, ...] = ()
    risk: str = "low"
    created_ns: int = 0
    says: str = ""
    hash: str = ""


class Approval(Fact, frozen=True, kw_only=True, tag="approval"):
    """Somebody's answer to a plan; bound to its hash, expires, re-checked at dispatch."""

    run: str
    plan_hash: str
    status: str = "waiting"
    """``waiting``, ``approved``, ``rejected``, ``expired``."""
    requested_by: str = "opsweave"
    principal: str = ""
    requested_ns: int = 0
    decided_ns: int | None = None
    expires_ns: int = 0
    reason: str = ""


class StepStatus(StrEnum):
    """State of one step of a run."""

    INTENT = "intent"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class StepRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What one step did, as recorded around the effect."""

    name: str
    status: StepStatus
    at_ns: int
    says: str = ""
    key: str = ""
    attempt: int = 1


class RunStatus(StrEnum):
    """State of a run."""

    PLANNED = "planned"
    WAITING = "waiting"
    ACTING = "acting"
    VERIFYING = "verifying"
    SUCCEEDED = "succeeded"
    COMPENSATED = "compensated"
    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Run(Fact, frozen=True, kw_only=True, tag="run"):
    """One execution of a pipeline, with plan, gates, diffs, steps and verification."""

    pipeline: str
    kind: str = "recovery"
    status: RunStatus = RunStatus.PLANNED
    incident: str = ""
    cause: str = ""
    plan: Plan | None = None
    gates: tuple[GateResult, ...] = ()
    diffs: tuple[Diff, ...] = ()
    approval: str = ""
    steps: tuple[StepRecord, ...] = ()
    verified: bool | None = None
    verification: tuple[str, ...] = ()
    started_ns: int = 0
    ended_ns: int | None = None
    says: str = ""
