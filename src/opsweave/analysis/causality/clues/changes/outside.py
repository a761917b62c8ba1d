"""Causes that no change of ours has: what ran out, what others broke, what was asked of us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.complaints import Complaint, Complaints
from opsweave.analysis.causality.clues.changes.inputs import one_input
from opsweave.analysis.causality.clues.changes.peers import peers
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.surge import surges
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
    _sign(CauseKind.CREDENTIAL, 1.5, "a credential of ours is refused",
          r"(refus|reject|revok|invalid)\w* (our |the |its )?(credential|(api|access).?key|"
          r"password|secret)"),
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
    _sign(CauseKind.DATA, 1.5, "what was sent in holds values that nobody expects",
          r"(null|nan|negative|empty|unexpected|invalid|non.?numeric|out.of.range|unparse?able) "
          r"(value|price|quantity|field|date|time ?stamp|row|record|amount|id)s? (in|from|for|of) "
          r".{0,40}(feed|file|import|batch|upload|export|partner|vendor|supplier|tenant|customer|"
          r"third.?party|upstream)"),
    _sign(CauseKind.LOAD, 2.0, "far more is asked than usual",
          r"(traffic|load|request|demand) (surge|spike|flood|burst)|ddos|syn flood|"
          r"bot (traffic|net)|crawler|scraper|credential stuffing|flash sale|thundering herd|viral|"
          r"campaign (launch|start)|organic"),
)  # fmt: skip
_ONE_INPUT_NATS = 2.0


def outside(scene: Scene, heard: Complaints) -> Outside | None:
    """The best explanation that needs no change of ours, or None."""
    believed = [c for c in heard.said if c.weight >= _LEAST]
    found = [*_spoken(believed), *_input(scene)]
    for peer in peers(believed, scene):
        says = f"{peer.name}, which is not ours, fails for {', '.join(peer.callers)}: {peer.text}"
        found.append(Outside(CauseKind.OUTSIDE, peer.nats, peer.callers[0], says[:240]))
    found += [Outside(CauseKind.LOAD, s.nats, s.entity, s.says) for s in surges(scene)]
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


def _input(scene: Scene) -> list[Outside]:
    found = one_input(scene.dossier, scene.clock.trouble_ns - scene.clock.step_ns)
    if found is None:
        return []
    says = f"all failures of {found.entity} are about {found.key} {found.value}"
    return [Outside(CauseKind.DATA, _ONE_INPUT_NATS, found.entity, says)]
