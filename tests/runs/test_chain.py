from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from opsweave.facts import ActionCall, Gate, Plan, Predicate, Run, RunStatus, StepStatus
from opsweave.facts.base import Fact
from opsweave.kernel.errors import RefusedByPolicy, RejectInput, RetryLater
from opsweave.record.state.memory import MemoryState
from opsweave.runs.durable import Stopping
from opsweave.runs.on_memory import MemoryDurable, MemorySteps
from opsweave.runs.policy import policy_of
from opsweave.runs.ports import EffectState
from opsweave.runs.verifying import Watcher
from opsweave.testing.actuator import CART, FakeActuator

from .rig import AUTO, SYMPTOMS, Rig, plan, two_steps


def submit(rig: Rig, made: Plan | None = None) -> Run:
    made = made or plan()
    return rig.engine.submit(made, incident=made.incident, cause="unresponsive of the cart")


def failed(run: Run) -> list[str]:
    return [g.gate for g in run.gates if g.verdict is Gate.FAIL]


def test_done_and_verified() -> None:
    rig = Rig()
    rig.heal_on("restart")
    run = submit(rig)
    assert (run.status, run.verified) == (RunStatus.SUCCEEDED, True)
    assert rig.actuator.journal == [f"{run.id}:0"]
    assert [(s.name, s.status) for s in run.steps] == [("act-0", StepStatus.DONE)]
    assert run.verification == (f"alerts_resolved: look {rig.verifier.asked} at inc-1",)
    assert run.diffs[0].says == "would restart"
    assert {g.verdict for g in run.gates} == {Gate.PASS}
    assert run.ended_ns is not None
    verbs = [entry.verb for entry in reversed(rig.state.audit_trail())]
    assert verbs == [
        "run submitted", "approval requested", "approval approved", "run acting",
        "restart done", "run verifying", "run verified", "run succeeded",
    ]  # fmt: skip
    assert rig.state.verify_audit() is None


def test_the_same_plan_is_one_run() -> None:
    rig = Rig()
    rig.heal_on("restart")
    assert submit(rig) == submit(rig)
    assert len(rig.actuator.journal) == 1


def test_a_plan_that_is_not_sealed_is_rejected() -> None:
    rig = Rig()
    with pytest.raises(RejectInput, match="plan"):
        submit(rig, msgspec.structs.replace(plan(), says="changed"))
    with pytest.raises(RejectInput, match="plan"):
        rig.engine.submit(plan(), incident="inc-2")
    assert rig.engine.live() == []


def test_it_must_hold_for_a_while() -> None:
    rig = Rig()
    looks = [True, True, False, True, True, True]

    def flap() -> None:
        rig.verifier.answer = looks.pop(0) if looks else True

    rig.actuator.on_act = lambda _when, _call: setattr(rig, "on_wait", flap)
    run = submit(rig)
    assert run.status is RunStatus.SUCCEEDED
    assert not looks


def test_not_verified_is_undone_in_reverse() -> None:
    rig = Rig()
    run = submit(rig, two_steps())
    assert (run.status, run.verified) == (RunStatus.COMPENSATED, False)
    keys = [key.removeprefix(run.id) for key in rig.actuator.journal]
    assert keys == [":0", ":1", ":1:undo", ":0:undo"]
    assert run.says.startswith("not verified, undone: alerts_resolved: look")


def test_no_data_never_counts_as_verified() -> None:
    rig = Rig()
    rig.verifier.answer = None
    assert submit(rig).status is RunStatus.FAILED


def test_what_cannot_be_undone_failed() -> None:
    rig = Rig()
    assert submit(rig).status is RunStatus.FAILED


def test_a_failed_action_undoes_what_came_before_it() -> None:
    rig = Rig()
    rig.actuator.states["scale"] = EffectState.FAILED
    run = submit(rig, two_steps())
    assert [key.removeprefix(run.id) for key in rig.actuator.journal] == [":0", ":0:undo"]
    assert run.status is RunStatus.COMPENSATED
    assert run.verified is None


def test_a_failed_compensation_is_said() -> None:
    rig = Rig()
    rig.actuator.states["deploy"] = EffectState.FAILED
    run = submit(rig, two_steps())
    assert run.status is RunStatus.FAILED
    assert "deploy failed" in run.says


def test_effects_are_probed_as_a_predicate() -> None:
    rig = Rig()
    present = Predicate(kind="effect_present", within_s=5, hold_s=0)
    rig.heal_on("restart")
    run = submit(rig, plan(predicates=(SYMPTOMS, present)))
    assert run.verification[1] == "effect_present: every effect is in place"


def test_a_target_that_loses_the_answer_is_probed() -> None:
    rig = Rig()
    rig.verifier.answer = False

    def lose(when: str, _call: ActionCall) -> None:
        if when == "after":
            rig.verifier.answer = True
            raise RetryLater("lost")

    rig.actuator.on_act = lose
    run = submit(rig)
    assert run.status is RunStatus.SUCCEEDED
    assert len(rig.actuator.journal) == 1


def test_foreign_code_that_breaks_is_probed_too() -> None:
    rig = Rig()
    rig.heal_on("restart")
    heal = rig.actuator.on_act

    def broken(when: str, call: ActionCall) -> None:
        heal(when, call)
        if when == "after":
            raise KeyError("not ours")

    rig.actuator.on_act = broken
    assert submit(rig).status is RunStatus.SUCCEEDED
    assert len(rig.actuator.journal) == 1


def test_neither_repeatable_nor_probeable_after_a_lost_answer_is_unknown() -> None:
    rig = Rig(actuator=FakeActuator(repeatable=False, probeable=False))

    def lose(when: str, _call: ActionCall) -> None:
        if when == "after":
            raise RetryLater("lost")

    rig.actuator.on_act = lose
    run = submit(rig)
    assert run.status is RunStatus.UNKNOWN
    assert len(rig.actuator.journal) == 1
    assert "a person must look" in run.says


def test_an_unknown_run_keeps_policy_from_approving_the_next() -> None:
    rig = Rig(actuator=FakeActuator(repeatable=False, probeable=False))
    rig.actuator.on_act = lambda when, _call: _lose(when)
    assert submit(rig).status is RunStatus.UNKNOWN
    rig.policy = policy_of({"approval": {"mode": "auto", "expires_s": 30}})
    rig.restarted()
    run = submit(rig, plan(incident="inc-2"))
    assert run.status is RunStatus.REFUSED
    assert next(g for g in run.gates if g.gate == "doubt").verdict is Gate.UNKNOWN
    assert "expired" in run.says


def _lose(when: str) -> None:
    if when == "after":
        raise RetryLater("lost")


def test_a_target_that_is_never_reached_failed_and_nothing_was_done() -> None:
    rig = Rig()
    rig.on_wait = lambda: None
    away = rig.actuator

    def leave(when: str, _call: ActionCall) -> None:
        raise RetryLater("lost before")

    away.on_act = leave
    run = submit(rig)
    assert run.status is RunStatus.UNKNOWN  # it was sent, nobody answered: who knows
    assert away.journal == []


def test_an_action_that_the_target_rejects_failed() -> None:
    rig = Rig()

    def reject(_when: str, _call: ActionCall) -> None:
        raise RejectInput("no such version", field="version")

    rig.actuator.on_act = reject
    run = submit(rig)
    assert run.status is RunStatus.FAILED
    assert "no such version" in run.says


@pytest.mark.parametrize(
    ("policy", "gate"),
    [
        ({"max_risk": "low"}, "risk"),
        ({"shadow": ["restart-unresponsive"]}, "shadow"),
        ({"freeze": [{"says": "ever", "since": "2000-01-01T00:00:00Z"}]}, "freeze"),
        ({"blast_radius": {"max_entities": 2}}, "blast_radius"),
    ],
)
def test_a_failed_gate_refuses_and_nothing_is_done(policy: dict[str, object], gate: str) -> None:
    rig = Rig(policy=policy_of({"approval": {"mode": "auto", "max_risk": "high"}} | policy))
    rig.actuator.entities = ("service:demo/shop/edge", "service:demo/shop/checkout")
    run = submit(rig, plan(risk="medium"))
    assert run.status is RunStatus.REFUSED
    assert failed(run) == [gate]
    assert rig.actuator.journal == []


def test_a_dry_run_that_the_target_refuses_ends_it() -> None:
    rig = Rig()
    rig.actuator.away = True
    run = submit(rig)
    assert run.status is RunStatus.REFUSED
    assert failed(run) == ["dry_run"]


LONG = {"mode": "ask", "expires_s": 900}


def asking(answer: Callable[[Rig, Run], None], **policy: object) -> tuple[Rig, Run]:
    """A run of which ``answer`` is called while it waits for a person."""
    rig = Rig(policy=policy_of({"approval": {"mode": "ask", "expires_s": 20}, **policy}))
    rig.heal_on("restart")

    def waits() -> None:
        for run in rig.engine.live():
            if run.status is RunStatus.WAITING:
                answer(rig, run)

    rig.on_wait = waits
    return rig, submit(rig)


def decide(word: str, principal: str = "ann", digest: str = "") -> Callable[[Rig, Run], None]:
    def answer(rig: Rig, run: Run) -> None:
        given = digest or (run.plan.hash if run.plan else "")
        rig.engine.decide(run.approval, principal, word, given, "because")

    return answer


def test_a_person_approves() -> None:
    _, run = asking(decide("approve"))
    assert run.status is RunStatus.SUCCEEDED


def test_a_person_rejects() -> None:
    rig, run = asking(decide("reject"))
    assert run.status is RunStatus.REFUSED
    assert rig.actuator.journal == []


def test_nobody_answers() -> None:
    rig, run = asking(lambda _rig, _run: None)
    assert run.status is RunStatus.REFUSED
    assert sum(rig.waits) == pytest.approx(20, abs=1)


def test_opsweave_does_not_approve_what_it_asks() -> None:
    def try_it(rig: Rig, run: Run) -> None:
        with pytest.raises(RefusedByPolicy):
            decide("approve", principal="opsweave")(rig, run)

    _, run = asking(try_it)
    assert run.status is RunStatus.REFUSED


def test_nobody_decides_under_the_name_of_the_policy() -> None:
    def try_it(rig: Rig, run: Run) -> None:
        with pytest.raises(RefusedByPolicy, match="the policy's own name"):
            decide("approve", principal="policy:auto")(rig, run)

    _, run = asking(try_it)
    assert run.status is RunStatus.REFUSED


def test_a_plan_changed_after_the_approval_is_not_dispatched() -> None:
    def approve_then_change(rig: Rig, run: Run) -> None:
        decide("approve")(rig, run)
        other = plan(calls=(ActionCall(action="deploy", target=CART),))
        rig.state.put(msgspec.structs.replace(rig.engine.get(run.id), plan=other))

    rig, run = asking(approve_then_change)
    assert run.status is RunStatus.REFUSED
    assert failed(run) == ["approval"]
    assert rig.actuator.journal == []


class _Dies(BaseException):
    """The process is gone."""


class _DiesAfterDispatch(MemoryDurable):
    """Once, between the recorded dispatch and the first effect."""

    died = False

    def _execute(self, run_id: str) -> None:
        steps, durable = MemorySteps(self.answers[run_id]), self

        class Dying(MemorySteps):
            def run(self, name: str, body: Callable[[], str]) -> str:
                if name == "act-0" and not durable.died:
                    durable.died = True
                    raise _Dies
                return steps.run(name, body)

        assert self._chain is not None
        if run_id not in self.finished:
            self._chain(Dying({}), run_id)
            self.finished.add(run_id)


@pytest.mark.parametrize(("later", "acts"), [(1.0, True), (86_400.0, False)])
def test_an_approval_that_lapsed_while_the_process_was_dead(later: float, acts: bool) -> None:
    rig = Rig(durable=_DiesAfterDispatch())
    rig.heal_on("restart")
    with pytest.raises(_Dies):
        submit(rig)
    rig.clock.advance(later)
    rig.restarted()
    (run,) = rig.engine.of_incident("inc-1")
    assert len(rig.actuator.journal) == acts
    assert run.status is (RunStatus.SUCCEEDED if acts else RunStatus.FAILED)
    assert acts or "nothing was done: the approval expired" in run.says


def test_a_plan_altered_under_its_old_hash_is_not_dispatched() -> None:
    def approve_then_alter(rig: Rig, run: Run) -> None:
        decide("approve")(rig, run)
        assert run.plan is not None
        other = msgspec.structs.replace(run.plan, calls=(ActionCall(action="deploy", target=CART),))
        rig.state.put(msgspec.structs.replace(rig.engine.get(run.id), plan=other))

    rig, run = asking(approve_then_alter)
    assert run.status is RunStatus.REFUSED
    assert rig.actuator.journal == []


def test_what_resolved_by_itself_is_left_alone() -> None:
    def approve_late(rig: Rig, run: Run) -> None:
        rig.verifier.answer = True
        decide("approve")(rig, run)

    rig, run = asking(approve_late)
    assert run.status is RunStatus.REFUSED
    assert failed(run) == ["need"]
    assert rig.actuator.journal == []


def test_nobody_is_asked_any_more_once_it_has_resolved_by_itself() -> None:
    rig, run = asking(lambda rig, _run: setattr(rig.verifier, "answer", True), approval=LONG)
    assert (run.status, failed(run)) == (RunStatus.REFUSED, ["need"])
    assert sum(rig.waits) < 40
    with pytest.raises(RefusedByPolicy, match="expired"):
        decide("approve")(rig, run)


def test_risk_above_the_policy_asks_a_person() -> None:
    rig = Rig(policy=policy_of({"approval": {"mode": "auto", "max_risk": "low", "expires_s": 5}}))
    assert submit(rig, plan(risk="medium")).status is RunStatus.REFUSED
    rig = Rig(policy=AUTO)
    rig.heal_on("restart")
    assert submit(rig, plan(risk="medium")).status is RunStatus.SUCCEEDED


def test_a_leased_target_is_waited_for_and_then_refused() -> None:
    rig = Rig()
    rig.heal_on("restart")
    holder = Run(id="run-other", pipeline="p", status=RunStatus.ACTING, started_ns=1)
    rig.state.put(holder)
    from opsweave.runs.lease import Lease

    rig.state.put(Lease(id=CART, holder=holder.id))
    run = submit(rig)
    assert run.status is RunStatus.REFUSED
    assert failed(run) == ["lease"]
    assert sum(rig.waits) == pytest.approx(30, abs=1)

    rig.on_wait = lambda: rig.state.put(
        msgspec.structs.replace(holder, status=RunStatus.SUCCEEDED, ended_ns=2)
    )
    assert submit(rig, plan(incident="inc-2")).status is RunStatus.SUCCEEDED


def test_a_full_state_store_is_waited_for() -> None:
    rig = Rig(state=FullState())
    rig.heal_on("restart")
    rig.on_wait = lambda: setattr(rig.state, "full", False)
    assert submit(rig).status is RunStatus.SUCCEEDED
    assert len(rig.actuator.journal) == 1
    assert rig.waits


class FullState(MemoryState):
    """Cannot be written from the intent on until it is told so."""

    full = False

    def put(self, fact: Fact) -> None:
        if isinstance(fact, Run) and fact.steps and not hasattr(self, "told"):
            self.full = self.told = True
        if self.full:
            raise RetryLater("the disk is full")
        super().put(fact)


def test_a_bug_of_ours_ends_as_unknown_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Watcher, _run_id: str) -> tuple[bool, tuple[str, ...]]:
        raise ZeroDivisionError

    monkeypatch.setattr(Watcher, "watch", broken)
    run = submit(Rig())
    assert run.status is RunStatus.UNKNOWN
    assert run.gates[-1].gate == "step verify"
    assert "ZeroDivisionError" in run.gates[-1].reasons[0]


def test_an_execution_that_ended_without_a_word_is_said() -> None:
    rig = Rig()
    rig.heal_on("restart")
    run = submit(rig)
    rig.state.put(msgspec.structs.replace(run, status=RunStatus.ACTING, ended_ns=None))
    rig.restarted()
    assert rig.engine.get(run.id).status is RunStatus.UNKNOWN


def test_after_a_restart_verification_has_more_time() -> None:
    rig = Rig(durable=Interrupted())
    with pytest.raises(Stopping):
        submit(rig)
    (run,) = rig.engine.live()
    assert run.status is RunStatus.VERIFYING
    rig.clock.advance(300)
    rig.waits.clear()
    rig.on_wait = lambda: setattr(rig.verifier, "answer", sum(rig.waits) > 100)
    rig.restarted()
    assert rig.engine.get(run.id).status is RunStatus.SUCCEEDED
    assert rig.actuator.journal == [f"{run.id}:0"]


class Interrupted(MemoryDurable):
    """The process stops once, before verification has looked for the first time."""

    stops = True

    def _execute(self, run_id: str) -> None:
        if self.stops:
            self.stops = False
            chain, answers = self._chain, self.answers[run_id]
            assert chain is not None
            chain(StoppingSteps(answers), run_id)
        else:
            super()._execute(run_id)


class StoppingSteps(MemorySteps):
    def run(self, name: str, body: Callable[[], str]) -> str:
        if name == "verify":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Watcher, "watch", _stop)
                return super().run(name, body)
        return super().run(name, body)


def _stop(_self: Watcher, _run_id: str) -> tuple[bool, tuple[str, ...]]:
    raise Stopping
