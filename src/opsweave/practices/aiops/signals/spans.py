"""Spans of one bucket -> latency, errors, self time, calls per peer, and their attribution."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from opsweave.analysis.traces.attribution import (
    EntityTraces,
    PeerTally,
    Tally,
    TraceBucket,
    covered,
)
from opsweave.practices.aiops.signals.quantile import cautious, quantile

KEEP_NS = 60_000_000_000
"""How long a span can still be the child or the caller of one that ends later."""
MAX_NAMES = 100
_STEPS = 100_000
"""Walked below the spans of a bucket, besides ten a span: where ids are used again and again, each
would find all the others."""
Id = tuple[str, str]
"""Trace and span: span ids alone are only as unique as senders make them."""
_ENTRIES = frozenset({"server", "consumer"})
_EXITS = frozenset({"client", "producer"})


class Span(NamedTuple):
    """One row of the spans table, without its attributes."""

    ts: int
    duration_ns: int
    trace_id: str
    span_id: str
    parent_id: str
    entity: str
    instance: str
    version: str
    name: str
    kind: str
    error: bool
    peer: str

    @property
    def id(self) -> Id:
        return self.trace_id, self.span_id

    @property
    def end(self) -> int:
        return self.ts + self.duration_ns


class Edges(NamedTuple):
    """(entity, peer) -> latencies in ms and number of errors."""

    latencies: dict[tuple[str, str], list[float]]
    errors: dict[tuple[str, str], int]


class SpanSignals:
    """Keeps the spans of the last minute by parent, so that children and callees are found."""

    def __init__(self) -> None:
        self._children: dict[Id, list[Span]] = defaultdict(list)
        self._answered: dict[Id, str] = {}
        """Parent -> entity of the server span under it."""
        self._generations: list[tuple[int, list[Id]]] = []
        self._steps = 0

    def arrive(self, spans: list[Span], now_ns: int) -> None:
        """Index spans as they come, before their bucket is closed."""
        parents = []
        for span in spans:
            if not span.parent_id:
                continue
            parent = (span.trace_id, span.parent_id)
            self._children[parent].append(span)
            if span.kind in _ENTRIES:
                self._answered[parent] = span.entity
            parents.append(parent)
        self._generations.append((now_ns, parents))
        while self._generations and now_ns - self._generations[0][0] > KEEP_NS:
            for parent in self._generations.pop(0)[1]:
                self._children.pop(parent, None)
                self._answered.pop(parent, None)

    def bucket(
        self, spans: list[Span], at_ns: int, width_ns: int
    ) -> tuple[dict[tuple[str, str, str], tuple[float, int, float]], TraceBucket]:
        """``(entity, indicator, peer) -> (value, n, cautious value)`` and the attribution."""
        traces = TraceBucket(at_ns, width_ns, {})
        latencies: dict[str, list[float]] = defaultdict(list)
        own: dict[str, list[float]] = defaultdict(list)
        edges = Edges(defaultdict(list), defaultdict(int))
        self._steps = _STEPS + 10 * len(spans)
        for span in spans:
            if span.kind in _ENTRIES:
                latencies[span.entity].append(span.duration_ns / 1e6)
                own[span.entity].append(self._entry(span, traces))
            elif span.kind in _EXITS:
                self._exit(span, traces, edges)
        values: dict[tuple[str, str, str], tuple[float, int, float]] = {}
        seconds = width_ns / 1e9
        for entity, times in latencies.items():
            errors = traces.entities[entity].total.errors
            n = len(times)
            values[entity, "requests", ""] = (n / seconds, n, n / seconds)
            values[entity, "error_ratio", ""] = (errors / n, n, errors / n)
            _quantiles(values, entity, "latency_p50", "", times, 0.5)
            _quantiles(values, entity, "latency_p95", "", times, 0.95)
            _quantiles(values, entity, "self_time_p95", "", own[entity], 0.95)
        for (entity, peer), times in edges.latencies.items():
            n, errors = len(times), edges.errors[entity, peer]
            values[entity, "client_requests", peer] = (n / seconds, n, n / seconds)
            values[entity, "client_error_ratio", peer] = (errors / n, n, errors / n)
            _quantiles(values, entity, "client_latency_p95", peer, times, 0.95)
        return values, traces

    def _entry(self, span: Span, traces: TraceBucket) -> float:
        """Book a server span; returns its self time in ms."""
        below = self._below(span)
        waited = covered([(c.ts, c.end) for c in below], span.ts, span.end)
        own_ms = (span.duration_ns - waited) / 1e6
        tally = Tally(1, int(span.error), span.duration_ns / 1e6)
        sums = traces.entities.setdefault(span.entity, EntityTraces())
        sums.total.add(tally)
        sums.self_time_ms += own_ms
        if span.error:
            if any(child.error for child in below):
                sums.errors_passed += 1
            else:
                sums.errors_own += 1
        _slot(sums.versions, span.version).add(tally)
        _slot(sums.operations, span.name).add(tally)
        return own_ms

    def _exit(self, span: Span, traces: TraceBucket, edges: Edges) -> None:
        """Book a client span under its peer, which the callee's span names when it does not."""
        answered = self._answered.get(span.id, "")
        peer = span.peer or answered
        if not peer:
            return
        edges.latencies[span.entity, peer].append(span.duration_ns / 1e6)
        edges.errors[span.entity, peer] += span.error
        sums = traces.entities.setdefault(span.entity, EntityTraces())
        calls = sums.peers.setdefault(peer, PeerTally())
        silent = span.error and not answered
        calls.add(PeerTally(1, int(span.error), span.duration_ns / 1e6, int(silent)))

    def _below(self, span: Span) -> list[Span]:
        """Calls made for ``span``: through its internal spans down to the first that leaves."""
        found: list[Span] = []
        passed = {span.span_id}
        stack = list(self._children.get(span.id, ()))
        while stack and self._steps > 0:
            self._steps -= 1
            child = stack.pop()
            if child.span_id in passed:
                continue
            passed.add(child.span_id)
            if child.kind == "internal" and child.entity == span.entity:
                stack.extend(self._children.get(child.id, ()))
            elif child.kind != "consumer":
                found.append(child)
        return found


def _slot(slots: dict[str, Tally], name: str) -> Tally:
    """The tally of ``name``; names beyond the limit share one."""
    if name not in slots and len(slots) >= MAX_NAMES:
        name = "(other)"
    return slots.setdefault(name, Tally())


def _quantiles(
    values: dict[tuple[str, str, str], tuple[float, int, float]],
    entity: str,
    indicator: str,
    peer: str,
    times: list[float],
    q: float,
) -> None:
    times.sort()
    values[entity, indicator, peer] = (quantile(times, q), len(times), cautious(times, q))
