"""What the alerts of others say: kinds that few entities share say more than what all complain of.

The weight of a kind of alert is its inverse document frequency over entities (K. Sparck Jones,
"A statistical interpretation of term specificity and its application in retrieval", 1972), times
what its family says about a cause: exhaustion of a resource is near one, a drop in traffic follows
from nearly any.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from opsweave.analysis.causality.clues.metrics.quantity import Kind, quantity
from opsweave.analysis.causality.clues.spans_view import holders
from opsweave.analysis.causality.dossier import CaseAlert, Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.facts import Evidence

_SILENCE = r"heartbeat|silent|no (data|telemetry)|absent|is down"
_SILENT = re.compile(rf"\b({_SILENCE})\b", re.IGNORECASE)
_HARD = re.compile(
    rf"\b(cpu|memory|oom|disk|inode|storage|swap|retrans\w*|packets? loss|loss of packets|"
    r"network[ _]quality\w*|restart\w*|crash\w*|not ?ready|unreachable|evict\w*|throttl\w*|"
    rf"saturat\w*|held|exhaust\w*|expired|{_SILENCE})\b",
    re.IGNORECASE,
)
_EFFECT = re.compile(
    r"throughput|traffic|\brps\b|\bqps\b|request rate|requests? (drop|rate)|network drop",
    re.IGNORECASE,
)
_WORTH_HARD, _WORTH_SYMPTOM, _WORTH_EFFECT = 1.5, 0.8, 0.1
_PARTS = re.compile(r"\s*;\s*")
_HEAD = re.compile(r"[^|:=()\d]*")
_CHANGE = re.compile(r"([+-]\d+(?:\.\d+)?)\s?%")
_BY_SIZE = 0.15
"""Nats per unit of log size: sizes of unlike things are hardly comparable."""
_NEW_SIZE = 5.0
"""Log size of what was not there before."""
_MOST = 4.0
_EXCUSED = 0.3
"""What symptoms are still worth when one whom the entity depends on is complained of as well."""
_NEEDS = frozenset({"calls", "depends_on", "reads", "uses"})


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an alert says; ``kind`` is its text without values."""

    entity: str
    kind: str
    says: str
    worth: float
    size: float
    indicator: str
    at_ns: int
    felt: bool
    """Whoever calls the entity would suffer from that."""


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Nats per entity that alerts were raised about. Empty with alerts of one entity only."""
    complaints = [c for alert in dossier.alerts for c in _complaints(alert) if alert.entity]
    entities: dict[str, dict[str, Complaint]] = defaultdict(dict)
    by_kind: dict[str, set[str]] = defaultdict(set)
    for c in complaints:
        entities[c.entity][c.kind] = c
        by_kind[c.kind].add(c.entity)
    known = max(len(entities), sum(kind in {"service", "host"} for kind in dossier.nodes.values()))
    if known < 2:
        return Opinion(channel="alerts")
    excused = _excused(dossier, complaints) - holders(dossier)  # whom they call waits for them
    suspects = []
    for entity, own in sorted(entities.items()):
        parts = {
            kind: c.worth * (math.log(known / len(by_kind[kind])) + _BY_SIZE * c.size)
            for kind, c in own.items()
        }
        suspects.append(_suspect(entity, own, parts, entity in excused))
    return Opinion(channel="alerts", suspects=tuple(suspects))


def _suspect(
    entity: str, own: Mapping[str, Complaint], parts: dict[str, float], excused: bool
) -> Suspect:
    best = max(parts, key=lambda kind: (parts[kind], kind))
    hard = sum(nats for kind, nats in parts.items() if own[kind].worth >= _WORTH_HARD)
    soft = min(_MOST, sum(parts.values()) - hard)
    if excused and soft > 0:
        parts = {**parts, "excused by whom it calls": (_EXCUSED - 1.0) * soft}
        soft *= _EXCUSED
    return Suspect(
        entity=entity,
        nats=min(_MOST, hard + soft),
        indicator=own[best].indicator,
        onset_ns=min(c.at_ns for c in own.values()),
        says=own[best].says,
        evidence=tuple(
            Evidence(id=f"alert:case:{entity}|{c.kind}@{c.at_ns}", says=c.says)
            for c in own.values()
        )[:6],
        parts=parts,
    )


def _excused(dossier: Dossier, complaints: Sequence[Complaint]) -> set[str]:
    """Entities that depend on one whose answers are complained of, and not the other way round."""
    felt = {c.entity for c in complaints if c.felt}
    users: dict[str, set[str]] = defaultdict(set)
    for source, target, kind in dossier.edges:
        if kind in _NEEDS and source != target:
            users[target].add(source)
    above: dict[str, set[str]] = {}
    excused: set[str] = set()
    for entity in sorted(felt):
        above[entity] = _above(entity, users, above)
        for user in above[entity] - excused - {entity}:
            if user not in above:
                above[user] = _above(user, users, above)
            if entity not in above[user]:
                excused.add(user)
    return excused


def _above(entity: str, users: Mapping[str, set[str]], known: Mapping[str, set[str]]) -> set[str]:
    """Who depends on an entity, directly or not, itself too in a ring; ``known``: of others."""
    found: set[str] = set()
    waiting = [entity]
    while waiting:
        at = waiting.pop()
        if at in known:
            found |= known[at]
            waiting = [w for w in waiting if w not in known[at]]  # theirs are in it as well
            continue
        fresh = users.get(at, set()) - found
        found |= fresh
        waiting += sorted(fresh)
    return found


def _complaints(alert: CaseAlert) -> Iterator[Complaint]:
    for part in _PARTS.split(alert.summary) or [""]:
        head = _HEAD.match(part)
        text = " ".join((alert.name, head.group() if head else "")).strip().lower()
        kind = re.sub(rf"\b{re.escape(alert.entity.lower())}\b", "", text) or alert.indicator
        words = f"{alert.name} {alert.indicator} {part}".replace("_", " ")
        worth = _WORTH_SYMPTOM
        what = quantity(alert.indicator or alert.name)
        if what.client or _EFFECT.search(words):  # how others answered it, or were asked by it
            worth = _WORTH_EFFECT
        elif _HARD.search(words):
            worth = _WORTH_HARD
        sizes = [abs(float(x)) for x in _CHANGE.findall(part)]
        size = math.log1p(max(sizes) / 100.0) if sizes else 0.0
        if re.search(r"\bnew\b", part, re.IGNORECASE):
            size = _NEW_SIZE
        yield Complaint(
            entity=alert.entity,
            kind=kind,
            says=part or alert.name,
            worth=worth,
            size=size,
            indicator=alert.indicator or kind,
            at_ns=alert.at_ns,
            felt=worth != _WORTH_EFFECT
            and (what.kind in (Kind.LATENCY, Kind.ERRORS) or bool(_SILENT.search(words))),
        )
