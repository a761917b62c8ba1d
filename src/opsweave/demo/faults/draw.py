"""A specification from a fault's name and a seed."""

from __future__ import annotations

import random

from opsweave.demo.faults import decoys, edits
from opsweave.demo.faults.catalog import fault_named
from opsweave.demo.faults.fault import Fault
from opsweave.demo.faults.spec import FaultSpec

ONSET_S = (60.0, 80.0)


def spec_for(name: str, seed: int) -> FaultSpec:
    """Target, magnitude, onset, ramp and decoys of a fault; the same for the same seed."""
    fault = fault_named(name)
    chance = random.Random(f"{name}/{seed}")
    target = chance.choice(fault.usual or fault.targets)
    strength = magnitude(fault, target, chance)
    return FaultSpec(
        kind=name,
        target=target,
        magnitude=strength,
        ramp=edits.ramp(chance) if fault.ramps else 0.0,
        onset=round(chance.uniform(*ONSET_S), 1),
        variant=chance.choice(fault.variants) if fault.variants else "",
        decoys=decoys.draw(fault, target, chance),
        seed=seed,
    )


def magnitude(fault: Fault, target: str, chance: random.Random) -> float:
    """A strength from the usual range."""
    low, high = fault.magnitude.drawn(target)
    if fault.magnitude.whole:
        return float(chance.randint(int(low), int(high)))
    return float(f"{chance.uniform(low, high):.3g}")
