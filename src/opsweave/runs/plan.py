"""Plans: what exactly was approved, and the keys under which it is done."""

from __future__ import annotations

import msgspec

from opsweave.facts import ActionCall, Plan
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import content_hash

_encoder = msgspec.json.Encoder(order="sorted")


def plan_hash(plan: Plan) -> str:
    """SHA-256 over everything in the plan but the hash and the keys, which follow from it.

    >>> a = Plan(runbook="r", incident="i", cause_kind="load", calls=(), compensations=())
    >>> plan_hash(a) == plan_hash(msgspec.structs.replace(a, says="other"))
    False
    """
    plan = _stored(plan)
    bare = msgspec.structs.replace(
        plan,
        hash="",
        calls=tuple(_with_key(call, "") for call in plan.calls),
        compensations=tuple(c and _with_key(c, "") for c in plan.compensations),
    )
    return content_hash(_encoder.encode(bare), length=64)


def sealed(plan: Plan) -> Plan:
    """The plan with its hash, and with the idempotency keys of the run it will become."""
    if len(plan.calls) != len(plan.compensations):
        raise RejectInput("needs one entry per call, None included", field="compensations")
    plan = _stored(plan)
    digest = plan_hash(plan)
    run = run_id_of(plan.incident, digest)
    return msgspec.structs.replace(
        plan,
        hash=digest,
        calls=tuple(_with_key(c, f"{run}:{n}") for n, c in enumerate(plan.calls)),
        compensations=tuple(
            c and _with_key(c, f"{run}:{n}:undo") for n, c in enumerate(plan.compensations)
        ),
    )


def run_id_of(incident: str, digest: str) -> str:
    """The run of a plan: the same plan for the same incident is the same run."""
    return f"run-{content_hash(incident, digest, length=18)}"


def intact(plan: Plan) -> bool:
    """Whether the hash and the keys are those of what the plan says now."""
    return bool(plan.hash) and sealed(plan) == plan


def targets_of(plan: Plan) -> tuple[str, ...]:
    """Every entity that the plan acts on, also to undo."""
    undo = (call for call in plan.compensations if call is not None)
    return tuple(dict.fromkeys(call.target for call in (*plan.calls, *undo)))


def _stored(plan: Plan) -> Plan:
    """As it comes back from a store: a whole number in a field of floats is a float, and so on."""
    return msgspec.json.decode(msgspec.json.encode(plan), type=Plan)


def _with_key(call: ActionCall, key: str) -> ActionCall:
    return msgspec.structs.replace(call, key=key)
