"""Heartbeats: who should be heard from, and is not."""

from __future__ import annotations

import msgspec

SILENT_NS = 12_000_000_000
FORGET_NS = 600_000_000_000
_LEAST_BUCKETS = 4
_SLACK = 3


class _Heard(msgspec.Struct):
    last_ns: int
    buckets: int = 1
    gap_ns: float = 0.0
    """Longest usual distance between buckets with data; fades."""

    @property
    def limit_ns(self) -> float:
        return max(SILENT_NS, _SLACK * self.gap_ns)


class Presence:
    """An entity that reports seldom is not silent until it misses its own habit."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def bucket(self, entities: set[str], at_ns: int) -> dict[str, float]:
        """Heartbeat per entity of the bucket that ends at ``at_ns``; {} when nobody was heard, as
        then it is rather we who do not hear."""
        if not entities:
            return {}
        for entity in entities:
            heard = self._heard.get(entity)
            if heard is None:
                self._heard[entity] = _Heard(at_ns)
                continue
            gap = at_ns - heard.last_ns
            # A hang must not become a habit: only what was no silence yet is learned from.
            habit = heard.buckets < _LEAST_BUCKETS or gap <= heard.limit_ns
            if habit and gap < FORGET_NS // 4:
                heard.gap_ns = max(0.98 * heard.gap_ns, float(gap))
            heard.last_ns, heard.buckets = at_ns, heard.buckets + 1
        beats = dict.fromkeys(entities, 1.0)
        for entity, heard in list(self._heard.items()):
            silence = at_ns - heard.last_ns
            if silence > FORGET_NS:
                del self._heard[entity]
            elif heard.buckets >= _LEAST_BUCKETS and silence > heard.limit_ns:
                beats[entity] = 0.0
        return beats
