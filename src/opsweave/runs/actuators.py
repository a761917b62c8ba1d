"""All actuators as one: who offers which action on which target."""

from __future__ import annotations

from collections.abc import Sequence

from opsweave.facts import ActionCall
from opsweave.kernel.boundary import guarded
from opsweave.kernel.errors import RejectInput
from opsweave.runs.ports import Actuator


class Actuators:
    """Their code is not ours: whatever it raises becomes an OpsweaveError."""

    def __init__(self, actuators: Sequence[Actuator]) -> None:
        self._actuators = tuple(actuators)

    def targets(self) -> dict[str, tuple[str, ...]]:
        """Entity -> actions of all actuators."""
        merged: dict[str, tuple[str, ...]] = {}
        for actuator in self._actuators:
            with guarded("targets of an actuator"):
                offered = actuator.targets()
            for entity, actions in offered.items():
                merged[entity] = tuple(dict.fromkeys((*merged.get(entity, ()), *actions)))
        return merged

    def find(self, call: ActionCall) -> Actuator:
        """Who offers the call. RejectInput when nobody does."""
        for actuator in self._actuators:
            with guarded("targets of an actuator"):
                offered = actuator.targets()
            if call.action in offered.get(call.target, ()):
                return actuator
        raise RejectInput(f"{call.target} offers no {call.action}", field="target")
