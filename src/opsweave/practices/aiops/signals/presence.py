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
    """Longest usual time without data between buckets with data; fades."""

    @property
    def limit_ns(self) -> float:
        return max(SILENT_NS, _SLACK * self.gap_ns)


class Presence:
    """An entity that reports seldom is not silent until it misses its own habit."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def bucket(self, entities: set[str], at_ns: int, width_ns: int) -> dict[str, float]:
        """Heartbeat per entity of the bucket that ends at ``at_ns``; {} when nobody was heard, as
        then it is rather we who do not hear."""
        if not entities:
            return {}
        for entity in entities:
            heard = self._heard.get(entity)
            if heard is None:
                self._heard[entity] = _Heard(at_ns)
                continue
            gap = at_ns - heard.last_ns - width_ns
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


class Restarts:
    """Counts processes that began after their entity was known: new ids, counters begun anew."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int]] = {}

    def bucket(self, instances: dict[str, set[str]], at_ns: int) -> dict[str, int]:
        """Entity -> number of instances not seen before. The first bucket of an entity has none."""
        begun: dict[str, int] = {}
        for entity, names in instances.items():
            known = self._known.get(entity)
            fresh = [name for name in names if name and known is not None and name not in known]
            if fresh and known and any(known):
                begun[entity] = len(fresh)
            self._known.setdefault(entity, {}).update(dict.fromkeys(names, at_ns))
        return begun

    def forget(self, now_ns: int) -> None:
        """Drop instances that have been silent."""
        for entity, known in list(self._known.items()):
            kept = {name: at for name, at in known.items() if now_ns - at < FORGET_NS}
            if kept:
                self._known[entity] = kept
            else:
                del self._known[entity]
