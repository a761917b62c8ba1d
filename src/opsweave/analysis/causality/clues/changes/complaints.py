"""What a case complains of: messages that are new, in words and in kinds of trouble."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.moments import Clock
from opsweave.analysis.causality.clues.changes.news import MOST_LINES
from opsweave.analysis.causality.clues.changes.readings import BAD_LEVEL, Kind, shape
from opsweave.analysis.causality.clues.changes.stirs import Stir
from opsweave.analysis.causality.clues.changes.symptom import Symptom, told
from opsweave.analysis.causality.clues.changes.words import pooled
from opsweave.analysis.causality.dossier import Dossier, Lines

MOST_KINDS = 400
"""Different messages that are read."""
_MOST_LENGTH = 600
_ALERT, _COMPLAINT, _METRIC, _NEWS, _GONE = 1.0, 1.0, 0.7, 0.35, 0.2
_NEW_TIMES = 3.0
_BAD = re.compile(
    r"error|fail|exception|panic|fatal|timed? ?out|refus|reject|denied|exceed|exhaust|unavailab|"
    r"cannot|could not|unable|invalid|missing|expired|slow|abort|drop|retry|kill|throttl|\b5\d\d\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"([\w.-]+\.(?:go|py|java|kt|scala|js|jsx|ts|tsx|rb|rs|cs|php|c|cc|cpp|ex|erl|swift|lua|sql))"
    r"(?:\"?, line |:|\()(\d+)"
)


class Complaint(NamedTuple):
    """A message that came with the trouble; ``weight`` in [0, 1]."""

    entity: str
    text: str
    weight: float
    n: int
    source: str
    attributes: str = ""

    @property
    def whole(self) -> str:
        """All that it says."""
        return f"{self.text} {self.attributes}"


class Complaints(NamedTuple):
    """``words``: worth by word. ``kinds``: symptoms with how loudly, the loudest 1."""

    said: Sequence[Complaint]
    words: Mapping[str, float]
    kinds: Mapping[Symptom, float]
    frames: frozenset[str]
    """Files that stack traces of new errors name."""
    usual: Mapping[str, float]
    """Words of messages from before the trouble."""


def complaints(dossier: Dossier, clock: Clock, stirs: Sequence[Stir]) -> Complaints:
    """Read alerts, log lines, patterns of others, failed spans, and names of troubled series."""
    calm, lines = _from_lines(dossier.lines, clock)
    said = [
        *_from_alerts(dossier),
        *lines,
        *_from_patterns(dossier.log_patterns),
        *_from_spans(dossier, clock),
        *(_from_stir(s) for s in stirs[:40]),
    ]
    usual = pooled((text, 1.0) for text in calm)
    heard = pooled((c.whole, c.weight) for c in said)
    frames = frozenset(
        name.lower() for c in said if c.weight > _NEWS for name, _ in _FRAME.findall(c.whole)
    )
    return Complaints(said, heard, _kinds(said), frames, usual)


def _kinds(said: Iterable[Complaint]) -> dict[Symptom, float]:
    """Symptoms by weight of the sources that tell of them: 1 is the loudest."""
    by_source: dict[Symptom, dict[str, float]] = defaultdict(dict)
    for c in said:
        for symptom, n in told(c.whole).items():
            loud = c.weight * min(1.0, 0.7 + 0.1 * n)
            held = by_source[symptom]
            held[c.source] = max(held.get(c.source, 0.0), loud)
    sums = {symptom: sum(sources.values()) for symptom, sources in by_source.items()}
    top = max(sums.values(), default=1.0)
    return {symptom: total / top for symptom, total in sums.items()}


def _from_alerts(dossier: Dossier) -> list[Complaint]:
    said = [
        Complaint(a.entity, f"{a.summary} {a.name} {a.indicator}", _ALERT, 1, "alert")
        for a in dossier.alerts
    ]
    if dossier.symptom_indicator or dossier.question:
        text = f"{dossier.symptom_indicator} {dossier.question}"
        said.append(Complaint(dossier.symptom_entity, text, _ALERT, 1, "alert"))
    return said


def _from_lines(lines: Lines, clock: Clock) -> tuple[list[str], list[Complaint]]:
    """Kinds of lines that were usual, and those that came or grew with the trouble."""
    before: Counter[tuple[str, str]] = Counter()
    after: Counter[tuple[str, str]] = Counter()
    sample: dict[tuple[str, str], int] = {}
    since = clock.trouble_ns - clock.step_ns
    for i in range(0, len(lines), 1 + len(lines) // MOST_LINES):
        at = int(lines.times_ns[i])
        kind = (lines.entity[i], shape(lines.body[i][:_MOST_LENGTH]))
        (before if at < since else after)[kind] += 1
        sample.setdefault(kind, i)
    if len(lines):
        span = max(since - int(lines.times_ns[0]), 1), max(int(lines.times_ns[-1]) - since, 1)
    else:
        span = (1, 1)
    found = []
    for kind, n in after.most_common(MOST_KINDS):
        usual = before[kind] * span[1] / span[0]
        if n > _NEW_TIMES * usual:
            i = sample[kind]
            extra = _attribute(lines.attributes, i)
            text, level = lines.body[i][:_MOST_LENGTH], lines.severity[i]
            bad = bool(BAD_LEVEL.search(level) or (not level and _BAD.search(text)))
            said = text if bad or not level else f"{text} {level}"
            weight = _COMPLAINT if bad else _NEWS
            found.append(Complaint(kind[0], said, weight, n, "log", extra[:_MOST_LENGTH]))
    calm = [
        f"{text} {_attribute(lines.attributes, sample[entity, text])}"
        for entity, text in list(before)[:MOST_KINDS]
    ]
    return calm, found


def _from_patterns(patterns: Sequence[Mapping[str, object]]) -> list[Complaint]:
    """Patterns with counts that another tool has made; their keys are as such tools name them."""
    found = []
    for pattern in patterns:
        text = str(pattern.get("signature") or pattern.get("pattern") or pattern.get("template"))
        count, delta = _count(pattern.get("count")), _count(pattern.get("delta_vs_baseline"))
        entity = str(pattern.get("service") or pattern.get("entity") or "")
        mood = str(pattern.get("sentiment") or "")
        bad = mood.startswith("neg") or (not mood and bool(_BAD.search(text)))
        if delta > 0.5 * count:
            weight = _COMPLAINT if bad else _NEWS
        elif delta < -0.5 * count:
            weight = _GONE
        else:
            continue
        found.append(Complaint(entity, text, weight, max(1, int(count)), "pattern"))
    return found


def _count(value: object) -> float:
    try:
        return float(str(value).lstrip("+")) if value is not None else 0.0
    except ValueError:
        return 0.0


def _from_spans(dossier: Dossier, clock: Clock) -> list[Complaint]:
    """Failed spans of a kind that did not fail before."""
    spans, since = dossier.spans, clock.trouble_ns - clock.step_ns
    usual: set[tuple[str, str, str]] = set()
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for i, status in enumerate(spans.status):
        if "ERR" not in status.upper():
            continue
        kind = spans.entity[i], spans.operation[i], _attribute(spans.attributes, i)
        if int(spans.times_ns[i]) < since:
            usual.add(kind)
        else:
            found[kind] += 1
    return [
        Complaint(entity, operation, _COMPLAINT, n, "span", extra[:_MOST_LENGTH])
        for (entity, operation, extra), n in list(found.items())[:MOST_KINDS]
        if (entity, operation, extra) not in usual
    ]


def _attribute(attributes: Sequence[str], i: int) -> str:
    """Attributes as text, without numbers and ids."""
    if len(attributes) <= i or not attributes[i]:
        return ""
    try:
        read = json.loads(attributes[i])
    except ValueError:
        return ""
    if not isinstance(read, dict):
        return ""
    return " ".join(f"{k}={v}" for k, v in read.items() if isinstance(v, str))


def _from_stir(stir: Stir) -> Complaint:
    loud = min(1.0, stir.weight / 20.0)
    metric = stir.name.metric.partition("{")[0]
    if stir.reading.kind is Kind.LOAD and not stir.rises:
        loud *= 0.3
    return Complaint(stir.name.entity, metric.replace("_", " "), _METRIC * loud, 1, "metric")
