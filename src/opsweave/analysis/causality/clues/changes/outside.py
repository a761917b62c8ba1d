"""Causes that no change of ours has: what ran out, what others broke, what was asked of us."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.complaints import Complaint, Complaints
from opsweave.analysis.causality.clues.changes.inputs import one_input
from opsweave.analysis.causality.clues.changes.readings import Kind
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.stirs import Stir
from opsweave.facts import CauseKind

_LEAST = 0.5
"""Weight of a complaint that is believed."""


class Outside(NamedTuple):
    """The best cause outside of our changes; ``nats`` against a change being guilty."""

    kind: CauseKind
    nats: float
    entity: str
    says: str


class _Sign(NamedTuple):
    kind: CauseKind
    nats: float
    says: str
    pattern: re.Pattern[str]


def _sign(kind: CauseKind, nats: float, says: str, pattern: str) -> _Sign:
    return _Sign(kind, nats, says, re.compile(pattern, re.IGNORECASE))


_SIGNS = (
    _sign(CauseKind.CREDENTIAL, 4.0, "a certificate has expired",
          r"certificate (has |is )?expired|cert(ificate)? expir(ed|y)\b|certificate.{0,40}not yet "
          r"valid|CERT_HAS_EXPIRED|notAfter|certificate is no longer valid"),
    _sign(CauseKind.CREDENTIAL, 2.5, "something that was bought or granted has run out",
          r"(licen[cs]e|subscription|domain|api ?key|password|secret|credential)s? "
          r"(has |have |is )?expired|(billing|payment) (overdue|required)|"
          r"account (is )?(suspended|disabled)"),
    _sign(CauseKind.OUTSIDE, 3.0, "a place of the provider is impaired",
          r"(region|availability.?zone|\baz\b|zone|datacent(er|re)|data cent(er|re)).{0,40}"
          r"(impair|outage|unavail|degrad|unreachable|down\b|lost)|"
          r"(impair|outage|degrad)\w*.{0,40}(region|availability.?zone|provider|upstream)|"
          r"(provider|cloud|carrier|isp).{0,30}(incident|outage|impair|maintenance)|"
          r"instance (retire|reclaim|preempt|terminat)\w*|spot (interrupt|reclaim)"),
    _sign(CauseKind.OUTSIDE, 2.5, "hardware or its host fails",
          r"\b(i/o|io|input/output) error|ecc error|uncorrectable|smart (fail|error|warn)|"
          r"kernel panic|nvme.{0,20}(error|timeout)|link (is )?down|packet loss|bad (block|sector)|"
          r"node (is )?not ?ready|hardware (fault|failure)|power (loss|failure)"),
    _sign(CauseKind.DATA, 2.0, "what was sent in is broken",
          r"poison (message|pill|record)|(corrupt|malformed|truncated|garbled)\w* "
          r"(input|file|feed|record|payload|message|row|batch|upload|archive|csv|event)|"
          r"(partner|vendor|supplier|customer|tenant|third.?party|upstream).{0,40}"
          r"(feed|file|payload|export|batch).{0,40}(invalid|malformed|corrupt|changed|unexpected)|"
          r"same (message|offset|record).{0,30}(again|redeliver|retri)"),
    _sign(CauseKind.LOAD, 2.0, "far more is asked than usual",
          r"(traffic|load|request|demand) (surge|spike|flood|burst)|ddos|syn flood|"
          r"bot (traffic|net)|crawler|scraper|credential stuffing|flash sale|thundering herd|viral|"
          r"campaign (launch|start)|organic"),
)  # fmt: skip
_TOP = r"(?:com|net|org|io|cloud|dev|ai|co|eu|uk|de|jp|gov|edu)(?![\w.])"
_PEER = re.compile(
    rf"(?:(?<=://)|\b(?=(?:[a-z0-9-]+\.){{2}}))(?:[a-z0-9-]+\.)+{_TOP}", re.IGNORECASE
)
_THEIR_FAULT = re.compile(
    r"\b50[0-4]\b|service.?unavailable|internal ?(server )?error|bad gateway|slow ?down|"
    r"temporarily unavailable|gateway timeout|time[d]? ?out|deadline exceeded|"
    r"connection (reset|refused)|econnreset|unreachable|overloaded",
    re.IGNORECASE,
)
_OWN_NAMES = re.compile(r"\.(svc|local|internal|cluster|lan|intra|corp)\b", re.IGNORECASE)
_PEER_KEY = re.compile(
    r"\b(?:peer\.service|net\.peer\.name|server\.address|http\.host|url\.domain|upstream\.host|"
    r"provider|vendor|third.?party|dependency|target\.host)=([\w.:/-]{3,80})",
    re.IGNORECASE,
)
_PEER_NATS, _MORE_CALLERS = 2.0, 1.2
_ARRIVALS = re.compile(
    r"(request|call|hit|event|message|login|visit|session|transaction|connection|user|order|"
    r"upload|view|packet|viewer|player|client|subscriber)s?(_in|_received|_incoming)?[_.]?"
    r"(per[_.]?(s|sec|second|m|min|minute|hour)|rate|rps|qps|tps|active|concurrent|in_flight)$",
    re.IGNORECASE,
)
_BECOMES = re.compile(
    r"error|fail|reject|drop|retr(y|ies)|time_?out|[45]xx|[45]\d\d|dead|slow|denied|abort|lost|"
    r"throttl|quer(y|ies)|per_request|to_\w+$",
    re.IGNORECASE,
)
_SURGE_RATIO = 1.8
_SURGE_NATS = 1.0
_MOST_SURGE = 3.0
_UNSURE = 0.25
"""Of a surge that follows the trouble, or that some caller of unknown load may have made."""
_ONE_INPUT_NATS = 2.0


def outside(scene: Scene, heard: Complaints) -> Outside | None:
    """The best explanation that needs no change of ours, or None."""
    believed = [c for c in heard.said if c.weight >= _LEAST]
    found = [*_spoken(believed), *_peers(believed, scene), *_surge(scene), *_input(scene)]
    return max(found, key=lambda o: o.nats, default=None)


def _spoken(said: Sequence[Complaint]) -> list[Outside]:
    found = []
    for sign in _SIGNS:
        voices = [c for c in said if sign.pattern.search(c.whole)]
        if voices:
            loudest = max(voices, key=lambda c: c.weight * c.n)
            says = f"{sign.says}: {loudest.text[:160]}"
            found.append(Outside(sign.kind, sign.nats, loudest.entity, says))
    return found


def _peers(said: Sequence[Complaint], scene: Scene) -> list[Outside]:
    """Hosts of others that fail by their own account, the more so for several of us at once."""
    callers: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, str] = {}
    ours = {_bare(e) for e in scene.dossier.nodes} | {_bare(c.entity) for c in said}
    for c in said:
        if not _THEIR_FAULT.search(c.whole):
            continue
        for name in _foreign(c, ours):
            callers[name].add(scene.reach.whole(c.entity))
            texts.setdefault(name, c.text)
    return [
        Outside(
            CauseKind.OUTSIDE,
            _PEER_NATS + _MORE_CALLERS * (len(who) > 1),
            min(who),
            f"{host}, which is not ours, fails for {', '.join(sorted(who))}: {texts[host][:120]}",
        )
        for host, who in sorted(callers.items())
    ]


def _foreign(complaint: Complaint, ours: set[str]) -> set[str]:
    """Hosts and peers that a complaint names and that are none of our entities."""
    hosts = {h for h in _PEER.findall(complaint.whole) if not _OWN_NAMES.search(h)}
    named = {
        name
        for name in _PEER_KEY.findall(complaint.attributes)
        if not _OWN_NAMES.search(name)
        and not any(o in _bare(name) or _bare(name) in o for o in ours if o)
    }
    return {_registered(host) for host in hosts} or {name.lower() for name in named}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _registered(host: str) -> str:
    return ".".join(host.lower().split(".")[-2:])


def _surge(scene: Scene) -> list[Outside]:
    """More requests where they come in, while nobody inside asks more of others than that."""
    risen = {
        scene.reach.whole(s.name.entity): s
        for s in reversed(scene.stirs)
        if s.rises and s.ratio >= _SURGE_RATIO and _arrives(s)
    }
    found = []
    for entity, stir in sorted(risen.items()):
        inside = scene.reach.above(entity) - {entity}
        if any(caller in risen for caller in inside):
            continue
        early = not inside and stir.onset_ns <= scene.clock.trouble_ns + scene.clock.step_ns
        says = f"{stir.name.metric} of {entity} is {stir.ratio:.1f} times the usual"
        nats = min(_SURGE_NATS + math.log2(stir.ratio), _MOST_SURGE)
        found.append(Outside(CauseKind.LOAD, nats * (1.0 if early else _UNSURE), entity, says))
    return found


def _arrives(stir: Stir) -> bool:
    """Whether the series counts what is asked of its entity, rather than what becomes of it."""
    metric = stir.name.metric
    counted = stir.reading.kind is Kind.LOAD or bool(_ARRIVALS.search(metric))
    return counted and not _BECOMES.search(metric) and stir.ratio != float("inf")


def _input(scene: Scene) -> list[Outside]:
    found = one_input(scene.dossier, scene.clock.trouble_ns - scene.clock.step_ns)
    if found is None:
        return []
    says = f"all failures of {found.entity} are about {found.key} {found.value}"
    return [Outside(CauseKind.DATA, _ONE_INPUT_NATS, found.entity, says)]
