"""Where time and errors of traces arise: per entity, its versions, operations and peers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


class Tally(msgspec.Struct):
    """Requests, errors and summed latency of a part of the traffic."""

    requests: int = 0
    errors: int = 0
    latency_ms: float = 0.0

    def add(self, other: Tally) -> None:
        self.requests += other.requests
        self.errors += other.errors
        self.latency_ms += other.latency_ms

    @property
    def mean_ms(self) -> float | None:
        return self.latency_ms / self.requests if self.requests else None

    @property
    def error_ratio(self) -> float | None:
        return self.errors / self.requests if self.requests else None


class PeerTally(msgspec.Struct):
    """Calls towards one peer. ``unanswered``: calls in error of which the peer left no span."""

    calls: int = 0
    errors: int = 0
    latency_ms: float = 0.0
    unanswered: int = 0

    def add(self, other: PeerTally) -> None:
        self.calls += other.calls
        self.errors += other.errors
        self.latency_ms += other.latency_ms
        self.unanswered += other.unanswered


class EntityTraces(msgspec.Struct):
    """Sums over the server and consumer spans of one entity (and its client spans, per peer).

    ``errors_own`` arose here (no child in error), ``errors_passed`` came from a child.
    """

    total: Tally = msgspec.field(default_factory=Tally)
    self_time_ms: float = 0.0
    errors_own: int = 0
    errors_passed: int = 0
    peers: dict[str, PeerTally] = {}
    versions: dict[str, Tally] = {}
    operations: dict[str, Tally] = {}

    def add(self, other: EntityTraces) -> None:
        self.total.add(other.total)
        self.self_time_ms += other.self_time_ms
        self.errors_own += other.errors_own
        self.errors_passed += other.errors_passed
        for peer, calls in other.peers.items():
            self.peers.setdefault(peer, PeerTally()).add(calls)
        for version, tally in other.versions.items():
            self.versions.setdefault(version, Tally()).add(tally)
        for operation, tally in other.operations.items():
            self.operations.setdefault(operation, Tally()).add(tally)


class TraceBucket(msgspec.Struct):
    """What one bucket that ends at ``at_ns`` adds up to, by entity."""

    at_ns: int
    width_ns: int
    entities: dict[str, EntityTraces] = {}


def summarise(buckets: Iterable[TraceBucket]) -> dict[str, EntityTraces]:
    """Sums over buckets, by entity.

    >>> one = EntityTraces(total=Tally(requests=2, errors=1), errors_own=1)
    >>> both = summarise([TraceBucket(5, 5, {"a": one}), TraceBucket(10, 5, {"a": one})])
    >>> both["a"].total.requests, both["a"].errors_own, one.total.requests
    (4, 2, 2)
    """
    total: dict[str, EntityTraces] = {}
    for bucket in buckets:
        for entity, traces in bucket.entities.items():
            total.setdefault(entity, EntityTraces()).add(traces)
    return total


def covered(intervals: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """Length of the union of ``intervals`` inside [start, end].

    >>> covered([(0, 5), (3, 8), (20, 30)], 1, 25)
    12
    """
    total, reach = 0, start
    for first, last in sorted(intervals):
        first, last = max(first, reach), min(last, end)
        if last > first:
            total += last - first
            reach = last
    return total
