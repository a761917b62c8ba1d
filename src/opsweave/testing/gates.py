"""What every gate must do, for ours and for yours."""

from __future__ import annotations

from opsweave.facts import Gate
from opsweave.runs.gates import Judge, Scene


def check_gate(gate: Judge, scene: Scene) -> Gate:
    """It names itself, gives a reason for every verdict, and answers the same each time."""
    first = gate(scene)
    assert first.gate, "a gate names itself"
    assert first.verdict in Gate
    assert first.reasons, f"{first.gate}: every verdict has a reason"
    assert all(reason.strip() for reason in first.reasons)
    assert gate(scene) == first, f"{first.gate}: not deterministic"
    return first.verdict
