"""Plans and engines that the tests of runs share."""

from __future__ import annotations

from typing import Any

from opsweave.facts import ActionCall, Plan, Predicate
from opsweave.kernel.clock import ManualClock
from opsweave.record.state.memory import MemoryState
from opsweave.record.state.port import StateStore
from opsweave.runs.durable import Durable
from opsweave.runs.engine import RunEngine
from opsweave.runs.on_memory import MemoryDurable
from opsweave.runs.plan import sealed
from opsweave.runs.policy import Policy, policy_of
from opsweave.testing.actuator import CART, FakeActuator, FakeVerifier

AUTO = policy_of({"approval": {"mode": "auto", "max_risk": "medium"}})
SYMPTOMS = Predicate(kind="alerts_resolved", within_s=10, hold_s=2)


def plan(**fields: Any) -> Plan:
    """A restart of the cart that cannot be undone, sealed."""
    given: dict[str, Any] = {
        "runbook": "restart-unresponsive",
        "incident": "inc-1",
        "cause_kind": "unresponsive",
        "calls": (ActionCall(action="restart", target=CART),),
        "predicates": (SYMPTOMS,),
        "says": "Restart the cart.",
    }
    given |= fields
    given.setdefault("compensations", (None,) * len(given["calls"]))
    return sealed(Plan(**given))


def two_steps(**fields: Any) -> Plan:
    """Roll back, then restart; both can be undone."""
    return plan(
        calls=(
            ActionCall(action="roll_back", target=CART, arguments={"version_to": "1"}),
            ActionCall(action="scale", target=CART, arguments={"by": 1}),
        ),
        compensations=(
            ActionCall(action="deploy", target=CART, arguments={"version": "2"}),
            ActionCall(action="scale", target=CART, arguments={"by": -1}),
        ),
        **fields,
    )


class Rig:
    """An engine over memory twins: the clock moves when the engine waits."""

    def __init__(
        self,
        *,
        policy: Policy = AUTO,
        actuator: FakeActuator | None = None,
        state: StateStore | None = None,
        durable: Durable | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.state = state or MemoryState()
        self.actuator = actuator or FakeActuator()
        self.verifier = FakeVerifier()
        self.durable = durable or MemoryDurable()
        self.policy = policy
        self.waits: list[float] = []
        self.on_wait = lambda: None
        self.engine = self.restarted()

    def restarted(self) -> RunEngine:
        """A new engine over what is on record, started."""
        self.engine = RunEngine(
            state=self.state,
            database="",
            actuators=[self.actuator],
            verifier=self.verifier,
            policy=self.policy,
            clock=self.clock,
            durable=self.durable,
            pause=self._pause,
        )
        self.engine.start()
        return self.engine

    def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.advance(seconds)
        self.on_wait()
        if len(self.waits) > 100_000:
            raise AssertionError("waits without end")

    def heal_on(self, action: str) -> None:
        """The symptoms resolve once this action is done."""

        def acted(when: str, call: ActionCall) -> None:
            if when == "after" and call.action == action:
                self.verifier.answer = True

        self.actuator.on_act = acted
