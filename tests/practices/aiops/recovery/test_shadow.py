"""What a run did, or would have done: fixed, harmed, neither; and what is no evidence."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opsweave.facts import (
    ActionCall,
    Alert,
    Change,
    ChangeKind,
    Gate,
    GateResult,
    Incident,
    IncidentStatus,
    Label,
    Plan,
    Predicate,
    Run,
    RunStatus,
    Shadow,
    ShadowVerdict,
)
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.recovery.shadow import Ending, judged
from opsweave.practices.aiops.stages.shadow import EVERY_NS, JudgeShadow, scores
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState
from opsweave.runs.shadow import ShadowScore

CART, PAY = "service:demo/shop/cart", "service:demo/shop/pay"
FIXED, HARMED, NEITHER = ShadowVerdict.FIXED, ShadowVerdict.HARMED, ShadowVerdict.NEITHER


def s(seconds: float) -> int:
    return int(seconds * SECOND)


def run(
    id_: str = "run-1",
    action: str = "roll_back",
    target: str = CART,
    *,
    status: RunStatus = RunStatus.REFUSED,
    risk: str = "medium",
    arguments: dict[str, Any] | None = None,
    **more: Any,
) -> Run:
    plan = Plan(
        runbook=f"{action}-it",
        incident="inc-1",
        cause_kind="deployment",
        calls=(ActionCall(action=action, target=target, arguments=arguments or {}, key=id_),),
        compensations=(None,),
        predicates=(Predicate(kind="alerts_resolved", within_s=60.0),),
        risk=risk,
    )
    return Run(
        id=id_, pipeline=plan.runbook, status=status, incident="inc-1", plan=plan,
        started_ns=s(100), **more,
    )  # fmt: skip


def alert(entity: str, indicator: str, ended: float | None = 200, **more: Any) -> Alert:
    return Alert(
        id=f"{entity}{indicator}", fingerprint=indicator, source="detector", entity=entity,
        indicator=indicator, symptom=True, started_ns=s(50),
        ended_ns=None if ended is None else s(ended), **more,
    )  # fmt: skip


def change(kind: ChangeKind = ChangeKind.DEPLOYMENT, at: float = 170, **more: Any) -> Change:
    given = {"entity": CART, "outcome": "rolledback", "author": "ann"} | more
    return Change(id=f"c{at}", source="deployer", kind=kind, at_ns=s(at), **given)


def label(verdict: str, entity: str = CART, at: float = 300, by: str = "ann") -> Label:
    return Label(
        id=f"l{at}{by}", incident="inc-1", verdict=verdict, by=by, at_ns=s(at), entity=entity
    )


def said(proposal: Run, **more: Any) -> Shadow | None:
    ending = {
        "incident": Incident(id="inc-1", status=IncidentStatus.CLOSED, runs=("run-1",)),
        "alerts": [alert(CART, "latency_p95"), alert(PAY, "latency_p95")],
        "runs": [proposal],
        "changes": [],
    }
    return judged(proposal, Ending(**(ending | more)), s(400))


def verdict(proposal: Run, **more: Any) -> ShadowVerdict | None:
    found = said(proposal, **more)
    return found.verdict if found else None


VERIFIED = {"status": RunStatus.SUCCEEDED, "verified": True}


def test_another_run_that_did_the_same_and_was_verified():
    one, other = run(), run("run-2", **VERIFIED)
    found = said(one, runs=[one, other])
    assert (found.verdict, found.acted) == (FIXED, False)
    assert found.evidence[0].id == "run:state:run-2@1"
    assert verdict(one, runs=[one, run("run-2", status=RunStatus.COMPENSATED)]) is NEITHER
    assert verdict(one, runs=[one, run("run-2", arguments={"to": "1"}, **VERIFIED)]) is NEITHER


def test_a_person_who_did_the_same():
    assert verdict(run(), changes=[change()]) is FIXED
    assert verdict(run(), changes=[change(outcome="deployed")]) is NEITHER
    assert verdict(run(), changes=[change(entity=PAY)]) is NEITHER
    assert verdict(run(), changes=[change(at=130)]) is NEITHER, "it ended too long after that"
    assert verdict(run(), changes=[change(caused_by="run-7:0")]) is NEITHER


def test_a_flag_must_be_turned_the_same_way():
    flag = run(action="switch_flag", arguments={"flag": "new", "on": False})
    back = change(ChangeKind.FLAG, details={"flag": "new", "on": False})
    assert verdict(flag, changes=[back]) is FIXED
    on = change(ChangeKind.FLAG, details={"flag": "new", "on": True})
    assert verdict(flag, changes=[on]) is NEITHER


def test_what_ended_by_itself_is_neither():
    assert verdict(run()) is NEITHER
    early = [alert(CART, "latency_p95", ended=90)]
    found = said(run(), alerts=early, changes=[change(at=80)])
    assert (found.verdict, found.says) == (NEITHER, "the symptoms had ended before it could act")


def test_a_healthy_thing_would_have_been_disturbed():
    one, cure = run(action="restart"), run("run-2", "restart", PAY, **VERIFIED)
    found = said(one, runs=[one, cure])
    assert found.verdict is HARMED
    assert "cart was healthy" in found.says and found.evidence[0].id == "run:state:run-2@1"


def test_what_is_gentle_or_not_well_itself_is_not_harmed():
    cure = run("run-2", "restart", PAY, **VERIFIED)
    gentle = run(action="scale", risk="low")
    assert verdict(gentle, runs=[gentle, cure]) is NEITHER
    sick = [alert(CART, "self_time_p95"), alert(PAY, "latency_p95")]
    one = run(action="restart")
    assert verdict(one, runs=[one, cure], alerts=sick) is NEITHER


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([label("right_cause", PAY)], HARMED),
        ([label("right_cause", CART)], NEITHER),
        ([label("wrong_cause", CART)], HARMED),
        ([label("wrong_cause", PAY)], NEITHER),
        ([label("noise")], HARMED),
        ([label("wrong_cause", CART, 300), label("right_cause", CART, 310)], NEITHER),
    ],
)
def test_what_people_say_counts_and_their_last_word_does(labels, expected):
    assert verdict(run(), labels=labels) is expected


def test_no_data_is_no_verdict():
    assert said(run(), alerts=[]) is None
    assert said(run(), alerts=[alert(CART, "latency_p95", ended=None)]) is None
    assert said(run(status=RunStatus.WAITING)) is None
    assert said(run(status=RunStatus.UNKNOWN)) is None


def test_what_could_not_act_would_have_done_nothing():
    gates = (GateResult(gate="target", verdict=Gate.FAIL, reasons=("cart does not offer it",)),)
    one = msgspec.structs.replace(run(), gates=gates)
    assert verdict(one, changes=[change()]) is NEITHER


def test_what_acted_is_judged_by_what_it_did():
    assert said(run(**VERIFIED)).acted
    assert verdict(run(**VERIFIED)) is FIXED
    failed = run(status=RunStatus.COMPENSATED, verified=False)
    assert verdict(failed) is NEITHER
    assert verdict(failed, runs=[failed, run("run-2", "restart", PAY, **VERIFIED)]) is HARMED


# -- kept, and counted ----------------------------------------------------------------------------


@pytest.fixture
def store() -> IncidentStore:
    kept = IncidentStore(MemoryState())
    kept.save(
        Incident(
            id="inc-1", status=IncidentStatus.CLOSED, runs=("run-1",), alerts=("a",),
            started_ns=s(50), opened_ns=s(60),
        )
    )  # fmt: skip
    kept.state.put(msgspec.structs.replace(alert(CART, "latency_p95"), id="a"))
    kept.state.put(run())
    kept.state.put(change())
    return kept


def test_verdicts_are_facts_and_survive_a_restart(store):
    JudgeShadow(store)(Tick(now_ns=s(500)))
    (kept,) = store.state.find(Shadow)
    assert (kept.run, kept.runbook, kept.verdict) == ("run-1", "roll_back-it", FIXED)
    assert JudgeShadow(store).scores() == {"roll_back-it": ShadowScore(fixed=1)}


def test_a_label_after_the_end_changes_the_verdict(store):
    stage = JudgeShadow(store)
    stage(Tick(now_ns=s(500)))
    store.state.put(label("noise", at=510))
    stage(Tick(now_ns=s(500) + EVERY_NS))
    stage(Tick(now_ns=s(520) + EVERY_NS))
    assert stage.scores() == {"roll_back-it": ShadowScore(harmed=1)}


def test_nothing_is_judged_before_the_incident_is_closed(store):
    live = msgspec.structs.replace(store.incident("inc-1"), status=IncidentStatus.EXPLAINED)
    store.save(live)
    stage = JudgeShadow(store)
    stage(Tick(now_ns=s(500)))
    assert stage.scores() == {}


def test_an_incident_counts_once_per_runbook():
    def one(number: int, incident: str, verdict: ShadowVerdict) -> Shadow:
        return Shadow(
            id=f"s{number}", run=f"r{number}", runbook="b", incident=incident, verdict=verdict
        )

    kept = [one(1, "i", FIXED), one(2, "i", NEITHER), one(3, "j", NEITHER), one(4, "k", HARMED)]
    assert scores(kept) == {"b": ShadowScore(fixed=1, harmed=1, neither=1)}


def test_the_bound_needs_many_and_nothing_proves_nothing():
    assert ShadowScore().fixed_lower is None
    assert ShadowScore(neither=5).fixed_lower == 0.0
    assert ShadowScore(fixed=5).fixed_lower < 0.6 < ShadowScore(fixed=6).fixed_lower


def test_what_a_person_ended_teaches_nothing():
    by_hand = alert(CART, "latency_p95", ended_by="bob")
    assert verdict(run(), alerts=[alert(PAY, "errors")], changes=[change()]) is FIXED
    found = said(run(), alerts=[by_hand, alert(PAY, "errors")], changes=[change()])
    assert (found.verdict, found.says) == (NEITHER, "bob ended a symptom, not its own tool")
