from __future__ import annotations

import msgspec
import pytest

from opsweave.facts import ActionCall, Plan
from opsweave.kernel.errors import RejectInput
from opsweave.runs.plan import intact, plan_hash, run_id_of, sealed, targets_of

from .rig import plan, two_steps


def test_a_sealed_plan_is_intact_also_after_storage() -> None:
    made = two_steps()
    assert intact(made)
    assert intact(msgspec.json.decode(msgspec.json.encode(made), type=Plan))


def test_keys_follow_from_the_run() -> None:
    made = two_steps()
    run = run_id_of("inc-1", made.hash)
    assert run.startswith("run-")
    assert [c.key for c in made.calls] == [f"{run}:0", f"{run}:1"]
    assert [c.key for c in made.compensations if c] == [f"{run}:0:undo", f"{run}:1:undo"]


@pytest.mark.parametrize(
    "change",
    [
        {"says": "x"},
        {"risk": "high"},
        {"created_ns": 5},
        {"predicates": ()},
        {"calls": (ActionCall(action="restart", target="service:demo/shop/edge"),)},
        {"calls": (ActionCall(action="restart", target="service:demo/shop/cart", key="run-x:0"),)},
        {"hash": "0" * 64},
    ],
)
def test_any_change_breaks_the_seal(change: dict[str, object]) -> None:
    assert not intact(msgspec.structs.replace(plan(), **change))


def test_the_hash_does_not_depend_on_the_order_of_arguments() -> None:
    one = ActionCall(action="a", target="t", arguments={"x": 1, "y": {"p": 1, "q": 2}})
    other = ActionCall(action="a", target="t", arguments={"y": {"q": 2, "p": 1}, "x": 1})
    assert plan_hash(plan(calls=(one,))) == plan_hash(plan(calls=(other,)))


def test_every_call_needs_an_entry_of_compensation() -> None:
    with pytest.raises(RejectInput, match="compensations"):
        sealed(msgspec.structs.replace(plan(), compensations=()))


def test_targets_count_what_is_undone_elsewhere() -> None:
    undo = ActionCall(action="close_breaker", target="service:demo/shop/payment")
    made = plan(compensations=(undo,))
    assert targets_of(made) == ("service:demo/shop/cart", "service:demo/shop/payment")
