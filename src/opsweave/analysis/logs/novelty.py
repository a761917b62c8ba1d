"""Which log templates of an entity are new, or come more often than before."""

from __future__ import annotations

import math
from collections import defaultdict

import msgspec

WARN = 13
"""OTel severity number of WARN."""
_SILENT_NS = 3_600_000_000_000
"""An entity unheard for so long is a newcomer when it comes back."""
ERROR = 17


class NovelTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A template of ``entity`` that is new since the baseline (``ratio`` inf) or has risen.

    ``score`` in [0, 1]: surprise of the count, raised by severity. ``examples`` are real lines.
    """

    entity: str
    template: str
    text: str
    severity: int
    new: bool
    n: int
    expected: float
    onset_ns: int
    score: float
    examples: tuple[str, ...] = ()


class _Seen(msgspec.Struct):
    text: str
    severity: int
    first_ns: int
    counts: dict[int, int] = {}
    """Bucket number -> lines."""
    examples: list[tuple[int, str]] = []


class LogNovelty:
    """Counts templates per entity and bucket over ``keep_s``; bounded per entity, and in entities:
    those beyond ``max_entities`` are not watched."""

    def __init__(
        self,
        *,
        width_s: float = 5.0,
        keep_s: float = 900.0,
        max_templates: int = 300,
        max_entities: int = 5000,
    ) -> None:
        self._width_ns = int(width_s * 1e9)
        self._keep = int(keep_s / width_s)
        self._max, self._max_entities = max_templates, max_entities
        self._entities: dict[str, dict[str, _Seen]] = defaultdict(dict)
        self._began: dict[str, int] = {}
        self._heard: dict[str, int] = {}

    def watch(self, entity: str, ts: int) -> None:
        """``entity`` is heard of since ``ts``; a silence of its log is knowledge too."""
        if entity in self._began or len(self._began) < self._max_entities:
            self._began.setdefault(entity, ts)
            self._heard[entity] = max(ts, self._heard.get(entity, ts))

    def knows(self, entity: str) -> bool:
        """Whether it is watched."""
        return entity in self._began

    def observe(
        self, entity: str, template: str, text: str, severity: int, ts: int, line: str
    ) -> None:
        """One line of ``entity`` at ``ts`` (ns)."""
        self.watch(entity, ts)
        if entity not in self._began:
            return
        templates = self._entities[entity]
        seen = templates.get(template)
        if seen is None:
            if len(templates) >= self._max:
                self._make_room(templates)
            seen = templates[template] = _Seen(text, severity, ts)
        seen.text, seen.severity = text, max(seen.severity, severity)
        bucket = ts // self._width_ns
        seen.counts[bucket] = seen.counts.get(bucket, 0) + 1
        if len(seen.examples) < 3 or (seen.counts[bucket] == 1 and len(seen.examples) < 8):
            seen.examples.append((ts, line[:300]))
        elif seen.counts[bucket] == 1:
            seen.examples = [*seen.examples[1:], (ts, line[:300])]

    def forget(self, now_ns: int) -> None:
        """Drop counts older than ``keep_s``. A template stays known without counts, as long as
        its entity is heard of."""
        for entity in [e for e, ts in self._heard.items() if now_ns - ts > _SILENT_NS]:
            del self._heard[entity], self._began[entity]
            self._entities.pop(entity, None)
        oldest = now_ns // self._width_ns - self._keep
        for templates in self._entities.values():
            for seen in templates.values():
                if seen.counts and min(seen.counts) < oldest:
                    seen.counts = {b: n for b, n in seen.counts.items() if b >= oldest}

    def novel(
        self, since_ns: int, until_ns: int, *, entity: str | None = None, least_s: float = 30.0
    ) -> list[NovelTemplate]:
        """Templates of [since, until) that are new or risen against the time before, best first.

        An entity watched for less than ``least_s`` before ``since_ns`` gives none: everything is
        new to a newcomer.
        """
        found = []
        first, last = since_ns // self._width_ns, (until_ns - 1) // self._width_ns
        names = [entity] if entity is not None else list(self._entities)
        for name in names:
            watched = since_ns - self._began.get(name, until_ns)
            if watched < least_s * 1e9:
                continue
            before = min(int(watched // self._width_ns), self._keep)
            for id_, seen in self._entities.get(name, {}).items():
                novelty = self._judge(name, id_, seen, first, last, before)
                if novelty is not None:
                    found.append(novelty)
        return sorted(found, key=lambda t: (-t.score, t.entity, t.template))

    def _judge(
        self, entity: str, id_: str, seen: _Seen, first: int, last: int, before: int
    ) -> NovelTemplate | None:
        now = {b: n for b, n in seen.counts.items() if first <= b <= last}
        n = sum(now.values())
        if not n:
            return None
        past = sum(c for b, c in seen.counts.items() if b < first)
        span = last - first + 1
        expected = past * span / max(before, 1)
        new = seen.first_ns >= first * self._width_ns
        surprise = 2.0 * (math.sqrt(n + 0.375) - math.sqrt(expected + 0.375))
        if not new and (surprise < 3.5 or n < 2.0 * expected):
            return None
        grave = 1.0 if seen.severity >= ERROR else 0.7 if seen.severity >= WARN else 0.3
        score = grave * (1.0 - 2.0 ** (-surprise / (1.5 if new else 3.5)))
        onset = min(now) if new else min(b for b, c in now.items() if c > expected / span)
        examples = tuple(
            line for ts, line in seen.examples if first <= ts // self._width_ns <= last
        )
        return NovelTemplate(
            entity=entity,
            template=id_,
            text=seen.text,
            severity=seen.severity,
            new=new,
            n=n,
            expected=expected,
            onset_ns=max(seen.first_ns, onset * self._width_ns) if new else onset * self._width_ns,
            score=max(0.0, score),
            examples=examples[:3],
        )

    @staticmethod
    def _make_room(templates: dict[str, _Seen]) -> None:
        """Forget the template that was heard longest ago."""
        oldest = min(templates, key=lambda t: max(templates[t].counts, default=0))
        del templates[oldest]
