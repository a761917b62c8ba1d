"""A second fault while the first is live: which, where, and how long after it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec

from opsweave.demo.company.spec import CHOICES, Names
from opsweave.demo.faults.catalog import fault_named
from opsweave.demo.faults.draw import spec_for
from opsweave.demo.faults.spec import FaultSpec
from opsweave.demo.faults.topology import CALLS, callers_of, reach
from opsweave.kernel.errors import RejectInput

GAP_S = (15.0, 40.0)
"""No recovery is that quick: the first fault is live when the second begins."""
SLOW_GAP_S = (50.0, 90.0)
"""A slow fault is not felt at once."""
ROOM_S = 3.0
EVERY = 5
"""One run in so many has two faults."""
_LOOK = 64


def beside(first: FaultSpec, name: str, seed: int) -> FaultSpec:
    """The second fault: at another place than the first one, without decoys of its own.

    Raises RejectInput when the two can only strike the same place.
    """
    fault_named(name, field="and")
    spec = _elsewhere(first, name, seed)
    if spec is None:
        raise RejectInput(f"{name} can only strike where {first.kind} does", field="and")
    chance = random.Random(f"{first.kind}/{name}/{seed}/and")
    gap = chance.uniform(*(SLOW_GAP_S if fault_named(first.kind).slow else GAP_S))
    onset = round(first.onset + gap, 1)
    return msgspec.structs.replace(spec, onset=onset, decoys=(), seed=seed)


def _elsewhere(first: FaultSpec, name: str, seed: int) -> FaultSpec | None:
    """Neither the role nor the place of the true cause is the first fault's."""
    for number in range(_LOOK):
        spec = spec_for(name, seed + 1000 * number)
        if spec.target != first.target and _place(spec) != _place(first):
            return spec
    return None


def _place(spec: FaultSpec) -> str:
    """Where the cause sits, in a company in which roles are called what they are."""
    names = Names(namespace="any", roles={role: role for role in CHOICES})
    return fault_named(spec.kind).entity(names, spec)


def apart(first: FaultSpec, second: FaultSpec) -> FaultSpec:
    """The first without decoys that would restart, and so perhaps cure, what the second broke."""
    gap = second.onset - first.onset - ROOM_S
    kept = tuple(one for one in first.decoys if one.target != second.target or one.at < gap)
    return msgspec.structs.replace(first, decoys=kept)


def partner(name: str, seed: int, names: Sequence[str]) -> str | None:
    """The second fault of a measured run; None in four runs of five.

    Over five consecutive seeds every fault has one run with a second, which can strike elsewhere.

    >>> names = ["config-pool", "flag-cpu", "slow-consumer"]
    >>> sum(partner("flag-cpu", seed, names) is not None for seed in range(1, 6))
    1
    """
    ordered = sorted(names)
    if (ordered.index(name) + seed) % EVERY:
        return None
    chance = random.Random(f"{name}/{seed}/partner")
    first = spec_for(name, seed)
    others = [
        other for other in ordered if other != name and _elsewhere(first, other, seed) is not None
    ]
    return chance.choice(others) if others else None


def suffering(spec: FaultSpec) -> frozenset[str]:
    """Roles that can suffer from it: the broken one, whoever leans on it; of load and of a job
    that holds locks, also those it leans on, and whoever leans on these. Wrong answers make nobody
    slow."""
    if spec.kind in ("worse-model", "bad-features"):
        return frozenset({spec.target, "model", "fraud"})
    struck = {spec.target}
    if spec.kind in ("traffic-surge", "job-lock"):
        struck |= reach(spec.target, CALLS)
    callers = callers_of()
    return frozenset(struck.union(*(reach(role, callers) for role in struck)))
