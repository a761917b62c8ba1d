from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opsweave.facts import Budget, Diff, Gate, GateResult, Run, RunStatus
from opsweave.kernel.clock import SECOND
from opsweave.runs import gates
from opsweave.runs.gates import AFTER_DRY_RUN, BEFORE, Scene, judge, merged, overall
from opsweave.runs.policy import Policy, policy_of
from opsweave.runs.shadow import ShadowScore
from opsweave.testing.actuator import CART
from opsweave.testing.gates import check_gate

from .rig import plan

NOW = 1_800_000_000 * SECOND
OFFERS = {CART: ("restart",)}
SHADOW = policy_of({"shadow": ["restart-unresponsive"]})
EARN = policy_of({"shadow": {"min_n": 5, "min_fixed_lower": 0.6, "max_harmed": 0}})


def earned(**counts: int) -> dict[str, ShadowScore]:
    return {"restart-unresponsive": ShadowScore(**counts)}


def scene(policy: dict[str, Any] | None = None, **fields: Any) -> Scene:
    return Scene(
        **{
            "plan": plan(),
            "policy": policy_of(policy or {}),
            "now_ns": NOW,
            "offers": OFFERS,
            **fields,
        }
    )


def run(status: RunStatus, *, ago_s: float = 10, incident: str = "inc-1", **fields: Any) -> Run:
    return Run(
        id=f"run-{status.value}-{ago_s}-{incident}",
        pipeline="p",
        status=status,
        incident=incident,
        plan=plan(incident=incident),
        started_ns=NOW - int(ago_s * SECOND),
        **fields,
    )


def risky(risk: str) -> Any:
    return plan(risk=risk)


@pytest.mark.parametrize("gate", [*BEFORE, *AFTER_DRY_RUN], ids=lambda g: g.__name__)
def test_every_gate_keeps_the_contract(gate: gates.Judge) -> None:
    assert check_gate(gate, scene()) is Gate.PASS
    bare = Scene(plan=plan(), policy=Policy(), now_ns=0, offers=None, budgets=None, weights=None)
    check_gate(gate, bare)
    assert gate(scene()).gate == gate.__name__


@pytest.mark.parametrize(
    ("gate", "given", "verdict"),
    [
        (gates.integrity, {"plan": msgspec.structs.replace(plan(), says="x")}, Gate.FAIL),
        (gates.target, {"offers": {CART: ("scale",)}}, Gate.FAIL),
        (gates.target, {"offers": {}}, Gate.FAIL),
        (gates.target, {"offers": None}, Gate.UNKNOWN),
        (gates.target, {"plan": plan(calls=())}, Gate.FAIL),
        (gates.risk, {"plan": risky("high"), "policy": policy_of({"max_risk": "low"})}, Gate.FAIL),
        (gates.risk, {"plan": risky("odd")}, Gate.UNKNOWN),
        (gates.error_budget, {"plan": risky("high"), "budgets": None}, Gate.UNKNOWN),
        (gates.error_budget, {"plan": risky("low"), "budgets": None}, Gate.PASS),
        (gates.track_record, {"weights": {"restart-unresponsive": 0.1}}, Gate.FAIL),
        (gates.track_record, {"weights": {"restart-unresponsive": 0.5}}, Gate.UNKNOWN),
        (gates.track_record, {"weights": None}, Gate.UNKNOWN),
        (gates.shadow, {"policy": SHADOW}, Gate.FAIL),
        (gates.shadow, {"policy": EARN}, Gate.UNKNOWN),
        (gates.shadow, {"policy": EARN, "shadows": None}, Gate.UNKNOWN),
        (gates.shadow, {"policy": EARN, "shadows": earned(fixed=5)}, Gate.UNKNOWN),
        (gates.shadow, {"policy": EARN, "shadows": earned(fixed=8)}, Gate.PASS),
        (gates.shadow, {"policy": EARN, "shadows": earned(fixed=8, neither=8)}, Gate.UNKNOWN),
        (gates.shadow, {"policy": EARN, "shadows": earned(fixed=40, harmed=1)}, Gate.UNKNOWN),
        (gates.doubt, {"history": [run(RunStatus.UNKNOWN)]}, Gate.UNKNOWN),
        (gates.doubt, {"history": [run(RunStatus.UNKNOWN, ago_s=7200)]}, Gate.PASS),
        (gates.limits, {"history": [run(RunStatus.REFUSED, ago_s=n) for n in range(9)]}, Gate.PASS),
    ],
)  # fmt: skip
def test_verdicts(gate: gates.Judge, given: dict[str, Any], verdict: Gate) -> None:
    base = {"plan": plan(), "policy": Policy(), "now_ns": NOW, "offers": OFFERS}
    assert check_gate(gate, Scene(**base | given)) is verdict


def test_spent_budget_stops_risky_plans_and_no_data_is_unknown() -> None:
    spent, empty = Budget(slo="a", at_ns=1, remaining=-0.2), Budget(slo="b", at_ns=1)
    assert (
        gates.error_budget(scene(plan=risky("high"), budgets=[spent, empty])).verdict is Gate.FAIL
    )
    assert gates.error_budget(scene(plan=risky("high"), budgets=[empty])).verdict is Gate.UNKNOWN
    fine = Budget(slo="c", at_ns=1, remaining=0.0)
    assert gates.error_budget(scene(plan=risky("high"), budgets=[fine])).verdict is Gate.PASS


def test_runs_per_incident_and_per_target_are_limited() -> None:
    three = [run(RunStatus.COMPENSATED, ago_s=9000 + n) for n in range(3)]
    answer = gates.limits(scene(history=three))
    assert answer.verdict is Gate.FAIL
    assert "inc-1" in answer.reasons[0]
    others = [run(RunStatus.SUCCEEDED, ago_s=n, incident=f"inc-{n + 2}") for n in range(4)]
    assert CART in gates.limits(scene(history=others)).reasons[0]
    old = [run(RunStatus.SUCCEEDED, ago_s=4000 + n, incident=f"inc-{n + 2}") for n in range(4)]
    assert gates.limits(scene(history=old)).verdict is Gate.PASS


def test_the_dry_run_can_show_a_wider_blast() -> None:
    call = plan().calls[0]
    wide = Diff(call=call, says="x", entities=tuple(f"service:a/b/{n}" for n in range(9)))
    assert gates.blast_radius(scene()).verdict is Gate.PASS
    assert gates.blast_radius(scene(diffs=[wide])).verdict is Gate.FAIL


def test_a_freeze_fails_unless_it_allows_the_risk() -> None:
    window = {"says": "all of 2027", "since": "2027-01-01T00:00:00Z"}
    assert gates.freeze(scene({"freeze": [window]})).reasons == ("frozen: all of 2027",)
    assert gates.freeze(scene({"freeze": [window | {"allow": ["low"]}]})).verdict is Gate.PASS


def test_fail_wins_over_unknown_and_nothing_is_unknown() -> None:
    def some(*verdicts: Gate) -> list[GateResult]:
        return [GateResult(gate=str(n), verdict=v) for n, v in enumerate(verdicts)]

    assert overall(some(Gate.PASS, Gate.UNKNOWN, Gate.FAIL)) is Gate.FAIL
    assert overall(some(Gate.PASS, Gate.UNKNOWN)) is Gate.UNKNOWN
    assert overall(some(Gate.PASS)) is Gate.PASS
    assert overall([]) is Gate.UNKNOWN


def test_the_latest_answer_of_a_gate_counts() -> None:
    first = judge(scene(), BEFORE)
    again = GateResult(gate="freeze", verdict=Gate.FAIL, reasons=("now",))
    both = merged(first, [again])
    assert len(both) == len(first)
    assert next(r for r in both if r.gate == "freeze") == again
