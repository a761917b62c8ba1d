"""Who slowed down: self time per entity, gaps per call edge, each edge a word on both its ends."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from opsweave.analysis.traces.forest import Forest, Ints, Mask
from opsweave.analysis.traces.shifts import Shift, shifts
from opsweave.analysis.traces.timing import crossings, self_times

Place = Literal["self", "answering", "calling"]
_WAYS_TO_DELAY: tuple[dict[Place, float], ...] = (
    {"self": 0.9, "answering": 0.3, "calling": 0.1},
    {"self": 0.1, "answering": 0.85, "calling": 0.15},
    {"self": 0.6, "answering": 0.8, "calling": 0.8},
)
"""How often each place of an entity is slow if a fault delays its own work, its answers (network
or queue in front of it), or all that it does (a choked processor). Each as likely; wide guesses."""
_SLOW_IF_INNOCENT = 0.02
_GRAIN_SHARE = 0.005
_LEAST_GRAIN_US = 100.0


class Slowdown(NamedTuple):
    """A place of an entity and, in nats, how sure it is slow, with the operation that moved most.

    ``peer`` is the other end of an edge, '' for self time; durations in microseconds.
    """

    nats: float
    place: Place
    peer: str
    operation: str
    shift: Shift


class Slowness(msgspec.Struct):
    """Sum over the places of an entity: for "something here delays" against "elsewhere"."""

    nats: float = 0.0
    places: list[Slowdown] = []


def slowness(forest: Forest, before: Mask, after: Mask) -> dict[str, Slowness]:
    """By entity. ``before`` and ``after`` are masks over the rows of ``forest``.

    An edge that slows speaks for both its ends; who is at one end of all that slowed wins, because
    every place that did not slow speaks, a little, for the innocence of its owner.
    """
    found: dict[str, Slowness] = defaultdict(Slowness)
    ratios: dict[str, list[tuple[Place, float]]] = defaultdict(list)
    for (caller, callee), cells in _units(forest, before, after).items():
        likelihood = _pooled([shift for _, shift in cells])
        operation, top = max(cells, key=lambda cell: cell[1].nats)
        name = forest.operations[operation]
        a, b = forest.entities[caller], forest.entities[callee]
        ends: tuple[tuple[str, Place, str], ...] = (
            ((a, "self", ""),) if caller == callee else ((b, "answering", a), (a, "calling", b))
        )
        for entity, place, peer in ends:
            ratios[entity].append((place, likelihood))
            found[entity].places.append(Slowdown(math.log(likelihood), place, peer, name, top))
    for entity, slow in found.items():
        slow.nats = _word(ratios[entity])
        slow.places.sort(key=lambda s: (-s.nats, s.place, s.peer))
    return dict(found)


def _units(
    forest: Forest, before: Mask, after: Mask
) -> dict[tuple[int, int], list[tuple[int, Shift]]]:
    """Shifts by (entity, entity) for self time and (caller, callee) for gaps, with operations."""
    crossed = crossings(forest)
    calling = np.zeros(len(forest), np.bool_)
    calling[crossed.caller] = True
    own = np.nonzero(~calling)[0]
    row = np.r_[own, crossed.callee]
    caller = np.r_[forest.entity[own], forest.entity[crossed.caller]]
    value = np.r_[self_times(forest)[own], crossed.gap_us].astype(np.float64)
    many, kinds = len(forest.entities), max(1, len(forest.operations))
    code = (caller * many + forest.entity[row]) * kinds + forest.operation[row]
    units: dict[tuple[int, int], list[tuple[int, Shift]]] = defaultdict(list)
    for shift in shifts(code, value, before[row], after[row], _grain(forest, before)):
        pair, operation = divmod(shift.group, kinds)
        units[divmod(pair, many)].append((operation, shift))
    return units


def _grain(forest: Forest, before: Mask) -> float:
    """Half a percent of a usual trace: nobody waits for less."""
    whole: Ints = forest.duration_us[(forest.parent < 0) & before]
    return max(_LEAST_GRAIN_US, _GRAIN_SHARE * float(np.median(whole)) if len(whole) else 0.0)


def _pooled(cells: list[Shift]) -> float:
    """Likelihood ratio of "this place slowed", over its operations by how often they ran."""
    weights = [min(cell.before, cell.after) for cell in cells]
    ratios = [math.exp(cell.nats) for cell in cells]
    return sum(w * r for w, r in zip(weights, ratios, strict=True)) / sum(weights)


def _word(places: list[tuple[Place, float]]) -> float:
    """Noisy sensors: a place is slow or not, known by its likelihood ratio only; bounded each."""
    ways = []
    for slow_if in _WAYS_TO_DELAY:
        nats = 0.0
        for place, likelihood in places:
            guilty, innocent = slow_if[place], _SLOW_IF_INNOCENT
            nats += math.log(
                (guilty * likelihood + 1 - guilty) / (innocent * likelihood + 1 - innocent)
            )
        ways.append(nats)
    top = max(ways)
    return top + math.log(sum(math.exp(nats - top) for nats in ways) / len(ways))
