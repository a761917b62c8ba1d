"""What every actuator must do, and one in memory that can misbehave. Subclass the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import pytest

from opsweave.facts import ActionCall, Diff
from opsweave.kernel.errors import RejectInput, RetryLater
from opsweave.runs.ports import Actuator, Effect, EffectState

CART = "service:demo/shop/cart"


class ActuatorRig(NamedTuple):
    """An actuator with a call that it can do, and what its target has on record."""

    actuator: Actuator
    call: ActionCall
    journal: Callable[[], list[str]]
    """Keys of the effects that happened, in order, with repetitions."""
    disconnect: Callable[[], None]
    """From now on the target is not reachable."""


class ActuatorContract:
    """Behaviour shared by all actuators. Provide the fixture ``rig``."""

    def test_it_offers_the_call(self, rig: ActuatorRig) -> None:
        assert rig.call.action in rig.actuator.targets()[rig.call.target]

    def test_a_dry_run_changes_nothing_and_says_what_would_change(self, rig: ActuatorRig) -> None:
        diff = rig.actuator.dry_run(rig.call)
        assert diff.says
        assert rig.call.target in diff.entities
        assert rig.journal() == []
        assert rig.actuator.probe(rig.call.key).state is EffectState.ABSENT

    def test_an_effect_can_be_probed(self, rig: ActuatorRig) -> None:
        effect = rig.actuator.act(rig.call)
        assert (effect.key, effect.state) == (rig.call.key, EffectState.DONE)
        assert rig.actuator.probe(rig.call.key) == effect

    def test_a_key_has_one_effect(self, rig: ActuatorRig) -> None:
        first = rig.actuator.act(rig.call)
        assert rig.actuator.act(rig.call) == first
        assert rig.journal() == [rig.call.key]

    def test_a_key_is_not_used_for_something_else(self, rig: ActuatorRig) -> None:
        rig.actuator.act(rig.call)
        other = msgspec.structs.replace(rig.call, arguments={**rig.call.arguments, "by": 7})
        with pytest.raises(RejectInput):
            rig.actuator.act(other)
        assert rig.journal() == [rig.call.key]

    def test_a_key_is_needed(self, rig: ActuatorRig) -> None:
        with pytest.raises(RejectInput):
            rig.actuator.act(msgspec.structs.replace(rig.call, key=""))
        assert rig.journal() == []

    @pytest.mark.parametrize("field", ["target", "action"])
    def test_what_is_not_offered_is_rejected(self, rig: ActuatorRig, field: str) -> None:
        value = {"target": "service:demo/shop/nobody", "action": "explode"}[field]
        odd = msgspec.structs.replace(rig.call, **{field: value})
        with pytest.raises(RejectInput):
            rig.actuator.dry_run(odd)
        with pytest.raises(RejectInput):
            rig.actuator.act(odd)
        assert rig.journal() == []

    def test_a_target_that_is_away_is_tried_later(self, rig: ActuatorRig) -> None:
        rig.disconnect()
        for question in (
            lambda: rig.actuator.dry_run(rig.call),
            lambda: rig.actuator.probe(rig.call.key),
            lambda: rig.actuator.act(rig.call),
        ):
            with pytest.raises(RetryLater):
                question()


class FakeActuator:
    """Targets in memory. ``on_act`` is called before and after each effect and may raise."""

    def __init__(
        self,
        offers: dict[str, tuple[str, ...]] | None = None,
        *,
        repeatable: bool = True,
        probeable: bool = True,
    ) -> None:
        self.offers = offers or {CART: ("restart", "scale", "roll_back", "deploy")}
        self.repeatable, self.probeable = repeatable, probeable
        self.effects: dict[str, tuple[ActionCall, Effect]] = {}
        self.journal: list[str] = []
        self.states: dict[str, EffectState] = {}
        """Action -> the state its effects end in, DONE when it is not here."""
        self.on_act: Callable[[str, ActionCall], None] = lambda _when, _call: None
        self.entities: tuple[str, ...] = ()
        self.away = False

    def targets(self) -> dict[str, tuple[str, ...]]:
        """What is offered."""
        return self.offers

    def dry_run(self, call: ActionCall) -> Diff:
        """What would change."""
        self._check(call)
        return Diff(call=call, says=f"would {call.action}", entities=(call.target, *self.entities))

    def probe(self, key: str) -> Effect:
        """What happened."""
        self._reach()
        if not self.probeable:
            return Effect(key=key, state=EffectState.UNKNOWN, says="cannot tell")
        known = self.effects.get(key)
        return known[1] if known else Effect(key=key, state=EffectState.ABSENT)

    def act(self, call: ActionCall) -> Effect:
        """Once per key when ``repeatable``, else each time anew."""
        self._check(call)
        if not call.key:
            raise RejectInput("needs a key", field="key")
        known = self.effects.get(call.key)
        if known is not None and self.repeatable:
            if known[0] != call:
                raise RejectInput("the key is taken", field="key")
            return known[1]
        self.on_act("before", call)
        state = self.states.get(call.action, EffectState.DONE)
        effect = Effect(key=call.key, state=state, says=f"{call.action} {state.value}")
        if state is EffectState.DONE:
            self.journal.append(call.key)
        self.effects[call.key] = (call, effect)
        self.on_act("after", call)
        return effect

    def _check(self, call: ActionCall) -> None:
        self._reach()
        if call.action not in self.offers.get(call.target, ()):
            raise RejectInput("is not offered", field="action")

    def _reach(self) -> None:
        if self.away:
            raise RetryLater("away", after_s=1.0)


class FakeVerifier:
    """Says what it is told to say."""

    def __init__(self, *, holds: bool | None = False) -> None:
        self.answer = holds
        self.asked = 0

    def holds(self, predicate: object, *, incident: str) -> tuple[bool | None, str]:
        """The answer, with a sentence."""
        self.asked += 1
        return self.answer, f"look {self.asked} at {incident}"
