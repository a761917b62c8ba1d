from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opsweave.facts import ActionCall, Cause, CauseKind, Incident
from opsweave.practices.aiops.recovery.choose import Choice, Ground, choose, deed
from opsweave.practices.aiops.recovery.runbook import load_runbooks
from opsweave.runs.plan import intact

RUNBOOKS = load_runbooks()
CART, PAYMENT = "service:demo/shop/cart", "service:demo/shop/payment"
PROVIDER, JOB, DATA = "service:demo/shop/paylane", "job:demo/shop/loader", "dataset:demo/shop/rows"
MODEL, QUEUE = "model:demo/shop/fraud", "queue:demo/shop/outbox"
_ANY = ("deploy", "roll_back", "revert_configuration", "switch_flag", "restart", "purge_logs")
OFFERS = {
    CART: (*_ANY, "scale"),
    PAYMENT: (*_ANY, "scale", "open_breaker", "close_breaker", "rotate_credential"),
    JOB: (*_ANY, "stop_job"),
    DATA: ("quarantine_data", "release_data"),
    MODEL: ("switch_model_alias",),
}
NEAR = {PROVIDER: [CART, PAYMENT], QUEUE: [CART], "database:demo/shop/orders": [CART, JOB]}


def cause(kind: CauseKind, entity: str = CART, change: str | None = None, **said: str) -> Cause:
    return Cause(
        rank=1, entity=entity, indicator="memory", kind=kind, change=change,
        confidence=0.8, arguments=said, says=f"{kind.value} of {entity}",
    )  # fmt: skip


def chosen(*causes: Cause, **ground: Any) -> Choice | tuple[str, ...]:
    given: dict[str, Any] = {"offers": OFFERS, "related": lambda e: NEAR.get(e, []), "now_ns": 5}
    return choose(Incident(id="inc-1"), causes, RUNBOOKS, Ground(**(given | ground)))


def plan_of(*causes: Cause, **ground: Any) -> tuple[ActionCall, ActionCall | None]:
    choice = chosen(*causes, **ground)
    assert isinstance(choice, Choice), choice
    assert intact(choice.plan)
    assert choice.plan.incident == "inc-1"
    return choice.plan.calls[0], choice.plan.compensations[0]


K = CauseKind


@pytest.mark.parametrize(
    ("given", "action", "target", "arguments", "undo"),
    [
        (cause(K.DEPLOYMENT, change="c", version_from="1", version_to="2"),
         "roll_back", CART, {"version_to": "1"}, {"version": "2"}),
        (cause(K.DEPLOYMENT, change="c"), "roll_back", CART, {}, None),
        (cause(K.CONFIGURATION, change="c", version_from="1", version_to="2"),
         "revert_configuration", CART, {"version_to": "1"}, {"version_to": "2"}),
        (cause(K.FLAG, change="c", flag="f", on="true"),
         "switch_flag", CART, {"flag": "f", "on": False}, {"flag": "f", "on": True}),
        (cause(K.OUTSIDE, PROVIDER, target=PAYMENT, dependency=PROVIDER),
         "open_breaker", PAYMENT, {"dependency": PROVIDER}, {"dependency": PROVIDER}),
        (cause(K.OUTSIDE, PROVIDER),
         "open_breaker", PAYMENT, {"dependency": PROVIDER}, {"dependency": PROVIDER}),
        (cause(K.LOAD, "service:demo/shop/edge", target=CART),
         "scale", CART, {"by": 1}, {"by": -1}),
        (cause(K.UNRESPONSIVE), "restart", CART, {}, None),
        (cause(K.SATURATION), "restart", CART, {}, None),
        (cause(K.SATURATION, change="c", version_from="2", version_to="1"),
         "scale", CART, {"replicas": 2}, {"replicas": 1}),
        (cause(K.STORAGE), "purge_logs", CART, {}, None),
        (cause(K.CONTENTION, JOB), "stop_job", JOB, {}, None),
        (cause(K.CONTENTION, "database:demo/shop/orders"), "stop_job", JOB, {}, None),
        (cause(K.DATA, DATA, change="c", batch="b7"), "quarantine_data", DATA, {"batch": "b7"}, {}),
        (cause(K.DATA, DATA), "quarantine_data", DATA, {}, {}),
        (cause(K.MODEL, MODEL, change="c", alias="production", version_from="3", version_to="4"),
         "switch_model_alias", MODEL, {"alias": "production", "version": "3"},
         {"alias": "production", "version": "4"}),
        (cause(K.CREDENTIAL, PAYMENT), "rotate_credential", PAYMENT, {}, None),
        (cause(K.CONSUMER), "restart", CART, {}, None),
        (cause(K.CONSUMER, QUEUE), "restart", CART, {}, None),
    ],
)  # fmt: skip
def test_cause_to_action(
    given: Cause,
    action: str,
    target: str,
    arguments: dict[str, Any],
    undo: dict[str, Any] | None,
) -> None:
    call, compensation = plan_of(given)
    assert (call.action, call.target, call.arguments) == (action, target, arguments)
    assert (compensation.arguments if compensation else None) == undo
    assert compensation is None or compensation.target == target


def test_a_neighbour_is_not_restarted_for_another() -> None:
    assert isinstance(chosen(cause(K.UNRESPONSIVE, QUEUE)), tuple)


def test_the_next_cause_when_the_first_has_no_runbook_or_no_target() -> None:
    lost = cause(K.STORAGE, "host:demo/shop/gone")
    choice = chosen(cause(K.UNKNOWN), lost, cause(K.UNRESPONSIVE))
    assert isinstance(choice, Choice)
    assert choice.cause.kind is K.UNRESPONSIVE
    assert choice.passed == (
        f"no runbook for unknown of {CART}",
        "purge-logs: nobody near host:demo/shop/gone offers purge_logs",
    )


def test_nothing_is_tried_twice() -> None:
    tried = frozenset({deed(ActionCall(action="restart", target=CART))})
    answer = chosen(cause(K.UNRESPONSIVE), tried=tried)
    assert answer == ("restart-unresponsive: restart on service:demo/shop/cart was tried already",)
    roll_back = cause(K.DEPLOYMENT, change="c")
    assert plan_of(cause(K.UNRESPONSIVE), roll_back, tried=tried)[0].action == "roll_back"


def test_the_older_of_two_deployments_is_rolled_back_to_another_version() -> None:
    newer = cause(K.DEPLOYMENT, change="c2", version_from="2", version_to="3")
    older = cause(K.DEPLOYMENT, change="c1", version_from="1", version_to="2")
    first, _ = plan_of(newer, older)
    second, _ = plan_of(newer, older, tried=frozenset({deed(first)}))
    assert (first.arguments, second.arguments) == ({"version_to": "2"}, {"version_to": "1"})


def test_a_cause_whose_runbook_did_not_help_counts_half() -> None:
    tried = frozenset({deed(ActionCall(action="restart", target=CART))})
    tired = cause(K.SATURATION)  # confidence 0.8
    strong = msgspec.structs.replace(cause(K.DEPLOYMENT, change="c"), confidence=0.5)
    weak = msgspec.structs.replace(strong, confidence=0.3)
    assert plan_of(tired, strong)[0].action == "restart"
    assert plan_of(tired, strong, tried=tried)[0].action == "roll_back"
    assert isinstance(chosen(tired, tried=tried), tuple)
    pool = msgspec.structs.replace(tired, indicator="pool.wait_time")
    assert plan_of(pool, strong)[0].action == "scale"
    scaled = frozenset({deed(plan_of(pool)[0])})
    assert plan_of(pool, weak, tried=scaled)[0].action == "restart"
    assert plan_of(pool, strong, tried=scaled)[0].action == "roll_back"


def test_another_caller_when_the_first_was_tried() -> None:
    offers = OFFERS | {CART: (*OFFERS[CART], "open_breaker", "close_breaker")}
    first, _ = plan_of(cause(K.OUTSIDE, PROVIDER), offers=offers)
    assert first.target == CART
    tried = frozenset({deed(first)})
    call, _ = plan_of(cause(K.OUTSIDE, PROVIDER), offers=offers, tried=tried)
    assert call.target == PAYMENT


def test_learnt_weights_decide_between_runbooks() -> None:
    given = cause(K.SATURATION, change="c", version_from="2", version_to="1")
    assert plan_of(given)[0].action == "scale"
    assert plan_of(given, weights={"undo-scaling": 0.5})[0].action == "restart"


def test_the_plan_says_why() -> None:
    choice = chosen(cause(K.UNRESPONSIVE))
    assert isinstance(choice, Choice)
    assert choice.plan.says.endswith(f"Because: unresponsive of {CART}")
    assert choice.plan.predicates[0].kind == "alerts_resolved"
