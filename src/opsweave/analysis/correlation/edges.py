"""Which type of alert causes which, learnt from who comes first: streaming, bounded, no labels.

On one device, an onset of a type is held against the nearest onset of every other type within the
window, before or after it. If two types only share a cause, or meet by chance, each is first about
as often; a cause is first more often than its effect. That is a sign test per pair (J. Arbuthnot,
1710), one-sided. Counting the nearest one only, and one onset of a type per window, keeps bursts
and flapping from voting many times; what begins in the same second votes for nobody. The edges are
taken by their significance, and one that would close a circle is left out.

The test needs no rates, kernels or fitted model, so a change of load does not disturb it; it cannot
see a cause whose effect is told first, nor tell a direct effect from an effect's effect.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

import msgspec

WINDOW_S = 120.0
SIGNIFICANT = 1.645
"""Standard deviations: 5 % one-sided."""
MOST_DEVICES = 50_000
MOST_TYPES = 2_000
T = TypeVar("T", bound=Hashable)


class Edge(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """``cause`` was first ``first`` times of ``n``: ``z`` standard deviations above half."""

    cause: T
    effect: T
    first: int
    n: int
    z: float


class OrderLearner(Generic[T]):
    """Fed with onsets in the order of time; ``edges`` at any moment."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._devices: OrderedDict[Hashable, _Device[T]] = OrderedDict()
        self._first: dict[T, dict[T, int]] = {}

    def see(self, type_: T, device: Hashable, at_s: float) -> None:
        """An onset on a device."""
        own = self._devices.get(device)
        if own is None:
            own = self._devices[device] = _Device(self._window_s)
            if len(self._devices) > MOST_DEVICES:
                self._settle(self._devices.popitem(last=False)[1], math.inf)
        else:
            self._devices.move_to_end(device)
        self._settle(own, at_s)
        own.add(type_, at_s)

    def edges(self) -> list[Edge[T]]:
        """Significant pairs without a circle, the surest first. Does not disturb the learning."""
        seen = {cause: dict(row) for cause, row in self._first.items()}
        for device in self._devices.values():
            for cause, effect in device.settled(math.inf, keep=True):
                row = seen.setdefault(cause, {})
                row[effect] = row.get(effect, 0) + 1
        return _acyclic(_significant(seen))

    def _settle(self, device: _Device[T], at_s: float) -> None:
        for cause, effect in device.settled(at_s):
            row = self._first.setdefault(cause, {})
            if len(self._first) > MOST_TYPES:
                del self._first[next(iter(self._first))]
            row[effect] = row.get(effect, 0) + 1


class _Device(Generic[T]):
    """The onsets of one device that may still meet others."""

    __slots__ = ("_last", "_onsets", "_open", "_window_s")

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._onsets: deque[tuple[float, T]] = deque()
        self._open = 0
        """How many of them are judged already."""
        self._last: dict[T, float] = {}

    def add(self, type_: T, at_s: float) -> None:
        last = self._last.get(type_, -math.inf)
        self._last[type_] = max(last, at_s)
        if at_s - last > self._window_s:  # else it belongs to the episode before
            self._onsets.append((at_s, type_))

    def settled(self, at_s: float, *, keep: bool = False) -> list[tuple[T, T]]:
        """(first, second) for each onset that nothing later than ``at_s`` can meet any more."""
        found: list[tuple[T, T]] = []
        number = self._open
        while number < len(self._onsets) and self._onsets[number][0] < at_s - self._window_s:
            found += self._meetings(number)
            number += 1
        if not keep:
            self._open = number
            while self._open and self._onsets[0][0] < at_s - 2.0 * self._window_s:
                self._onsets.popleft()
                self._open -= 1
        return found

    def _meetings(self, number: int) -> list[tuple[T, T]]:
        type_ = self._onsets[number][1]
        before, after = self._nearest(number, -1), self._nearest(number, 1)
        found: list[tuple[T, T]] = []
        for other in sorted(before.keys() | after.keys(), key=repr):
            early, late = before.get(other, math.inf), after.get(other, math.inf)
            if other != type_ and early != late and min(early, late) > 0.0:
                found.append((other, type_) if early < late else (type_, other))
        return found

    def _nearest(self, number: int, step: int) -> dict[T, float]:
        """Type -> how far its nearest onset is on that side."""
        at_s = self._onsets[number][0]
        found: dict[T, float] = {}
        number += step
        while 0 <= number < len(self._onsets):
            other_s, type_ = self._onsets[number]
            if abs(other_s - at_s) > self._window_s:
                break
            found.setdefault(type_, abs(other_s - at_s))
            number += step
        return found


def learn_edges(onsets: Iterable[tuple[T, Hashable, float]]) -> list[Edge[T]]:
    """Causal edges over types from (type, device, seconds), in any order.

    >>> link = [("fiber", "d1", 1000.0 * n) for n in range(9)]
    >>> down = [("radio", "d1", 1000.0 * n + 20.0) for n in range(9)]
    >>> [(edge.cause, edge.effect) for edge in learn_edges(down + link)]
    [('fiber', 'radio')]
    """
    learner: OrderLearner[T] = OrderLearner()
    for type_, device, at_s in sorted(onsets, key=lambda one: (one[2], repr(one[1]), repr(one[0]))):
        learner.see(type_, device, at_s)
    return learner.edges()


def _significant(first: dict[T, dict[T, int]]) -> list[Edge[T]]:
    found = []
    for cause, row in first.items():
        for effect, n in row.items():
            against = first.get(effect, {}).get(cause, 0)
            z = (n - against) / math.sqrt(n + against)
            if z > SIGNIFICANT:
                found.append(Edge(cause=cause, effect=effect, first=n, n=n + against, z=z))
    return sorted(found, key=lambda edge: (-edge.z, repr(edge.cause), repr(edge.effect)))


def _acyclic(edges: Iterable[Edge[T]]) -> list[Edge[T]]:
    """Without those that contradict surer ones."""
    reached: dict[T, set[T]] = {}
    kept = []
    for edge in edges:
        if edge.cause in reached.get(edge.effect, ()):
            continue
        kept.append(edge)
        further = {edge.effect} | reached.get(edge.effect, set())
        reached.setdefault(edge.cause, set()).update(further)
        for others in reached.values():
            if edge.cause in others:
                others |= further
    return kept
