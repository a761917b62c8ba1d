"""Which innocent changes a run makes, and when."""

from __future__ import annotations

import random
from collections.abc import Sequence

from opsweave.demo.faults.fault import Fault
from opsweave.demo.faults.spec import Decoy, DecoyKind
from opsweave.demo.faults.topology import CODE, path

LEAST = 2
"""Every run makes at least so many near the onset."""
ROOM_S = 3.0
"""Nothing happens so close to the onset that the order could be in doubt."""
CALM_GAP_S = (45.0, 90.0)
_OF_SERVICES: tuple[DecoyKind, ...] = (
    "deployment",
    "deployment",
    "deployment",
    "configuration",
    "configuration",
    "flag",
)
_KINDS: tuple[DecoyKind, ...] = (*_OF_SERVICES, "model")


def draw(fault: Fault, target: str, chance: random.Random) -> tuple[Decoy, ...]:
    """Three or four around the onset: on the faulty path and elsewhere, before and after.

    After the onset none touches the faulty service itself: its restart would cure some faults.
    """
    near = path(target)
    after = [role for role in near if role != target] or [role for role in CODE if role != target]
    late = (40.0, 130.0) if fault.slow else (ROOM_S, 12.0)
    kinds = tuple(kind for kind in _KINDS if kind != target)
    found = [
        _one((-30.0, -ROOM_S), near or CODE, _OF_SERVICES, chance),
        _one(late, after, _OF_SERVICES, chance),
        _one((-40.0, -ROOM_S), CODE, _KINDS, chance),
    ]
    if chance.random() < 0.5:
        found.append(_one(late, [role for role in CODE if role != target], kinds, chance))
    return tuple(sorted(found, key=lambda decoy: decoy.at))


def complete(
    given: tuple[Decoy, ...], fault: Fault, target: str, chance: random.Random
) -> tuple[Decoy, ...]:
    """What a file lists, and drawn ones when it lists fewer than the least."""
    missing = max(0, LEAST - len(given))
    return tuple(sorted(given + draw(fault, target, chance)[:missing], key=lambda one: one.at))


def calm(seconds: float, chance: random.Random) -> tuple[Decoy, ...]:
    """About one each 45 to 90 s; ``at`` counts from the beginning."""
    found: list[Decoy] = []
    at = chance.uniform(15.0, 30.0)
    while at < seconds - ROOM_S or len(found) < LEAST:
        found.append(_one((at, at), CODE, _KINDS, chance))
        at += chance.uniform(*CALM_GAP_S)
    return tuple(found)


def _one(
    between: tuple[float, float],
    roles: Sequence[str],
    kinds: Sequence[DecoyKind],
    chance: random.Random,
) -> Decoy:
    kind = chance.choice(kinds)
    role = "model" if kind == "model" else chance.choice(roles)
    return Decoy(at=round(chance.uniform(*between), 1), kind=kind, target=role)
